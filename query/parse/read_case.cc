// CASE in its three forms: conditions; values of a subject; tests of a subject, `WHEN > 5, 1 THEN`.
#include <algorithm>

#include "query/parse/reader_inline.h"

namespace kb::query::parse {
namespace {

/// What tests call the subject: no name that a person would write.
constexpr std::string_view kSubject = " case";

}  // namespace

ast::ExpressionPtr Reader::Case() {
  SkipSpace();
  const std::uint32_t begin = Here();
  NeedKeyword("CASE");
  ast::Case result;
  ast::ExpressionPtr name;
  if (!PeekKeyword("WHEN")) {
    result.subject = Expression();
    name = MakeAt(ast::Variable{std::string(kSubject)}, result.subject->span);
  }
  std::vector<bool> tests;
  while (Keyword("WHEN")) {
    bool is_test = false;
    ast::ExpressionPtr condition = name ? CaseCondition(name, &is_test) : Expression();
    tests.push_back(is_test);
    NeedKeyword("THEN");
    result.branches.emplace_back(std::move(condition), Expression());
  }
  if (result.branches.empty()) {
    Expect("WHEN");
    Fail();
  }
  if (Keyword("ELSE")) result.otherwise = Expression();
  NeedKeyword("END");
  if (std::find(tests.begin(), tests.end(), true) == tests.end()) {
    return Make(std::move(result), begin);
  }
  // [name IN [subject] | CASE WHEN test THEN … END][0]: the subject is computed once.
  for (std::size_t i = 0; i < tests.size(); ++i) {
    if (!tests[i]) result.branches[i].first = EqualTo(name, result.branches[i].first);
  }
  const Span at = result.subject->span;
  ast::ListComprehension named;
  named.variable = {std::string(kSubject), at};
  named.list = MakeAt(ast::ListLiteral{{std::exchange(result.subject, nullptr)}}, at);
  named.projection = Make(std::move(result), begin);
  ast::ExpressionPtr list = Make(std::move(named), begin);
  return Make(ast::Subscript{std::move(list), MakeAt(ast::IntegerLiteral{"0"}, at)}, begin);
}

bool Reader::BeginsTest() {
  return PeekSymbol("=") || PeekSymbol("<") || PeekSymbol(">") || PeekSymbol("::") ||
         PeekKeyword("IS") || PeekKeyword("IN") || PeekKeyword("STARTS") || PeekKeyword("ENDS") ||
         PeekKeyword("CONTAINS");
}

ast::ExpressionPtr Reader::EqualTo(const ast::ExpressionPtr& left,
                                   const ast::ExpressionPtr& right) {
  return MakeAt(ast::Comparison{{left, right}, {ast::ComparisonOperator::kEqual}}, right->span);
}

ast::ExpressionPtr Reader::CaseCondition(const ast::ExpressionPtr& subject, bool* is_test) {
  std::vector<ast::ExpressionPtr> items;
  std::vector<bool> tests;
  do {
    tests.push_back(BeginsTest());
    items.push_back(tests.back() ? Compared(Suffixes(subject)) : Expression());
  } while (Symbol(","));
  if (items.size() == 1) {
    *is_test = tests[0];
    return items[0];
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!tests[i]) items[i] = EqualTo(subject, items[i]);
  }
  *is_test = true;
  return Join(ast::BinaryOperator::kOr, items);
}

}  // namespace kb::query::parse
