#include "query/exec/item_setter.h"

#include <optional>
#include <unordered_set>

#include "query/functions/entity.h"
#include "query/plan/walk.h"

namespace kb::query::exec {
namespace {

/// What is set: a node, a relationship, or nothing (null).
struct Target {
  std::optional<NodeId> node;
  std::optional<RelationshipRef> relationship;
  bool is_null() const { return !node && !relationship; }
};

Result<Target> TargetOf(const Value& value, Span span) {
  if (value.is_null()) return Target{};
  if (value.is_node()) return Target{value.node(), {}};
  if (value.is_relationship()) return Target{{}, value.relationship()};
  return TypeError("properties can be set on nodes and relationships, but this is {}",
                   schema::KindName(value.kind()))
      .Detail("InvalidArgumentType")
      .At(span);
}

/// Sets one property (null removes); a name that is not known is only made for a value.
Result<void> Put(Runtime& runtime, const Target& target, std::string_view name, const Value& value,
                 Span span) {
  storage::Transaction& transaction = *runtime.transaction();
  KB_ASSIGN(const schema::KeyId key, transaction.Key(name));
  const auto outcome = target.node ? transaction.SetProperty(*target.node, key, value)
                                   : transaction.SetProperty(*target.relationship, key, value);
  if (!outcome.ok()) return Error(outcome.error()).At(span);
  return {};
}

using NamedValues = std::vector<std::pair<std::string, Value>>;

template <typename Entity>
NamedValues PropertiesOf(const storage::View& view, const Entity& entity) {
  NamedValues values;
  for (auto& [key, value] : view.Properties(entity)) {
    values.emplace_back(view.catalog().Name(key), std::move(value));
  }
  return values;
}

/// The right side of `n = …`, `n += …`: a map, or the properties of an entity.
Result<NamedValues> EntriesOf(const storage::View& view, const Value& value, Span span) {
  if (value.is_null()) return NamedValues{};
  if (value.is_map()) return NamedValues(value.map().begin(), value.map().end());
  if (value.is_node()) return PropertiesOf(view, value.node());
  if (value.is_relationship()) return PropertiesOf(view, value.relationship());
  return TypeError("properties are set from a map, a node or a relationship, but this is {}",
                   schema::KindName(value.kind()))
      .Detail("InvalidArgumentType")
      .At(span);
}

/// The slots and expressions of an item, for ItemSetter's constructor.
struct Mentions {
  std::unordered_set<Slot> slots;
  bool reads_graph = false;

  void Add(const bind::ExpressionPtr& expression) {
    if (!expression) return;
    plan::CollectSlots(*expression, &slots);
    reads_graph = reads_graph || plan::ReadsGraph(*expression);
  }
  void operator()(const bind::SetProperty& item) {
    Add(item.target), Add(item.dynamic_key), Add(item.value);
  }
  void operator()(const bind::SetProperties& item) {
    Add(item.target), Add(item.value);
    reads_graph = true;  // which properties are there to be replaced
  }
  void operator()(const bind::SetLabels& item) { Labels(item); }
  void operator()(const bind::RemoveLabels& item) { Labels(item); }
  template <typename Item>
  void Labels(const Item& item) {
    slots.insert(item.slot);
    for (const auto& names : item.computed) Add(names);
  }
};

}  // namespace

ItemSetter::ItemSetter(Runtime& runtime, const std::vector<bind::SetItem>& items,
                       bind::EvidencePtr evidence)
    : runtime_(runtime), testimonies_(runtime, std::move(evidence)), items_(items) {
  Mentions mentions;
  for (const auto& item : items) std::visit(mentions, item);
  reads_graph_ = mentions.reads_graph;
  if (mentions.slots.size() == 1) only_slot_ = *mentions.slots.begin();
}

bool ItemSetter::RowsAreIndependent(const Batch& batch) const {
  if (!reads_graph_ || batch.rows == 1) return true;
  if (only_slot_ == bind::kNoSlot) return false;
  std::unordered_set<std::uint64_t> seen;
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    const Value value = batch.column(only_slot_).Get(row);
    if (value.is_null()) continue;
    if (!value.is_node() && !value.is_relationship()) return false;
    const std::uint64_t id =
        value.is_node() ? std::uint64_t{schema::Raw(value.node())} : value.relationship().id();
    if (!seen.insert(id).second) return false;
  }
  return true;
}

Result<void> ItemSetter::Apply(Batch* batch) {
  if (items_.empty()) return {};
  OwnText(batch);
  if (RowsAreIndependent(*batch)) {
    KB_TRY(testimonies_.Evaluate(*batch));
    for (const auto& item : items_) KB_TRY(ApplyItem(item, *batch));
    return {};
  }
  Batch one;
  for (std::uint32_t row = 0; row < batch->rows; ++row) {
    const std::uint32_t rows[] = {row};
    one.GatherFrom(*batch, rows, nullptr);
    KB_TRY(testimonies_.Evaluate(one));
    for (const auto& item : items_) KB_TRY(ApplyItem(item, one));
  }
  return {};
}

Result<void> ItemSetter::ApplyItem(const bind::SetItem& item, const Batch& batch) {
  return std::visit([&](const auto& one) { return ApplyOne(one, batch); }, item);
}

