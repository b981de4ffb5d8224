#include "query/exec/count_tree.h"

#include <algorithm>
#include <limits>

#include "query/exec/operator.h"
#include "query/exec/steps.h"
#include "query/plan/walk.h"
#include "schema/base/parallel.h"

namespace kb::query::exec {
namespace {

using schema::Direction;

/// The names that a test demands together; false if it says more than that.
bool Conjuncts(const bind::LabelTest& test, std::vector<std::string>* names) {
  if (test.op == bind::LabelTest::Op::kName) {
    names->push_back(test.name);
    return true;
  }
  return test.op == bind::LabelTest::Op::kAnd &&
         std::all_of(test.operands.begin(), test.operands.end(),
                     [&](const auto& operand) { return Conjuncts(*operand, names); });
}

Error TooMany() {
  return ArithmeticError("there are more matches than a 64-bit integer can count");
}

}  // namespace

void NodeNumbers::Reserve(std::uint32_t node_limit) {
  uniform_ = false;
  narrow_.assign(node_limit, 0);
}

void NodeNumbers::Set(NodeId node, std::uint64_t value) {
  const std::uint32_t raw = schema::Raw(node);
  if (value < kWide) {
    narrow_[raw] = static_cast<std::uint32_t>(value);
    return;
  }
  narrow_[raw] = kWide;
  const std::lock_guard lock(mutex_);
  wide_[raw] = value;
}

bool NodeNumbers::SumWide(std::span<const NodeId> list, std::uint64_t* sum) const {
  bool fits = true;
  *sum = 0;
  for (const NodeId node : list) {
    fits = !__builtin_add_overflow(*sum, (*this)[node], sum) && fits;
  }
  return fits;
}

bool LabelBits::Ask(NodeId node) const {
  if (asked_.fetch_add(1, std::memory_order_relaxed) > kAskedMax) {
    const std::lock_guard lock(making_);
    if (!made_.load(std::memory_order_relaxed)) {
      bits_.assign(std::size_t{view_.block_count()} * storage::kBlockSize / 64, 0);
      std::vector<NodeId> nodes(storage::kBlockSize);
      for (std::uint32_t block = 0; block < view_.block_count(); ++block) {
        const std::uint32_t count = view_.ScanBlock(block, label_, nodes.data());
        for (std::uint32_t i = 0; i < count; ++i) {
          const std::uint32_t raw = schema::Raw(nodes[i]);
          bits_[raw / 64] |= std::uint64_t{1} << (raw % 64);
        }
      }
      made_.store(true, std::memory_order_release);
    }
  }
  return view_.HasLabel(node, label_);
}

CountTree::CountTree(Runtime& runtime, const plan::CountMatches& plan)
    : runtime_(runtime), plan_(plan) {
  std::vector<Slot> inner;
  std::vector<Slot> mentioned;
  CollectKnown(plan.groups, &inner, &mentioned);
  for (const Slot slot : mentioned) {
    if (std::find(inner.begin(), inner.end(), slot) == inner.end()) Place(slot, true);
  }
  groups_ = Add(plan.groups);
}

void CountTree::CollectKnown(const std::vector<plan::CountGroup>& groups, std::vector<Slot>* inner,
                             std::vector<Slot>* mentioned) const {
  for (const auto& group : groups) {
    for (const auto& node : group.nodes) {
      inner->push_back(node.node);
      mentioned->push_back(node.link.from);
      for (const auto& link : node.closing) mentioned->push_back(link.from);
      mentioned->insert(mentioned->end(), node.different.begin(), node.different.end());
      for (const auto& conflict : node.conflicts) {
        mentioned->push_back(conflict.left);
        mentioned->push_back(conflict.right);
      }
      CollectKnown(node.groups, inner, mentioned);
    }
  }
}

CountTree::At CountTree::Place(Slot slot, bool is_known) {
  const auto found = std::find(slots_.begin(), slots_.end(), slot);
  if (found != slots_.end()) return static_cast<At>(found - slots_.begin());
  slots_.push_back(slot);
  if (is_known) known_.push_back(slot);
  return static_cast<At>(slots_.size() - 1);
}

std::vector<CountTree::Group> CountTree::Add(const std::vector<plan::CountGroup>& groups) {
  std::vector<Group> added;
  for (const auto& group : groups) {
    Group made{group.use, {}};
    for (const auto& node : group.nodes) made.nodes.push_back(AddNode(node));
    added.push_back(std::move(made));
  }
  return added;
}

CountTree::Link CountTree::MakeLink(const plan::CountLink& plan) {
  Link link;
  link.from = Place(plan.from, false);
  link.direction = plan.direction;
  link.types = runtime_.TypesOf(plan.types);
  link.use = plan.use;
  link.marks = plan.marks;
  link.mark_table = mark_tables_++;
  link.pairs = std::make_unique<SharedPairs>();
  const storage::View& view = runtime_.view();
  for (const schema::TypeId type : link.types) {
    link.entries += view.RelationshipCount(type) * (plan.direction == Direction::kBoth ? 2 : 1);
    const storage::Lists out(view, type, Direction::kOut);
    const storage::Lists in(view, type, Direction::kIn);
    if (plan.direction != Direction::kIn) link.lanes.push_back({out, in, false});
    if (plan.direction == Direction::kOut) continue;
    link.lanes.push_back({in, out, plan.direction == Direction::kBoth});
  }
  return link;
}

/// Whether the link of a conflict begins where the relationship that was taken has an end: then it
/// is no matter of chance that both could be the same.
bool CountTree::IsOftenTaken(const Node& node, const Conflict& conflict) {
  const bool is_walked_alone =
      conflict.link == 0 && conflict.left != node.at && conflict.right != node.at;
  const At near = NearOf(node, conflict);
  return !is_walked_alone && (near == node.at || near == conflict.left || near == conflict.right);
}

std::size_t CountTree::AddNode(const plan::CountNode& plan) {
  Node node;
  node.plan = &plan;
  node.at = Place(plan.node, false);
  node.link = MakeLink(plan.link);
  std::vector<At> depends = {node.link.from};
  for (const auto& link : plan.closing) {
    node.closing.push_back(MakeLink(link));
    depends.push_back(node.closing.back().from);
  }
  for (const Slot slot : plan.different) node.different.push_back(Place(slot, false));
  depends.insert(depends.end(), node.different.begin(), node.different.end());
  for (const auto& c : plan.conflicts) {
    node.conflicts.push_back({c.link, Place(c.left, false), Place(c.right, false), c.direction});
    depends.push_back(node.conflicts.back().left);
    depends.push_back(node.conflicts.back().right);
    node.is_often_taken = node.is_often_taken || IsOftenTaken(node, node.conflicts.back());
  }
  for (Group& group : Add(plan.groups)) {
    bool own = true;
    for (const std::size_t child : group.nodes) {
      for (const At at : nodes_[child].depends) {
        own = own && at == node.at;
        depends.push_back(at);
      }
    }
    (own ? node.own : node.other).push_back(std::move(group));
  }
  std::sort(depends.begin(), depends.end());
  depends.erase(std::unique(depends.begin(), depends.end()), depends.end());
  std::erase(depends, node.at);
  node.depends = std::move(depends);
  nodes_.push_back(std::move(node));
  return nodes_.size() - 1;
}

void CountTree::ResolveNames() {
  node_limit_ = runtime_.view().block_count() * storage::kBlockSize;
  for (Node& node : nodes_) {
    if (!node.plan->labels) continue;
    std::vector<std::string> names;
    if (!Conjuncts(*node.plan->labels, &names)) {
      node.tests_labels = node.tests_more = true;
      continue;
    }
    for (const std::string& name : names) {
      const auto label = runtime_.catalog().FindLabel(name);
      node.impossible = node.impossible || !label;
      if (!label) continue;
      node.labels.push_back(*label);
      node.tests_labels = node.tests_labels || !EndsAlwaysHave(runtime_.view(), node.link.types,
                                                               node.link.direction, *label);
    }
    for (const schema::LabelId label : node.labels) {
      node.bits.push_back(std::make_unique<LabelBits>(runtime_.view(), label));
    }
  }
}

const PairTable* CountTree::PairsOf(const Link& link) {
  const std::lock_guard lock(link.pairs->making);
  if (!link.pairs->table) {
    auto table = std::make_unique<PairTable>(link.entries);
    for (const Lane& lane : link.lanes) {
      lane.near.ForEach([&](NodeId from, const storage::Slice& slice) {
        for (std::uint32_t i = 0; i < slice.size; ++i) {
          if (!lane.skips_loops || slice.nodes[i] != from) table->Add(from, slice.nodes[i]);
        }
      });
    }
    link.pairs->table = std::move(table);
  }
  return link.pairs->table.get();
}

void CountTree::FindTwin(Node* node) const {
  if (!node->has_numbers || !node->closing.empty() || !node->different.empty() ||
      !node->conflicts.empty() || node->link.lanes.size() != 1 || node->other.size() != 1) {
    return;
  }
  const Group& group = node->other[0];
  if (group.use != plan::CountGroup::Use::kTimes || group.nodes.size() != 1) return;
  const Node& other = nodes_[group.nodes[0]];
  const bool is_twin = other.is_sum() && other.has_numbers && other.conflicts.empty() &&
                       other.link.lanes.size() == 1 && other.link.from != node->at &&
                       other.different == std::vector<At>{node->at};
  if (is_twin) node->twin = group.nodes[0];
}

Result<void> CountTree::Prepare() {
  if (prepared_) return {};
  ResolveNames();
  for (Node& node : nodes_) {
    if (node.impossible) {
      node.has_numbers = true;
      node.numbers.SetUniform(0);
    } else if (node.plan->ahead) {
      KB_TRY(MakeNumbers(&node));
    } else if (!node.tests_labels && node.own.empty()) {
      node.has_numbers = true;
      node.numbers.SetUniform(1);
    }
    FindTwin(&node);
  }
  prepared_ = true;
  return {};
}

namespace {

/// Whether all numbers that were looked at are the same one.
struct Sameness {
  std::optional<std::uint64_t> first;
  bool same = true;

