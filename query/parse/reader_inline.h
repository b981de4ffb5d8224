// The templates of Reader, for its own source files.
#pragma once

#include <utility>

#include "query/parse/reader.h"
#include "schema/base/limits.h"

namespace kb::query::parse {

/// An attempt does not match: the reader goes back to where it began.
struct Retreat {};

template <typename Rule>
std::optional<std::string_view> Reader::Match() {
  const std::uint32_t begin = Here();
  if (!tao::pegtl::parse<Rule>(input_)) return std::nullopt;
  last_end_ = Here();
  return text_.substr(begin, Here() - begin);
}

template <typename Read>
auto Reader::Attempt(Read&& read) -> decltype(read()) {
  const std::uint32_t begin = Here();
  const std::uint32_t end = last_end_;
  const std::size_t depth = depth_;
  const int bars = bar_ends_;
  const std::uint32_t highest = highest_;
  ++trying_;
  try {
    auto result = read();
    --trying_;
    if (!result) {
      bar_ends_ = bars;
      GoTo(begin);
      last_end_ = end;
    }
    return result;
  } catch (const Retreat&) {
    --trying_;
    depth_ = depth;
    bar_ends_ = bars;
    highest_ = highest;
    GoTo(begin);
    last_end_ = end;
    return {};
  }
}

/// One level of nesting for as long as it lives.
class Reader::Nesting {
 public:
  explicit Nesting(Reader& reader) : reader_(reader) {
    if (++reader_.depth_ > limits::kNestingMax) {
      const std::uint32_t here = reader_.Here();
      --reader_.depth_;
      reader_.StopWith(
          LimitError("the statement is nested deeper than {} levels", limits::kNestingMax)
              .At({here, here + 1})
              .Hint("split it with WITH, or pass the nested part as a parameter"));
    }
  }
  ~Nesting() { --reader_.depth_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  Reader& reader_;
};

}  // namespace kb::query::parse
