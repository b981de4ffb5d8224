#include "query/exec/fold.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kb::query::exec {
namespace {

constexpr std::uint64_t kCountMax = std::numeric_limits<std::int64_t>::max();

Error Overflow(std::string_view function) {
  Error error = ArithmeticError("{}() is larger than a 64-bit integer can hold", function);
  if (function == "sum") error.Hint("sum floats instead: toFloat(…)");
  return error;
}

}  // namespace

Fold::Fold(const bind::Aggregate& call, bool is_grouped)
    : call_(call),
      form_(FormOf(call)),
      is_grouped_(is_grouped),
      is_distinct_(call.distinct && form_ != Form::kMinimum && form_ != Form::kMaximum),
      keeps_values_(form_ == Form::kOther && call.function->aggregate()->keeps_values()) {
  if (is_distinct_) distinct_ = std::make_unique<Distinct>();
}

Fold::Fold(Fold&&) noexcept = default;
Fold::~Fold() = default;

void Fold::ForgetSeen() {
  if (!distinct_) return;
  distinct_->seen.Clear();
  distinct_->seen_nodes.Clear();
}

Fold::Form Fold::FormOf(const bind::Aggregate& call) {
  if (call.function == nullptr) return Form::kCountRows;
  const std::string_view name = call.function->name;
  if (name == "count") return Form::kCount;
  if (name == "sum") return Form::kSum;
  if (name == "avg") return Form::kAverage;
  if (name == "min") return Form::kMinimum;
  if (name == "max") return Form::kMaximum;
  return Form::kOther;
}

bool Fold::CanMerge(const bind::Aggregate& call) {
  const Form form = FormOf(call);
  return call.distinct ? form == Form::kCount : form != Form::kOther;
}

void Fold::Plain::AddReal(double number) {
  const double sum = real + number;
  if (std::isfinite(sum)) {
    lost += std::fabs(real) >= std::fabs(number) ? (real - sum) + number : (number - sum) + real;
  }
  real = sum;
}

void Fold::Plain::AddToAverage(std::int64_t number) {
  if (!__builtin_add_overflow(integer, number, &integer)) return;
  AddReal(static_cast<double>(integer));
  integer = number;
}

void Fold::Resize(std::uint32_t group_count) {
  if (form_ != Form::kOther && plain_.size() < group_count) plain_.resize(group_count);
  const bool counts = form_ == Form::kCountRows || form_ == Form::kCount;
  if (!counts && accumulators_.size() < group_count) accumulators_.resize(group_count);
}

Result<void> Fold::Count(Plain* plain, std::uint64_t times) {
  const bool over = __builtin_add_overflow(plain->integers, times, &plain->integers);
  if (over || plain->integers > kCountMax) return Overflow("count");
  return {};
}

Result<void> Fold::Add(const Batch& batch, std::span<const std::uint32_t> groups,
                       std::uint32_t group_count, eval::EvalContext& context) {
  Resize(group_count);
  if (form_ == Form::kCountRows && batch.multiplicity.empty()) {
    for (std::uint32_t row = 0; row < batch.rows; ++row) ++plain_[groups[row]].integers;
    return {};
  }
  if (form_ == Form::kCountRows) {
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      KB_TRY(Count(&plain_[groups[row]], batch.multiplicity_of(row)));
    }
    return {};
  }
  KB_TRY(eval::Evaluate(*call_.arguments[0], batch, context, &values_));
  if (call_.arguments.size() > 1) {
    KB_TRY(eval::Evaluate(*call_.arguments[1], batch, context, &extras_));
  }
  const bool is_plain = values_.repr() != Repr::kValue && values_.repr() != Repr::kConstant &&
                        values_.repr() != Repr::kNone && values_.nulls() == nullptr;
  rows_.resize(batch.rows);
  std::uint32_t there = 0;
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    rows_[there] = row;
    there += is_plain || !values_.IsNull(row) ? 1U : 0U;
  }
  rows_.resize(there);
  return AddValues(batch, groups);
}

Result<void> Fold::AddValues(const Batch& batch, std::span<const std::uint32_t> groups) {
  if (aside_ && keeps_values_) {
    const bool has_extra = call_.arguments.size() > 1;
    for (const std::uint32_t row : rows_) {
      aside_->Add(groups[row] / range_groups_, groups[row], values_.Get(row),
                  has_extra ? extras_.Get(row) : Value(), Times(batch, row));
    }
    return {};
  }
  if (is_distinct_) SelectDistinct(groups);
  if (form_ == Form::kCount) {
    for (const std::uint32_t row : rows_) {
      KB_TRY(Count(&plain_[groups[row]], Times(batch, row)));
    }
    return {};
  }
  const bool typed =
      values_.repr() == Repr::kInteger ||
      (values_.repr() == Repr::kFloat && (form_ == Form::kSum || form_ == Form::kAverage));
  return form_ != Form::kOther && typed ? AddIntegers(batch, groups) : AddOthers(batch, groups);
}

