// Withdraw: a statement no longer stands; what rests on it is decided anew.
#include "query/exec/operators.h"
#include "storage/evidence.h"

namespace kb::query::exec {
namespace {

class Withdraw final : public Operator {
 public:
  Withdraw(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))), clause_(NodeOf<plan::Withdraw>().clause) {}

 private:
  Result<bool> Produce(Batch* out) override {
    KB_ASSIGN(const bool more, input().Next(out));
    if (!more) return false;
    OwnText(out);
    Vector statements, reasons;
    KB_TRY(eval::Evaluate(*clause_.statement, *out, runtime_.eval(), &statements));
    if (clause_.because) {
      KB_TRY(eval::Evaluate(*clause_.because, *out, runtime_.eval(), &reasons));
    }
    if (reasons.repr() == Repr::kString) reasons.Box();
    const WriteScope writing(runtime_);
    for (std::uint32_t row = 0; row < out->rows; ++row) {
      const Value id = statements.Get(row);
      if (id.is_null()) continue;
      const Value reason = clause_.because ? reasons.Get(row) : Value::Null();
      if (!id.is_integer() || id.integer() <= 0 || !(reason.is_null() || reason.is_string())) {
        return TypeError("a statement is withdrawn by its number, because of a text")
            .Detail("InvalidArgumentType")
            .At(clause_.statement->span);
      }
      const auto outcome = storage::EvidenceOf(*runtime_.transaction())
                               .Withdraw(static_cast<std::uint64_t>(id.integer()),
                                         reason.is_null() ? std::string_view() : reason.string());
      if (!outcome.ok()) return Error(outcome.error()).At(clause_.statement->span);
    }
    return true;
  }

  const bind::Withdraw& clause_;
};

}  // namespace

OperatorPtr MakeWithdraw(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Withdraw>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
