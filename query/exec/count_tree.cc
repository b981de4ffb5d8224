#include "query/exec/count_tree.h"

#include <algorithm>
#include <limits>
#include <numeric>

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

CountTree::CountTree(Runtime& runtime, const plan::CountMatches& plan)
    : runtime_(runtime), plan_(plan) {
  std::vector<Slot> inner;
  std::vector<Slot> mentioned;
  CollectKnown(plan.groups, &inner, &mentioned);
  for (const Slot slot : mentioned) {
    if (std::find(inner.begin(), inner.end(), slot) == inner.end()) Place(slot, true);
  }
  product_.groups = Add(plan.groups);
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
  link.expects_pairs = plan.pairs;
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
    (own ? node.own : node.other).groups.push_back(std::move(group));
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
    std::vector<std::pair<NodeId, NodeId>> pairs;
    pairs.reserve(link.entries);
    for (const Lane& lane : link.lanes) {
      lane.near.ForEach([&](NodeId from, const storage::Slice& slice) {
        for (std::uint32_t i = 0; i < slice.size; ++i) {
          if (!lane.skips_loops || slice.nodes[i] != from) pairs.emplace_back(from, slice.nodes[i]);
        }
      });
    }
    link.pairs->table = std::make_unique<PairTable>(pairs);
  }
  return link.pairs->table.get();
}

void CountTree::FindTwin(Node* node) const {
  if (!node->has_numbers || !node->closing.empty() || !node->different.empty() ||
      !node->conflicts.empty() || node->other.groups.size() != 1) {
    return;
  }
  const Group& group = node->other.groups[0];
  if (group.use != plan::CountGroup::Use::kTimes || group.nodes.size() != 1) return;
  const Node& other = nodes_[group.nodes[0]];
  const bool is_twin = other.is_sum() && other.has_numbers && other.conflicts.empty() &&
                       other.link.from != node->at && other.different == std::vector<At>{node->at};
  if (!is_twin) return;
  node->is_twin_in_list = other.link.from == node->link.from &&
                          other.link.direction == node->link.direction &&
                          other.link.types == node->link.types;
  const bool are_lists = node->link.lanes.size() == 1 && other.link.lanes.size() == 1;
  if (node->is_twin_in_list || are_lists) node->twin = group.nodes[0];
}

/// A node between the one that its link comes from and the one that closes its cycle, of which
/// nothing else is asked.
void CountTree::FindChain(Node* node) const {
  if (node->closing.size() != 1 || node->closing[0].from == node->at || !node->other.empty() ||
      node->closing[0].use == plan::CountLink::Use::kNone || !node->conflicts.empty() ||
      !node->different.empty() || (!node->has_numbers && !node->own.empty())) {
    return;
  }
  // Worth it where there is a table's place for each node that it can come from.
  const auto from = std::find_if(nodes_.begin(), nodes_.end(),
                                 [node](const Node& other) { return other.at == node->link.from; });
  if (from == nodes_.end() || from->labels.empty() || from->tests_labels) return;
  const auto [first, last] = BlocksOf(*from);
  node->chain = {first * storage::kBlockSize, last * storage::kBlockSize};
}

/// Whether a group comes to the length of the list of a node above.
bool CountTree::IsDegree(const Group& group) const {
  if (group.nodes.size() != 1) return false;
  const Node& node = nodes_[group.nodes[0]];
  return node.is_sum() && node.has_numbers && node.numbers.IsAlways(1) && node.different.empty() &&
         node.conflicts.empty() &&
         std::none_of(node.link.lanes.begin(), node.link.lanes.end(),
                      [](const Lane& lane) { return lane.skips_loops; });
}

/// What costs a look comes before what costs a walk, and of that what drops the most rows.
void CountTree::PutDegreesFirst(Product* product) const {
  std::vector<Group>& groups = product->groups;
  const auto middle = std::stable_partition(groups.begin(), groups.end(),
                                            [this](const Group& group) { return IsDegree(group); });
  // An optional match drops nothing, the lack of one little.
  std::stable_sort(groups.begin(), middle, [this](const Group& a, const Group& b) {
    const auto order = [this](const Group& group) {
      return std::pair(group.use == plan::CountGroup::Use::kOptional ||
                           group.use == plan::CountGroup::Use::kNone,
                       nodes_[group.nodes[0]].link.entries);
    };
    return order(a) < order(b);
  });
  product->degrees = static_cast<std::size_t>(middle - groups.begin());
}

