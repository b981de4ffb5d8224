// Editor: the changes a root can undergo, each keeping adjacency, labels, columns, indexes and
// counters in step. It trusts its caller about what is sensible (write.cc checks that) but is
// idempotent: bringing about a state that holds already changes nothing and returns false. So the
// delta can be replayed over leaves that have its edits, or some of them, already.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "storage/graph.h"
#include "storage/image/edits.h"
#include "storage/image/root.h"

namespace kb::storage {

/// One thread at a time.
class Editor {
 public:
  explicit Editor(std::shared_ptr<Root> root) : root_(std::move(root)) {}

  /// For a root that others than the writer edit: nothing is added to memory that it shares with
  /// the roots of the writer.
  void Isolate() { isolated_ = true; }

  /// Notes every edit of an element from now on; null ends it. `edits` outlives the editor.
  void Watch(Edits* edits) { watch_ = edits; }

  const Root& root() const { return *root_; }
  /// The root as it is now. Later edits go to a copy as long as somebody holds it.
  std::shared_ptr<const Root> Share() const { return root_; }
  /// Goes back to (or on to) another state; the caller says nobody edits it otherwise.
  void Reset(std::shared_ptr<const Root> root) { root_ = std::make_shared<Root>(*root); }

  void SetRecorded(std::int64_t time) { Edit().recorded = time; }
  void SetPast(std::shared_ptr<Past> past) { Edit().past = std::move(past); }
  void SetBase(std::shared_ptr<const Root> base) { Edit().base = std::move(base); }
  void PutStatement(std::shared_ptr<const Statement> statement) {
    Edit().evidence.Edit().Put(std::move(statement));
  }
  void SetEvidence(Evidence evidence) {
    Edit().evidence.Reset(std::make_shared<Evidence>(std::move(evidence)));
  }
  void SetRule(Rule rule) { Edit().rule = std::move(rule); }
  /// Sources can be found by their ids from now on, in this root and those that come of it.
  void IndexSources() {
    if (!root_->sources) Edit().IndexSources();
  }
  /// The root shows these records from now on, as far as they are no elements.
  void SetIdentity(std::shared_ptr<const Root> records, std::shared_ptr<const Clusters> clusters) {
    Root& root = Edit();
    root.catalog = records->catalog;
    root.evidence = records->evidence;
    root.rule = records->rule;
    root.recorded = records->recorded;
    root.past = records->past;
    root.base = records->base;
    root.records = std::move(records);
    root.clusters = std::move(clusters);
  }
  void RemoveStatement(std::uint64_t id) { Edit().evidence.Edit().Remove(id); }
  void AddErasure(Erasure erasure) { Edit().evidence.Edit().AddErasure(std::move(erasure)); }
  void StampErasures(std::size_t from, std::int64_t time) {
    Edit().evidence.Edit().StampErasures(from, time);
  }
  void SetCatalog(schema::CatalogRef catalog) { Edit().catalog = std::move(catalog); }
  /// Makes an empty index for the definition, or removes it.
  void AddIndex(const schema::IndexDefinition& definition);
  void DropIndex(IndexId id);

  /// `labels` ascending, without repeats. False if the node exists (its labels stay).
  bool InsertNode(NodeId node, std::span<const LabelId> labels);
  /// The node has no relationships and no properties any more.
  bool RemoveNode(NodeId node);
  bool SetLabels(NodeId node, std::span<const LabelId> labels);
  /// Says that ids up to this one have been handed out, though the node does not exist.
  void MarkUsed(NodeId node);
  void MarkUsed(TypeId type, EdgeId edge);

  /// Both ends exist.
  bool InsertEdge(const RelationshipRef& ref);
  /// The relationship has no properties any more.
  bool RemoveEdge(const RelationshipRef& ref);

  /// Null clears. Returns false if the row had no value and gets none.
  bool SetProperty(NodeId node, KeyId key, const Value& value);
  bool SetProperty(TypeId type, EdgeId edge, KeyId key, const Value& value);

 private:
  Root& Edit() {
    if (root_.use_count() != 1) root_ = std::make_shared<Root>(*root_);
    return *root_;
  }
  TypeImage& EditType(TypeId type);
  LabelSetId Intern(std::span<const LabelId> labels);
  /// Brings the indexes over (one of) the node's labels, or the relationship's type, and the key up
  /// to date with a property that is about to change.
  void Reindex(NodeId node, const LabelSet& labels, KeyId key, const Value& after);
  void Reindex(TypeId type, EdgeId edge, KeyId key, const Value& after);
  /// Takes an entry out of an index and puts another into it; null: none.
  void Replace(Cow<Index>* index, std::uint32_t id, const Value& before, const Value& after);
  /// Indexes and relationship counters after a label came (+1) or went (-1).
  void CountLabel(NodeId node, LabelId label, std::int64_t by);
  void CountEdge(TypeImage* image, const RelationshipRef& ref, std::int64_t by);

  std::shared_ptr<Root> root_;
  bool isolated_ = false;
  Edits* watch_ = nullptr;
};

/// The value of a node's or relationship's property in a root; null if there is none.
Value PropertyOf(const Root& root, NodeId node, KeyId key);
Value PropertyOf(const Root& root, TypeId type, EdgeId edge, KeyId key);
/// The relationships of a node, a loop once.
std::vector<RelationshipRef> AttachedTo(const View& view, NodeId node);
/// Whether the root has this relationship.
bool HasEdge(const Root& root, const RelationshipRef& ref);

}  // namespace kb::storage
