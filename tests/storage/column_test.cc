#include "storage/column.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "storage/codec.h"
#include "storage/dump.h"
#include "storage/key.h"
#include "tests/storage/random_value.h"

namespace kb::storage {
namespace {

using schema::Value;
using Type = ColumnChunk::Type;

/// A column of random content with its own memory.
struct Sample {
  ColumnRows rows;
  std::vector<std::uint64_t> present;
  std::vector<std::int64_t> integers;
  std::vector<double> floats;
  std::vector<std::string> texts;
  std::vector<std::string_view> strings;
  std::vector<Value> values;

  Sample(RandomValues* random, Type type, std::uint32_t count, unsigned gap, unsigned distinct) {
    rows.type = type;
    rows.rows = count;
    present.resize((count + 63) / 64);
    const auto shift = static_cast<unsigned>(random->Below(64));
    for (std::uint32_t row = 0; row < count; ++row) {
      if (gap == 0 || random->Below(gap) != 0) present[row / 64] |= std::uint64_t{1} << (row % 64);
      const auto number = static_cast<std::int64_t>(random->Number() >> shift);
      integers.push_back(type == Type::kBoolean ? number & 1 : number - 77);
      floats.push_back(random->Float());
      texts.push_back(distinct == 0 ? random->Text() : std::to_string(random->Below(distinct)));
      values.push_back(random->Any());
    }
    for (const std::string& text : texts) strings.push_back(text);
    rows.present = present.data();
    rows.data = type == Type::kFloat    ? static_cast<const void*>(floats.data())
                : type == Type::kString ? static_cast<const void*>(strings.data())
                : type == Type::kMixed  ? static_cast<const void*>(values.data())
                                        : static_cast<const void*>(integers.data());
  }
  bool Has(std::uint32_t row) const { return ((present[row / 64] >> (row % 64)) & 1) != 0; }
};

void ExpectRoundTrip(const Sample& sample) {
  const std::string bytes = EncodeColumn(sample.rows);
  if (bytes.empty()) return;
  const Result<ColumnData> back = DecodeColumn(bytes);
  ASSERT_TRUE(back.ok()) << back.error().message();
  EXPECT_EQ(back->type, sample.rows.type);
  ASSERT_LE(back->rows, sample.rows.rows);
  for (std::uint32_t row = 0; row < sample.rows.rows; ++row) {
    const bool has = row < back->rows && ((back->present[row / 64] >> (row % 64)) & 1) != 0;
    ASSERT_EQ(has, sample.Has(row)) << row;
    if (!has) continue;
    switch (back->type) {
      case Type::kFloat:
        EXPECT_EQ(std::memcmp(&back->floats[row], &sample.floats[row], sizeof(double)), 0);
        break;
      case Type::kString:
        EXPECT_EQ(back->strings[row], sample.strings[row]);
        break;
      case Type::kMixed:
        EXPECT_EQ(EncodeValue(back->values[row]), EncodeValue(sample.values[row]));
        break;
      case Type::kBoolean:
      case Type::kInteger:
      case Type::kDate:
        EXPECT_EQ(back->integers[row], sample.integers[row]);
        break;
    }
  }
}

constexpr Type kTypes[] = {Type::kBoolean, Type::kInteger, Type::kFloat,
                           Type::kString,  Type::kDate,    Type::kMixed};

TEST(ColumnTest, ColumnsOfEveryTypeAreReadBackWithAndWithoutGaps) {
  RandomValues random(11);
  for (const Type type : kTypes) {
    for (const std::uint32_t rows : {1u, 63u, 64u, 65u, 1000u, 2048u}) {
      for (const unsigned gap : {0u, 2u, 20u}) {
        ExpectRoundTrip(Sample(&random, type, rows, gap, gap == 2 ? 0 : 9));
      }
    }
  }
}

TEST(ColumnTest, ExtremesOfIntegersAreReadBack) {
  const std::int64_t integers[] = {INT64_MIN, 0, INT64_MAX, -1};
  ColumnRows rows;
  rows.type = Type::kInteger;
  rows.rows = 4;
  rows.data = integers;
  const Result<ColumnData> back = DecodeColumn(EncodeColumn(rows));
  ASSERT_TRUE(back.ok());
  EXPECT_TRUE(std::equal(back->integers.begin(), back->integers.end(), std::begin(integers),
                         std::end(integers)));
}

TEST(ColumnTest, NoValueAtAllIsNoBytes) {
  RandomValues random(12);
  Sample sample(&random, Type::kInteger, 100, 0, 0);
  std::fill(sample.present.begin(), sample.present.end(), 0);
  EXPECT_EQ(EncodeColumn(sample.rows), "");
  EXPECT_FALSE(DecodeColumn("").ok());
}

TEST(ColumnTest, EqualValuesTakeAFewBytesAndFewTextsADictionary) {
  const std::vector<std::int64_t> same(2048, 123'456'789);
  ColumnRows rows;
  rows.type = Type::kInteger;
  rows.rows = 2048;
  rows.data = same.data();
  EXPECT_LT(EncodeColumn(rows).size(), 16u);

  const std::vector<std::string_view> texts(2048, "Internet Explorer");
  rows.type = Type::kString;
  rows.data = texts.data();
  EXPECT_LT(EncodeColumn(rows).size(), 64u);
}

TEST(ColumnTest, DamagedColumnsNeverCrash) {
  RandomValues random(13);
  for (int i = 0; i < 4000; ++i) {
    const Type type = kTypes[random.Below(6)];
    const auto rows = static_cast<std::uint32_t>(1 + random.Below(150));
    const Sample sample(&random, type, rows, static_cast<unsigned>(random.Below(4)),
                        static_cast<unsigned>(random.Below(9)));
    const std::string bytes = EncodeColumn(sample.rows);
    for (int j = 0; j < 10; ++j) {
      const std::string damaged = random.Damage(bytes);
      const Result<ColumnData> back = DecodeColumn(damaged);
      if (!back.ok()) {
        EXPECT_EQ(back.error().code(), ErrorCode::kCorruption);
      }
      DumpValue(NodeColumnKey(schema::KeyId{1}, 0), damaged);
    }
  }
}

}  // namespace
}  // namespace kb::storage