void Fold::SelectDistinct(std::span<const std::uint32_t> groups) {
  Distinct& mine = *distinct_;
  mine.news.assign(rows_.size(), News::kKnown);
  if (!is_grouped_) {
    const bool is_all = rows_.size() == values_.size();
    if (!is_all) mine.key.GatherFrom(values_, rows_);
    const Vector* columns[] = {is_all ? &values_ : &mine.key};
    MarkFresh(mine.seen, columns, {});
  } else if (values_.repr() != Repr::kNode && values_.repr() != Repr::kValue &&
             values_.repr() != Repr::kConstant) {
    mine.group.Reset(Repr::kInteger, static_cast<std::uint32_t>(rows_.size()));
    for (std::size_t i = 0; i < rows_.size(); ++i) mine.group.integers()[i] = groups[rows_[i]];
    mine.key.GatherFrom(values_, rows_);
    const Vector* pair[] = {&mine.group, &mine.key};
    MarkFresh(mine.seen, pair, {});
  } else {
    // A node and its group fit into one number; nodes have a table of their own, so that it does
    // not matter how a batch represents them.
    std::vector<std::uint32_t> nodes, others;
    for (std::uint32_t i = 0; i < rows_.size(); ++i) {
      (IsNode(rows_[i]) ? nodes : others).push_back(i);
    }
    mine.group.Reset(Repr::kInteger, static_cast<std::uint32_t>(nodes.size()));
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const std::uint32_t row = rows_[nodes[i]];
      const std::uint64_t node = schema::Raw(values_.Get(row).node());
      mine.group.integers()[i] =
          static_cast<std::int64_t>((std::uint64_t{groups[row]} << 32) | node);
    }
    const Vector* packed[] = {&mine.group};
    MarkFresh(mine.seen_nodes, packed, nodes);
    mine.group.Reset(Repr::kInteger, static_cast<std::uint32_t>(others.size()));
    mine.key.Reset(Repr::kValue, static_cast<std::uint32_t>(others.size()));
    for (std::size_t i = 0; i < others.size(); ++i) {
      const std::uint32_t row = rows_[others[i]];
      mine.group.integers()[i] = groups[row];
      mine.key.values()[i] = values_.Get(row);
    }
    const Vector* pair[] = {&mine.group, &mine.key};
    MarkFresh(mine.seen, pair, others);
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (mine.news[i] == News::kFresh) rows_[kept++] = rows_[i];
    if (mine.news[i] == News::kAside) PutRowAside(groups[rows_[i]], rows_[i]);
  }
  rows_.resize(kept);
}

bool Fold::IsNode(std::uint32_t row) const {
  if (values_.repr() == Repr::kNode) return true;
  return (values_.repr() == Repr::kValue || values_.repr() == Repr::kConstant) &&
         values_.Get(row).is_node();
}

void Fold::MarkFresh(KeyTable& table, std::span<const Vector* const> columns,
                     const std::vector<std::uint32_t>& places) {
  Distinct& mine = *distinct_;
  const auto news_at = [&](std::uint32_t i) -> News& {
    return mine.news[places.empty() ? i : places[i]];
  };
  if (aside_) {
    table.Find(columns, columns[0]->size(), &mine.numbers);
    for (std::uint32_t i = 0; i < mine.numbers.size(); ++i) {
      if (mine.numbers[i] == KeyTable::kUnknown) news_at(i) = News::kAside;
    }
    return;
  }
  std::uint32_t known = table.size();
  table.Number(columns, columns[0]->size(), &mine.numbers);
  for (std::uint32_t i = 0; i < mine.numbers.size(); ++i) {
    if (mine.numbers[i] != known) continue;
    news_at(i) = News::kFresh;
    ++known;
  }
}

Result<void> Fold::AddInteger(Plain& plain, std::int64_t value, std::uint64_t times) const {
  const bool first = plain.integers == 0;
  plain.integers += times;
  switch (form_) {
    case Form::kSum: {
      std::int64_t product = 0;
      const auto signed_times = static_cast<std::int64_t>(times);
      if (__builtin_mul_overflow(value, signed_times, &product) ||
          __builtin_add_overflow(plain.integer, product, &plain.integer)) {
        return Overflow("sum");
      }
      return {};
    }
    case Form::kAverage: {
      std::int64_t product = 0;
      if (__builtin_mul_overflow(value, static_cast<std::int64_t>(times), &product)) {
        plain.AddReal(static_cast<double>(value) * static_cast<double>(times));
      } else {
        plain.AddToAverage(product);
      }
      return {};
    }
    case Form::kMinimum:
      plain.integer = first ? value : std::min(plain.integer, value);
      return {};
    case Form::kMaximum:
      plain.integer = first ? value : std::max(plain.integer, value);
      return {};
    case Form::kCountRows:
    case Form::kCount:
    case Form::kOther:
      return {};
  }
  return {};
}

