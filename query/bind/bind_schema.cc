#include "query/bind/bind_schema.h"

#include <algorithm>

#include "query/bind/query_binder.h"

namespace kb::query::bind {
namespace {

/// The names behind `(n.a, n.b)`.
Result<NameList> BindKeys(const std::vector<ast::ExpressionPtr>& properties,
                          const ast::Name& variable, std::string_view what) {
  NameList keys;
  for (const auto& written : properties) {
    const auto* property = std::get_if<ast::Property>(&written->node);
    const auto* subject =
        property == nullptr ? nullptr : std::get_if<ast::Variable>(&property->subject->node);
    if (subject == nullptr) {
      return BindError("UnexpectedSyntax", written->span,
                       "{} is over a property, written as {}.name", what, variable.text);
    }
    if (subject->name != variable.text) {
      return BindError("UndefinedVariable", property->subject->span, "variable {} is not defined",
                       Quoted(subject->name))
          .Hint("variables known here: " + variable.text);
    }
    if (std::find(keys.begin(), keys.end(), property->key.text) != keys.end()) {
      return BindError("UnexpectedSyntax", property->key.span, "{} is named twice",
                       Quoted(property->key.text))
          .Hint("name each property once");
    }
    keys.push_back(property->key.text);
  }
  return keys;
}

std::string MakeName(std::string_view sort, const std::string& label, const NameList& keys) {
  std::string name = std::string(sort) + "_" + label;
  for (const auto& key : keys) name += "_" + key;
  return name;
}

Result<CreateIndex> BindCreateIndex(const ast::CreateIndex& index) {
  CreateIndex bound;
  bound.kind = index.kind;
  bound.if_not_exists = index.if_not_exists;
  bound.on_relationships = index.on_relationships;
  bound.span = index.span;
  if (index.name) bound.name = index.name->text;
  if (index.kind == ast::IndexKind::kLookup) return bound;
  KB_ASSIGN(bound.keys, BindKeys(index.properties, index.variable, "an index"));
  bound.label = index.label.text;
  if (index.kind != ast::IndexKind::kRange && bound.keys.size() > 1) {
    return BindError("UnexpectedSyntax", index.properties[1]->span,
                     "a {} index is over one property",
                     index.kind == ast::IndexKind::kText ? "TEXT" : "POINT")
        .Hint("a RANGE index can be over several");
  }
  if (!index.name) bound.name = MakeName("index", bound.label, bound.keys);
  return bound;
}

std::string_view SortOf(ast::ConstraintKind kind) {
  switch (kind) {
    case ast::ConstraintKind::kUnique:
      return "unique";
    case ast::ConstraintKind::kKey:
      return "key";
    case ast::ConstraintKind::kNotNull:
      return "not_null";
    case ast::ConstraintKind::kType:
      return "type";
  }
  return "";
}

Result<CreateConstraint> BindCreateConstraint(const ast::CreateConstraint& constraint) {
  CreateConstraint bound;
  bound.kind = constraint.kind;
  bound.if_not_exists = constraint.if_not_exists;
  bound.on_relationships = constraint.on_relationships;
  bound.label = constraint.label.text;
  bound.type = constraint.type;
  bound.span = constraint.span;
  KB_ASSIGN(bound.keys, BindKeys(constraint.properties, constraint.variable, "a constraint"));
  const bool single = constraint.kind == ast::ConstraintKind::kNotNull ||
                      constraint.kind == ast::ConstraintKind::kType;
  if (single && bound.keys.size() > 1) {
    return BindError("UnexpectedSyntax", constraint.properties[1]->span,
                     "such a constraint is over one property")
        .Hint("make one for each property");
  }
  bound.name = constraint.name ? constraint.name->text
                               : MakeName(SortOf(constraint.kind), bound.label, bound.keys);
  return bound;
}

}  // namespace

Result<void> BindSchema(const ast::Statement& statement, Statement* bound) {
  bound->writes = true;
  if (const auto* index = std::get_if<ast::CreateIndex>(&statement.node)) {
    KB_ASSIGN(bound->node, BindCreateIndex(*index));
  } else if (const auto* drop = std::get_if<ast::DropIndex>(&statement.node)) {
    bound->node = DropIndex{drop->name.text, drop->if_exists, drop->name.span};
  } else if (const auto* constraint = std::get_if<ast::CreateConstraint>(&statement.node)) {
    KB_ASSIGN(bound->node, BindCreateConstraint(*constraint));
  } else if (const auto* gone = std::get_if<ast::DropConstraint>(&statement.node)) {
    bound->node = DropConstraint{gone->name.text, gone->if_exists, gone->name.span};
  } else {
    return InternalError("transaction control is not bound");
  }
  return {};
}

}  // namespace kb::query::bind
