// Patterns: from parts as written to one graph of nodes and relationships with slots.
//
// Two passes. The first declares: it walks the parts, gives every node, relationship and path a
// slot and checks names against each other. The second fills in properties, predicates and counts,
// which may mention any variable of the pattern (in MERGE only what was there before, in CREATE
// also what has been made so far).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "query/bind/query_binder.h"

namespace kb::query::bind {

/// kPredicate: a match that makes no new names.
enum class PatternUse { kMatch, kCreate, kMerge, kPredicate };

// Errors about names, for whoever declares them.
Error Conflict(std::string_view name, KindSet kinds, std::string_view wanted, Span span);
Error AlreadyBound(std::string_view name, Span span, std::string_view why);
Error BecomesList(const ast::Name& name);
Error StandsTwice(const ast::Name& name);
Error SideBySide(Span span);
Error UnknownPath(Span span);

/// An error if no number of steps above zero lies between the bounds.
Result<void> CheckSteps(std::uint64_t min, std::optional<std::uint64_t> max, Span span);

/// `A|B` becomes the list of types, any other form the test.
void SetTypes(const ast::LabelExpressionPtr& types, PatternRelationship* relationship);

class RouteBuilder;

/// Binds one pattern in the binder's present scope and adds the new variables to it.
class PatternBinder {
 public:
  PatternBinder(QueryBinder& binder, PatternUse use);
  ~PatternBinder();
  PatternBinder(const PatternBinder&) = delete;
  PatternBinder& operator=(const PatternBinder&) = delete;

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
    std::vector<const ast::Name*> more_names;    ///< Further ones, of brackets around the whole.
    std::vector<ast::ExpressionPtr> predicates;  ///< Of brackets around the whole part.
  };

  friend class RouteBuilder;
  /// A part of the pattern that is searched as a whole.
  struct PendingRoute {
    std::unique_ptr<RouteBuilder> builder;
    std::size_t index;  ///< Of its relationship.
  };
  using Elements =
      std::vector<std::variant<ast::NodePattern, ast::RelationshipPattern, ast::ParenthesizedPath>>;

  bool writes() const { return use_ == PatternUse::kCreate || use_ == PatternUse::kMerge; }
  std::string_view word() const { return use_ == PatternUse::kMerge ? "MERGE" : "CREATE"; }
  /// Known in this pattern or before it; null if new.
  const Variable* Find(std::string_view name) const { return fresh_.Find(name); }
  bool IsFresh(std::string_view name) const { return fresh_.FindHere(name) != nullptr; }

  // First pass.
  Result<void> CheckParts(const ast::Pattern& pattern) const;
  Result<void> Declare(const ast::PatternPart& part, PatternPath* path);
  /// The whole part as one route.
  Result<void> DeclareWhole(const ast::PatternPart& part, Walk* walk);
  /// Brackets of a shape that no single relationship has, as a route between two nodes.
  Result<void> DeclareSegment(const ast::ParenthesizedPath& brackets, Walk* walk);
  void AddRoute(std::unique_ptr<RouteBuilder> builder, Walk* walk);
  Result<void> CheckBounds(const ast::PatternPart& part, const PatternPath& path) const;
  /// The mode in which the relationships of a part are walked.
  ast::PathMode WalkMode(const std::optional<ast::PathMode>& mode) const;
  bool IsSearchedWhole(const ast::PatternPart& part) const;
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
  /// An error where a condition of one step asks for a path that the pattern is still to find.
  Result<void> RefusePaths(const std::vector<Use>& uses) const;
  Result<void> CheckPathVariable(const ast::Name& name) const;
  Result<Slot> DeclarePathVariable(const ast::Name& name);
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
  /// Notes what the pattern reads or writes.
  void NoteNames(UnknownName::Sort sort, const ast::LabelExpressionPtr& labels);
  /// What an expression says of the labels of an element: conditions, or what to create.
  template <typename Element>
  Result<void> BindComputed(const LabelParts& labels, KindSet kind, Element* element);
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
  std::vector<PendingRoute> routes_;
  std::vector<std::pair<std::size_t, const ast::PatternPart*>> parts_;
  /// Conditions in brackets: index of the path to select from, or npos for the whole pattern.
  std::vector<std::pair<std::size_t, ast::ExpressionPtr>> conditions_;
};

}  // namespace kb::query::bind
