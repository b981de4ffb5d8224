#include "query/exec/ordered_walks.h"

#include <algorithm>
#include <limits>
#include <span>

#include "query/plan/walk.h"

namespace kb::query::exec {
namespace {

using ast::ComparisonOperator;

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
/// Up to here a difference, which the statement would work out, is a number.
constexpr std::int64_t kValueMax = std::int64_t{1} << 61;

bool IsModest(std::int64_t value) { return value >= -kValueMax && value <= kValueMax; }

/// The property of a slot that an expression is; null if it is none.
const bind::Property* PropertyOf(const bind::Expression& e, bind::Slot slot) {
  const auto* property = std::get_if<bind::Property>(&e.node);
  if (property == nullptr) return nullptr;
  const auto* subject = std::get_if<bind::SlotRef>(&property->subject->node);
  return subject != nullptr && subject->slot == slot ? property : nullptr;
}

bool IsWithoutRow(const bind::Expression& e) {
  return std::holds_alternative<bind::Constant>(e.node) ||
         std::holds_alternative<bind::Parameter>(e.node);
}

}  // namespace

std::optional<OrderedWalks> OrderedWalks::Of(const plan::ExpandVariable& expand) {
  if (expand.tests.size() != 1 || expand.into) return std::nullopt;
  const StepTest& test = expand.tests.front();
  if (test.earlier == bind::kNoSlot || test.relationship == bind::kNoSlot) return std::nullopt;
  OrderedWalks walks(expand);
  const bind::Slot before = expand.reversed ? test.relationship : test.earlier;
  const bind::Slot behind = expand.reversed ? test.earlier : test.relationship;
  std::vector<bind::ExpressionPtr> terms;
  plan::SplitConjuncts(test.predicate, &terms);
  const bool are_known = std::all_of(terms.begin(), terms.end(), [&](const auto& term) {
    return walks.AddTerm(*term, before, behind);
  });
  if (!are_known) return std::nullopt;
  const bool rises = std::any_of(walks.bounds_.begin(), walks.bounds_.end(), [](const Bound& b) {
    return b.distance == nullptr &&
           (b.op == ComparisonOperator::kLess || b.op == ComparisonOperator::kGreater);
  });
  if (!rises && expand.mode != ast::PathMode::kWalk) return std::nullopt;
  return walks;
}

/// before.key op behind.key, or their difference op a distance.
bool OrderedWalks::AddTerm(const bind::Expression& term, bind::Slot before, bind::Slot behind) {
  const auto* comparison = std::get_if<bind::Comparison>(&term.node);
  if (comparison == nullptr || comparison->op == ComparisonOperator::kNotEqual) return false;
  const auto pair = [&](const bind::Expression& left, const bind::Expression& right,
                        ComparisonOperator op, const bind::ExpressionPtr& distance) {
    const bool is_turned = PropertyOf(left, behind) != nullptr;
    const bind::Property* const first = PropertyOf(left, is_turned ? behind : before);
    const bind::Property* const second = PropertyOf(right, is_turned ? before : behind);
    if (first == nullptr || second == nullptr) return false;
    if (!SetKey(first->key) || !SetKey(second->key)) return false;
    bounds_.push_back({op, distance, is_turned});
    return true;
  };
  const auto difference = [&](const bind::Expression& e, ComparisonOperator op,
                              const bind::ExpressionPtr& distance) {
    const auto* minus = std::get_if<bind::Binary>(&e.node);
    return minus != nullptr && minus->op == ast::BinaryOperator::kSubtract &&
           IsWithoutRow(*distance) && pair(*minus->left, *minus->right, op, distance);
  };
  return pair(*comparison->left, *comparison->right, comparison->op, nullptr) ||
         difference(*comparison->left, comparison->op, comparison->right) ||
         difference(*comparison->right, plan::Mirrored(comparison->op), comparison->left);
}

bool OrderedWalks::SetKey(const std::string& key) {
  if (key_name_.empty()) key_name_ = key;
  return key_name_ == key;
}

Result<bool> OrderedWalks::Prepare(Runtime& runtime, const Steps& steps) {
  runtime_ = &runtime;
  steps_ = &steps;
  values_.reset();
  if (const auto key = runtime.view().catalog().FindKey(key_name_)) {
    values_.emplace(runtime.view(), *key);
  }
  least_ = kLeast;
  most_ = kMost;
  for (const Bound& bound : bounds_) {
    std::int64_t distance = 0;
    if (bound.distance != nullptr) {
      KB_ASSIGN(const Value value, eval::EvaluateConstant(*bound.distance, runtime.eval()));
      if (!value.is_integer() || !IsModest(value.integer())) return false;
      distance = value.integer();
    }
    if (!Narrow(bound, distance)) return false;
  }
  return true;
}

/// Takes a bound into account. With d = value before - value behind: d op distance, or -d op it.
bool OrderedWalks::Narrow(const Bound& bound, std::int64_t distance) {
  const ComparisonOperator op = bound.is_turned ? plan::Mirrored(bound.op) : bound.op;
  const std::int64_t limit = bound.is_turned ? -distance : distance;
  switch (op) {
    case ComparisonOperator::kLess:
      most_ = std::min(most_, limit - 1);
      return true;
    case ComparisonOperator::kLessEqual:
      most_ = std::min(most_, limit);
      return true;
    case ComparisonOperator::kGreater:
      least_ = std::max(least_, limit + 1);
      return true;
    case ComparisonOperator::kGreaterEqual:
      least_ = std::max(least_, limit);
      return true;
    case ComparisonOperator::kEqual:
      most_ = std::min(most_, limit);
      least_ = std::max(least_, limit);
      return true;
    case ComparisonOperator::kNotEqual:
      break;
  }
  return false;
}

/// Where the value of a relationship lies; null if it has none.
const std::int64_t* OrderedWalks::FindValue(const RelationshipRef& ref) {
  if (!values_) return nullptr;
  const storage::ColumnChunk* const chunk = (*values_)[ref];
  const std::uint32_t row = schema::Raw(ref.edge) % storage::kBlockSize;
  if (chunk == nullptr || !chunk->Has(row)) return nullptr;
  const bool are_integers = chunk->type() == storage::ColumnChunk::Type::kInteger;
  is_integer_ = is_integer_ && are_integers;
  return are_integers ? chunk->integers() + row : nullptr;
}

/// The steps on from a node into ways_, their values on the way from memory.
void OrderedWalks::FindWays(NodeId from) {
  ways_.clear();
  steps_->ForEach(from, expand_->reversed, [&](const Step& step) {
    ways_.push_back({step.end, FindValue(step.relationship)});
    __builtin_prefetch(ways_.back().value);
  });
}

/// So many more walks end there.
void OrderedWalks::AddEnd(NodeId end, std::uint64_t number) {
  const auto [place, is_new] =
      places_.try_emplace(schema::Raw(end), static_cast<std::uint32_t>(ends_.size()));
  if (is_new) {
    ends_.push_back(end);
    numbers_.push_back(0);
  }
  std::uint64_t& sum = numbers_[place->second];
  overflowed_ = __builtin_add_overflow(sum, number, &sum) || overflowed_;
}

void OrderedWalks::Clear() {
  entries_.clear();
  // Clearing takes as long as the table is large, which it may have been for one length alone.
  if (places_.bucket_count() > 64 * (ends_.size() + 16)) {
    places_ = {};
  } else {
    places_.clear();
  }
  ends_.clear();
  numbers_.clear();
}

Result<bool> OrderedWalks::Start(NodeId from) {
  Clear();
  is_integer_ = true;
  length_ = 1;
  FindWays(from);
  for (const Way& way : ways_) {
    AddEnd(way.end, 1);
    // Without a value the walk ends here: no comparison with it is true.
    if (way.value == nullptr) continue;
    is_integer_ = is_integer_ && IsModest(*way.value);
    entries_.push_back({way.end, *way.value, 1});
  }
  KB_TRY(runtime_->CheckCancelled());
  return is_integer_;
}

Result<bool> OrderedWalks::Lengthen() {
  constexpr std::size_t kStepsBetween = 1 << 14;
  std::swap(entries_, before_);
  Clear();
  ++length_;
  std::sort(before_.begin(), before_.end(), [](const Entry& a, const Entry& b) {
    return a.end != b.end ? a.end < b.end : a.value < b.value;
  });
  std::size_t steps = 0;
  for (auto begin = before_.begin(); begin != before_.end();) {
    auto end = begin + 1;
    for (; end != before_.end() && end->end == begin->end; ++end) {
      // The number of all walks up to this value.
      overflowed_ =
          __builtin_add_overflow(end->number, (end - 1)->number, &end->number) || overflowed_;
    }
    steps += LengthenFrom({begin, end});
    if (steps > kStepsBetween) {
      steps = 0;
      KB_TRY(runtime_->CheckCancelled());
    }
    begin = end;
  }
  if (overflowed_) {
    return ArithmeticError("there are more matches than a 64-bit integer can count");
  }
  return is_integer_;
}

/// The steps on from a node that some of the walks to it, ascending by value, may take; how many
/// were looked at.
std::size_t OrderedWalks::LengthenFrom(std::span<const Entry> walks) {
  const bool is_last = expand_->pattern.max && length_ == *expand_->pattern.max;
  FindWays(walks.front().end);
  for (const Way& way : ways_) {
    if (way.value == nullptr) continue;
    const std::int64_t value = *way.value;
    is_integer_ = is_integer_ && IsModest(value);
    const auto upto = [&](std::int64_t distance, bool is_included) -> std::uint64_t {
      std::int64_t limit = 0;
      if (__builtin_add_overflow(value, distance, &limit)) limit = distance < 0 ? kLeast : kMost;
      const auto behind = std::partition_point(walks.begin(), walks.end(), [&](const Entry& walk) {
        return walk.value < limit || (is_included && walk.value == limit);
      });
      return behind == walks.begin() ? 0 : (behind - 1)->number;
    };
    const std::uint64_t most = upto(most_, true);
    if (most == 0) continue;
    const std::uint64_t less = least_ == kLeast ? 0 : upto(least_, false);
    if (most <= less) continue;
    AddEnd(way.end, most - less);
    if (!is_last) entries_.push_back({way.end, value, most - less});
  }
  return ways_.size();
}

}  // namespace kb::query::exec
