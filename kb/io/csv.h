// Reading CSV: records of fields from plain, gzipped or zstd-compressed files or standard input.
//
// RFC 4180 with what real files do: CRLF or LF, a byte order mark, line breaks inside quotes, any
// one-byte delimiter. A record's fields are views into the reader's buffer: no field is copied
// unless it holds a doubled quote, and then it is shortened in place.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/base/result.h"

namespace kb::io {

/// Bytes from somewhere, unpacked. One thread at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Fills up to `size` bytes of `out`; 0 means the end. Error: kIo, kCorruption (a damaged
  /// archive).
  virtual Result<std::size_t> Read(char* out, std::size_t size) = 0;
};

/// A file (`.gz` and `.zst` are unpacked, known by their first bytes) or, for `-`, standard input.
/// What is read, packed as it is, is added to `bytes_read` if that is given. Errors: kNotFound,
/// kIo.
Result<std::unique_ptr<ByteSource>> OpenSource(const std::string& path,
                                               std::atomic<std::uint64_t>* bytes_read = nullptr);
/// Bytes in memory, borrowed.
std::unique_ptr<ByteSource> SourceOf(std::string_view bytes);

struct CsvOptions {
  char delimiter = ',';
  char quote = '"';
};

/// A field of a record.
struct CsvField {
  std::string_view text;
  bool quoted = false;
};

/// One thread at a time.
class CsvReader {
 public:
  /// `name` is how errors call the file.
  CsvReader(std::unique_ptr<ByteSource> source, std::string name, CsvOptions options = {});

  /// Reads the next record; false at the end. Lines that are empty are skipped. The fields live
  /// until the next call. Error: kArgument for an unclosed quote or text behind a closing one,
  /// naming file:line:column; those of the source.
  Result<bool> Next();
  std::span<const CsvField> fields() const { return fields_; }

  const std::string& name() const { return name_; }
  /// The line, from 1, on which the current record begins.
  std::uint64_t line() const { return line_; }
  /// `file:line:column` of a field, from 1, counted in bytes; for errors.
  std::string Where(std::size_t field) const;

 private:
  /// Where scanning of the record stands; kMore asks for more bytes and a new start.
  enum class Outcome { kRecord, kMore };
  Result<Outcome> Scan();
  Outcome ScanPlain(std::size_t* at, bool* last);
  Result<Outcome> ScanQuoted(std::size_t* at, bool* last);
  Result<void> Fill();
  void SkipMark();
  void Unescape(CsvField* field);
  Error Complain(std::size_t at, std::string_view what) const;
  std::string PlaceOf(std::size_t at) const;

  std::unique_ptr<ByteSource> source_;
  std::string name_;
  CsvOptions options_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;   ///< The current record's first byte.
  std::size_t next_ = 0;    ///< The byte behind it.
  std::size_t end_ = 0;     ///< Behind the last byte that was read.
  bool ended_ = false;      ///< The source has no more.
  std::uint64_t line_ = 1;  ///< The line begin_ is on.
  std::uint64_t next_line_ = 1;
  std::vector<CsvField> fields_;
  std::vector<std::size_t> field_begins_;
  std::vector<std::size_t> escaped_;  ///< Fields of the record that hold doubled quotes.
};

}  // namespace kb::io
