// Finds, for every node of a pattern, the predicates that an index or the node's id can answer:
// `n.key = e`, `n.key IN e`, ranges and STARTS WITH over an index on one of the node's labels, and
// `id(n) = e`. They are noted beside the pattern; order_joins decides whether one pays.
#include <algorithm>

#include "query/optimize/cost.h"
#include "query/optimize/pass_list.h"
#include "query/optimize/rewrite.h"

namespace kb::query::optimize {
namespace {

using Op = ast::ComparisonOperator;

/// A predicate seen as `subject op value`.
struct Comparison {
  const bind::Expression* subject;
  Op op;
  ExpressionPtr value;
};

bool IsSlot(const ExpressionPtr& e, Slot slot) {
  const auto* ref = std::get_if<bind::SlotRef>(&e->node);
  return ref != nullptr && ref->slot == slot;
}

/// The key, if the expression is a property of the slot.
const std::string* PropertyOf(const bind::Expression& e, Slot slot) {
  const auto* property = std::get_if<bind::Property>(&e.node);
  return property != nullptr && IsSlot(property->subject, slot) ? &property->key : nullptr;
}

bool IsIdOf(const bind::Expression& e, Slot slot) {
  const auto* call = std::get_if<bind::Call>(&e.node);
  return call != nullptr && call->function->name == "id" && call->arguments.size() == 1 &&
         IsSlot(call->arguments[0], slot);
}

class Finder {
 public:
  Finder(const storage::View& view, plan::MatchPattern* match) : view_(view), match_(match) {}

  void Run() {
    for (std::size_t i = 0; i < match_->pattern.nodes.size(); ++i) {
      if (match_->pattern.nodes[i].bound) continue;
      node_ = i;
      slot_ = match_->pattern.nodes[i].slot;
      labels_ = RequiredNames(match_->pattern.nodes[i].labels);
      for (std::size_t p = 0; p < match_->predicates.size(); ++p) Consider(p);
      ConsiderSeveralKeys();
    }
  }

 private:
  void Consider(std::size_t at) {
    const ExpressionPtr& predicate = match_->predicates[at];
    if (const auto* c = std::get_if<bind::Comparison>(&predicate->node)) {
      ConsiderComparison(at, {c->left.get(), c->op, c->right});
      ConsiderComparison(at, {c->right.get(), plan::Mirrored(c->op), c->left});
    } else if (const auto* b = std::get_if<bind::Binary>(&predicate->node)) {
      if (b->op == ast::BinaryOperator::kIn) ConsiderIn(at, *b);
      if (b->op == ast::BinaryOperator::kStartsWith) ConsiderPrefix(at, *b);
    }
  }

  void ConsiderComparison(std::size_t at, const Comparison& c) {
    if (plan::SlotsOf(*c.value).contains(slot_)) return;
    if (IsIdOf(*c.subject, slot_) && c.op == Op::kEqual) {
      Add({node_, plan::IdSeek{slot_, c.value, false}, {at}, 1});
      return;
    }
    const std::string* key = PropertyOf(*c.subject, slot_);
    if (key == nullptr || c.op == Op::kNotEqual) return;
    ForEachIndex(*key, [&](const std::string& label, double nodes, double distinct) {
      if (c.op == Op::kEqual) {
        Add({node_,
             plan::IndexSeek{slot_, label, *key, c.value, false, {}},
             {at},
             nodes / distinct});
        return;
      }
      AddRange(at, label, *key, c, nodes * 0.3);
    });
  }

  /// A second bound on the same key joins the range that the first one made.
  void AddRange(std::size_t at, const std::string& label, const std::string& key,
                const Comparison& c, double rows) {
    const bool lower = c.op == Op::kGreater || c.op == Op::kGreaterEqual;
    const bool inclusive = c.op == Op::kGreaterEqual || c.op == Op::kLessEqual;
    const auto set = [&](plan::IndexRange& range) {
      (lower ? range.lower : range.upper) = c.value;
      (lower ? range.lower_inclusive : range.upper_inclusive) = inclusive;
    };
    for (auto& seek : match_->seeks) {
      auto* range = std::get_if<plan::IndexRange>(&seek.leaf);
      if (seek.node != node_ || range == nullptr || range->label != label || range->key != key ||
          range->prefix || (lower ? range->lower : range->upper)) {
        continue;
      }
      set(*range);
      seek.predicates.push_back(at);
      seek.rows /= 3;
      return;
    }
    plan::IndexRange range{slot_, label, key, nullptr, nullptr, true, true, nullptr};
    set(range);
    Add({node_, std::move(range), {at}, rows});
  }

