// Plans as text: EXPLAIN.
#include <fmt/format.h>

#include "query/algo/procedure.h"
#include "query/plan/planner.h"
#include "query/plan/walk.h"
#include "schema/base/text.h"

namespace kb::query::plan {
namespace {

const char* NameOf(ast::AmendKind kind) {
  switch (kind) {
    case ast::AmendKind::kWithdrawStatement:
      return "Withdraw";
    case ast::AmendKind::kWithdrawJudgement:
      return "WithdrawJudgement";
    case ast::AmendKind::kErase:
      return "Erase";
    case ast::AmendKind::kEraseStatement:
      return "EraseStatement";
    case ast::AmendKind::kAssertSame:
      return "AssertSame";
    case ast::AmendKind::kAssertDistinct:
      break;
  }
  return "AssertDistinct";
}

using Description = std::pair<std::string, std::string>;

struct Describer {
  const Plan& plan;

  std::string Name(Slot slot) const {
    const auto index = static_cast<std::size_t>(slot);
    if (slot < 0 || index >= plan.slot_names.size() || plan.slot_names[index].empty()) {
      return fmt::format("_{}", slot);
    }
    return plan.slot_names[index];
  }
  /// Anonymous nodes and relationships show as nothing: (), -[:KNOWS]->.
  std::string Visible(Slot slot) const {
    const auto index = static_cast<std::size_t>(slot);
    return slot < 0 || index >= plan.slot_names.size() ? std::string() : plan.slot_names[index];
  }
  std::string Names(const std::vector<Slot>& slots) const {
    std::string text;
    for (const Slot slot : slots) text += (text.empty() ? "" : ", ") + Name(slot);
    return text;
  }
  static std::string Types(const NameList& types) {
    std::string text;
    for (const auto& type : types) text += (text.empty() ? ":" : "|") + text::QuoteName(type);
    return text;
  }
  static std::string Arrow(const std::string& inside, Direction direction) {
    const std::string body = inside.empty() ? "-" : "-[" + inside + "]-";
    return (direction == Direction::kIn ? "<" : "") + body + (inside.empty() ? "-" : "") +
           (direction == Direction::kOut ? ">" : "");
  }
  static std::string Length(const bind::PatternRelationship& pattern) {
    return fmt::format("*{}..{}", pattern.min, pattern.max ? std::to_string(*pattern.max) : "");
  }
  std::string Ends(Slot from, const std::string& inside, Slot to, Direction direction) const {
    return "(" + Visible(from) + ")" + Arrow(inside, direction) + "(" + Visible(to) + ")";
  }
  std::string Pattern(const bind::Pattern& pattern) const {
    std::string text;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    for (const auto& r : pattern.relationships) {
      add(Ends(pattern.nodes[r.left].slot,
               r.name + Types(r.types) + (r.variable_length ? Length(r) : ""),
               pattern.nodes[r.right].slot, r.direction));
    }
    if (pattern.relationships.empty()) {
      for (const auto& node : pattern.nodes) {
        add("(" + node.name + (node.labels ? ":" + Print(*node.labels) : "") + ")");
      }
    }
    return text;
  }

