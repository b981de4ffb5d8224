// What conditions between consecutive steps of a walk are made of: properties of the two, a limit
// that no row decides, and a comparison of integers.
#pragma once

#include <cstdint>
#include <variant>

#include "query/bind/bound.h"

namespace kb::query::exec {

/// The property of a slot that an expression is; null if it is none.
inline const bind::Property* PropertyOf(const bind::Expression& e, bind::Slot slot) {
  const auto* property = std::get_if<bind::Property>(&e.node);
  if (property == nullptr) return nullptr;
  const auto* subject = std::get_if<bind::SlotRef>(&property->subject->node);
  return subject != nullptr && subject->slot == slot ? property : nullptr;
}

inline bool IsWithoutRow(const bind::Expression& e) {
  return std::holds_alternative<bind::Constant>(e.node) ||
         std::holds_alternative<bind::Parameter>(e.node);
}

inline bool HoldsBetween(ast::ComparisonOperator op, std::int64_t left, std::int64_t right) {
  switch (op) {
    case ast::ComparisonOperator::kLess:
      return left < right;
    case ast::ComparisonOperator::kLessEqual:
      return left <= right;
    case ast::ComparisonOperator::kGreater:
      return left > right;
    case ast::ComparisonOperator::kGreaterEqual:
      return left >= right;
    case ast::ComparisonOperator::kEqual:
      return left == right;
    case ast::ComparisonOperator::kNotEqual:
      return left != right;
  }
  return false;
}

}  // namespace kb::query::exec
