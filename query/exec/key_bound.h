// KeyBound: what a sort that keeps only the first rows has learnt of the rows it still wants. The
// operators below it may leave out rows that are behind, before they do any work for them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "query/exec/operator.h"
#include "query/plan/plan.h"

namespace kb::query::exec {

/// Written by the sort, read by the operators below it in the same thread.
struct KeyBound {
  bind::ExpressionPtr key;  ///< The first that is sorted by.
  bool descending = false;
  std::optional<Value> value;  ///< Rows whose key is behind it are not wanted; nothing: all are.
};

/// An operator that can leave out rows early.
class TakesKeyBound {
 public:
  virtual ~TakesKeyBound() = default;
  virtual void TakeKeyBound(std::shared_ptr<const KeyBound> bound) = 0;
};

/// Gives the bound to the lowest operator of a chain that can use it, if there is one.
void HandDown(Operator& chain, const std::shared_ptr<const KeyBound>& bound);

/// Appends the rows whose key is not behind the value of the bound, which it has.
void SelectWanted(const Vector& key, const KeyBound& bound, std::vector<std::uint32_t>* rows);

}  // namespace kb::query::exec
