// The lists of changes say what was first behind a time, whatever the order in which they were
// made.
#include "storage/change_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <vector>

namespace kb::storage {
namespace {

TEST(MakingsTest, WhatDoesNotRiseIsListedApart) {
  Makings makings;
  makings.Add(0, 10, 0);
  makings.Add(10, 1, 2);
  makings.Add(12, 1, 2);
  makings.Add(4, 1, 5);
  makings.Add(20, 5, 7);
  const RecordSpan all{0, 8};
  EXPECT_TRUE(makings.IsLater(0, all));
  const RecordSpan third{3, 8};
  EXPECT_FALSE(makings.IsLater(3, third));
  EXPECT_TRUE(makings.IsLater(4, third));
  EXPECT_FALSE(makings.IsLater(12, third));
  EXPECT_TRUE(makings.IsLater(20, third));
  EXPECT_FALSE(makings.IsLater(4, {6, 8}));
  EXPECT_FALSE(LaterIds(makings, third).NoneBelow(3)) << "one of them is listed apart";
  EXPECT_TRUE(LaterIds(makings, {6, 8}).NoneBelow(20));
  EXPECT_FALSE(LaterIds(makings, {6, 8}).Has(24 - 5));
  EXPECT_TRUE(LaterIds(makings, {6, 8}).Has(24));
}

TEST(PartChangesTest, TheFirstOfARowIsFoundAmongManyInAnyOrder) {
  std::mt19937 random(3);
  PartChanges part;
  std::vector<Place> all;
  for (std::uint32_t record = 0; record < 900; ++record) {
    const Place place{static_cast<std::uint32_t>(random()) % 40, record / 2, record};
    part.Add(place);
    all.push_back(place);
    if (record % 7 != 0) continue;
    const RecordSpan span{static_cast<std::uint32_t>(random()) % (record / 2 + 1), record / 2};
    std::map<std::uint32_t, std::uint32_t> wanted;
    for (const Place& each : all) {
      if (each.record >= span.from) wanted.emplace(each.row, each.at);
    }
    std::map<std::uint32_t, std::uint32_t> got;
    for (const Place& first : part.Firsts(span)) got.emplace(first.row, first.at);
    for (auto at = wanted.begin(); at != wanted.end();) {
      at = all[at->second].record >= span.until ? wanted.erase(at) : std::next(at);
    }
    ASSERT_EQ(got, wanted);
    for (std::uint32_t row = 0; row < 40; ++row) {
      const Place* first = part.First(row, span);
      ASSERT_EQ(first != nullptr, wanted.count(row) != 0);
      if (first == nullptr) continue;
      ASSERT_EQ(first->at, wanted[row]);
    }
  }
}

TEST(LeafChangesTest, WhatCameAndWentLaterIsPassedOver) {
  std::mt19937 random(4);
  LeafChanges leaf;
  std::vector<Place> all;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    all.push_back({i - std::min(i, static_cast<std::uint32_t>(random() % 90)), i / 3, i});
    leaf.Add(all.back());
  }
  for (int i = 0; i < 200; ++i) {
    const auto from = static_cast<std::uint32_t>(random() % 340);
    const RecordSpan span{from, from + static_cast<std::uint32_t>(random() % 340)};
    const std::uint64_t limit = random() % 1100;
    std::vector<std::uint32_t> wanted, got;
    for (const Place& place : all) {
      if (place.record < span.from || place.record >= span.until || place.row >= limit) continue;
      wanted.push_back(place.at);
    }
    for (const Place& place : leaf.Find(span, limit)) got.push_back(place.at);
    ASSERT_EQ(got, wanted);
  }
}

}  // namespace
}  // namespace kb::storage
