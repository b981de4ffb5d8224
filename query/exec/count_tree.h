// CountTree: carries out what plan::CountMatches describes. Numbers are worked out straight from
// the adjacency lists; nothing becomes a row.
//
// A node's number is the sum, over the ends that its link leads to, of what each end is worth: 1,
// times what hangs on it, times the relationships that close a cycle. Three things keep that short:
//   - What hangs on a node and depends on it alone is looked up in a table that was made ahead
//     (CountNode::ahead); where that is the same for all nodes, no table is kept and the sum is the
//     length of the list.
//   - A node that closes no cycle, but must differ from others or be found by another relationship,
//     is summed over the whole list first, and what must not be is taken off again. That sum is
//     kept while the near end stays the same.
//   - Links that close a cycle are looked up in a table of marks of the far node's neighbours,
//     which is kept while that node stays the same, or searched for in the shorter list; after many
//     searches, in a table of all pairs.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "query/exec/node_numbers.h"
#include "query/exec/pair_table.h"
#include "query/exec/runtime.h"
#include "schema/base/parallel.h"
#include "storage/lists.h"

namespace kb::query::exec {

/// Immutable after Prepare, and borrowed by the counters of several threads.
class CountTree {
 public:
  CountTree(Runtime& runtime, const plan::CountMatches& plan);

  /// Finds names and makes the tables. Errors: too large, cancelled.
  Result<void> Prepare();

  /// The slots whose nodes must be known, in the order in which a Counter takes them.
  const std::vector<Slot>& known() const { return known_; }

 private:
  friend class Counter;
  using At = std::uint32_t;  ///< Which of the nodes that are bound while counting.

  struct Lane {
    storage::Lists near;  ///< From the known end.
    storage::Lists far;   ///< The same relationships from the other end.
    bool skips_loops = false;
  };
  /// Made by the first thread that asks often enough.
  struct SharedPairs {
    std::mutex making;
    std::unique_ptr<const PairTable> table;
  };
  struct Link {
    At from = 0;
    schema::Direction direction = schema::Direction::kBoth;
    std::vector<schema::TypeId> types;
    std::vector<Lane> lanes;
    plan::CountLink::Use use = plan::CountLink::Use::kTimes;
    bool marks = false;
    bool expects_pairs = false;  ///< That a table of all pairs pays.
    std::size_t mark_table = 0;
    std::uint64_t entries = 0;  ///< Of all lists together.
    std::unique_ptr<SharedPairs> pairs;
  };
  struct Conflict {
    std::size_t link;
    At left, right;
    schema::Direction direction;
  };
  struct Group {
    plan::CountGroup::Use use;
    std::vector<std::size_t> nodes;
  };
  /// Relationships that are met further down, but without which a row is worth nothing.
  struct Need {
    At from;
    const Link* link;
    std::size_t number;  ///< Among all needs.
  };
  /// What rows are multiplied by.
  struct Product {
    std::vector<Group> groups;
    std::size_t degrees = 0;  ///< The first groups that are the length of one list.
    std::vector<Need> needs;

