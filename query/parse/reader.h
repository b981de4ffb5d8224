// Reader: the grammar as functions over PEGTL's tokens, one a rule, each giving a node of the AST.
//
// Expressions are read by binding power. Where the language needs to look further than one token,
// the alternatives are left-factored, or a failed attempt is remembered by its offset, so that
// reading is linear in the text's length. An error that no other reading can mend is thrown as Stop
// and caught in parser.cc; a rule that does not match gives nothing and leaves the input where it
// was.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "query/ast/keywords.h"
#include "query/ast/statement.h"
#include "query/parse/tokens.h"

namespace kb::query::parse {

/// What a name lacks where a pattern begins.
inline constexpr std::string_view kNodeBrackets = "brackets around the node";

/// Leaves the grammar at once. Thrown below Parse() and caught there.
struct Stop {
  Error error;
};

/// The text does not match; reading it again with `explain` tells why.
struct Mismatch {};

class Reader {
 public:
  /// With `explain`, what would have been accepted at the furthest point is noted, which costs
  /// time: a text is read a second time only when the first time failed.
  Reader(std::string_view text, bool explain)
      : text_(text),
        input_(text.data(), text.data() + text.size(), "statement"),
        explain_(explain) {}

  /// Throws Stop; without `explain`, Mismatch where the text simply does not match.
  std::shared_ptr<const ast::Statement> Statement();

 private:
  using Input = tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy, tao::pegtl::eol::lf_crlf,
                                         const char*>;

  // --- reader.cc: tokens ---
  std::uint32_t Here() const { return static_cast<std::uint32_t>(input_.current() - text_.data()); }
  void GoTo(std::uint32_t offset);
  Span From(std::uint32_t begin) const { return {begin, last_end_}; }
  /// Nearly every token is asked for many times over: what can be told from one byte is, here.
  void SkipSpace() {
    if (!input_.empty()) {
      const char* next = input_.current();
      while (next != input_.end() && *next == ' ') ++next;
      input_.iterator() = next;
      if (next != input_.end() && *next > ' ' && *next != '/') return;
    }
    SkipOtherSpace();
  }
  /// Line ends, comments, spaces beyond ASCII.
  void SkipOtherSpace();
  template <typename Rule>
  std::optional<std::string_view> Match();
  bool AtEnd();
  bool PeekSymbol(std::string_view symbol) {
    SkipSpace();
    return !input_.empty() && *input_.current() == symbol[0] &&
           (symbol.size() == 1 || text_.substr(Here()).starts_with(symbol));
  }
  bool Symbol(std::string_view symbol);
  void NeedSymbol(std::string_view symbol);
  std::string_view PeekWord() {
    SkipSpace();
    return word_at_ == Here() ? word_ : NextWord();
  }
  std::string_view NextWord();
  bool PeekKeyword(std::string_view upper) {
    const std::string_view word = PeekWord();
    return word.size() == upper.size() && (word[0] | 0x20) == (upper[0] | 0x20) &&
           ast::EqualsIgnoringCase(word, upper);
  }
  bool Keyword(std::string_view upper);
  bool Keywords(std::string_view first, std::string_view second);
  void NeedKeyword(std::string_view upper);
  std::optional<ast::Name> Name(bool reserved_too, bool may_be_empty = false);
  ast::Name NeedName(std::string_view what, bool reserved_too = false, bool may_be_empty = false);
  std::optional<std::uint64_t> Count();
  /// Notes that `what` (a constant) would have been accepted here.
  void Expect(std::string_view what) {
    if (explain_) Note(what);
  }
  void Note(std::string_view what);
  Error FurthestError() const;
  [[noreturn]] void Fail();
  [[noreturn]] void StopWith(Error error);

