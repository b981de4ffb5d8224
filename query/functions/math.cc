// Numbers.

#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include "query/functions/random.h"
#include "query/functions/table.h"
#include "schema/base/text.h"

namespace kb::query::functions {
namespace {

template <double (*kFunction)(double)>
Result<Value> OfFloat(std::span<const Value> arguments, const Context&) {
  return Value::Float(kFunction(arguments[0].number()));
}

// The library's are overloaded; a template argument needs one.
double Ceil(double x) { return std::ceil(x); }
double Exp(double x) { return std::exp(x); }
double Floor(double x) { return std::floor(x); }
double Log(double x) { return std::log(x); }
double Log10(double x) { return std::log10(x); }
double Sqrt(double x) { return std::sqrt(x); }

Result<Value> Abs(std::span<const Value> arguments, const Context&) {
  if (arguments[0].is_float()) return Value::Float(std::fabs(arguments[0].floating()));
  const std::int64_t number = arguments[0].integer();
  if (number == std::numeric_limits<std::int64_t>::min()) {
    return ArithmeticError("abs({}) is outside of what an integer holds", number)
        .Detail("IntegerOverflow");
  }
  return Value::Integer(number < 0 ? -number : number);
}

Result<Value> Sign(std::span<const Value> arguments, const Context&) {
  const double number = arguments[0].number();
  return Value::Integer(number > 0 ? 1 : number < 0 ? -1 : 0);
}

Result<Value> IsNan(std::span<const Value> arguments, const Context&) {
  return Value::Boolean(std::isnan(arguments[0].number()));
}

Result<Value> E(std::span<const Value>, const Context&) { return Value::Float(std::numbers::e); }

Result<Value> Rand(std::span<const Value>, const Context&) {
  // 53 bits are what a double holds: [0, 1) in equal steps.
  return Value::Float(static_cast<double>(NextRandom() >> 11) * 0x1.0p-53);
}

/// A number with the fraction beyond its last wanted digit rounded as the mode says.
std::optional<double> RoundWhole(double number, std::string_view mode) {
  if (mode == "CEILING") return std::ceil(number);
  if (mode == "FLOOR") return std::floor(number);
  if (mode == "UP") return number < 0 ? std::floor(number) : std::ceil(number);
  if (mode == "DOWN") return std::trunc(number);
  const double below = std::trunc(number);
  const double rest = std::fabs(number - below);
  const double away = below + std::copysign(1.0, number);
  if (mode == "HALF_UP") return rest >= 0.5 ? away : below;
  if (mode == "HALF_DOWN") return rest > 0.5 ? away : below;
  if (mode != "HALF_EVEN") return std::nullopt;
  if (rest != 0.5) return rest > 0.5 ? away : below;
  return std::fmod(below, 2.0) == 0 ? below : away;
}

Result<Value> Round(std::span<const Value> arguments, const Context&) {
  const double number = arguments[0].number();
  // Without a precision a half goes up, also below zero: round(-1.5) is -1.0.
  if (arguments.size() == 1) {
    const double below = std::floor(number);
    return Value::Float(number - below >= 0.5 ? below + 1 : below);
  }
  const std::int64_t precision = arguments[1].integer();
  if (precision < 0) {
    return ArgumentError("the precision of round() is {}, but must not be negative", precision)
        .Detail("NumberOutOfRange");
  }
  const std::string_view mode = arguments.size() > 2 ? arguments[2].string() : "HALF_UP";
  const double scale = std::pow(10.0, static_cast<double>(precision));
  const double scaled = number * scale;
  // So many digits are all that a double has: there is nothing to round.
  const bool exact = !std::isfinite(scaled) || std::fabs(scaled) >= 0x1.0p52;
  // 1.005 * 100 is a hair below 100.5: take the decimal that was meant.
  const double meant = std::nearbyint(scaled * 1e3) / 1e3;
  const bool near = std::fabs(meant - scaled) <= std::fabs(scaled) * 4e-16;
  const auto rounded = RoundWhole(near ? meant : scaled, mode);
  if (!rounded) {
    return ArgumentError("{} is no mode of round()", text::Quote(mode))
        .Detail("InvalidArgumentValue")
        .Hint("modes are UP, DOWN, CEILING, FLOOR, HALF_UP, HALF_DOWN and HALF_EVEN");
  }
  return Value::Float(exact ? number : *rounded / scale);
}

}  // namespace

std::span<const Function> MathFunctions() {
  static const std::vector<Argument> number = {{"number", kNumberKinds}};
  static const std::vector<Function> table = {
      Make({"abs", "abs(number :: NUMBER) :: NUMBER", "A number without its sign.", "abs(-3)", "3"},
           number, kNumberKinds, Abs),
      Make({"ceil", "ceil(number :: NUMBER) :: FLOAT",
            "The smallest whole number that is not below the number.", "ceil(0.1)", "1.0"},
           number, kFloatKind, OfFloat<Ceil>),
      Make({"ceiling", "ceiling(number :: NUMBER) :: FLOAT",
            "The smallest whole number that is not below the number.", "ceiling(0.1)", "1.0"},
           number, kFloatKind, OfFloat<Ceil>),
      Make({"e", "e() :: FLOAT", "The base of the natural logarithm.", "round(e(), 4)", "2.7183"},
           {}, kFloatKind, E),
      Make({"exp", "exp(number :: NUMBER) :: FLOAT", "e to the power of the number.", "exp(0)",
            "1.0"},
           number, kFloatKind, OfFloat<Exp>),
      Make({"floor", "floor(number :: NUMBER) :: FLOAT",
            "The largest whole number that is not above the number.", "floor(0.9)", "0.0"},
           number, kFloatKind, OfFloat<Floor>),
      Make({"isNaN", "isNaN(number :: NUMBER) :: BOOLEAN",
            "Whether a number is NaN, the result of 0.0 / 0.0.", "isNaN(0.0 / 0.0)", "true"},
           number, kBooleanKind, IsNan),
      Make({"log", "log(number :: NUMBER) :: FLOAT", "The natural logarithm.", "log(1)", "0.0"},
           number, kFloatKind, OfFloat<Log>),
      Make({"log10", "log10(number :: NUMBER) :: FLOAT", "The logarithm to the base 10.",
            "log10(1000)", "3.0"},
           number, kFloatKind, OfFloat<Log10>),
      Make({"rand", "rand() :: FLOAT", "A random number from 0 up to, but not, 1.", "rand() < 1",
            "true"},
           {}, kFloatKind, Rand, {.deterministic = false}),
      Make({"round", "round(number :: NUMBER, precision = 0 :: INTEGER, mode :: STRING) :: FLOAT",
            "A number rounded to a whole one or to so many decimals, in a mode such as HALF_EVEN.",
            "round(3.14159, 2)", "3.14"},
           {{"number", kNumberKinds}, {"precision", kIntegerKind}, {"mode", kStringKind}},
           kFloatKind, Round, {.optional = 2}),
      Make({"sign", "sign(number :: NUMBER) :: INTEGER",
            "1 for a number above zero, -1 for one below, 0 for zero.", "sign(-0.5)", "-1"},
           number, kIntegerKind, Sign),
      Make({"sqrt", "sqrt(number :: NUMBER) :: FLOAT",
            "The square root; NaN of a number below zero.", "sqrt(256)", "16.0"},
           number, kFloatKind, OfFloat<Sqrt>),
  };
  return table;
}

}  // namespace kb::query::functions
