// Aggregates. Nulls never arrive (but for count(*)), and DISTINCT is the executor's.

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "query/functions/convert.h"
#include "query/functions/table.h"
#include "schema/base/limits.h"
#include "schema/order.h"
#include "schema/temporal.h"

namespace kb::query::functions {
namespace {

template <typename T>
std::unique_ptr<Accumulator> Start() {
  return std::make_unique<T>();
}

Error NotANumber(std::string_view name, const Value& value) {
  return TypeError("{}() takes numbers, but this is {} {}", name, schema::KindName(value.kind()),
                   Preview(value))
      .Detail("InvalidArgumentType");
}

class Count : public Accumulator {
 public:
  Result<void> Add(const Value&, const Value&, std::uint64_t multiplicity) override {
    count_ += multiplicity;
    return {};
  }
  Result<Value> Finish() override { return Value::Integer(static_cast<std::int64_t>(count_)); }

 private:
  std::uint64_t count_ = 0;
};

class Collect : public Accumulator {
 public:
  Result<void> Add(const Value& value, const Value&, std::uint64_t multiplicity) override {
    if (multiplicity > limits::kListSizeMax ||
        items_.size() + multiplicity > limits::kListSizeMax) {
      return LimitError("collect() would make a list of more than {} elements",
                        limits::kListSizeMax);
    }
    items_.insert(items_.end(), multiplicity, value);
    return {};
  }
  Result<Value> Finish() override {
    Value list = Value::List(std::move(items_));
    if (list.nesting() <= limits::kValueNestingMax) return list;
    return LimitError("lists are nested {} deep: at most {}", list.nesting(),
                      limits::kValueNestingMax);
  }
  bool keeps_values() const override { return true; }
  std::vector<Kept> TakeValues() override {
    std::vector<Kept> kept;
    kept.reserve(items_.size());
    for (Value& item : items_) kept.push_back({std::move(item), Value(), 1});
    std::vector<Value>().swap(items_);
    return kept;
  }

 private:
  std::vector<Value> items_;
};

/// A sum of floats that carries along what rounding would lose (Neumaier).
class FloatSum {
 public:
  void Add(double number) {
    const double sum = sum_ + number;
    if (std::isfinite(sum)) {
      lost_ += std::fabs(sum_) >= std::fabs(number) ? (sum_ - sum) + number : (number - sum) + sum_;
    }
    sum_ = sum;
  }
  void Add(const FloatSum& other) {
    Add(other.sum_);
    lost_ += other.lost_;
  }
  double Total() const { return sum_ + lost_; }

 private:
  double sum_ = 0;
  double lost_ = 0;
};

/// The sum of numbers, exact for integers beyond 64 bits, or of durations.
class Total {
  __extension__ typedef __int128 Wide;

 public:
  Result<void> Add(std::string_view name, const Value& value, std::uint64_t multiplicity) {
    if (value.kind() == Kind::kDuration && !has_numbers_) {
      schema::Duration product = value.duration();
      if (multiplicity > 1) {
        KB_ASSIGN(product, schema::Scale(product, static_cast<double>(multiplicity)));
      }
      KB_ASSIGN(duration_, schema::Add(duration_.value_or(schema::Duration{}), product, 1));
    } else if (value.is_integer() && !duration_) {
      integers_ += static_cast<Wide>(value.integer()) * static_cast<Wide>(multiplicity);
      has_numbers_ = true;
    } else if (value.is_float() && !duration_) {
      floats_.Add(value.floating() * static_cast<double>(multiplicity));
      has_numbers_ = has_floats_ = true;
    } else {
      return NotANumber(name, value);
    }
    count_ += multiplicity;
    return {};
  }

  Result<void> Add(std::string_view name, const Total& other) {
    if (other.count_ == 0) return {};
    if (count_ != 0 && duration_.has_value() != other.duration_.has_value()) {
      return NotANumber(name, Value::Of(duration_ ? *duration_ : *other.duration_));
    }
    if (other.duration_) {
      KB_ASSIGN(duration_,
                schema::Add(duration_.value_or(schema::Duration{}), *other.duration_, 1));
    }
    integers_ += other.integers_;
    floats_.Add(other.floats_);
    has_numbers_ = has_numbers_ || other.has_numbers_;
    has_floats_ = has_floats_ || other.has_floats_;
    count_ += other.count_;
    return {};
  }

  Result<Value> Sum() const {
    if (duration_) return Value::Of(*duration_);
    if (has_floats_) return Value::Float(Number());
    if (integers_ > std::numeric_limits<std::int64_t>::max() ||
        integers_ < std::numeric_limits<std::int64_t>::min()) {
      return ArithmeticError("sum() is outside of what an integer holds")
          .Detail("IntegerOverflow")
          .Hint("sum(toFloat(x)) computes with floats");
    }
    return Value::Integer(static_cast<std::int64_t>(integers_));
  }