/// Integers of rows that count once each.
Result<void> Fold::AddOnce(std::span<const std::uint32_t> groups) {
  const std::int64_t* values = values_.integers();
  const auto each = [&](const auto& add) {
    for (const std::uint32_t row : rows_) {
      Plain& plain = plain_[groups[row]];
      add(plain, values[row]);
      ++plain.integers;
    }
  };
  if (form_ == Form::kSum) {
    bool over = false;
    each([&](Plain& plain, std::int64_t value) {
      over |= __builtin_add_overflow(plain.integer, value, &plain.integer);
    });
    if (over) return Overflow("sum");
  } else if (form_ == Form::kAverage) {
    each([](Plain& plain, std::int64_t value) { plain.AddToAverage(value); });
  } else {
    const bool least = form_ == Form::kMinimum;
    each([&](Plain& plain, std::int64_t value) {
      const bool better = least ? value < plain.integer : value > plain.integer;
      if (better || plain.integers == 0) plain.integer = value;
    });
  }
  return {};
}

Result<void> Fold::AddIntegers(const Batch& batch, std::span<const std::uint32_t> groups) {
  const bool integers = values_.repr() == Repr::kInteger;
  if (integers && (is_distinct_ || batch.multiplicity.empty())) return AddOnce(groups);
  for (const std::uint32_t row : rows_) {
    Plain& plain = plain_[groups[row]];
    const std::uint64_t times = Times(batch, row);
    if (integers) {
      KB_TRY(AddInteger(plain, values_.integers()[row], times));
      continue;
    }
    plain.reals += times;
    plain.AddReal(values_.floats()[row] * static_cast<double>(times));
  }
  return {};
}

functions::Accumulator& Fold::AccumulatorOf(std::uint32_t group) {
  if (!accumulators_[group]) accumulators_[group] = call_.function->aggregate();
  return *accumulators_[group];
}

Result<void> Fold::AddOthers(const Batch& batch, std::span<const std::uint32_t> groups) {
  const bool has_extra = call_.arguments.size() > 1;
  const Span span = call_.arguments[0]->span;
  for (const std::uint32_t row : rows_) {
    kept_ += keeps_values_ ? Times(batch, row) : 0;
    const auto added =
        AccumulatorOf(groups[row])
            .Add(values_.Get(row), has_extra ? extras_.Get(row) : Value(), Times(batch, row));
    if (!added.ok()) return Error(added.error()).At(span);
  }
  return {};
}

Result<void> Fold::HandOver(const Plain& plain, functions::Accumulator& accumulator) const {
  const Value none;
  if (form_ == Form::kAverage) {
    const std::uint64_t count = plain.integers + plain.reals;
    if (count == 0) return {};
    return accumulator.Add(Value::Float(plain.sum() / static_cast<double>(count)), none, count);
  }
  if (plain.integers != 0) KB_TRY(accumulator.Add(Value::Integer(plain.integer), none, 1));
  if (plain.reals != 0) KB_TRY(accumulator.Add(Value::Float(plain.real + plain.lost), none, 1));
  return {};
}

Result<Value> Fold::ResultOf(std::uint32_t group) {
  if (form_ == Form::kOther) return AccumulatorOf(group).Finish();
  const Plain& plain = plain_[group];
  if (accumulators_[group] || plain.integers + plain.reals == 0) {
    functions::Accumulator& accumulator = AccumulatorOf(group);
    KB_TRY(HandOver(plain, accumulator));
    return accumulator.Finish();
  }
  if (form_ == Form::kAverage) {
    return Value::Float(plain.sum() / static_cast<double>(plain.integers + plain.reals));
  }
  if (plain.reals != 0) {
    return Value::Float(plain.sum());
  }
  return Value::Integer(plain.integer);
}

Result<void> Fold::Merge(Fold* other, std::span<const std::uint32_t> groups,
                         std::uint32_t group_count) {
  Resize(group_count);
  if (is_distinct_) return MergeDistinct(other, groups);
  for (std::size_t i = 0; i < other->plain_.size(); ++i) {
    KB_TRY(MergePlain(other->plain_[i], &plain_[groups[i]]));
  }
  for (std::size_t i = 0; i < other->accumulators_.size(); ++i) {
    if (!other->accumulators_[i]) continue;
    const auto merged = AccumulatorOf(groups[i]).Merge(*other->accumulators_[i]);
    if (!merged.ok()) return Error(merged.error()).At(call_.arguments[0]->span);
  }
  return {};
}

