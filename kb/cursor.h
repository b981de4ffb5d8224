// Cursor: the rows of one statement, and afterwards its summary.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "schema/base/notice.h"
#include "schema/base/result.h"
#include "schema/value.h"

namespace kb {

/// What a statement changed.
struct Counters {
  std::uint64_t nodes_created = 0, nodes_deleted = 0;
  std::uint64_t relationships_created = 0, relationships_deleted = 0;
  std::uint64_t properties_set = 0, labels_added = 0, labels_removed = 0;
  std::uint64_t indexes_added = 0, indexes_removed = 0;
  std::uint64_t constraints_added = 0, constraints_removed = 0;

  friend bool operator==(const Counters&, const Counters&) = default;
};

/// Where the time went, in microseconds.
struct Timing {
  std::uint64_t parse_us = 0, plan_us = 0, execute_us = 0;
};

/// A plan as a tree, for EXPLAIN and PROFILE.
struct PlanNode {
  std::string op;       ///< "NodeScan"
  std::string details;  ///< "p:Person"
  double estimated_rows = 0;
  std::optional<std::uint64_t> rows, time_us, memory_bytes;  ///< With PROFILE.
  std::vector<PlanNode> children;
};

struct Summary {
  Counters counters;
  Timing timing;
  std::vector<Notice> notices;  ///< What is likely a slip, in the order of the text.
  std::optional<PlanNode> plan;
};

/// One thread at a time. Rows are self-contained: nodes and relationships carry labels, type and
/// properties (schema::Value::node_data). Movable.
class Cursor {
 public:
  Cursor(Cursor&&) noexcept;
  Cursor& operator=(Cursor&&) noexcept;
  ~Cursor();

  const std::vector<std::string>& columns() const;
  /// Moves to the next row: false at the end or on an error, which `status` then holds.
  bool Next();
  const Result<void>& status() const;
  /// The current row, one value a column; until the next call of Next.
  std::span<const schema::Value> row() const;
  /// Complete once Next has returned false.
  const Summary& summary() const;

 private:
  struct Impl;
  explicit Cursor(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
  friend class Session;
};

}  // namespace kb
