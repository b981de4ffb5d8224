#include "storage/log_tail.h"

#include <algorithm>
#include <boost/crc.hpp>
#include <limits>
#include <string>
#include <utility>

namespace kb::storage {
namespace {

using rocksdb::FSSequentialFile;
using rocksdb::IOStatus;
using rocksdb::Slice;

constexpr std::size_t kBlockBytes = 32768;
constexpr std::size_t kHeaderBytes = 7;
constexpr std::uint8_t kTypeMax = 4;  ///< A whole record, or the first, a middle, the last part.
constexpr std::uint64_t kForRocks = std::numeric_limits<std::uint64_t>::max();

std::uint8_t ByteAt(const Slice& bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

/// The checksum that stands before a fragment, of its type and its content.
bool IsWhole(const Slice& fragment) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;  // CRC-32C
  crc.process_bytes(fragment.data() + kHeaderBytes - 1, fragment.size() - kHeaderBytes + 1);
  const std::uint32_t sum = crc.checksum();
  const std::uint32_t masked = ((sum >> 15) | (sum << 17)) + 0xA282EAD8u;
  std::uint32_t stored = 0;
  for (std::size_t i = 4; i-- > 0;) stored = (stored << 8) | ByteAt(fragment, i);
  return masked == stored;
}

bool AreZeros(const Slice& bytes) {
  return std::all_of(bytes.data(), bytes.data() + bytes.size(), [](char c) { return c == 0; });
}

/// Reads a log block by block.
class Scan {
 public:
  explicit Scan(FSSequentialFile& file) : file_(file), memory_(kBlockBytes, '\0') {}

  IOStatus Find(std::uint64_t* end) {
    *end = kForRocks;
    while (true) {
      if (const IOStatus status = ReadBlock(); !status.ok()) return status;
      std::size_t at = 0;
      while (at + kHeaderBytes <= block_.size()) {
        const std::size_t length =
            std::size_t{ByteAt(block_, at + 4)} + 256u * ByteAt(block_, at + 5);
        const std::uint8_t type = ByteAt(block_, at + 6);
        if (type == 0) return FindBehind(at, end);
        const std::size_t size = kHeaderBytes + length;
        if (type > kTypeMax || size > kBlockBytes - at) return IOStatus::OK();
        if (size > block_.size() - at) return IOStatus::OK();  // the file ends in the middle of it
        last_at_ = block_at_ + at;
        last_.assign(block_.data() + at, size);
        at += size;
      }
      if (block_.size() == kBlockBytes) continue;
      if (!last_.empty() && IsTorn()) *end = last_at_;
      return IOStatus::OK();
    }
  }

 private:
  IOStatus ReadBlock() {
    block_at_ += block_.size();
    std::size_t filled = 0;
    while (filled < kBlockBytes) {
      Slice part;
      const IOStatus status =
          file_.Read(kBlockBytes - filled, {}, &part, memory_.data() + filled, nullptr);
      if (!status.ok()) return status;
      if (part.empty()) break;
      // The file may hand out memory of its own.
      std::copy_n(part.data(), part.size(), memory_.data() + filled);
      filled += part.size();
    }
    block_ = Slice(memory_.data(), filled);
    return IOStatus::OK();
  }

  /// At `at` in the block no fragment was begun, or its header was not finished: the rest should
  /// be zeros.
  IOStatus FindBehind(std::size_t at, std::uint64_t* end) {
    const std::uint64_t here = block_at_ + at;
    Slice rest(block_.data() + at + kHeaderBytes, block_.size() - at - kHeaderBytes);
    while (true) {
      if (!AreZeros(rest)) return IOStatus::OK();
      if (block_.size() < kBlockBytes) break;
      if (const IOStatus status = ReadBlock(); !status.ok()) return status;
      rest = block_;
    }
    *end = !last_.empty() && IsTorn() ? last_at_ : here;
    return IOStatus::OK();
  }

  /// Whether the last fragment that was begun was not written to its end.
  bool IsTorn() const { return last_.back() == 0 && !IsWhole(last_); }

  FSSequentialFile& file_;
  std::string memory_;
  Slice block_;
  std::uint64_t block_at_ = 0;  ///< In the file.
  std::string last_;            ///< The last fragment, with its header …
  std::uint64_t last_at_ = 0;   ///< … and where it begins.
};

class EndedFile final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  EndedFile(std::unique_ptr<FSSequentialFile> file, std::uint64_t end)
      : FSSequentialFileOwnerWrapper(std::move(file)), left_(end) {}

  IOStatus Read(std::size_t bytes, const rocksdb::IOOptions& options, Slice* result, char* scratch,
                rocksdb::IODebugContext* debug) override {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, left_));
    const IOStatus status = target()->Read(wanted, options, result, scratch, debug);
    if (status.ok()) left_ -= result->size();
    return status;
  }
  IOStatus Skip(std::uint64_t bytes) override {
    const std::uint64_t wanted = std::min(bytes, left_);
    left_ -= wanted;
    return target()->Skip(wanted);
  }

 private:
  std::uint64_t left_;
};

}  // namespace

IOStatus FindLogEnd(FSSequentialFile& file, std::uint64_t* end) { return Scan(file).Find(end); }

std::unique_ptr<FSSequentialFile> EndAt(std::unique_ptr<FSSequentialFile> file, std::uint64_t end) {
  return std::make_unique<EndedFile>(std::move(file), end);
}

}  // namespace kb::storage
