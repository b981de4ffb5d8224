// SetItems: SET and REMOVE.
#include "query/exec/item_setter.h"
#include "query/exec/operators.h"

namespace kb::query::exec {
namespace {

class Set final : public Operator {
 public:
  Set(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))),
        setter_(runtime, NodeOf<plan::SetItems>().items, NodeOf<plan::SetItems>().evidence) {}

 private:
  Result<bool> Produce(Batch* out) override {
    KB_ASSIGN(const bool more, input().Next(out));
    if (!more) return false;
    KB_TRY(setter_.Apply(out));
    return true;
  }

  ItemSetter setter_;
};

}  // namespace

OperatorPtr MakeSet(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Set>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
