// reduce() and allReduce(): a step depends on the one before, so the rows advance side by side, one
// element of each list at a time.
//
// A step that adds to the accumulator (`l + x`, also in a branch of CASE) adds to it where it lies:
// a list that a reduce() collects is not copied for each element.

#include <algorithm>
#include <numeric>

#include "query/eval/flatten.h"

namespace kb::query::eval {
namespace {

/// The lists of a batch, kept as Values so that their elements stay where they are.
Result<std::vector<Value>> ReadLists(const Vector& vector, const Expression& expression) {
  Reader reader(vector);
  std::vector<Value> lists(vector.size());
  for (std::uint32_t row = 0; row < vector.size(); ++row) {
    KB_ASSIGN(const Value* list, ListAt(&reader, row, expression));
    if (list != nullptr) lists[row] = *list;
  }
  return lists;
}

class Reduction {
 public:
  Reduction(const bind::Reduce& node, const Batch& batch, EvalContext& context)
      : node_(node), batch_(batch), context_(context) {
    Unite(SlotsOf(*node.step, context), &use_);
    if (node.predicate != nullptr) Unite(SlotsOf(*node.predicate, context), &use_);
  }

  Result<void> Run(Vector* out) {
    Operand operand;
    KB_TRY(operand.Evaluate(*node_.list, batch_, context_));
    KB_ASSIGN(lists_, ReadLists(operand.vector(), *node_.list));
    Operand initial;
    KB_TRY(initial.Evaluate(*node_.initial, batch_, context_));
    accumulators_.resize(batch_.rows);
    verdicts_.assign(batch_.rows, kTrue);
    Rows open;
    for (std::uint32_t row = 0; row < batch_.rows; ++row) {
      accumulators_[row] = initial.vector().Get(row);
      open.push_back(row);
    }
    for (std::size_t at = 0;; ++at) {
      Rows rest;
      for (const std::uint32_t row : open) {
        if (!lists_[row].is_null() && at < lists_[row].list().size() && verdicts_[row] != kFalse) {
          rest.push_back(row);
        }
      }
      open.swap(rest);
      if (open.empty()) break;
      if (context_.cancellation != nullptr) KB_TRY(context_.cancellation->Check());
      KB_TRY(Step(open, at));
    }
    Write(out);
    return {};
  }

 private:
  Result<void> Step(const Rows& rows, std::size_t at) {
    Batch inner;
    GatherFor(use_, batch_, rows, &inner);
    const auto size = static_cast<std::uint32_t>(rows.size());
    Vector elements;
    elements.Reset(Repr::kValue, size);
    for (std::uint32_t i = 0; i < size; ++i) {
      elements.values()[i] = lists_[rows[i]].list()[at];
    }
    Narrow(&elements);
    SetColumn(&inner, node_.variable, std::move(elements));
    KB_TRY(Advance(*node_.step, rows, &inner));
    if (node_.predicate == nullptr) return {};
    ShowAccumulators(rows, &inner);
    Truths truths;
    KB_TRY(EvaluateTruths(*node_.predicate, inner, context_, &truths));
    for (std::uint32_t i = 0; i < size; ++i) {
      if (truths[i] != kTrue) verdicts_[rows[i]] = truths[i];
    }
    return {};
  }

  /// Replaces the accumulators of `rows`, which are those of `inner`, by what `step` makes of them.
  Result<void> Advance(const Expression& step, const Rows& rows, Batch* inner) {
    if (rows.empty() || IsAccumulator(step)) return {};
    if (AddsToAccumulator(step)) return Add(step, rows, *inner);
    const auto* branches = std::get_if<bind::Case>(&step.node);
    if (branches != nullptr && branches->subject == nullptr) return Choose(*branches, rows, *inner);
    ShowAccumulators(rows, inner);
    Vector next;
    KB_TRY(Evaluate(step, *inner, context_, &next));
    for (std::uint32_t i = 0; i < rows.size(); ++i) accumulators_[rows[i]] = next.Get(i);
    return {};
  }

  bool IsAccumulator(const Expression& step) const {
    const auto* slot = std::get_if<bind::SlotRef>(&step.node);
    return slot != nullptr && slot->slot == node_.accumulator;
  }

