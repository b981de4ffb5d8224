// GradeFilter: the elements of a graph by how well they are evidenced, for walks that are looked
// for in the order of their weakest element.
//
// Elements have ranks: 0 for what is asserted plainly, then the grades, best first, then what has a
// source but no grade. A search takes only what ranks up to a ceiling, and learns on the way which
// rank comes next above it, so that ranks which do not occur cost nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "query/exec/runtime.h"
#include "storage/evidence.h"

namespace kb::query::exec {

/// One thread. Borrows the runtime.
class GradeFilter {
 public:
  using Rank = std::uint8_t;

  explicit GradeFilter(Runtime& runtime) : runtime_(runtime) {}

  /// Forgets what was read.
  void Restart() { known_.clear(); }
  /// Only what ranks up to here counts from now on.
  void SetCeiling(Rank ceiling) {
    ceiling_ = ceiling;
    next_.reset();
  }
  /// The least rank above the ceiling of what has been met since it was set.
  std::optional<Rank> next() const { return next_; }

  /// False above the ceiling. Sets `*at_ceiling` if the element is as weak as may be.
  bool Admits(const storage::Entity& entity, bool* at_ceiling);

 private:
  Rank RankOf(const storage::Entity& entity);

  Runtime& runtime_;
  Rank ceiling_ = 0;
  std::optional<Rank> next_;
  std::unordered_map<std::uint64_t, Rank> known_;
};

}  // namespace kb::query::exec
