#include "query/bind/bind_schema.h"

#include "query/bind/query_binder.h"

namespace kb::query::bind {

Result<CreateIndex> BindCreateIndex(const ast::CreateIndex& index) {
  if (index.properties.size() != 1) {
    const Span span = index.properties.empty() ? index.label.span : index.properties[1]->span;
    return UnsupportedError("an index is over one property, but {} are named",
                            index.properties.size())
        .At(span)
        .Hint("make one index for each property");
  }
  const ast::Expression& written = *index.properties[0];
  const auto* property = std::get_if<ast::Property>(&written.node);
  const auto* subject =
      property == nullptr ? nullptr : std::get_if<ast::Variable>(&property->subject->node);
  if (subject == nullptr) {
    return BindError("UnexpectedSyntax", written.span,
                     "an index is over a property, written as {}.name", index.variable.text);
  }
  if (subject->name != index.variable.text) {
    return BindError("UndefinedVariable", property->subject->span, "variable {} is not defined",
                     Quoted(subject->name))
        .Hint("variables known here: " + index.variable.text);
  }
  CreateIndex bound;
  bound.if_not_exists = index.if_not_exists;
  bound.label = index.label.text;
  bound.key = property->key.text;
  bound.name = index.name ? index.name->text : "index_" + bound.label + "_" + bound.key;
  return bound;
}

DropIndex BindDropIndex(const ast::DropIndex& index) { return {index.name.text, index.if_exists}; }

Result<QueryPtr> QueryBinder::BindShow(const ast::Show& show, Span span) {
  std::string_view name;
  switch (show.kind) {
    case ast::ShowKind::kIndexes:
      name = "db.indexes";
      break;
    case ast::ShowKind::kFunctions:
      name = "dbms.functions";
      break;
    case ast::ShowKind::kProcedures:
      name = "dbms.procedures";
      break;
    case ast::ShowKind::kConstraints:
      name = "db.constraints";
      break;
    case ast::ShowKind::kTransactions:
      name = "dbms.transactions";
      break;
  }
  auto procedure = environment_.find_procedure ? environment_.find_procedure(name) : nullptr;
  if (procedure == nullptr) {
    return UnsupportedError("this version keeps no {} to show",
                            show.kind == ast::ShowKind::kConstraints    ? "constraints"
                            : show.kind == ast::ShowKind::kTransactions ? "list of transactions"
                                                                        : "such list")
        .At(span);
  }
  CallProcedure call;
  call.standalone = true;
  std::vector<Column> columns;
  for (std::size_t i = 0; i < procedure->outputs.size(); ++i) {
    const std::string& field = procedure->outputs[i].name;
    const Slot slot = NewSlot(field);
    call.yields.emplace_back(i, slot);
    columns.push_back({slot, field});
  }
  call.procedure = std::move(procedure);
  auto query = std::make_shared<Query>();
  query->columns = columns;
  SingleQuery single;
  single.columns = std::move(columns);
  single.clauses.push_back(Clause{std::move(call), span});
  query->parts.push_back(std::move(single));
  return QueryPtr(std::move(query));
}

}  // namespace kb::query::bind
