#include "kb/io/csv.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "schema/base/limits.h"

namespace kb::io {

namespace {

constexpr std::size_t kBufferBytes = 1 << 20;
/// A record longer than this is most likely an unclosed quote.
constexpr std::size_t kRecordBytesMax = 4 * limits::kValueBytesMax;

constexpr std::uint64_t Repeat(char c) {
  return 0x0101'0101'0101'0101u * static_cast<unsigned char>(c);
}

/// Whether a byte of `word` is zero.
constexpr bool HasZero(std::uint64_t word) {
  return ((word - Repeat('\x01')) & ~word & Repeat('\x80')) != 0;
}

/// The first of two bytes in [at, end), eight bytes a step; `end` if there is none.
const char* FindEither(const char* at, const char* end, char a, char b) {
  const std::uint64_t wanted_a = Repeat(a);
  const std::uint64_t wanted_b = Repeat(b);
  for (; end - at >= 8; at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    if (HasZero(word ^ wanted_a) || HasZero(word ^ wanted_b)) break;
  }
  while (at != end && *at != a && *at != b) ++at;
  return at;
}

}  // namespace

CsvReader::CsvReader(std::unique_ptr<ByteSource> source, std::string name, CsvOptions options)
    : source_(std::move(source)), name_(std::move(name)), options_(options) {
  buffer_.resize(kBufferBytes);
}

Result<void> CsvReader::Fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    next_ -= std::min(next_, begin_);
    begin_ = 0;
  }
  if (end_ == buffer_.size()) {
    if (buffer_.size() >= kRecordBytesMax) {
      return Complain(begin_, "the record has no end in sight; is a quote left open?");
    }
    buffer_.resize(2 * buffer_.size());
  }
  KB_ASSIGN(const std::size_t size, source_->Read(buffer_.data() + end_, buffer_.size() - end_));
  end_ += size;
  ended_ = size == 0;
  return {};
}

void CsvReader::SkipMark() {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (std::string_view(buffer_.data(), end_).rfind(kMark, 0) == 0) begin_ = next_ = kMark.size();
}

Result<bool> CsvReader::Next() {
  const bool first = end_ == 0 && !ended_;
  begin_ = next_;
  line_ = next_line_;
  if (first) {
    // The mark has three bytes, and a source may give fewer at a time.
    while (!ended_ && end_ < 3) KB_TRY(Fill());
    SkipMark();
  }
  while (true) {
    while (begin_ < end_ && (buffer_[begin_] == '\n' || buffer_[begin_] == '\r')) {
      if (buffer_[begin_] == '\n') next_line_ = ++line_;
      next_ = ++begin_;
    }
    if (begin_ == end_ && ended_) return fields_.clear(), false;
    if (begin_ < end_) {
      KB_ASSIGN(const Outcome outcome, Scan());
      if (outcome == Outcome::kRecord) return true;
    }
    KB_TRY(Fill());
  }
}

Result<CsvReader::Outcome> CsvReader::Scan() {
  fields_.clear();
  field_begins_.clear();
  escaped_.clear();
  next_line_ = line_ + 1;
  std::size_t at = begin_;
  bool last = false;
  while (!last) {
    field_begins_.push_back(at);
    if (at < end_ && buffer_[at] == options_.quote) {
      KB_ASSIGN(const Outcome outcome, ScanQuoted(&at, &last));
      if (outcome == Outcome::kMore) return outcome;
    } else if (ScanPlain(&at, &last) == Outcome::kMore) {
      return Outcome::kMore;
    }
  }
  next_ = at;
  for (const std::size_t field : escaped_) Unescape(&fields_[field]);
  return Outcome::kRecord;
}

CsvReader::Outcome CsvReader::ScanPlain(std::size_t* at, bool* last) {
  const char* const begin = buffer_.data() + *at;
  const char* const end = buffer_.data() + end_;
  const char* const stop = FindEither(begin, end, options_.delimiter, '\n');
  if (stop == end && !ended_) return Outcome::kMore;
  *last = stop == end || *stop == '\n';
  const char* text_end = stop;
  if (*last && text_end != begin && text_end[-1] == '\r') --text_end;
  fields_.push_back({{begin, static_cast<std::size_t>(text_end - begin)}, false});
  *at = static_cast<std::size_t>(stop - buffer_.data()) + (stop == end ? 0 : 1);
  return Outcome::kRecord;
}

Result<CsvReader::Outcome> CsvReader::ScanQuoted(std::size_t* at, bool* last) {
  const char* const begin = buffer_.data() + *at + 1;
  const char* const end = buffer_.data() + end_;
  const char* stop = begin;
  bool doubled = false;
  while (true) {
    stop = FindEither(stop, end, options_.quote, '\n');
    if (stop == end) {
      if (!ended_) return Outcome::kMore;
      return Complain(*at, "a quoted field is not closed");
    }
    if (*stop == '\n') {
      ++next_line_;
    } else if (stop + 1 == end && !ended_) {
      return Outcome::kMore;  // the quote may be the first of two
    } else if (stop + 1 != end && stop[1] == options_.quote) {
      doubled = true;
      ++stop;
    } else {
      break;
    }
    ++stop;
  }
  if (doubled) escaped_.push_back(fields_.size());
  fields_.push_back({{begin, static_cast<std::size_t>(stop - begin)}, true});
  const char* behind = stop + 1;
  if (behind != end && *behind == '\r') {
    if (behind + 1 == end && !ended_) return Outcome::kMore;
    if (behind + 1 == end || behind[1] == '\n') ++behind;
  }
  *at = static_cast<std::size_t>(behind - buffer_.data());
  *last = behind == end || *behind == '\n';
  if (behind == end) {
    return ended_ ? Outcome::kRecord : Outcome::kMore;
  }
  if (!*last && *behind != options_.delimiter) {
    return Complain(*at, "there is text behind a quoted field")
        .Hint("a quote inside a quoted field is written twice");
  }
  ++*at;
  return Outcome::kRecord;
}

void CsvReader::Unescape(CsvField* field) {
  char* const begin = buffer_.data() + (field->text.data() - buffer_.data());
  char* to = begin;
  for (const char* from = begin; from != begin + field->text.size(); ++from) {
    *to++ = *from;
    if (*from == options_.quote) ++from;
  }
  field->text = {begin, static_cast<std::size_t>(to - begin)};
}

std::string CsvReader::PlaceOf(std::size_t at) const {
  const char* const begin = buffer_.data() + begin_;
  const char* const end = buffer_.data() + at;
  const auto breaks = static_cast<std::uint64_t>(std::count(begin, end, '\n'));
  const char* line_begin = end;
  while (line_begin != begin && line_begin[-1] != '\n') --line_begin;
  return fmt::format("{}:{}:{}", name_, line_ + breaks, end - line_begin + 1);
}

std::string CsvReader::Where(std::size_t field) const {
  return PlaceOf(field < field_begins_.size() ? field_begins_[field] : next_);
}

Error CsvReader::Complain(std::size_t at, std::string_view what) const {
  return ArgumentError("{}: {}", PlaceOf(at), what);
}

}  // namespace kb::io
