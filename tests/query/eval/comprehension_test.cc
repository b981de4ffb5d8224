#include <gtest/gtest.h>

#include "tests/query/eval/bound.h"

namespace kb::query::eval {
namespace {

using B = ast::BinaryOperator;
using Cmp = ast::ComparisonOperator;
using ast::QuantifierKind;

Value List(std::initializer_list<int> numbers) {
  std::vector<Value> items;
  for (const int number : numbers) items.push_back(Value::Integer(number));
  return Value::List(std::move(items));
}

/// Slot 0: lists; slot 1: a number of the outer row. Slot 2 is the inner variable.
Batch Lists() {
  return BatchOf({Column({List({1, 2, 3}), List({}), Value::Null(), List({3, 4})}),
                  Integers({10, 20, 30, 40})});
}

TEST(ComprehensionTest, FiltersAndProjectsWithOuterSlots) {
  const auto predicate = Compare(Cmp::kGreater, S(2), C(1));
  const auto projection = Op(B::kAdd, S(2), S(1));
  EXPECT_EQ(Text(Bound(bind::ListComprehension{2, S(0), predicate, projection}), Lists()),
            "[12, 13] [] null [43, 44]");
  EXPECT_EQ(Text(Bound(bind::ListComprehension{2, S(0), predicate, nullptr}), Lists()),
            "[2, 3] [] null [3, 4]");
  EXPECT_EQ(Text(Bound(bind::ListComprehension{2, S(0), nullptr, projection}), Lists()),
            "[11, 12, 13] [] null [43, 44]");
  EXPECT_EQ(Text(Bound(bind::ListComprehension{2, C(1), nullptr, nullptr})),
            "error InvalidArgumentType");
}

TEST(ComprehensionTest, NestedComprehensionsSeeBothVariables) {
  const auto inner = Bound(
      bind::ListComprehension{3, ListOf({C(1), C(2)}), nullptr, Op(B::kMultiply, S(2), S(3))});
  EXPECT_EQ(Text(Bound(bind::ListComprehension{2, S(0), nullptr, inner}), Lists()),
            "[[1, 2], [2, 4], [3, 6]] [] null [[3, 6], [4, 8]]");
}

TEST(ComprehensionTest, ListsLongerThanABatchAreTakenInParts) {
  const auto range = CallOf("range", {C(1), C(20'000)});
  const auto even = Compare(Cmp::kEqual, Op(B::kModulo, S(0), C(2)), C(0));
  EXPECT_EQ(Text(CallOf("size", {Bound(bind::ListComprehension{0, range, even, nullptr})})),
            "10000");
}

std::string Quantified(QuantifierKind kind, std::vector<Value> truths) {
  return Text(Bound(bind::Quantifier{kind, 0, C(Value::List(std::move(truths))), S(0)}));
}

TEST(QuantifierTest, AnswersAreThreeValued) {
  const Value t = Value::Boolean(true);
  const Value f = Value::Boolean(false);
  const Value u = Value::Null();
  EXPECT_EQ(Quantified(QuantifierKind::kAll, {}), "true");
  EXPECT_EQ(Quantified(QuantifierKind::kAll, {t, u}), "null");
  EXPECT_EQ(Quantified(QuantifierKind::kAll, {u, f}), "false");
  EXPECT_EQ(Quantified(QuantifierKind::kAny, {}), "false");
  EXPECT_EQ(Quantified(QuantifierKind::kAny, {u, t}), "true");
  EXPECT_EQ(Quantified(QuantifierKind::kAny, {u, f}), "null");
  EXPECT_EQ(Quantified(QuantifierKind::kNone, {}), "true");
  EXPECT_EQ(Quantified(QuantifierKind::kNone, {u, t}), "false");
  EXPECT_EQ(Quantified(QuantifierKind::kNone, {u, f}), "null");
  EXPECT_EQ(Quantified(QuantifierKind::kSingle, {t, f}), "true");
  EXPECT_EQ(Quantified(QuantifierKind::kSingle, {t, t, u}), "false");
  EXPECT_EQ(Quantified(QuantifierKind::kSingle, {t, u}), "null");
}

TEST(QuantifierTest, NullListsAreUnknownAndAPredicateMayBeLeftOut) {
  EXPECT_EQ(Text(Bound(bind::Quantifier{QuantifierKind::kAll, 0, Null(), S(0)})), "null");
  EXPECT_EQ(
      Text(Bound(bind::Quantifier{QuantifierKind::kAny, 0, ListOf({C(false), C(true)}), nullptr})),
      "true");
}

TEST(ReduceTest, FoldsEachListFromItsStart) {
  const auto sum = Bound(bind::Reduce{3, S(1), 2, S(0), Op(B::kAdd, S(3), S(2)), nullptr});
  EXPECT_EQ(Text(sum, Lists()), "16 20 null 47");
}

/// Slot 0: lists; slot 2 is the element, slot 3 the accumulator, which begins as `initial`.
std::string Reduced(const ExpressionPtr& initial, const ExpressionPtr& step) {
  return Text(Bound(bind::Reduce{3, initial, 2, S(0), step, nullptr}), Lists());
}

TEST(ReduceTest, AListThatGrowsIsNobodyElses) {
  const auto empty = C(Value::List({}));
  EXPECT_EQ(Reduced(empty, Op(B::kAdd, S(3), S(2))), "[1, 2, 3] [] null [3, 4]");
  // The list that it begins with, and lists that have got into it, stay as they are.
  const Batch lists = BatchOf({Column({List({1, 2}), List({3})})});
  const auto doubled = Bound(bind::Reduce{3, S(0), 2, S(0), Op(B::kAdd, S(3), S(2)), nullptr});
  EXPECT_EQ(Text(ListOf({doubled, S(0)}), lists), "[[1, 2, 1, 2], [1, 2]] [[3, 3], [3]]");
  EXPECT_EQ(Reduced(empty, Op(B::kAdd, S(3), ListOf({S(3)}))),
            "[[], [[]], [[], [[]]]] [] null [[], [[]]]");
  EXPECT_EQ(Reduced(ListOf({C(7)}), Op(B::kAdd, S(3), S(3))),
            "[7, 7, 7, 7, 7, 7, 7, 7] [7] null [7, 7, 7, 7]");
  // Several things are added in their order; a null makes null of it, an error names its place.
  EXPECT_EQ(Reduced(empty, Op(B::kAdd, Op(B::kAdd, S(3), S(2)), ListOf({C(0), S(2)}))),
            "[1, 0, 1, 2, 0, 2, 3, 0, 3] [] null [3, 0, 3, 4, 0, 4]");
  EXPECT_EQ(Reduced(empty, Op(B::kAdd, S(3), C(Value::Null()))), "null [] null null");
  EXPECT_EQ(Reduced(C(true), Op(B::kAdd, S(3), S(2))), "error InvalidArgumentType");
  EXPECT_EQ(Reduced(C("n:"), Op(B::kConcatenate, S(3), C(" a text that is not short"))),
            "'n: a text that is not short a text that is not short a text that is not short' 'n:' "
            "null 'n: a text that is not short a text that is not short'");
}

TEST(ReduceTest, BranchesOfCaseTakeTheirRows) {
  const auto empty = C(Value::List({}));
  const auto is_new = Bound(bind::Unary{ast::UnaryOperator::kNot, Op(B::kIn, S(2), S(3))});
  const auto is_two = Compare(Cmp::kEqual, S(2), C(2));
  const auto with_it = Op(B::kAdd, S(3), S(2));
  EXPECT_EQ(Reduced(empty, Bound(bind::Case{nullptr, {{is_new, with_it}}, S(3)})),
            "[1, 2, 3] [] null [3, 4]");
  EXPECT_EQ(Reduced(ListOf({C(3)}), Bound(bind::Case{nullptr, {{is_new, with_it}}, S(3)})),
            "[3, 1, 2] [3] null [3, 4]");
  EXPECT_EQ(
      Reduced(empty, Bound(bind::Case{nullptr, {{is_two, empty}, {is_new, with_it}}, nullptr})),
      "[3] [] null [3, 4]");
  EXPECT_EQ(Reduced(empty, Bound(bind::Case{nullptr, {{is_two, with_it}}, nullptr})),
            "null [] null null");
}

TEST(ReduceTest, AllReduceTestsEveryStep) {
  const auto below = Compare(Cmp::kLess, S(3), C(16));
  const auto all = Bound(bind::Reduce{3, S(1), 2, S(0), Op(B::kAdd, S(3), S(2)), below});
  EXPECT_EQ(Text(all, Lists()), "false true null false");
}

TEST(CaseTest, BranchesRunOnlyOnTheirRows) {
  const Batch batch = BatchOf({Integers({0, 1, 2})});
  const auto safe = Bound(bind::Case{
      nullptr, {{Compare(Cmp::kEqual, S(0), C(0)), C("none")}}, Op(B::kDivide, C(10), S(0))});
  EXPECT_EQ(Text(safe, batch), "'none' 10 5");
}

TEST(CaseTest, ASubjectIsComparedWithEachCandidate) {
  const Batch batch = BatchOf({Column({Value::Integer(1), Value::Null(), Value::Float(2.0)})});
  const auto named = Bound(bind::Case{S(0), {{C(1), C("one")}, {C(2), C("two")}}, nullptr});
  EXPECT_EQ(Text(named, batch), "'one' null 'two'");
}

TEST(PathTest, InnerNodesFollowFromTheRelationships) {
  using schema::EdgeId;
  using schema::NodeId;
  const schema::TypeId type{0};
  const schema::RelationshipRef ab{type, EdgeId{0}, NodeId{1}, NodeId{2}};
  const schema::RelationshipRef cb{type, EdgeId{1}, NodeId{3}, NodeId{2}};
  Batch batch = BatchOf(
      {Nodes({NodeId{1}, NodeId{1}}),
       Column({Value::List({Value::Relationship(ab), Value::Relationship(cb)}), Value::List({})}),
       Nodes({NodeId{3}, NodeId{1}})});
  const auto path = Bound(bind::PathOf{{{0, true}, {1, false, true}, {2, true}}});
  EXPECT_EQ(Text(CallOf("length", {path}), batch), "2 0");
  const auto ids =
      Bound(bind::ListComprehension{3, CallOf("nodes", {path}), nullptr, CallOf("id", {S(3)})});
  EXPECT_EQ(Text(ids, batch), "[1, 2, 3] [1]");
  batch.column(0).MutableNulls()[0] = 1;
  EXPECT_EQ(Text(CallOf("length", {path}), batch), "null 0");
}

}  // namespace
}  // namespace kb::query::eval
