#include "kb/session_host.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "kb/io/csv.h"
#include "schema/base/text.h"

namespace kb {
namespace {

namespace fs = std::filesystem;

class CsvRecords final : public query::RecordSource {
 public:
  explicit CsvRecords(io::CsvReader reader) : reader_(std::move(reader)) {}

  Result<bool> Next(std::vector<schema::Value>* fields) override {
    fields->clear();
    KB_ASSIGN(const bool more, reader_.Next());
    if (!more) return false;
    for (const io::CsvField& field : reader_.fields()) {
      if (text::FindInvalidUtf8(field.text) != std::string_view::npos) {
        return ArgumentError("{}: the field is not valid UTF-8", reader_.Where(fields->size()))
            .Hint("convert the file first, as with iconv -t UTF-8");
      }
      const bool nothing = field.text.empty() && !field.quoted;
      fields->push_back(nothing ? schema::Value::Null() : schema::Value::String(field.text));
    }
    return true;
  }

  std::string Where() const override {
    return fmt::format("{}:{}", reader_.name(), reader_.line());
  }

 private:
  io::CsvReader reader_;
};

/// The part of `file:///a/b.csv` or `a/b.csv` that names a file below the folder, with %20 and its
/// like resolved.
Result<std::string> PathOf(std::string_view name) {
  constexpr std::string_view kScheme = "file://";
  const std::size_t scheme = name.find("://");
  if (scheme != std::string_view::npos && !name.starts_with(kScheme)) {
    return ArgumentError("LOAD CSV reads local files, but not {}", text::Quote(name))
        .Hint("download it into the import folder first");
  }
  if (scheme == std::string_view::npos) return std::string(name);
  name.remove_prefix(kScheme.size());
  if (!name.starts_with('/')) {
    return ArgumentError("{} names another machine", text::Quote(name))
        .Hint("a local file is file:///NAME, counted from the import folder");
  }
  std::string path;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto digit = [&](std::size_t at) -> int {
      const char c = at < name.size() ? name[at] : '\0';
      if (c >= '0' && c <= '9') return c - '0';
      if (c >= 'a' && c <= 'f') return c - 'a' + 10;
      if (c >= 'A' && c <= 'F') return c - 'A' + 10;
      return -1;
    };
    if (name[i] == '%' && digit(i + 1) >= 0 && digit(i + 2) >= 0) {
      path += static_cast<char>(digit(i + 1) * 16 + digit(i + 2));
      i += 2;
    } else {
      path += name[i];
    }
  }
  return path;
}

void Add(storage::Counters* sum, const storage::Counters& more) {
  sum->nodes_created += more.nodes_created;
  sum->nodes_deleted += more.nodes_deleted;
  sum->relationships_created += more.relationships_created;
  sum->relationships_deleted += more.relationships_deleted;
  sum->properties_set += more.properties_set;
  sum->labels_added += more.labels_added;
  sum->labels_removed += more.labels_removed;
  sum->indexes_added += more.indexes_added;
  sum->indexes_removed += more.indexes_removed;
  sum->constraints_added += more.constraints_added;
  sum->constraints_removed += more.constraints_removed;
}

}  // namespace

Result<std::unique_ptr<query::RecordSource>> SessionHost::OpenCsv(std::string_view name,
                                                                  char delimiter) {
  const std::string& allowed = options_.import_folder;
  if (allowed.empty()) {
    return Error(ErrorCode::kReadOnly, "LOAD CSV may not read files here")
        .Hint(
            "say which folder it may read with --import-dir DIR or KB_IMPORT_DIR, in C++ with "
            "Options::import_folder");
  }
  KB_ASSIGN(const std::string relative, PathOf(name));
  std::error_code failed;
  const fs::path folder = fs::canonical(allowed, failed);
  if (failed) return IoError("the import folder {} cannot be read: {}", allowed, failed.message());
  // Links and `..` are resolved before the place is judged; `/x` counts from the folder.
  const fs::path wanted = folder / fs::path(relative).relative_path();
  const fs::path found = fs::weakly_canonical(wanted, failed);
  const auto [end, ignored] =
      std::mismatch(folder.begin(), folder.end(), found.begin(), found.end());
  if (failed || end != folder.end()) {
    return ArgumentError("{} is not below the import folder", text::Quote(name))
        .Hint("copy the file to " + folder.string());
  }
  if (!fs::is_regular_file(found, failed)) {
    return NotFoundError("there is no file {} in the import folder", text::Quote(name));
  }
  KB_ASSIGN(auto source, io::OpenSource(found.string()));
  io::CsvOptions options;
  options.delimiter = delimiter;
  return std::unique_ptr<query::RecordSource>(
      std::make_unique<CsvRecords>(io::CsvReader(std::move(source), std::string(name), options)));
}

Result<void> SessionHost::CommitAndBegin(storage::Transaction** next) {
  *next = nullptr;
  if (own_ == nullptr || !*own_) {
    return ConflictError("CALL {{ }} IN TRANSACTIONS cannot run inside a transaction")
        .Hint("end the open transaction with COMMIT or ROLLBACK first");
  }
  const storage::Counters counters = (*own_)->counters();
  Result<void> outcome = (*own_)->Commit();
  if (outcome.ok()) Add(&committed_, counters);
  own_->reset();
  KB_ASSIGN(*own_, store_.Begin(&cancellation_));
  *next = own_->get();
  return outcome;
}

}  // namespace kb
