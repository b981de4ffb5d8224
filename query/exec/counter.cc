// Counter: one thread's walk over a CountTree, row by row. What many rows can do together stands in
// count_rows.cc, which comes here for the rest.
#include <algorithm>
#include <array>
#include <limits>

#include "query/exec/count_tree.h"
#include "query/exec/steps.h"

namespace kb::query::exec {

using schema::Direction;

Counter::Counter(const CountTree& tree)
    : tree_(tree),
      bound_(tree.slots_.size(), schema::kNoNode),
      marks_(tree.mark_tables_),
      kept_(tree.nodes_.size()),
      only_far_(tree.nodes_.size()),
      frames_(tree.nodes_.size()),
      need_counts_(tree.needs_) {
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    const Node& node = tree.nodes_[i];
    std::vector<At>& places = frames_[i].places;
    places.push_back(node.at);
    for (const CountTree::Group& group : node.other.groups) {
      for (const std::size_t child : group.nodes) {
        const std::vector<At>& depends = tree.nodes_[child].depends;
        places.insert(places.end(), depends.begin(), depends.end());
      }
    }
    std::sort(places.begin() + 1, places.end());
    places.erase(std::unique(places.begin() + 1, places.end()), places.end());
    places.erase(std::remove(places.begin() + 1, places.end(), node.at), places.end());
    frames_[i].columns.resize(places.size());
  }
}

std::uint64_t Counter::NumberOf(const CountTree::Group& group) {
  std::uint64_t number = 1;
  for (const std::size_t node : group.nodes) {
    number = Times(number, NumberOf(node));
    if (number == 0) break;
  }
  return CountTree::Used(group.use, number);
}

std::uint64_t Counter::ProductOf(const std::vector<CountTree::Group>& groups) {
  std::uint64_t product = 1;
  for (const CountTree::Group& group : groups) {
    product = Times(product, NumberOf(group));
    if (product == 0) return 0;
  }
  return product;
}

std::uint64_t Counter::NumberOf(std::size_t index) {
  const Node& node = tree_.nodes_[index];
  const NodeId from = bound_[node.link.from];
  if (from == schema::kNoNode) return 0;
  for (const At other : node.different) {
    if (bound_[other] == schema::kNoNode) return 0;  // neither the same nor different
  }
  if (node.chain) {
    const NodeId only = OnlyFar(index, from);
    if (only != kManyFar) return only != schema::kNoNode && only == bound_[node.closing[0].from];
  }
  const bool is_sum = node.is_sum();
  std::uint64_t number = is_sum ? SumOf(index, from) : Walk(node, from);
  if (!node.conflicts.empty() || (is_sum && !node.different.empty())) {
    number -= TakeOff(node, from, is_sum);
  }
  return number;
}

/// The whole list's worth; kept, because corrections vary more often than the near end.
std::uint64_t Counter::SumOf(std::size_t index, NodeId from) {
  const Node& node = tree_.nodes_[index];
  const bool keeps = !node.different.empty() || !node.conflicts.empty();
  if (keeps && kept_[index].from == from) return kept_[index].sum;
  const std::uint64_t sum = node.has_numbers ? SumNumbers(node, from) : Walk(node, from);
  if (keeps) kept_[index] = {from, sum};
  return sum;
}

std::uint64_t Counter::SumNumbers(const Node& node, NodeId from) {
  std::uint64_t total = 0;
  for (const auto& lane : node.link.lanes) {
    const storage::Slice slice = lane.near[from];
    if (slice.size == 0) continue;
    std::uint64_t sum = 0;
    if (!node.numbers.Sum({slice.nodes, slice.size}, &sum)) overflowed_ = true;
    if (lane.skips_loops) sum -= storage::CountIn(slice, from) * node.numbers[from];
    AddTo(&total, sum);
  }
  return total;
}

