#include "query/exec/stream.h"

#include "query/exec/build.h"
#include "query/exec/profile.h"

namespace kb::query::exec {
namespace {

class Stream final : public ResultStream {
 public:
  Stream(std::shared_ptr<const Prepared> prepared, RunContext context)
      : prepared_(std::move(prepared)),
        runtime_(*prepared_->plan, std::move(context),
                 prepared_->explain == ast::ExplainMode::kProfile),
        start_(static_cast<std::size_t>(prepared_->plan->slot_count)) {
    start_.rows = 1;
    argument_ = {&start_, 0, 1, false, true};
    root_ = Build(runtime_, *prepared_->plan->root, &argument_);
  }

  kb::Result<bool> Next(std::vector<std::vector<Value>>* rows) override {
    rows->clear();
    while (!is_done_) {
      KB_ASSIGN(const bool more, root_->Next(&batch_));
      if (!more) {
        is_done_ = true;
        KB_TRY(runtime_.Finish());
        // Reading cannot fail row by row: what could not be read appears empty.
        KB_TRY(runtime_.view().Status());
        break;
      }
      Describe(rows);
      if (!rows->empty()) return true;
    }
    return false;
  }

  PlanText Profile() const override { return exec::Describe(*prepared_->plan, *root_); }

 private:
  void Describe(std::vector<std::vector<Value>>* rows) const {
    const auto& columns = std::get<plan::Result>(prepared_->plan->root->node).columns;
    if (columns.empty()) return;
    rows->reserve(batch_.rows);
    for (std::uint32_t row = 0; row < batch_.rows; ++row) {
      std::vector<Value> values;
      values.reserve(columns.size());
      for (const auto& column : columns) {
        values.push_back(runtime_.Describe(batch_.column(column.slot).Get(row)));
      }
      const std::uint64_t times = batch_.multiplicity_of(row);
      for (std::uint64_t i = 1; i < times; ++i) rows->push_back(values);
      rows->push_back(std::move(values));
    }
  }

  std::shared_ptr<const Prepared> prepared_;
  Runtime runtime_;
  Batch start_;
  ArgumentRows argument_;
  OperatorPtr root_;
  Batch batch_;
  bool is_done_ = false;
};

}  // namespace

std::unique_ptr<ResultStream> MakeStream(std::shared_ptr<const Prepared> prepared,
                                         RunContext context) {
  return std::make_unique<Stream>(std::move(prepared), std::move(context));
}

}  // namespace kb::query::exec