  void Look(std::uint64_t number) {
    if (!first) first = number;
    same = same && number == *first;
  }
  void Look(const Sameness& other) {
    if (other.first) Look(*other.first);
    same = same && other.same;
  }
};

}  // namespace

/// One thread's part in making a table.
struct alignas(kCacheLine) CountTree::Maker {
  explicit Maker(const CountTree& tree)
      : runtime(std::make_unique<Runtime>(tree.runtime_, nullptr)),
        counter(tree),
        batch(tree.runtime_.slot_count()) {}

  std::unique_ptr<Runtime> runtime;  ///< To evaluate a predicate.
  Counter counter;
  Batch batch;
  std::vector<NodeId> nodes;
  std::vector<std::uint64_t> numbers;
  Sameness sameness;
  Result<void> outcome;
};

Result<void> CountTree::MakeNumbers(Node* node) {
  constexpr std::uint32_t kMorselBlocks = 8;
  const std::uint32_t blocks = runtime_.view().block_count();
  const std::size_t morsels = (blocks + kMorselBlocks - 1) / kMorselBlocks;
  const plan::ExpressionPtr& predicate = node->plan->predicate;
  const unsigned threads = predicate && plan::ContainsSubquery(*predicate) ? 1 : runtime_.threads();
  node->numbers.Reserve(node_limit_);
  std::vector<Maker> makers;
  for (unsigned i = 0; i < threads; ++i) makers.emplace_back(*this);
  ForEachMorsel(morsels, threads, [&](std::size_t morsel, unsigned worker) {
    Maker& maker = makers[worker];
    if (maker.outcome.ok()) maker.outcome = runtime_.CheckCancelled();
    const auto begin = static_cast<std::uint32_t>(morsel) * kMorselBlocks;
    for (std::uint32_t block = begin; block < std::min(blocks, begin + kMorselBlocks); ++block) {
      if (maker.outcome.ok()) maker.outcome = MakeNumbersOfBlock(block, node, &maker);
    }
  });
  Sameness sameness;
  for (Maker& maker : makers) {
    KB_TRY(std::move(maker.outcome));
    if (maker.counter.overflowed()) return TooMany();
    sameness.Look(maker.sameness);
  }
  if (sameness.same && !node->tests_labels && sameness.first) {
    node->numbers.SetUniform(*sameness.first);
  }
  node->has_numbers = true;
  return {};
}

Result<void> CountTree::MakeNumbersOfBlock(std::uint32_t block, Node* node, Maker* maker) {
  const std::optional<schema::LabelId> label =
      node->labels.empty() ? std::nullopt : std::optional(node->labels.front());
  std::vector<NodeId>& nodes = maker->nodes;
  nodes.resize(storage::kBlockSize);
  nodes.resize(runtime_.view().ScanBlock(block, label, nodes.data()));
  const std::size_t scanned = nodes.size();
  if (scanned == 0) return {};
  KB_TRY(SelectNodes(*node, maker, &nodes));
  if (nodes.size() != scanned) maker->sameness.same = false;
  maker->numbers.assign(nodes.size(), 1);
  const NodeId* const column = nodes.data();
  maker->counter.MultiplyRows(node->own, {&node->at, 1}, {&column, 1},
                              static_cast<std::uint32_t>(nodes.size()), maker->numbers.data());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    maker->sameness.Look(maker->numbers[i]);
    if (maker->numbers[i] != 0) node->numbers.Set(nodes[i], maker->numbers[i]);
  }
  return {};
}

/// Leaves those that pass the tests of labels and the predicate.
Result<void> CountTree::SelectNodes(const Node& node, Maker* maker, std::vector<NodeId>* nodes) {
  const storage::View& view = maker->runtime->view();
  if (node.labels.size() > 1 || (node.plan->labels && node.labels.empty())) {
    std::erase_if(*nodes, [&](NodeId id) { return !Matches(*node.plan->labels, view, id); });
  }
  if (!node.plan->predicate || nodes->empty()) return {};
  Batch& batch = maker->batch;
  batch.rows = static_cast<std::uint32_t>(nodes->size());
  SetNodes(&batch.column(node.plan->node), *nodes);
  std::vector<std::uint32_t> rows;
  KB_TRY(eval::SelectRows(*node.plan->predicate, batch, maker->runtime->eval(), &rows));
  std::vector<NodeId> kept;
  kept.reserve(rows.size());
  for (const std::uint32_t row : rows) kept.push_back((*nodes)[row]);
  *nodes = std::move(kept);
  return {};
}

}  // namespace kb::query::exec
