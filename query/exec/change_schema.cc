#include "query/exec/change_schema.h"

#include <utility>

namespace kb::query::exec {
namespace {

/// Finds or makes the names.
Result<schema::Subject> MakeSubject(bool on_relationships, const std::string& label,
                                    const bind::NameList& keys, storage::Transaction& transaction) {
  schema::Subject subject;
  subject.on_relationships = on_relationships;
  if (on_relationships) {
    KB_ASSIGN(subject.type, transaction.Type(label));
  } else {
    KB_ASSIGN(subject.label, transaction.Label(label));
  }
  for (const auto& name : keys) {
    KB_ASSIGN(const auto key, transaction.Key(name));
    subject.keys.push_back(key);
  }
  return subject;
}

schema::IndexKind KindOf(ast::IndexKind kind) {
  switch (kind) {
    case ast::IndexKind::kText:
      return schema::IndexKind::kText;
    case ast::IndexKind::kPoint:
      return schema::IndexKind::kPoint;
    case ast::IndexKind::kRange:
    case ast::IndexKind::kLookup:
      break;
  }
  return schema::IndexKind::kRange;
}

schema::ConstraintKind KindOf(ast::ConstraintKind kind) {
  switch (kind) {
    case ast::ConstraintKind::kUnique:
      return schema::ConstraintKind::kUnique;
    case ast::ConstraintKind::kKey:
      return schema::ConstraintKind::kKey;
    case ast::ConstraintKind::kNotNull:
      return schema::ConstraintKind::kNotNull;
    case ast::ConstraintKind::kType:
      return schema::ConstraintKind::kType;
  }
  return schema::ConstraintKind::kUnique;
}

Result<void> Run(const bind::CreateIndex& create, storage::Transaction& transaction) {
  if (create.kind == ast::IndexKind::kLookup) {
    if (create.if_not_exists) return {};
    return ConstraintError("{} are found by their {} without an index being made",
                           create.on_relationships ? "relationships" : "nodes",
                           create.on_relationships ? "types" : "labels")
        .At(create.span)
        .Hint("IF NOT EXISTS lets the statement pass");
  }
  if (create.on_relationships) {
    return UnsupportedError("indexes over properties of relationships are not offered")
        .At(create.span)
        .Hint("a UNIQUE or KEY constraint over them is kept fast by an index of its own");
  }
  schema::IndexDefinition definition;
  KB_ASSIGN(definition.subject,
            MakeSubject(create.on_relationships, create.label, create.keys, transaction));
  definition.name = create.name;
  definition.kind = KindOf(create.kind);
  if (create.if_not_exists) {
    const storage::View view = transaction.view();
    if (view.catalog().FindIndex(create.name) != nullptr) return {};
    for (const auto& index : view.catalog().indexes()) {
      if (index.subject == definition.subject && index.kind == definition.kind) return {};
    }
  }
  return transaction.CreateIndex(std::move(definition));
}

Result<void> Run(const bind::DropIndex& drop, storage::Transaction& transaction) {
  if (drop.if_exists && transaction.view().catalog().FindIndex(drop.name) == nullptr) return {};
  return transaction.DropIndex(drop.name);
}

Result<void> Run(const bind::CreateConstraint& create, storage::Transaction& transaction) {
  schema::ConstraintDefinition definition;
  KB_ASSIGN(definition.subject,
            MakeSubject(create.on_relationships, create.label, create.keys, transaction));
  definition.name = create.name;
  definition.kind = KindOf(create.kind);
  definition.type = create.type;
  if (create.if_not_exists) {
    const storage::View view = transaction.view();
    if (view.catalog().FindConstraint(create.name) != nullptr ||
        view.catalog().FindConstraint(definition) != nullptr) {
      return {};
    }
  }
  return transaction.CreateConstraint(std::move(definition));
}

Result<void> Run(const bind::DropConstraint& drop, storage::Transaction& transaction) {
  const bool there = transaction.view().catalog().FindConstraint(drop.name) != nullptr;
  if (drop.if_exists && !there) return {};
  return transaction.DropConstraint(drop.name);
}

Result<void> Run(const std::shared_ptr<const bind::Query>&, storage::Transaction&) {
  return InternalError("a query is no schema statement");
}

template <typename Node>
Result<void> RunAt(const Node& node, storage::Transaction& transaction) {
  Result<void> outcome = Run(node, transaction);
  if constexpr (!std::is_same_v<Node, std::shared_ptr<const bind::Query>>) {
    // A rule that the data break is about the data, not about a place in the text.
    if (!outcome.ok() && outcome.error().detail().empty()) outcome.error().At(node.span);
  }
  return outcome;
}

}  // namespace

Result<void> ChangeSchema(const bind::Statement& statement, storage::Transaction& transaction) {
  return std::visit([&](const auto& node) { return RunAt(node, transaction); }, statement.node);
}

}  // namespace kb::query::exec