  /// Whether a step is the accumulator with other things behind it, which do not look at it.
  bool AddsToAccumulator(const Expression& step) const {
    const auto* binary = std::get_if<bind::Binary>(&step.node);
    if (binary == nullptr || (binary->op != ast::BinaryOperator::kAdd &&
                              binary->op != ast::BinaryOperator::kConcatenate)) {
      return false;
    }
    const SlotUse& use = SlotsOf(*binary->right, context_);
    return !use.all &&
           std::find(use.slots.begin(), use.slots.end(), node_.accumulator) == use.slots.end() &&
           (IsAccumulator(*binary->left) || AddsToAccumulator(*binary->left));
  }

  Result<void> Add(const Expression& step, const Rows& rows, const Batch& inner) {
    if (IsAccumulator(step)) return {};
    const auto& sum = std::get<bind::Binary>(step.node);
    KB_TRY(Add(*sum.left, rows, inner));
    Operand added;
    KB_TRY(added.Evaluate(*sum.right, inner, context_));
    Reader values(added.vector());
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      Value& accumulator = accumulators_[rows[i]];
      auto next = Extend(sum.op, std::move(accumulator), values[i]);
      if (!next.ok()) return Error(next.error()).At(step.span);
      accumulator = std::move(next).value();
    }
    return {};
  }

  Result<void> Choose(const bind::Case& branches, const Rows& rows, const Batch& inner) {
    Rows open(rows.size());  // of `inner`
    std::iota(open.begin(), open.end(), 0U);
    const auto advance = [&](const Expression& step, const Rows& taken) -> Result<void> {
      Batch part;
      GatherFor(use_, inner, taken, &part);
      return Advance(step, OwnersOf(taken, rows), &part);
    };
    for (const auto& [condition, step] : branches.branches) {
      if (open.empty()) return {};
      Batch tested;
      GatherFor(use_, inner, open, &tested);
      ShowAccumulators(OwnersOf(open, rows), &tested);
      Truths truths;
      KB_TRY(EvaluateTruths(*condition, tested, context_, &truths));
      Rows taken;
      Rows left;
      for (std::uint32_t i = 0; i < open.size(); ++i) {
        (truths[i] == kTrue ? taken : left).push_back(open[i]);
      }
      open.swap(left);
      tested = Batch();  // it shares the accumulators
      KB_TRY(advance(*step, taken));
    }
    if (branches.otherwise != nullptr) return advance(*branches.otherwise, open);
    for (const std::uint32_t row : open) accumulators_[rows[row]] = Value();
    return {};
  }

  static Rows OwnersOf(const Rows& of, const Rows& rows) {
    Rows owners;
    for (const std::uint32_t row : of) owners.push_back(rows[row]);
    return owners;
  }

  void ShowAccumulators(const Rows& rows, Batch* inner) const {
    Vector column;
    column.Reset(Repr::kValue, static_cast<std::uint32_t>(rows.size()));
    for (std::uint32_t i = 0; i < rows.size(); ++i) column.values()[i] = accumulators_[rows[i]];
    SetColumn(inner, node_.accumulator, std::move(column));
  }

  void Write(Vector* out) {
    out->Reset(Repr::kValue, batch_.rows);
    for (std::uint32_t row = 0; row < batch_.rows; ++row) {
      if (lists_[row].is_null()) continue;
      if (node_.predicate == nullptr) {
        out->values()[row] = std::move(accumulators_[row]);
      } else if (verdicts_[row] != kUnknown) {
        out->values()[row] = Value::Boolean(verdicts_[row] == kTrue);
      }
    }
    Narrow(out);
  }

  const bind::Reduce& node_;
  const Batch& batch_;
  EvalContext& context_;
  SlotUse use_;
  std::vector<Value> lists_;
  std::vector<Value> accumulators_;
  Truths verdicts_;  ///< allReduce: unknown once a condition was unknown, until one is false.
};

}  // namespace

Result<void> EvaluateReduce(const bind::Reduce& node, const Batch& batch, EvalContext& context,
                            Vector* out) {
  return Reduction(node, batch, context).Run(out);
}

}  // namespace kb::query::eval
