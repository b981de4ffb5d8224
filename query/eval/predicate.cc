// Three-valued logic, null tests and label tests.

#include <optional>

#include "query/eval/kernel.h"
#include "query/functions/convert.h"

namespace kb::query::eval {
namespace {

using ast::BinaryOperator;

constexpr std::uint8_t And(std::uint8_t a, std::uint8_t b) {
  if (a == kFalse || b == kFalse) return kFalse;
  return a == kTrue && b == kTrue ? kTrue : kUnknown;
}
constexpr std::uint8_t Or(std::uint8_t a, std::uint8_t b) {
  if (a == kTrue || b == kTrue) return kTrue;
  return a == kFalse && b == kFalse ? kFalse : kUnknown;
}
constexpr std::uint8_t Xor(std::uint8_t a, std::uint8_t b) {
  if (a == kUnknown || b == kUnknown) return kUnknown;
  return a != b ? kTrue : kFalse;
}

/// A label test with its names as ids; a name that the case does not know matches nothing.
class CompiledTest {
 public:
  CompiledTest(const bind::LabelTest& test, const schema::Catalog& catalog) : op_(test.op) {
    label_ = catalog.FindLabel(test.name);
    type_ = catalog.FindType(test.name);
    for (const auto& operand : test.operands) operands_.emplace_back(*operand, catalog);
  }

  bool Holds(NodeId node, const storage::View& view) const {
    return HoldsFor([&](const CompiledTest& test) {
      if (test.op_ == bind::LabelTest::Op::kAny) return !view.Labels(node).empty();
      return test.label_ && view.HasLabel(node, *test.label_);
    });
  }
  /// A relationship has one type: any type is always there.
  bool Holds(const RelationshipRef& ref) const {
    return HoldsFor([&](const CompiledTest& test) {
      return test.op_ == bind::LabelTest::Op::kAny || (test.type_ && *test.type_ == ref.type);
    });
  }

 private:
  template <typename Leaf>
  bool HoldsFor(const Leaf& leaf) const {
    switch (op_) {
      case bind::LabelTest::Op::kName:
      case bind::LabelTest::Op::kAny:
        return leaf(*this);
      case bind::LabelTest::Op::kNot:
        return !operands_.front().HoldsFor(leaf);
      case bind::LabelTest::Op::kAnd:
        for (const auto& operand : operands_) {
          if (!operand.HoldsFor(leaf)) return false;
        }
        return true;
      case bind::LabelTest::Op::kOr:
        for (const auto& operand : operands_) {
          if (operand.HoldsFor(leaf)) return true;
        }
        return false;
    }
    return false;
  }

  bind::LabelTest::Op op_;
  std::optional<schema::LabelId> label_;
  std::optional<schema::TypeId> type_;
  std::vector<CompiledTest> operands_;
};

Result<std::uint8_t> TestValue(const CompiledTest& test, const Value& value,
                               const storage::View& view) {
  if (value.is_null()) return kUnknown;
  if (value.is_node()) return test.Holds(value.node(), view) ? kTrue : kFalse;
  if (value.is_relationship()) return test.Holds(value.relationship()) ? kTrue : kFalse;
  return TypeError("only nodes have labels and relationships types, but this is {} {}",
                   schema::KindName(value.kind()), functions::Preview(value))
      .Detail("InvalidArgumentType");
}

}  // namespace

Result<void> EvaluateLogic(const bind::Binary& node, const Batch& batch, EvalContext& context,
                           Vector* out) {
  Truths left;
  KB_TRY(EvaluateTruths(*node.left, batch, context, &left));
  const auto combine = node.op == BinaryOperator::kAnd  ? And
                       : node.op == BinaryOperator::kOr ? Or
                                                        : Xor;
  // The right side runs only where the left does not decide alone.
  const std::uint8_t deciding = node.op == BinaryOperator::kAnd  ? kFalse
                                : node.op == BinaryOperator::kOr ? kTrue
                                                                 : std::uint8_t{3};
  Rows open;
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    if (left[row] != deciding) open.push_back(row);
  }
  if (!open.empty()) {
    Truths right;
    if (open.size() == batch.rows) {
      KB_TRY(EvaluateTruths(*node.right, batch, context, &right));
    } else {
      Batch rest;
      GatherFor(SlotsOf(*node.right, context), batch, open, &rest);
      KB_TRY(EvaluateTruths(*node.right, rest, context, &right));
    }
    for (std::size_t i = 0; i < open.size(); ++i) {
      left[open[i]] = combine(left[open[i]], right[i]);
    }
  }
  WriteTruths(left, out);
  return {};
}

Result<void> EvaluateNot(const bind::Unary& node, const Batch& batch, EvalContext& context,
                         Vector* out) {
  Truths truths;
  KB_TRY(EvaluateTruths(*node.operand, batch, context, &truths));
  for (std::uint8_t& truth : truths) {
    if (truth != kUnknown) truth = truth == kTrue ? kFalse : kTrue;
  }
  WriteTruths(truths, out);
  return {};
}

Result<void> EvaluateIsNull(const bind::IsNull& node, const Batch& batch, EvalContext& context,
                            Vector* out) {
  Operand operand;
  KB_TRY(operand.Evaluate(*node.operand, batch, context));
  const Vector& vector = operand.vector();
  out->Reset(Repr::kBoolean, batch.rows);
  std::uint8_t* to = out->booleans();
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    to[row] = vector.IsNull(row) != node.negated ? 1 : 0;
  }
  return {};
}

Result<void> EvaluateHasLabels(const bind::HasLabels& node, const Batch& batch,
                               EvalContext& context, Vector* out) {
  Operand operand;
  KB_TRY(operand.Evaluate(*node.operand, batch, context));
  const CompiledTest test(*node.test, context.view.catalog());
  const Vector& vector = operand.vector();
  if (vector.repr() == Repr::kNode && vector.nulls() == nullptr) {
    out->Reset(Repr::kBoolean, batch.rows);
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      out->booleans()[row] = test.Holds(vector.nodes()[row], context.view) ? 1 : 0;
    }
    return {};
  }
  Truths truths(batch.rows);
  Reader reader(vector);
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    KB_ASSIGN(truths[row], TestValue(test, reader[row], context.view));
  }
  WriteTruths(truths, out);
  return {};
}

}  // namespace kb::query::eval
