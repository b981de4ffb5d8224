// Numbers for distinct keys.
#include "query/exec/keys.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
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

}  // namespace
}  // namespace kb::query::exec