/// The links from one of the nodes `at` below the nodes of `groups`, which must lead somewhere.
void CountTree::CollectNeeds(const std::vector<Group>& groups, std::span<const At> at,
                             std::vector<Need>* needs) {
  const auto add = [&](const Link& link) {
    const bool is_known = std::any_of(needs->begin(), needs->end(), [&](const Need& need) {
      return need.from == link.from && need.link->direction == link.direction &&
             need.link->types == link.types;
    });
    if (is_known || std::find(at.begin(), at.end(), link.from) == at.end()) return;
    needs->push_back({link.from, &link, needs_++});
  };
  for (const Group& group : groups) {
    if (group.use != plan::CountGroup::Use::kTimes) continue;
    for (const std::size_t index : group.nodes) {
      const Node& node = nodes_[index];
      for (const Group& below : node.other.groups) {
        if (below.use != plan::CountGroup::Use::kTimes) continue;
        for (const std::size_t child : below.nodes) {
          add(nodes_[child].link);
          for (const Link& link : nodes_[child].closing) {
            if (link.use != plan::CountLink::Use::kNone) add(link);
          }
        }
      }
      CollectNeeds(node.other.groups, at, needs);
    }
  }
}

Result<void> CountTree::Prepare() {
  if (prepared_) return {};
  ResolveNames();
  for (Node& node : nodes_) {
    PutDegreesFirst(&node.own);
    PutDegreesFirst(&node.other);
    CollectNeeds(node.own.groups, {&node.at, 1}, &node.own.needs);
    CollectNeeds(node.other.groups, {&node.at, 1}, &node.other.needs);
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
  for (Node& node : nodes_) FindChain(&node);
  for (Node& node : nodes_) {
    for (const Group& group : node.other.groups) {
      const bool is_needed =
          group.use == plan::CountGroup::Use::kTimes || group.use == plan::CountGroup::Use::kExists;
      for (const std::size_t child : group.nodes) {
        const bool hangs_here = nodes_[child].link.from == node.at;
        if (is_needed && hangs_here && nodes_[child].chain) node.chains.push_back(child);
      }
    }
  }
  PutDegreesFirst(&product_);
  std::vector<At> known(known_.size());
  std::iota(known.begin(), known.end(), At{0});
  CollectNeeds(product_.groups, known, &product_.needs);
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
  Sameness sameness;
  Result<void> outcome;
};

/// The blocks in which a node's numbers lie: those that its links lead to, or all that it can be
/// in where they lead elsewhere too.
std::pair<std::uint32_t, std::uint32_t> CountTree::BlocksOf(const Node& node) const {
  const storage::View& view = runtime_.view();
  std::uint32_t begin = 0;
  std::uint32_t end = view.block_count();
  if (node.labels.empty() || node.tests_labels) return {begin, end};
  const auto is_empty = [&](std::uint32_t block) {
    return view.ShareOf(block, node.labels.front()) == storage::View::Share::kNone;
  };
  while (end > begin && is_empty(end - 1)) --end;
  while (begin < end && is_empty(begin)) ++begin;
  return {begin, end};
}

Result<void> CountTree::MakeNumbers(Node* node) {
  constexpr std::uint32_t kMorselBlocks = 4;
  const auto [first, last] = BlocksOf(*node);
  const std::size_t morsels = (last - first + kMorselBlocks - 1) / kMorselBlocks;
  const plan::ExpressionPtr& predicate = node->plan->predicate;
  // Few nodes are done before another thread has begun.
  constexpr std::size_t kMorselsMin = 4;
  const bool is_alone = morsels < kMorselsMin || (predicate && plan::ContainsSubquery(*predicate));
  const unsigned threads = is_alone ? 1 : runtime_.threads();
  node->numbers.Reserve(first * storage::kBlockSize, last * storage::kBlockSize);
  std::vector<Maker> makers;
  for (unsigned i = 0; i < threads; ++i) makers.emplace_back(*this);
  ForEachMorsel(
      morsels, threads, [&, begin = first, end = last](std::size_t morsel, unsigned worker) {
        Maker& maker = makers[worker];
        if (maker.outcome.ok()) maker.outcome = runtime_.CheckCancelled();
        const std::uint32_t from = begin + static_cast<std::uint32_t>(morsel) * kMorselBlocks;
        for (std::uint32_t block = from; block < std::min(end, from + kMorselBlocks); ++block) {
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
  const NodeId* const column = nodes.data();
  std::size_t set = 0;
  maker->counter.ForEachProduct(node->own, {&node->at, 1}, {&column, 1},
                                static_cast<std::uint32_t>(nodes.size()),
                                [&](std::uint32_t row, std::uint64_t number) {
                                  maker->sameness.Look(number);
                                  node->numbers.Set(nodes[row], number);
                                  ++set;
                                });
  if (set != nodes.size()) maker->sameness.Look(std::uint64_t{0});
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
