// StepOrder: the order that a test wants between each step and the one before, as in
// r[i - 1].date < r[i].date.
//
// Walks that grow by such a test meet the same nodes over and over, and most of the steps on from
// them are out of order. The values that decide are read once a node then, not once for each walk
// and step. What is kept is still tested as a whole: only steps are left out for which the test is
// certain not to hold.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "query/exec/steps.h"
#include "query/plan/plan.h"
#include "storage/blocks.h"

namespace kb::query::exec {

class StepOrder {
 public:
  using StepTest = plan::ExpandVariable::StepTest;

  /// What the test asks first, if it is an order of two properties; `reversed`: walks grow against
  /// the pattern.
  static std::optional<StepOrder> Of(const StepTest& test, bool reversed);

  /// Whether a test asks for nothing but this order.
  bool IsAll(const StepTest& test) const { return test.predicate.get() == whole_; }

  /// Before the rest, and again where another view is read: forgets what it knows. The view stays
  /// where it is until then.
  void Start(const storage::View& view);

  /// The values of the steps on from a node, in the order of Steps::ForEach; empty where one is no
  /// integer. Good until the next call.
  std::span<const std::int64_t> ValuesFrom(NodeId node, const Steps& steps, bool reversed);
  /// The value of a step that was taken, if it is an integer.
  std::optional<std::int64_t> ValueOf(const RelationshipRef& taken);
  /// Whether a step with one value may follow on one with another.
  bool Holds(std::int64_t taken, std::int64_t next) const;

 private:
  StepOrder(const bind::Expression* whole, ast::ComparisonOperator op, std::string taken_key,
            std::string next_key)
      : whole_(whole),
        op_(op),
        taken_name_(std::move(taken_key)),
        next_name_(std::move(next_key)) {}

  struct Place {
    std::size_t begin = 0;
    std::size_t count = 0;
  };

  using Values = std::optional<storage::BlocksOfTypes>;  ///< Nothing if nobody has the key.

  static std::optional<std::int64_t> Integer(const RelationshipRef& ref, Values* values);

  const bind::Expression* whole_;  ///< The comparison.
  ast::ComparisonOperator op_;     ///< taken op next
  std::string taken_name_, next_name_;
  Values taken_values_, next_values_;
  boost::unordered_flat_map<std::uint32_t, Place> places_;  ///< By node.
  std::vector<std::int64_t> values_;
};

}  // namespace kb::query::exec
