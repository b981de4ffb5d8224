// Commands: transactions, indexes, constraints, SHOW; and clear words for those of other systems.
#include <array>

#include "query/ast/keywords.h"
#include "query/parse/reader_inline.h"
#include "schema/base/text.h"

namespace kb::query::parse {
namespace {

constexpr std::string_view kUserRights = "the file system's rights protect a case";

}  // namespace

std::optional<decltype(ast::Statement::node)> Reader::Command() {
  SkipSpace();
  const std::uint32_t begin = Here();
  if (const auto command = TransactionCommand()) return *command;
  if (Keyword("SHOW")) return Show(begin);
  if (Keyword("DROP")) return Drop(begin);
  if (PeekKeyword("CREATE")) return Create();
  RefuseCommand();
  return std::nullopt;
}

/// Statements of other systems, told from their first words.
void Reader::RefuseCommand() {
  struct Foreign {
    std::string_view word, message, hint;
  };
  static constexpr std::string_view kUsers =
      "a case knows no users: who can read its folder can read it";
  static constexpr std::array<Foreign, 9> kForeign = {{
      {"SESSION", "a session has no settings of its own in the language",
       "parameters are given beside the statement, in the shell with :param"},
      {"ALTER", "graph types, databases and users are not offered, so there is nothing to ALTER",
       "CREATE CONSTRAINT demands keys, values and types of single labels and types"},
      {"TERMINATE", "a statement is stopped from its own session",
       "Ctrl+C in the shell, Session::Interrupt in C++, --timeout for all"},
      {"GRANT", kUsers, kUserRights},
      {"DENY", kUsers, kUserRights},
      {"REVOKE", kUsers, kUserRights},
      {"USING", "PERIODIC COMMIT is not offered",
       "CALL { … } IN TRANSACTIONS OF 1000 ROWS commits on the way"},
      {"SELECT", "a statement does not begin with SELECT", "MATCH (n:Label) RETURN n.name"},
      {"UPDATE", "a statement does not begin with UPDATE", "MATCH (n:Label) SET n.name = 'value'"},
  }};
  const std::string_view word = PeekWord();
  const Span span{Here(), static_cast<std::uint32_t>(Here() + word.size())};
  for (const Foreign& foreign : kForeign) {
    if (!PeekKeyword(foreign.word)) continue;
    StopWith(UnsupportedError("{}", foreign.message).At(span).Hint(std::string(foreign.hint)));
  }
}

/// What other systems CREATE and DROP: databases, graphs, users. `begin`: of the statement. Any of
/// the words may name a path, `CREATE user = (a)-->(b)`, but then no name follows.
void Reader::RefuseForeignObject(std::uint32_t begin) {
  const std::uint32_t here = Here();
  const std::uint32_t end = last_end_;
  const bool graph = Keyword("GRAPH") || Keywords("PROPERTY", "GRAPH");
  const bool database = !graph && (Keyword("DATABASE") || Keyword("ALIAS"));
  const bool user = !graph && !database && (Keyword("USER") || Keyword("ROLE"));
  if ((graph || database || user) && (!PeekWord().empty() || PeekSymbol("`"))) {
    StopWith(UnsupportedError("{} by statements", graph      ? "graphs and graph types are not made"
                                                  : database ? "databases are not made"
                                                             : "users and roles are not made")
                 .At(From(begin))
                 .Hint(graph ? "a case is one graph; CREATE CONSTRAINT demands keys, values and "
                               "types"
                       : database ? "a case is a folder: kb PATH makes it, :open PATH opens another"
                                  : std::string(kUserRights)));
  }
  GoTo(here);
  last_end_ = end;
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
  const std::uint32_t behind = Here();
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
    if (Keyword("UNIQUE") && PeekSymbol("(")) {
      StopWith(UnsupportedError("CREATE UNIQUE is not offered")
                   .At(From(begin))
                   .Hint("MERGE makes what is not there yet"));
    }
    GoTo(behind);
    const bool text = Keywords("FULLTEXT", "INDEX");
    if (text || Keywords("VECTOR", "INDEX")) {
      StopWith(UnsupportedError("{} indexes are not offered", text ? "full-text" : "vector")
                   .At(From(begin))
                   .Hint(text ? "CONTAINS, STARTS WITH and =~ search texts; a TEXT index helps "
                                "equality and STARTS WITH"
                              : "vector.similarity.cosine() and .euclidean() compare vectors"));
    }
    RefuseForeignObject(begin);
  }
  GoTo(begin);
  last_end_ = end;
  return std::nullopt;
}

