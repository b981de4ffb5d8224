// Numbers for distinct keys.
#include "query/exec/keys.h"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace kb::query::exec {
namespace {

/// Texts that differ in one byte, and by their length alone, each from memory of its own.
TEST(KeyTableTest, TextsAreToldApartByAllTheirBytes) {
  std::vector<std::string> texts;
  for (std::size_t size = 0; size < 40; ++size) {
    for (std::size_t at = 0; at <= size; ++at) {
      for (const char byte : {'\0', 'b', '\xFF'}) {
        std::string text(size, 'a');
        if (at < size) text[at] = byte;
        texts.push_back(text);
        texts.push_back(text);
      }
    }
  }
  Vector column;
  column.Reset(Repr::kString, static_cast<std::uint32_t>(texts.size()));
  for (std::size_t i = 0; i < texts.size(); ++i) column.strings()[i] = texts[i];
  const Vector* const columns[] = {&column};

  KeyTable table;
  std::vector<std::uint32_t> numbers;
  table.Number(columns, static_cast<std::uint32_t>(texts.size()), &numbers);
  std::map<std::string, std::uint32_t> expected;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto next = static_cast<std::uint32_t>(expected.size());
    EXPECT_EQ(numbers[i], expected.try_emplace(texts[i], next).first->second) << i;
  }
  EXPECT_EQ(table.size(), expected.size());
  Vector keys;
  table.ColumnOf(0, 0, table.size(), &keys);
  for (const auto& [text, number] : expected) EXPECT_EQ(keys.Get(number).string(), text);
  std::vector<std::uint32_t> found;
  table.Find(columns, static_cast<std::uint32_t>(texts.size()), &found);
  EXPECT_EQ(found, numbers);
}

/// Keys as they are defined: equivalent values, one by one.
class KeysByHand {
 public:
  std::uint32_t Number(const std::vector<Value>& key) {
    for (std::uint32_t number = 0; number < keys_.size(); ++number) {
      bool is_same = true;
      for (std::size_t i = 0; i < key.size(); ++i) {
        is_same = is_same && schema::Equivalent(keys_[number][i], key[i]);
      }
      if (is_same) return number;
    }
    keys_.push_back(key);
    return static_cast<std::uint32_t>(keys_.size() - 1);
  }
  const std::vector<std::vector<Value>>& keys() const { return keys_; }

 private:
  std::vector<std::vector<Value>> keys_;
};

enum class Content { kNode, kRelationship, kInteger, kBoolean, kText, kFloat, kDate };

Value Random(Content content, std::mt19937& random) {
  const auto number = static_cast<std::uint32_t>(random() % 4);
  const auto integer = static_cast<std::int64_t>(number);
  switch (content) {
    case Content::kNode:
      return Value::Node(NodeId{number});
    case Content::kRelationship:
      return Value::Relationship(RelationshipRef{schema::TypeId{1}, schema::EdgeId{number},
                                                 NodeId{number * 3}, NodeId{number * 5}});
    case Content::kInteger:
      return Value::Integer(integer - 1);
    case Content::kBoolean:
      return Value::Boolean(number % 2 == 0);
    case Content::kText:
      return Value::String(std::string(number * 7, 'x'));
    case Content::kFloat:
      if (number == 3) return Value::Float(std::numeric_limits<double>::quiet_NaN());
      return Value::Float(number == 2 ? -0.0 : static_cast<double>(number) / 2);
    case Content::kDate:
      return Value::Of(schema::Date{integer});
  }
  return Value::Null();
}

/// A column of such values in the representation of its type, or boxed.
void Fill(Content content, bool has_nulls, bool is_boxed, std::uint32_t rows, std::mt19937& random,
          std::vector<std::string>* memory, Vector* column) {
  std::vector<Value> values;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const bool is_null = has_nulls && random() % 4 == 0;
    values.push_back(is_null ? Value::Null() : Random(content, random));
  }
  is_boxed = is_boxed || content == Content::kDate;  // there is no representation of it
  if (is_boxed && random() % 4 == 0) return column->SetConstant(values[0], rows);
  const Repr reprs[] = {Repr::kNode,    Repr::kRelationship, Repr::kInteger,
                        Repr::kBoolean, Repr::kString,       Repr::kFloat};
  column->Reset(is_boxed ? Repr::kValue : reprs[static_cast<std::size_t>(content)], rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    const Value& value = values[row];
    if (is_boxed) {
      column->values()[row] = value;
    } else if (value.is_null()) {
      column->MutableNulls()[row] = 1;
    } else if (content == Content::kNode) {
      column->nodes()[row] = value.node();
    } else if (content == Content::kRelationship) {
      column->relationships()[row] = value.relationship();
    } else if (content == Content::kInteger) {
      column->integers()[row] = value.integer();
    } else if (content == Content::kBoolean) {
      column->booleans()[row] = value.boolean() ? 1 : 0;
    } else if (content == Content::kText) {
      memory->push_back(std::string(value.string()));
      column->strings()[row] = memory->back();
    } else {
      column->floats()[row] = value.floating();
    }
  }
}

