#include "kb/io/import_point.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

namespace kb::io {

namespace {

struct Coordinates {
  std::optional<double> x, y, z;
  bool geographic = false;
  std::string crs;
};

std::string Lower(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\t') out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  }
  return out;
}

std::optional<double> Number(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
  return number;
}

/// One `name: value`, lower case and without spaces; false if it makes no sense.
bool TakeEntry(std::string_view entry, Coordinates* out) {
  const std::size_t colon = entry.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view name = entry.substr(0, colon);
  std::string_view value = entry.substr(colon + 1);
  if (name == "crs" || name == "srid") {
    if (value.size() >= 2 && (value.front() == '\'' || value.front() == '"')) {
      value = value.substr(1, value.size() - 2);
    }
    out->crs = value;
    return true;
  }
  std::optional<double>* target = nullptr;
  if (name == "x" || name == "longitude") target = &out->x;
  if (name == "y" || name == "latitude") target = &out->y;
  if (name == "z" || name == "height") target = &out->z;
  if (target == nullptr || target->has_value()) return false;
  out->geographic = out->geographic || name.size() > 1;
  *target = Number(value);
  return target->has_value();
}

std::optional<std::int32_t> Srid(std::string_view crs, bool three) {
  if (crs == "cartesian" || crs == "7203") return three ? 9157 : 7203;
  if (crs == "cartesian-3d" || crs == "9157") return 9157;
  if (crs == "wgs-84" || crs == "4326") return three ? 4979 : 4326;
  if (crs == "wgs-84-3d" || crs == "4979") return 4979;
  return std::nullopt;
}

}  // namespace

Result<schema::Value> ParsePoint(std::string_view text, std::string_view crs) {
  const std::string bare = Lower(text);
  Coordinates read;
  bool well_formed = bare.size() >= 2 && bare.front() == '{' && bare.back() == '}';
  std::string_view rest = bare;
  if (well_formed) rest = rest.substr(1, rest.size() - 2);
  while (well_formed && !rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    well_formed = TakeEntry(rest.substr(0, end), &read);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (!well_formed || !read.x || !read.y) {
    return ArgumentError("`{}` is not a point", text)
        .Hint("points are written {x: 1.5, y: 2.5} or {latitude: 52.5, longitude: 13.4}");
  }
  const std::string fallback =
      crs.empty() ? (read.geographic ? "wgs-84" : "cartesian") : Lower(crs);
  const std::string& name = read.crs.empty() ? fallback : read.crs;
  const std::optional<std::int32_t> srid = Srid(name, read.z.has_value());
  if (!srid) {
    return ArgumentError("`{}` is not a coordinate system", name)
        .Hint("there are cartesian, cartesian-3d, WGS-84 and WGS-84-3d");
  }
  const bool three = *srid == 9157 || *srid == 4979;
  if (three && !read.z) return ArgumentError("`{}` lacks the third coordinate of {}", text, name);
  return schema::Value::Of(schema::Point{*srid, *read.x, *read.y, read.z.value_or(0)});
}

}  // namespace kb::io