decltype(ast::Statement::node) Reader::Drop(std::uint32_t begin) {
  RefuseForeignObject(begin);
  const bool index = Keyword("INDEX");
  if (!index) NeedKeyword("CONSTRAINT");
  RefuseOldForm(index ? "DROP INDEX name; SHOW INDEXES tells the names"
                      : "DROP CONSTRAINT name; SHOW CONSTRAINTS tells the names");
  ast::Name name = NeedName(index ? "the index's name" : "the constraint's name");
  const bool if_exists = Keyword("IF");
  if (if_exists) NeedKeyword("EXISTS");
  if (index) return ast::DropIndex{std::move(name), if_exists};
  return ast::DropConstraint{std::move(name), if_exists};
}

/// `CREATE INDEX ON :Label(key)` and its like, without a name.
void Reader::RefuseOldForm(std::string_view form) {
  const std::uint32_t here = Here();
  const std::uint32_t end = last_end_;
  if (Keyword("ON") && (PeekSymbol(":") || PeekSymbol("("))) {
    StopWith(SyntaxError("this is a form of older versions of the language")
                 .At({last_end_ - 2, last_end_})
                 .Hint("the form is " + std::string(form)));
  }
  GoTo(here);
  last_end_ = end;
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

std::vector<ast::ExpressionPtr> Reader::SchemaProperties() {
  if (PeekSymbol(")")) {
    Expect("a property such as n.name");
    Fail();
  }
  return ExpressionList(")");
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
  RefuseOldForm("CREATE INDEX name FOR (n:Label) ON (n.key)");
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
    index.properties = SchemaProperties();
  }
  SkipOptions();
  index.span = From(begin);
  return index;
}

ast::CreateConstraint Reader::CreateConstraint(std::uint32_t begin) {
  ast::CreateConstraint constraint;
  RefuseOldForm("CREATE CONSTRAINT name FOR (n:Label) REQUIRE n.key IS UNIQUE");
  if (!PeekKeyword("FOR") && !PeekKeyword("IF")) {
    constraint.name = NeedName("a name for the constraint");
  }
  constraint.if_not_exists = IfNotExists();
  NeedKeyword("FOR");
  constraint.on_relationships = SchemaElement(&constraint.variable, &constraint.label);
  if (constraint.label.text.empty()) NeedSymbol(":");
  NeedKeyword("REQUIRE");
  if (Symbol("(")) {
    constraint.properties = SchemaProperties();
  } else {
    constraint.properties.push_back(Postfix());
  }
  ConstraintRule(&constraint);
  SkipOptions();
  constraint.span = From(begin);
  return constraint;
}

schema::Type Reader::StorableType() {
  SkipSpace();
  const std::uint32_t begin = Here();
  schema::Type type = TypeName();
  if (!type.IsStorable()) {
    StopWith(SyntaxError("no property can be {}", type.ToText())
                 .Detail("UnexpectedSyntax")
                 .At(From(begin))
                 .Hint("properties hold single values and LIST<TYPE> of them"));
  }
  return type;
}

void Reader::ConstraintRule(ast::CreateConstraint* constraint) {
  if (Symbol("::")) {
    constraint->kind = ast::ConstraintKind::kType;
    constraint->type = StorableType();
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
    constraint->type = StorableType();
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
      if (!PeekKeyword(shown.plural) && !PeekKeyword(shown.singular)) continue;
      Keyword(PeekWord().size() == shown.plural.size() ? shown.plural : shown.singular);
      show.kind = shown.kind;
      found = true;
      break;
    }
    if (found || PeekWord().empty()) break;
    show.filter += (show.filter.empty() ? "" : " ") + text::ToUpper(PeekWord());
    input_.bump(PeekWord().size());
    last_end_ = Here();
  }
  if (!found && show.filter.empty()) {
    Expect("what to show, such as INDEXES or FUNCTIONS");
    Fail();
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
