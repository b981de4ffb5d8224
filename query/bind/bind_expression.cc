// Expressions: operators, access, CASE and map projections. Literals: bind_literal.cc; calls:
// bind_call.cc; what has variables or queries of its own: bind_nested.cc.
#include <algorithm>

#include "query/bind/query_binder.h"
#include "query/bind/suggest.h"
#include "schema/base/text.h"

namespace kb::query::bind {

using functions::kAnyKind;

ExpressionPtr MakeExpression(decltype(Expression::node) node, Span span, KindSet kinds) {
  return std::make_shared<const Expression>(Expression{std::move(node), span, kinds});
}

ExpressionPtr MakeConstant(Value value, Span span) {
  const KindSet kinds = functions::Set(value.kind());
  return MakeExpression(Constant{std::move(value)}, span, kinds);
}

ExpressionPtr Conjoin(ExpressionPtr left, ExpressionPtr right) {
  if (!left) return right;
  if (!right) return left;
  const Span span{std::min(left->span.begin, right->span.begin),
                  std::max(left->span.end, right->span.end)};
  return MakeExpression(Binary{ast::BinaryOperator::kAnd, std::move(left), std::move(right)}, span,
                        kBooleanKind);
}

ExpressionPtr ConjoinAll(std::span<const ExpressionPtr> conditions) {
  if (conditions.empty()) return nullptr;
  if (conditions.size() == 1) return conditions[0];
  const std::size_t half = (conditions.size() + 1) / 2;
  return Conjoin(ConjoinAll(conditions.first(half)), ConjoinAll(conditions.subspan(half)));
}

std::string Quoted(std::string_view name) {
  const std::string text = text::QuoteName(name);
  return text.starts_with('`') ? text : "`" + text + "`";
}

/// Sends each node of the syntax tree to the method that binds it.
struct ExpressionVisitor {
  QueryBinder& binder;
  Span span;
  using Out = Result<ExpressionPtr>;

