#include "kb/shell/statement_buffer.h"

#include <algorithm>

#include "query/parse/parser.h"

namespace kb::shell {
namespace {

constexpr std::string_view kSpace = " \t\r\n\f\v";

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool IsCommand(std::string_view text) {
  if (text.size() < 2 || (text[0] != ':' && text[0] != '.')) return false;
  return IsLetter(text[1]) || text[1] == '!' || text[1] == '?';
}

std::string_view TrimRight(std::string_view text) {
  const std::size_t last = text.find_last_not_of(kSpace);
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

}  // namespace

std::string_view SkipBlank(std::string_view text) {
  for (;;) {
    const std::size_t begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) return {};
    text.remove_prefix(begin);
    if (text.starts_with("//")) {
      const std::size_t end = text.find('\n');
      if (end == std::string_view::npos) return {};
      text.remove_prefix(end + 1);
    } else if (text.starts_with("/*")) {
      const std::size_t end = text.find("*/", 2);
      if (end == std::string_view::npos) return text;
      text.remove_prefix(end + 2);
    } else {
      return text;
    }
  }
}

void StatementBuffer::Add(std::string_view line) {
  text_ += line;
  if (!line.ends_with('\n')) text_ += '\n';
  may_end_ = may_end_ || line.find(';') != std::string_view::npos;
}

bool StatementBuffer::Next(Input* input) {
  for (;;) {
    const std::string_view start = SkipBlank(Pending());
    if (start.empty()) {
      Clear();
      return false;
    }
    Consume(Pending().size() - start.size());
    if (IsCommand(Pending())) {
      const std::size_t end = std::min(Pending().find('\n'), Pending().size());
      *input = {std::string(TrimRight(Pending().substr(0, end))), line_, true};
      Consume(std::min(end + 1, Pending().size()));
      return true;
    }
    if (!may_end_) return false;
    const std::size_t end = query::parse::FindStatementEnd(Pending());
    if (end == std::string_view::npos) {
      may_end_ = false;
      return false;
    }
    *input = {std::string(TrimRight(Pending().substr(0, end - 1))), line_, false};
    Consume(end);
    if (!SkipBlank(input->text).empty()) return true;
  }
}

bool StatementBuffer::TakeRest(Input* input) {
  const std::string_view start = SkipBlank(Pending());
  Consume(Pending().size() - start.size());
  *input = {std::string(TrimRight(Pending())), line_, IsCommand(Pending())};
  Clear();
  return !input->text.empty();
}

bool StatementBuffer::empty() const { return SkipBlank(Pending()).empty(); }

void StatementBuffer::Clear() {
  Consume(Pending().size());
  text_.clear();
  begin_ = 0;
  may_end_ = false;
}

void StatementBuffer::Consume(std::size_t count) {
  const std::string_view taken = Pending().substr(0, count);
  line_ += static_cast<std::size_t>(std::count(taken.begin(), taken.end(), '\n'));
  begin_ += count;
  if (begin_ > text_.size() / 2) {  // Amortised: text is moved at most as often as it is taken.
    text_.erase(0, begin_);
    begin_ = 0;
  }
}

}  // namespace kb::shell