void ExpectKeys(const KeyTable& table, const KeysByHand& expected, std::size_t width) {
  ASSERT_EQ(table.size(), expected.keys().size());
  for (std::size_t c = 0; c < width; ++c) {
    Vector column;
    table.ColumnOf(c, 0, table.size(), &column);
    for (std::uint32_t number = 0; number < table.size(); ++number) {
      EXPECT_TRUE(schema::Equivalent(column.Get(number), expected.keys()[number][c]))
          << column.Get(number).ToText() << " is not " << expected.keys()[number][c].ToText();
    }
  }
}

/// Columns of every type, with nulls or without, boxed or not, of another type now and then; and a
/// table that takes in another.
TEST(KeyTableTest, KeysAreTheSameHoweverTheyCome) {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    std::mt19937 random(seed);
    const std::size_t width = 1 + random() % 3;
    std::vector<Content> contents;
    for (std::size_t i = 0; i < width; ++i) contents.push_back(static_cast<Content>(random() % 7));
    KeyTable tables[2];
    KeysByHand expected[2];
    for (int turn = 0; turn < 6; ++turn) {
      KeyTable& table = tables[turn % 2];
      KeysByHand& by_hand = expected[turn % 2];
      const auto rows = static_cast<std::uint32_t>(1 + random() % 9);
      std::vector<std::string> memory;
      memory.reserve(rows * width);
      std::vector<Vector> columns(width);
      std::vector<const Vector*> pointers;
      for (std::size_t i = 0; i < width; ++i) {
        const bool is_other = turn > 2 && random() % 8 == 0;
        const Content content = is_other ? static_cast<Content>(random() % 7) : contents[i];
        Fill(content, random() % 2 == 0, random() % 3 == 0, rows, random, &memory, &columns[i]);
        pointers.push_back(&columns[i]);
      }
      std::vector<std::vector<Value>> keys(rows);
      for (std::uint32_t row = 0; row < rows; ++row) {
        for (const Vector& column : columns) keys[row].push_back(column.Get(row));
      }
      std::vector<std::uint32_t> found;
      if (turn > 3) {
        table.Find(pointers, rows, &found);
        for (std::uint32_t row = 0; row < rows; ++row) {
          KeysByHand known = by_hand;
          const std::uint32_t number = known.Number(keys[row]);
          EXPECT_EQ(found[row], number == by_hand.keys().size() ? KeyTable::kUnknown : number);
        }
      }
      std::vector<std::uint32_t> numbers;
      table.Number(pointers, rows, &numbers);
      for (std::uint32_t row = 0; row < rows; ++row) {
        EXPECT_EQ(numbers[row], by_hand.Number(keys[row]));
      }
      ExpectKeys(table, by_hand, width);
      if (testing::Test::HasFailure()) FAIL() << "seed " << seed << ", turn " << turn;
    }
    const std::uint32_t middle = tables[1].size() / 2;
    std::vector<std::uint32_t> numbers;
    for (const auto& [begin, end] : {std::pair(0U, middle), std::pair(middle, tables[1].size())}) {
      if (begin == end) continue;
      tables[0].NumberFrom(&tables[1], begin, end, &numbers);
      for (std::uint32_t i = begin; i < end; ++i) {
        EXPECT_EQ(numbers[i - begin], expected[0].Number(expected[1].keys()[i]));
      }
    }
    ExpectKeys(tables[0], expected[0], width);
    if (testing::Test::HasFailure()) FAIL() << "seed " << seed << ", merging";
  }
}

}  // namespace
}  // namespace kb::query::exec
