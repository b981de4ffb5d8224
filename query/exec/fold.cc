#include "query/exec/fold.h"

#include <algorithm>

namespace kb::query::exec {
namespace {

Error Overflow(std::string_view function) {
  return ArithmeticError("{}() is larger than a 64-bit integer can hold", function)
      .Hint("sum floats instead: toFloat(…)");
}

}  // namespace

Fold::Fold(const bind::Aggregate& call) : call_(call), form_(FormOf(call)) {}

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

Result<void> Fold::Add(const Batch& batch, std::span<const std::uint32_t> groups,
                       std::uint32_t group_count, eval::EvalContext& context) {
  Resize(group_count);
  if (form_ == Form::kCountRows) {
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      plain_[groups[row]].integers += batch.multiplicity_of(row);
    }
    return {};
  }
  KB_TRY(eval::Evaluate(*call_.arguments[0], batch, context, &values_));
  if (call_.arguments.size() > 1) {
    KB_TRY(eval::Evaluate(*call_.arguments[1], batch, context, &extras_));
  }
  rows_.clear();
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    if (!values_.IsNull(row)) rows_.push_back(row);
  }
  if (call_.distinct) SelectDistinct(groups);
  if (form_ == Form::kCount) {
    for (const std::uint32_t row : rows_) plain_[groups[row]].integers += Times(batch, row);
    return {};
  }
  const bool typed =
      values_.repr() == Repr::kInteger ||
      (values_.repr() == Repr::kFloat && (form_ == Form::kSum || form_ == Form::kAverage));
  return form_ != Form::kOther && typed ? AddIntegers(batch, groups) : AddOthers(batch, groups);
}

void Fold::SelectDistinct(std::span<const std::uint32_t> groups) {
  const auto count = static_cast<std::uint32_t>(rows_.size());
  std::vector<const Vector*> columns;
  distinct_key_.GatherFrom(values_, rows_);
  if (distinct_key_.repr() == Repr::kNode && distinct_key_.nulls() == nullptr) {
    // Group and node in one number.
    distinct_group_.Reset(Repr::kInteger, count);
    for (std::uint32_t i = 0; i < count; ++i) {
      distinct_group_.integers()[i] = static_cast<std::int64_t>(
          (std::uint64_t{groups[rows_[i]]} << 32) | schema::Raw(distinct_key_.nodes()[i]));
    }
    distinct_key_.Reset(Repr::kConstant, 0);
    columns = {&distinct_group_};
  } else {
    distinct_group_.Reset(Repr::kInteger, count);
    for (std::uint32_t i = 0; i < count; ++i) distinct_group_.integers()[i] = groups[rows_[i]];
    distinct_key_.Box();
    columns = {&distinct_group_, &distinct_key_};
  }
  std::uint32_t known = seen_.size();
  seen_.Number(columns, count, &numbers_);
  std::vector<std::uint32_t> fresh;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (numbers_[i] != known) continue;
    fresh.push_back(rows_[i]);
    ++known;
  }
  rows_ = std::move(fresh);
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

Result<void> Fold::AddIntegers(const Batch& batch, std::span<const std::uint32_t> groups) {
  const bool integers = values_.repr() == Repr::kInteger;
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
