// ExpandLevels: walks of variable length, many at a time, so that what is tested of their steps is
// computed over columns.
//
// The walks of one length that are to be continued lie in a chunk; a stack of chunks holds what is
// still to be done, the longest walks on top, so that it stays small. A turn takes some walks from
// the top, gathers the steps that lead on from them, tests all those steps together, hands on the
// walks that are long enough, and puts those that may go on into a new chunk.
//
// A test that fails with an error fails the statement only if the walk is handed on: then the
// condition would have been asked of the whole walk, and failed there too.
//
// Where only ends and lengths are read, and the test is an order of the steps, no walks are made:
// they are counted, from one row after the other (ordered_walks.h).
#include <algorithm>
#include <limits>
#include <optional>

#include "query/exec/operators.h"
#include "query/exec/ordered_walks.h"
#include "query/exec/step_distance.h"
#include "query/exec/step_order.h"
#include "query/exec/steps.h"

namespace kb::query::exec {
namespace {

using StepTest = plan::ExpandVariable::StepTest;

class ExpandLevels final : public Operator {
 public:
  ExpandLevels(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))),
        node_(NodeOf<plan::ExpandVariable>()),
        steps_(runtime, node_.pattern),
        keeps_list_(IsLive(node_.pattern.slot)) {
    max_ = node_.pattern.max.value_or(std::numeric_limits<std::uint64_t>::max());
    // Where the statement writes, values change while walks grow.
    if (!node_.tests.empty() && !runtime.plan().writes) {
      order_ = StepOrder::Of(node_.tests.front(), node_.reversed);
      distance_ = StepDistance::Of(node_.tests.front(), node_.reversed);
      if (node_.merges_walks && steps_.is_plain()) ordered_ = OrderedWalks::Of(node_);
    }
  }

  void Rewind() override {
    Operator::Rewind();
    order_is_started_ = false;  // perhaps another view comes
    stack_.clear();
    starts_ = Chunk();
    found_ = Found();
    given_ = 0;
  }

 private:
  /// Walks of one length, continued up to `at`.
  struct Chunk {
    std::size_t length = 0;
    std::size_t at = 0;
    std::vector<std::uint32_t> rows;  ///< Of the input.
    std::vector<NodeId> ends;
    std::vector<RelationshipRef> parts;  ///< `length` a walk.
    std::vector<std::uint8_t> failed;  ///< A test of the walk ended with an error; empty: of none.
  };
  /// Walks with one step more.
  struct Candidates {
    std::vector<std::uint32_t> walks;  ///< Of the chunk.
    std::vector<Step> steps;
    std::vector<std::uint8_t> failed;  ///< As in Chunk.
    bool in_order = true;              ///< None had to be added without a look at its order …
    bool in_reach = true;              ///< … or at the distance of its nodes.

    void Clear() {
      walks.clear();
      steps.clear();
      failed.clear();
      in_order = true;
      in_reach = true;
    }
  };
  /// Walks to hand on.
  struct Found {
    std::vector<std::uint32_t> rows;
    std::vector<NodeId> ends;
    std::vector<std::int64_t> lengths;
    std::vector<Value> lists;
    std::vector<std::uint64_t> numbers;  ///< How many each stands for; empty: one.
  };

  Result<bool> Produce(Batch* out) override {
    while (given_ == found_.rows.size()) {
      found_ = Found();
      given_ = 0;
      if (!stack_.empty()) {
        KB_TRY(runtime_.CheckCancelled());
        KB_TRY(TakeTurn());
      } else if (starts_.at < starts_.rows.size()) {
        while (starts_.at < starts_.rows.size() && stack_.empty() &&
               found_.rows.size() < kBatchRows) {
          KB_TRY(CountFrom());
        }
      } else {
        KB_ASSIGN(const bool more, input().Next(&batch_));
        if (!more) return false;
        KB_TRY(Start());
      }
    }
    return HandOn(out);
  }

