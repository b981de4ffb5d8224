// Walking and comparing bound expressions.
#pragma once

#include <type_traits>
#include <variant>

#include "query/bind/bound.h"

namespace kb::query::bind {

/// Calls `visit(ExpressionPtr&)` (const if `node` is) for each place of a child, absent ones (null)
/// included, always in the same order. What is inside a subquery is not a child.
template <typename Node, typename Visit>
void ForEachChild(Node& node, const Visit& visit);

/// Whether both give the same value in every row: equal but for their spans and for the slots of
/// variables that they introduce themselves. Two subqueries are the same only if they are one.
bool AreSame(const Expression& a, const Expression& b);

bool ContainsAggregate(const Expression& expression);

/// `a` or `a.b.c`: a slot, or a property of one.
bool IsSlotOrProperty(const Expression& expression);

// --- Body ---------------------------------------------------------------------------------------

template <typename Visit>
struct ChildVisitor {
  const Visit& visit;

  template <typename T>
  void operator()(T& node) const {
    using Plain = std::remove_const_t<T>;
    if constexpr (std::is_same_v<Plain, Property>) {
      visit(node.subject);
    } else if constexpr (std::is_same_v<Plain, Subscript>) {
      visit(node.subject), visit(node.index);
    } else if constexpr (std::is_same_v<Plain, Slice>) {
      visit(node.subject), visit(node.from), visit(node.to);
    } else if constexpr (std::is_same_v<Plain, ListOf>) {
      for (auto& item : node.items) visit(item);
    } else if constexpr (std::is_same_v<Plain, MapOf>) {
      for (auto& entry : node.entries) visit(entry.second);
    } else if constexpr (std::is_same_v<Plain, MapProjection>) {
      visit(node.subject);
      for (auto& entry : node.entries) visit(entry.second);
    } else if constexpr (std::is_same_v<Plain, Binary> || std::is_same_v<Plain, Comparison>) {
      visit(node.left), visit(node.right);
    } else if constexpr (std::is_same_v<Plain, Call> || std::is_same_v<Plain, Aggregate>) {
      for (auto& argument : node.arguments) visit(argument);
    } else if constexpr (std::is_same_v<Plain, Case>) {
      visit(node.subject);
      for (auto& branch : node.branches) visit(branch.first), visit(branch.second);
      visit(node.otherwise);
    } else if constexpr (std::is_same_v<Plain, ListComprehension>) {
      visit(node.list), visit(node.predicate), visit(node.projection);
    } else if constexpr (std::is_same_v<Plain, Quantifier>) {
      visit(node.list), visit(node.predicate);
    } else if constexpr (std::is_same_v<Plain, Reduce>) {
      visit(node.initial), visit(node.list), visit(node.step), visit(node.predicate);
    } else if constexpr (std::is_same_v<Plain, Unary> || std::is_same_v<Plain, IsNull> ||
                         std::is_same_v<Plain, HasLabels>) {
      visit(node.operand);
    } else {
      static_assert(std::is_same_v<Plain, Constant> || std::is_same_v<Plain, Parameter> ||
                    std::is_same_v<Plain, SlotRef> || std::is_same_v<Plain, PathOf> ||
                    std::is_same_v<Plain, Subquery>);
    }
  }
};

template <typename Node, typename Visit>
void ForEachChild(Node& node, const Visit& visit) {
  std::visit(ChildVisitor<Visit>{visit}, node);
}

}  // namespace kb::query::bind
