// What RocksDB says, as an error of ours.
#include <string>

#include "storage/rocks.h"

namespace kb::storage {

Error ToError(const rocksdb::Status& status, std::string_view doing) {
  const std::string text = status.ToString();
  if (status.IsCorruption()) return CorruptionError("{}: {}", doing, text);
  if (status.IsIOError() && text.find("lock") != std::string::npos) {
    return ConflictError("{}: the case is in use by another process", doing)
        .Hint("end the other process, or open the case for reading only");
  }
  if (status.IsNotSupported()) return UnsupportedError("{}: {}", doing, text);
  if (status.IsInvalidArgument()) return CorruptionError("{}: {}", doing, text);
  return IoError("{}: {}", doing, text);
}

Result<void> ToResult(const rocksdb::Status& status, std::string_view doing) {
  if (status.ok()) return {};
  return ToError(status, doing);
}

}  // namespace kb::storage