  Result<bool> HandOn(Batch* out) {
    const std::size_t count = std::min<std::size_t>(kBatchRows, found_.rows.size() - given_);
    out->GatherFrom(batch_, std::span(found_.rows).subspan(given_, count), live());
    const auto size = static_cast<std::uint32_t>(count);
    if (!node_.into && IsLive(node_.to)) {
      Vector& ends = out->column(node_.to);
      ends.Reset(Repr::kNode, size);
      std::copy_n(found_.ends.begin() + static_cast<std::ptrdiff_t>(given_), count, ends.nodes());
    }
    if (node_.length != bind::kNoSlot && IsLive(node_.length)) {
      Vector& lengths = out->column(node_.length);
      lengths.Reset(Repr::kInteger, size);
      std::copy_n(found_.lengths.begin() + static_cast<std::ptrdiff_t>(given_), count,
                  lengths.integers());
    }
    if (keeps_list_) {
      Vector& lists = out->column(node_.pattern.slot);
      lists.Reset(Repr::kValue, size);
      std::move(found_.lists.begin() + static_cast<std::ptrdiff_t>(given_),
                found_.lists.begin() + static_cast<std::ptrdiff_t>(given_ + count),
                lists.values().begin());
    }
    if (!found_.numbers.empty()) {
      out->multiplicity.resize(count, 1);
      for (std::size_t i = 0; i < count; ++i) {
        std::uint64_t& number = out->multiplicity[i];
        if (__builtin_mul_overflow(number, found_.numbers[given_ + i], &number)) {
          return ArithmeticError("there are more matches than a 64-bit integer can count");
        }
      }
    }
    given_ += count;
    return true;
  }

  /// The walks without a step, one an input row.
  Result<void> Start() {
    KB_TRY(steps_.StartBatch(batch_));
    if (!order_is_started_) {
      if (order_) order_->Start(runtime_.view());
      if (distance_) KB_TRY(distance_->Start(runtime_));
      counts_ = false;
      if (ordered_) {
        KB_ASSIGN(counts_, ordered_->Prepare(runtime_, steps_));
      }
    }
    order_is_started_ = true;
    Chunk chunk;
    targets_.assign(batch_.rows, schema::kNoNode);
    const Vector& starts = batch_.column(node_.from);
    const bool is_typed = starts.repr() == Repr::kNode && starts.nulls() == nullptr;
    for (std::uint32_t row = 0; row < batch_.rows; ++row) {
      NodeId from = schema::kNoNode;
      if (is_typed) {
        from = starts.nodes()[row];
      } else {
        KB_ASSIGN(from, NodeAt(starts, row));
      }
      if (from == schema::kNoNode) continue;
      if (node_.into) {
        KB_ASSIGN(targets_[row], NodeAt(batch_.column(node_.to), row));
        if (targets_[row] == schema::kNoNode) continue;
      }
      chunk.rows.push_back(row);
      chunk.ends.push_back(from);
      if (node_.pattern.min == 0) KB_TRY(Accept(chunk, chunk.rows.size() - 1));
    }
    if (steps_.is_plain()) KeepThoseThatLeadOn(&chunk);
    if (max_ == 0 || chunk.rows.empty()) return {};
    if (counts_) {
      starts_ = std::move(chunk);
    } else {
      stack_.push_back(std::move(chunk));
    }
    return {};
  }

  /// Of walks without a step.
  void KeepThoseThatLeadOn(Chunk* chunk) {
    steps_.FindWhichLeadOn(chunk->ends, node_.reversed, &leads_on_);
    std::size_t count = 0;
    for (std::size_t i = 0; i < chunk->ends.size(); ++i) {
      chunk->rows[count] = chunk->rows[i];
      chunk->ends[count] = chunk->ends[i];
      count += leads_on_[i] != 0 ? 1U : 0U;
    }
    chunk->rows.resize(count);
    chunk->ends.resize(count);
  }

  /// Counts the walks from the next start; where they cannot be counted, they will be made.
  Result<void> CountFrom() {
    const std::size_t found_before = found_.rows.size();
    const std::size_t start = starts_.at++;
    KB_ASSIGN(bool is_known, ordered_->Start(starts_.ends[start]));
    while (is_known) {
      if (ordered_->length() >= node_.pattern.min) AcceptCounted(starts_.rows[start]);
      if (ordered_->length() == max_ || ordered_->is_done()) return {};
      KB_ASSIGN(is_known, ordered_->Lengthen());
    }
    found_.rows.resize(found_before);
    found_.ends.resize(found_before);
    found_.lengths.resize(found_before);
    found_.numbers.resize(found_before, 1);
    Chunk chunk;
    chunk.rows = {starts_.rows[start]};
    chunk.ends = {starts_.ends[start]};
    stack_.push_back(std::move(chunk));
    return {};
  }

  void AcceptCounted(std::uint32_t row) {
    const std::vector<NodeId>& ends = ordered_->ends();
    const std::vector<std::uint64_t>& numbers = ordered_->numbers();
    const auto length = static_cast<std::int64_t>(ordered_->length());
    found_.numbers.resize(found_.rows.size(), 1);
    found_.rows.insert(found_.rows.end(), ends.size(), row);
    found_.ends.insert(found_.ends.end(), ends.begin(), ends.end());
    found_.lengths.insert(found_.lengths.end(), ends.size(), length);
    found_.numbers.insert(found_.numbers.end(), numbers.begin(), numbers.end());
  }