  Description operator()(const Argument&) const { return {"Argument", ""}; }
  Description operator()(const Empty&) const { return {"Empty", ""}; }
  Description operator()(const NodeScan& op) const {
    return {"NodeScan", Name(op.node) + (op.label.empty() ? "" : ":" + text::QuoteName(op.label))};
  }
  Description operator()(const IndexSeek& op) const {
    std::string keys = op.key;
    for (const auto& key : op.more_keys) keys += ", " + key;
    return {"IndexSeek", fmt::format("{}:{}({}) {} {}", Name(op.node), op.label, keys,
                                     op.is_list ? "IN" : "=", Print(*op.value))};
  }
  Description operator()(const IndexRange& op) const {
    std::string text = fmt::format("{}:{}({})", Name(op.node), op.label, op.key);
    if (op.prefix) text += " STARTS WITH " + Print(*op.prefix);
    if (op.lower) text += (op.lower_inclusive ? " >= " : " > ") + Print(*op.lower);
    if (op.upper) text += (op.upper_inclusive ? " <= " : " < ") + Print(*op.upper);
    return {"IndexRange", text};
  }
  Description operator()(const IdSeek& op) const {
    return {"IdSeek",
            fmt::format("id({}) {} {}", Name(op.node), op.is_list ? "IN" : "=", Print(*op.value))};
  }
  Description operator()(const MatchPattern& op) const {
    std::string text = Pattern(op.pattern);
    if (!op.predicates.empty()) text += " WHERE " + Print(*Conjoin(op.predicates));
    return {"MatchPattern", text};
  }
  Description operator()(const Expand& op) const {
    const std::string inside = Visible(op.relationship) + Types(op.types);
    std::string text = Ends(op.from, inside, op.to, op.direction);
    if (!op.to_label.empty()) text.insert(text.size() - 1, ":" + text::QuoteName(op.to_label));
    return {op.into ? "ExpandInto" : "Expand", text};
  }
  Description operator()(const ExpandVariable& op) const {
    if (op.pattern.route) return Search(op);
    const std::string inside =
        Visible(op.pattern.slot) + Types(op.pattern.types) + Length(op.pattern);
    std::string text = Ends(op.from, inside, op.to,
                            op.reversed ? Reverse(op.pattern.direction) : op.pattern.direction);
    if (op.distinct_ends) text += " distinct ends";
    if (op.count_only) text += " count only";
    if (op.merges_walks) text += " ends and lengths only";
    for (const auto& test : op.tests) text += " each " + Print(*test.predicate);
    return {op.into ? "ExpandVariableInto" : "ExpandVariable", text};
  }
  static std::string_view Spelling(ast::SelectorKind kind) {
    static constexpr std::string_view kNames[] = {"all",          "any",      "all shortest",
                                                  "any shortest", "shortest", "shortest groups"};
    return kNames[static_cast<int>(kind)];
  }
  static std::string_view Spelling(ast::PathMode mode) {
    static constexpr std::string_view kNames[] = {"walk", "trail", "acyclic", "simple"};
    return kNames[static_cast<int>(mode)];
  }
  Description operator()(const ShortestPath& op) const {
    const std::string inside =
        Visible(op.pattern.slot) + Types(op.pattern.types) + Length(op.pattern);
    std::string text = std::string(Spelling(op.selector)) + " " +
                       Ends(op.from, inside, op.to, op.pattern.direction);
    if (op.merges_walks) text += " lengths only";
    return {"ShortestPath", text};
  }
  static std::string Order(const bind::Chronology& chronology) {
    std::string text = chronology.possibly ? " chronological possibly" : " chronological";
    if (chronology.descending) text += " descending";
    text += chronology.over == ast::Chronology::Over::kNodes ? " by nodes " : " by relationships ";
    text += text::QuoteName(chronology.key);
    if (chronology.within) text += " within " + Print(*chronology.within);
    return text;
  }
  Description Search(const ExpandVariable& op) const {
    const bind::Route& route = *op.pattern.route;
    std::string text = fmt::format(
        "{} {}{}{} ({}) {} ({})", op.selector ? Spelling(*op.selector) : std::string_view("all"),
        Spelling(route.mode), route.chronology ? Order(*route.chronology) : std::string(),
        route.by_grade ? " by grade" : "", Visible(op.from), Shape(route, op.reversed),
        Visible(op.to));
    if (op.end_labels) text.insert(text.size() - 1, ":" + Print(*op.end_labels));
    if (op.end_predicate) text += " where " + Print(*op.end_predicate);
    if (route.predicate) text += " such that " + Print(*route.predicate);
    return {op.into ? "PathSearchInto" : "PathSearch", text};
  }
  /// The steps of a route, and the rounds of its quantified parts.
  std::string Shape(const bind::Route& route, bool reversed) const {
    std::string text;
    for (std::size_t i = 0; i < route.steps.size(); ++i) {
      const auto& step = route.steps[reversed ? route.steps.size() - 1 - i : i];
      const std::size_t named = step.variable;
      std::string inside = named == bind::Route::kNone ? "" : route.variables[named].name;
      inside += Types(step.relationship.types);
      if (step.relationship.type_test) inside += ":" + Print(*step.relationship.type_test);
      const Direction direction = step.relationship.direction;
      text += Arrow(inside, reversed ? Reverse(direction) : direction);
    }
    for (const auto& move : route.moves) {
      if (move.count != bind::Route::Count::kEnter) continue;
      text += fmt::format(" {{{},{}}}", move.min, move.max ? std::to_string(*move.max) : "");
    }
    for (const auto& scope : route.scopes) {
      if (scope.chronology) text += Order(*scope.chronology);
    }
    return text;
  }
  void Links(const CountNode& node, std::string* text) const {
    const auto add = [&](const CountLink& link) {
      static constexpr std::string_view kUses[] = {"", "exists ", "not "};
      *text += (text->empty() || text->back() == ' ' ? "" : ", ") +
               std::string(kUses[static_cast<int>(link.use)]) +
               Ends(link.from, Types(link.types), link.to, link.direction);
    };
    add(node.link);
    for (const CountLink& link : node.closing) add(link);
    for (const CountGroup& group : node.groups) Group(group, text);
  }
  void Group(const CountGroup& group, std::string* text) const {
    static constexpr std::string_view kUses[] = {"", "optional ", "exists ", "not "};
    if (group.use != CountGroup::Use::kTimes) {
      *text += (text->empty() ? "" : ", ") + std::string(kUses[static_cast<int>(group.use)]);
    }
    for (const CountNode& node : group.nodes) Links(node, text);
  }
  Description operator()(const CountMatches& op) const {
    std::string text;
    for (const CountGroup& group : op.groups) Group(group, &text);
    return {"CountMatches", text};
  }
  Description operator()(const Filter& op) const { return {"Filter", Print(*op.predicate)}; }
  Description operator()(const Project& op) const {
    std::string text;
    for (const auto& [slot, expression] : op.items) {
      const std::string shown = Print(*expression);
      const std::string name = Name(slot);
      text += (text.empty() ? "" : ", ") + (shown == name ? shown : shown + " AS " + name);
    }
    return {"Project", text};
  }
  Description operator()(const Unwind& op) const {
    if (op.csv) return {"LoadCsv", Print(*op.csv->source) + " AS " + Name(op.slot)};
    return {"Unwind", Print(*op.list) + " AS " + Name(op.slot)};
  }
  Description operator()(const Aggregate& op) const {
    std::string text;
    for (const auto& key : op.keys) text += (text.empty() ? "" : ", ") + Print(*key.second);
    std::string calls;
    for (const auto& item : op.aggregates) {
      bind::Expression call;
      call.node = item.call;
      calls += (calls.empty() ? "" : ", ") + Print(call);
    }
    return {"Aggregate", text.empty() ? calls : text + ": " + calls};
  }
  Description operator()(const Distinct& op) const { return {"Distinct", Names(op.slots)}; }
  Description operator()(const Sort& op) const {
    std::string text;
    for (const auto& key : op.keys) {
      text += (text.empty() ? "" : ", ") + Print(*key.expression) + (key.descending ? " DESC" : "");
    }
    if (op.limit) text += " first " + Print(*op.limit);
    return {op.limit ? "TopRows" : "Sort", text};
  }
  Description operator()(const Skip& op) const { return {"Skip", Print(*op.count)}; }
  Description operator()(const Limit& op) const { return {"Limit", Print(*op.count)}; }
  Description operator()(const Union& op) const { return {"Union", Names(op.slots)}; }
  Description operator()(const Apply& op) const {
    std::string details;
    if (op.transactions) {
      details = "in transactions";
      if (op.transactions->rows) details += " of " + Print(*op.transactions->rows) + " rows";
    }
    switch (op.kind) {
      case ApplyKind::kInner:
        return {"Apply", details};
      case ApplyKind::kOptional:
        return {"OptionalApply", details};
      case ApplyKind::kUnit:
        return {"UnitApply", details};
    }
    return {};
  }
  Description operator()(const HashJoin& op) const {
    std::string text;
    for (const auto& [left, right] : op.keys) {
      text += (text.empty() ? "" : " AND ") + Print(*left) + " = " + Print(*right);
    }
    return {op.is_optional ? "OptionalHashJoin" : "HashJoin", text};
  }
  Description operator()(const Eager& op) const { return {"Eager", op.reason}; }
  Description operator()(const Create& op) const { return {"Create", Pattern(op.pattern)}; }
  Description operator()(const Merge& op) const { return {"Merge", Pattern(op.merge.pattern)}; }
  Description operator()(const SetItems& op) const {
    return {"Set", fmt::format("{} item{}", op.items.size(), op.items.size() == 1 ? "" : "s")};
  }
  Description operator()(const Delete& op) const {
    std::string text;
    for (const auto& e : op.clause.expressions) text += (text.empty() ? "" : ", ") + Print(*e);
    return {op.clause.detach ? "DetachDelete" : "Delete", text};
  }
  Description operator()(const Amend& op) const {
    const bind::Amend& clause = op.clause;
    std::string text = Print(*clause.subject);
    if (!clause.key.empty()) text += "." + clause.key;
    if (clause.dynamic_key) text += "[" + Print(*clause.dynamic_key) + "]";
    if (clause.other) text += ", " + Print(*clause.other);
    return {NameOf(clause.kind), text};
  }
  Description operator()(const Foreach& op) const {
    return {"Foreach", Name(op.variable) + " IN " + Print(*op.list)};
  }
  Description operator()(const CallProcedure& op) const {
    return {"CallProcedure", op.call.procedure->name};
  }
  Description operator()(const Result& op) const {
    std::string text;
    for (const auto& column : op.columns) text += (text.empty() ? "" : ", ") + column.name;
    return {"Result", text};
  }
};

void PrintTree(const Operator& op, const Plan& plan, const std::string& prefix,
               const std::string& branch, std::string* text) {
  const auto [name, details] = Describe(op, plan);
  *text += prefix + branch + name + (details.empty() ? "" : " " + details) + "\n";
  const std::string below = prefix + (branch.empty() ? "" : branch == "├─ " ? "│  " : "   ");
  for (std::size_t i = 0; i < op.inputs.size(); ++i) {
    PrintTree(*op.inputs[i], plan, below, i + 1 < op.inputs.size() ? "├─ " : "└─ ", text);
  }
}

}  // namespace

std::pair<std::string, std::string> Describe(const Operator& op, const Plan& plan) {
  return std::visit(Describer{plan}, op.node);
}

std::string Print(const Plan& plan) {
  std::string text;
  PrintTree(*plan.root, plan, "", "", &text);
  for (const auto& subquery : plan.subqueries) {
    text += "Subquery\n";
    PrintTree(*subquery.root, plan, "", "└─ ", &text);
  }
  return text;
}

}  // namespace kb::query::plan
