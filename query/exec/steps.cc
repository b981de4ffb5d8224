#include "query/exec/steps.h"

#include <algorithm>

#include "schema/order.h"

namespace kb::query::exec {
namespace {

using bind::LabelTest;
using schema::Direction;

void Collect(const Value& value, std::vector<RelationshipRef>* refs) {
  if (value.is_relationship()) {
    refs->push_back(value.relationship());
  } else if (value.is_list()) {
    for (const Value& item : value.list()) Collect(item, refs);
  }
}

template <typename HasName>
bool Test(const LabelTest& test, bool has_any, const HasName& has_name) {
  const auto holds = [&](const bind::LabelTestPtr& operand) {
    return Test(*operand, has_any, has_name);
  };
  switch (test.op) {
    case LabelTest::Op::kName:
      return has_name(test.name);
    case LabelTest::Op::kAny:
      return has_any;
    case LabelTest::Op::kNot:
      return !holds(test.operands[0]);
    case LabelTest::Op::kAnd:
      return std::all_of(test.operands.begin(), test.operands.end(), holds);
    case LabelTest::Op::kOr:
      return std::any_of(test.operands.begin(), test.operands.end(), holds);
  }
  return false;
}

}  // namespace

bool Matches(const LabelTest& test, std::string_view type) {
  return Test(test, true, [&](const std::string& name) { return name == type; });
}

bool Matches(const LabelTest& test, const storage::View& view, NodeId node) {
  return Test(test, !view.Labels(node).empty(), [&](const std::string& name) {
    const auto label = view.catalog().FindLabel(name);
    return label && view.HasLabel(node, *label);
  });
}

Result<void> CollectRelationships(const Batch& input, std::uint32_t row,
                                  const std::vector<Slot>& slots,
                                  std::vector<RelationshipRef>* refs) {
  for (const Slot slot : slots) {
    const Vector& column = input.column(slot);
    if (column.repr() != Repr::kRelationship) {
      Collect(column.Get(row), refs);
      continue;
    }
    RelationshipRef ref;
    KB_ASSIGN(const bool there, RelationshipAt(column, row, &ref));
    if (there) refs->push_back(ref);
  }
  return {};
}

Result<void> Steps::StartBatch(const Batch& input) {
  types_ = runtime_.TypesOf(pattern_.types);
  if (pattern_.type_test) {
    std::erase_if(types_, [&](schema::TypeId type) {
      return !Matches(*pattern_.type_test, runtime_.catalog().Name(type));
    });
  }
  lists_.clear();
  for (const auto type : types_) {
    if (runtime_.plan().writes) break;
    lists_.emplace_back(runtime_.view(), type);
  }
  wanted_.resize(pattern_.properties.size());
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    if (!pattern_.groups.empty()) break;  // may mention the step's own variables
    wanted_[i].first = pattern_.properties[i].first;
    KB_TRY(
        eval::Evaluate(*pattern_.properties[i].second, input, runtime_.eval(), &wanted_[i].second));
  }
  if (pattern_.properties_map) {
    KB_TRY(eval::Evaluate(*pattern_.properties_map, input, runtime_.eval(), &wanted_map_));
  }
  return {};
}

bool Steps::TestsRows(const bind::PatternRelationship& pattern) {
  return pattern.step_predicate || pattern.step_left || pattern.step_right ||
         (!pattern.groups.empty() && !pattern.properties.empty());
}

bool Steps::AsksOnlyForTypes(const bind::PatternRelationship& pattern) {
  return !TestsRows(pattern) && pattern.properties.empty() && !pattern.properties_map;
}

Result<void> Steps::From(NodeId node, bool reversed, std::vector<Step>* steps) {
  steps->clear();
  constexpr std::size_t kFew = 16;
  steps->reserve(kFew);
  ForEach(node, reversed, [steps](const Step& step) { steps->push_back(step); });
  if (steps->empty()) return {};
  const bool has_wanted = pattern_.groups.empty() && !pattern_.properties.empty();
  if (has_wanted || pattern_.properties_map) KB_TRY(KeepWithProperties(steps));
  if (TestsRows(pattern_) && !steps->empty()) KB_TRY(KeepByPredicates(node, reversed, steps));
  return {};
}

void Steps::FindWhichLeadOn(std::span<const NodeId> from, bool reversed,
                            std::vector<std::uint8_t>* has) const {
  has->assign(from.size(), lists_.empty() && !types_.empty() ? 1 : 0);
  const Direction direction = reversed ? schema::Reverse(pattern_.direction) : pattern_.direction;
  std::vector<std::uint8_t> sizes(from.size());
  for (const storage::TypeLists& type : lists_) {
    for (const Direction side : {Direction::kOut, Direction::kIn}) {
      if (direction != side && direction != Direction::kBoth) continue;
      (side == Direction::kOut ? type.out : type.in).BytesOfAll(from, sizes.data());
      for (std::size_t i = 0; i < from.size(); ++i) (*has)[i] |= sizes[i];
    }
  }
}

