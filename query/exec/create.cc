// Create: the pattern once for each row.
#include "query/exec/operators.h"
#include "query/exec/pattern_writer.h"

namespace kb::query::exec {
namespace {

class Create final : public Operator {
 public:
  Create(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))),
        writer_(runtime, NodeOf<plan::Create>().pattern, PatternWriter::Purpose::kCreate,
                NodeOf<plan::Create>().evidence) {}

 private:
  Result<bool> Produce(Batch* out) override {
    KB_ASSIGN(const bool more, input().Next(out));
    if (!more) return false;
    OwnText(out);
    KB_TRY(writer_.Write(out));
    return true;
  }

  PatternWriter writer_;
};

}  // namespace

OperatorPtr MakeCreate(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Create>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
