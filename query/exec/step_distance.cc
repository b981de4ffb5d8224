#include "query/exec/step_distance.h"

#include "query/exec/step_terms.h"
#include "query/plan/walk.h"

namespace kb::query::exec {
using ast::ComparisonOperator;

std::optional<StepDistance> StepDistance::Of(const StepTest& test, bool reversed) {
  if (test.left == bind::kNoSlot || test.right == bind::kNoSlot) return std::nullopt;
  const auto* comparison = std::get_if<bind::Comparison>(&test.predicate->node);
  if (comparison == nullptr) return std::nullopt;
  const bind::Slot from = reversed ? test.right : test.left;
  const bind::Slot to = reversed ? test.left : test.right;
  StepDistance distance;
  const auto take = [&](const bind::Expression& first, const bind::Expression& second,
                        ComparisonOperator op, const bind::ExpressionPtr& limit) {
    distance.from_is_first_ = PropertyOf(first, from) != nullptr;
    const auto* of_from = PropertyOf(distance.from_is_first_ ? first : second, from);
    const auto* of_to = PropertyOf(distance.from_is_first_ ? second : first, to);
    if (of_from == nullptr || of_to == nullptr) return false;
    distance.op_ = op;
    distance.limit_ = limit;
    distance.from_key_ = of_from->key;
    distance.to_key_ = of_to->key;
    return true;
  };
  const auto take_difference = [&](const bind::Expression& e, ComparisonOperator op,
                                   const bind::ExpressionPtr& limit) {
    const auto* minus = std::get_if<bind::Binary>(&e.node);
    return minus != nullptr && minus->op == ast::BinaryOperator::kSubtract &&
           IsWithoutRow(*limit) && take(*minus->left, *minus->right, op, limit);
  };
  const bool is_known =
      take(*comparison->left, *comparison->right, comparison->op, nullptr) ||
      take_difference(*comparison->left, comparison->op, comparison->right) ||
      take_difference(*comparison->right, plan::Mirrored(comparison->op), comparison->left);
  return is_known ? std::optional(std::move(distance)) : std::nullopt;
}

Result<void> StepDistance::Start(Runtime& runtime) {
  is_known_ = true;
  limit_value_ = 0;
  if (limit_ != nullptr) {
    KB_ASSIGN(const Value limit, eval::EvaluateConstant(*limit_, runtime.eval()));
    is_known_ = limit.is_integer();
    if (is_known_) limit_value_ = limit.integer();
  }
  const auto values = [&](const std::string& name) {
    const auto key = runtime.view().catalog().FindKey(name);
    return key ? Values(runtime.view(), *key) : Values();
  };
  from_values_ = values(from_key_);
  to_values_ = values(to_key_);
  from_is_read_ = false;
  return {};
}

StepDistance::Values::Whole StepDistance::Values::Ask(std::uint32_t block) {
  const storage::Chunk* const chunk = blocks_[block];
  const bool is_whole = chunk != nullptr && chunk->count() == chunk->rows() &&
                        chunk->type() == storage::ColumnChunk::Type::kInteger;
  return is_whole ? Whole{chunk->rows(), chunk->integers()} : Whole{0, nullptr};
}

StepDistance::Place StepDistance::Values::FindOne(std::uint32_t block, std::uint32_t row) {
  const storage::Chunk* const chunk = blocks_[block];
  if (chunk == nullptr || !chunk->Has(row)) return {nullptr, false};
  if (chunk->type() != storage::ColumnChunk::Type::kInteger) return {nullptr, true};
  return {chunk->integers() + row, false};
}

StepDistance::Outcome StepDistance::Compare(std::int64_t from, std::int64_t to) const {
  const std::int64_t first = from_is_first_ ? from : to;
  const std::int64_t second = from_is_first_ ? to : from;
  std::int64_t apart = 0;
  if (limit_ == nullptr)
    return HoldsBetween(op_, first, second) ? Outcome::kHolds : Outcome::kFails;
  if (__builtin_sub_overflow(first, second, &apart)) return Outcome::kUnknown;
  return HoldsBetween(op_, apart, limit_value_) ? Outcome::kHolds : Outcome::kFails;
}

}  // namespace kb::query::exec
