#include "query/exec/ordered_walks.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <span>

#include "query/exec/step_terms.h"
#include "query/plan/walk.h"

namespace kb::query::exec {
namespace {

using ast::ComparisonOperator;

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
/// Up to here a difference, which the statement would work out, is a number.
constexpr std::int64_t kValueMax = std::int64_t{1} << 61;

/// Up to here the entries of an end are looked through one by one.
constexpr std::size_t kFewEntries = 16;

/// How far a number is behind another; very far if it is before it.
std::uint64_t Distance(std::int64_t from, std::int64_t to) {
  return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

bool IsModest(std::int64_t value) { return value >= -kValueMax && value <= kValueMax; }

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
  values_.clear();
  if (const auto key = runtime.view().catalog().FindKey(key_name_)) {
    for (const schema::TypeId type : steps.types()) {
      values_.emplace_back(type, storage::Blocks(runtime.view(), type, *key));
    }
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

/// The steps on from a node into ways_, their values on the way from memory.
void OrderedWalks::FindWays(NodeId from) {
  ways_.clear();
  steps_->ForEachSlice(from, expand_->reversed,
                       [&](schema::TypeId type, schema::Direction side, storage::Slice slice) {
                         storage::Blocks* values = &no_values_;
                         for (auto& [of, blocks] : values_) {
                           if (of == type) values = &blocks;
                         }
                         const bool both = expand_->pattern.direction == schema::Direction::kBoth;
                         const bool loops_are_known = both && side == schema::Direction::kIn;
                         FindWays(slice, loops_are_known ? from : schema::kNoNode, values);
                       });
}

/// Those of one list but for those to `left_out`.
void OrderedWalks::FindWays(const storage::Slice& slice, NodeId left_out, storage::Blocks* values) {
  const storage::ColumnChunk* chunk = nullptr;
  std::uint32_t block = std::numeric_limits<std::uint32_t>::max();
  const std::size_t before = ways_.size();
  ways_.resize(before + slice.size);
  Way* way = ways_.data() + before;
  for (std::uint32_t i = 0; i < slice.size; ++i) {
    const std::uint32_t edge = schema::Raw(slice.edges[i]);
    if (edge / storage::kBlockSize != block) {
      block = edge / storage::kBlockSize;
      chunk = (*values)[block];
      if (chunk != nullptr && chunk->type() != storage::ColumnChunk::Type::kInteger) {
        chunk = nullptr;
        is_integer_ = false;
      }
    }
    const std::uint32_t row = edge % storage::kBlockSize;
    const bool has_value = chunk != nullptr && chunk->Has(row);
    *way = {slice.nodes[i], has_value ? chunk->integers() + row : nullptr};
    __builtin_prefetch(way->value);
    way += way->end == left_out ? 0 : 1;
  }
  ways_.resize(static_cast<std::size_t>(way - ways_.data()));
}

/// So many more walks end there; its place in ends_.
std::uint32_t OrderedWalks::AddEnd(NodeId end, std::uint64_t number) {
  std::uint32_t& place = places_[end];
  if (place == NodePlaces::kNone) {
    place = static_cast<std::uint32_t>(ends_.size());
    ends_.push_back(end);
    numbers_.push_back(0);
  }
  std::uint64_t& sum = numbers_[place];
  overflowed_ = __builtin_add_overflow(sum, number, &sum) || overflowed_;
  return place;
}

void OrderedWalks::Clear() {
  entries_.clear();
  places_.Forget(ends_);
  ends_.clear();
  numbers_.clear();
}

Result<bool> OrderedWalks::Start(NodeId from) {
  Clear();
  is_integer_ = true;
  length_ = 1;
  FindWays(from);
  for (const Way& way : ways_) {
    const std::uint32_t end = AddEnd(way.end, 1);
    // Without a value the walk ends here: no comparison with it is true.
    if (way.value == nullptr) continue;
    is_integer_ = is_integer_ && IsModest(*way.value);
    entries_.push_back({end, *way.value, 1});
  }
  KB_TRY(runtime_->CheckCancelled());
  return is_integer_;
}

Result<bool> OrderedWalks::Lengthen() {
  constexpr std::size_t kStepsBetween = 1 << 14;
  GatherByEnd();
  froms_ = ends_;
  Clear();
  ++length_;
  std::size_t steps = 0;
  for (std::size_t from = 0; from < froms_.size(); ++from) {
    if (begins_[from] == begins_[from + 1]) continue;
    LengthenFrom(froms_[from], begins_[from], begins_[from + 1]);
    steps += ways_.size();
    if (steps > kStepsBetween) {
      steps = 0;
      KB_TRY(runtime_->CheckCancelled());
    }
  }
  if (overflowed_) {
    return ArithmeticError("there are more matches than a 64-bit integer can count");
  }
  return is_integer_;
}

/// Puts the entries of each end together.
void OrderedWalks::GatherByEnd() {
  begins_.assign(ends_.size() + 2, 0);
  for (const Entry& entry : entries_) ++begins_[entry.end + 2];
  std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
  before_values_.resize(entries_.size());
  before_numbers_.resize(entries_.size());
  for (const Entry& entry : entries_) {
    const std::size_t at = begins_[entry.end + 1]++;
    before_values_[at] = entry.value;
    before_numbers_[at] = entry.number;
  }
  begins_.pop_back();
}

/// Sorts the entries of an end by value; the number of each becomes that of all up to it.
void OrderedWalks::SortStretch(std::size_t begin, std::size_t end) {
  stretch_.clear();
  for (std::size_t i = begin; i < end; ++i) {
    stretch_.emplace_back(before_values_[i], before_numbers_[i]);
  }
  std::sort(stretch_.begin(), stretch_.end());
  std::uint64_t sum = 0;
  for (std::size_t i = begin; i < end; ++i) {
    sum += stretch_[i - begin].second;
    before_values_[i] = stretch_[i - begin].first;
    before_numbers_[i] = sum;
  }
}

/// How many of the walks that are the entries [begin, end) have a value from `least` to `most`.
inline std::uint64_t OrderedWalks::NumberBetween(std::size_t begin, std::size_t end,
                                                 std::int64_t least, std::int64_t most) const {
  const std::int64_t* const values = before_values_.data();
  if (end - begin <= kFewEntries) {
    // One comparison of unsigned numbers, and no branch that nobody can foresee.
    const std::uint64_t width = Distance(least, most);
    std::uint64_t sum = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint64_t is_between = Distance(least, values[i]) <= width ? 1 : 0;
      sum += before_numbers_[i] & (0 - is_between);
    }
    return sum;
  }
  const auto upto = [&](const std::int64_t* behind) -> std::uint64_t {
    const auto at = static_cast<std::size_t>(behind - values);
    return at == begin ? 0 : before_numbers_[at - 1];
  };
  const std::uint64_t all = upto(std::upper_bound(values + begin, values + end, most));
  if (least_ == kLeast || all == 0) return all;
  const std::uint64_t less = upto(std::lower_bound(values + begin, values + end, least));
  return all <= less ? 0 : all - less;
}

/// The steps on from a node that some of the walks to it may take, which are the entries
/// [begin, end).
void OrderedWalks::LengthenFrom(NodeId from, std::size_t begin, std::size_t end) {
  const bool is_last = expand_->pattern.max && length_ == *expand_->pattern.max;
  FindWays(from);
  std::uint64_t all = 0;
  for (std::size_t i = begin; i < end; ++i) {
    overflowed_ = __builtin_add_overflow(all, before_numbers_[i], &all) || overflowed_;
  }
  if (end - begin > kFewEntries) SortStretch(begin, end);
  for (const Way& way : ways_) {
    if (way.value == nullptr) continue;
    const std::int64_t value = *way.value;
    if (!IsModest(value)) {
      is_integer_ = false;
      continue;
    }
    const std::int64_t least = least_ == kLeast ? kLeast : value + least_;
    const std::int64_t most = most_ == kMost ? kMost : value + most_;
    if (least > most) continue;
    const std::uint64_t number = NumberBetween(begin, end, least, most);
    if (number == 0) continue;
    const std::uint32_t place = AddEnd(way.end, number);
    if (!is_last) entries_.push_back({place, value, number});
  }
}

}  // namespace kb::query::exec
