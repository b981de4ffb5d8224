// An aggregate gives the same, whether it keeps its values in memory or puts them aside.
#include "query/exec/fold.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "query/plan/walk.h"
#include "tests/storage/scratch.h"

namespace kb::query::exec {
namespace {

constexpr std::uint32_t kGroups = 300;

/// Rows of values of every kind, many of them equal, for groups chosen at random.
struct Rows {
  Batch batch{2};
  std::vector<std::uint32_t> groups;
};

Value RandomValue(std::mt19937& random, bool only_numbers) {
  const auto number = static_cast<std::int64_t>(random() % 5000);
  switch (random() % (only_numbers ? 4 : 6)) {
    case 0:
      return Value::Null();
    case 1:
      return Value::Float(static_cast<double>(number) / 4);
    case 2:
    case 3:
      return Value::Integer(number);
    case 4:
      return Value::Node(NodeId{static_cast<std::uint32_t>(number)});
    default:
      return Value::String("text " + std::to_string(number));
  }
}

std::vector<Rows> RandomRows(bool only_numbers, std::uint32_t groups) {
  std::mt19937 random(7);
  std::vector<Rows> all(30);
  for (Rows& rows : all) {
    rows.batch.rows = kBatchRows;
    rows.batch.columns[0].Reset(Repr::kValue, kBatchRows);
    rows.batch.columns[1].SetConstant(Value::Float(0.3), kBatchRows);
    for (std::uint32_t row = 0; row < kBatchRows; ++row) {
      rows.batch.columns[0].values()[row] = RandomValue(random, only_numbers);
      rows.batch.multiplicity.push_back(random() % 5 == 0 ? 3 : 1);
      rows.groups.push_back(static_cast<std::uint32_t>(random()) % groups);
    }
  }
  return all;
}

/// Results by group, as text; with `memory`, values are put aside from the twelfth batch on.
std::vector<std::string> Results(const bind::Aggregate& call, const std::vector<Rows>& all,
                                 std::uint32_t groups,
                                 const std::shared_ptr<storage::PagedMemory>& memory) {
  Fold fold(call, groups > 1);
  eval::EvalContext context;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto added = fold.Add(all[i].batch, all[i].groups, groups, context);
    EXPECT_TRUE(added.ok()) << added.error().message();
    if (i == 11 && memory != nullptr) {
      EXPECT_GE(fold.held(), Fold::kHeldMin);
      fold.PutAside(memory, groups);
      EXPECT_EQ(fold.held(), 0u);
    }
  }
  EXPECT_TRUE(fold.Complete(nullptr).ok());
  std::vector<std::string> results;
  for (std::uint32_t begin = 0; begin < groups;) {
    const std::uint32_t end = fold.EndOf(begin, groups);
    EXPECT_GT(end, begin);
    Vector out;
    EXPECT_TRUE(fold.Finish(begin, end, &out).ok());
    for (std::uint32_t i = 0; i < end - begin; ++i) results.push_back(out.Get(i).ToText());
    begin = end;
  }
  return results;
}

struct Case {
  const char* function;
  bool distinct;
  bool only_numbers;
};

class FoldTest : public testing::TestWithParam<Case> {};

TEST_P(FoldTest, ValuesThatWerePutAsideCountAsOthers) {
  const storage::Scratch scratch;
  // Memory so short that parts are put aside again.
  const auto memory = storage::PagedMemory::Make(scratch / "", 1).value();
  bind::Aggregate call;
  call.function = functions::Find(GetParam().function);
  ASSERT_NE(call.function, nullptr);
  call.arguments.push_back(plan::MakeSlot(0));
  if (call.function->arguments.size() > 1) call.arguments.push_back(plan::MakeSlot(1));
  call.distinct = GetParam().distinct;
  const auto rows = RandomRows(GetParam().only_numbers, kGroups);
  EXPECT_EQ(Results(call, rows, kGroups, memory), Results(call, rows, kGroups, nullptr));
}

INSTANTIATE_TEST_SUITE_P(Functions, FoldTest,
                         testing::Values(Case{"collect", false, false},
                                         Case{"collect", true, false}, Case{"count", true, false},
                                         Case{"sum", true, true}, Case{"avg", true, true},
                                         Case{"percentileDisc", false, true},
                                         Case{"percentileCont", true, true}));

TEST(FoldOfOneGroupTest, DistinctValuesArePutAsideAsWell) {
  const storage::Scratch scratch;
  const auto memory = storage::PagedMemory::Make(scratch / "", 1).value();
  bind::Aggregate call;
  call.function = functions::Find("count");
  call.arguments.push_back(plan::MakeSlot(0));
  call.distinct = true;
  std::vector<Rows> rows(40);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].batch.rows = kBatchRows;
    rows[i].batch.columns[0].Reset(Repr::kInteger, kBatchRows);
    rows[i].groups.assign(kBatchRows, 0);
    for (std::uint32_t row = 0; row < kBatchRows; ++row) {
      rows[i].batch.columns[0].integers()[row] =
          static_cast<std::int64_t>((i * kBatchRows + row) * 7919 % 60'000);
    }
  }
  EXPECT_EQ(Results(call, rows, 1, memory), std::vector<std::string>{"60000"});
}

}  // namespace
}  // namespace kb::query::exec
