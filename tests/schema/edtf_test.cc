// Uncertain dates: what only C++ can say; the language's side is tests/golden/evidence/edtf.test.
#include "schema/edtf.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "schema/temporal.h"

namespace kb::schema {
namespace {

Value Edtf(const std::string& text) {
  auto parsed = ParseEdtf(text);
  EXPECT_TRUE(parsed.ok()) << text << ": " << (parsed.ok() ? "" : parsed.error().message());
  return parsed.ok() ? Value::Of(*std::move(parsed)) : Value::Null();
}

const std::vector<std::string>& Texts() {
  static const std::vector<std::string> kTexts = {"2016",
                                                  "2018",
                                                  "2016-05",
                                                  "2016-05-12",
                                                  "201X",
                                                  "2016-XX",
                                                  "2016-05-XX",
                                                  "156X-12-25",
                                                  "2016~",
                                                  "2016-12-29?",
                                                  "2001-21",
                                                  "2001-32",
                                                  "1950S2",
                                                  "[2016..2018]",
                                                  "[..2018]",
                                                  "[2016..]",
                                                  "[1667,1670..1672]",
                                                  "{1960,1961-12}",
                                                  "1964/2008",
                                                  "1985/",
                                                  "/1985",
                                                  "1985-04-12/..",
                                                  "../1985",
                                                  "../..",
                                                  "2016-05-12T10:00:00Z",
                                                  "-0044-03-15"};
  return kTexts;
}

TEST(EdtfTest, TheTextIsKept) {
  for (const std::string& text : Texts()) EXPECT_EQ(Edtf(text).ToText(), text);
}

TEST(EdtfTest, OrderIsTotalAndAgreesWithWhatIsKnown) {
  for (const std::string& a : Texts()) {
    for (const std::string& b : Texts()) {
      const Value x = Edtf(a);
      const Value y = Edtf(b);
      EXPECT_EQ(Order(x, y) == 0, a == b) << a << " " << b;
      EXPECT_EQ(Order(x, y) < 0, Order(y, x) > 0) << a << " " << b;
      if (Less(x, y) == Truth(true)) EXPECT_TRUE(Order(x, y) < 0) << a << " " << b;
      EXPECT_EQ(Equal(x, y), Equal(y, x)) << a << " " << b;
      EXPECT_EQ(AtMost(x, y), Not(Less(y, x))) << a << " " << b;
    }
  }
}

TEST(EdtfTest, ExactlyOneRelationHoldsBetweenPeriodsThatAreKnown) {
  std::mt19937 random(7);
  const auto day = [&] {
    return ToText(Date{17'000 + std::uniform_int_distribution<std::int64_t>(0, 6)(random)});
  };
  for (int round = 0; round < 2'000; ++round) {
    const auto period = [&] {
      std::string from = day();
      std::string to = day();
      if (to < from) std::swap(from, to);
      return Edtf(from + "/" + to);
    };
    const Value a = period();
    const Value b = period();
    int holding = 0;
    for (int i = 0; i <= static_cast<int>(Relation::kAfter); ++i) {
      const Truth truth = Relate(static_cast<Relation>(i), a, b);
      ASSERT_TRUE(truth.has_value()) << a.ToText() << " " << b.ToText();
      holding += *truth ? 1 : 0;
    }
    EXPECT_EQ(holding, 1) << a.ToText() << " " << b.ToText();
  }
}

TEST(EdtfTest, ComparisonsAreSoundForEveryDayThatADateCanMean) {
  const std::vector<std::string> texts = {
      "2016", "2016-05", "2016-05-12", "2016-1X", "[2016-04..2016-06]", "2015-12-31", "2016-05-XX"};
  const auto days = [](const Value& value) {
    std::vector<std::int64_t> all;
    const std::int64_t first = EdtfComponent(value.edtf(), "earliest").date().days;
    const std::int64_t last = EdtfComponent(value.edtf(), "latest").date().days;
    for (std::int64_t at = first; at <= last; at += 1 + (last - first) / 40) all.push_back(at);
    all.push_back(last);
    return all;
  };
  for (const std::string& a : texts) {
    for (const std::string& b : texts) {
      const Value x = Edtf(a);
      const Value y = Edtf(b);
      const Truth less = Less(x, y);
      const Truth equal = Equal(x, y);
      for (const std::int64_t i : days(x)) {
        for (const std::int64_t j : days(y)) {
          if (less) EXPECT_EQ(*less, i < j) << a << " " << b;
          if (equal) EXPECT_EQ(*equal, i == j) << a << " " << b;
        }
      }
    }
  }
}

TEST(EdtfTest, NoTextCrashes) {
  std::mt19937 random(11);
  const std::string letters = "0123456789X-/.~?%[]{},TYSEZ: +";
  for (int round = 0; round < 50'000; ++round) {
    std::string text;
    for (int size = std::uniform_int_distribution<int>(0, 14)(random); size > 0; --size) {
      text += letters[std::uniform_int_distribution<std::size_t>(0, letters.size() - 1)(random)];
    }
    const auto parsed = ParseEdtf(text);
    if (parsed.ok()) EXPECT_LE(parsed->earliest(), parsed->latest()) << text;
  }
}

}  // namespace
}  // namespace kb::schema
