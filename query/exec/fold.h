// Fold: one aggregate call over all groups.
//
// count, sum, avg, min and max keep plain numbers as long as typed number columns come in; the
// first other column gives a group an Accumulator (query/functions), which at the end is handed
// what the plain numbers stand for. Everything else goes to Accumulators from the start. DISTINCT
// lets the first of equal values of a group pass, for any function.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "query/exec/keys.h"
#include "query/exec/runtime.h"

namespace kb::query::exec {

/// One thread.
class Fold {
 public:
  /// `is_grouped`: there may be more groups than one.
  Fold(const bind::Aggregate& call, bool is_grouped);

  /// Adds the rows of a batch; `groups` has the group of each.
  Result<void> Add(const Batch& batch, std::span<const std::uint32_t> groups,
                   std::uint32_t group_count, eval::EvalContext& context);
  /// Takes in what another fold of the same call has; `groups` has the group here of each of its.
  /// For calls that CanMerge.
  Result<void> Merge(Fold* other, std::span<const std::uint32_t> groups, std::uint32_t group_count);
  /// Whether the result does not depend on the order of rows, and parts of it can be put together.
  static bool CanMerge(const bind::Aggregate& call);
  /// The results of the groups [begin, end). Each group once.
  Result<void> Finish(std::uint32_t begin, std::uint32_t end, Vector* out);

 private:
  enum class Form : std::uint8_t { kCountRows, kCount, kSum, kAverage, kMinimum, kMaximum, kOther };
  /// A sum of floats carries along what rounding would lose (Neumaier), so that it is the same
  /// however its parts are put together.
  struct Plain {
    std::int64_t integer = 0;
    double real = 0;
    double lost = 0;
    std::uint64_t integers = 0;  ///< How many integers came in …
    std::uint64_t reals = 0;     ///< … and how many floats.

    void AddReal(double number);
    /// To an average, which goes on in floats where integers are too narrow.
    void AddToAverage(std::int64_t number);
    double sum() const { return real + lost + static_cast<double>(integer); }
  };

  static Result<void> Count(Plain* plain, std::uint64_t times);
  static Form FormOf(const bind::Aggregate& call);
  void Resize(std::uint32_t group_count);
  void SelectDistinct(std::span<const std::uint32_t> groups);
  Result<void> MergePlain(const Plain& from, Plain* to) const;
  Result<void> MergeDistinct(Fold* other, std::span<const std::uint32_t> groups);
  template <typename GroupOf>
  Result<void> CountFresh(std::uint32_t known, const GroupOf& group_of);
  bool IsNode(std::uint32_t row) const;
  /// Marks the rows whose keys are new to the table; `places`: their places in rows_ (empty: all).
  void MarkFresh(KeyTable& table, std::span<const Vector* const> columns,
                 const std::vector<std::uint32_t>& places);
  Result<void> AddOnce(std::span<const std::uint32_t> groups);
  Result<void> AddIntegers(const Batch& batch, std::span<const std::uint32_t> groups);
  Result<void> AddOthers(const Batch& batch, std::span<const std::uint32_t> groups);
  Result<void> AddInteger(Plain& plain, std::int64_t value, std::uint64_t times) const;
  std::uint64_t Times(const Batch& batch, std::uint32_t row) const {
    return call_.distinct ? 1 : batch.multiplicity_of(row);
  }
  functions::Accumulator& AccumulatorOf(std::uint32_t group);
  Result<Value> ResultOf(std::uint32_t group);
  Result<void> HandOver(const Plain& plain, functions::Accumulator& accumulator) const;

  const bind::Aggregate& call_;
  const Form form_;
  std::vector<Plain> plain_;
  std::vector<std::unique_ptr<functions::Accumulator>> accumulators_;
  const bool is_grouped_;
  KeyTable seen_, seen_nodes_;

  // The batch at hand.
  Vector values_, extras_, distinct_key_, distinct_group_;
  std::vector<std::uint32_t> rows_;  ///< Those that count.
  std::vector<std::uint32_t> numbers_;
  std::vector<std::uint8_t> is_fresh_;  ///< For each of rows_, under DISTINCT.
};

}  // namespace kb::query::exec
