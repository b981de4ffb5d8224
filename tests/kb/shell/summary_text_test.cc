// What the shell says below a result.
#include "kb/shell/summary_text.h"

#include <gtest/gtest.h>

namespace kb::shell {
namespace {

TEST(SummaryTextTest, ChangesAreNamedWithTheirNumber) {
  Counters counters;
  EXPECT_EQ(ChangesText(counters), "");
  counters.nodes_created = 1;
  counters.properties_set = 3;
  counters.indexes_removed = 2;
  EXPECT_EQ(ChangesText(counters), "created 1 node, set 3 properties, removed 2 indexes");
}

TEST(SummaryTextTest, TimesHaveTheUnitThatFits) {
  EXPECT_EQ(TimeText(12), "12 µs");
  EXPECT_EQ(TimeText(3'400), "3.4 ms");
  EXPECT_EQ(TimeText(1'250'000), "1.25 s");
}

TEST(SummaryTextTest, PlansAreDrawnAsTrees) {
  PlanNode join{"HashJoin", "", 4, {}, {}, {}, {}};
  PlanNode scan{"NodeScan", "a:A", 2, {}, {}, {}, {}};
  join.children = {PlanNode{"Filter", "a.x > 1", 2, {}, {}, {}, {scan}}, scan};
  const PlanNode top{"Return", "a", 4, {}, {}, {}, {join}};
  std::string tree;
  for (const auto& row : PlanRows(top, false)) tree += std::string(row[0].string()) + "\n";
  EXPECT_EQ(tree,
            "Return a\n"
            "└─ HashJoin\n"
            "   ├─ Filter a.x > 1\n"
            "   │  └─ NodeScan a:A\n"
            "   └─ NodeScan a:A\n");
}

TEST(SummaryTextTest, AProfileHasTheMeasuredFigures) {
  const PlanNode plan{"Scan", "", 10, 7u, 12u, 640u, {}};
  EXPECT_EQ(PlanColumns(true).size(), 5u);
  const auto rows = PlanRows(plan, true);
  EXPECT_EQ(rows[0][1].integer(), 10);
  EXPECT_EQ(rows[0][2].integer(), 7);
}

}  // namespace
}  // namespace kb::shell