    bool empty() const { return groups.empty(); }
  };
  /// What a group makes of its product.
  template <typename Number>
  static constexpr Number Used(plan::CountGroup::Use use, Number number) {
    constexpr Number kZero{0};
    constexpr Number kOne{1};
    switch (use) {
      case plan::CountGroup::Use::kTimes:
        return number;
      case plan::CountGroup::Use::kOptional:
        return number == 0 ? kOne : number;
      case plan::CountGroup::Use::kExists:
        return number != 0 ? kOne : kZero;
      case plan::CountGroup::Use::kNone:
        return number != 0 ? kZero : kOne;
    }
    return number;
  }
  struct Node {
    const plan::CountNode* plan = nullptr;
    At at = 0;
    Link link;
    std::vector<Link> closing;
    std::vector<At> different;
    std::vector<Conflict> conflicts;
    Product own;              ///< Depends on this node alone.
    Product other;            ///< Depends on nodes above as well.
    std::vector<At> depends;  ///< On which nodes above its number depends.
    std::vector<schema::LabelId> labels;
    std::vector<std::unique_ptr<LabelBits>> bits;  ///< By label, where they are tested.
    /// A link may lead over a relationship that was taken wherever the nodes above are.
    bool is_often_taken = false;
    bool tests_labels = false;  ///< Not all ends are known to pass.
    bool tests_more = false;    ///< The test says more than that `labels` are all there.
    bool impossible = false;    ///< A label that nobody has.
    /// The node, counted from above, that must not be the same and is all that hangs on this one.
    std::optional<std::size_t> twin;
    bool is_twin_in_list = false;  ///< The twin stands in the same list.
    /// The ids that its link comes from, if what it comes to is mostly decided by that one node:
    /// which of the nodes that its closing link comes from it leads to (Counter::OnlyFar).
    std::optional<std::pair<std::uint32_t, std::uint32_t>> chain;
    std::vector<std::size_t> chains;  ///< Among the nodes below, those that must come to something.
    bool has_numbers = false;         ///< `numbers` holds what labels, predicate and `own` come to.
    NodeNumbers numbers;

    /// Its worth depends on nothing but itself, so that a list's sum can be kept.
    bool is_sum() const { return closing.empty() && other.empty(); }
    /// Whatever else it is worth lies in the table, but for one link that closes a cycle.
    bool is_leaf_under_one_link() const {
      return closing.size() == 1 && closing[0].from != at && other.empty() && has_numbers &&
             conflicts.empty();
    }
    /// Both its lists are one run of entries.
    bool is_leaf_between_lists() const {
      return is_leaf_under_one_link() && link.lanes.size() == 1 && closing[0].lanes.size() == 1;
    }
    /// An end may count for nothing whatever hangs on it.
    bool may_be_nothing() const {
      return !different.empty() || (has_numbers ? !numbers.IsAlways(1) : tests_labels);
    }
  };

  void FindTwin(Node* node) const;
  void FindChain(Node* node) const;
  bool IsDegree(const Group& group) const;
  void PutDegreesFirst(Product* product) const;
  void CollectNeeds(const std::vector<Group>& groups, std::span<const At> at,
                    std::vector<Need>* needs);
  static const PairTable* PairsOf(const Link& link);
  /// Where the link of a conflict begins: its end that is not `node`.
  static At NearOf(const Node& node, const Conflict& conflict) {
    return conflict.link == 0 ? node.link.from : node.closing[conflict.link - 1].from;
  }
  static bool IsOftenTaken(const Node& node, const Conflict& conflict);
  At Place(Slot slot, bool is_known);
  std::vector<Group> Add(const std::vector<plan::CountGroup>& groups);
  std::size_t AddNode(const plan::CountNode& plan);
  Link MakeLink(const plan::CountLink& plan);
  void CollectKnown(const std::vector<plan::CountGroup>& groups, std::vector<Slot>* inner,
                    std::vector<Slot>* mentioned) const;
  void ResolveNames();
  std::pair<std::uint32_t, std::uint32_t> BlocksOf(const Node& node) const;
  Result<void> MakeNumbers(Node* node);
  struct Maker;
  Result<void> MakeNumbersOfBlock(std::uint32_t block, Node* node, Maker* maker);
  static Result<void> SelectNodes(const Node& node, Maker* maker, std::vector<NodeId>* nodes);

