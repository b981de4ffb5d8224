#include "query/bind/shape.h"

#include <algorithm>

namespace kb::query::bind {

bool Selects(const ast::PatternPart& part) {
  return part.selector && part.selector->kind != ast::SelectorKind::kAll;
}

bool HasSelector(const ast::PatternPart& part) {
  return part.shortest != ast::ShortestForm::kNone || Selects(part);
}

bool IsVariableLength(const ast::RelationshipPattern& relationship) {
  return relationship.length.has_value() || relationship.quantifier.has_value();
}

bool IsRestriction(const std::optional<ast::PathMode>& mode) {
  return mode && (*mode == ast::PathMode::kAcyclic || *mode == ast::PathMode::kSimple);
}

bool IsPlain(const ast::ParenthesizedPath& brackets) {
  return !brackets.quantifier && brackets.others.empty() && !IsRestriction(brackets.mode) &&
         !brackets.chronology;
}

bool IsSingleStep(const ast::ParenthesizedPath& brackets) {
  const auto& elements = brackets.path->elements;
  if (!brackets.quantifier || brackets.quantifier->is_question || !brackets.others.empty() ||
      brackets.path_variable || IsRestriction(brackets.mode) || brackets.chronology ||
      elements.size() != 3) {
    return false;
  }
  const auto* left = std::get_if<ast::NodePattern>(&elements[0]);
  const auto* relationship = std::get_if<ast::RelationshipPattern>(&elements[1]);
  const auto* right = std::get_if<ast::NodePattern>(&elements[2]);
  if (left == nullptr || relationship == nullptr || right == nullptr) return false;
  const auto same =
      left->variable && right->variable && left->variable->text == right->variable->text;
  return !same && !relationship->length && !relationship->quantifier;
}

Unwrapped Unwrap(const ast::PatternPart& part) {
  Unwrapped whole{&part.path, {}, part.mode, part.chronology};
  while (whole.path->elements.size() == 1) {
    const auto* brackets = std::get_if<ast::ParenthesizedPath>(&whole.path->elements[0]);
    if (brackets == nullptr || brackets->quantifier || !brackets->others.empty()) break;
    if (brackets->mode && whole.mode && *brackets->mode != *whole.mode) break;
    if (brackets->chronology && whole.chronology) break;
    if (brackets->mode) whole.mode = brackets->mode;
    if (brackets->chronology) whole.chronology = brackets->chronology;
    whole.brackets.push_back(brackets);
    whole.path = brackets->path.get();
  }
  return whole;
}

bool IsSimple(const ast::PathPattern& path) {
  const auto& elements = path.elements;
  if (elements.size() != 3 || !std::holds_alternative<ast::NodePattern>(elements[0]) ||
      !std::holds_alternative<ast::NodePattern>(elements[2])) {
    return false;
  }
  if (const auto* brackets = std::get_if<ast::ParenthesizedPath>(&elements[1])) {
    return IsSingleStep(*brackets);
  }
  const auto* relationship = std::get_if<ast::RelationshipPattern>(&elements[1]);
  return relationship != nullptr && IsVariableLength(*relationship);
}

bool NeedsRoute(const ast::PathPattern& path) {
  return std::any_of(path.elements.begin(), path.elements.end(), [](const auto& element) {
    const auto* brackets = std::get_if<ast::ParenthesizedPath>(&element);
    if (brackets == nullptr) return false;
    if (IsPlain(*brackets)) return NeedsRoute(*brackets->path);
    return !IsSingleStep(*brackets);
  });
}

bool HasRelationship(const ast::PathPattern& path) {
  return std::any_of(path.elements.begin(), path.elements.end(), [](const auto& element) {
    if (std::holds_alternative<ast::RelationshipPattern>(element)) return true;
    const auto* brackets = std::get_if<ast::ParenthesizedPath>(&element);
    return brackets != nullptr && (brackets->quantifier || HasRelationship(*brackets->path));
  });
}

bool HasElement(const ast::PathPattern& path) {
  return std::any_of(path.elements.begin(), path.elements.end(), [](const auto& element) {
    const auto* brackets = std::get_if<ast::ParenthesizedPath>(&element);
    if (brackets == nullptr) return true;
    if (brackets->quantifier && brackets->quantifier->min == 0) return false;
    return HasElement(*brackets->path) &&
           std::all_of(brackets->others.begin(), brackets->others.end(),
                       [](const auto& other) { return HasElement(*other); });
  });
}

}  // namespace kb::query::bind
