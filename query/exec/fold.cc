#include "query/exec/fold.h"

#include <algorithm>
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
    : call_(call), form_(FormOf(call)), is_grouped_(is_grouped) {}

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

void Fold::Resize(std::uint32_t group_count) {
  if (form_ != Form::kOther && plain_.size() < group_count) plain_.resize(group_count);
  if (accumulators_.size() < group_count) accumulators_.resize(group_count);
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
  if (call_.distinct) SelectDistinct(groups);
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
  is_fresh_.assign(rows_.size(), 0);
  if (!is_grouped_) {
    distinct_key_.GatherFrom(values_, rows_);
    const Vector* columns[] = {&distinct_key_};
    MarkFresh(seen_, columns, {});
  } else {
    // A node and its group fit into one number; nodes have a table of their own, so that it does
    // not matter how a batch represents them.
    std::vector<std::uint32_t> nodes, others;
    for (std::uint32_t i = 0; i < rows_.size(); ++i) {
      (IsNode(rows_[i]) ? nodes : others).push_back(i);
    }
    distinct_group_.Reset(Repr::kInteger, static_cast<std::uint32_t>(nodes.size()));
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const std::uint32_t row = rows_[nodes[i]];
      const std::uint64_t node = schema::Raw(values_.Get(row).node());
      distinct_group_.integers()[i] =
          static_cast<std::int64_t>((std::uint64_t{groups[row]} << 32) | node);
    }
    const Vector* packed[] = {&distinct_group_};
    MarkFresh(seen_nodes_, packed, nodes);
    distinct_group_.Reset(Repr::kInteger, static_cast<std::uint32_t>(others.size()));
    distinct_key_.Reset(Repr::kValue, static_cast<std::uint32_t>(others.size()));
    for (std::size_t i = 0; i < others.size(); ++i) {
      const std::uint32_t row = rows_[others[i]];
      distinct_group_.integers()[i] = groups[row];
      distinct_key_.values()[i] = values_.Get(row);
    }
    const Vector* pair[] = {&distinct_group_, &distinct_key_};
    MarkFresh(seen_, pair, others);
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (is_fresh_[i] != 0) rows_[kept++] = rows_[i];
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
  std::uint32_t known = table.size();
  table.Number(columns, columns[0]->size(), &numbers_);
  for (std::uint32_t i = 0; i < numbers_.size(); ++i) {
    if (numbers_[i] != known) continue;
    is_fresh_[places.empty() ? i : places[i]] = 1;
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
    case Form::kAverage:
      plain.real += static_cast<double>(value) * static_cast<double>(times);
      return {};
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
    each([](Plain& plain, std::int64_t value) { plain.real += static_cast<double>(value); });
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
  if (integers && (call_.distinct || batch.multiplicity.empty())) return AddOnce(groups);
  for (const std::uint32_t row : rows_) {
    Plain& plain = plain_[groups[row]];
    const std::uint64_t times = Times(batch, row);
    if (integers) {
      KB_TRY(AddInteger(plain, values_.integers()[row], times));
      continue;
    }
    plain.reals += times;
    plain.real += values_.floats()[row] * static_cast<double>(times);
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
    return accumulator.Add(Value::Float(plain.real / static_cast<double>(count)), none, count);
  }
  if (plain.integers != 0) KB_TRY(accumulator.Add(Value::Integer(plain.integer), none, 1));
  if (plain.reals != 0) KB_TRY(accumulator.Add(Value::Float(plain.real), none, 1));
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
    return Value::Float(plain.real / static_cast<double>(plain.integers + plain.reals));
  }
  if (plain.reals != 0) {
    return Value::Float(plain.real + static_cast<double>(plain.integer));
  }
  return Value::Integer(plain.integer);
}

Result<void> Fold::Finish(std::uint32_t begin, std::uint32_t end, Vector* out) {
  Resize(end);
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
