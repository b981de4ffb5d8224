// coll.*: lists made of other lists.

#include <algorithm>
#include <optional>

#include "query/functions/convert.h"
#include "query/functions/table.h"
#include "schema/base/limits.h"
#include "schema/order.h"

namespace kb::query::functions {
namespace {

Result<Value> Distinct(std::span<const Value> arguments, const Context&) {
  const auto items = arguments[0].list();
  // Sorted places find equals side by side; of those the first goes on, where it stood.
  std::vector<std::size_t> places(items.size());
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
  std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
    return schema::Order(items[a], items[b]) < 0;
  });
  std::vector<bool> goes(items.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    goes[places[i]] = i == 0 || !schema::Equivalent(items[places[i - 1]], items[places[i]]);
  }
  std::vector<Value> distinct;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (goes[i]) distinct.push_back(items[i]);
  }
  return Value::List(std::move(distinct));
}

Result<void> FlattenInto(std::span<const Value> items, std::int64_t depth,
                         std::vector<Value>* flat) {
  for (const Value& item : items) {
    if (item.is_list() && depth > 0) {
      KB_TRY(FlattenInto(item.list(), depth - 1, flat));
      continue;
    }
    if (flat->size() >= limits::kListSizeMax) {
      return LimitError("coll.flatten() would have more than {} elements", limits::kListSizeMax);
    }
    flat->push_back(item);
  }
  return {};
}

Result<Value> Flatten(std::span<const Value> arguments, const Context&) {
  const std::int64_t depth = arguments.size() > 1 ? arguments[1].integer() : 1;
  if (depth < 0) {
    return ArgumentError("the depth of coll.flatten() is {}, it cannot be negative", depth)
        .Detail("NumberOutOfRange");
  }
  std::vector<Value> flat;
  KB_TRY(FlattenInto(arguments[0].list(), depth, &flat));
  return Value::List(std::move(flat));
}

Result<Value> IndexOf(std::span<const Value> arguments, const Context&) {
  if (arguments[0].is_null() || arguments[1].is_null()) return Value::Null();
  const auto items = arguments[0].list();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (schema::Equal(items[i], arguments[1]) == schema::Truth(true)) {
      return Value::Integer(static_cast<std::int64_t>(i));
    }
  }
  return Value::Integer(-1);
}

/// A place in a list of `size` elements, or behind it.
Result<std::size_t> PlaceOf(const Value& index, std::size_t size, std::string_view name) {
  if (index.integer() >= 0 && static_cast<std::uint64_t>(index.integer()) <= size) {
    return static_cast<std::size_t>(index.integer());
  }
  return ArgumentError("{}() takes an index from 0 to {}, but this is {}", name, size,
                       index.integer())
      .Detail("NumberOutOfRange");
}

Result<Value> InsertAt(std::span<const Value> arguments, const Context&) {
  if (arguments[0].is_null() || arguments[1].is_null()) return Value::Null();
  std::vector<Value> items(arguments[0].list().begin(), arguments[0].list().end());
  KB_ASSIGN(const std::size_t at, PlaceOf(arguments[1], items.size(), "coll.insert"));
  items.insert(items.begin() + static_cast<std::ptrdiff_t>(at), arguments[2]);
  return Value::List(std::move(items));
}

Result<Value> RemoveAt(std::span<const Value> arguments, const Context&) {
  std::vector<Value> items(arguments[0].list().begin(), arguments[0].list().end());
  if (items.empty()) {
    return ArgumentError("coll.remove() finds nothing to remove in an empty list")
        .Detail("NumberOutOfRange");
  }
  KB_ASSIGN(const std::size_t at, PlaceOf(arguments[1], items.size() - 1, "coll.remove"));
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(at));
  return Value::List(std::move(items));
}

/// The least or the greatest element that is not null, in the order of ORDER BY.
template <bool kGreatest>
Result<Value> Extreme(std::span<const Value> arguments, const Context&) {
  const Value* best = nullptr;
  for (const Value& item : arguments[0].list()) {
    if (item.is_null()) continue;
    const bool better = best == nullptr || (kGreatest ? schema::Order(item, *best) > 0
                                                      : schema::Order(item, *best) < 0);
    if (better) best = &item;
  }
  return best == nullptr ? Value::Null() : *best;
}

Result<Value> Sorted(std::span<const Value> arguments, const Context&) {
  std::vector<Value> items(arguments[0].list().begin(), arguments[0].list().end());
  std::stable_sort(items.begin(), items.end(),
                   [](const Value& a, const Value& b) { return schema::Order(a, b) < 0; });
  return Value::List(std::move(items));
}

}  // namespace

std::span<const Function> CollectionFunctions() {
  static const std::vector<Argument> list = {{"list", kListKind}};
  static const std::vector<Function> table = {
      Make({"coll.distinct", "coll.distinct(list :: LIST<ANY>) :: LIST<ANY>",
            "A list without repeated elements; the first of each stays.",
            "coll.distinct([1, 3, 1, 2, 3])", "[1, 3, 2]"},
           list, kListKind, Distinct),
      Make({"coll.flatten", "coll.flatten(list :: LIST<ANY>, depth = 1 :: INTEGER) :: LIST<ANY>",
            "A list with the elements of its lists in their place, so many levels deep.",
            "coll.flatten([1, [2, [3]]])", "[1, 2, [3]]"},
           {{"list", kListKind}, {"depth", kIntegerKind}}, kListKind, Flatten, {.optional = 1}),
      Make({"coll.indexOf", "coll.indexOf(list :: LIST<ANY>, value :: ANY) :: INTEGER",
            "The place of the first element that equals a value (0 is the first), -1 if none does.",
            "coll.indexOf(['a', 'b'], 'b')", "1"},
           {{"list", kListKind}, {"value"}}, kIntegerKind, IndexOf),
      Make({"coll.insert",
            "coll.insert(list :: LIST<ANY>, index :: INTEGER, value :: ANY) :: LIST<ANY>",
            "A list with a value put in at a place.", "coll.insert([1, 3], 1, 2)", "[1, 2, 3]"},
           {{"list", kListKind}, {"index", kIntegerKind}, {"value"}}, kListKind, InsertAt,
           {.handles_null = true}),
      Make({"coll.max", "coll.max(list :: LIST<ANY>) :: ANY",
            "The greatest element of a list, null if there is none.", "coll.max([1, 3, 2])", "3"},
           list, kAnyKind, Extreme<true>),
      Make({"coll.min", "coll.min(list :: LIST<ANY>) :: ANY",
            "The least element of a list, null if there is none.", "coll.min([3, 1, 2])", "1"},
           list, kAnyKind, Extreme<false>),
      Make({"coll.remove", "coll.remove(list :: LIST<ANY>, index :: INTEGER) :: LIST<ANY>",
            "A list without the element at a place.", "coll.remove(['a', 'b', 'c'], 1)",
            "['a', 'c']"},
           {{"list", kListKind}, {"index", kIntegerKind}}, kListKind, RemoveAt),
      Make({"coll.sort", "coll.sort(list :: LIST<ANY>) :: LIST<ANY>",
            "The elements of a list in ascending order, nulls last.", "coll.sort([3, 1, 2])",
            "[1, 2, 3]"},
           list, kListKind, Sorted),
  };
  return table;
}

}  // namespace kb::query::functions
