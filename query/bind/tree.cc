#include "query/bind/tree.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace kb::query::bind {
namespace {

bool AreSameTests(const LabelTestPtr& a, const LabelTestPtr& b) {
  if (a == b) return true;
  if (!a || !b || a->op != b->op || a->name != b->name) return false;
  return std::equal(a->operands.begin(), a->operands.end(), b->operands.begin(), b->operands.end(),
                    AreSameTests);
}

template <typename Entries>
bool HaveSameKeys(const Entries& a, const Entries& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first; });
}

/// Compares two trees; `locals_` pairs the variables that each introduces itself.
class Comparer {
 public:
  bool Compare(const Expression& a, const Expression& b) {
    if (a.node.index() != b.node.index()) return false;
    const std::size_t mark = locals_.size();
    const bool same = std::visit(
        [&](const auto& x) {
          using Node = std::decay_t<decltype(x)>;
          return Shallow(x, *std::get_if<Node>(&b.node));
        },
        a.node);
    const bool whole = same && CompareChildren(a, b);
    locals_.resize(mark);
    return whole;
  }

 private:
  bool CompareChildren(const Expression& a, const Expression& b) {
    std::vector<const Expression*> left, right;
    ForEachChild(a.node, [&](const ExpressionPtr& child) { left.push_back(child.get()); });
    ForEachChild(b.node, [&](const ExpressionPtr& child) { right.push_back(child.get()); });
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [this](const Expression* x, const Expression* y) {
                        if (x == nullptr || y == nullptr) return x == y;
                        return x == y || Compare(*x, *y);
                      });
  }

  bool Local(Slot a, Slot b) { return locals_.emplace_back(a, b), true; }

  bool SameSlot(Slot a, Slot b) const {
    for (auto pair = locals_.rbegin(); pair != locals_.rend(); ++pair) {
      if (pair->first == a || pair->second == b) return pair->first == a && pair->second == b;
    }
    return a == b;
  }

  bool Shallow(const Constant& a, const Constant& b) {
    return a.value.kind() == b.value.kind() && a.value.ToText() == b.value.ToText();
  }
  bool Shallow(const Parameter& a, const Parameter& b) { return a.name == b.name; }
  bool Shallow(const SlotRef& a, const SlotRef& b) { return SameSlot(a.slot, b.slot); }
  bool Shallow(const Property& a, const Property& b) { return a.key == b.key; }
  bool Shallow(const Subscript&, const Subscript&) { return true; }
  bool Shallow(const Slice&, const Slice&) { return true; }
  bool Shallow(const ListOf&, const ListOf&) { return true; }
  bool Shallow(const MapOf& a, const MapOf& b) { return HaveSameKeys(a.entries, b.entries); }
  bool Shallow(const MapProjection& a, const MapProjection& b) {
    return a.all_properties == b.all_properties && HaveSameKeys(a.entries, b.entries);
  }
  bool Shallow(const Unary& a, const Unary& b) { return a.op == b.op; }
  bool Shallow(const Binary& a, const Binary& b) { return a.op == b.op; }
  bool Shallow(const Comparison& a, const Comparison& b) { return a.op == b.op; }
  bool Shallow(const IsNull& a, const IsNull& b) { return a.negated == b.negated; }
  bool Shallow(const HasLabels& a, const HasLabels& b) { return AreSameTests(a.test, b.test); }
  bool Shallow(const Call& a, const Call& b) { return a.function == b.function; }
  bool Shallow(const Case& a, const Case& b) { return a.branches.size() == b.branches.size(); }
  bool Shallow(const ListComprehension& a, const ListComprehension& b) {
    return Local(a.variable, b.variable);
  }
  bool Shallow(const Quantifier& a, const Quantifier& b) {
    return a.kind == b.kind && Local(a.variable, b.variable);
  }
  bool Shallow(const Reduce& a, const Reduce& b) {
    return Local(a.accumulator, b.accumulator) && Local(a.variable, b.variable);
  }
  bool Shallow(const PathOf& a, const PathOf& b) {
    return std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(),
                      [this](const PathOf::Part& x, const PathOf::Part& y) {
                        return SameSlot(x.slot, y.slot) && x.is_node == y.is_node &&
                               x.is_list == y.is_list;
                      });
  }
  bool Shallow(const Subquery& a, const Subquery& b) { return a.query == b.query; }
  bool Shallow(const Aggregate& a, const Aggregate& b) {
    return a.function == b.function && a.distinct == b.distinct;
  }

  std::vector<std::pair<Slot, Slot>> locals_;
};

}  // namespace

bool AreSame(const Expression& a, const Expression& b) { return Comparer().Compare(a, b); }

bool ContainsAggregate(const Expression& expression) {
  if (std::holds_alternative<Aggregate>(expression.node)) return true;
  bool found = false;
  ForEachChild(expression.node, [&](const ExpressionPtr& child) {
    found = found || (child && ContainsAggregate(*child));
  });
  return found;
}

bool IsSlotOrProperty(const Expression& expression) {
  if (const auto* property = std::get_if<Property>(&expression.node)) {
    return IsSlotOrProperty(*property->subject);
  }
  return std::holds_alternative<SlotRef>(expression.node);
}

}  // namespace kb::query::bind
