// Chronology: whether elements of a walk have their times in order.
//
// The times of elements are read once and numbered, so that a search can note where it stands in
// time as a number. How times compare: schema/chain.h.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "query/bind/route.h"
#include "query/exec/runtime.h"
#include "schema/chain.h"
#include "storage/statement.h"

namespace kb::query::exec {

/// One thread. Borrows what was said and the runtime.
class Chronology {
 public:
  /// The number of a time.
  using Mark = std::uint32_t;
  static constexpr Mark kNone = 0;

  Chronology(Runtime& runtime, const bind::Chronology& said) : runtime_(runtime), said_(said) {}

  bool over_nodes() const { return said_.over == ast::Chronology::Over::kNodes; }

  /// Forgets what was read and works out the longest gap. Errors: a gap that is none.
  Result<void> Start();

  /// kNone if it has no time.
  Mark TimeOf(NodeId node) { return TimeOf(storage::Entity::Of(node)); }
  Mark TimeOf(const RelationshipRef& ref) { return TimeOf(storage::Entity::Of(ref)); }

  /// Whether an element with the one time may stand right before one with the other.
  bool MayFollow(Mark first, Mark next) const;
  /// Whether whatever may stand behind `mark` (before it, if `reversed`) may stand behind `known`.
  bool Covers(Mark known, Mark mark, bool reversed) const;

 private:
  Mark TimeOf(const storage::Entity& entity);

  Runtime& runtime_;
  const bind::Chronology& said_;
  std::optional<schema::KeyId> key_;
  schema::ChainOrder order_;
  std::vector<schema::ChainTime> times_;
  std::unordered_map<std::uint64_t, Mark> known_;
};

}  // namespace kb::query::exec
