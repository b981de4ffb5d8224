// Random storable values for round-trip and fuzz tests. Seeded, so that a failure repeats.
#pragma once

#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "schema/value.h"

namespace kb::storage {

class RandomValues {
 public:
  explicit RandomValues(std::uint64_t seed) : random_(seed) {}

  std::uint64_t Number() { return random_(); }
  std::uint64_t Below(std::uint64_t bound) { return random_() % bound; }
  std::int64_t Between(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
  }

  std::int64_t Integer() {
    constexpr std::int64_t kEdges[] = {0, 1, -1, INT64_MAX, INT64_MIN, std::int64_t{1} << 53};
    if (Below(4) == 0) return kEdges[Below(6)];
    return static_cast<std::int64_t>(random_() >> Below(64)) * (Below(2) == 0 ? 1 : -1);
  }
  double Float() {
    constexpr double kEdges[] = {0.0, -0.0, 0.1, -1e300, 1e-300, 9007199254740993.0};
    if (Below(3) == 0) return kEdges[Below(6)];
    if (Below(20) == 0) return std::numeric_limits<double>::infinity();
    return static_cast<double>(Integer()) / static_cast<double>(1 + Below(1000));
  }
  std::string Text() {
    std::string text;
    const std::uint64_t size = Below(8) == 0 ? Below(200) : Below(20);
    for (std::uint64_t i = 0; i < size; ++i) {
      text += Below(12) == 0 ? "é" : std::string(1, static_cast<char>(Below(128)));
    }
    return text;
  }
  schema::Value Scalar() {
    using schema::Value;
    switch (Below(12)) {
      case 0:
        return Value::Null();
      case 1:
        return Value::Boolean(Below(2) == 1);
      case 2:
        return Value::Integer(Integer());
      case 3:
        return Value::Float(Float());
      case 4:
        return Value::String(Text());
      case 5:
        return Value::Of(schema::Date{Between(-3'000'000, 3'000'000)});
      case 6:
        return Value::Of(schema::LocalTime{Between(0, 86'399'999'999'999)});
      case 7:
        return Value::Of(schema::Time{Between(0, 86'399'999'999'999), Offset()});
      case 8:
        return Value::Of(
            schema::LocalDateTime{Between(-1'000'000'000'000, 1'000'000'000'000), Nanos()});
      case 9: {
        schema::DateTime value;
        value.seconds = Between(-1'000'000'000'000, 1'000'000'000'000);
        value.nanos = Nanos();
        value.offset_s = Offset();
        if (Below(2) == 0) value.zone = "Europe/Berlin";
        return Value::Of(std::move(value));
      }
      case 10:
        return Value::Of(schema::Duration{Integer() / 4, Integer() / 4, Integer() / 4, Nanos()});
      default: {
        constexpr std::int32_t kSrids[] = {7203, 9157, 4326, 4979};
        return Value::Of(schema::Point{kSrids[Below(4)], Float(), Float(), Float()});
      }
    }
  }
  schema::Value Any() {
    if (Below(8) != 0) return Scalar();
    std::vector<schema::Value> items;
    const std::uint64_t size = Below(6);
    for (std::uint64_t i = 0; i < size; ++i) items.push_back(Scalar());
    return schema::Value::List(std::move(items));
  }
  /// Flips bits, cuts or lengthens: what damage looks like.
  std::string Damage(std::string bytes) {
    switch (Below(3)) {
      case 0:
        bytes.resize(Below(bytes.size() + 1));
        break;
      case 1:
        bytes.append(1 + Below(9), static_cast<char>(random_()));
        break;
      default:
        break;
    }
    const std::uint64_t flips = Below(4);
    for (std::uint64_t i = 0; i < flips && !bytes.empty(); ++i) {
      bytes[Below(bytes.size())] ^= static_cast<char>(1u << Below(8));
    }
    return bytes;
  }

 private:
  std::int32_t Nanos() { return static_cast<std::int32_t>(Between(0, 999'999'999)); }
  std::int32_t Offset() { return static_cast<std::int32_t>(Between(-64'800, 64'800)); }

  std::mt19937_64 random_;
};

}  // namespace kb::storage
