// Patterns: from parts as written to one graph of nodes and relationships with slots.
//
// Two passes. The first declares: it walks the parts, gives every node, relationship and path a
// slot and checks names against each other. The second fills in properties, predicates and counts,
// which may mention any variable of the pattern (in MERGE only what was there before, in CREATE
// also what has been made so far).
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "query/bind/query_binder.h"

namespace kb::query::bind {

/// kPredicate: a match that makes no new names.
enum class PatternUse { kMatch, kCreate, kMerge, kPredicate };

/// Binds one pattern in the binder's present scope and adds the new variables to it.
class PatternBinder {
 public:
  PatternBinder(QueryBinder& binder, PatternUse use)
      : binder_(binder), use_(use), fresh_(binder.scope_pointer()) {}

  Result<void> Bind(const ast::Pattern& pattern, ast::MatchMode mode);
  /// A pattern of one part.
  Result<void> Bind(const ast::PatternPart& part);

  Pattern Take() { return std::move(pattern_); }
  /// Inline conditions that must hold beside the pattern; may be null.
  ExpressionPtr TakePredicate() { return ConjoinAll(predicates_); }

 private:
  struct PendingNode {
    const ast::NodePattern* written;
    std::size_t index;
  };
  struct PendingRelationship {
    const ast::RelationshipPattern* written;
    std::size_t index;
  };
  /// A quantified step: its parts and the place of their lists.
  struct PendingStep {
    const ast::NodePattern* left;
    const ast::RelationshipPattern* relationship;
    const ast::NodePattern* right;
    ast::ExpressionPtr predicate;
    std::size_t index;
  };
  /// Where the walk along one part stands.
  struct Walk {
    PatternPath* path;
    const ast::PatternPart* part;
    std::optional<std::size_t> node;          ///< The last node.
    std::optional<std::size_t> relationship;  ///< One that still lacks its right end.
    std::optional<ast::Name> path_variable;
    ast::ExpressionPtr predicate;  ///< Of brackets around the whole part.
  };

  bool writes() const { return use_ == PatternUse::kCreate || use_ == PatternUse::kMerge; }
  std::string_view word() const { return use_ == PatternUse::kMerge ? "MERGE" : "CREATE"; }
  /// Known in this pattern or before it; null if new.
  const Variable* Find(std::string_view name) const { return fresh_.Find(name); }
  bool IsFresh(std::string_view name) const { return fresh_.FindHere(name) != nullptr; }

  // First pass.
  Result<void> Declare(const ast::PatternPart& part);
  Result<void> DeclareElements(const ast::PathPattern& path, Walk* walk);
  Result<void> DeclareBrackets(const ast::ParenthesizedPath& brackets, Walk* walk);
  Result<void> DeclareStep(const ast::ParenthesizedPath& brackets, Walk* walk);
  Result<void> DeclarePath(const ast::PatternPart& part, Walk* walk);
  Result<std::size_t> DeclareNode(const ast::NodePattern& node);
  Result<std::size_t> DeclareRelationship(const ast::RelationshipPattern& relationship);
  Result<Slot> DeclareRelationshipVariable(const ast::Name& name, bool is_list, bool* bound);
  Result<void> CheckWritable(const ast::RelationshipPattern& relationship) const;
  Result<void> CheckLoneNode(const ast::PathPattern& path, bool known) const;
  Result<void> CheckSelection(const ast::PatternPart& part, PatternPath* path);
  Result<Slot> DeclareGroup(const std::optional<ast::Name>& name);
  std::size_t AddNode(PatternNode node);
  /// A node without a name, where the text leaves one out.
  std::size_t AddAnonymousNode();
  void StepOntoNode(std::size_t node, Walk* walk);
  void StepOntoRelationship(std::size_t relationship, Walk* walk);
  Result<void> Undefined(const ast::Name& name) const;

  // Second pass.
  Result<void> Fill();
  Result<void> FillPaths();
  /// Lets what follows in CREATE read the variable of this name, if the pattern makes it.
  void AddMade(const std::string& name, Scope* made) const;
  Result<void> FillNode(const PendingNode& pending);
  Result<void> FillRelationship(const PendingRelationship& pending);
  Result<void> FillStep(const PendingStep& pending);
  using Properties = std::vector<std::pair<std::string, ExpressionPtr>>;
  Result<void> BindProperties(const ast::ExpressionPtr& written, Properties* properties,
                              ExpressionPtr* map);
  /// The inner variable of a step for one of its ends, if the end has a name or is asked for.
  Result<void> AddStepEnd(const ast::NodePattern& node, bool is_left, Scope* scope,
                          PatternRelationship* relationship, ExpressionPtr* predicate);

  QueryBinder& binder_;
  PatternUse use_;
  Scope fresh_;  ///< Variables that this pattern makes.
  Pattern pattern_;
  std::unordered_map<Slot, std::size_t> node_of_slot_;  ///< Index into pattern_.nodes.
  std::vector<ExpressionPtr> predicates_;
  std::vector<PendingNode> nodes_;
  std::vector<PendingRelationship> relationships_;
  std::vector<PendingStep> steps_;
  std::vector<std::pair<std::size_t, const ast::PatternPart*>> parts_;
  /// Conditions in brackets: index of the path to select from, or npos for the whole pattern.
  std::vector<std::pair<std::size_t, ast::ExpressionPtr>> conditions_;
};

}  // namespace kb::query::bind
