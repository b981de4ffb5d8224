#include "query/exec/step_order.h"

#include "query/exec/step_terms.h"
#include "query/plan/walk.h"

namespace kb::query::exec {
namespace {

/// How much is remembered before it is begun anew.
constexpr std::size_t kValuesMax = 1u << 20;

/// The slot whose property an expression is, or kNoSlot.
bind::Slot SubjectOf(const bind::Property* property) {
  if (property == nullptr) return bind::kNoSlot;
  const auto* slot = std::get_if<bind::SlotRef>(&property->subject->node);
  return slot == nullptr ? bind::kNoSlot : slot->slot;
}

}  // namespace

std::optional<StepOrder> StepOrder::Of(const StepTest& test, bool reversed) {
  if (test.earlier == bind::kNoSlot || test.relationship == bind::kNoSlot) return std::nullopt;
  const bind::Expression* first = test.predicate.get();
  while (const auto* both = std::get_if<bind::Binary>(&first->node)) {
    if (both->op != ast::BinaryOperator::kAnd) return std::nullopt;
    first = both->left.get();
  }
  const auto* comparison = std::get_if<bind::Comparison>(&first->node);
  if (comparison == nullptr) return std::nullopt;
  const auto* left = std::get_if<bind::Property>(&comparison->left->node);
  const auto* right = std::get_if<bind::Property>(&comparison->right->node);
  const bind::Slot taken = reversed ? test.relationship : test.earlier;
  const bind::Slot next = reversed ? test.earlier : test.relationship;
  if (SubjectOf(left) == taken && SubjectOf(right) == next) {
    return StepOrder(first, comparison->op, left->key, right->key);
  }
  if (SubjectOf(left) == next && SubjectOf(right) == taken) {
    return StepOrder(first, plan::Mirrored(comparison->op), right->key, left->key);
  }
  return std::nullopt;
}

void StepOrder::Start(const storage::View& view) {
  const auto values = [&](const std::string& name) {
    const auto key = view.catalog().FindKey(name);
    return key ? Values(std::in_place, view, *key) : Values();
  };
  taken_values_ = values(taken_name_);
  next_values_ = values(next_name_);
  places_.clear();
  values_.clear();
}

std::span<const std::int64_t> StepOrder::ValuesFrom(NodeId node, const Steps& steps,
                                                    bool reversed) {
  if (values_.size() > kValuesMax) {
    values_.clear();
    places_.clear();
  }
  const auto [known, is_new] = places_.try_emplace(schema::Raw(node));
  Place& place = known->second;
  if (is_new) {
    place.begin = values_.size();
    bool all = true;
    steps.ForEach(node, reversed, [&](const Step& step) {
      const auto value = Integer(step.relationship, &next_values_);
      all = all && value.has_value();
      values_.push_back(value.value_or(0));
    });
    if (!all) values_.resize(place.begin);
    place.count = values_.size() - place.begin;
  }
  return std::span(values_).subspan(place.begin, place.count);
}

std::optional<std::int64_t> StepOrder::ValueOf(const RelationshipRef& taken) {
  return Integer(taken, &taken_values_);
}

std::optional<std::int64_t> StepOrder::Integer(const RelationshipRef& ref, Values* values) {
  if (!*values) return std::nullopt;
  const storage::ColumnChunk* const chunk = (**values)[ref];
  const std::uint32_t row = schema::Raw(ref.edge) % storage::kBlockSize;
  if (chunk == nullptr || chunk->type() != storage::ColumnChunk::Type::kInteger ||
      !chunk->Has(row)) {
    return std::nullopt;
  }
  return chunk->integers()[row];
}

bool StepOrder::Holds(std::int64_t taken, std::int64_t next) const {
  return HoldsBetween(op_, taken, next);
}

}  // namespace kb::query::exec
