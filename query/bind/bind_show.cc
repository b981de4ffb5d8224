// SHOW: a query over the procedure that lists what is asked for. The words before the kind become a
// test of a column, YIELD and RETURN the projections behind it.
#include <algorithm>
#include <array>

#include "query/bind/query_binder.h"
#include "query/bind/suggest.h"
#include "schema/base/text.h"

namespace kb::query::bind {
namespace {

/// What SHOW lists: the procedure, and how many of its columns are shown without YIELD.
struct Listing {
  ast::ShowKind kind;
  std::string_view word, procedure;
  std::size_t columns;
};
constexpr std::array<Listing, 5> kListings = {{
    {ast::ShowKind::kIndexes, "INDEXES", "db.indexes", 7},
    {ast::ShowKind::kFunctions, "FUNCTIONS", "dbms.functions", 4},
    {ast::ShowKind::kProcedures, "PROCEDURES", "dbms.procedures", 3},
    {ast::ShowKind::kConstraints, "CONSTRAINTS", "db.constraints", 7},
    {ast::ShowKind::kTransactions, "TRANSACTIONS", "dbms.transactions", 4},
}};

/// Words that narrow a list down, and the values of the column `type` (or of functions: nothing)
/// that they let through.
struct Narrowing {
  ast::ShowKind kind;
  std::string_view words;
  std::string_view types;  ///< Separated by blanks; "*": all; "": none.
};
constexpr auto kIndexes = ast::ShowKind::kIndexes;
constexpr auto kConstraints = ast::ShowKind::kConstraints;
constexpr std::array<Narrowing, 40> kNarrowings = {{
    {kIndexes, "ALL", "*"},
    {kIndexes, "RANGE", "RANGE"},
    {kIndexes, "TEXT", "TEXT"},
    {kIndexes, "POINT", "POINT"},
    {kIndexes, "LOOKUP", "LOOKUP"},
    {kIndexes, "FULLTEXT", ""},
    {kIndexes, "VECTOR", ""},
    {ast::ShowKind::kFunctions, "ALL", "*"},
    {ast::ShowKind::kFunctions, "BUILT IN", "*"},
    {ast::ShowKind::kFunctions, "USER DEFINED", ""},
    {ast::ShowKind::kProcedures, "ALL", "*"},
    {ast::ShowKind::kTransactions, "ALL", "*"},
    {kConstraints, "ALL", "*"},
    {kConstraints, "UNIQUE", "NODE_PROPERTY_UNIQUENESS RELATIONSHIP_PROPERTY_UNIQUENESS"},
    {kConstraints, "UNIQUENESS", "NODE_PROPERTY_UNIQUENESS RELATIONSHIP_PROPERTY_UNIQUENESS"},
    {kConstraints, "PROPERTY UNIQUENESS",
     "NODE_PROPERTY_UNIQUENESS RELATIONSHIP_PROPERTY_UNIQUENESS"},
    {kConstraints, "NODE UNIQUE", "NODE_PROPERTY_UNIQUENESS"},
    {kConstraints, "NODE UNIQUENESS", "NODE_PROPERTY_UNIQUENESS"},
    {kConstraints, "NODE PROPERTY UNIQUENESS", "NODE_PROPERTY_UNIQUENESS"},
    {kConstraints, "REL UNIQUENESS", "RELATIONSHIP_PROPERTY_UNIQUENESS"},
    {kConstraints, "RELATIONSHIP UNIQUENESS", "RELATIONSHIP_PROPERTY_UNIQUENESS"},
    {kConstraints, "RELATIONSHIP PROPERTY UNIQUENESS", "RELATIONSHIP_PROPERTY_UNIQUENESS"},
    {kConstraints, "KEY", "NODE_KEY RELATIONSHIP_KEY"},
    {kConstraints, "NODE KEY", "NODE_KEY"},
    {kConstraints, "REL KEY", "RELATIONSHIP_KEY"},
    {kConstraints, "RELATIONSHIP KEY", "RELATIONSHIP_KEY"},
    {kConstraints, "EXIST", "NODE_PROPERTY_EXISTENCE RELATIONSHIP_PROPERTY_EXISTENCE"},
    {kConstraints, "EXISTENCE", "NODE_PROPERTY_EXISTENCE RELATIONSHIP_PROPERTY_EXISTENCE"},
    {kConstraints, "PROPERTY EXISTENCE", "NODE_PROPERTY_EXISTENCE RELATIONSHIP_PROPERTY_EXISTENCE"},
    {kConstraints, "NODE EXISTENCE", "NODE_PROPERTY_EXISTENCE"},
    {kConstraints, "NODE PROPERTY EXISTENCE", "NODE_PROPERTY_EXISTENCE"},
    {kConstraints, "REL EXISTENCE", "RELATIONSHIP_PROPERTY_EXISTENCE"},
    {kConstraints, "RELATIONSHIP EXISTENCE", "RELATIONSHIP_PROPERTY_EXISTENCE"},
    {kConstraints, "RELATIONSHIP PROPERTY EXISTENCE", "RELATIONSHIP_PROPERTY_EXISTENCE"},
    {kConstraints, "PROPERTY TYPE", "NODE_PROPERTY_TYPE RELATIONSHIP_PROPERTY_TYPE"},
    {kConstraints, "NODE PROPERTY TYPE", "NODE_PROPERTY_TYPE"},
    {kConstraints, "REL PROPERTY TYPE", "RELATIONSHIP_PROPERTY_TYPE"},
    {kConstraints, "RELATIONSHIP PROPERTY TYPE", "RELATIONSHIP_PROPERTY_TYPE"},
    {kConstraints, "REL UNIQUE", "RELATIONSHIP_PROPERTY_UNIQUENESS"},
    {kConstraints, "RELATIONSHIP UNIQUE", "RELATIONSHIP_PROPERTY_UNIQUENESS"},
}};

ast::ExpressionPtr Make(decltype(ast::Expression::node) node, Span span) {
  ast::Expression expression;
  expression.node = std::move(node);
  expression.span = span;
  return std::make_shared<const ast::Expression>(std::move(expression));
}

/// `type IN ['A', 'B']`
ast::ExpressionPtr TypeTest(std::string_view types, Span span) {
  ast::ListLiteral list;
  while (!types.empty()) {
    const std::size_t end = std::min(types.find(' '), types.size());
    list.items.push_back(Make(ast::StringLiteral{std::string(types.substr(0, end))}, span));
    types.remove_prefix(std::min(end + 1, types.size()));
  }
  return Make(ast::Binary{ast::BinaryOperator::kIn, Make(ast::Variable{"type"}, span),
                          Make(std::move(list), span)},
              span);
}

ast::ProjectionItem Item(const std::string& name, const std::optional<ast::Name>& alias,
                         Span span) {
  ast::ProjectionItem item;
  item.expression = Make(ast::Variable{name}, span);
  item.alias = alias;
  item.text = name;
  return item;
}

Result<const Narrowing*> FindNarrowing(const ast::Show& show, const Listing& listing, Span span) {
  if (show.filter.empty()) return nullptr;
  std::string known;
  for (const Narrowing& narrowing : kNarrowings) {
    if (narrowing.kind != show.kind) continue;
    if (narrowing.words == show.filter) return &narrowing;
    known += (known.empty() ? "" : ", ") + std::string(narrowing.words);
  }
  return BindError("UnexpectedSyntax", span, "there are no {} {}", show.filter, listing.word)
      .Hint("they can be narrowed down to " + known);
}

}  // namespace

Result<QueryPtr> QueryBinder::BindShow(const ast::Show& show, Span span) {
  const Listing& listing = *std::find_if(kListings.begin(), kListings.end(),
                                         [&](const Listing& l) { return l.kind == show.kind; });
  KB_ASSIGN(const Narrowing* narrowing, FindNarrowing(show, listing, span));
  const auto procedure = environment_.find_procedure(listing.procedure);
  if (procedure == nullptr) {
    return UnsupportedError("SHOW {} is not offered", listing.word).At(span);
  }
  const auto& outputs = procedure->outputs;

  ast::SingleQuery single;
  ast::CallProcedure call;
  call.name = {std::string(listing.procedure), span};
  call.arguments.emplace();
  call.yields.emplace();
  for (const auto& output : outputs) {
    call.yields->push_back({ast::Name{output.name, span}, std::nullopt});
  }
  single.clauses.push_back({std::move(call), span});
  if (narrowing != nullptr && narrowing->types != "*") {
    ast::With with;
    with.projection.all = true;
    with.projection.span = span;
    with.where = TypeTest(narrowing->types, span);
    single.clauses.push_back({std::move(with), span});
  }

  ast::With selection = show.selection;
  selection.projection.span = span;
  ast::Return result;
  result.projection.span = span;
  const auto add = [&](const std::string& name, const std::optional<ast::Name>& alias, Span at) {
    selection.projection.items.push_back(Item(name, alias, at));
    result.projection.items.push_back(Item(alias ? alias->text : name, std::nullopt, at));
  };
  if (show.yields) {
    for (const auto& yield : *show.yields) {
      KB_TRY(CheckShown(yield.field, listing.word, *procedure));
      add(yield.field.text, yield.alias, yield.field.span);
    }
  } else {
    const std::size_t count =
        show.yield_all ? outputs.size() : std::min(outputs.size(), listing.columns);
    for (std::size_t i = 0; i < count; ++i) add(outputs[i].name, std::nullopt, span);
  }
  single.clauses.push_back({std::move(selection), span});
  if (show.result) result = *show.result;
  single.clauses.push_back({std::move(result), span});
  single.span = span;
  ast::Query query;
  query.parts.push_back(std::move(single));
  query.span = span;
  return BindRoot(query);
}

Result<void> QueryBinder::CheckShown(const ast::Name& field, std::string_view word,
                                     const Procedure& procedure) const {
  std::vector<std::string_view> names;
  std::string list;
  for (const auto& output : procedure.outputs) {
    if (output.name == field.text) return {};
    names.push_back(output.name);
    list += (list.empty() ? "" : ", ") + output.name;
  }
  const std::string_view near = NearName(field.text, names);
  return BindError("UndefinedVariable", field.span, "SHOW {} has no column {}", word,
                   Quoted(field.text))
      .Hint(near.empty() ? "its columns are " + list : fmt::format("did you mean {}?", near));
}

}  // namespace kb::query::bind
