// Lengths of time and amounts of memory as people write them.
#include "kb/shell/quantity.h"

#include <gtest/gtest.h>

namespace kb::shell {
namespace {

std::int64_t Milliseconds(std::string_view text) {
  const auto limit = ParseDuration(text);
  if (!limit.ok()) return -1;
  return limit->has_value() ? (*limit)->count() : 0;
}

std::int64_t Bytes(std::string_view text) {
  const auto size = ParseSize(text);
  return size.ok() ? static_cast<std::int64_t>(*size) : -1;
}

TEST(QuantityTest, DurationsHaveUnitsAndBareNumbersAreSeconds) {
  EXPECT_EQ(Milliseconds("250ms"), 250);
  EXPECT_EQ(Milliseconds("30s"), 30'000);
  EXPECT_EQ(Milliseconds("1h30m"), 5'400'000);
  EXPECT_EQ(Milliseconds("2M 5S"), 125'000);
  EXPECT_EQ(Milliseconds("1.5"), 1'500);
}

TEST(QuantityTest, OffNoneAndZeroMeanNoLimit) {
  EXPECT_EQ(Milliseconds("off"), 0);
  EXPECT_EQ(Milliseconds("None"), 0);
  EXPECT_EQ(Milliseconds("0"), 0);
}

TEST(QuantityTest, WhatIsNoDurationIsAnError) {
  for (const std::string_view text : {"", "soon", "10 parsecs", "-1s", "5sx", "1e9d"}) {
    EXPECT_EQ(Milliseconds(text), -1) << text;
  }
}

TEST(QuantityTest, SizesHaveDecimalAndBinaryUnits) {
  EXPECT_EQ(Bytes("1000000"), 1'000'000);
  EXPECT_EQ(Bytes("512MB"), 512'000'000);
  EXPECT_EQ(Bytes("2g"), 2'147'483'648);
  EXPECT_EQ(Bytes("4 GiB"), 4'294'967'296);
  EXPECT_EQ(Bytes("many"), -1);
  EXPECT_EQ(Bytes("1XB"), -1);
}

TEST(QuantityTest, CountsAreWholeNumbers) {
  EXPECT_EQ(*ParseCount("20"), 20u);
  EXPECT_FALSE(ParseCount("-1").ok());
  EXPECT_FALSE(ParseCount("1.5").ok());
  EXPECT_FALSE(ParseCount("").ok());
}

}  // namespace
}  // namespace kb::shell
