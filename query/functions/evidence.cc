// What facts rest on: statements, sources, grades, contradictions, supports of paths.

#include "storage/evidence.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "query/functions/convert.h"
#include "query/functions/statement_values.h"
#include "query/functions/table.h"
#include "schema/order.h"

namespace kb::query::functions {
namespace {

using storage::Entity;
using storage::FactKind;
using storage::Grade;
using storage::NodeId;
using storage::Statement;

constexpr KindSet kElementKinds = kNodeKind | kRelationshipKind;

Entity EntityOf(const Value& value) {
  return value.is_node() ? Entity::Of(value.node()) : Entity::Of(value.relationship());
}

/// The name of a fact: a key, `:Label`, or null for existence.
Value NameOf(const storage::View& view, const storage::Fact& fact) {
  switch (fact.kind) {
    case FactKind::kExistence:
      return Value::Null();
    case FactKind::kLabel:
      return Value::String(":" + std::string(view.catalog().Name(
                                     storage::LabelId{static_cast<std::uint16_t>(fact.name)})));
    case FactKind::kProperty:
      return Value::String(view.catalog().Name(storage::KeyId{fact.name}));
    case FactKind::kSame:
    case FactKind::kDistinct:
      break;
  }
  return Value::Null();
}

Value Describe(const storage::View& view, const Statement& s) {
  return Value::Map({{"id", Value::Integer(static_cast<std::int64_t>(s.id))},
                     {"key", NameOf(view, s.fact)},
                     {"value", s.value},
                     {"source", SourceOf(view, s)},
                     {"grade", TextOrNull(storage::ToText(s.testimony.grade))},
                     {"at", s.testimony.at},
                     {"by", TextOrNull(s.testimony.by)},
                     {"valid", s.testimony.valid},
                     {"recorded", TimeOf(s.recorded)},
                     {"withdrawn", TimeOf(s.withdrawn)},
                     {"because", TextOrNull(s.because)}});
}

/// Visits the statements of an element, of the key alone if one is given.
void ForEachOf(std::span<const Value> arguments, const Context& context, bool all,
               const std::function<void(const Statement&)>& visit) {
  const storage::View& view = *context.view;
  storage::ForEachStatement(view, EntityOf(arguments[0]), all, [&](const Statement& statement) {
    if (arguments.size() > 1) {
      const Value name = NameOf(view, statement.fact);
      if (!name.is_string() || name.string() != arguments[1].string()) return;
    }
    visit(statement);
  });
}

Result<Value> Statements(std::span<const Value> arguments, const Context& context) {
  std::vector<Value> rows;
  ForEachOf(arguments, context, true, [&](const Statement& statement) {
    rows.push_back(Describe(*context.view, statement));
  });
  return Value::List(std::move(rows));
}

Result<Value> Sources(std::span<const Value> arguments, const Context& context) {
  std::vector<Value> sources;
  std::set<NodeId> known;
  ForEachOf(arguments, context, false, [&](const Statement& statement) {
    if (statement.plain || !known.insert(statement.testimony.source).second) return;
    sources.push_back(SourceOf(*context.view, statement));
  });
  return Value::List(std::move(sources));
}

/// The best grade among statements of one fact.
Grade BestGrade(const std::vector<const Statement*>& statements) {
  Grade best;
  for (const Statement* statement : statements) {
    if (storage::IsBetter(statement->testimony.grade, best)) best = statement->testimony.grade;
  }
  return best;
}

Grade GradeOf(std::span<const Value> arguments, const Context& context) {
  std::vector<const Statement*> statements;
  ForEachOf(arguments, context, false, [&](const Statement& statement) {
    const bool wanted = arguments.size() > 1 || statement.fact.kind == FactKind::kExistence;
    if (!statement.plain && wanted) statements.push_back(&statement);
  });
  // Of a key: the grade of the value that holds.
  if (arguments.size() > 1) {
    const auto decided = storage::Decide(statements, storage::RuleOf(*context.view));
    std::erase_if(statements, [&](const Statement* statement) {
      return !decided || schema::Equivalent(statement->value, *decided) == false;
    });
  }
  return BestGrade(statements);
}

Result<Value> GradeText(std::span<const Value> arguments, const Context& context) {
  return TextOrNull(storage::ToText(GradeOf(arguments, context)));
}

Result<Value> AtLeast(std::span<const Value> arguments, const Context& context) {
  Grade grade;
  if (arguments[0].is_string()) {
    KB_ASSIGN(grade, storage::ParseGrade(arguments[0].string()));
  } else {
    grade = GradeOf(arguments.subspan(0, 1), context);
  }
  KB_ASSIGN(const Grade least, storage::ParseGrade(arguments[1].string()));
  if (!grade.given()) return Value::Null();
  return Value::Boolean(storage::IsAtLeast(grade, least));
}

/// The nodes that are one with a node, itself among them; of a relationship, itself.
std::vector<Value> MembersOf(const Value& element, const storage::View& view) {
  if (!element.is_node()) return {element};
  std::vector<Value> members;
  for (const NodeId node : storage::ClusterOf(view, element.node())) {
    members.push_back(Value::Node(node));
  }
  return members;
}

Result<Value> Cluster(std::span<const Value> arguments, const Context& context) {
  return Value::List(MembersOf(arguments[0], *context.view));
}

Result<Value> Conflicts(std::span<const Value> arguments, const Context& context) {
  std::map<std::string, std::vector<Value>> values;
  const auto add = [&values](std::string_view key, const Value& value) {
    auto& known = values[std::string(key)];
    const bool is_new = std::none_of(known.begin(), known.end(), [&](const Value& other) {
      return schema::Equivalent(other, value);
    });
    if (is_new) known.push_back(value);
  };
  // What the records of a cluster hold counts as well as what is stated.
  const std::vector<Value> members = MembersOf(arguments[0], *context.view);
  const storage::View records = storage::RecordsOf(*context.view);
  for (const Value& member : members) {
    if (members.size() < 2) break;
    for (const auto& [key, value] : records.Properties(member.node())) {
      add(records.catalog().Name(key), value);
    }
  }
  ForEachOf(arguments, context, false, [&](const Statement& statement) {
    if (statement.fact.kind == FactKind::kExistence) return;
    add(NameOf(*context.view, statement.fact).string(), statement.value);
  });
  std::vector<Value> keys;
  for (const auto& [name, known] : values) {
    if (known.size() > 1) keys.push_back(Value::String(name));
  }
  return Value::List(std::move(keys));
}

/// The elements of a path, or one element.
std::vector<Value> ElementsOf(const Value& value) {
  if (!value.is_path()) return {value};
  return {value.path().begin(), value.path().end()};
}

/// The sources that say an element exists; empty if its writer does, or nobody was asked.
std::set<NodeId> SourcesOfExistence(const Value& element, const Context& context) {
  std::set<NodeId> sources;
  bool plain = false;
  storage::ForEachStatement(*context.view, EntityOf(element), false,
                            [&](const Statement& statement) {
                              if (statement.fact.kind != FactKind::kExistence) return;
                              plain = plain || statement.plain;
                              if (statement.plain) return;
                              sources.insert(statement.testimony.source);
                            });
  if (plain) sources.clear();
  return sources;
}

using SourceSet = std::set<NodeId>;

/// Leaves those out that contain another.
void KeepMinimal(std::vector<SourceSet>* sets) {
  std::sort(sets->begin(), sets->end(), [](const SourceSet& a, const SourceSet& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  std::vector<SourceSet> minimal;
  for (SourceSet& set : *sets) {
    const bool contains = std::any_of(minimal.begin(), minimal.end(), [&](const SourceSet& less) {
      return std::includes(set.begin(), set.end(), less.begin(), less.end());
    });
    if (!contains) minimal.push_back(std::move(set));
  }
  *sets = std::move(minimal);
}

/// Whatever chooses one source of each element, and no more than needed.
Result<Value> Support(std::span<const Value> arguments, const Context& context) {
  constexpr std::size_t kSetsMax = 10'000;
  std::vector<SourceSet> supports{SourceSet{}};
  for (const Value& element : ElementsOf(arguments[0])) {
    const SourceSet sources = SourcesOfExistence(element, context);
    if (sources.empty()) continue;
    std::vector<SourceSet> next;
    for (const SourceSet& support : supports) {
      for (const NodeId source : sources) {
        SourceSet wider = support;
        wider.insert(source);
        next.push_back(std::move(wider));
      }
    }
    KeepMinimal(&next);
    if (next.size() > kSetsMax) {
      return LimitError("a path rests on more than {} sets of sources", kSetsMax);
    }
    supports = std::move(next);
  }
  std::vector<Value> rows;
  for (const SourceSet& support : supports) {
    std::vector<Value> names;
    for (const NodeId source : support) {
      const Value name = storage::SourceId(*context.view, source);
      names.push_back(name.is_null() ? Value::Node(source) : name);
    }
    std::sort(names.begin(), names.end(),
              [](const Value& a, const Value& b) { return schema::Order(a, b) < 0; });
    rows.push_back(Value::List(std::move(names)));
  }
  return Value::List(std::move(rows));
}

Result<Value> Weakest(std::span<const Value> arguments, const Context& context) {
  bool graded = false;
  Grade weakest;
  for (const Value& element : ElementsOf(arguments[0])) {
    const auto grade = storage::GradeOfExistence(*context.view, EntityOf(element));
    if (!grade) continue;
    if (!graded || storage::IsBetter(weakest, *grade)) weakest = *grade;
    graded = true;
  }
  return TextOrNull(storage::ToText(weakest));
}

}  // namespace

std::span<const Function> EvidenceFunctions() {
  constexpr Traits kReads = {.reads_graph = true};
  constexpr Traits kByKey = {.optional = 1, .reads_graph = true};
  static const std::vector<Argument> element_and_key = {{"element", kElementKinds},
                                                        {"key", kStringKind}};
  static const std::vector<Argument> path = {{"path", kElementKinds | kPathKind}};
  static const std::vector<Function> table = {
      Make(
          {"atLeast", "atLeast(graded :: STRING | NODE | RELATIONSHIP, grade :: STRING) :: BOOLEAN",
           "Whether a grade, or that of an element, is as good as another in both parts.",
           "atLeast('B2', 'C3')", "true"},
          {{"graded", kElementKinds | kStringKind}, {"grade", kStringKind}}, kBooleanKind, AtLeast,
          kReads),
      Make({"cluster", "cluster(node :: NODE) :: LIST<NODE>",
            "The nodes that judgements of identity make one with a node, the oldest first.",
            "CREATE (a:Person {name: 'Ada'}), (b:Person) ASSERT SAME (a), (b) RETURN "
            "size(cluster(a))",
            "2"},
           {{"node", kNodeKind}}, kListKind, Cluster, kReads),
      Make({"conflicts", "conflicts(element :: NODE | RELATIONSHIP) :: LIST<STRING>",
            "The keys and labels of an element of which statements, or the records that are one, "
            "say "
            "different things.",
            "CREATE (n:Person {name: 'Ada'}) FROM SOURCE 'file' SET n.name = 'Eda' FROM SOURCE "
            "'diary' RETURN conflicts(n)",
            "['name']"},
           {{"element", kElementKinds}}, kListKind, Conflicts, kReads),
      Make({"grade", "grade(element :: NODE | RELATIONSHIP, key :: STRING) :: STRING",
            "The best grade of the statements that an element exists, or of the value of a key.",
            "CREATE (n:Person {name: 'Ada'}) FROM SOURCE 'file' GRADE 'B2' RETURN grade(n, 'name')",
            "'B2'"},
           element_and_key, kStringKind, GradeText, kByKey),
      Make({"sources", "sources(element :: NODE | RELATIONSHIP, key :: STRING) :: LIST<ANY>",
            "The sources of the statements about an element, or about one of its keys.",
            "CREATE (n:Person {name: 'Ada'}) FROM SOURCE 'file' GRADE 'B2' RETURN sources(n)",
            "['file']"},
           element_and_key, kListKind, Sources, kByKey),
      Make({"statements", "statements(element :: NODE | RELATIONSHIP, key :: STRING) :: LIST<MAP>",
            "The statements about an element, or one of its keys, withdrawn ones included.",
            "CREATE (n:Person {name: 'Ada'}) FROM SOURCE 'file' GRADE 'B2' RETURN [s IN "
            "statements(n, 'name') | s.value]",
            "['Ada']"},
           element_and_key, kListKind, Statements, kByKey),
      Make({"support", "support(path :: PATH | NODE | RELATIONSHIP) :: LIST<LIST<ANY>>",
            "The least sets of sources that a path rests on.",
            "CREATE p = (:City)-[:NEAR]->(:City) FROM SOURCE 'map' GRADE 'B2' RETURN support(p)",
            "[['map']]"},
           path, kListKind, Support, kReads),
      Make({"weakest", "weakest(path :: PATH | NODE | RELATIONSHIP) :: STRING",
            "The grade of the weakest element of a path; null if none is graded.",
            "CREATE p = (:City)-[:NEAR]->(:City) FROM SOURCE 'map' GRADE 'B2' RETURN weakest(p)",
            "'B2'"},
           path, kStringKind, Weakest, kReads),
  };
  return table;
}

}  // namespace kb::query::functions
