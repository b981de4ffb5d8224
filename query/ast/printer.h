// Printer: appends nodes of the tree to one text. A node's operator() writes it; for expressions
// `Operand` adds the brackets that binding power asks for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "query/ast/statement.h"

namespace kb::query::ast {

/// How tightly an expression holds together, from OR to what needs no brackets anywhere.
enum class Binding {
  kOr,
  kXor,
  kAnd,
  kNot,
  kComparison,
  kPredicate,  ///< IN, IS NULL, STARTS WITH …
  kAdd,
  kMultiply,
  kPower,
  kSign,
  kSuffix,  ///< n.x, list[0], n:Label
  kAtom,
};

class Printer {
 public:
  std::string Take() { return std::move(text_); }

  // print.cc
  void Write(const Statement& statement);
  void Write(const Query& query);
  void Write(const SingleQuery& query);
  void operator()(const Query& query) { Write(query); }
  void operator()(const CreateIndex& index);
  void operator()(const DropIndex& index);
  void operator()(const CreateConstraint& constraint);
  void operator()(const DropConstraint& constraint);
  void operator()(const Show& show);
  void operator()(TransactionCommand command);

  // print_clause.cc
  void Write(const Clause& clause);
  void Write(const Projection& projection);
  void Write(const SetItem& item);
  void operator()(const Match& match);
  void operator()(const Unwind& unwind);
  void operator()(const With& with);
  void operator()(const Return& result);
  void operator()(const Finish& finish);
  void operator()(const Create& create);
  void operator()(const Set& set);
  void operator()(const Remove& remove);
  void operator()(const Delete& clause);
  void operator()(const Merge& merge);
  void operator()(const Foreach& clause);
  void operator()(const CallProcedure& call);
  void operator()(const CallSubquery& call);
  void operator()(const Conditional& conditional);
  void operator()(const LoadCsv& load);
  void operator()(const Amend& clause);
  void Write(const EvidencePtr& evidence);
  void Write(const ViewClausePtr& view);
  void operator()(const SetProperty& item);
  void operator()(const SetVariable& item);
  void operator()(const SetLabels& item);
  void operator()(const RemoveProperty& item);
  void operator()(const RemoveLabels& item);

  // print_pattern.cc
  void Write(const Pattern& pattern);
  void Write(const PatternPart& part);
  void Write(const PathPattern& path);
  void Write(const Chronology& chronology);
  /// Brackets around every OR and AND but the outermost level.
  void Write(const LabelExpression& labels, bool inner);
  void Write(const LabelComputed& labels);
  void operator()(const NodePattern& node);
  void operator()(const RelationshipPattern& relationship);
  void operator()(const ParenthesizedPath& path);
  void Write(const PathQuantifier& quantifier);

  // print_expression.cc
  void Write(const Expression& expression);
  /// The expression, in brackets where it binds less tightly than `least`.
  void Operand(const Expression& expression, Binding least);
  void operator()(const NullLiteral&) { Add("NULL"); }
  void operator()(const BooleanLiteral& literal) { Add(literal.value ? "TRUE" : "FALSE"); }
  void operator()(const IntegerLiteral& literal) { Add(literal.text); }
  void operator()(const FloatLiteral& literal) { Add(literal.text); }
  void operator()(const StringLiteral& literal);
  void operator()(const ListLiteral& list);
  void operator()(const MapLiteral& map);
  void operator()(const Parameter& parameter);
  void operator()(const Variable& variable) { VariableName(variable.name); }
  void operator()(const Star&) { Add("*"); }
  void operator()(const Unary& unary);
  void operator()(const Binary& binary);
  void operator()(const Comparison& comparison);
  void operator()(const IsNull& test);
  void operator()(const IsTyped& test);
  void operator()(const HasLabels& test);
  void operator()(const Property& property);
  void operator()(const Subscript& subscript);
  void operator()(const Slice& slice);
  void operator()(const FunctionCall& call);
  void operator()(const MapProjection& projection);
  void operator()(const Case& expression);
  void operator()(const ListComprehension& comprehension);
  void operator()(const Quantifier& quantifier);
  void operator()(const Reduce& reduce);
  void operator()(const PatternExpression& pattern) { Write(*pattern.pattern); }
  void operator()(const PatternComprehension& comprehension);
  void operator()(const SubqueryExpression& subquery);
  void operator()(const ShortestPathExpression& path) { Write(*path.pattern); }

 private:
  void Add(std::string_view text) { text_ += text; }
  /// A label, type or property key: every word may stand.
  void KeyName(std::string_view name);
  /// A variable, or what else must not be a word of the language.
  void VariableName(std::string_view name);
  /// `a.b.c`, of functions and procedures.
  void DottedName(std::string_view name);
  void Labels(const std::vector<Name>& labels, const std::vector<LabelComputed>& computed);
  void Where(const ExpressionPtr& predicate);
  void Named(const std::optional<Name>& name, bool if_not_exists);
  void SchemaElement(bool on_relationships, const Name& variable, const Name& label);
  void Yields(const std::vector<CallProcedure::Yield>& yields);
  void InTransactions(const ast::InTransactions& in);
  /// ORDER BY, SKIP, LIMIT.
  void Tail(const Projection& projection);
  template <typename Items, typename WriteItem>
  void List(const Items& items, WriteItem&& write) {
    bool first = true;
    for (const auto& item : items) {
      if (!first) Add(", ");
      first = false;
      write(item);
    }
  }
  void Expressions(const std::vector<ExpressionPtr>& items) {
    List(items, [&](const ExpressionPtr& item) { Write(*item); });
  }

  std::string text_;
};

}  // namespace kb::query::ast
