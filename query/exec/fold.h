// Fold: one aggregate call over all groups.
//
// count, sum, avg, min and max keep plain numbers as long as typed number columns come in; the
// first other column gives a group an Accumulator (query/functions), which at the end is handed
// what the plain numbers stand for. Everything else goes to Accumulators from the start. DISTINCT
// lets the first of equal values of a group pass, for any function.
//
// A fold that keeps many values puts them aside when memory is short (fold_aside.cc), in one of two
// ways. Under DISTINCT, values that have not been seen go by their hash, and count part by part
// when the rows have ended. What is kept until the end (collect, percentiles) goes by its group, in
// ranges of groups, and comes back range by range when results are asked for.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "query/exec/keys.h"
#include "query/exec/runtime.h"
#include "query/exec/spilled_values.h"

namespace kb::query::exec {

/// One thread.
class Fold {
 public:
  /// `is_grouped`: there may be more groups than one.
  Fold(const bind::Aggregate& call, bool is_grouped);
  Fold(Fold&&) noexcept;
  ~Fold();

  /// Adds the rows of a batch; `groups` has the group of each.
  Result<void> Add(const Batch& batch, std::span<const std::uint32_t> groups,
                   std::uint32_t group_count, eval::EvalContext& context);
  /// Takes in what another fold of the same call has; `groups` has the group here of each of its.
  /// For calls that CanMerge.
  Result<void> Merge(Fold* other, std::span<const std::uint32_t> groups, std::uint32_t group_count);
  /// Whether the result does not depend on the order of rows, and parts of it can be put together.
  static bool CanMerge(const bind::Aggregate& call);
  /// The results of the groups [begin, end). Each group once, in order, none past EndOf(begin).
  Result<void> Finish(std::uint32_t begin, std::uint32_t end, Vector* out);

  /// How many values it keeps and could put aside.
  std::uint64_t held() const { return aside_ ? 0 : kept_ + SeenCount(); }
  /// Puts values aside from here on, if it keeps enough; true: there can be no new groups now.
  bool PutAside(const std::shared_ptr<storage::PagedMemory>& memory, std::uint32_t group_count);
  static constexpr std::uint64_t kHeldMin = 8 * kBatchRows;
  /// For after the last row: takes in what was put aside, as far as that can be done for all
  /// groups.
  Result<void> Complete(const Cancellation* cancellation);
  /// Where the groups end whose results are at hand together with that of `begin`.
  std::uint32_t EndOf(std::uint32_t begin, std::uint32_t group_count) const;

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
  /// Adds rows_ of values_ and extras_.
  Result<void> AddValues(const Batch& batch, std::span<const std::uint32_t> groups);
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
    return is_distinct_ ? 1 : batch.multiplicity_of(row);
  }
  std::uint64_t SeenCount() const {
    return distinct_ ? distinct_->seen.size() + distinct_->seen_nodes.size() : 0;
  }
  void ForgetSeen();
  void PutRowAside(std::uint32_t group, std::uint32_t row);
  Result<void> TakeBack(SpilledValues* from, std::size_t part, const Cancellation* cancellation);
  Result<void> AddPiece(SpilledValues::Piece* piece);
  functions::Accumulator& AccumulatorOf(std::uint32_t group);
  Result<Value> ResultOf(std::uint32_t group);
  Result<void> HandOver(const Plain& plain, functions::Accumulator& accumulator) const;

  const bind::Aggregate& call_;
  const Form form_;
  std::vector<Plain> plain_;
  std::vector<std::unique_ptr<functions::Accumulator>> accumulators_;
  const bool is_grouped_;
  const bool is_distinct_;  ///< And it makes a difference.
  const bool keeps_values_;
  std::uint64_t kept_ = 0;  ///< Values that accumulators keep.

  enum class News : std::uint8_t { kKnown, kFresh, kAside };
  /// What DISTINCT takes.
  struct Distinct {
    KeyTable seen, seen_nodes;
    // The batch at hand.
    Vector key, group;
    std::vector<std::uint32_t> numbers;
    std::vector<News> news;  ///< For each of rows_.
  };
  std::unique_ptr<Distinct> distinct_;  ///< Where is_distinct_.

  std::unique_ptr<SpilledValues> aside_;   ///< Set while values are put aside.
  unsigned level_ = 0;                     ///< How often those at hand have been put aside.
  std::unique_ptr<SpilledValues> ranges_;  ///< What is kept, by ranges of groups; then complete.
  std::uint32_t range_groups_ = 0;

  // The batch at hand.
  Vector values_, extras_;
  std::vector<std::uint32_t> rows_;  ///< Those that count.
};

}  // namespace kb::query::exec