std::uint64_t Counter::Walk(const Node& node, NodeId from) {
  std::uint64_t total = 0;
  const bool excludes = !node.is_sum() && !node.different.empty();
  if (node.is_leaf_under_one_link()) {
    const NodeId far = bound_[node.closing.front().from];
    if (far != schema::kNoNode && IsWorthMarks(node.closing.front(), far, EndsOf(node, from))) {
      if (MarksOf(node.closing.front(), far).are_exact) {
        excluded_.clear();
        for (const At other : node.different) excluded_.push_back(bound_[other]);
        return WalkUnderMarks(node, from);
      }
    }
  }
  const Marks* const needed = MarksNeeded(node, from);
  const std::uint8_t* const marks = needed == nullptr ? nullptr : needed->counts.data();
  const OnlyFarTest chain = TestOfChain(node);
  std::array<NodeId, kShortList> kept;  // of a few ends: which are, nobody can foresee
  for (const auto& lane : node.link.lanes) {
    for (NodeList rest = lane.near.NodesOf(from); !rest.empty();) {
      const NodeList some = rest.first(std::min(rest.size(), kept.size()));
      rest = rest.subspan(some.size());
      std::size_t count = 0;
      for (const NodeId end : some) {
        kept[count] = end;
        count += marks == nullptr || marks[schema::Raw(end)] != 0 ? 1U : 0U;
      }
      for (const NodeId end : chain.Keep({kept.data(), count})) {
        if (lane.skips_loops && end == from) continue;
        if (excludes && IsExcluded(node, end)) continue;
        AddTo(&total, Worth(node, end));
      }
    }
  }
  return total;
}

/// Marks without which an end is worth nothing, where there are any that pay.
const Counter::Marks* Counter::MarksNeeded(const Node& node, NodeId from) {
  if (node.closing.empty()) return nullptr;
  const Link& link = node.closing.front();
  if (link.from == node.at || link.use == plan::CountLink::Use::kNone) return nullptr;
  const NodeId far = bound_[link.from];
  if (far == schema::kNoNode) return nullptr;
  return IsWorthMarks(link, far, EndsOf(node, from)) ? &MarksOf(link, far) : nullptr;
}

std::uint32_t Counter::EndsOf(const Node& node, NodeId from) {
  std::uint32_t ends = 0;
  for (const auto& lane : node.link.lanes) ends += lane.near[from].size;
  return ends;
}

/// Walk for a node that nothing but one link with marks decides. While it lasts, the marks of nodes
/// that the end must differ from say that it is worth nothing: no test an end, and no search.
std::uint64_t Counter::WalkUnderMarks(const Node& node, NodeId from) {
  const auto use = node.closing.front().use;
  std::vector<std::uint8_t>& marks = marks_[node.closing.front().mark_table].counts;
  const std::uint8_t nothing = use == plan::CountLink::Use::kNone ? 1 : 0;
  marks_of_excluded_.clear();
  for (const NodeId node_id : excluded_) {
    marks_of_excluded_.push_back(std::exchange(marks[schema::Raw(node_id)], nothing));
  }
  std::uint64_t total = 0;
  switch (use) {
    case plan::CountLink::Use::kTimes:
      total = SumOfFactors(node, from, [&](NodeId end) { return marks[schema::Raw(end)]; });
      break;
    case plan::CountLink::Use::kExists:
      total = SumOfFactors(node, from, [&](NodeId end) { return marks[schema::Raw(end)] != 0; });
      break;
    case plan::CountLink::Use::kNone:
      total = SumOfFactors(node, from, [&](NodeId end) { return marks[schema::Raw(end)] == 0; });
      break;
  }
  for (std::size_t i = excluded_.size(); i-- > 0;) {  // one may be in there twice
    marks[schema::Raw(excluded_[i])] = marks_of_excluded_[i];
  }
  return total;
}

/// The ends of a node's lists, each worth its number times factor(end), a small number.
template <typename Factor>
std::uint64_t Counter::SumOfFactors(const Node& node, NodeId from, const Factor& factor) {
  std::uint64_t total = 0;
  for (const auto& lane : node.link.lanes) {
    const NodeList list = lane.near.NodesOf(from);
    const auto number_of = [&](NodeId end) { return Times(node.numbers[end], factor(end)); };
    std::uint64_t sum = 0;
    if (!node.numbers.SumOfProducts(list, factor, &sum)) {
      sum = 0;
      for (const NodeId end : list) AddTo(&sum, number_of(end));
    }
    if (lane.skips_loops && sum != 0) sum -= CountIn(list, from) * number_of(from);
    AddTo(&total, sum);
  }
  return total;
}

bool Counter::IsExcluded(const Node& node, NodeId end) const {
  return std::any_of(node.different.begin(), node.different.end(),
                     [&](At other) { return bound_[other] == end; });
}

