// RouteBuilder: a path pattern that is searched as a whole, from elements as written to a Route.
//
// It works in the two passes of PatternBinder. The first makes states, steps, moves and scopes and
// declares the variables; the second binds the conditions and puts each conjunct where it is known
// first: at a state or a step, if it asks for nothing else, else at the end of its brackets.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "query/bind/bind_pattern.h"
#include "query/bind/route.h"

namespace kb::query::bind {

class RouteBuilder {
 public:
  using Elements =
      std::vector<std::variant<ast::NodePattern, ast::RelationshipPattern, ast::ParenthesizedPath>>;

  RouteBuilder(PatternBinder& patterns, ast::PathMode mode);

  /// First pass over elements `begin` to `end`, without the nodes at the ends of the whole.
  Result<void> Declare(const Elements& elements, std::size_t begin, std::size_t end,
                       bool has_left_node);
  /// A condition of brackets around the whole.
  void Require(ast::ExpressionPtr condition);
  /// The whole walk, or what is inside a scope, has its times in order.
  void Restrict(ast::ChronologyPtr chronology, std::size_t scope = Route::kNone) {
    chronologies_.push_back({std::move(chronology), scope});
  }
  void OrderByGrade() { route_.by_grade = true; }
  /// The whole path's variable: its conditions may ask for it.
  void SetPathSlot(Slot slot) { route_.path_slot = slot; }
  /// The types of all relationships; none if one of them may have any.
  void CollectTypes(NameList* types) const;
  /// Set where a quantifier has no upper bound.
  const std::optional<Span>& unbounded() const { return unbounded_; }

  /// Second pass. Conditions that ask for nothing of the route are left to `predicates`.
  Result<std::shared_ptr<const Route>> Finish(std::vector<ExpressionPtr>* predicates);

 private:
  static constexpr std::size_t kNone = Route::kNone;
  using Kind = Route::Variable::Kind;

  /// What stands around an element.
  struct Around {
    std::size_t hard = kNone;
    std::size_t quantified = kNone;
  };
  enum class Home { kState, kStep, kScope, kWhole };
  struct Pending {
    Home home;
    std::size_t index;
    Around around;
    ast::ExpressionPtr condition;   ///< A condition, or …
    ast::ExpressionPtr properties;  ///< … the properties of what is in `inner`, or …
    Slot equals = kNoSlot;          ///< … what that must be.
    Slot inner = kNoSlot;
    std::string name;
    Span span;
  };
  /// A variable as it is found or made.
  struct Named {
    Slot inner = kNoSlot;
    std::size_t variable = kNone;
    Slot equals = kNoSlot;
  };
  struct ScopeNotes {
    std::size_t parent = kNone;
    std::size_t union_id = kNone;  ///< Of alternatives that exclude each other.
  };

  Result<std::size_t> Sequence(const Elements& elements, std::size_t begin, std::size_t end,
                               std::size_t state, bool has_node, const Around& around);
  Result<std::size_t> Brackets(const ast::ParenthesizedPath& brackets, std::size_t state,
                               const Around& around);
  Result<std::size_t> Inside(const ast::ParenthesizedPath& brackets, std::size_t first,
                             const Around& around);
  Result<std::size_t> Relationship(const ast::RelationshipPattern& written, std::size_t state,
                                   const Around& around);
  Result<void> SetNode(std::size_t state, const ast::NodePattern& node, const Around& around);
  Result<void> AddStep(std::size_t from, std::size_t to, const ast::RelationshipPattern& written,
                       const Around& around);
  Result<void> CheckQuantifier(const std::optional<std::uint64_t>& max, std::uint64_t min,
                               Span span, const Around& around);
  std::size_t AddRepeats(std::size_t state, std::size_t first, std::size_t last, std::size_t scope,
                         std::uint64_t min, std::optional<std::uint64_t> max);
  std::size_t NewState();
  std::size_t NewScope(bool is_hard, const Around& around);
  void AddMove(std::size_t from, std::size_t to, std::size_t closes, std::size_t opens);
  Result<Named> Declare(const ast::Name& name, Kind kind, const Around& around);
  Result<Named> DeclareKnown(const ast::Name& name, Kind kind, const Around& around);
  Result<Named> Repeated(const ast::Name& name, Kind kind, std::size_t known, const Around& around);
  bool AreAlternatives(std::size_t one, std::size_t other) const;
  bool IsWithin(std::size_t scope, std::size_t outer) const;
  void Note(Home home, std::size_t index, const Named& named, const Around& around,
            const std::optional<ast::Name>& name, const ast::ExpressionPtr& properties,
            const ast::ExpressionPtr& predicate);

  struct PendingChronology {
    ast::ChronologyPtr written;
    std::size_t scope;  ///< kNone: the whole.
  };

  Result<void> FillChronology(const PendingChronology& pending);
  Result<void> CheckFinite() const;
  Result<void> Fill(const Pending& pending, std::vector<ExpressionPtr>* predicates);
  Result<void> FillProperties(const Pending& pending, std::vector<ExpressionPtr>* predicates);
  Result<void> Assign(ExpressionPtr condition, const std::vector<Use>& uses, const Pending& pending,
                      std::vector<ExpressionPtr>* predicates);
  bool AssignLocally(const ExpressionPtr& condition, const std::vector<std::size_t>& mentioned,
                     const Pending& pending);
  std::size_t VariableOf(Slot slot) const;
  void SetStepSlots();

  PatternBinder& patterns_;
  QueryBinder& binder_;
  Route route_;
  std::vector<ScopeNotes> scope_notes_;
  std::vector<Pending> pending_;
  std::vector<PendingChronology> chronologies_;
  std::optional<Span> unbounded_;
  std::size_t union_count_ = 0;
};

}  // namespace kb::query::bind