  void ConsiderIn(std::size_t at, const bind::Binary& in) {
    if (plan::SlotsOf(*in.right).contains(slot_)) return;
    double elements = 10;
    if (const auto* list = std::get_if<bind::Constant>(&in.right->node)) {
      if (!list->value.is_list()) return;
      elements = static_cast<double>(list->value.list().size());
    }
    if (IsIdOf(*in.left, slot_)) {
      Add({node_, plan::IdSeek{slot_, in.right, true}, {at}, elements});
    } else if (const std::string* key = PropertyOf(*in.left, slot_)) {
      ForEachIndex(*key, [&](const std::string& label, double nodes, double distinct) {
        Add({node_,
             plan::IndexSeek{slot_, label, *key, in.right, true, {}},
             {at},
             elements * nodes / distinct});
      });
    }
  }

  void ConsiderPrefix(std::size_t at, const bind::Binary& starts_with) {
    const std::string* key = PropertyOf(*starts_with.left, slot_);
    if (key == nullptr || plan::SlotsOf(*starts_with.right).contains(slot_)) return;
    ForEachIndex(*key, [&](const std::string& label, double nodes, double) {
      plan::IndexRange range{slot_, label, *key, nullptr, nullptr, true, true, starts_with.right};
      Add({node_, std::move(range), {at}, nodes * 0.1});
    });
  }

  /// Indexes over several properties, for all of which the pattern wants a value.
  void ConsiderSeveralKeys() {
    const schema::Catalog& catalog = view_.catalog();
    if (!view_.quality().exact_index) return;
    for (const auto& index : catalog.indexes()) {
      const schema::Subject& subject = index.subject;
      if (subject.on_relationships || subject.keys.size() < 2) continue;
      const std::string label(catalog.Name(subject.label));
      if (std::find(labels_.begin(), labels_.end(), label) == labels_.end()) continue;
      plan::IndexSeek seek{slot_, label, std::string(catalog.Name(subject.keys[0])), {}, false, {}};
      bind::ListOf wanted;
      std::vector<std::size_t> answered;
      for (const schema::KeyId key : subject.keys) {
        const auto [at, value] = FindEquality(catalog.Name(key));
        if (!value) break;
        answered.push_back(at);
        wanted.items.push_back(value);
        if (wanted.items.size() > 1) seek.more_keys.emplace_back(catalog.Name(key));
      }
      if (wanted.items.size() != subject.keys.size()) continue;
      seek.value = plan::MakeExpression(std::move(wanted), {}, functions::Set(schema::Kind::kList));
      const double nodes = static_cast<double>(view_.NodeCount(subject.label));
      const double distinct = static_cast<double>(view_.IndexDistinct(index.id));
      Add({node_, std::move(seek), std::move(answered), nodes / std::max(1.0, distinct)});
    }
  }

  /// The predicate that compares the node's property with a value known before it, and the value.
  std::pair<std::size_t, ExpressionPtr> FindEquality(std::string_view key) const {
    for (std::size_t at = 0; at < match_->predicates.size(); ++at) {
      const auto* c = std::get_if<bind::Comparison>(&match_->predicates[at]->node);
      if (c == nullptr || c->op != Op::kEqual) continue;
      for (const auto& [side, value] : {std::pair{c->left, c->right}, {c->right, c->left}}) {
        const std::string* property = PropertyOf(*side, slot_);
        if (property == nullptr || *property != key) continue;
        if (!plan::SlotsOf(*value).contains(slot_)) return {at, value};
      }
    }
    return {0, nullptr};
  }

  template <typename Use>
  void ForEachIndex(const std::string& key, Use&& use) {
    const schema::Catalog& catalog = view_.catalog();
    const auto key_id = catalog.FindKey(key);
    if (!key_id || !view_.quality().exact_index) return;
    for (const auto& label : labels_) {
      const auto label_id = catalog.FindLabel(label);
      if (!label_id) continue;
      const schema::IndexDefinition* index = catalog.FindIndex(*label_id, *key_id);
      if (index == nullptr) continue;
      const double nodes = static_cast<double>(view_.NodeCount(*label_id));
      const double distinct = static_cast<double>(view_.IndexDistinct(index->id));
      use(label, nodes, std::max(1.0, distinct));
    }
  }

  void Add(plan::Seek seek) { match_->seeks.push_back(std::move(seek)); }

  const storage::View& view_;
  plan::MatchPattern* match_;
  std::size_t node_ = 0;
  Slot slot_ = bind::kNoSlot;
  std::vector<std::string> labels_;
};

}  // namespace

Result<void> UseIndex(Context& context) {
  ForEachTree(context.plan, [&](OperatorPtr& root) {
    BottomUp(root, [&](OperatorPtr& op) {
      if (auto* match = As<plan::MatchPattern>(op)) Finder(context.view, match).Run();
    });
  });
  return {};
}

}  // namespace kb::query::optimize
