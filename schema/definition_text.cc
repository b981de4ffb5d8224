#include "schema/definition_text.h"

#include <fmt/format.h>

#include "schema/base/text.h"

namespace kb::schema {
namespace {

std::string ForText(const Catalog& catalog, const Subject& subject) {
  return subject.on_relationships
             ? "FOR ()-[r:" + text::QuoteName(catalog.Name(subject.type)) + "]-()"
             : "FOR (n:" + text::QuoteName(catalog.Name(subject.label)) + ")";
}

std::string KeysText(const Catalog& catalog, const Subject& subject) {
  std::string keys;
  for (const KeyId key : subject.keys) {
    keys += keys.empty() ? "(" : ", ";
    keys += subject.on_relationships ? "r." : "n.";
    keys += text::QuoteName(catalog.Name(key));
  }
  return keys + ")";
}

}  // namespace

std::string_view KindText(IndexKind kind) {
  switch (kind) {
    case IndexKind::kRange:
      return "RANGE";
    case IndexKind::kText:
      return "TEXT";
    case IndexKind::kPoint:
      return "POINT";
  }
  return "";
}

std::string RuleText(const ConstraintDefinition& constraint) {
  switch (constraint.kind) {
    case ConstraintKind::kUnique:
      return "IS UNIQUE";
    case ConstraintKind::kKey:
      return constraint.subject.on_relationships ? "IS RELATIONSHIP KEY" : "IS NODE KEY";
    case ConstraintKind::kNotNull:
      return "IS NOT NULL";
    case ConstraintKind::kType:
      return "IS :: " + constraint.type->ToText();
  }
  return "";
}

std::string CreateText(const Catalog& catalog, const IndexDefinition& index) {
  return fmt::format("CREATE {} INDEX {} {} ON {}", KindText(index.kind),
                     text::QuoteName(index.name), ForText(catalog, index.subject),
                     KeysText(catalog, index.subject));
}

std::string CreateText(const Catalog& catalog, const ConstraintDefinition& constraint) {
  return fmt::format("CREATE CONSTRAINT {} {} REQUIRE {} {}", text::QuoteName(constraint.name),
                     ForText(catalog, constraint.subject), KeysText(catalog, constraint.subject),
                     RuleText(constraint));
}

}  // namespace kb::schema
