// First pass over a pattern: names to slots, and the shape of the graph.
#include "query/bind/bind_pattern.h"

#include <algorithm>

#include "query/bind/bind_route.h"
#include "query/bind/shape.h"
#include "query/bind/suggest.h"

namespace kb::query::bind {
namespace {

constexpr std::size_t kWholePattern = static_cast<std::size_t>(-1);

}  // namespace

Error Conflict(std::string_view name, KindSet kinds, std::string_view wanted, Span span) {
  return BindError("VariableTypeConflict", span, "{} is {}, so it cannot stand for {}",
                   Quoted(name), DescribeWithArticle(kinds), wanted);
}

Error AlreadyBound(std::string_view name, Span span, std::string_view why) {
  return BindError("VariableAlreadyBound", span, "variable {} is already defined{}", Quoted(name),
                   why);
}

Error BecomesList(const ast::Name& name) {
  return AlreadyBound(name.text, name.span, ", but in a quantified part it becomes a list")
      .Hint("give it a name of its own and compare in WHERE");
}

Error StandsTwice(const ast::Name& name) {
  return BindError("RelationshipUniquenessViolation", name.span,
                   "relationship {} stands twice in one pattern", Quoted(name.text))
      .Hint("the relationships of a pattern are different ones: give the second a name of its own");
}

Error SideBySide(Span span) {
  return BindError("InvalidRelationshipPattern", span,
                   "two nodes stand side by side without a relationship between them")
      .Hint("write the relationship, such as (a)-->(b), or one node for both");
}

Error UnknownPath(Span span) {
  return BindError("UndefinedVariable", span, "inside these brackets the whole path is not known")
      .Hint("ask for it in a WHERE behind the whole pattern");
}

Result<void> CheckSteps(std::uint64_t min, std::optional<std::uint64_t> max, Span span) {
  if (max && min > *max) {
    return BindError("InvalidRelationshipPattern", span,
                     "the quantifier asks for at least {} steps and at most {}", min, *max)
        .Hint("the smaller number stands first, such as {1,3}");
  }
  if (max && *max == 0) {
    return BindError("InvalidRelationshipPattern", span,
                     "the quantifier allows no number of steps above zero")
        .Hint("leave the part out, or allow steps, such as {0,3}");
  }
  return {};
}

PatternBinder::PatternBinder(QueryBinder& binder, PatternUse use)
    : binder_(binder), use_(use), fresh_(binder.scope_pointer()) {}
PatternBinder::~PatternBinder() = default;

Result<void> PatternBinder::Bind(const ast::Pattern& pattern, ast::MatchMode mode) {
  pattern_.different_relationships = mode == ast::MatchMode::kDifferentRelationships;
  KB_TRY(CheckParts(pattern));
  // Paths are kept by reference while their parts are walked. What is searched as a whole comes
  // last: the other parts may give it nodes that it goes through.
  pattern_.paths.resize(pattern.parts.size());
  for (const bool late : {false, true}) {
    for (std::size_t i = 0; i < pattern.parts.size(); ++i) {
      const ast::PatternPart& part = pattern.parts[i];
      const bool is_late = !writes() && (IsSearchedWhole(part) || NeedsRoute(part.path));
      if (is_late == late) KB_TRY(Declare(part, &pattern_.paths[i]));
    }
  }
  return Fill();
}

Result<void> PatternBinder::Bind(const ast::PatternPart& part) {
  pattern_.paths.resize(1);
  KB_TRY(Declare(part, &pattern_.paths[0]));
  return Fill();
}

Result<void> PatternBinder::Declare(const ast::PatternPart& part, PatternPath* path) {
  Walk walk{path, &part, {}, {}, part.path_variable, {}, {}};
  if (writes() && (part.selector || part.mode || part.chronology ||
                   part.shortest != ast::ShortestForm::kNone)) {
    return BindError("UnexpectedSyntax", part.span, "{} makes a path, it cannot select one",
                     word());
  }
  if (!writes() && !HasElement(part.path)) {
    return BindError("InvalidRelationshipPattern", part.span,
                     "a path holds at least one node, but this part may be left out")
        .Hint("write the nodes at its ends, such as (a) ((x)-->(y)){0,3} (b)");
  }
  const auto* lone = part.path.elements.size() == 1
                         ? std::get_if<ast::NodePattern>(&part.path.elements[0])
                         : nullptr;
  const bool known = lone != nullptr && lone->variable && Find(lone->variable->text) != nullptr;
  if (!writes() && IsSearchedWhole(part)) {
    KB_TRY(DeclareWhole(part, &walk));
  } else {
    KB_TRY(DeclareElements(part.path, &walk));
  }
  if (walk.relationship) StepOntoNode(AddAnonymousNode(), &walk);
  KB_TRY(CheckLoneNode(part.path, known));
  KB_TRY(DeclarePath(part, &walk));
  KB_TRY(CheckBounds(part, *path));
  parts_.emplace_back(static_cast<std::size_t>(path - pattern_.paths.data()), &part);
  for (const auto& predicate : walk.predicates) {
    conditions_.emplace_back(HasSelector(part) ? parts_.back().first : kWholePattern, predicate);
  }
  return {};
}

Result<void> PatternBinder::DeclareElements(const ast::PathPattern& path, Walk* walk) {
  for (const auto& element : path.elements) {
    if (const auto* node = std::get_if<ast::NodePattern>(&element)) {
      if (walk->node && !walk->relationship) return SideBySide(node->span);
      KB_ASSIGN(const std::size_t index, DeclareNode(*node));
      StepOntoNode(index, walk);
    } else if (const auto* relationship = std::get_if<ast::RelationshipPattern>(&element)) {
      KB_ASSIGN(const std::size_t index, DeclareRelationship(*relationship));
      StepOntoRelationship(index, walk);
    } else if (const auto* brackets = std::get_if<ast::ParenthesizedPath>(&element)) {
      const bool begins_anew = walk->node && !walk->relationship;
      if (writes() || (IsPlain(*brackets) && !begins_anew)) {
        KB_TRY(DeclareBrackets(*brackets, walk));
      } else if (IsSingleStep(*brackets)) {
        KB_TRY(DeclareStep(*brackets, walk));
      } else {
        KB_TRY(DeclareSegment(*brackets, walk));
      }
    }
  }
  return {};
}

Result<void> PatternBinder::DeclareBrackets(const ast::ParenthesizedPath& brackets, Walk* walk) {
  if (writes()) {
    if (brackets.quantifier) {
      return BindError("CreatingVarLength", brackets.span,
                       "{} cannot make a path of variable length", word());
    }
    return BindError("UnexpectedSyntax", brackets.span, "{} takes no brackets and no alternatives",
                     word());
  }
  const auto around = Unwrap(*walk->part).brackets;
  const bool whole = std::find(around.begin(), around.end(), &brackets) != around.end();
  if (brackets.predicate) {
    if (whole) {
      walk->predicates.push_back(brackets.predicate);
    } else {
      conditions_.emplace_back(kWholePattern, brackets.predicate);
    }
  }
  if (!brackets.path_variable) return DeclareElements(*brackets.path, walk);
  if (whole) {
    if (walk->path_variable) {
      walk->more_names.push_back(&*brackets.path_variable);
    } else {
      walk->path_variable = brackets.path_variable;
    }
    return DeclareElements(*brackets.path, walk);
  }
  // The path of these brackets alone: from the node that they begin with.
  std::size_t begin = walk->path->path.parts.size();
  if (walk->relationship && !std::holds_alternative<ast::NodePattern>(brackets.path->elements[0])) {
    StepOntoNode(AddAnonymousNode(), walk);
    begin = walk->path->path.parts.size() - 1;
  }
  KB_TRY(DeclareElements(*brackets.path, walk));
  if (walk->relationship) StepOntoNode(AddAnonymousNode(), walk);
  const auto& parts = walk->path->path.parts;
  PathOf path;
  path.parts.assign(parts.begin() + static_cast<std::ptrdiff_t>(begin), parts.end());
  KB_ASSIGN(const Slot slot, DeclarePathVariable(*brackets.path_variable));
  walk->path->named.push_back({slot, std::move(path)});
  return {};
}

std::size_t PatternBinder::AddNode(PatternNode node) {
  node_of_slot_.emplace(node.slot, pattern_.nodes.size());
  pattern_.nodes.push_back(std::move(node));
  return pattern_.nodes.size() - 1;
}

std::size_t PatternBinder::AddAnonymousNode() {
  return AddNode({binder_.NewSlot({}), {}, false, nullptr, {}, nullptr});
}

void PatternBinder::StepOntoNode(std::size_t node, Walk* walk) {
  if (walk->relationship) pattern_.relationships[*walk->relationship].right = node;
  walk->relationship.reset();
  walk->node = node;
  walk->path->nodes.push_back(node);
  walk->path->path.parts.push_back({pattern_.nodes[node].slot, true, false});
}

void PatternBinder::StepOntoRelationship(std::size_t relationship, Walk* walk) {
  if (!walk->node || walk->relationship) StepOntoNode(AddAnonymousNode(), walk);
  PatternRelationship& bound = pattern_.relationships[relationship];
  bound.left = bound.right = *walk->node;
  walk->relationship = relationship;
  walk->path->relationships.push_back(relationship);
  walk->path->path.parts.push_back({bound.slot, false, bound.variable_length});
}

Result<void> PatternBinder::Undefined(const ast::Name& name) const {
  return BindError("UndefinedVariable", name.span,
                   "variable {} is not defined, and a pattern in an expression makes no new ones",
                   Quoted(name.text))
      .Hint(SuggestVariable(name.text, binder_.scope()));
}

Result<std::size_t> PatternBinder::DeclareNode(const ast::NodePattern& node) {
  if (!node.variable) {
    const std::size_t index = AddAnonymousNode();
    nodes_.push_back({&node, index});
    return index;
  }
  const ast::Name& name = *node.variable;
  const Variable* known = Find(name.text);
  if (known == nullptr && use_ == PatternUse::kPredicate) KB_TRY(Undefined(name));
  if (known != nullptr) {
    if (!IsFresh(name.text)) {
      KB_ASSIGN(known, binder_.Resolve(name.text, name.span));
    }
    if (IsNever(known->kinds, kNodeKind)) {
      return Conflict(name.text, known->kinds, "a node", name.span);
    }
    if (writes() && (node.labels || node.properties)) {
      return AlreadyBound(name.text, name.span, ", so it takes no new labels or properties here")
          .Hint("SET changes labels and properties of a node that is there");
    }
    const auto entry = node_of_slot_.find(known->slot);
    if (entry == node_of_slot_.end() && IsFresh(name.text)) {
      return AlreadyBound(name.text, name.span, " inside brackets that are searched as a whole")
          .Hint("give it a name of its own and compare in WHERE");
    }
    const std::size_t index = entry != node_of_slot_.end()
                                  ? entry->second
                                  : AddNode({known->slot, name.text, true, nullptr, {}, nullptr});
    nodes_.push_back({&node, index});
    return index;
  }
  const Slot slot = binder_.NewSlot(name.text);
  fresh_.Add({name.text, slot, kNodeKind});
  const std::size_t index = AddNode({slot, name.text, false, nullptr, {}, nullptr});
  nodes_.push_back({&node, index});
  return index;
}

Result<Slot> PatternBinder::DeclareRelationshipVariable(const ast::Name& name, bool is_list,
                                                        bool* bound) {
  *bound = false;
  const KindSet kinds = is_list ? kListKind : kRelationshipKind;
  const std::string_view wanted = is_list ? "a list of relationships" : "a relationship";
  const Variable* known = Find(name.text);
  if (known == nullptr) {
    if (use_ == PatternUse::kPredicate) KB_TRY(Undefined(name));
    const Slot slot = binder_.NewSlot(name.text, is_list ? kRelationshipKind : functions::kAnyKind);
    fresh_.Add({name.text, slot, kinds});
    return slot;
  }
  if (writes())
    return AlreadyBound(name.text, name.span, ", so no relationship of that name can be made");
  if (!IsFresh(name.text)) {
    KB_ASSIGN(known, binder_.Resolve(name.text, name.span));
  }
  if (IsNever(known->kinds, kinds)) return Conflict(name.text, known->kinds, wanted, name.span);
  const bool twice =
      IsFresh(name.text) ||
      std::any_of(pattern_.relationships.begin(), pattern_.relationships.end(),
                  [&](const PatternRelationship& other) { return other.slot == known->slot; });
  if (twice) {
    return StandsTwice(name);
  }
  *bound = true;
  return known->slot;
}

Result<std::size_t> PatternBinder::DeclareRelationship(
    const ast::RelationshipPattern& relationship) {
  PatternRelationship bound;
  bound.variable_length = IsVariableLength(relationship);
  if (relationship.variable) {
    bound.name = relationship.variable->text;
    KB_ASSIGN(bound.slot, DeclareRelationshipVariable(*relationship.variable, bound.variable_length,
                                                      &bound.bound));
  } else {
    bound.slot =
        binder_.NewSlot({}, bound.variable_length ? kRelationshipKind : functions::kAnyKind);
  }
  if (writes()) KB_TRY(CheckWritable(relationship));
  bound.direction = relationship.direction;
  if (relationship.length) {
    bound.min = relationship.length->min.value_or(1);
    bound.max = relationship.length->max;
  } else if (relationship.quantifier) {
    bound.min = relationship.quantifier->min;
    bound.max = relationship.quantifier->max;
    KB_TRY(CheckSteps(bound.min, bound.max, relationship.quantifier->span));
  } else {
    bound.max = 1;
  }
  pattern_.relationships.push_back(std::move(bound));
  relationships_.push_back({&relationship, pattern_.relationships.size() - 1});
  return pattern_.relationships.size() - 1;
}

Result<void> PatternBinder::CheckWritable(const ast::RelationshipPattern& relationship) const {
  const Span span = relationship.span;
  if (IsVariableLength(relationship)) {
    return BindError("CreatingVarLength", span, "{} cannot make a relationship of variable length",
                     word())
        .Hint("write the relationships one by one");
  }
  if (relationship.predicate) {
    return BindError("UnexpectedSyntax", relationship.predicate->span,
                     "a pattern of {} takes no WHERE", word());
  }
  const auto* computed =
      relationship.types ? std::get_if<ast::LabelComputed>(&relationship.types->node) : nullptr;
  const bool single =
      relationship.types && (std::holds_alternative<ast::LabelName>(relationship.types->node) ||
                             (computed != nullptr && !computed->any));
  if (!single) {
    return BindError("NoSingleRelationshipType",
                     relationship.types ? relationship.types->span : span,
                     "a relationship to {} needs exactly one type",
                     use_ == PatternUse::kMerge ? "merge" : "create")
        .Hint("write it as -[:TYPE]->");
  }
  if (use_ == PatternUse::kCreate && relationship.direction == Direction::kBoth) {
    return BindError("RequiresDirectedRelationship", span,
                     "a relationship to create needs one direction")
        .Hint("write -[…]-> or <-[…]-");
  }
  return {};
}

Result<void> PatternBinder::CheckLoneNode(const ast::PathPattern& path, bool known) const {
  if (!writes() || !known) return {};
  const ast::Name& name = *std::get_if<ast::NodePattern>(&path.elements[0])->variable;
  return AlreadyBound(name.text, name.span,
                      use_ == PatternUse::kMerge ? ", so there is nothing to merge"
                                                 : ", so there is nothing to create");
}

Result<void> PatternBinder::DeclarePath(const ast::PatternPart& part, Walk* walk) {
  PatternPath& path = *walk->path;
  path.shortest = part.shortest;
  if (part.mode) path.mode = part.mode;
  if (part.selector) path.selector = part.selector->kind;
  if (part.shortest != ast::ShortestForm::kNone) KB_TRY(CheckSelection(part, &path));
  if (walk->path_variable && path.slot == kNoSlot) {
    path.name = walk->path_variable->text;
    KB_ASSIGN(path.slot, DeclarePathVariable(*walk->path_variable));
  }
  for (const ast::Name* name : walk->more_names) {
    KB_TRY(CheckPathVariable(*name));
    fresh_.Add({name->text, path.slot, kPathKind});  // two names of one path
  }
  return {};
}

Result<void> PatternBinder::RefusePaths(const std::vector<Use>& uses) const {
  for (const Use& use : uses) {
    const bool is_path = std::any_of(
        pattern_.paths.begin(), pattern_.paths.end(),
        [&](const PatternPath& path) { return path.slot != kNoSlot && path.slot == use.slot; });
    if (is_path) return UnknownPath(use.span);
  }
  return {};
}

Result<void> PatternBinder::CheckPathVariable(const ast::Name& name) const {
  if (use_ == PatternUse::kPredicate) KB_TRY(Undefined(name));
  if (Find(name.text) == nullptr) return {};
  return AlreadyBound(name.text, name.span, ", so it cannot name a path");
}

Result<Slot> PatternBinder::DeclarePathVariable(const ast::Name& name) {
  KB_TRY(CheckPathVariable(name));
  const Slot slot = binder_.NewSlot(name.text);
  fresh_.Add({name.text, slot, kPathKind});
  return slot;
}

}  // namespace kb::query::bind