  Result<Value> Average() const {
    if (count_ == 0) return Value::Null();
    const auto count = static_cast<double>(count_);
    if (!duration_) return Value::Float(Number() / count);
    KB_ASSIGN(auto average, schema::Divide(*duration_, count));
    return Value::Of(average);
  }

 private:
  double Number() const { return static_cast<double>(integers_) + floats_.Total(); }

  Wide integers_ = 0;
  FloatSum floats_;
  std::optional<schema::Duration> duration_;
  bool has_numbers_ = false;
  bool has_floats_ = false;
  std::uint64_t count_ = 0;
};

class SumOf : public Accumulator {
 public:
  Result<void> Add(const Value& value, const Value&, std::uint64_t multiplicity) override {
    return total_.Add("sum", value, multiplicity);
  }
  Result<Value> Finish() override { return total_.Sum(); }
  Result<void> Merge(const Accumulator& other) override {
    return total_.Add("sum", static_cast<const SumOf&>(other).total_);
  }

 private:
  Total total_;
};

class AverageOf : public Accumulator {
 public:
  Result<void> Add(const Value& value, const Value&, std::uint64_t multiplicity) override {
    return total_.Add("avg", value, multiplicity);
  }
  Result<Value> Finish() override { return total_.Average(); }
  Result<void> Merge(const Accumulator& other) override {
    return total_.Add("avg", static_cast<const AverageOf&>(other).total_);
  }

 private:
  Total total_;
};

/// The first or last in the order of ORDER BY.
template <bool kIsMax>
class Extreme : public Accumulator {
 public:
  Result<void> Add(const Value& value, const Value&, std::uint64_t) override {
    if (best_.is_null()) {
      best_ = value;
      return {};
    }
    const auto order = schema::Order(value, best_);
    if (kIsMax ? order > 0 : order < 0) best_ = value;
    return {};
  }
  Result<Value> Finish() override { return best_; }
  Result<void> Merge(const Accumulator& other) override {
    const Value& best = static_cast<const Extreme&>(other).best_;
    return best.is_null() ? Result<void>() : Add(best, Value(), 1);
  }

 private:
  Value best_;
};

/// The standard deviation of a sample or of the whole, in one pass (Welford).
template <bool kIsSample>
class Deviation : public Accumulator {
 public:
  Result<void> Add(const Value& value, const Value&, std::uint64_t multiplicity) override {
    if (!value.is_number()) return NotANumber(kIsSample ? "stDev" : "stDevP", value);
    const auto weight = static_cast<double>(multiplicity);
    count_ += weight;
    const double distance = value.number() - mean_;
    mean_ += distance * weight / count_;
    squares_ += weight * distance * (value.number() - mean_);
    return {};
  }
  Result<Value> Finish() override {
    const double divisor = kIsSample ? count_ - 1 : count_;
    return Value::Float(divisor > 0 ? std::sqrt(squares_ / divisor) : 0.0);
  }

 private:
  double count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

template <bool kIsContinuous>
class Percentile : public Accumulator {
 public:
  Result<void> Add(const Value& value, const Value& extra, std::uint64_t multiplicity) override {
    constexpr std::string_view kName = kIsContinuous ? "percentileCont" : "percentileDisc";
    if (!value.is_number()) return NotANumber(kName, value);
    if (!extra.is_number()) return NotANumber(kName, extra);
    const double percentile = extra.number();
    if (!(percentile >= 0 && percentile <= 1)) {
      return ArgumentError("the percentile of {}() is {}, but must be from 0.0 to 1.0", kName,
                           Preview(extra))
          .Detail("NumberOutOfRange");
    }
    percentile_ = percentile;
    count_ += multiplicity;
    entries_.push_back({value, multiplicity});
    return {};
  }

  Result<Value> Finish() override {
    if (entries_.empty()) return Value::Null();
    if (!is_each_once()) std::sort(entries_.begin(), entries_.end(), IsBefore);
    const auto last = static_cast<double>(count_ - 1);
    if (!kIsContinuous) {
      const double at = std::ceil(percentile_ * static_cast<double>(count_)) - 1;
      return At(static_cast<std::uint64_t>(std::clamp(at, 0.0, last)));
    }
    const double place = percentile_ * last;
    const double below = std::floor(place);
    const double low = At(static_cast<std::uint64_t>(below)).number();
    const double high = At(static_cast<std::uint64_t>(std::ceil(place))).number();
    // Not low + (high - low) * …: that would make NaN of two equal infinities.
    return Value::Float(low == high ? low : low + (high - low) * (place - below));
  }
  bool keeps_values() const override { return true; }
  std::vector<Kept> TakeValues() override {
    std::vector<Kept> kept;
    kept.reserve(entries_.size());
    for (Entry& entry : entries_) {
      kept.push_back({std::move(entry.value), Value::Float(percentile_), entry.multiplicity});
    }
    std::vector<Entry>().swap(entries_);
    count_ = 0;
    return kept;
  }

