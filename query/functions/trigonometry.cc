// Angles and what is computed from them.

#include <cmath>
#include <numbers>

#include "query/functions/table.h"

namespace kb::query::functions {
namespace {

template <double (*kFunction)(double)>
Result<Value> OfFloat(std::span<const Value> arguments, const Context&) {
  return Value::Float(kFunction(arguments[0].number()));
}

double Cot(double x) { return 1 / std::tan(x); }
double Coth(double x) { return 1 / std::tanh(x); }
double Degrees(double x) { return x * 180 / std::numbers::pi; }
double Radians(double x) { return x * std::numbers::pi / 180; }
double Haversin(double x) { return (1 - std::cos(x)) / 2; }
// The library's are overloaded; a template argument needs one.
double Acos(double x) { return std::acos(x); }
double Asin(double x) { return std::asin(x); }
double Atan(double x) { return std::atan(x); }
double Cos(double x) { return std::cos(x); }
double Cosh(double x) { return std::cosh(x); }
double Sin(double x) { return std::sin(x); }
double Sinh(double x) { return std::sinh(x); }
double Tan(double x) { return std::tan(x); }
double Tanh(double x) { return std::tanh(x); }

Result<Value> Atan2(std::span<const Value> arguments, const Context&) {
  return Value::Float(std::atan2(arguments[0].number(), arguments[1].number()));
}

Result<Value> Pi(std::span<const Value>, const Context&) { return Value::Float(std::numbers::pi); }

}  // namespace

std::span<const Function> TrigonometryFunctions() {
  static const std::vector<Argument> number = {{"number", kNumberKinds}};
  static const std::vector<Argument> angle = {{"angle", kNumberKinds}};
  static const std::vector<Function> table = {
      Make({"acos", "acos(number :: NUMBER) :: FLOAT",
            "The angle in radians whose cosine is the number.", "acos(1)", "0.0"},
           number, kFloatKind, OfFloat<Acos>),
      Make({"asin", "asin(number :: NUMBER) :: FLOAT",
            "The angle in radians whose sine is the number.", "asin(0)", "0.0"},
           number, kFloatKind, OfFloat<Asin>),
      Make({"atan", "atan(number :: NUMBER) :: FLOAT",
            "The angle in radians whose tangent is the number.", "atan(0)", "0.0"},
           number, kFloatKind, OfFloat<Atan>),
      Make({"atan2", "atan2(y :: NUMBER, x :: NUMBER) :: FLOAT",
            "The angle in radians from the x-axis to a point.", "atan2(0, 1)", "0.0"},
           {{"y", kNumberKinds}, {"x", kNumberKinds}}, kFloatKind, Atan2),
      Make({"cos", "cos(angle :: NUMBER) :: FLOAT", "The cosine of an angle in radians.", "cos(0)",
            "1.0"},
           angle, kFloatKind, OfFloat<Cos>),
      Make({"cosh", "cosh(number :: NUMBER) :: FLOAT", "The hyperbolic cosine.", "cosh(0)", "1.0"},
           number, kFloatKind, OfFloat<Cosh>),
      Make({"cot", "cot(angle :: NUMBER) :: FLOAT", "The cotangent of an angle in radians.",
            "round(cot(0.5), 4)", "1.8305"},
           angle, kFloatKind, OfFloat<Cot>),
      Make({"coth", "coth(number :: NUMBER) :: FLOAT", "The hyperbolic cotangent.",
            "round(coth(0.5), 4)", "2.164"},
           number, kFloatKind, OfFloat<Coth>),
      Make({"degrees", "degrees(angle :: NUMBER) :: FLOAT", "An angle in radians as degrees.",
            "degrees(pi())", "180.0"},
           angle, kFloatKind, OfFloat<Degrees>),
      Make({"haversin", "haversin(angle :: NUMBER) :: FLOAT",
            "Half the versine of an angle in radians.", "haversin(0)", "0.0"},
           angle, kFloatKind, OfFloat<Haversin>),
      Make({"pi", "pi() :: FLOAT", "The ratio of a circle's circumference to its diameter.",
            "round(pi(), 4)", "3.1416"},
           {}, kFloatKind, Pi),
      Make({"radians", "radians(angle :: NUMBER) :: FLOAT", "An angle in degrees as radians.",
            "round(radians(180), 4)", "3.1416"},
           angle, kFloatKind, OfFloat<Radians>),
      Make({"sin", "sin(angle :: NUMBER) :: FLOAT", "The sine of an angle in radians.", "sin(0)",
            "0.0"},
           angle, kFloatKind, OfFloat<Sin>),
      Make({"sinh", "sinh(number :: NUMBER) :: FLOAT", "The hyperbolic sine.", "sinh(0)", "0.0"},
           number, kFloatKind, OfFloat<Sinh>),
      Make({"tan", "tan(angle :: NUMBER) :: FLOAT", "The tangent of an angle in radians.", "tan(0)",
            "0.0"},
           angle, kFloatKind, OfFloat<Tan>),
      Make({"tanh", "tanh(number :: NUMBER) :: FLOAT", "The hyperbolic tangent.", "tanh(0)", "0.0"},
           number, kFloatKind, OfFloat<Tanh>),
  };
  return table;
}

}  // namespace kb::query::functions