/// What a sum over the whole list has too much: ends that must not be, and relationships that have
/// been taken already.
std::uint64_t Counter::TakeOff(const Node& node, NodeId from, bool is_sum) {
  std::uint64_t total = 0;
  if (is_sum) {
    for (std::size_t i = 0; i < node.different.size(); ++i) {
      const NodeId end = bound_[node.different[i]];
      bool again = false;
      for (std::size_t j = 0; j < i; ++j) again = again || bound_[node.different[j]] == end;
      if (again) continue;
      const std::uint64_t between = Between(node.link, from, end);
      if (between != 0) AddTo(&total, Times(between, Worth(node, end)));
    }
  }
  for (std::size_t i = 0; i < node.conflicts.size(); ++i) {
    const NodeId end = TakenEnd(node, i, from);
    if (end == schema::kNoNode || IsExcluded(node, end)) continue;
    std::uint64_t before = 0;
    for (std::size_t j = 0; j < i; ++j) before += TakenEnd(node, j, from) == end ? 1U : 0U;
    if (before != 0 && before >= Between(node.link, from, end)) continue;
    AddTo(&total, Worth(node, end));
  }
  return total;
}

/// The end that a relationship taken before has, if the walked link could lead over it.
NodeId Counter::TakenEnd(const Node& node, std::size_t conflict, NodeId from) const {
  const auto& taken = node.conflicts[conflict];
  return taken.link == 0 ? SameAs(taken, node.link, from) : schema::kNoNode;
}

/// The far end that a link from `from` has if it is the conflict's relationship; kNoNode if it
/// cannot be.
NodeId Counter::SameAs(const CountTree::Conflict& conflict, const Link& link, NodeId from) const {
  NodeId source = bound_[conflict.left];
  NodeId target = bound_[conflict.right];
  if (conflict.direction == Direction::kIn) std::swap(source, target);
  if (link.direction != Direction::kIn && source == from) return target;
  if (link.direction != Direction::kOut && target == from) return source;
  return schema::kNoNode;
}

bool Counter::PassesLabels(const Node& node, NodeId end) const {
  if (!node.tests_labels) return true;
  if (node.tests_more) return Matches(*node.plan->labels, tree_.runtime_.view(), end);
  return std::all_of(node.bits.begin(), node.bits.end(),
                     [end](const auto& bits) { return bits->Has(end); });
}

std::uint64_t Counter::Worth(const Node& node, NodeId end) {
  std::uint64_t worth = 1;
  if (node.has_numbers) {
    worth = node.numbers[end];
    if (worth == 0) return 0;
  } else if (!PassesLabels(node, end)) {
    return 0;
  }
  for (const std::size_t chain : node.chains) {
    const NodeId only = OnlyFar(chain, end);
    if (only != kManyFar && only != bound_[tree_.nodes_[chain].closing[0].from]) return 0;
  }
  bound_[node.at] = end;
  for (std::size_t i = 0; i < node.closing.size(); ++i) {
    worth = Times(worth, Closing(node, i, end));
    if (worth == 0) return 0;
  }
  if (!node.has_numbers && !node.own.empty()) worth = Times(worth, ProductOf(node.own.groups));
  if (worth == 0 || node.other.empty()) return worth;
  bound_[node.at] = end;
  return Times(worth, ProductOf(node.other.groups));
}

/// The factor of the closing link at `at`.
std::uint64_t Counter::Closing(const Node& node, std::size_t at, NodeId end) {
  const Link& link = node.closing[at];
  const NodeId from = bound_[link.from];
  std::uint64_t number = NumberOf(link, from, end);
  if (link.use != plan::CountLink::Use::kTimes) return UsedBy(link.use, number);
  if (number == 0) return 0;
  for (const auto& conflict : node.conflicts) {
    const bool taken = conflict.link == at + 1 && SameAs(conflict, link, from) == end;
    // More may be taken than there are while the walked link is not corrected yet (TakeOff).
    if (taken && number != 0) --number;
  }
  return number;
}

/// The one node that the closing link of a chain can come from, for it to come to 1 from `from`;
/// kNoNode if it comes to nothing wherever that comes from, kManyFar if it is not so simple.
NodeId Counter::OnlyFar(std::size_t index, NodeId from) {
  // A table of all that may be asked for is made once a part of it has been.
  constexpr std::uint64_t kPart = 16;
  const auto [begin, end] = *tree_.nodes_[index].chain;
  OnlyFarTable& table = only_far_[index];
  std::vector<NodeId>& known = table.known;
  if (known.empty()) {
    if (++table.asked * kPart < end - begin) return kManyFar;
    known.assign(end - begin, kUnknownFar);
  }
  const std::uint32_t at = schema::Raw(from) - begin;
  if (at >= known.size()) return kManyFar;
  if (known[at] == kUnknownFar) known[at] = FindOnlyFar(tree_.nodes_[index], from);
  return known[at];
}

/// What the first chain of a node says of its ends, as far as it is known.
Counter::OnlyFarTest Counter::TestOfChain(const Node& node) const {
  if (node.chains.empty()) return {};
  const Node& chain = tree_.nodes_[node.chains.front()];
  return {only_far_[node.chains.front()].known, chain.chain->first, bound_[chain.closing[0].from]};
}

