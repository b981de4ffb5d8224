#include "query/algo/testimony.h"

#include <string>
#include <utility>
#include <vector>

#include "schema/edtf.h"
#include "storage/evidence.h"

namespace kb::query::algo {
namespace {

using schema::Value;
using storage::Entity;

Error WrongPart(std::string_view part, std::string_view wanted, const Value& value) {
  return TypeError("`{}` of the evidence is {}, but this is {}", part, wanted,
                   schema::KindName(value.kind()))
      .Detail("InvalidArgumentType");
}

Result<storage::NodeId> SourceOf(const Value& value, storage::EvidenceWriter& writer) {
  if (value.is_node()) return value.node();
  if (!value.is_string()) return WrongPart("source", "a text or a node", value);
  if (value.string().empty()) return ArgumentError("a source needs a name, but this is empty");
  return writer.Source(value.string());
}

/// `{source: …, grade: …, at: …, by: …, valid: …}`; all but the source may be left out.
Result<storage::Testimony> TestimonyOf(const Value& map, storage::EvidenceWriter& writer) {
  storage::Testimony testimony;
  bool has_source = false;
  for (const auto& [key, value] : map.map()) {
    if (key == "source") {
      KB_ASSIGN(testimony.source, SourceOf(value, writer));
      has_source = true;
    } else if (key != "grade" && key != "at" && key != "by" && key != "valid") {
      return ArgumentError("evidence has no `{}`", key)
          .Hint("it has source, grade, at, by and valid");
    } else if (value.is_null()) {
      continue;
    } else if (key == "grade") {
      if (!value.is_string()) return WrongPart(key, "a text such as 'B2'", value);
      KB_ASSIGN(testimony.grade, storage::ParseGrade(value.string()));
    } else if (key == "at") {
      if (!value.is_map()) return WrongPart(key, "a map", value);
      testimony.at = value;
    } else if (key == "by") {
      if (!value.is_string()) return WrongPart(key, "a text", value);
      testimony.by = std::string(value.string());
    } else {
      if (!schema::IsMoment(value)) return WrongPart(key, "a date", value);
      testimony.valid = value;
    }
  }
  if (has_source) return testimony;
  return ArgumentError("the evidence names no source")
      .Hint("write it as {source: 'article', grade: 'B2'}");
}

using Properties = std::vector<std::pair<storage::KeyId, Value>>;

Result<Properties> PropertiesOf(const Value& map, storage::Transaction& transaction) {
  Properties properties;
  for (const auto& [key, value] : map.map()) {
    if (value.is_null()) continue;
    KB_ASSIGN(const storage::KeyId id, transaction.Key(key));
    properties.emplace_back(id, value);
  }
  return properties;
}

Result<void> StateOne(const Value& element, const std::string& key, const Value& value,
                      storage::Transaction& transaction) {
  if (!key.starts_with(':')) {
    KB_ASSIGN(const storage::KeyId id, transaction.Key(key));
    return element.is_node() ? transaction.SetProperty(element.node(), id, value)
                             : transaction.SetProperty(element.relationship(), id, value);
  }
  if (!element.is_node() || !value.is_boolean()) {
    return TypeError("`{}` states a label, of a node, as true or false", key)
        .Detail("InvalidArgumentType");
  }
  KB_ASSIGN(const storage::LabelId label, transaction.Label(key.substr(1)));
  return value.boolean() ? transaction.AddLabel(element.node(), label)
                         : transaction.RemoveLabel(element.node(), label);
}

}  // namespace

Result<void> State(const Call& call) {
  const Value& element = call.arguments[0];
  if (element.is_null() || call.arguments[1].is_null() || call.arguments[2].is_null()) return {};
  if (!element.is_node() && !element.is_relationship()) {
    return TypeError("`element` of kb.assert is a node or a relationship, but this is {}",
                     schema::KindName(element.kind()))
        .Detail("InvalidArgumentType");
  }
  storage::Transaction& transaction = *call.transaction;
  storage::EvidenceWriter& writer = storage::EvidenceOf(transaction);
  KB_ASSIGN(const storage::Testimony testimony, TestimonyOf(call.arguments[2], writer));
  const storage::TestifyScope testifying(writer, testimony);
  if (call.arguments[1].map().empty()) {
    return writer.StateExistence(element.is_node() ? Entity::Of(element.node())
                                                   : Entity::Of(element.relationship()));
  }
  for (const auto& [key, value] : call.arguments[1].map()) {
    KB_TRY(StateOne(element, key, value, transaction));
  }
  return {};
}

Result<void> MakeNode(const Call& call) {
  storage::Transaction& transaction = *call.transaction;
  storage::EvidenceWriter& writer = storage::EvidenceOf(transaction);
  if (call.arguments[0].is_null() || call.arguments[1].is_null() || call.arguments[2].is_null()) {
    return ArgumentError("a node is made of labels, properties and evidence, none of them null");
  }
  std::vector<storage::LabelId> labels;
  for (const Value& name : call.arguments[0].list()) {
    if (!name.is_string()) {
      return TypeError("a label is a text, but this is {}", schema::KindName(name.kind()))
          .Detail("InvalidArgumentType");
    }
    KB_ASSIGN(const storage::LabelId label, transaction.Label(name.string()));
    labels.push_back(label);
  }
  KB_ASSIGN(const Properties properties, PropertiesOf(call.arguments[1], transaction));
  KB_ASSIGN(const storage::Testimony testimony, TestimonyOf(call.arguments[2], writer));
  const storage::TestifyScope testifying(writer, testimony);
  KB_ASSIGN(const storage::NodeId node, transaction.CreateNode(labels, properties));
  return call.emit({Value::Node(node)});
}

Result<void> MakeRelationship(const Call& call) {
  storage::Transaction& transaction = *call.transaction;
  storage::EvidenceWriter& writer = storage::EvidenceOf(transaction);
  for (const Value& argument : call.arguments) {
    if (!argument.is_null()) continue;
    return ArgumentError(
        "a relationship is made of two nodes, a type, properties and evidence, none of them null");
  }
  KB_ASSIGN(const storage::TypeId type, transaction.Type(call.arguments[1].string()));
  KB_ASSIGN(const Properties properties, PropertiesOf(call.arguments[3], transaction));
  KB_ASSIGN(const storage::Testimony testimony, TestimonyOf(call.arguments[4], writer));
  const storage::TestifyScope testifying(writer, testimony);
  KB_ASSIGN(const storage::RelationshipRef made,
            transaction.CreateRelationship(call.arguments[0].node(), type, call.arguments[2].node(),
                                           properties));
  return call.emit({Value::Relationship(made)});
}

Result<void> WithdrawStatement(const Call& call) {
  if (call.arguments[0].is_null()) return {};
  if (call.arguments[0].integer() <= 0) {
    return NotFoundError("there is no statement {}", call.arguments[0].integer());
  }
  const bool has_reason = call.arguments.size() > 1 && !call.arguments[1].is_null();
  return storage::EvidenceOf(*call.transaction)
      .Withdraw(static_cast<std::uint64_t>(call.arguments[0].integer()),
                has_reason ? call.arguments[1].string() : std::string_view());
}

namespace {

std::string_view TextAt(const Call& call, std::size_t at) {
  const bool given = call.arguments.size() > at && !call.arguments[at].is_null();
  return given ? call.arguments[at].string() : std::string_view();
}

/// Two nodes and `{because: …, by: …}`, with or without a source and what belongs to it.
Result<void> Judge(const Call& call, bool same) {
  if (call.arguments[0].is_null() || call.arguments[1].is_null()) return {};
  std::string because, by;
  schema::MapEntries rest;
  if (call.arguments.size() > 2 && !call.arguments[2].is_null()) {
    for (const auto& [key, value] : call.arguments[2].map()) {
      const bool text = key == "because" || key == "by";
      if (!text) rest.emplace_back(key, value);
      if (!text || value.is_null()) continue;
      if (!value.is_string()) return WrongPart(key, "a text", value);
      (key == "because" ? because : by) = std::string(value.string());
    }
  }
  storage::EvidenceWriter& writer = storage::EvidenceOf(*call.transaction);
  const storage::NodeId a = call.arguments[0].node();
  const storage::NodeId b = call.arguments[1].node();
  if (rest.empty()) return writer.Judge(same, a, b, because, by);
  KB_ASSIGN(const storage::Testimony testimony, TestimonyOf(Value::Map(std::move(rest)), writer));
  const storage::TestifyScope testifying(writer, testimony);
  return writer.Judge(same, a, b, because, by);
}

}  // namespace

Result<void> AssertSame(const Call& call) { return Judge(call, true); }
Result<void> AssertDistinct(const Call& call) { return Judge(call, false); }

Result<void> WithdrawJudgement(const Call& call) {
  if (call.arguments[0].is_null()) return {};
  if (call.arguments[0].integer() <= 0) {
    return NotFoundError("there is no judgement {}", call.arguments[0].integer());
  }
  return storage::EvidenceOf(*call.transaction)
      .WithdrawJudgement(static_cast<std::uint64_t>(call.arguments[0].integer()), TextAt(call, 1));
}

Result<void> EraseElement(const Call& call) {
  const Value& element = call.arguments[0];
  if (element.is_null()) return {};
  if (!element.is_node() && !element.is_relationship()) {
    return TypeError("`element` of kb.erase is a node or a relationship, but this is {}",
                     schema::KindName(element.kind()))
        .Detail("InvalidArgumentType");
  }
  storage::EvidenceWriter& writer = storage::EvidenceOf(*call.transaction);
  const Entity entity =
      element.is_node() ? Entity::Of(element.node()) : Entity::Of(element.relationship());
  if (call.arguments[1].is_null()) return writer.Erase(entity, TextAt(call, 2));
  KB_ASSIGN(const storage::KeyId key, call.transaction->Key(call.arguments[1].string()));
  return writer.Erase(entity, key, TextAt(call, 2));
}

Result<void> EraseStatement(const Call& call) {
  if (call.arguments[0].is_null()) return {};
  if (call.arguments[0].integer() <= 0) {
    return NotFoundError("there is no statement {}", call.arguments[0].integer());
  }
  return storage::EvidenceOf(*call.transaction)
      .EraseStatement(static_cast<std::uint64_t>(call.arguments[0].integer()), TextAt(call, 1));
}

Result<void> ShowRule(const Call& call) {
  storage::Rule rule = storage::RuleOf(call.view);
  // What decides where all others leave it open.
  const storage::Criterion last = storage::Criterion::kLatest;
  if (std::find(rule.begin(), rule.end(), last) == rule.end()) rule.push_back(last);
  std::int64_t position = 0;
  for (const storage::Criterion criterion : rule) {
    KB_TRY(call.emit({Value::Integer(++position), Value::String(storage::NameOf(criterion)),
                      Value::String(storage::MeaningOf(criterion))}));
  }
  return {};
}

Result<void> ChangeRule(const Call& call) {
  std::vector<std::string> names;
  if (!call.arguments[0].is_null()) {
    for (const Value& name : call.arguments[0].list()) {
      if (!name.is_string()) {
        return TypeError("a criterion is a text, but this is {}", schema::KindName(name.kind()))
            .Detail("InvalidArgumentType");
      }
      names.emplace_back(name.string());
    }
  }
  KB_ASSIGN(storage::Rule rule, storage::ParseRule(names));
  KB_ASSIGN(const std::uint64_t facts,
            storage::EvidenceOf(*call.transaction).SetRule(std::move(rule)));
  return call.emit({Value::Integer(static_cast<std::int64_t>(facts))});
}

}  // namespace kb::query::algo
