// SortedRows: rows in the order of keys, equal ones as they came; with a limit only the first. When
// enough have gathered the rest is dropped, and of what comes later only rows are taken in whose
// first key is not behind that of the last one kept; of the others nothing else is read.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "query/exec/batch.h"
#include "query/exec/key_bound.h"
#include "query/exec/runtime.h"
#include "query/plan/plan.h"

namespace kb::query::exec {

/// One thread.
class SortedRows {
 public:
  static constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

  /// `live`: the slots that are read later; nullptr: all.
  SortedRows(const plan::Sort& plan, std::size_t slot_count, const std::vector<Slot>* live);

  void Clear();
  void SetLimit(std::uint64_t limit) { limit_ = limit; }

  /// Takes in what of a batch may be among the first. `share`: of equal rows those of a lower
  /// share came first, whenever they are added. May change the batch.
  Result<void> Add(Batch* batch, eval::EvalContext& context, std::uint32_t share = 0);
  /// Takes in rows that have been gathered elsewhere and ordered.
  void Merge(const SortedRows& other);
  std::uint32_t size() const { return rows_.rows; }
  /// What is known of the rows that are still wanted, as it goes on.
  const std::shared_ptr<KeyBound>& bound() const { return bound_; }

  /// Puts them in order. Then order() has the places of the rows, the first first.
  void Order();
  const std::vector<std::uint32_t>& order() const { return order_; }
  const Batch& rows() const { return rows_; }
  const std::vector<Vector>& keys() const { return keys_; }

 private:
  /// A row, and what its first key begins with: of two that differ there, the lower comes first.
  struct Place {
    std::uint64_t prefix;
    std::uint32_t row;
  };

  bool SelectCandidates(Batch* batch);
  void FillPlaces();
  void Tighten(const std::vector<std::uint32_t>& rows);
  bool IsBefore(std::uint32_t a, std::uint32_t b) const;
  void KeepFirst();

  const plan::Sort& plan_;
  const std::size_t slot_count_;
  const std::vector<Slot>* live_;
  std::uint64_t limit_ = kNoLimit;

  Batch rows_;
  std::vector<Vector> keys_;
  std::vector<std::uint32_t> shares_;  ///< By row.
  std::vector<Place> places_;          ///< While they are put in order.
  std::vector<std::uint32_t> order_;
  std::vector<Vector> fresh_;         ///< The keys of the batch at hand.
  std::shared_ptr<KeyBound> bound_;   ///< Of the first key.
  bool reads_keys_late_ = false;      ///< The others, only of rows that are wanted by the first.
  std::vector<std::int64_t> values_;  ///< For Tighten.
};

}  // namespace kb::query::exec
