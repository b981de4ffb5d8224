// ShortestPath: path selectors and the older shortestPath(), for each pair of ends in a row.
//
// Where the shortest walk itself is wanted, two searches meet in the middle. Where the choice is
// wider (k paths, groups of lengths, a lower bound, conditions on the whole path, the start as the
// end), trails are enumerated in the order of their length and the first that satisfy are taken.
// Where nothing reads the walks but their length, the search that meets in the middle counts them.
#include <algorithm>
#include <limits>

#include "query/exec/operators.h"
#include "query/exec/search.h"

namespace kb::query::exec {
namespace {

using ast::SelectorKind;

class ShortestPath final : public FanOut {
 public:
  ShortestPath(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : FanOut(runtime, op, Inputs(std::move(from))),
        node_(NodeOf<plan::ShortestPath>()),
        steps_(runtime, node_.pattern),
        columns_(node_.pattern, [this](Slot slot) { return IsLive(slot); }),
        trial_columns_(node_.pattern, [](Slot) { return true; }) {
    max_ = node_.pattern.max.value_or(std::numeric_limits<std::uint32_t>::max());
    reads_walks_ = IsLive(node_.pattern.slot);
    for (const auto& group : node_.pattern.groups) {
      reads_walks_ = reads_walks_ || IsLive(group.list);
    }
    if (node_.path != bind::kNoSlot) {
      auto path = std::make_shared<bind::Expression>();
      path->node = node_.path_parts;
      path_ = std::move(path);
    }
  }

  void Rewind() override {
    FanOut::Rewind();
    row_started_ = false;
    columns_.Clear();
    lengths_.clear();
    numbers_.clear();
  }

 private:
  Result<void> StartBatch(const Batch& input) override {
    row_started_ = false;
    count_ = 1;
    if (node_.count) {
      KB_ASSIGN(count_, runtime_.EvaluateCount(*node_.count, "a path selector"));
    }
    return steps_.StartBatch(input);
  }

  Result<bool> FillRow(const Batch& input, std::uint32_t row) override {
    if (!row_started_) {
      found_.clear();
      at_ = 0;
      measured_ = {};
      KB_ASSIGN(from_, NodeAt(input.column(node_.from), row));
      KB_ASSIGN(const NodeId to, NodeAt(input.column(node_.to), row));
      if (from_ != schema::kNoNode && to != schema::kNoNode && count_ > 0) {
        steps_.StartRow(input, row);
        KB_TRY(Find(input, row, to));
      }
      row_started_ = true;
    }
    for (; at_ < found_.size(); ++at_) {
      if (Room() == 0) return false;
      Add(row, found_[at_].size(), 1);
      columns_.Add(from_, found_[at_], false);
    }
    while (measured_.number > 0) {
      if (Room() == 0) return false;
      const std::uint64_t together = node_.merges_walks ? measured_.number : 1;
      std::uint64_t product = 0;
      if (__builtin_mul_overflow(together, input.multiplicity_of(row), &product)) {
        return ArithmeticError("there are more matches than a 64-bit integer can count");
      }
      Add(row, measured_.length, together);
      measured_.number -= together;
    }
    row_started_ = false;
    return true;
  }

  /// A row, or so many.
  void Add(std::uint32_t row, std::uint64_t length, std::uint64_t number) {
    Emit(row);
    lengths_.push_back(static_cast<std::int64_t>(length));
    numbers_.push_back(number);
  }

  void FinishBatch(Batch* out) override {
    columns_.Finish(out);
    if (node_.length != bind::kNoSlot && IsLive(node_.length)) {
      Vector& lengths = out->column(node_.length);
      lengths.Reset(Repr::kInteger, static_cast<std::uint32_t>(lengths_.size()));
      std::copy(lengths_.begin(), lengths_.end(), lengths.integers());
    }
    if (node_.merges_walks) {
      out->multiplicity.resize(numbers_.size(), 1);
      for (std::size_t i = 0; i < numbers_.size(); ++i) out->multiplicity[i] *= numbers_[i];
    }
    lengths_.clear();
    numbers_.clear();
  }

  bool WantsAll() const { return node_.selector == SelectorKind::kAllShortest; }

  /// Whether the shortest walks of all are the answer.
  bool IsSimple() const {
    const bool one = node_.selector != SelectorKind::kShortestGroups && count_ == 1;
    return (one || WantsAll()) && node_.predicates.empty() && node_.pattern.min <= 1;
  }

  Result<void> Find(const Batch& input, std::uint32_t row, NodeId to) {
    if (IsSimple() && from_ == to && node_.pattern.min == 0) {
      found_.emplace_back();
      return {};
    }
    if (IsSimple() && from_ != to && !reads_walks_) {
      KB_ASSIGN(measured_, MeasureShortest(runtime_, steps_, from_, to, max_, WantsAll()));
      return {};
    }
    if (IsSimple() && from_ != to) {
      return FindShortest(runtime_, steps_, from_, to, max_, WantsAll(), &found_);
    }
    // Lengths that have been met; what is taken depends on how many there are.
    std::uint64_t groups = 0;
    std::size_t last_length = std::numeric_limits<std::size_t>::max();
    const auto visit = [&](const std::vector<Step>& steps) -> Result<bool> {
      if (!node_.predicates.empty()) {
        KB_ASSIGN(const bool holds, Satisfies(input, row, steps));
        if (!holds) return true;
      }
      if (steps.size() != last_length) {
        last_length = steps.size();
        ++groups;
      }
      const bool by_group = node_.selector == SelectorKind::kShortestGroups || WantsAll();
      if (by_group && groups > (WantsAll() ? 1 : count_)) return false;
      found_.push_back(steps);
      return by_group || found_.size() < count_;
    };
    return ForEachTrail(runtime_, steps_, from_, to, node_.pattern.min, max_, visit);
  }

  /// Whether a path that was found satisfies the predicates of the search.
  Result<bool> Satisfies(const Batch& input, std::uint32_t row, const std::vector<Step>& steps) {
    const std::uint32_t rows[] = {row};
    trial_.GatherFrom(input, rows, nullptr);
    trial_.origin.clear();
    trial_columns_.Add(from_, steps, false);
    trial_columns_.Finish(&trial_);
    if (path_) {
      Vector path;
      KB_TRY(eval::Evaluate(*path_, trial_, runtime_.eval(), &path));
      trial_.column(node_.path) = std::move(path);
    }
    for (const auto& predicate : node_.predicates) {
      selected_.clear();
      KB_TRY(eval::SelectRows(*predicate, trial_, runtime_.eval(), &selected_));
      if (selected_.empty()) return false;
    }
    return true;
  }

  const plan::ShortestPath& node_;
  Steps steps_;
  std::uint64_t max_;
  std::uint64_t count_ = 1;
  bool reads_walks_ = true;  ///< More of them than their length.
  bind::ExpressionPtr path_;

  bool row_started_ = false;
  NodeId from_ = schema::kNoNode;
  std::vector<std::vector<Step>> found_;  ///< For the current row …
  std::size_t at_ = 0;                    ///< … and how many of them have gone on.
  ShortestWalks measured_;                ///< … or of these, how many are still to go on.
  WalkColumns columns_;
  std::vector<std::int64_t> lengths_;
  std::vector<std::uint64_t> numbers_;

  WalkColumns trial_columns_;
  Batch trial_;
  std::vector<std::uint32_t> selected_;
};

}  // namespace

OperatorPtr MakeShortestPath(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<ShortestPath>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
