// Patterns as text.
#include <fmt/format.h>

#include "query/ast/printer.h"

namespace kb::query::ast {
namespace {

std::string_view Spelling(PathMode mode) {
  switch (mode) {
    case PathMode::kWalk:
      return "WALK ";
    case PathMode::kTrail:
      return "TRAIL ";
    case PathMode::kAcyclic:
      return "ACYCLIC ";
    case PathMode::kSimple:
      return "SIMPLE ";
  }
  return "?";
}

std::string_view Spelling(SelectorKind kind) {
  switch (kind) {
    case SelectorKind::kAll:
      return "ALL ";
    case SelectorKind::kAny:
      return "ANY ";
    case SelectorKind::kAllShortest:
      return "ALL SHORTEST ";
    case SelectorKind::kAnyShortest:
      return "ANY SHORTEST ";
    case SelectorKind::kShortest:
    case SelectorKind::kShortestGroups:
      return "SHORTEST ";
  }
  return "?";
}

std::string Range(const std::optional<std::uint64_t>& min,
                  const std::optional<std::uint64_t>& max) {
  if (min && max && *min == *max) return fmt::format("{}", *min);
  if (!min && !max) return "";
  return fmt::format("{}..{}", min ? fmt::format("{}", *min) : "",
                     max ? fmt::format("{}", *max) : "");
}

}  // namespace

void Printer::Write(const Chronology& chronology) {
  Add("CHRONOLOGICAL ");
  if (chronology.possibly) Add("POSSIBLY ");
  if (chronology.descending) Add("DESCENDING ");
  Add(chronology.over == Chronology::Over::kNodes ? "BY NODES " : "BY RELATIONSHIPS ");
  KeyName(chronology.key.text);
  Add(" ");
  if (!chronology.within) return;
  Add("WITHIN ");
  Write(*chronology.within);
  Add(" ");
}

void Printer::Where(const ExpressionPtr& predicate) {
  if (!predicate) return;
  Add(" WHERE ");
  Write(*predicate);
}

void Printer::Write(const Pattern& pattern) {
  List(pattern.parts, [&](const PatternPart& part) { Write(part); });
}

void Printer::Write(const PatternPart& part) {
  if (part.path_variable) {
    VariableName(part.path_variable->text);
    Add(" = ");
  }
  if (part.selector) {
    Add(Spelling(part.selector->kind));
    if (part.selector->count) {
      Write(*part.selector->count);
      Add(" ");
    }
  }
  if (part.mode) Add(Spelling(*part.mode));
  if (part.chronology) Write(*part.chronology);
  if (part.selector && part.selector->kind == SelectorKind::kShortestGroups) Add("GROUPS ");
  if (part.selector && part.selector->by_grade) Add("BY GRADE ");
  switch (part.shortest) {
    case ShortestForm::kNone:
      return Write(part.path);
    case ShortestForm::kSingle:
      Add("shortestPath(");
      break;
    case ShortestForm::kAll:
      Add("allShortestPaths(");
      break;
  }
  Write(part.path);
  Add(")");
}

void Printer::Write(const PathPattern& path) {
  for (const auto& element : path.elements) std::visit(*this, element);
}

void Printer::operator()(const NodePattern& node) {
  Add("(");
  if (node.variable) VariableName(node.variable->text);
  if (node.labels) {
    Add(":");
    Write(*node.labels, false);
  }
  if (node.properties) {
    Add(" ");
    Write(*node.properties);
  }
  Where(node.predicate);
  Add(")");
}

void Printer::operator()(const RelationshipPattern& relationship) {
  const bool body = relationship.variable || relationship.types || relationship.length ||
                    relationship.properties || relationship.predicate;
  Add(relationship.direction == schema::Direction::kIn ? "<-" : "-");
  if (body) {
    Add("[");
    if (relationship.variable) VariableName(relationship.variable->text);
    if (relationship.types) {
      Add(":");
      Write(*relationship.types, false);
    }
    if (relationship.length) {
      Add("*");
      Add(Range(relationship.length->min, relationship.length->max));
    }
    if (relationship.properties) {
      Add(" ");
      Write(*relationship.properties);
    }
    Where(relationship.predicate);
    Add("]");
  }
  Add(relationship.direction == schema::Direction::kOut ? "->" : "-");
  if (relationship.quantifier) Write(*relationship.quantifier);
}

void Printer::operator()(const ParenthesizedPath& path) {
  Add("(");
  if (path.path_variable) {
    VariableName(path.path_variable->text);
    Add(" = ");
  }
  if (path.mode) Add(Spelling(*path.mode));
  if (path.chronology) Write(*path.chronology);
  Write(*path.path);
  for (const auto& other : path.others) {
    Add(path.union_kind == UnionKind::kAll ? " |+| " : " | ");
    Write(*other);
  }
  Where(path.predicate);
  Add(")");
  if (path.quantifier) Write(*path.quantifier);
}

void Printer::Write(const PathQuantifier& quantifier) {
  if (quantifier.is_question) {
    Add("?");
  } else if (quantifier.max && *quantifier.max == quantifier.min) {
    Add(fmt::format("{{{}}}", quantifier.min));
  } else {
    Add(fmt::format("{{{},{}}}", quantifier.min,
                    quantifier.max ? fmt::format("{}", *quantifier.max) : ""));
  }
}

void Printer::Write(const LabelComputed& labels) {
  Add(labels.any ? "$any(" : "$(");
  Write(*labels.names);
  Add(")");
}

void Printer::Write(const LabelExpression& labels, bool inner) {
  const auto join = [&](const std::vector<LabelExpressionPtr>& operands, std::string_view word) {
    if (inner) Add("(");
    bool first = true;
    for (const auto& operand : operands) {
      if (!first) Add(word);
      first = false;
      Write(*operand, true);
    }
    if (inner) Add(")");
  };
  if (const auto* name = std::get_if<LabelName>(&labels.node)) {
    KeyName(name->name.text);
  } else if (const auto* computed = std::get_if<LabelComputed>(&labels.node)) {
    Write(*computed);
  } else if (const auto* operand = std::get_if<LabelNot>(&labels.node)) {
    Add("!");
    Write(*operand->operand, true);
  } else if (const auto* both = std::get_if<LabelAnd>(&labels.node)) {
    join(both->operands, "&");
  } else if (const auto* either = std::get_if<LabelOr>(&labels.node)) {
    join(either->operands, "|");
  } else {
    Add("%");
  }
}

}  // namespace kb::query::ast
