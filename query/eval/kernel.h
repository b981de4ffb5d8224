// What the parts of evaluation share: operands, readers, truths, sub-batches and what is remembered
// between batches. Internal to query/eval.
//
// An operand is a column that a kernel reads: a slot's own column, borrowed, or one that was
// computed. Kernels choose their loop by the operands' representations; where no typed loop fits
// they read boxed Values through a Reader, which copies nothing that is a Value already.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "query/eval/evaluate.h"
#include "schema/order.h"

namespace re2 {
class RE2;
}

namespace kb::query::eval {

using bind::Expression;
using bind::ExpressionPtr;
using bind::Slot;
using exec::Repr;
using schema::Kind;
using schema::MapEntries;
using schema::NodeId;
using schema::RelationshipRef;
using schema::Truth;
using Rows = std::vector<std::uint32_t>;

/// A column to read. Valid as long as the batch it was evaluated over.
class Operand {
 public:
  Result<void> Evaluate(const Expression& expression, const Batch& batch, EvalContext& context);
  const Vector& vector() const { return *vector_; }
  bool is_constant() const { return vector_->repr() == Repr::kConstant; }
  /// Only of a constant.
  const Value& constant() const { return vector_->values()[0]; }

 private:
  const Vector* vector_ = nullptr;
  Vector own_;
};

/// Reads a column entry by entry; the reference holds until the next read.
class Reader {
 public:
  explicit Reader(const Vector& vector) : vector_(vector) {}
  const Value& operator[](std::uint32_t row) {
    if (vector_.repr() == Repr::kValue) return vector_.values()[row];
    if (vector_.repr() == Repr::kConstant) return vector_.values()[0];
    scratch_ = vector_.Get(row);
    return scratch_;
  }

 private:
  const Vector& vector_;
  Value scratch_;
};

/// What the entries of a column are, seen through constants: kInteger for a constant integer …
Repr TypeOf(const Vector& vector);

/// Gives `out` the nulls of both operands (typed columns; constants have none).
void MergeNulls(const Vector& a, const Vector& b, Vector* out);

/// The column as the narrowest typed one, where all its Values are of one such kind.
void Narrow(Vector* vector);

// --- Truth values, one byte a row ---------------------------------------------------------------
inline constexpr std::uint8_t kFalse = 0;
inline constexpr std::uint8_t kTrue = 1;
inline constexpr std::uint8_t kUnknown = 2;
using Truths = std::vector<std::uint8_t>;

constexpr std::uint8_t ByteOf(Truth truth) { return truth ? (*truth ? kTrue : kFalse) : kUnknown; }
inline Value ValueOf(Truth truth) { return truth ? Value::Boolean(*truth) : Value::Null(); }
/// Evaluates a condition. A value that is neither boolean nor null is a TypeError at the condition.
Result<void> EvaluateTruths(const Expression& condition, const Batch& batch, EvalContext& context,
                            Truths* truths);
void WriteTruths(std::span<const std::uint8_t> truths, Vector* out);

// --- Sub-batches --------------------------------------------------------------------------------
/// The slots that an expression reads.
struct SlotUse {
  bool all = false;  ///< It has a subquery: whatever there is.
  std::vector<Slot> slots;
};
const SlotUse& SlotsOf(const Expression& expression, EvalContext& context);
void Unite(const SlotUse& use, SlotUse* into);
/// `to` becomes `rows` of `from`, as far as `use` goes.
void GatherFor(const SlotUse& use, const Batch& from, std::span<const std::uint32_t> rows,
               Batch* to);

// --- Memory between batches ---------------------------------------------------------------------
/// A constant list prepared for IN. Floats that are whole numbers are kept as integers.
struct Membership {
  Value list;
  bool has_null = false;
  bool simple = true;  ///< No element needs a three-valued comparison.
  std::unordered_set<std::int64_t> integers;
  std::unordered_set<std::string_view> strings;  ///< Into `list`.
  std::unordered_set<Value, schema::HashOf, schema::EquivalentTo> others;
};

struct Memo {
  Memo();
  ~Memo();
  std::unordered_map<const Expression*, SlotUse> slots;
  std::unordered_map<const Expression*, std::unique_ptr<Membership>> memberships;
  std::unordered_map<const Expression*, std::unique_ptr<re2::RE2>> patterns;
};
Memo& MemoOf(EvalContext& context);

// --- The parts, by file -------------------------------------------------------------------------
// access.cc
Result<void> EvaluateSubscript(const bind::Subscript& node, const Batch& batch,
                               EvalContext& context, Vector* out);
Result<void> EvaluateSlice(const bind::Slice& node, const Batch& batch, EvalContext& context,
                           Vector* out);
Result<void> EvaluateMapProjection(const bind::MapProjection& node, const Batch& batch,
                                   EvalContext& context, Vector* out);
Result<void> EvaluateListOf(const bind::ListOf& node, const Batch& batch, EvalContext& context,
                            Vector* out);
Result<void> EvaluateMapOf(const bind::MapOf& node, const Batch& batch, EvalContext& context,
                           Vector* out);
// property.cc
Result<void> EvaluateProperty(const bind::Property& node, const Batch& batch, EvalContext& context,
                              Vector* out);
/// `subject.key` of anything that has properties, components or entries.
Result<Value> PropertyOf(const Value& subject, std::string_view key, const EvalContext& context);
// arithmetic.cc
Result<void> EvaluateArithmetic(const bind::Binary& node, const Batch& batch, EvalContext& context,
                                Vector* out);
Result<void> EvaluateSign(const bind::Unary& node, const Batch& batch, EvalContext& context,
                          Vector* out);
// combine.cc
Result<Value> Combine(ast::BinaryOperator op, const Value& left, const Value& right);
/// The same, but a list or text on the left that is given away grows in place.
Result<Value> Extend(ast::BinaryOperator op, Value left, const Value& right);
// compare.cc
Result<void> EvaluateComparison(const bind::Comparison& node, const Batch& batch,
                                EvalContext& context, Vector* out);
// predicate.cc
Result<void> EvaluateLogic(const bind::Binary& node, const Batch& batch, EvalContext& context,
                           Vector* out);
Result<void> EvaluateNot(const bind::Unary& node, const Batch& batch, EvalContext& context,
                         Vector* out);
Result<void> EvaluateIsNull(const bind::IsNull& node, const Batch& batch, EvalContext& context,
                            Vector* out);
Result<void> EvaluateHasLabels(const bind::HasLabels& node, const Batch& batch,
                               EvalContext& context, Vector* out);
// text_predicate.cc
Result<void> EvaluateTextPredicate(const bind::Binary& node, const Batch& batch,
                                   EvalContext& context, Vector* out);
// membership.cc
Result<void> EvaluateIn(const bind::Binary& node, const Batch& batch, EvalContext& context,
                        Vector* out);
// case.cc
Result<void> EvaluateCase(const bind::Case& node, const Batch& batch, EvalContext& context,
                          Vector* out);
// comprehension.cc, reduce.cc
Result<void> EvaluateListComprehension(const bind::ListComprehension& node, const Batch& batch,
                                       EvalContext& context, Vector* out);
Result<void> EvaluateQuantifier(const bind::Quantifier& node, const Batch& batch,
                                EvalContext& context, Vector* out);
Result<void> EvaluateReduce(const bind::Reduce& node, const Batch& batch, EvalContext& context,
                            Vector* out);
// path.cc
Result<void> EvaluatePathOf(const bind::PathOf& node, const Batch& batch, EvalContext& context,
                            Vector* out);

}  // namespace kb::query::eval