  Result<void> TakeTurn() {
    Chunk& chunk = stack_.back();
    Candidates& candidates = candidates_;
    candidates.Clear();
    while (chunk.at < chunk.rows.size() && candidates.steps.size() < kBatchRows) {
      KB_TRY(Gather(chunk, chunk.at++, &candidates));
    }
    const bool is_done = chunk.at == chunk.rows.size();
    for (const StepTest& test : node_.tests) {
      const bool skips_first = test.earlier != bind::kNoSlot && chunk.length == 0;
      const bool is_order = order_ && order_->IsAll(test) && candidates.in_order;
      const bool is_distance = distance_ && &test == &node_.tests.front() && candidates.in_reach;
      const bool is_settled = is_order || is_distance;
      if (skips_first || is_settled || candidates.steps.empty()) continue;
      Keep(test, chunk, &candidates);
    }
    Chunk longer;
    longer.length = chunk.length + 1;
    Append(chunk, candidates, &longer);
    if (is_done) stack_.pop_back();
    if (longer.length >= node_.pattern.min) {
      for (std::size_t i = 0; i < longer.rows.size(); ++i) KB_TRY(Accept(longer, i));
    }
    if (longer.length < max_ && !longer.rows.empty()) stack_.push_back(std::move(longer));
    return {};
  }

  /// Adds the steps that a walk may take.
  Result<void> Gather(const Chunk& chunk, std::size_t walk, Candidates* candidates) {
    const auto parts = PartsOf(chunk, walk);
    const bool is_trail = node_.mode == ast::PathMode::kTrail;
    if (distance_) distance_->SetFrom(chunk.ends[walk]);
    const auto add = [&](const Step& step) {
      if (distance_) {
        const auto outcome = distance_->Test(step.end);
        if (outcome == StepDistance::Outcome::kFails) return;
        if (outcome == StepDistance::Outcome::kUnknown) candidates->in_reach = false;
      }
      if (is_trail && std::find(parts.begin(), parts.end(), step.relationship) != parts.end()) {
        return;
      }
      candidates->walks.push_back(static_cast<std::uint32_t>(walk));
      candidates->steps.push_back(step);
      if (!chunk.failed.empty()) candidates->failed.push_back(chunk.failed[walk]);
    };
    if (steps_.is_plain()) {
      if (GatherInOrder(chunk.ends[walk], parts, add)) return {};
      candidates->in_order = false;
      steps_.ForEach(chunk.ends[walk], node_.reversed, add);
      return {};
    }
    candidates->in_order = false;
    steps_.StartRow(batch_, chunk.rows[walk]);
    KB_TRY(steps_.From(chunk.ends[walk], node_.reversed, &ways_));
    for (const Step& step : ways_) add(step);
    return {};
  }

  /// Adds the steps on from a node that may come next by their order, if it is known; false if not.
  template <typename Add>
  bool GatherInOrder(NodeId end, std::span<const RelationshipRef> parts, const Add& add) {
    if (!order_ || parts.empty()) return false;
    const auto values = order_->ValuesFrom(end, steps_, node_.reversed);
    if (values.empty()) return false;
    const auto taken = order_->ValueOf(parts.back());
    if (!taken) return false;
    std::size_t at = 0;
    steps_.ForEach(end, node_.reversed, [&](const Step& step) {
      if (order_->Holds(*taken, values[at++])) add(step);
    });
    return true;
  }

  static std::span<const RelationshipRef> PartsOf(const Chunk& chunk, std::size_t walk) {
    return std::span(chunk.parts).subspan(walk * chunk.length, chunk.length);
  }

  /// What the test reads, a row for each candidate.
  void FillTestBatch(const StepTest& test, const Chunk& chunk, const Candidates& candidates) {
    const auto size = static_cast<std::uint32_t>(candidates.steps.size());
    test_batch_.Clear();
    EnsureSlots(&test_batch_, runtime_.slot_count());
    test_batch_.rows = size;
    const auto relationships = [&](Slot slot, bool is_new) {
      if (slot == bind::kNoSlot) return;
      Vector& column = test_batch_.column(slot);
      column.Reset(Repr::kRelationship, size);
      for (std::uint32_t i = 0; i < size; ++i) {
        column.relationships()[i] =
            is_new ? candidates.steps[i].relationship : PartsOf(chunk, candidates.walks[i]).back();
      }
    };
    const auto nodes = [&](Slot slot, bool is_new) {
      if (slot == bind::kNoSlot) return;
      Vector& column = test_batch_.column(slot);
      column.Reset(Repr::kNode, size);
      for (std::uint32_t i = 0; i < size; ++i) {
        column.nodes()[i] = is_new ? candidates.steps[i].end : chunk.ends[candidates.walks[i]];
      }
    };
    // Against the pattern, the step at hand comes before those already taken.
    const bool pairs = test.earlier != bind::kNoSlot;
    relationships(test.earlier, node_.reversed);
    relationships(test.relationship, !(pairs && node_.reversed));
    nodes(test.left, node_.reversed);
    nodes(test.right, !node_.reversed);
  }

