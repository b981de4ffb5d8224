// reduce() and allReduce(): a step depends on the one before, so the rows advance side by side, one
// element of each list at a time.

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
    Vector accumulators;
    elements.Reset(Repr::kValue, size);
    accumulators.Reset(Repr::kValue, size);
    for (std::uint32_t i = 0; i < size; ++i) {
      elements.values()[i] = lists_[rows[i]].list()[at];
      accumulators.values()[i] = std::move(accumulators_[rows[i]]);
    }
    Narrow(&elements);
    SetColumn(&inner, node_.variable, std::move(elements));
    SetColumn(&inner, node_.accumulator, std::move(accumulators));
    Vector next;
    KB_TRY(Evaluate(*node_.step, inner, context_, &next));
    for (std::uint32_t i = 0; i < size; ++i) accumulators_[rows[i]] = next.Get(i);
    if (node_.predicate == nullptr) return {};
    SetColumn(&inner, node_.accumulator, std::move(next));
    Truths truths;
    KB_TRY(EvaluateTruths(*node_.predicate, inner, context_, &truths));
    for (std::uint32_t i = 0; i < size; ++i) {
      if (truths[i] != kTrue) verdicts_[rows[i]] = truths[i];
    }
    return {};
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
