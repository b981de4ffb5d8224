// Foreach: the body once for each element of a list, for its effects. A body that is a single
// CREATE takes many elements at once; any other goes element by element, since its clauses may see
// what the element before did.
#include <algorithm>

#include "query/exec/operators.h"
#include "query/exec/subquery.h"

namespace kb::query::exec {
namespace {

bool IsPlainCreate(const plan::Operator& body) {
  return std::holds_alternative<plan::Create>(body.node) &&
         std::holds_alternative<plan::Argument>(body.inputs[0]->node);
}

class Foreach final : public Operator {
 public:
  Foreach(Runtime& runtime, const plan::Operator& op, OperatorPtr left, OperatorPtr right,
          std::unique_ptr<ArgumentRows> argument)
      : Operator(runtime, op, Inputs(std::move(left), std::move(right))),
        argument_(std::move(argument)),
        at_once_(IsPlainCreate(*op.inputs[1]) ? kBatchRows : 1) {}

  void Rewind() override { input(0).Rewind(); }

 private:
  Result<bool> Produce(Batch* out) override {
    KB_ASSIGN(const bool more, input(0).Next(out));
    if (!more) return false;
    OwnText(out);
    const auto& node = NodeOf<plan::Foreach>();
    Vector lists;
    KB_TRY(eval::Evaluate(*node.list, *out, runtime_.eval(), &lists));
    lists.Box();
    for (std::uint32_t row = 0; row < out->rows; ++row) {
      const Value list = lists.Get(row);
      if (list.is_null()) continue;
      if (!list.is_list()) {
        return TypeError("FOREACH goes through a list, but this is {}",
                         schema::KindName(list.kind()))
            .Detail("InvalidArgumentType")
            .At(node.list->span);
      }
      for (std::size_t at = 0; at < list.list().size(); at += at_once_) {
        const std::size_t count = std::min<std::size_t>(at_once_, list.list().size() - at);
        KB_TRY(RunBody(*out, row, list.list().subspan(at, count)));
      }
    }
    return true;
  }

  Result<void> RunBody(const Batch& batch, std::uint32_t row, std::span<const Value> elements) {
    const std::vector<std::uint32_t> rows(elements.size(), row);
    elements_.GatherFrom(batch, rows, nullptr);
    EnsureSlots(&elements_, runtime_.slot_count());
    SetValues(&elements_.column(NodeOf<plan::Foreach>().variable),
              std::vector<Value>(elements.begin(), elements.end()));
    argument_->batch = &elements_;
    argument_->begin = 0;
    argument_->end = elements_.rows;
    input(1).Rewind();
    bool more = true;
    while (more) {
      KB_ASSIGN(more, input(1).Next(&body_));
    }
    return {};
  }

  std::unique_ptr<ArgumentRows> argument_;
  const std::uint32_t at_once_;
  Batch elements_, body_;
};

}  // namespace

OperatorPtr MakeForeach(Runtime& runtime, const plan::Operator& op, OperatorPtr left,
                        OperatorPtr right, std::unique_ptr<ArgumentRows> argument) {
  return std::make_unique<Foreach>(runtime, op, std::move(left), std::move(right),
                                   std::move(argument));
}

}  // namespace kb::query::exec