Result<void> ItemSetter::ApplyOne(const bind::SetProperty& item, const Batch& batch) {
  Vector targets, values, keys;
  KB_TRY(eval::Evaluate(*item.target, batch, runtime_.eval(), &targets));
  KB_TRY(eval::Evaluate(*item.value, batch, runtime_.eval(), &values));
  if (values.repr() == Repr::kString) values.Box();
  if (item.dynamic_key) {
    KB_TRY(eval::Evaluate(*item.dynamic_key, batch, runtime_.eval(), &keys));
    keys.Box();
  }
  const WriteScope writing(runtime_);
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    KB_ASSIGN(const Target target, TargetOf(targets.Get(row), item.target->span));
    if (target.is_null()) continue;
    std::string name = item.key;
    if (item.dynamic_key) {
      const Value key = keys.Get(row);
      if (!key.is_string()) {
        return TypeError("a property's name is a string, but this is {}",
                         schema::KindName(key.kind()))
            .Detail("InvalidArgumentType")
            .At(item.dynamic_key->span);
      }
      name = key.string();
    }
    KB_TRY(testimonies_.Begin(row));
    KB_TRY(Put(runtime_, target, name, values.Get(row), item.value->span));
  }
  testimonies_.End();
  return {};
}

Result<void> ItemSetter::ApplyOne(const bind::SetProperties& item, const Batch& batch) {
  Vector targets, values;
  KB_TRY(eval::Evaluate(*item.target, batch, runtime_.eval(), &targets));
  KB_TRY(eval::Evaluate(*item.value, batch, runtime_.eval(), &values));
  struct Edit {
    std::uint32_t row;
    Target target;
    NamedValues entries;
  };
  std::vector<Edit> edits;
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    KB_ASSIGN(const Target target, TargetOf(targets.Get(row), item.target->span));
    if (target.is_null()) continue;
    KB_ASSIGN(NamedValues entries, EntriesOf(runtime_.view(), values.Get(row), item.value->span));
    if (!item.merge) {
      const NamedValues present = target.node ? PropertiesOf(runtime_.view(), *target.node)
                                              : PropertiesOf(runtime_.view(), *target.relationship);
      NamedValues removed;
      for (const auto& [name, value] : present) {
        bool stays = false;
        for (const auto& entry : entries) stays = stays || entry.first == name;
        if (!stays) removed.emplace_back(name, Value::Null());
      }
      entries.insert(entries.begin(), removed.begin(), removed.end());
    }
    edits.push_back({row, target, std::move(entries)});
  }
  const WriteScope writing(runtime_);
  for (const Edit& edit : edits) {
    KB_TRY(testimonies_.Begin(edit.row));
    for (const auto& [name, value] : edit.entries) {
      KB_TRY(Put(runtime_, edit.target, name, value, item.value->span));
    }
  }
  testimonies_.End();
  return {};
}

template <typename Each>
Result<void> ItemSetter::ForEachComputed(const std::vector<bind::ExpressionPtr>& computed,
                                         Slot slot, const Batch& batch, const Each& each) {
  for (const auto& expression : computed) {
    Vector values;
    KB_TRY(eval::Evaluate(*expression, batch, runtime_.eval(), &values));
    values.Box();
    const WriteScope writing(runtime_);
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      KB_ASSIGN(const NodeId node, NodeAt(batch.column(slot), row));
      if (node == schema::kNoNode) continue;
      const auto names = functions::NamesIn(values.Get(row));
      if (!names.ok()) return Error(names.error()).At(expression->span);
      for (const auto& name : *names) KB_TRY(each(row, node, name));
    }
  }
  return {};
}

Result<void> ItemSetter::ApplyOne(const bind::SetLabels& item, const Batch& batch) {
  const auto add = [&](std::uint32_t row, NodeId node, const std::string& name) -> Result<void> {
    KB_ASSIGN(const schema::LabelId label, runtime_.transaction()->Label(name));
    KB_TRY(testimonies_.Begin(row));
    return runtime_.transaction()->AddLabel(node, label);
  };
  {
    const WriteScope writing(runtime_);
    for (const auto& name : item.labels) {
      for (std::uint32_t row = 0; row < batch.rows; ++row) {
        KB_ASSIGN(const NodeId node, NodeAt(batch.column(item.slot), row));
        if (node != schema::kNoNode) KB_TRY(add(row, node, name));
      }
    }
    testimonies_.End();
  }
  KB_TRY(ForEachComputed(item.computed, item.slot, batch, add));
  testimonies_.End();
  return {};
}

Result<void> ItemSetter::ApplyOne(const bind::RemoveLabels& item, const Batch& batch) {
  std::vector<schema::LabelId> labels;
  for (const auto& name : item.labels) {
    if (const auto label = runtime_.catalog().FindLabel(name)) labels.push_back(*label);
  }
  {
    const WriteScope writing(runtime_);
    for (const schema::LabelId label : labels) {
      for (std::uint32_t row = 0; row < batch.rows; ++row) {
        KB_ASSIGN(const NodeId node, NodeAt(batch.column(item.slot), row));
        if (node == schema::kNoNode) continue;
        KB_TRY(runtime_.transaction()->RemoveLabel(node, label));
      }
    }
  }
  return ForEachComputed(
      item.computed, item.slot, batch,
      [&](std::uint32_t, NodeId node, const std::string& name) -> Result<void> {
        const auto label = runtime_.transaction()->view().catalog().FindLabel(name);
        return label ? runtime_.transaction()->RemoveLabel(node, *label) : Result<void>();
      });
}

}  // namespace kb::query::exec
