// Project: computed slots beside those that are there. Also Result, the root, which only marks the
// columns (describing nodes and relationships for the user is the stream's business).
#include "query/exec/operators.h"

namespace kb::query::exec {
namespace {

class Project final : public Operator {
 public:
  Project(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))) {}

 private:
  Result<bool> Produce(Batch* out) override {
    KB_ASSIGN(const bool more, input().Next(out));
    if (!more) return false;
    const auto& items = NodeOf<plan::Project>().items;
    computed_.resize(items.size());
    // All are computed before any is set: `WITH a AS b, b AS a` exchanges them.
    for (std::size_t i = 0; i < items.size(); ++i) {
      KB_TRY(eval::Evaluate(*items[i].second, *out, runtime_.eval(), &computed_[i]));
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
      std::swap(out->column(items[i].first), computed_[i]);
    }
    return true;
  }

  std::vector<Vector> computed_;
};

class ResultRows final : public Operator {
 public:
  ResultRows(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))) {}

 private:
  kb::Result<bool> Produce(Batch* out) override { return input().Next(out); }
};

}  // namespace

OperatorPtr MakeProject(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Project>(runtime, op, std::move(input));
}

OperatorPtr MakeResult(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<ResultRows>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
