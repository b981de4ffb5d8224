#include "query/exec/key_bound.h"

#include <cmath>

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
  if (key.repr() == Repr::kFloat && key.nulls() == nullptr && bound.value->is_number()) {
    const double value = bound.value->number();
    const double* const keys = key.floats();
    // NaN comes behind all numbers; an integer may lie between two floats.
    const bool is_plain = bound.value->is_float() && !std::isnan(value);
    if (is_plain && descends) return select([=](auto row) { return !(keys[row] < value); });
    if (is_plain) return select([=](auto row) { return keys[row] <= value; });
  }
  const auto is_wanted = [&](const Value& of_row) {
    const std::weak_ordering order = schema::Order(of_row, *bound.value);
    return descends ? order >= 0 : order <= 0;
  };
  if (key.repr() == Repr::kValue) {
    return select([&](std::uint32_t row) { return is_wanted(key.values()[row]); });
  }
  select([&](std::uint32_t row) { return is_wanted(key.Get(row)); });
}

}  // namespace kb::query::exec
