// Erasing: a fact goes from the present, from the history and from the statements, and a mark stays
// that something was erased: when, why, what kind, never the value.
//
// The transaction removes the fact from its root and marks it. When it commits, the records of the
// history that speak of the fact are written anew, in the same batch; afterwards the store folds
// the case and lets RocksDB rewrite its files, so that no copy of the value remains below the case.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/erasure.h"
#include "storage/history.h"
#include "storage/statement.h"

namespace kb::storage {

class Root;

/// Takes erased facts out of records of the history. One transaction's erasures at once.
class HistoryEraser {
 public:
  /// A record under its time, as it is and as it shall be.
  struct Record {
    std::int64_t time = 0;
    std::uint32_t part = 0;
    std::string bytes;
    bool changed = false;
  };

  void Add(const Erasure& erasure);
  /// A statement that was erased, and what else was ever said of its fact.
  void AddStatement(Statement erased, std::vector<Statement> rest);

  /// Whether a relationship goes with one of the erased nodes, or was erased itself.
  bool Erases(const Entity& entity) const;
  /// Rewrites the records, which stand in order. Those from `own` on belong to the erasing
  /// transaction itself: what it set after it had erased stays. `present` is its outcome.
  Result<void> Rewrite(const Root& present, std::size_t own, std::vector<Record>* records);

 private:
  /// A fact of which single statements were erased.
  struct Restated {
    Entity entity;
    Fact fact;
    std::vector<Statement> rest;
    std::int64_t first = 0;  ///< When it was first spoken of.
    std::set<std::int64_t> turns;
    // While going back through the records:
    std::int64_t made = -1, deleted = -1;
    std::vector<LabelId> labels;
  };

  bool Drops(const Change& change) const;
  bool IsErasedValue(const Change& change) const;
  void Restate(const Root& present, std::vector<std::pair<Record*, std::vector<Change>>>* all);
  void Patch(Restated* fact, std::int64_t time, bool is_first_part,
             std::vector<Change>* changes) const;
  /// What the rest of the statements come to, by the rule that the case had then.
  Value Decided(const Restated& fact, std::int64_t time) const;
  const Rule& RuleAt(std::int64_t time) const;

  std::set<std::uint64_t> entities_;
  std::set<NodeId> nodes_;
  std::set<std::pair<std::uint64_t, KeyId>> values_;
  std::vector<Restated> restated_;
  Rule rule_;
  std::vector<std::pair<std::int64_t, Rule>> rules_;  ///< Until when each was in force.
};

}  // namespace kb::storage
