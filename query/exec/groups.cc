#include "query/exec/groups.h"

#include <algorithm>

#include "query/exec/operator.h"
#include "query/plan/walk.h"

namespace kb::query::exec {

Groups::Groups(const plan::Aggregate& plan) : plan_(plan), values_(plan.keys.size()) {
  columns_.reserve(values_.size());
  for (const Vector& column : values_) columns_.push_back(&column);
  Clear();
}

Groups::Groups(Groups&&) noexcept = default;
Groups::~Groups() = default;

void Groups::Clear() {
  table_.Clear();
  folds_.clear();
  folds_.reserve(plan_.aggregates.size());
  for (const auto& item : plan_.aggregates) folds_.emplace_back(item.call, !plan_.keys.empty());
  size_ = plan_.keys.empty() ? 1 : 0;
}

Result<void> Groups::EvaluateKeys(const Batch& batch, eval::EvalContext& context) {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    KB_TRY(eval::Evaluate(*plan_.keys[i].second, batch, context, &values_[i]));
  }
  return {};
}

Result<void> Groups::FoldRows(const Batch& batch, eval::EvalContext& context) {
  for (Fold& fold : folds_) KB_TRY(fold.Add(batch, numbers_, size_, context));
  return {};
}

Result<void> Groups::Add(const Batch& batch, eval::EvalContext& context) {
  if (plan_.keys.empty()) {
    numbers_.assign(batch.rows, 0);
    return FoldRows(batch, context);
  }
  KB_TRY(EvaluateKeys(batch, context));
  table_.Number(columns_, batch.rows, &numbers_);
  size_ = table_.size();
  return FoldRows(batch, context);
}

Result<void> Groups::AddKnown(const Batch& batch, eval::EvalContext& context,
                              std::vector<std::uint32_t>* unknown) {
  unknown->clear();
  KB_TRY(EvaluateKeys(batch, context));
  table_.Find(columns_, batch.rows, &numbers_);
  std::vector<std::uint32_t> known;
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    if (numbers_[row] == KeyTable::kUnknown) {
      unknown->push_back(row);
    } else {
      numbers_[known.size()] = numbers_[row];
      known.push_back(row);
    }
  }
  if (unknown->empty()) return FoldRows(batch, context);
  if (known.empty()) return {};
  numbers_.resize(known.size());
  Batch kept;
  kept.GatherFrom(batch, known, nullptr);
  return FoldRows(kept, context);
}

bool Groups::HoldsMuch() const {
  return std::any_of(folds_.begin(), folds_.end(),
                     [](const Fold& fold) { return fold.held() >= Fold::kHeldMin; });
}

bool Groups::PutAside(const std::shared_ptr<storage::PagedMemory>& memory) {
  bool is_closed = false;
  for (Fold& fold : folds_) is_closed = fold.PutAside(memory, size_) || is_closed;
  return is_closed;
}

Result<void> Groups::Complete(const Cancellation* cancellation) {
  for (Fold& fold : folds_) KB_TRY(fold.Complete(cancellation));
  return {};
}

std::uint32_t Groups::EndOf(std::uint32_t begin) const {
  std::uint32_t end = std::min(size_, begin + kBatchRows);
  for (const Fold& fold : folds_) end = std::min(end, fold.EndOf(begin, size_));
  return end;
}

Result<void> Groups::Give(std::uint32_t begin, std::uint32_t end, Batch* out) {
  out->rows = end - begin;
  for (std::size_t i = 0; i < plan_.keys.size(); ++i) {
    table_.ColumnOf(i, begin, end, &out->column(plan_.keys[i].first));
  }
  for (std::size_t i = 0; i < folds_.size(); ++i) {
    KB_TRY(folds_[i].Finish(begin, end, &out->column(plan_.aggregates[i].slot)));
  }
  return {};
}

bool Groups::CanMerge(const plan::Aggregate& plan) {
  const auto is_plain = [](const plan::ExpressionPtr& expression) {
    return !plan::ContainsSubquery(*expression);
  };
  return std::all_of(plan.keys.begin(), plan.keys.end(),
                     [&](const auto& key) { return is_plain(key.second); }) &&
         std::all_of(plan.aggregates.begin(), plan.aggregates.end(), [&](const auto& item) {
           return Fold::CanMerge(item.call) &&
                  std::all_of(item.call.arguments.begin(), item.call.arguments.end(), is_plain);
         });
}

Result<void> Groups::Merge(const std::vector<Part>& parts) {
  std::vector<std::vector<std::uint32_t>> places(parts.size());  // of each group of a part, here
  if (plan_.keys.empty()) {
    for (auto& place : places) place.assign(1, 0);
  }
  std::vector<std::uint32_t> next(parts.size(), 0);
  while (!plan_.keys.empty()) {
    // The part whose next group came first, and how many of its groups came with the same share.
    std::size_t first = parts.size();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (next[i] == parts[i].groups->size()) continue;
      const auto share = [&](std::size_t part) { return (*parts[part].shares)[next[part]]; };
      if (first == parts.size() || share(i) < share(first)) first = i;
    }
    if (first == parts.size()) break;
    const std::vector<std::uint32_t>& shares = *parts[first].shares;
    std::uint32_t end = next[first];
    while (end < parts[first].groups->size() && shares[end] == shares[next[first]]) ++end;
    table_.NumberFrom(&parts[first].groups->table_, next[first], end, &numbers_);
    places[first].insert(places[first].end(), numbers_.begin(), numbers_.end());
    next[first] = end;
  }
  if (!plan_.keys.empty()) size_ = table_.size();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t fold = 0; fold < folds_.size(); ++fold) {
      KB_TRY(folds_[fold].Merge(&parts[i].groups->folds_[fold], places[i], size_));
    }
  }
  return {};
}

}  // namespace kb::query::exec