  Runtime& runtime_;
  const plan::CountMatches& plan_;
  std::vector<Slot> known_;
  std::vector<Slot> slots_;  ///< By At.
  std::vector<Node> nodes_;  ///< What hangs on a node comes before it.
  Product product_;
  std::size_t mark_tables_ = 0;
  std::size_t needs_ = 0;
  std::uint32_t node_limit_ = 0;
  bool prepared_ = false;
};

/// What a closing link makes of the number of its relationships.
constexpr std::uint64_t UsedBy(plan::CountLink::Use use, std::uint64_t number) {
  switch (use) {
    case plan::CountLink::Use::kTimes:
      return number;
    case plan::CountLink::Use::kExists:
      return number != 0 ? 1 : 0;
    case plan::CountLink::Use::kNone:
      return number != 0 ? 0 : 1;
  }
  return number;
}

/// A list that is looked through sooner than searched.
inline constexpr std::uint32_t kShortList = 16;
/// How many of a short list are `node`.
inline std::uint64_t CountIn(std::span<const NodeId> list, NodeId node) {
  std::uint64_t count = 0;
  for (const NodeId end : list) count += end == node ? 1 : 0;
  return count;
}
/// Rows, or ends, that are looked at together: what one loop brings near is there for the next.
inline constexpr std::uint32_t kTogether = 1024;

/// One thread's counting.
class alignas(kCacheLine) Counter {
 public:
  explicit Counter(const CountTree& tree);

  /// What each of `rows` rows comes to, whose known nodes stand in `columns`, in the order of
  /// CountTree::known; kNoNode for null.
  void CountRows(std::span<const NodeId* const> columns, std::uint32_t rows,
                 std::uint64_t* numbers);
  /// What they come to together.
  std::uint64_t SumRows(std::span<const NodeId* const> columns, std::uint32_t rows);
  /// Whether a number has been too large for 64 bits since the counter was made.
  bool overflowed() const { return overflowed_; }

 private:
  friend class CountTree;
  using Node = CountTree::Node;
  using Link = CountTree::Link;
  using At = CountTree::At;
  using NodeList = std::span<const NodeId>;

