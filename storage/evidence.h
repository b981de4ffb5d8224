// Views other than the present, and the evidence behind facts: what stands beside graph.h.
//
// A view is asked for in one piece (ViewRequest) and derived in the order of its members: the state
// at a system time, without the statements of some sources, as it holds at a valid time, and at the
// end with the nodes that are one joined (identity.h). It is a root like any other, and once read
// it costs what the present does. A state of the past costs the parts that are read of it, a view
// of statements a few microseconds for each fact whose statements differ; recent views are kept.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/base/cancel.h"
#include "schema/base/result.h"
#include "storage/erasure.h"
#include "storage/graph.h"
#include "storage/statement.h"

namespace kb::storage {

struct ViewRequest {
  /// Microseconds since 1970: what was recorded until then.
  std::optional<std::int64_t> system_time;
  /// Only the statements of these sources (plain assertions stay), or all but theirs.
  std::optional<std::vector<NodeId>> sources;
  bool only_sources = false;
  /// What holds at a moment, or (both) at some moment of a span: dates of any kind, null for none.
  Value valid_from;
  Value valid_to;
  /// What may hold, instead of what surely does.
  bool possibly = false;

  /// Records, before the judgements of identity.
  bool raw = false;

  bool empty() const { return !raw && !system_time && !sources && valid_from.is_null(); }
};

/// Errors: kIo, kCorruption, kConflict (the case was closed), kCancelled.
Result<View> DeriveView(const View& view, const ViewRequest& request,
                        const Cancellation* cancellation = nullptr);

/// Visits the statements about an entity that stand in the view, plain ones included, in the order
/// in which they were made; of a cluster those about all its members. With `all` also those that
/// were withdrawn by then.
void ForEachStatement(const View& view, const Entity& entity, bool all,
                      const std::function<void(const Statement&)>& visit);
/// The same for the whole case.
void ForEachStatement(const View& view, bool all,
                      const std::function<void(const Statement&)>& visit);

/// The best grade among the statements that something exists, not given if none has one; nullopt
/// if it is asserted plainly, or was before anybody was asked.
std::optional<Grade> GradeOfExistence(const View& view, const Entity& entity);

/// By what the case decides among contradicting statements.
const Rule& RuleOf(const View& view);

/// The nodes that are one with a node, the oldest first; the node alone if there are no others.
std::vector<NodeId> ClusterOf(const View& view, NodeId node);
/// The view in which a node can be read: the records, if it does not appear by itself.
View ViewWith(const View& view, NodeId node);
/// How a recorded relationship, or node, appears in the view: between the nodes that its ends are.
Entity AsSeen(const View& view, const Entity& entity);
/// The view of the records.
View RecordsOf(const View& view);
/// Visits judgements of identity in the order in which they were made; with `all` also those that
/// were withdrawn by then. `in_force`: it stands, and no DISTINCT judgement overrides it.
void ForEachJudgement(const View& view, bool all,
                      const std::function<void(const Statement& statement, bool in_force)>& visit);
/// The judgements that make two nodes one, from the one to the other; none if they are not.
std::vector<const Statement*> WhySame(const View& view, NodeId a, NodeId b);

/// Visits the marks of what was erased until the time of the view, in order.
void ForEachErasure(const View& view, const std::function<void(const Erasure&)>& visit);

/// The node labelled Source whose `id` is this text; of several the first.
std::optional<NodeId> FindSource(const View& view, std::string_view id);
/// The `id` of a source that has one as text, else null.
Value SourceId(const View& view, NodeId source);

/// One difference between two states of knowledge.
struct Difference {
  enum class Kind : std::uint8_t { kNode, kRelationship, kLabel, kProperty };
  Kind kind{};
  Entity entity;
  std::string name;     ///< Of the label or property; the type of a relationship.
  Value before, after;  ///< Of a property; of the others whether it was and is there.
};
/// What changed from one system time to another, in the order of entities. Errors as DeriveView.
Result<void> CompareViews(const View& view, std::int64_t from, std::int64_t to,
                          const std::function<Result<void>(const Difference&)>& visit);

/// Writing evidence. While a testimony is set, everything that the transaction makes or sets is
/// stated by it: nodes, labels, values, relationships. What holds is decided anew for each fact.
class EvidenceWriter {
 public:
  virtual ~EvidenceWriter() = default;

  /// Null ends it. The testimony is copied.
  virtual void Testify(const Testimony* testimony) = 0;
  /// The node labelled Source with this `id`, made if there is none.
  virtual Result<NodeId> Source(std::string_view id) = 0;
  /// States that something exists which does.
  virtual Result<void> StateExistence(const Entity& entity) = 0;
  /// Errors: kNotFound; withdrawing twice is not an error.
  virtual Result<void> Withdraw(std::uint64_t statement, std::string_view because) = 0;
  /// By what contradicting statements are decided from now on; those there are, at once. Returns
  /// how many facts have several statements.
  virtual Result<std::uint64_t> SetRule(Rule rule) = 0;

  /// Judges whether two nodes are one, resting on the testimony if one is set. Errors: kNotFound,
  /// kArgument for one node, kConstraint where a DISTINCT judgement stands against it.
  virtual Result<void> Judge(bool same, NodeId a, NodeId b, std::string_view because,
                             std::string_view by) = 0;
  /// Errors: kNotFound; withdrawing twice is not an error.
  virtual Result<void> WithdrawJudgement(std::uint64_t judgement, std::string_view because) = 0;

  // Erasing: from the present, the past and the statements, leaving a mark. What is erased need not
  // exist at present. Errors: kNotFound for a statement, those of deleting.
  /// A node with all relationships it ever had, or a relationship.
  virtual Result<void> Erase(const Entity& entity, std::string_view because) = 0;
  /// All values that a property ever had.
  virtual Result<void> Erase(const Entity& entity, KeyId key, std::string_view because) = 0;
  /// A statement, and what of its fact rested on it. If nothing else states that something exists,
  /// all of it goes.
  virtual Result<void> EraseStatement(std::uint64_t statement, std::string_view because) = 0;
};
/// The evidence side of a transaction; lives as long as it.
EvidenceWriter& EvidenceOf(Transaction& transaction);

/// Says for as long as it lives who states what a transaction writes.
class TestifyScope {
 public:
  TestifyScope(EvidenceWriter& writer, const Testimony& testimony) : writer_(writer) {
    writer_.Testify(&testimony);
  }
  TestifyScope(const TestifyScope&) = delete;
  TestifyScope& operator=(const TestifyScope&) = delete;
  ~TestifyScope() { writer_.Testify(nullptr); }

 private:
  EvidenceWriter& writer_;
};

}  // namespace kb::storage
