// Rows that leave the heap come back as they were, whatever is in them.
#include "query/exec/spill.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "schema/order.h"
#include "tests/storage/scratch.h"

namespace kb::query::exec {
namespace {

using schema::NodeId;

TEST(SpillTest, RowsOfEveryKindComeBackInOrder) {
  const storage::Scratch scratch;
  SpilledRun run(storage::PagedMemory::Make(scratch / "", 1).value());
  const schema::RelationshipRef ref{schema::TypeId{3}, schema::EdgeId{70'000}, NodeId{5},
                                    NodeId{4'000'000'000}};
  const Value node = Value::Node(NodeId{5});
  const Value relationship = Value::Relationship(ref);
  schema::NodeData data;
  data.id = NodeId{9};
  data.labels = {"Person"};
  const std::vector<Value> row{
      Value::Null(),
      Value::Integer(-7),
      Value::Float(0.5),
      Value::Boolean(true),
      Value::String("a text that is longer than fourteen bytes"),
      node,
      relationship,
      Value::Path({node, relationship, Value::Node(NodeId{4'000'000'000})}),
      Value::List({node, Value::List({Value::Integer(1)}), Value::Null()}),
      Value::Map({{"n", node}, {"m", Value::Map({})}}),
      Value::Of(schema::Duration{1, 2, 3, 4}),
      Value::Node(data),
  };
  constexpr std::int64_t kRows = 20'000;
  for (std::int64_t i = 0; i < kRows; ++i) {
    std::vector<Value> numbered = row;
    numbered.push_back(Value::Integer(i));
    run.Add(numbered);
  }
  run.Close();
  EXPECT_EQ(run.rows(), static_cast<std::uint64_t>(kRows));
  std::vector<Value> back;
  for (std::int64_t i = 0; i < kRows; ++i) {
    const auto more = run.Next(&back);
    ASSERT_TRUE(more.ok() && *more);
    ASSERT_EQ(back.size(), row.size() + 1);
    ASSERT_EQ(back.back().integer(), i);
    for (std::size_t k = 0; k < row.size(); ++k) {
      ASSERT_TRUE(schema::Order(back[k], row[k]) == 0) << back[k].ToText();
      ASSERT_EQ(back[k].ToText(), row[k].ToText());
    }
  }
  EXPECT_FALSE(*run.Next(&back));
}

}  // namespace
}  // namespace kb::query::exec
