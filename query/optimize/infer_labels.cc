// A node that says no label, but stands only in relationships (or walks of them) whose ends there
// all carry one, is given that label: then it can be scanned, and its nodes counted, like one that
// says so.
//
//   MATCH ()-[k:KNOWS]->() RETURN max(k.since)      NodeScan :Person instead of all nodes
//
// That every end carries a label is a fact of the data, known from exact counters; the plan rests
// on it (Plan::assumptions). A label is given only if every relationship of the node warrants it,
// so that it never has to be tested.
#include <algorithm>

#include "query/optimize/cost.h"
#include "query/optimize/join_order.h"
#include "query/optimize/pass_list.h"
#include "query/optimize/rewrite.h"

namespace kb::query::optimize {
namespace {

class Inference {
 public:
  Inference(Context& context, plan::MatchPattern* match)
      : context_(context), cost_(context.view), pattern_(match->pattern) {}

  void Run() {
    for (std::size_t i = 0; i < pattern_.nodes.size(); ++i) {
      bind::PatternNode& node = pattern_.nodes[i];
      if (node.bound || node.labels) continue;
      std::vector<plan::EndLabel> ends = EndsAt(i);
      const std::string label = ends.empty() ? std::string() : LabelOf(&ends);
      if (label.empty()) continue;
      auto test = std::make_shared<bind::LabelTest>();
      test->name = label;
      node.labels = std::move(test);
      auto& assumptions = context_.plan.assumptions;
      assumptions.insert(assumptions.end(), ends.begin(), ends.end());
    }
  }

 private:
  /// The steps that lead to a node, without labels yet; none if one of them is not so plain.
  std::vector<plan::EndLabel> EndsAt(std::size_t node) const {
    std::vector<plan::EndLabel> ends;
    for (std::size_t i = 0; i < pattern_.relationships.size(); ++i) {
      const auto& r = pattern_.relationships[i];
      if (r.left != node && r.right != node) continue;
      if (!IsPlain(i) || cost_.Relationships(r.types, r.direction, "") == 0) return {};
      if (r.right == node) ends.push_back({r.types, r.direction, {}});
      if (r.left == node) ends.push_back({r.types, schema::Reverse(r.direction), {}});
    }
    return ends;
  }

  /// One relationship, or a walk of some that is not searched for by its ends.
  bool IsPlain(std::size_t index) const {
    const auto& r = pattern_.relationships[index];
    if (r.route || r.type_test) return false;
    if (!r.variable_length) return true;
    return r.min != 0 && !IsShortest(pattern_, index) && !IsSelected(pattern_, index);
  }

  /// The rarest label that all of the ends carry, which is noted in them; "" if there is none.
  std::string LabelOf(std::vector<plan::EndLabel>* ends) const {
    std::string rarest;
    for (const std::string& name : context_.view.catalog().label_names()) {
      const bool is_rarer = rarest.empty() || cost_.Nodes(name) < cost_.Nodes(rarest);
      if (is_rarer && std::all_of(ends->begin(), ends->end(), [&](const plan::EndLabel& end) {
            return cost_.EndAlways(end.types, end.direction, name);
          })) {
        rarest = name;
      }
    }
    for (plan::EndLabel& end : *ends) end.label = rarest;
    return rarest;
  }

  Context& context_;
  const Cost cost_;
  bind::Pattern& pattern_;
};

}  // namespace

Result<void> InferLabels(Context& context) {
  if (!context.view.quality().exact_counts) return {};
  ForEachTree(context.plan, [&](OperatorPtr& root) {
    BottomUp(root, [&](OperatorPtr& op) {
      if (auto* match = As<plan::MatchPattern>(op)) Inference(context, match).Run();
    });
  });
  return {};
}

}  // namespace kb::query::optimize