  /// How often a node is a neighbour of `of`, at most kFull times.
  struct Marks {
    static constexpr std::uint8_t kFull = 0xFF;
    NodeId of = schema::kNoNode;
    bool are_exact = true;  ///< None is full.
    std::vector<std::uint8_t> counts;
    NodeId asked = schema::kNoNode;  ///< Whose neighbours were asked for last …
    std::uint32_t times = 0;         ///< … and how often.
    std::uint64_t searches = 0;      ///< In lists, all in all.
    const PairTable* pairs = nullptr;
  };
  struct Kept {
    NodeId from = schema::kNoNode;
    std::uint64_t sum = 0;
  };
  static constexpr NodeId kUnknownFar{0xFFFF'FFFEu};
  static constexpr NodeId kManyFar{0xFFFF'FFFDu};
  struct OnlyFarTable {
    std::uint64_t asked = 0;
    std::vector<NodeId> known;  ///< As far as they have been asked for.
  };
  struct OnlyFarTest {
    std::span<const NodeId> known;
    std::uint32_t begin = 0;
    NodeId wanted{};

    /// Keeps those from which the chain may come to anything.
    std::span<const NodeId> Keep(std::span<NodeId> ends) const {
      if (known.empty()) return ends;
      std::size_t count = 0;
      for (const NodeId end : ends) {
        const std::uint32_t at = schema::Raw(end) - begin;
        const NodeId only = at < known.size() ? known[at] : kUnknownFar;
        ends[count] = end;
        const bool fails = (only != wanted) & (only != kUnknownFar) & (only != kManyFar);
        count += fails ? 0U : 1U;
      }
      return ends.first(count);
    }
  };
  /// How many rows a need was asked of, and how many it has dropped.
  struct NeedCount {
    std::uint64_t asked = 0, dropped = 0;
  };
  /// Rows under way: what each is worth, and some of the nodes that it has bound.
  struct Frame {
    std::vector<At> places;
    std::vector<std::vector<NodeId>> columns;  ///< By the index of their place.
    std::vector<std::uint32_t> rows;           ///< Which row of the frame above each belongs to.
    std::vector<std::uint64_t> worth;
    std::vector<std::uint64_t> product, sums;
    std::vector<NodeList> lists;  ///< Those that are being laid out.
    std::vector<std::uint32_t> kept;

    std::uint32_t size() const { return static_cast<std::uint32_t>(worth.size()); }
    std::size_t IndexOf(At place) const;
    const NodeId* Column(At place) const;
    std::vector<const NodeId*> Columns(const std::vector<At>& wanted) const;
    void Compact();
  };

  std::uint64_t Times(std::uint64_t a, std::uint64_t b) {
    std::uint64_t product = 0;
    if (__builtin_mul_overflow(a, b, &product)) overflowed_ = true;
    return product;
  }
  void AddTo(std::uint64_t* sum, std::uint64_t more) {
    if (__builtin_add_overflow(*sum, more, sum)) overflowed_ = true;
  }

  // Row by row (counter.cc): the nodes above are in bound_.
  std::uint64_t ProductOf(const std::vector<CountTree::Group>& groups);
  std::uint64_t NumberOf(const CountTree::Group& group);
  std::uint64_t NumberOf(std::size_t index);
  std::uint64_t SumOf(std::size_t index, NodeId from);
  std::uint64_t SumNumbers(const Node& node, NodeId from);
  std::uint64_t Walk(const Node& node, NodeId from);
  const Marks* MarksNeeded(const Node& node, NodeId from);
  static std::uint32_t EndsOf(const Node& node, NodeId from);
  std::uint64_t TakeOff(const Node& node, NodeId from, bool is_sum);
  std::uint64_t Worth(const Node& node, NodeId end);
  std::uint64_t WalkUnderMarks(const Node& node, NodeId from);
  template <typename Factor>
  std::uint64_t SumOfFactors(const Node& node, NodeId from, const Factor& factor);
  std::uint64_t Between(const Link& link, NodeId from, NodeId to);
  bool IsWorthMarks(const Link& link, NodeId from, std::uint32_t lookups);
  const Marks& MarksOf(const Link& link, NodeId from);
  const PairTable* PairsFor(const Link& link, std::uint32_t lookups);
  std::uint64_t Closing(const Node& node, std::size_t at, NodeId end);
  NodeId OnlyFar(std::size_t index, NodeId from);
  OnlyFarTest TestOfChain(const Node& node) const;
  NodeId FindOnlyFar(const Node& node, NodeId from) const;
  std::uint64_t NumberOf(const Link& link, NodeId from, NodeId to);
  bool PassesLabels(const Node& node, NodeId end) const;
  bool IsExcluded(const Node& node, NodeId end) const;
  NodeId TakenEnd(const Node& node, std::size_t conflict, NodeId from) const;
  NodeId SameAs(const CountTree::Conflict& conflict, const Link& link, NodeId from) const;

  // Products of many rows (count_product.cc): the nodes above are in the columns of a Frame.
  template <typename Use>
  void ForEachProduct(const CountTree::Product& product, std::span<const At> places,
                      std::span<const NodeId* const> columns, std::uint32_t rows, const Use& use);
  std::vector<At> KnownPlaces() const;
  void Begin(const CountTree::Product& product, std::span<const NodeId* const> columns,
             std::uint32_t begin, std::uint32_t count);
  void Multiply(const CountTree::Product& product, Frame* frame);
  void MultiplyGroups(std::span<const CountTree::Group> groups, Frame* frame);
  void KeepNeeded(std::span<const CountTree::Need> needs, Frame* frame);
  bool IsWorthAsking(const CountTree::Need& need) const;
  void Note(const CountTree::Need& need, std::uint32_t asked, std::uint32_t kept);

  // Lengths of lists in products (count_degrees.cc).
  std::size_t MultiplyBytes(std::span<const CountTree::Group> groups,
                            std::span<const NodeId* const> columns, std::uint32_t begin,
                            std::uint32_t count);
  bool FindBytes(const Link& link, const NodeId* from, std::uint32_t count, std::uint8_t* bytes);
  std::uint64_t SumOfBytes(std::uint32_t count) const;
  void BeginWithBytes(std::span<const NodeId* const> columns, std::uint32_t begin,
                      std::uint32_t count);
  void BeginWithNeed(const CountTree::Need& need, std::span<const NodeId* const> columns,
                     std::uint32_t begin, std::uint32_t count);
  void FindSizes(const Link& link, const NodeId* from, std::uint32_t count);
  void MultiplyDegrees(std::span<const CountTree::Group> groups, Frame* frame);
  void MultiplyByUsed(plan::CountGroup::Use use, std::vector<std::uint64_t>* numbers, Frame* frame);
  void MultiplyAll(std::vector<std::uint64_t>* numbers, const std::vector<std::uint64_t>& factors);
  template <typename Then>
  static void WithUse(plan::CountGroup::Use use, const Then& then);

  // What a node comes to in many rows (count_rows.cc, count_lists.cc).
  void Sum(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums);
  void SumLists(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums);
  void SumChain(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums);
  void SumRowByRow(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums);
  std::uint64_t NumberInRow(std::size_t index, const Frame& in, std::uint32_t row);
  void CorrectRows(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums);
  void SumBetweenLists(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums);
  void SumUnderPairs(std::size_t index, const Frame& in, const PairTable& pairs,
                     std::vector<std::uint64_t>* sums);
  void SumUnderMarks(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums);
  void SumTwins(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums);
  void SumTwinsInList(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums);
  void SortEnds(const Node& node, NodeId from);
  std::uint64_t TwinsInList(const Node& node, const Node& twin, NodeId from);
  template <typename Count>
  void ForEachPairOfLists(const Link& near, const Link& far, const Frame& in, const Count& count);
  template <typename Count>
  std::uint64_t SumClosed(const Node& node, NodeList list, std::span<const NodeId* const> others,
                          std::uint32_t row, const Count& count);
  void SumEnds(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums);
  void Settle(const Node& node, const Frame& in, Frame* frame, std::vector<std::uint64_t>* sums);
  void Close(const Node& node, const Link& link, const Frame& in, Frame* frame);
  static void Fetch(const CountTree::Lane& lane, const NodeId* from, std::uint32_t rows,
                    std::vector<NodeList>* lists);
  std::uint64_t SumList(const Node& node, const CountTree::Lane& lane, NodeList list, NodeId from);
  static std::uint64_t CountOf(const CountTree::Lane& lane, NodeList list, NodeId from, NodeId end);
  std::uint64_t SumOfExcluded(const Node& node, const CountTree::Lane& lane,
                              const storage::Slice& slice, NodeId from,
                              std::span<const NodeId* const> others, std::uint32_t row);

  /// Lengths of the lists of rows that are looked at together, and their products.
  struct Degrees {
    using Bytes = std::array<std::uint8_t, kTogether>;
    std::array<Bytes, 4> sizes;
    Bytes more;
    std::array<std::uint32_t, kTogether> worth;
  };

  const CountTree& tree_;
  std::vector<NodeId> bound_;  ///< By At.
  std::vector<Marks> marks_;
  std::vector<Kept> kept_;
  std::vector<OnlyFarTable> only_far_;  ///< By node.
  std::vector<Frame> frames_;           ///< By node.
  Frame top_;
  std::vector<NodeList> lists_, near_lists_;
  std::vector<NodeId> far_;
  std::vector<NodeId> ends_;
  std::vector<NodeId> excluded_;  ///< What an end must differ from, in WalkUnderMarks …
  std::vector<std::uint8_t> marks_of_excluded_;  ///< … and their marks.
  std::vector<std::uint64_t> sizes_, more_sizes_;
  Degrees degrees_;
  std::vector<NeedCount> need_counts_;
  bool overflowed_ = false;
};

/// Calls use(row, number) for each of `rows` rows that comes to more than 0. The nodes of `places`
/// stand in `columns`.
template <typename Use>
void Counter::ForEachProduct(const CountTree::Product& product, std::span<const At> places,
                             std::span<const NodeId* const> columns, std::uint32_t rows,
                             const Use& use) {
  top_.places.assign(places.begin(), places.end());
  for (std::uint32_t begin = 0; begin < rows; begin += kTogether) {
    Begin(product, columns, begin, std::min(kTogether, rows - begin));
    for (std::uint32_t i = 0; i < top_.size(); ++i) use(top_.rows[i], top_.worth[i]);
  }
}

}  // namespace kb::query::exec