  void Keep(const StepTest& test, const Chunk& chunk, Candidates* candidates) {
    FillTestBatch(test, chunk, *candidates);
    std::vector<std::uint32_t> rows;
    const auto tested = eval::SelectRows(*test.predicate, test_batch_, runtime_.eval(), &rows);
    if (!tested.ok()) {
      KeepOneByOne(test, chunk, candidates);
      return;
    }
    const auto keep = [&](auto* column) {
      if (column->empty()) return;
      for (std::size_t i = 0; i < rows.size(); ++i) (*column)[i] = (*column)[rows[i]];
      column->resize(rows.size());
    };
    keep(&candidates->walks);
    keep(&candidates->steps);
    keep(&candidates->failed);
  }

  static void Copy(const Candidates& from, std::uint32_t row, bool has_failed, Candidates* to) {
    to->walks.push_back(from.walks[row]);
    to->steps.push_back(from.steps[row]);
    to->failed.push_back(has_failed || (!from.failed.empty() && from.failed[row] != 0) ? 1 : 0);
  }

  void KeepOneByOne(const StepTest& test, const Chunk& chunk, Candidates* candidates) {
    Candidates kept;
    for (std::uint32_t row = 0; row < candidates->steps.size(); ++row) {
      Candidates one;
      Copy(*candidates, row, false, &one);
      FillTestBatch(test, chunk, one);
      std::vector<std::uint32_t> rows;
      const auto tested = eval::SelectRows(*test.predicate, test_batch_, runtime_.eval(), &rows);
      if (!tested.ok() && !error_) error_ = tested.error();
      if (!tested.ok() || !rows.empty()) Copy(*candidates, row, !tested.ok(), &kept);
    }
    *candidates = std::move(kept);
  }

  void Append(const Chunk& chunk, const Candidates& candidates, Chunk* longer) const {
    const std::size_t size = candidates.steps.size();
    longer->failed = candidates.failed;
    longer->rows.resize(size);
    longer->ends.resize(size);
    for (std::size_t i = 0; i < size; ++i) {
      longer->rows[i] = chunk.rows[candidates.walks[i]];
      longer->ends[i] = candidates.steps[i].end;
    }
    if (longer->length == max_ && !keeps_list_) return;  // nothing reads their parts
    longer->parts.reserve(size * longer->length);
    for (std::size_t i = 0; i < size; ++i) {
      const auto parts = PartsOf(chunk, candidates.walks[i]);
      longer->parts.insert(longer->parts.end(), parts.begin(), parts.end());
      longer->parts.push_back(candidates.steps[i].relationship);
    }
  }

  Result<void> Accept(const Chunk& chunk, std::size_t walk) {
    const std::uint32_t row = chunk.rows[walk];
    if (node_.into && chunk.ends[walk] != targets_[row]) return {};
    if (!chunk.failed.empty() && chunk.failed[walk] != 0) return *error_;
    found_.rows.push_back(row);
    found_.ends.push_back(chunk.ends[walk]);
    found_.lengths.push_back(static_cast<std::int64_t>(chunk.length));
    if (!keeps_list_) return {};
    std::vector<Value> list;
    for (const RelationshipRef& ref : PartsOf(chunk, walk)) {
      list.push_back(Value::Relationship(ref));
    }
    if (node_.reversed) std::reverse(list.begin(), list.end());
    found_.lists.push_back(Value::List(std::move(list)));
    return {};
  }

  const plan::ExpandVariable& node_;
  Steps steps_;
  const bool keeps_list_;
  std::uint64_t max_;

  Batch batch_;
  std::vector<NodeId> targets_;  ///< With into: by input row.
  std::vector<Chunk> stack_;
  Candidates candidates_;
  std::vector<std::uint8_t> leads_on_;
  std::vector<Step> ways_;
  std::optional<StepOrder> order_;        ///< Of the first test, where it has one.
  std::optional<StepDistance> distance_;  ///< The same for its nodes.
  bool order_is_started_ = false;
  std::optional<OrderedWalks> ordered_;
  bool counts_ = false;  ///< By ordered_, in this view.
  Chunk starts_;         ///< Where walks are counted from, up to `at`.
  Batch test_batch_;
  std::optional<Error> error_;
  Found found_;
  std::size_t given_ = 0;
};

}  // namespace

OperatorPtr MakeExpandLevels(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<ExpandLevels>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
