#include "storage/codec.h"

#include <gtest/gtest.h>

#include "schema/base/limits.h"
#include "schema/order.h"
#include "tests/storage/random_value.h"

namespace kb::storage {
namespace {

using schema::LabelId;
using schema::Value;

TEST(CodecTest, VarintsAreReadBackAndEndWhereTheyEnd) {
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128},
                                    std::uint64_t{1} << 35, ~std::uint64_t{0}}) {
    std::string bytes;
    PutVarint(&bytes, value);
    ByteReader in(bytes);
    EXPECT_EQ(in.Varint(), value);
    EXPECT_TRUE(in.Finish("a number").ok());
    ByteReader cut(std::string_view(bytes).substr(0, bytes.size() - 1));
    cut.Varint();
    EXPECT_TRUE(cut.failed());
  }
}

TEST(CodecTest, AVarintBeyond64BitsIsCorrupt) {
  const std::string bytes = std::string(9, '\xFF') + '\x02';
  ByteReader in(bytes);
  in.Varint();
  EXPECT_TRUE(in.failed());
}

TEST(CodecTest, SignedNumbersOfEverySizeAreReadBack) {
  for (const std::int64_t value : {std::int64_t{0}, std::int64_t{-1}, INT64_MAX, INT64_MIN}) {
    EXPECT_EQ(UnZigZag(ZigZag(value)), value);
  }
}

TEST(CodecTest, ValuesOfEveryKindAreReadBack) {
  RandomValues random(2);
  for (int i = 0; i < 20'000; ++i) {
    const Value value = random.Any();
    ASSERT_TRUE(CheckStorable(value).ok()) << value.ToText();
    const std::string bytes = EncodeValue(value);
    const Result<Value> back = DecodeValue(bytes);
    ASSERT_TRUE(back.ok()) << value.ToText();
    EXPECT_EQ(back->kind(), value.kind());
    EXPECT_EQ(EncodeValue(*back), bytes) << value.ToText();
    EXPECT_TRUE(schema::Equivalent(*back, value)) << value.ToText();
  }
}

TEST(CodecTest, DamagedValuesAreAnErrorOrAnotherValidValue) {
  RandomValues random(3);
  for (int i = 0; i < 50'000; ++i) {
    const std::string bytes = random.Damage(EncodeValue(random.Any()));
    const Result<Value> back = DecodeValue(bytes);
    if (back.ok()) {
      EXPECT_TRUE(CheckStorable(*back).ok());
    } else {
      EXPECT_EQ(back.error().code(), ErrorCode::kCorruption);
    }
  }
}

TEST(CodecTest, MapsNodesAndNestedListsCannotBeStored) {
  const Value list = Value::List({Value::Integer(1)});
  for (const Value& value : {Value::Map({}), Value::Node(schema::NodeId{1}), Value::List({list}),
                             Value::List({Value::Map({})})}) {
    const Result<void> result = CheckStorable(value);
    ASSERT_FALSE(result.ok()) << value.ToText();
    EXPECT_EQ(result.error().code(), ErrorCode::kType);
    EXPECT_EQ(result.error().detail(), "InvalidPropertyType");
  }
  const Value huge = Value::String(std::string(limits::kValueBytesMax + 1, 'x'));
  EXPECT_EQ(CheckStorable(huge).error().code(), ErrorCode::kLimit);
}

TEST(CodecTest, StatesOfNodesAndEdgesAreReadBack) {
  const std::vector<LabelId> labels = {LabelId{0}, LabelId{3}, LabelId{65'000}};
  const Result<NodeState> node = DecodeNodeState(EncodeNodeState(true, labels));
  ASSERT_TRUE(node.ok());
  EXPECT_TRUE(node->exists);
  EXPECT_EQ(node->labels, labels);
  EXPECT_FALSE(DecodeNodeState(EncodeNodeState(false, {}))->exists);
  EXPECT_TRUE(*DecodeEdgeState(EncodeEdgeState(true)));
  EXPECT_FALSE(*DecodeEdgeState(EncodeEdgeState(false)));
  EXPECT_FALSE(DecodeEdgeState("").ok());
  EXPECT_FALSE(DecodeNodeState("\2").ok());
}

LabelBlock SampleBlock(std::uint32_t rows, std::size_t sets, bool full) {
  LabelBlock block;
  block.rows = rows;
  block.exists.resize((rows + 63) / 64);
  block.set_of_row.resize(rows);
  for (std::size_t i = 0; i < sets; ++i) {
    block.sets.push_back({LabelId{static_cast<std::uint16_t>(i)}, LabelId{900}});
  }
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (!full && row % 3 == 1) continue;
    block.exists[row / 64] |= std::uint64_t{1} << (row % 64);
    block.set_of_row[row] = static_cast<std::uint16_t>(row % sets);
  }
  return block;
}

TEST(CodecTest, LabelBlocksAreReadBack) {
  for (const std::uint32_t rows : {0u, 1u, 64u, 65u, 2048u}) {
    for (const bool full : {true, false}) {
      const LabelBlock block = SampleBlock(rows, 5, full);
      const Result<LabelBlock> back = DecodeLabelBlock(EncodeLabelBlock(block));
      ASSERT_TRUE(back.ok()) << rows << full << back.error().message();
      EXPECT_EQ(back->rows, block.rows);
      EXPECT_EQ(back->exists, block.exists);
      EXPECT_EQ(back->sets, block.sets);
      EXPECT_EQ(back->set_of_row, block.set_of_row);
    }
  }
}

TEST(CodecTest, ABlockOfLikeNodesIsTiny) {
  EXPECT_LT(EncodeLabelBlock(SampleBlock(2048, 1, true)).size(), 16u);
}

TEST(CodecTest, DamagedLabelBlocksNeverCrash) {
  RandomValues random(4);
  const std::string bytes = EncodeLabelBlock(SampleBlock(300, 5, false));
  for (int i = 0; i < 20'000; ++i) {
    const Result<LabelBlock> back = DecodeLabelBlock(random.Damage(bytes));
    if (!back.ok()) continue;
    for (const std::uint16_t set : back->set_of_row) EXPECT_LT(set, back->sets.size());
  }
}

}  // namespace
}  // namespace kb::storage