  // --- read_expression.cc, read_atom.cc ---
  ast::ExpressionPtr Expression();
  ast::ExpressionPtr Operators(int power);
  ast::ExpressionPtr Comparisons();
  /// The operand, with the comparisons that stand behind it.
  ast::ExpressionPtr Compared(ast::ExpressionPtr operand);
  ast::ExpressionPtr Suffixes(ast::ExpressionPtr operand);
  ast::ExpressionPtr Unary();
  ast::ExpressionPtr Arithmetic(int power);
  ast::ExpressionPtr Sign();
  ast::ExpressionPtr Postfix();
  /// Remembers what it read, or that it failed, while an attempt is being made.
  ast::ExpressionPtr Atom();
  ast::ExpressionPtr NewAtom();
  ast::ExpressionPtr WordAtom();
  /// Quantifiers, subqueries, reduce and shortest paths; null if the word is none of them.
  ast::ExpressionPtr SpecialCall(std::string_view word, std::uint32_t begin);
  bool BeginsQuantifier();
  ast::ExpressionPtr TryCall(const ast::Name& first, std::uint32_t begin);
  ast::ExpressionPtr Number();
  ast::ExpressionPtr StringLiteral();
  ast::ExpressionPtr Parameter();
  ast::ExpressionPtr Parentheses();
  ast::ExpressionPtr Brackets();
  ast::ExpressionPtr MapLiteral();
  ast::ExpressionPtr MapProjection(const ast::Name& subject, std::uint32_t begin);
  ast::ExpressionPtr Case();
  ast::ExpressionPtr EqualTo(const ast::ExpressionPtr& left, const ast::ExpressionPtr& right);
  /// Whether a test without its left side stands here, such as `> 5` or `IS NULL`.
  bool BeginsTest();
  /// What stands between WHEN and THEN behind `CASE subject`; `is_test`: a condition, no value.
  ast::ExpressionPtr CaseCondition(const ast::ExpressionPtr& subject, bool* is_test);
  ast::ExpressionPtr Quantifier(ast::QuantifierKind kind);
  ast::ExpressionPtr Reduce(bool all);
  ast::ExpressionPtr Subquery(ast::SubqueryKind kind);
  ast::ExpressionPtr ShortestPath(bool all);
  ast::ExpressionPtr Call(const ast::Name& name, std::uint32_t begin);
  /// `trim(text)`, `trim(BOTH 'x' FROM text)` and its like, from behind the bracket on; null where
  /// none of them stands.
  ast::ExpressionPtr Trim(const ast::Name& name, std::uint32_t begin);
  /// What follows IS or stands for it: NULL, a type, NORMALIZED, a label.
  ast::ExpressionPtr Is(ast::ExpressionPtr operand, std::uint32_t begin);
  ast::ExpressionPtr Make(decltype(ast::Expression::node) node, std::uint32_t begin);
  ast::ExpressionPtr MakeAt(decltype(ast::Expression::node) node, Span span);
  /// All operands joined by an associative operator, in a tree that stays low however many there
  /// are.
  ast::ExpressionPtr Join(ast::BinaryOperator op, std::span<const ast::ExpressionPtr> operands);
  std::vector<ast::ExpressionPtr> ExpressionList(std::string_view close);

  // --- read_path_prefix.cc ---
  /// KEEP's prefix, given to every part.
  void Keep(ast::Pattern* pattern);
  /// A mode, a chronology, or both.
  void Restrictors(std::optional<ast::PathMode>* mode, ast::ChronologyPtr* chronology);
  ast::ChronologyPtr TryChronology();
  /// `PATH[S]` behind a prefix and, where `selector` allows it, GROUPS and BY GRADE.
  void TryGroups(ast::Selector* selector);
  void TryByGrade(ast::Selector* selector);
  std::optional<ast::Selector> TrySelector();
  std::optional<ast::PathMode> TryMode();

  // --- read_pattern.cc ---
  ast::Pattern Pattern();
  ast::PatternPart PatternPart();
  /// A path, or several with `|` or `|+|` between them.
  ast::PathPattern Alternatives();
  void RefuseSideBySide(const ast::PathPattern& path);
  void OtherAlternatives(ast::ParenthesizedPath* either);
  /// A pattern with at least one relationship, as an expression; nothing where it is none.
  ast::ExpressionPtr TryPatternExpression();
  std::optional<ast::PathPattern> TryPath();
  ast::PathPattern Path();
  bool PathElements(ast::PathPattern* path);
  ast::ParenthesizedPath Questioned(ast::RelationshipPattern relationship);
  bool EndsWithPart(const ast::PathPattern& path) const;
  std::optional<ast::NodePattern> TryNode();
  std::optional<ast::RelationshipPattern> TryRelationship();
  void RelationshipBody(ast::RelationshipPattern* relationship);
  std::optional<ast::ParenthesizedPath> TryParenthesized();
  std::optional<ast::PathQuantifier> TryQuantifier();
  ast::ExpressionPtr PatternProperties();
  ast::LabelExpressionPtr Labels(bool types);
  ast::LabelExpressionPtr LabelOr(bool types);
  ast::LabelExpressionPtr LabelAnd(bool types);
  ast::LabelExpressionPtr LabelAtom();
  /// `$(expression)`, `$all(…)`, `$any(…)`.
  std::optional<ast::LabelComputed> ComputedLabel();
  /// `A:B` says both, as `A&B` does.
  ast::LabelExpressionPtr LabelChain();

