// Nodes and relationships wherever they are in a value.
#pragma once

#include <utility>
#include <vector>

#include "schema/value.h"

namespace kb::query::exec {

/// The value with `each(element)` in place of each node and relationship, also inside lists, maps
/// and paths.
template <typename Each>
schema::Value ReplaceElements(const schema::Value& value, const Each& each) {
  using schema::Value;
  if (value.is_node() || value.is_relationship()) return each(value);
  if (value.is_list() || value.is_path()) {
    const auto items = value.is_list() ? value.list() : value.path();
    std::vector<Value> replaced;
    replaced.reserve(items.size());
    for (const Value& item : items) replaced.push_back(ReplaceElements(item, each));
    return value.is_list() ? Value::List(std::move(replaced)) : Value::Path(std::move(replaced));
  }
  if (value.is_map()) {
    schema::MapEntries entries;
    entries.reserve(value.map().size());
    for (const auto& [key, entry] : value.map()) {
      entries.emplace_back(key, ReplaceElements(entry, each));
    }
    return Value::Map(std::move(entries));
  }
  return value;
}

}  // namespace kb::query::exec