NodeId Counter::FindOnlyFar(const Node& node, NodeId from) const {
  NodeId only = schema::kNoNode;
  for (const auto& lane : node.link.lanes) {
    for (const NodeId end : lane.near.NodesOf(from)) {
      if (lane.skips_loops && end == from) continue;
      const std::uint64_t number =
          node.has_numbers ? node.numbers[end] : std::uint64_t{PassesLabels(node, end)};
      if (number == 0) continue;
      for (const auto& closing : node.closing[0].lanes) {
        for (const NodeId far : closing.far.NodesOf(end)) {
          if (closing.skips_loops && far == end) continue;
          if (number != 1 || only != schema::kNoNode) return kManyFar;
          only = far;
        }
      }
    }
  }
  return only;
}

/// How many relationships of a link there are between two nodes, looked up in marks if that pays.
std::uint64_t Counter::NumberOf(const Link& link, NodeId from, NodeId to) {
  if (from == schema::kNoNode) return 0;
  if (const PairTable* pairs = PairsFor(link, 1)) return pairs->Count(from, to);
  if (IsWorthMarks(link, from, 1)) {
    const std::uint8_t mark = MarksOf(link, from).counts[schema::Raw(to)];
    if (mark != Marks::kFull) return mark;
  }
  return Between(link, from, to);
}

/// All pairs of a link, once the searches so far have taken about as long as making the table (a
/// fifth of the time each), or show that there will be as many as was expected; null before, and
/// where they are too many to stay near.
const PairTable* Counter::PairsFor(const Link& link, std::uint32_t lookups) {
  constexpr std::uint64_t kEntriesMax = std::uint64_t{1} << 20;
  constexpr std::uint64_t kSearchesMin = 1024;
  const std::uint64_t entries_a_search = link.expects_pairs ? 50 : 5;
  Marks& marks = marks_[link.mark_table];
  if (marks.pairs != nullptr || link.marks) return marks.pairs;
  marks.searches += lookups;
  if (marks.searches < kSearchesMin + link.entries / entries_a_search ||
      link.entries > kEntriesMax) {
    return nullptr;
  }
  marks.pairs = CountTree::PairsOf(link);
  return marks.pairs;
}

/// The same, without marks.
std::uint64_t Counter::Between(const Link& link, NodeId from, NodeId to) {
  std::uint64_t number = 0;
  for (const auto& lane : link.lanes) {
    if (lane.skips_loops && from == to) continue;
    const storage::Slice near = lane.near[from];
    if (near.size <= kShortList) {
      number += storage::CountIn(near, to);
      continue;
    }
    const storage::Slice far = lane.far[to];
    number += far.size < near.size ? storage::CountIn(far, from) : storage::CountIn(near, to);
  }
  return number;
}

/// Whether to ask for marks of `from`'s neighbours: as soon as it was asked about as often as there
/// are neighbours to mark, if the plan did not foresee it.
bool Counter::IsWorthMarks(const Link& link, NodeId from, std::uint32_t lookups) {
  Marks& marks = marks_[link.mark_table];
  if (link.marks || marks.of == from) return true;
  if (marks.asked != from) marks.asked = from, marks.times = 0;
  marks.times += lookups;
  if (marks.times < kShortList) return false;
  std::uint32_t neighbours = 0;
  for (const auto& lane : link.lanes) neighbours += lane.near[from].size;
  return marks.times > neighbours;
}

const Counter::Marks& Counter::MarksOf(const Link& link, NodeId from) {
  Marks& marks = marks_[link.mark_table];
  if (marks.of == from) return marks;
  if (marks.counts.empty()) marks.counts.resize(tree_.node_limit_);
  const auto visit = [&](NodeId of, auto&& change) {
    for (const auto& lane : link.lanes) {
      const storage::Slice slice = lane.near[of];
      for (std::uint32_t i = 0; i < slice.size; ++i) {
        if (lane.skips_loops && slice.nodes[i] == of) continue;
        change(&marks.counts[schema::Raw(slice.nodes[i])]);
      }
    }
  };
  if (marks.of != schema::kNoNode) visit(marks.of, [](std::uint8_t* count) { *count = 0; });
  marks.are_exact = true;
  visit(from, [&](std::uint8_t* count) {
    if (*count != Marks::kFull) ++*count;
    if (*count == Marks::kFull) marks.are_exact = false;
  });
  marks.of = from;
  return marks;
}

}  // namespace kb::query::exec
