#include "kb/shell/quantity.h"

#include <charconv>
#include <limits>
#include <string>

namespace kb::shell {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};
constexpr Unit kTimeUnits[] = {{"ms", 1}, {"s", 1e3}, {"m", 6e4}, {"h", 3.6e6}, {"d", 8.64e7}};
constexpr Unit kSizeUnits[] = {{"", 1},
                               {"b", 1},
                               {"k", 1024.0},
                               {"kb", 1e3},
                               {"kib", 1024.0},
                               {"m", 1048576.0},
                               {"mb", 1e6},
                               {"mib", 1048576.0},
                               {"g", 1073741824.0},
                               {"gb", 1e9},
                               {"gib", 1073741824.0},
                               {"t", 1099511627776.0},
                               {"tb", 1e12},
                               {"tib", 1099511627776.0}};

std::string Lowered(std::string_view text) {
  std::string lowered;
  for (const char c : text) {
    if (c == ' ') continue;
    lowered += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return lowered;
}

/// Takes a number and the letters behind it off the front; false if there is no number.
bool TakeQuantity(std::string_view* text, double* number, std::string_view* unit) {
  const auto read =
      std::from_chars(text->data(), text->data() + text->size(), *number, std::chars_format::fixed);
  if (read.ec != std::errc() || *number < 0) return false;
  text->remove_prefix(static_cast<std::size_t>(read.ptr - text->data()));
  std::size_t end = 0;
  while (end < text->size() && (*text)[end] >= 'a' && (*text)[end] <= 'z') ++end;
  *unit = text->substr(0, end);
  text->remove_prefix(end);
  return true;
}

}  // namespace

Result<std::optional<std::chrono::milliseconds>> ParseDuration(std::string_view text) {
  const std::string lowered = Lowered(text);
  using Limit = std::optional<std::chrono::milliseconds>;
  if (lowered == "off" || lowered == "none") return Limit();
  const Error misfit = ArgumentError("`{}` is not a length of time", text)
                           .Hint("say for example 250ms, 30s, 1h30m, or off");
  double total = 0;
  std::string_view rest = lowered;
  if (rest.empty()) return misfit;
  while (!rest.empty()) {
    double number = 0;
    std::string_view unit;
    if (!TakeQuantity(&rest, &number, &unit)) return misfit;
    double factor = unit.empty() ? 1e3 : 0;
    for (const Unit& known : kTimeUnits) {
      if (known.name == unit) factor = known.factor;
    }
    if (factor <= 0) return misfit;
    total += number * factor;
  }
  if (total > 1e15) return misfit;
  if (total <= 0) return Limit();
  return Limit(std::chrono::milliseconds(static_cast<std::int64_t>(total < 1 ? 1 : total)));
}

Result<std::uint64_t> ParseSize(std::string_view text) {
  const std::string lowered = Lowered(text);
  std::string_view rest = lowered;
  double number = 0;
  std::string_view unit;
  if (TakeQuantity(&rest, &number, &unit) && rest.empty()) {
    for (const Unit& known : kSizeUnits) {
      if (known.name == unit && number * known.factor < 9e18) {
        return static_cast<std::uint64_t>(number * known.factor);
      }
    }
  }
  return ArgumentError("`{}` is not an amount of memory", text)
      .Hint("say for example 512MB or 4GiB");
}

Result<std::uint64_t> ParseCount(std::string_view text) {
  std::uint64_t count = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) {
    return ArgumentError("`{}` is not a count", text).Hint("say a whole number such as 20");
  }
  return count;
}

}  // namespace kb::shell