  // --- read_clause.cc, read_call.cc, read_statement.cc, read_command.cc ---
  ast::Query Query();
  /// Queries joined by UNION.
  ast::Query Union();
  /// `left NEXT right`: the columns of the one are the variables of the other.
  ast::Query Chain(ast::Query left, ast::Query right, Span next);
  ast::SingleQuery SingleQuery();
  ast::Conditional Conditional();
  /// Puts a CREATE that follows another into it, so that long scripts of them stay one clause;
  /// only where neither reads what was made. `joinable`: the clause before is such a CREATE;
  /// returns whether the last one is.
  bool JoinCreates(bool joinable, std::vector<ast::Clause>* clauses) const;
  /// The query behind THEN or ELSE, in braces or not.
  ast::QueryPtr Branch();
  bool Clause(std::vector<ast::Clause>* clauses);
  bool LinearClause(std::uint32_t begin, std::vector<ast::Clause>* clauses);
  ast::Match Match(bool optional);
  /// `USING INDEX n:Label(key)` and its like, for planners that need to be told.
  void SkipPlannerHints();
  ast::Projection Projection(std::uint32_t begin);
  void ProjectionTail(ast::Projection* projection);
  ast::Merge Merge();
  std::vector<ast::SetItem> SetItems();
  ast::SetItem SetItem();
  ast::Remove Remove();
  /// `:A:$(expression)`, of SET and REMOVE.
  void LabelNames(std::vector<ast::Name>* labels, std::vector<ast::LabelComputed>* computed);
  ast::Foreach Foreach();
  decltype(ast::Clause::node) Call(bool optional);
  ast::CallProcedure CallProcedure();
  ast::CallSubquery CallSubquery(bool optional);
  ast::InTransactions InTransactions();
  std::vector<ast::CallProcedure::Yield> Yields();
  ast::LoadCsv LoadCsv();
  /// Stops at a clause that other systems have, with what to do instead.
  void RefuseForeign();
  std::optional<decltype(ast::Statement::node)> Command();
  std::optional<ast::TransactionCommand> TransactionCommand();
  std::optional<decltype(ast::Statement::node)> Create();
  decltype(ast::Statement::node) Drop(std::uint32_t begin);
  void RefuseCommand();
  void RefuseForeignObject(std::uint32_t begin);
  ast::CreateIndex CreateIndex(ast::IndexKind kind, std::uint32_t begin);
  ast::CreateConstraint CreateConstraint(std::uint32_t begin);
  void ConstraintRule(ast::CreateConstraint* constraint);
  void RefuseOldForm(std::string_view form);
  bool IfNotExists();
  /// `(n:Label)` or `()-[r:TYPE]-()` of an index or a constraint; true for the latter.
  bool SchemaElement(ast::Name* variable, ast::Name* label);
  /// `n.a, n.b)`, at least one.
  std::vector<ast::ExpressionPtr> SchemaProperties();
  /// A type that a property can have.
  schema::Type StorableType();
  void SkipOptions();
  ast::Show Show(std::uint32_t begin);
  schema::Type TypeName();
  // --- read_evidence.cc ---
  ast::Create CreateClause();
  ast::Set SetClause();
  ast::EvidencePtr EvidenceTail();
  ast::ViewClausePtr ViewHead();
  std::optional<ast::Amend> Amend();

  /// Runs `read`; when it does not match, or fails softly, goes back.
  template <typename Read>
  auto Attempt(Read&& read) -> decltype(read());

  class Nesting;

  std::string_view text_;
  Input input_;
  bool explain_;
  std::uint32_t last_end_ = 0;
  std::uint32_t word_at_ = 0xFFFF'FFFF;  ///< Where word_ was looked for.
  std::string_view word_;
  std::size_t depth_ = 0;
  std::uint32_t highest_ = 0;  ///< Height of the highest expression in the atom that is being read.
  int bar_ends_ = 0;           ///< Inside a comprehension: `|` ends a label expression.
  int unions_chained_ = 0;     ///< UNIONs behind NEXT, each of which repeats what stands before.
  int trying_ = 0;             ///< Inside an attempt: Fail() throws Retreat instead of Stop.
  std::uint32_t reserved_at_ = 0xFFFF'FFFF;  ///< Where a word of the language was no name.
  std::uint32_t furthest_ = 0;
  std::vector<std::string_view> expected_;
  struct Remembered {
    std::uint32_t end;
    std::uint32_t last_end;
    ast::ExpressionPtr node;
  };
  std::unordered_map<std::uint32_t, Remembered>
      expressions_;                               ///< Operands in brackets read so far.
  std::unordered_set<std::uint32_t> no_atom_;     ///< Where an operand failed.
  std::unordered_set<std::uint32_t> no_pattern_;  ///< Where no pattern expression begins.
  std::unordered_set<std::uint32_t> no_path_;     ///< Where an attempt to read a path failed.
};

}  // namespace kb::query::parse