Result<void> Fold::MergePlain(const Plain& from, Plain* to) const {
  if (form_ == Form::kCountRows || form_ == Form::kCount) return Count(to, from.integers);
  if (from.integers != 0) {
    if (form_ == Form::kSum || form_ == Form::kAverage) {
      const std::uint64_t integers = to->integers + from.integers;
      if (form_ == Form::kSum) {
        KB_TRY(AddInteger(*to, from.integer, 1));
      } else {
        to->AddToAverage(from.integer);
      }
      to->integers = integers;
    } else {
      KB_TRY(AddInteger(*to, from.integer, from.integers));
    }
  }
  to->reals += from.reals;
  to->AddReal(from.real);
  to->lost += from.lost;
  return {};
}

/// For counts alone: what the other has seen is counted here if it is new.
Result<void> Fold::MergeDistinct(Fold* other, std::span<const std::uint32_t> groups) {
  Distinct& mine = *distinct_;
  Distinct& theirs = *other->distinct_;
  const auto batches = [](const KeyTable& from, const auto& merge) -> Result<void> {
    for (std::uint32_t begin = 0; begin < from.size(); begin += kBatchRows) {
      KB_TRY(merge(begin, std::min(from.size(), begin + kBatchRows)));
    }
    return {};
  };
  if (!is_grouped_) {
    const std::uint32_t known = mine.seen.size();
    const std::uint32_t size = theirs.seen.size();
    if (size == 0) return {};
    mine.seen.NumberFrom(&theirs.seen, 0, size, &mine.numbers);
    return CountFresh(known, [](std::uint32_t) { return 0U; });
  }
  KB_TRY(batches(theirs.seen_nodes, [&](std::uint32_t begin, std::uint32_t end) {
    theirs.seen_nodes.ColumnOf(0, begin, end, &mine.group);
    for (std::uint32_t i = 0; i < end - begin; ++i) {
      const auto packed = static_cast<std::uint64_t>(mine.group.integers()[i]);
      const std::uint64_t group = groups[packed >> 32];
      mine.group.integers()[i] = static_cast<std::int64_t>((group << 32) | (packed & 0xFFFF'FFFFu));
    }
    const Vector* packed[] = {&mine.group};
    const std::uint32_t known = mine.seen_nodes.size();
    mine.seen_nodes.Number(packed, end - begin, &mine.numbers);
    return CountFresh(known, [&](std::uint32_t i) {
      return static_cast<std::uint32_t>(mine.group.integers()[i] >> 32);
    });
  }));
  Vector their_groups;
  return batches(theirs.seen, [&](std::uint32_t begin, std::uint32_t end) {
    theirs.seen.ColumnOf(0, begin, end, &their_groups);
    theirs.seen.ColumnOf(1, begin, end, &mine.key);
    mine.group.Reset(Repr::kInteger, end - begin);
    for (std::uint32_t i = 0; i < end - begin; ++i) {
      mine.group.integers()[i] = groups[static_cast<std::size_t>(their_groups.Get(i).integer())];
    }
    const Vector* pair[] = {&mine.group, &mine.key};
    const std::uint32_t known = mine.seen.size();
    mine.seen.Number(pair, end - begin, &mine.numbers);
    return CountFresh(known, [&](std::uint32_t i) {
      return static_cast<std::uint32_t>(mine.group.integers()[i]);
    });
  });
}

/// Counts the numbers of the batch at hand that were not there when the table had `known` keys.
template <typename GroupOf>
Result<void> Fold::CountFresh(std::uint32_t known, const GroupOf& group_of) {
  for (std::uint32_t i = 0; i < distinct_->numbers.size(); ++i) {
    if (distinct_->numbers[i] != known) continue;
    ++known;
    KB_TRY(Count(&plain_[group_of(i)], 1));
  }
  return {};
}

Result<void> Fold::Finish(std::uint32_t begin, std::uint32_t end, Vector* out) {
  Resize(end);
  if (ranges_ && begin % range_groups_ == 0) {
    kept_ = 0;
    ForgetSeen();
    KB_TRY(TakeBack(ranges_.get(), begin / range_groups_, nullptr));
  }
  const bool counts = form_ == Form::kCountRows || form_ == Form::kCount;
  out->Reset(counts ? Repr::kInteger : Repr::kValue, end - begin);
  for (std::uint32_t group = begin; group < end; ++group) {
    if (counts) {
      out->integers()[group - begin] = static_cast<std::int64_t>(plain_[group].integers);
      continue;
    }
    auto value = ResultOf(group);
    if (!value.ok()) return Error(value.error()).At(call_.arguments[0]->span);
    out->values()[group - begin] = std::move(value).value();
    accumulators_[group].reset();
  }
  return {};
}

}  // namespace kb::query::exec
