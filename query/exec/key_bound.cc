#include "query/exec/key_bound.h"

#include "query/plan/walk.h"
#include "schema/order.h"

namespace kb::query::exec {

void HandDown(Operator& chain, const std::shared_ptr<const KeyBound>& bound) {
  if (plan::ContainsSubquery(*bound->key) || !plan::IsDeterministic(*bound->key)) return;
  const plan::SlotSet slots = plan::SlotsOf(*bound->key);
  TakesKeyBound* lowest = nullptr;
  for (Operator* op = &chain;; op = &op->inputs()[0]) {
    if (const auto* expand = std::get_if<plan::Expand>(&op->plan().node)) {
      // What the key reads is not there below the operator that finds it.
      if (!expand->into && slots.contains(expand->to)) break;
      if (!expand->relationship_bound && slots.contains(expand->relationship)) break;
    } else if (std::holds_alternative<plan::Filter>(op->plan().node)) {
      if (auto* taker = dynamic_cast<TakesKeyBound*>(op)) lowest = taker;
    } else {
      break;
    }
  }
  if (lowest != nullptr) lowest->TakeKeyBound(bound);
}

void SelectWanted(const Vector& key, const KeyBound& bound, std::vector<std::uint32_t>* rows) {
  const auto select = [&](const auto& is_wanted) {
    const std::size_t before = rows->size();
    rows->resize(before + key.size());
    std::uint32_t* const to = rows->data() + before;
    std::uint32_t count = 0;
    for (std::uint32_t row = 0; row < key.size(); ++row) {
      to[count] = row;
      count += is_wanted(row) ? 1 : 0;
    }
    rows->resize(before + count);
  };
  const bool descends = bound.descending;
  if (key.repr() == Repr::kInteger && key.nulls() == nullptr && bound.value->is_integer()) {
    const std::int64_t value = bound.value->integer();
    const std::int64_t* const keys = key.integers();
    return select(
        [=](std::uint32_t row) { return descends ? keys[row] >= value : keys[row] <= value; });
  }
  if (key.repr() == Repr::kString && key.nulls() == nullptr && bound.value->is_string()) {
    const std::string_view value = bound.value->string();
    const std::string_view* const keys = key.strings();
    return select(
        [=](std::uint32_t row) { return descends ? keys[row] >= value : keys[row] <= value; });
  }
  select([&](std::uint32_t row) {
    const std::weak_ordering order = schema::Order(key.Get(row), *bound.value);
    return descends ? order >= 0 : order <= 0;
  });
}

}  // namespace kb::query::exec
