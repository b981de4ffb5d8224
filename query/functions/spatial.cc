// Points: in a plane or in space, and on the earth (WGS 84).

#include <cmath>
#include <numbers>
#include <optional>

#include "query/functions/convert.h"
#include "query/functions/table.h"
#include "schema/base/text.h"

namespace kb::query::functions {
namespace {

using schema::Point;

constexpr std::int32_t kCartesian = 7203;
constexpr std::int32_t kCartesian3d = 9157;
constexpr std::int32_t kWgs84 = 4326;
constexpr std::int32_t kWgs843d = 4979;
/// Metres; the equatorial radius, which distances on the sphere are computed with.
constexpr double kEarthRadius = 6'378'140.0;

bool IsOnEarth(const Point& point) { return point.srid == kWgs84 || point.srid == kWgs843d; }
bool HasZ(const Point& point) { return point.srid == kCartesian3d || point.srid == kWgs843d; }

struct Coordinates {
  std::optional<double> x, y, z;
  std::optional<std::int32_t> srid;
  bool geographic = false;
  bool has_null = false;
};

Error Unusable(std::string_view what) {
  return ArgumentError("point() cannot use {}", what)
      .Detail("InvalidArgumentValue")
      .Hint(
          "a point is {x, y} or {longitude, latitude}, with z or height in space, and crs or srid");
}

Result<std::int32_t> SridOf(std::string_view key, const Value& value) {
  if (key == "srid" && value.is_integer()) {
    for (const std::int32_t srid : {kCartesian, kCartesian3d, kWgs84, kWgs843d}) {
      if (value.integer() == srid) return srid;
    }
  } else if (key == "crs" && value.is_string()) {
    const std::string name = text::ToLower(value.string());
    if (name == "cartesian") return kCartesian;
    if (name == "cartesian-3d") return kCartesian3d;
    if (name == "wgs-84") return kWgs84;
    if (name == "wgs-84-3d") return kWgs843d;
  }
  return Unusable(fmt::format("the {} {}", key, Preview(value)));
}

Result<Coordinates> ReadCoordinates(const Value& map) {
  Coordinates read;
  for (const auto& [key, value] : map.map()) {
    if (value.is_null()) {
      read.has_null = true;
      continue;
    }
    if (key == "crs" || key == "srid") {
      KB_ASSIGN(read.srid, SridOf(key, value));
      continue;
    }
    const bool is_x = key == "x" || key == "longitude";
    const bool is_y = key == "y" || key == "latitude";
    if (!is_x && !is_y && key != "z" && key != "height") {
      return Unusable(fmt::format("the entry `{}`", key));
    }
    if (!value.is_number()) {
      return Unusable(fmt::format("{} as `{}`", Preview(value), key));
    }
    (is_x ? read.x : is_y ? read.y : read.z) = value.number();
    read.geographic = read.geographic || key == "longitude" || key == "latitude";
  }
  return read;
}

/// Longitudes are brought into [-180, 180]; a latitude beyond a pole is an error.
Result<Value> OnEarth(Point point) {
  if (std::fabs(point.y) > 90) {
    return ArgumentError("the latitude {} is not between -90 and 90", point.y)
        .Detail("NumberOutOfRange");
  }
  if (std::fabs(point.x) > 180) point.x = std::remainder(point.x, 360.0);
  return Value::Of(point);
}

Result<Value> MakePoint(std::span<const Value> arguments, const Context&) {
  KB_ASSIGN(const Coordinates read, ReadCoordinates(arguments[0]));
  if (read.has_null) return Value::Null();
  if (!read.x || !read.y) return Unusable(Preview(arguments[0]));
  Point point;
  point.x = *read.x;
  point.y = *read.y;
  point.z = read.z.value_or(0);
  if (!std::isfinite(point.x) || !std::isfinite(point.y) || !std::isfinite(point.z)) {
    return Unusable(Preview(arguments[0]));
  }
  point.srid = read.geographic ? (read.z ? kWgs843d : kWgs84) : read.z ? kCartesian3d : kCartesian;
  if (read.srid) {
    point.srid = *read.srid;
    if (HasZ(point) != read.z.has_value() || (read.geographic && !IsOnEarth(point))) {
      return Unusable(Preview(arguments[0]));
    }
  }
  return IsOnEarth(point) ? OnEarth(point) : Result<Value>(Value::Of(point));
}

double Radians(double degrees) { return degrees * std::numbers::pi / 180; }

/// Along the great circle, by the haversine formula.
double SphereDistance(const Point& a, const Point& b, double radius) {
  const double across = std::sin(Radians(b.y - a.y) / 2);
  const double along = std::sin(Radians(b.x - a.x) / 2);
  const double h =
      across * across + std::cos(Radians(a.y)) * std::cos(Radians(b.y)) * along * along;
  return 2 * radius * std::asin(std::fmin(1.0, std::sqrt(h)));
}

Result<Value> Distance(std::span<const Value> arguments, const Context&) {
  const Point& a = arguments[0].point();
  const Point& b = arguments[1].point();
  if (a.srid != b.srid) return Value::Null();
  const double rise = HasZ(a) ? b.z - a.z : 0;
  if (!IsOnEarth(a)) return Value::Float(std::hypot(b.x - a.x, b.y - a.y, rise));
  const double height = HasZ(a) ? (a.z + b.z) / 2 : 0;
  return Value::Float(std::hypot(SphereDistance(a, b, kEarthRadius + height), rise));
}

Result<Value> WithinBBox(std::span<const Value> arguments, const Context&) {
  const Point& point = arguments[0].point();
  const Point& low = arguments[1].point();
  const Point& high = arguments[2].point();
  if (point.srid != low.srid || point.srid != high.srid) return Value::Null();
  // On the earth a box may cross the date line: then its west lies east of its east.
  const bool crosses = IsOnEarth(point) && low.x > high.x;
  const bool x =
      crosses ? point.x >= low.x || point.x <= high.x : point.x >= low.x && point.x <= high.x;
  const bool y = point.y >= low.y && point.y <= high.y;
  const bool z = !HasZ(point) || (point.z >= low.z && point.z <= high.z);
  return Value::Boolean(x && y && z);
}

}  // namespace

std::span<const Function> SpatialFunctions() {
  static const std::vector<Argument> box = {
      {"point", kPointKind}, {"lowerLeft", kPointKind}, {"upperRight", kPointKind}};
  static const std::vector<Function> table = {
      Make({"point", "point(coordinates :: MAP) :: POINT",
            "A point from {x, y} or {longitude, latitude}, with z or height in space.",
            "point({x: 3, y: 4}).y", "4.0"},
           {{"coordinates", kMapKind}}, kPointKind, MakePoint),
      Make({"point.distance", "point.distance(a :: POINT, b :: POINT) :: FLOAT",
            "The distance of two points, in metres on the earth; null across systems.",
            "point.distance(point({x: 0, y: 0}), point({x: 3, y: 4}))", "5.0"},
           {{"a", kPointKind}, {"b", kPointKind}}, kFloatKind, Distance),
      Make({"point.withinBBox",
            "point.withinBBox(point :: POINT, lowerLeft :: POINT, upperRight :: POINT) :: BOOLEAN",
            "Whether a point lies in a box, its border included.",
            "point.withinBBox(point({x: 1, y: 1}), point({x: 0, y: 0}), point({x: 2, y: 2}))",
            "true"},
           box, kBooleanKind, WithinBBox),
  };
  return table;
}

}  // namespace kb::query::functions
