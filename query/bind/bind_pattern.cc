// First pass over a pattern: names to slots, and the shape of the graph.
#include "query/bind/bind_pattern.h"

#include <algorithm>

#include "query/bind/suggest.h"

namespace kb::query::bind {
namespace {

constexpr std::size_t kWholePattern = static_cast<std::size_t>(-1);

bool HasSelector(const ast::PatternPart& part) {
  return part.shortest != ast::ShortestForm::kNone ||
         (part.selector && part.selector->kind != ast::SelectorKind::kAll);
}

bool IsVariableLength(const ast::RelationshipPattern& relationship) {
  return relationship.length.has_value() || relationship.quantifier.has_value();
}

Error Conflict(std::string_view name, KindSet kinds, std::string_view wanted, Span span) {
  return BindError("VariableTypeConflict", span, "{} is {}, so it cannot stand for {}",
                   Quoted(name), DescribeWithArticle(kinds), wanted);
}

Error AlreadyBound(std::string_view name, Span span, std::string_view why) {
  return BindError("VariableAlreadyBound", span, "variable {} is already defined{}", Quoted(name),
                   why);
}

}  // namespace

Result<void> PatternBinder::Bind(const ast::Pattern& pattern, ast::MatchMode mode) {
  pattern_.different_relationships = mode == ast::MatchMode::kDifferentRelationships;
  // Paths are kept by reference while their parts are walked.
  pattern_.paths.reserve(pattern.parts.size());
  for (const auto& part : pattern.parts) KB_TRY(Declare(part));
  return Fill();
}

Result<void> PatternBinder::Bind(const ast::PatternPart& part) {
  pattern_.paths.reserve(1);
  KB_TRY(Declare(part));
  return Fill();
}

Result<void> PatternBinder::Declare(const ast::PatternPart& part) {
  pattern_.paths.emplace_back();
  Walk walk{&pattern_.paths.back(), &part, {}, {}, part.path_variable, nullptr};
  if (writes() && (part.selector || part.mode || part.shortest != ast::ShortestForm::kNone)) {
    return BindError("UnexpectedSyntax", part.span, "{} makes a path, it cannot select one",
                     word());
  }
  const auto* lone = part.path.elements.size() == 1
                         ? std::get_if<ast::NodePattern>(&part.path.elements[0])
                         : nullptr;
  const bool known = lone != nullptr && lone->variable && Find(lone->variable->text) != nullptr;
  KB_TRY(DeclareElements(part.path, &walk));
  if (walk.relationship) StepOntoNode(AddAnonymousNode(), &walk);
  KB_TRY(CheckLoneNode(part.path, known));
  KB_TRY(DeclarePath(part, &walk));
  parts_.emplace_back(pattern_.paths.size() - 1, &part);
  if (walk.predicate) {
    conditions_.emplace_back(HasSelector(part) ? pattern_.paths.size() - 1 : kWholePattern,
                             walk.predicate);
  }
  return {};
}

Result<void> PatternBinder::DeclareElements(const ast::PathPattern& path, Walk* walk) {
  for (const auto& element : path.elements) {
    if (const auto* node = std::get_if<ast::NodePattern>(&element)) {
      if (walk->node && !walk->relationship) {
        return UnsupportedError("two nodes stand side by side without a relationship between them")
            .At(node->span);
      }
      KB_ASSIGN(const std::size_t index, DeclareNode(*node));
      StepOntoNode(index, walk);
    } else if (const auto* relationship = std::get_if<ast::RelationshipPattern>(&element)) {
      KB_ASSIGN(const std::size_t index, DeclareRelationship(*relationship));
      StepOntoRelationship(index, walk);
    } else if (const auto* brackets = std::get_if<ast::ParenthesizedPath>(&element)) {
      if (brackets->quantifier) {
        KB_TRY(DeclareStep(*brackets, walk));
      } else {
        KB_TRY(DeclareBrackets(*brackets, walk));
      }
    }
  }
  return {};
}

Result<void> PatternBinder::DeclareBrackets(const ast::ParenthesizedPath& brackets, Walk* walk) {
  if (writes()) {
    return BindError("UnexpectedSyntax", brackets.span, "{} takes no brackets around a path",
                     word());
  }
  const bool whole = walk->part->path.elements.size() == 1;
  if (!whole && (brackets.path_variable || HasSelector(*walk->part))) {
    return UnsupportedError(
               "brackets with a path variable or after a selector must hold the whole "
               "path")
        .At(brackets.span);
  }
  if (brackets.path_variable) {
    if (walk->path_variable) {
      return UnsupportedError("one path has two path variables").At(brackets.path_variable->span);
    }
    walk->path_variable = brackets.path_variable;
  }
  if (brackets.predicate) {
    if (walk->predicate || !whole) {
      conditions_.emplace_back(kWholePattern, brackets.predicate);
    } else {
      walk->predicate = brackets.predicate;
    }
  }
  return DeclareElements(*brackets.path, walk);
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
    return BindError("RelationshipUniquenessViolation", name.span,
                     "relationship {} stands twice in one pattern", Quoted(name.text))
        .Hint(
            "the relationships of a pattern are different ones: give the second a name of its own");
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
    if (bound.max && (*bound.max == 0 || bound.min > *bound.max)) {
      return BindError("InvalidRelationshipPattern", relationship.quantifier->span,
                       "the quantifier allows no number of steps above zero");
    }
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
  const bool single =
      relationship.types && std::holds_alternative<ast::LabelName>(relationship.types->node);
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
  path.mode = part.mode;
  if (part.selector) path.selector = part.selector->kind;
  if (HasSelector(part)) KB_TRY(CheckSelection(part, &path));
  if (!walk->path_variable) return {};
  const ast::Name& name = *walk->path_variable;
  if (use_ == PatternUse::kPredicate) KB_TRY(Undefined(name));
  if (Find(name.text) != nullptr) {
    return AlreadyBound(name.text, name.span, ", so it cannot name a path");
  }
  path.name = name.text;
  path.slot = binder_.NewSlot(name.text);
  fresh_.Add({name.text, path.slot, kPathKind});
  return {};
}

Result<void> PatternBinder::CheckSelection(const ast::PatternPart& part, PatternPath* path) {
  const bool function = part.shortest != ast::ShortestForm::kNone;
  if (function && path->relationships.size() != 1) {
    return BindError(
        "InvalidRelationshipPattern", part.span,
        "{}() takes a path of two nodes and one relationship",
        part.shortest == ast::ShortestForm::kSingle ? "shortestPath" : "allShortestPaths");
  }
  // One relationship of fixed length is searched for as a walk of one step.
  for (const std::size_t index : path->relationships) {
    PatternRelationship& relationship = pattern_.relationships[index];
    if (relationship.variable_length) continue;
    if (!relationship.name.empty()) {
      return UnsupportedError(
                 "a selected path needs a relationship of variable length, but {} is a "
                 "single one",
                 Quoted(relationship.name))
          .Hint("write its length, such as -[r*1..3]-> or -[r]->{1,3}")
          .At(part.span);
    }
    relationship.variable_length = true;
    for (auto& step : path->path.parts) {
      if (step.slot == relationship.slot) step.is_list = true;
    }
  }
  return {};
}

}  // namespace kb::query::bind
