// Commands: transactions, indexes, constraints, SHOW; and clear words for those of other systems.
#include <array>

#include "query/ast/keywords.h"
#include "query/parse/reader_inline.h"
#include "schema/base/text.h"

namespace kb::query::parse {

std::optional<decltype(ast::Statement::node)> Reader::Command() {
  SkipSpace();
  const std::uint32_t begin = Here();
  if (const auto command = TransactionCommand()) return *command;
  if (Keyword("SHOW")) return Show(begin);
  if (Keyword("DROP")) return Drop();
  if (PeekKeyword("CREATE")) return Create();
  struct Foreign {
    std::string_view word, message, hint;
  };
  static constexpr std::array<Foreign, 4> kForeign = {{
      {"SESSION", "a session has no settings of its own in the language",
       "parameters are given beside the statement, in the shell with :param"},
      {"ALTER", "graph types are not offered: a case takes what is written into it",
       "CREATE CONSTRAINT demands keys, values and types of single labels and types"},
      {"TERMINATE", "a statement is stopped from its own session",
       "Ctrl+C in the shell, Session::Interrupt in C++, --timeout for all"},
      {"GRANT", "a case knows no users: who can read its folder can read it",
       "the file system's rights protect a case"},
  }};
  for (const Foreign& foreign : kForeign) {
    if (!Keyword(foreign.word)) continue;
    StopWith(
        UnsupportedError("{}", foreign.message).At(From(begin)).Hint(std::string(foreign.hint)));
  }
  return std::nullopt;
}

std::optional<ast::TransactionCommand> Reader::TransactionCommand() {
  using Command = ast::TransactionCommand;
  const auto transaction = [&] { return Keyword("TRANSACTION") || Keyword("WORK"); };
  if (Keyword("BEGIN") || Keywords("START", "TRANSACTION")) {
    transaction();
    if (Keywords("READ", "ONLY")) return Command::kBeginReadOnly;
    Keywords("READ", "WRITE");
    return Command::kBegin;
  }
  if (Keyword("COMMIT")) return transaction(), Command::kCommit;
  if (Keyword("ROLLBACK")) return transaction(), Command::kRollback;
  return std::nullopt;
}

// --- Indexes and constraints ---

std::optional<decltype(ast::Statement::node)> Reader::Create() {
  const std::uint32_t begin = Here();
  const std::uint32_t end = last_end_;
  NeedKeyword("CREATE");
  if (!PeekWord().empty()) {
    static constexpr std::array<std::pair<std::string_view, ast::IndexKind>, 4> kKinds = {
        {{"RANGE", ast::IndexKind::kRange},
         {"TEXT", ast::IndexKind::kText},
         {"POINT", ast::IndexKind::kPoint},
         {"LOOKUP", ast::IndexKind::kLookup}}};
    if (Keyword("INDEX")) return CreateIndex(ast::IndexKind::kRange, begin);
    for (const auto& kind : kKinds) {
      if (Keywords(kind.first, "INDEX")) return CreateIndex(kind.second, begin);
    }
    if (Keyword("CONSTRAINT")) return CreateConstraint(begin);
    const bool text = Keywords("FULLTEXT", "INDEX");
    if (text || Keywords("VECTOR", "INDEX")) {
      StopWith(UnsupportedError("{} indexes are not offered", text ? "full-text" : "vector")
                   .At(From(begin))
                   .Hint(text ? "CONTAINS, STARTS WITH and =~ search texts; a TEXT index helps "
                                "equality and STARTS WITH"
                              : "vector.similarity.cosine() and .euclidean() compare vectors"));
    }
    if (Keyword("GRAPH") || Keywords("PROPERTY", "GRAPH")) {
      StopWith(UnsupportedError("graphs and graph types are not made by statements")
                   .At(From(begin))
                   .Hint("a case is one graph; CREATE CONSTRAINT demands keys, values and types"));
    }
  }
  GoTo(begin);
  last_end_ = end;
  return std::nullopt;
}

decltype(ast::Statement::node) Reader::Drop() {
  const bool index = Keyword("INDEX");
  if (!index) NeedKeyword("CONSTRAINT");
  ast::Name name = NeedName(index ? "the index's name" : "the constraint's name");
  const bool if_exists = Keyword("IF");
  if (if_exists) NeedKeyword("EXISTS");
  if (index) return ast::DropIndex{std::move(name), if_exists};
  return ast::DropConstraint{std::move(name), if_exists};
}

bool Reader::IfNotExists() {
  if (!Keyword("IF")) return false;
  NeedKeyword("NOT");
  NeedKeyword("EXISTS");
  return true;
}

bool Reader::SchemaElement(ast::Name* variable, ast::Name* label) {
  NeedSymbol("(");
  if (!Symbol(")")) {
    *variable = NeedName("a variable");
    if (Symbol(":")) *label = NeedName("a label", true);
    NeedSymbol(")");
    return false;
  }
  Symbol("<");
  NeedSymbol("-");
  NeedSymbol("[");
  *variable = NeedName("a variable");
  if (Symbol(":")) *label = NeedName("a relationship type", true);
  NeedSymbol("]");
  NeedSymbol("-");
  Symbol(">");
  NeedSymbol("(");
  NeedSymbol(")");
  return true;
}

/// Settings of another system's index: read, so that its statements run, and not needed here.
void Reader::SkipOptions() {
  if (!Keyword("OPTIONS")) return;
  if (PeekSymbol("$")) {
    Parameter();
  } else {
    MapLiteral();
  }
}

ast::CreateIndex Reader::CreateIndex(ast::IndexKind kind, std::uint32_t begin) {
  ast::CreateIndex index;
  index.kind = kind;
  if (!PeekKeyword("FOR") && !PeekKeyword("IF")) index.name = NeedName("a name for the index");
  index.if_not_exists = IfNotExists();
  NeedKeyword("FOR");
  index.on_relationships = SchemaElement(&index.variable, &index.label);
  if (kind != ast::IndexKind::kLookup && index.label.text.empty()) NeedSymbol(":");
  NeedKeyword("ON");
  if (kind == ast::IndexKind::kLookup) {
    Keyword("EACH");
    NeedKeyword(index.on_relationships ? "TYPE" : "LABELS");
    NeedSymbol("(");
    NeedName("a variable");
    NeedSymbol(")");
  } else {
    NeedSymbol("(");
    index.properties = ExpressionList(")");
  }
  SkipOptions();
  index.span = From(begin);
  return index;
}

ast::CreateConstraint Reader::CreateConstraint(std::uint32_t begin) {
  ast::CreateConstraint constraint;
  if (!PeekKeyword("FOR") && !PeekKeyword("IF")) {
    constraint.name = NeedName("a name for the constraint");
  }
  constraint.if_not_exists = IfNotExists();
  NeedKeyword("FOR");
  constraint.on_relationships = SchemaElement(&constraint.variable, &constraint.label);
  if (constraint.label.text.empty()) NeedSymbol(":");
  NeedKeyword("REQUIRE");
  if (Symbol("(")) {
    constraint.properties = ExpressionList(")");
  } else {
    constraint.properties.push_back(Postfix());
  }
  ConstraintRule(&constraint);
  SkipOptions();
  constraint.span = From(begin);
  return constraint;
}

void Reader::ConstraintRule(ast::CreateConstraint* constraint) {
  if (Symbol("::")) {
    constraint->kind = ast::ConstraintKind::kType;
    constraint->type = TypeName();
    return;
  }
  NeedKeyword("IS");
  if (Keyword("UNIQUE")) return;
  if (Keyword("KEY")) {
    constraint->kind = ast::ConstraintKind::kKey;
    return;
  }
  if (Symbol("::") || Keyword("TYPED")) {
    constraint->kind = ast::ConstraintKind::kType;
    constraint->type = TypeName();
    return;
  }
  if (Keywords("NOT", "NULL")) {
    constraint->kind = ast::ConstraintKind::kNotNull;
    return;
  }
  const std::uint32_t at = Here();
  const bool node = Keyword("NODE");
  const bool relationship = !node && (Keyword("RELATIONSHIP") || Keyword("REL"));
  if ((node && constraint->on_relationships) || (relationship && !constraint->on_relationships)) {
    StopWith(SyntaxError("the constraint is on {}, but says {}",
                         constraint->on_relationships ? "relationships" : "nodes",
                         node ? "NODE" : "RELATIONSHIP")
                 .At(From(at)));
  }
  if (Keyword("KEY")) {
    constraint->kind = ast::ConstraintKind::kKey;
  } else {
    NeedKeyword("UNIQUE");
  }
}

// --- SHOW ---

namespace {

struct Shown {
  std::string_view plural, singular;
  ast::ShowKind kind;
};
constexpr std::array<Shown, 5> kShown = {{
    {"INDEXES", "INDEX", ast::ShowKind::kIndexes},
    {"FUNCTIONS", "FUNCTION", ast::ShowKind::kFunctions},
    {"PROCEDURES", "PROCEDURE", ast::ShowKind::kProcedures},
    {"CONSTRAINTS", "CONSTRAINT", ast::ShowKind::kConstraints},
    {"TRANSACTIONS", "TRANSACTION", ast::ShowKind::kTransactions},
}};
constexpr std::size_t kFilterWordsMax = 4;

}  // namespace

ast::Show Reader::Show(std::uint32_t begin) {
  ast::Show show{};
  bool found = false;
  for (std::size_t words = 0; !found && words <= kFilterWordsMax; ++words) {
    for (const Shown& shown : kShown) {
      if (!Keyword(shown.plural) && !Keyword(shown.singular)) continue;
      show.kind = shown.kind;
      found = true;
      break;
    }
    if (found || PeekWord().empty()) break;
    show.filter += (show.filter.empty() ? "" : " ") + text::ToUpper(PeekWord());
    input_.bump(PeekWord().size());
    last_end_ = Here();
  }
  if (!found) {
    StopWith(UnsupportedError("SHOW {} is not offered", show.filter)
                 .At(From(begin))
                 .Hint("SHOW lists INDEXES, CONSTRAINTS, FUNCTIONS, PROCEDURES and TRANSACTIONS"));
  }
  if (Keyword("YIELD")) {
    show.yield_all = Symbol("*");
    if (!show.yield_all) show.yields = Yields();
    ProjectionTail(&show.selection.projection);
  }
  if (Keyword("WHERE")) show.selection.where = Expression();
  SkipSpace();
  const std::uint32_t result = Here();
  if ((show.yield_all || show.yields) && Keyword("RETURN")) {
    show.result = ast::Return{Projection(result)};
  }
  return show;
}

}  // namespace kb::query::parse