 private:
  struct Entry {
    Value value;
    std::uint64_t multiplicity;
  };

  bool is_each_once() const { return count_ == entries_.size(); }

  /// In the order of schema::Order, which is only asked where the numbers do not tell.
  static bool IsBefore(const Entry& a, const Entry& b) {
    const double left = a.value.number();
    const double right = b.value.number();
    return left < right || (!(right < left) && schema::Order(a.value, b.value) < 0);
  }

  /// The value at a position among all, repeats counted.
  const Value& At(std::uint64_t position) {
    if (is_each_once()) {
      const auto at = entries_.begin() + static_cast<std::ptrdiff_t>(position);
      std::nth_element(entries_.begin(), at, entries_.end(), IsBefore);
      return at->value;
    }
    for (const Entry& entry : entries_) {
      if (position < entry.multiplicity) return entry.value;
      position -= entry.multiplicity;
    }
    return entries_.back().value;
  }

  std::vector<Entry> entries_;
  std::uint64_t count_ = 0;
  double percentile_ = 0;
};

}  // namespace

Result<void> Accumulator::Merge(const Accumulator&) {
  return InternalError("this aggregate cannot be put together from parts");
}

std::span<const Function> AggregateFunctions() {
  static const std::vector<Argument> any = {{"value"}};
  static const std::vector<Argument> summable = {{"value", kNumberKinds | kDurationKind}};
  static const std::vector<Argument> number = {{"value", kNumberKinds}};
  // What is no percentile is an ArgumentError of the running statement.
  static const std::vector<Argument> percentile = {{"value", kNumberKinds},
                                                   {"percentile", kNumberKinds}};
  static const std::vector<Function> table = {
      Make({"avg", "avg(value :: NUMBER | DURATION) :: FLOAT | DURATION",
            "The average of the values, null if there are none.",
            "UNWIND [1, 2] AS x RETURN avg(x)", "1.5"},
           summable, kFloatKind | kDurationKind, Start<AverageOf>),
      Make({"collect", "collect(value :: ANY) :: LIST<ANY>", "The values as a list.",
            "UNWIND [1, 2] AS x RETURN collect(x)", "[1, 2]"},
           any, kListKind, Start<Collect>),
      Make({"count", "count(value :: ANY) :: INTEGER",
            "How many values there are that are not null; count(*) counts rows.",
            "UNWIND [1, null] AS x RETURN count(x)", "1"},
           any, kIntegerKind, Start<Count>),
      Make({"max", "max(value :: ANY) :: ANY", "The largest value, null if there are none.",
            "UNWIND [1, 2] AS x RETURN max(x)", "2"},
           any, kAnyKind, Start<Extreme<true>>),
      Make({"min", "min(value :: ANY) :: ANY", "The smallest value, null if there are none.",
            "UNWIND [1, 2] AS x RETURN min(x)", "1"},
           any, kAnyKind, Start<Extreme<false>>),
      Make({"percentileCont", "percentileCont(value :: NUMBER, percentile :: FLOAT) :: FLOAT",
            "The value at a percentile (0.0 to 1.0), interpolated between neighbours.",
            "UNWIND [1, 2] AS x RETURN percentileCont(x, 0.5)", "1.5"},
           percentile, kFloatKind, Start<Percentile<true>>),
      Make({"percentileDisc", "percentileDisc(value :: NUMBER, percentile :: FLOAT) :: NUMBER",
            "The value nearest to a percentile (0.0 to 1.0).",
            "UNWIND [1, 2] AS x RETURN percentileDisc(x, 0.5)", "1"},
           percentile, kNumberKinds, Start<Percentile<false>>),
      Make({"stDev", "stDev(value :: NUMBER) :: FLOAT",
            "The standard deviation, of values that are a sample.",
            "UNWIND [1, 3, 5] AS x RETURN stDev(x)", "2.0"},
           number, kFloatKind, Start<Deviation<true>>),
      Make({"stDevP", "stDevP(value :: NUMBER) :: FLOAT",
            "The standard deviation, of values that are the whole.",
            "UNWIND [1, 3] AS x RETURN stDevP(x)", "1.0"},
           number, kFloatKind, Start<Deviation<false>>),
      Make({"sum", "sum(value :: NUMBER | DURATION) :: NUMBER | DURATION",
            "The sum of the values, 0 if there are none.", "UNWIND [1, 2] AS x RETURN sum(x)", "3"},
           summable, kNumberKinds | kDurationKind, Start<SumOf>),
  };
  return table;
}

}  // namespace kb::query::functions