Result<void> Steps::KeepWithProperties(std::vector<Step>* steps) const {
  schema::MapEntries wanted;
  for (const auto& [key, column] : wanted_) wanted.emplace_back(key, column.Get(row_));
  if (pattern_.properties_map) {
    const Value map = wanted_map_.Get(row_);
    if (!map.is_map()) {
      return TypeError("the properties of a pattern are a map, but this is {}",
                       schema::KindName(map.kind()))
          .Detail("InvalidArgumentType")
          .At(pattern_.properties_map->span);
    }
    wanted.insert(wanted.end(), map.map().begin(), map.map().end());
  }
  for (const auto& property : wanted) {
    const Value& value = property.second;
    const auto key = runtime_.catalog().FindKey(property.first);
    if (!key || value.is_null()) {
      steps->clear();
      return {};
    }
    std::erase_if(*steps, [&](const Step& step) {
      const Value has = runtime_.view().Property(step.relationship, *key);
      return !schema::Equal(has, value).value_or(false);
    });
  }
  return {};
}

void Steps::SetInner(Slot slot, bool is_node, bool is_left, NodeId node, bool reversed,
                     const std::vector<Step>& steps) {
  if (slot == bind::kNoSlot) return;
  Vector& column = step_batch_.column(slot);
  const auto size = static_cast<std::uint32_t>(steps.size());
  if (!is_node) {
    column.Reset(Repr::kRelationship, size);
    for (std::uint32_t i = 0; i < size; ++i) column.relationships()[i] = steps[i].relationship;
    return;
  }
  column.Reset(Repr::kNode, size);
  const bool is_near = is_left != reversed;  // the end that the walk comes from
  for (std::uint32_t i = 0; i < size; ++i) column.nodes()[i] = is_near ? node : steps[i].end;
}

void Steps::FillStepBatch(NodeId node, bool reversed, const std::vector<Step>& steps) {
  const std::vector<std::uint32_t> rows(steps.size(), row_);
  step_batch_.GatherFrom(*input_, rows, nullptr);
  EnsureSlots(&step_batch_, runtime_.slot_count());
  step_batch_.origin.clear();
  for (const auto& group : pattern_.groups) {
    SetInner(group.inner, group.is_node, group.is_left, node, reversed, steps);
  }
  SetInner(pattern_.step_relationship, false, false, node, reversed, steps);
}

Result<void> Steps::KeepByPredicates(NodeId node, bool reversed, std::vector<Step>* steps) {
  const auto keep_labels = [&](const bind::LabelTestPtr& test, bool is_left) {
    if (!test) return;
    const bool is_near = is_left != reversed;
    std::erase_if(*steps, [&](const Step& step) {
      return !Matches(*test, runtime_.view(), is_near ? node : step.end);
    });
  };
  keep_labels(pattern_.step_left, true);
  keep_labels(pattern_.step_right, false);
  const bool own_properties = !pattern_.groups.empty() && !pattern_.properties.empty();
  if (steps->empty() || (!pattern_.step_predicate && !own_properties)) return {};

  FillStepBatch(node, reversed, *steps);
  std::vector<std::uint32_t> rows;
  if (pattern_.step_predicate) {
    KB_TRY(eval::SelectRows(*pattern_.step_predicate, step_batch_, runtime_.eval(), &rows));
  } else {
    for (std::uint32_t i = 0; i < steps->size(); ++i) rows.push_back(i);
  }
  if (own_properties) {
    for (const auto& [name, expression] : pattern_.properties) {
      Vector values;
      KB_TRY(eval::Evaluate(*expression, step_batch_, runtime_.eval(), &values));
      const auto key = runtime_.catalog().FindKey(name);
      std::erase_if(rows, [&](std::uint32_t row) {
        if (!key) return true;
        const Value has = runtime_.view().Property((*steps)[row].relationship, *key);
        return !schema::Equal(has, values.Get(row)).value_or(false);
      });
    }
  }
  std::vector<Step> kept;
  kept.reserve(rows.size());
  for (const std::uint32_t row : rows) kept.push_back((*steps)[row]);
  *steps = std::move(kept);
  return {};
}

bool EndsAlwaysHave(const storage::View& view, const std::vector<schema::TypeId>& types,
                    schema::Direction direction, schema::LabelId label) {
  using schema::Direction;
  if (!view.quality().exact_counts) return false;
  return std::all_of(types.begin(), types.end(), [&](schema::TypeId type) {
    const std::uint64_t all = view.RelationshipCount(type);
    const bool targets = view.RelationshipCount(type, Direction::kIn, label) == all;
    const bool sources = view.RelationshipCount(type, Direction::kOut, label) == all;
    return (direction == Direction::kIn || targets) && (direction == Direction::kOut || sources);
  });
}

}  // namespace kb::query::exec