  Out operator()(const ast::NullLiteral&) const { return MakeConstant(Value::Null(), span); }
  Out operator()(const ast::BooleanLiteral& node) const {
    return MakeConstant(Value::Boolean(node.value), span);
  }
  Out operator()(const ast::IntegerLiteral& node) const {
    return binder.BindInteger(node.text, false, span);
  }
  Out operator()(const ast::FloatLiteral& node) const {
    return binder.BindFloat(node.text, false, span);
  }
  Out operator()(const ast::StringLiteral& node) const {
    return MakeConstant(Value::String(node.value), span);
  }
  Out operator()(const ast::ListLiteral& node) const { return binder.BindList(node, span); }
  Out operator()(const ast::MapLiteral& node) const { return binder.BindMap(node, span); }
  Out operator()(const ast::Parameter& node) const {
    binder.AddParameter(node.name, span);
    return MakeExpression(Parameter{node.name}, span);
  }
  Out operator()(const ast::Variable& node) const { return binder.BindVariable(node.name, span); }
  Out operator()(const ast::Star&) const {
    return BindError("UnexpectedSyntax", span, "* is no value: it stands only in count(*)");
  }
  Out operator()(const ast::Unary& node) const { return binder.BindUnary(node, span); }
  Out operator()(const ast::Binary& node) const { return binder.BindBinary(node, span); }
  Out operator()(const ast::Comparison& node) const { return binder.BindComparison(node, span); }
  Out operator()(const ast::IsNull& node) const {
    KB_ASSIGN(ExpressionPtr operand, binder.BindExpression(*node.operand));
    return MakeExpression(IsNull{std::move(operand), node.negated}, span, kBooleanKind);
  }
  Out operator()(const ast::IsTyped& node) const { return binder.BindIsTyped(node, span); }
  Out operator()(const ast::HasLabels& node) const { return binder.BindHasLabels(node, span); }
  Out operator()(const ast::Property& node) const { return binder.BindProperty(node, span); }
  Out operator()(const ast::Subscript& node) const { return binder.BindSubscript(node, span); }
  Out operator()(const ast::Slice& node) const { return binder.BindSlice(node, span); }
  Out operator()(const ast::FunctionCall& node) const { return binder.BindCall(node, span); }
  Out operator()(const ast::MapProjection& node) const {
    return binder.BindMapProjection(node, span);
  }
  Out operator()(const ast::Case& node) const { return binder.BindCase(node, span); }
  Out operator()(const ast::ListComprehension& node) const {
    return binder.BindListComprehension(node, span);
  }
  Out operator()(const ast::Quantifier& node) const { return binder.BindQuantifier(node, span); }
  Out operator()(const ast::Reduce& node) const { return binder.BindReduce(node, span); }
  Out operator()(const ast::PatternExpression&) const {
    return BindError("UnexpectedSyntax", span,
                     "a pattern alone is a condition: it can stand only where one is asked for")
        .Hint(
            "to count or list what matches, use COUNT { … } or [ (a)-->(b) | b ]; for true or "
            "false, EXISTS { … }");
  }
  Out operator()(const ast::PatternComprehension& node) const {
    return binder.BindPatternComprehension(node, span);
  }
  Out operator()(const ast::SubqueryExpression& node) const {
    return binder.BindSubquery(node, span);
  }
  Out operator()(const ast::ShortestPathExpression& node) const {
    return binder.BindShortestPath(node, span);
  }
};

Result<ExpressionPtr> QueryBinder::BindExpression(const ast::Expression& expression) {
  return std::visit(ExpressionVisitor{*this, expression.span}, expression.node);
}

Result<ExpressionPtr> QueryBinder::BindOptional(const ast::ExpressionPtr& expression) {
  if (!expression) return ExpressionPtr();
  return BindExpression(*expression);
}

Result<ExpressionPtr> QueryBinder::BindPlain(const ast::Expression& expression,
                                             std::string_view name) {
  const Swap<Place> guard(place_, Place{Place::Aggregates::kForbidden, name});
  return BindExpression(expression);
}

Result<ExpressionPtr> QueryBinder::BindCondition(const ast::Expression& expression,
                                                 std::string_view where) {
  if (const auto* pattern = std::get_if<ast::PatternExpression>(&expression.node)) {
    return BindPatternPredicate(*pattern->pattern, expression.span);
  }
  KB_ASSIGN(ExpressionPtr condition, BindExpression(expression));
  if (IsNever(condition->kinds, kBooleanKind)) {
    return BindError("InvalidArgumentType", expression.span, "{} needs a Boolean, but this is {}",
                     where, DescribeWithArticle(condition->kinds));
  }
  return condition;
}

Result<ExpressionPtr> QueryBinder::BindWhere(const ast::ExpressionPtr& expression) {
  if (!expression) return ExpressionPtr();
  const Swap<Place> guard(place_, Place{Place::Aggregates::kForbidden, "WHERE"});
  return BindCondition(*expression, "WHERE");
}

Result<const Variable*> QueryBinder::Resolve(std::string_view name, Span span) {
  const Variable* variable = scope_->Find(name);
  if (variable == nullptr) {
    return BindError("UndefinedVariable", span, "variable {} is not defined", Quoted(name))
        .Hint(SuggestVariable(name, *scope_));
  }
  if (uses_ != nullptr) uses_->push_back({variable->slot, variable->name, span});
  return variable;
}

Result<ExpressionPtr> QueryBinder::BindVariable(std::string_view name, Span span) {
  KB_ASSIGN(const Variable* variable, Resolve(name, span));
  return MakeExpression(SlotRef{variable->slot, variable->name}, span, variable->kinds);
}

Result<ExpressionPtr> QueryBinder::BindUnary(const ast::Unary& unary, Span span) {
  using ast::UnaryOperator;
  if (unary.op == UnaryOperator::kNot) {
    KB_ASSIGN(ExpressionPtr operand, BindCondition(*unary.operand, "NOT"));
    return MakeExpression(Unary{unary.op, std::move(operand)}, span, kBooleanKind);
  }
  if (unary.op == UnaryOperator::kMinus) {
    if (const auto* integer = std::get_if<ast::IntegerLiteral>(&unary.operand->node)) {
      return BindInteger(integer->text, true, span);
    }
    if (const auto* number = std::get_if<ast::FloatLiteral>(&unary.operand->node)) {
      return BindFloat(number->text, true, span);
    }
  }
  KB_ASSIGN(ExpressionPtr operand, BindExpression(*unary.operand));
  const KindSet allowed = functions::kNumberKinds | functions::Set(schema::Kind::kDuration);
  if (IsNever(operand->kinds, allowed)) {
    return BindError("InvalidArgumentType", operand->span, "{} needs a number, but this is {}",
                     unary.op == UnaryOperator::kMinus ? "-" : "+",
                     DescribeWithArticle(operand->kinds));
  }
  const KindSet kinds = ResultKinds(unary.op, operand->kinds);
  return MakeExpression(Unary{unary.op, std::move(operand)}, span, kinds);
}

Result<ExpressionPtr> QueryBinder::BindBinary(const ast::Binary& binary, Span span) {
  const std::string_view symbol = Symbol(binary.op);
  const KindSet allowed = OperandKinds(binary.op);
  if (allowed == kBooleanKind) {
    KB_ASSIGN(ExpressionPtr left, BindCondition(*binary.left, symbol));
    KB_ASSIGN(ExpressionPtr right, BindCondition(*binary.right, symbol));
    return MakeExpression(Binary{binary.op, std::move(left), std::move(right)}, span, kBooleanKind);
  }
  KB_ASSIGN(ExpressionPtr left, BindExpression(*binary.left));
  KB_ASSIGN(ExpressionPtr right, BindExpression(*binary.right));
  for (const auto& operand : {left, right}) {
    if (IsNever(operand->kinds, allowed)) {
      return BindError("InvalidArgumentType", operand->span, "{} needs {}, but this is {}", symbol,
                       DescribeWithArticle(allowed), DescribeWithArticle(operand->kinds));
    }
  }
  if (binary.op == ast::BinaryOperator::kIn && IsNever(right->kinds, kListKind)) {
    return BindError("InvalidArgumentType", right->span, "IN needs a List, but this is {}",
                     DescribeWithArticle(right->kinds));
  }
  const KindSet kinds = ResultKinds(binary.op, left->kinds, right->kinds);
  return MakeExpression(Binary{binary.op, std::move(left), std::move(right)}, span, kinds);
}

Result<ExpressionPtr> QueryBinder::BindComparison(const ast::Comparison& comparison, Span span) {
  KB_ASSIGN(ExpressionPtr left, BindExpression(*comparison.operands[0]));
  std::vector<ExpressionPtr> pairs;
  for (std::size_t i = 0; i < comparison.operators.size(); ++i) {
    KB_ASSIGN(ExpressionPtr right, BindExpression(*comparison.operands[i + 1]));
    const bool alone = comparison.operators.size() == 1;
    const Span pair = alone ? span : Span{left->span.begin, right->span.end};
    pairs.push_back(MakeExpression(Comparison{comparison.operators[i], std::move(left), right},
                                   pair, kBooleanKind));
    left = std::move(right);
  }
  return ConjoinAll(pairs);
}

Result<ExpressionPtr> QueryBinder::BindIsTyped(const ast::IsTyped& test, Span span) {
  KB_ASSIGN(ExpressionPtr operand, BindExpression(*test.operand));
  std::vector<ExpressionPtr> arguments{std::move(operand),
                                       MakeConstant(Value::String(test.type.ToText()), span)};
  ExpressionPtr typed =
      MakeExpression(Call{functions::Find("isTyped"), std::move(arguments)}, span, kBooleanKind);
  if (!test.negated) return typed;
  return MakeExpression(Unary{ast::UnaryOperator::kNot, std::move(typed)}, span, kBooleanKind);
}

void QueryBinder::NoteKey(KindSet subject, const ast::Name& key) {
  const bool is_entity =
      (subject & kEntityKinds) != 0 && (subject & ~(kEntityKinds | kNullKind)) == 0;
  if (is_entity) names_.Read(UnknownName::Sort::kKey, key);
}

Result<ExpressionPtr> QueryBinder::BindProperty(const ast::Property& property, Span span) {
  KB_ASSIGN(ExpressionPtr subject, BindExpression(*property.subject));
  if (IsNever(subject->kinds, PropertySubjectKinds())) {
    const std::string what =
        fmt::format("{} has no properties, so {} cannot be read from it",
                    DescribeWithArticle(subject->kinds), Quoted(property.key.text));
    // The TCK's types: a path is a mistake of the text, a plain value one of types.
    const ErrorCode code = subject->kinds == kPathKind ? ErrorCode::kSyntax : ErrorCode::kType;
    Error error = Error(code, what).Detail("InvalidArgumentType").At(subject->span);
    if (subject->kinds == kPathKind) {
      error.Hint("nodes(p) and relationships(p) give the parts of a path");
    } else if (subject->kinds == kListKind) {
      error.Hint(fmt::format("[x IN list | x.{}] reads it from each element", property.key.text));
    }
    return error;
  }
  NoteKey(subject->kinds, property.key);
  return MakeExpression(Property{std::move(subject), property.key.text}, span);
}

Result<ExpressionPtr> QueryBinder::BindSubscript(const ast::Subscript& subscript, Span span) {
  KB_ASSIGN(ExpressionPtr subject, BindExpression(*subscript.subject));
  KB_ASSIGN(ExpressionPtr index, BindExpression(*subscript.index));
  const KindSet keyed = kMapKind | kEntityKinds;
  if (IsNever(subject->kinds, kListKind | keyed)) {
    return TypeError("[…] reads from a List, Map, Node or Relationship, but this is {}",
                     DescribeWithArticle(subject->kinds))
        .Detail("InvalidArgumentType")
        .At(subject->span);
  }
  if (subject->kinds == kListKind && IsNever(index->kinds, kIntegerKind)) {
    return TypeError("a List is read at an Integer, but this is {}",
                     DescribeWithArticle(index->kinds))
        .Detail("InvalidArgumentType")
        .At(index->span);
  }
  if ((subject->kinds & ~keyed) == 0 && IsNever(index->kinds, kStringKind)) {
    return TypeError("{} is read at a String, but this is {}", DescribeWithArticle(subject->kinds),
                     DescribeWithArticle(index->kinds))
        .Detail("MapElementAccessByNonString")
        .At(index->span);
  }
  const KindSet kinds = subject->kinds == kListKind ? ElementKinds(*subject) : kAnyKind;
  return MakeExpression(Subscript{std::move(subject), std::move(index)}, span, kinds);
}

Result<ExpressionPtr> QueryBinder::BindSlice(const ast::Slice& slice, Span span) {
  KB_ASSIGN(ExpressionPtr subject, BindExpression(*slice.subject));
  KB_ASSIGN(ExpressionPtr from, BindOptional(slice.from));
  KB_ASSIGN(ExpressionPtr to, BindOptional(slice.to));
  if (IsNever(subject->kinds, kListKind)) {
    return TypeError("[a..b] cuts a List, but this is {}", DescribeWithArticle(subject->kinds))
        .Detail("InvalidArgumentType")
        .At(subject->span);
  }
  for (const auto& bound : {from, to}) {
    if (bound && IsNever(bound->kinds, kIntegerKind)) {
      return TypeError("a List is cut at an Integer, but this is {}",
                       DescribeWithArticle(bound->kinds))
          .Detail("InvalidArgumentType")
          .At(bound->span);
    }
  }
  return MakeExpression(Slice{std::move(subject), std::move(from), std::move(to)}, span, kListKind);
}

Result<ExpressionPtr> QueryBinder::BindCase(const ast::Case& node, Span span) {
  Case bound;
  KindSet kinds = 0;
  KB_ASSIGN(bound.subject, BindOptional(node.subject));
  for (const auto& [when, then] : node.branches) {
    KB_ASSIGN(ExpressionPtr condition,
              node.subject ? BindExpression(*when) : BindCondition(*when, "WHEN"));
    KB_ASSIGN(ExpressionPtr result, BindExpression(*then));
    kinds |= result->kinds;
    bound.branches.emplace_back(std::move(condition), std::move(result));
  }
  KB_ASSIGN(bound.otherwise, BindOptional(node.otherwise));
  kinds |= bound.otherwise ? bound.otherwise->kinds : kNullKind;
  return MakeExpression(std::move(bound), span, kinds);
}

Result<ExpressionPtr> QueryBinder::BindMapProjection(const ast::MapProjection& projection,
                                                     Span span) {
  MapProjection bound;
  KB_ASSIGN(bound.subject, BindVariable(projection.subject.text, projection.subject.span));
  if (IsNever(bound.subject->kinds, kMapKind | kEntityKinds)) {
    return BindError("InvalidArgumentType", projection.subject.span,
                     "a map projection needs a Map, Node or Relationship, but {} is {}",
                     Quoted(projection.subject.text), DescribeWithArticle(bound.subject->kinds));
  }
  for (const auto& item : projection.items) {
    using P = ast::MapProjection;
    if (std::holds_alternative<P::AllPropertiesItem>(item)) {
      bound.all_properties = true;
    } else if (const auto* property = std::get_if<P::PropertyItem>(&item)) {
      NoteKey(bound.subject->kinds, property->key);
      bound.entries.emplace_back(
          property->key.text,
          MakeExpression(Property{bound.subject, property->key.text}, property->key.span));
    } else if (const auto* entry = std::get_if<P::EntryItem>(&item)) {
      KB_ASSIGN(ExpressionPtr value, BindExpression(*entry->value));
      bound.entries.emplace_back(entry->key.text, std::move(value));
    } else if (const auto* variable = std::get_if<P::VariableItem>(&item)) {
      KB_ASSIGN(ExpressionPtr value,
                BindVariable(variable->variable.text, variable->variable.span));
      bound.entries.emplace_back(variable->variable.text, std::move(value));
    }
  }
  return MakeExpression(std::move(bound), span, kMapKind);
}

}  // namespace kb::query::bind
