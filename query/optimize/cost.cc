#include "query/optimize/cost.h"

#include <algorithm>

namespace kb::query::optimize {
namespace {

using schema::Direction;

constexpr double kEqualityShare = 0.05;
constexpr double kRangeShare = 0.3;
constexpr double kOtherShare = 0.5;

}  // namespace

double Cost::Nodes() const { return static_cast<double>(view_.NodeCount()); }

double Cost::Nodes(const std::string& label) const {
  const auto id = view_.catalog().FindLabel(label);
  return id ? static_cast<double>(view_.NodeCount(*id)) : 0.0;
}

double Cost::Relationships(const plan::NameList& types, Direction direction,
                           const std::string& label) const {
  const schema::Catalog& catalog = view_.catalog();
  std::optional<schema::LabelId> label_id;
  if (!label.empty()) {
    label_id = catalog.FindLabel(label);
    if (!label_id) return 0.0;
  }
  double sum = 0;
  const auto add = [&](schema::TypeId type) {
    sum += static_cast<double>(label_id ? view_.RelationshipCount(type, direction, *label_id)
                                        : view_.RelationshipCount(type));
  };
  if (types.empty()) {
    for (std::uint32_t i = 0; i < catalog.type_count(); ++i) {
      add(static_cast<schema::TypeId>(i));
    }
  }
  for (const auto& name : types) {
    if (const auto type = catalog.FindType(name)) add(*type);
  }
  return sum;
}

double Cost::Degree(const plan::NameList& types, Direction direction,
                    const std::vector<std::string>& labels) const {
  if (direction == Direction::kBoth) {
    return Degree(types, Direction::kOut, labels) + Degree(types, Direction::kIn, labels);
  }
  double best = Relationships(types, direction, "") / std::max(1.0, Nodes());
  bool first = true;
  for (const auto& label : labels) {
    const double degree = Relationships(types, direction, label) / std::max(1.0, Nodes(label));
    best = first ? degree : std::min(best, degree);
    first = false;
  }
  return best;
}

double Cost::Degree(const plan::NameList& types, Direction direction,
                    const std::vector<std::string>& labels,
                    const std::vector<std::string>& to_labels) const {
  if (direction == Direction::kBoth) {
    return Degree(types, Direction::kOut, labels, to_labels) +
           Degree(types, Direction::kIn, labels, to_labels);
  }
  double degree = Degree(types, direction, labels);
  double nodes = Nodes();
  for (const auto& label : labels) nodes = std::min(nodes, Nodes(label));
  for (const auto& label : to_labels) {
    const double ends = Relationships(types, Reverse(direction), label);
    degree = std::min(degree, ends / std::max(1.0, nodes));
  }
  return degree;
}

double Cost::Skew(const plan::NameList& types, Direction direction,
                  const std::vector<std::string>& labels) const {
  return SpreadOf(types, direction, labels).skew;
}

double Cost::Presence(const plan::NameList& types, Direction direction,
                      const std::vector<std::string>& labels) const {
  return SpreadOf(types, direction, labels).presence;
}

const Cost::Spread& Cost::SpreadOf(const plan::NameList& types, Direction direction,
                                   const std::vector<std::string>& labels) const {
  std::string rarest;
  for (const auto& label : labels) {
    if (rarest.empty() || Nodes(label) < Nodes(rarest)) rarest = label;
  }
  const auto [at, is_new] = spreads_.try_emplace({types, direction, rarest});
  if (is_new) {
    const auto label = view_.catalog().FindLabel(rarest);
    if (rarest.empty() || label) at->second = Sample(types, direction, label);
  }
  return at->second;
}

/// Looks at the nodes of a few leaves, in blocks from all over the case: what is not in memory
/// should mostly stay where it is.
Cost::Spread Cost::Sample(const plan::NameList& types, Direction direction,
                          std::optional<schema::LabelId> label) const {
  constexpr std::uint32_t kBlocks = 8;
  constexpr std::uint32_t kNodesEach = 256;
  constexpr std::uint64_t kStride = 7919;  // a prime: the blocks are met in no order
  std::vector<schema::TypeId> ids;
  for (const auto& name : types) {
    if (const auto type = view_.catalog().FindType(name)) ids.push_back(*type);
  }
  double nodes = 0;
  double sum = 0;
  double squares = 0;
  double any = 0;
  std::vector<schema::NodeId> found(storage::kBlockSize);
  const std::uint64_t blocks = view_.block_count();
  for (std::uint64_t i = 0, hits = 0; i < blocks && hits < kBlocks; ++i) {
    const std::uint64_t block = blocks % kStride == 0 ? i : i * kStride % blocks;
    const std::uint32_t count =
        view_.ScanBlock(static_cast<std::uint32_t>(block), label, found.data());
    hits += count != 0 ? 1U : 0U;
    for (std::uint32_t at = 0; at < std::min(count, kNodesEach); ++at) {
      double degree = 0;
      for (const auto type : ids) degree += view_.Degree(type, direction, found[at]);
      ++nodes;
      sum += degree;
      squares += degree * degree;
      any += degree != 0 ? 1 : 0;
    }
  }
  if (sum == 0) return {};  // too few to be in a sample
  return {std::max(1.0, squares * nodes / (sum * sum)), any / nodes};
}

double Cost::EndShare(const plan::NameList& types, Direction direction,
                      const std::string& label) const {
  if (direction == Direction::kBoth) {
    return (EndShare(types, Direction::kOut, label) + EndShare(types, Direction::kIn, label)) / 2;
  }
  const double all = Relationships(types, direction, "");
  if (all == 0) return 1.0;
  return Relationships(types, Reverse(direction), label) / all;
}

bool Cost::EndAlways(const plan::NameList& types, Direction direction,
                     const std::string& label) const {
  if (!view_.quality().exact_counts) return false;
  const double all = Relationships(types, Direction::kOut, "");
  const auto at = [&](Direction end) { return Relationships(types, end, label) == all; };
  switch (direction) {
    case Direction::kOut:
      return at(Direction::kIn);
    case Direction::kIn:
      return at(Direction::kOut);
    case Direction::kBoth:
      return at(Direction::kIn) && at(Direction::kOut);
  }
  return false;
}

bool Cost::NeverMeet(const std::string& a, const std::string& b) const {
  if (!view_.quality().exact_counts) return false;
  const auto first = view_.catalog().FindLabel(a);
  const auto second = view_.catalog().FindLabel(b);
  return !first || !second || !view_.MayMeet(*first, *second);
}

double Cost::Selectivity(const bind::Expression& predicate) const {
  if (const auto* comparison = std::get_if<bind::Comparison>(&predicate.node)) {
    switch (comparison->op) {
      case ast::ComparisonOperator::kEqual:
        return kEqualityShare;
      case ast::ComparisonOperator::kNotEqual:
        return 0.95;
      case ast::ComparisonOperator::kLess:
      case ast::ComparisonOperator::kLessEqual:
      case ast::ComparisonOperator::kGreater:
      case ast::ComparisonOperator::kGreaterEqual:
        return kRangeShare;
    }
  }
  if (const auto* labels = std::get_if<bind::HasLabels>(&predicate.node)) {
    double share = 1.0;
    for (const auto& name : RequiredNames(labels->test)) {
      share *= Nodes(name) / std::max(1.0, Nodes());
    }
    return share;
  }
  if (const auto* binary = std::get_if<bind::Binary>(&predicate.node)) {
    if (binary->op == ast::BinaryOperator::kStartsWith || binary->op == ast::BinaryOperator::kIn) {
      return 2 * kEqualityShare;
    }
  }
  return kOtherShare;
}

std::vector<std::string> RequiredNames(const bind::LabelTestPtr& test) {
  std::vector<std::string> names;
  if (!test) return names;
  if (test->op == bind::LabelTest::Op::kName) names.push_back(test->name);
  if (test->op == bind::LabelTest::Op::kAnd) {
    for (const auto& operand : test->operands) {
      for (auto& name : RequiredNames(operand)) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      }
    }
  }
  return names;
}

bool IsConjunction(const bind::LabelTestPtr& test) {
  if (!test || test->op == bind::LabelTest::Op::kName) return true;
  return test->op == bind::LabelTest::Op::kAnd &&
         std::all_of(test->operands.begin(), test->operands.end(), IsConjunction);
}

}  // namespace kb::query::optimize
