// Function calls: names to functions, argument counts and kinds, aggregates.
#include <algorithm>

#include "query/bind/query_binder.h"
#include "query/bind/suggest.h"
#include "schema/base/text.h"

namespace kb::query::bind {
namespace {

/// "no argument", "1 argument", "2 to 3 arguments", "at least 1 argument".
std::string DescribeCount(int min, int max) {
  const auto counted = [](int n) { return fmt::format("{} argument{}", n, n == 1 ? "" : "s"); };
  if (max < 0) return "at least " + counted(min);
  if (min == max) return min == 0 ? "no argument" : counted(min);
  return fmt::format("{} to {}", min, counted(max));
}

bool IsStar(const ast::FunctionCall& call) {
  return call.arguments.size() == 1 && std::holds_alternative<ast::Star>(call.arguments[0]->node);
}

}  // namespace

Result<ExpressionPtr> QueryBinder::BindCall(const ast::FunctionCall& call, Span span) {
  const functions::Function* function = functions::Find(call.name.text);
  if (text::ToLower(call.name.text) == "exists") return BindExists(call, span);
  if (function == nullptr) {
    return BindError("UnknownFunction", call.name.span, "function {}() does not exist",
                     call.name.text)
        .Hint(SuggestFunction(call.name.text));
  }
  if (function->aggregate != nullptr) return BindAggregate(call, function, span);
  if (call.distinct) {
    return BindError("UnexpectedSyntax", span,
                     "DISTINCT stands only in aggregates such as count(DISTINCT x); {}() is none",
                     function->name)
        .Hint("leave DISTINCT out");
  }
  if (place_.aggregates == Place::Aggregates::kInside && !function->deterministic) {
    return BindError("NonConstantExpression", span,
                     "{}() gives another value each time: it cannot stand inside an aggregate",
                     function->name)
        .Hint("compute it in a WITH before");
  }
  KB_ASSIGN(std::vector<ExpressionPtr> arguments, BindCallArguments(call, *function));
  return MakeExpression(Call{function, std::move(arguments)}, span, function->returns);
}

Result<std::vector<ExpressionPtr>> QueryBinder::BindCallArguments(
    const ast::FunctionCall& call, const functions::Function& function) {
  const int count = static_cast<int>(call.arguments.size());
  if (count < function.arguments_min ||
      (function.arguments_max >= 0 && count > function.arguments_max)) {
    return BindError("InvalidNumberOfArguments", call.name.span, "{}() takes {}, but got {}",
                     function.name, DescribeCount(function.arguments_min, function.arguments_max),
                     count)
        .Hint(fmt::format("the form is {}", function.signature));
  }
  std::vector<ExpressionPtr> arguments;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    KB_ASSIGN(ExpressionPtr argument, BindExpression(*call.arguments[i]));
    if (!function.arguments.empty()) {
      const auto& allowed = function.arguments[std::min(i, function.arguments.size() - 1)];
      if (IsNever(argument->kinds, allowed.kinds)) {
        return BindError("InvalidArgumentType", argument->span, "{}() needs {}, but this is {}",
                         function.name, DescribeWithArticle(allowed.kinds & ~kNullKind),
                         DescribeWithArticle(argument->kinds));
      }
    }
    arguments.push_back(std::move(argument));
  }
  return arguments;
}

Result<ExpressionPtr> QueryBinder::BindExists(const ast::FunctionCall& call, Span span) {
  if (call.arguments.size() != 1) {
    return BindError("InvalidNumberOfArguments", call.name.span,
                     "exists() takes 1 argument, but got {}", call.arguments.size())
        .Hint("the forms are exists(n.name) and exists((n)-->())");
  }
  const ast::Expression& argument = *call.arguments[0];
  if (const auto* pattern = std::get_if<ast::PatternExpression>(&argument.node)) {
    return BindPatternPredicate(*pattern->pattern, span);
  }
  if (!std::holds_alternative<ast::Property>(argument.node) &&
      !std::holds_alternative<ast::Subscript>(argument.node)) {
    return BindError("InvalidArgumentType", argument.span,
                     "exists() takes a property such as n.name, or a pattern")
        .Hint("to test any other value use IS NOT NULL");
  }
  KB_ASSIGN(ExpressionPtr operand, BindExpression(argument));
  return MakeExpression(IsNull{std::move(operand), true}, span, kBooleanKind);
}

Result<ExpressionPtr> QueryBinder::BindAggregate(const ast::FunctionCall& call,
                                                 const functions::Function* function, Span span) {
  if (place_.aggregates == Place::Aggregates::kInside) {
    return BindError("NestedAggregation", span, "{}() cannot stand inside another aggregate",
                     function->name)
        .Hint("aggregate in a WITH before, then again");
  }
  if (place_.aggregates == Place::Aggregates::kForbidden) {
    return BindError("InvalidAggregation", span, "the aggregate {}() cannot stand in {}",
                     function->name, place_.name)
        .Hint("aggregates belong in WITH or RETURN; give the result a name there and use that");
  }
  const Swap<Place> guard(place_, Place{Place::Aggregates::kInside, place_.name});
  Aggregate bound;
  bound.distinct = call.distinct;
  if (IsStar(call) && text::ToLower(call.name.text) == "count") {
    if (call.distinct) {
      return BindError("UnexpectedSyntax", span, "count(DISTINCT *) is not a form of count()")
          .Hint("name what is to be distinct: count(DISTINCT x)");
    }
    bound.function = nullptr;
  } else {
    bound.function = function;
    KB_ASSIGN(bound.arguments, BindCallArguments(call, *function));
  }
  return MakeExpression(std::move(bound), span, function->returns);
}

}  // namespace kb::query::bind
