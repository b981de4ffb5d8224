#include "query/exec/keys.h"

namespace kb::query::exec {

std::size_t KeyTable::KeyHash::operator()(const std::vector<Value>& key) const {
  std::uint64_t hash = 0x9E3779B97F4A7C15u;
  for (const Value& value : key) {
    hash ^= schema::Hash(value) + 0x9E3779B97F4A7C15u + (hash << 6) + (hash >> 2);
  }
  return static_cast<std::size_t>(hash);
}

bool KeyTable::KeyEqual::operator()(const std::vector<Value>& a,
                                    const std::vector<Value>& b) const {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!schema::Equivalent(a[i], b[i])) return false;
  }
  return a.size() == b.size();
}

KeyTable::Mode KeyTable::ModeFor(std::span<const Vector* const> columns) {
  if (columns.size() != 1 || columns[0]->nulls() != nullptr) return Mode::kValues;
  // Null nodes are nodes of their own number.
  if (columns[0]->repr() == Repr::kNode) return Mode::kNodes;
  if (columns[0]->repr() == Repr::kInteger) return Mode::kIntegers;
  return Mode::kValues;
}

std::vector<Value> KeyTable::KeyOf(std::uint32_t number) const {
  if (mode_ == Mode::kIntegers) {
    return {Value::Integer(static_cast<std::int64_t>(numbers_[number]))};
  }
  if (mode_ == Mode::kNodes) {
    const NodeId node{static_cast<std::uint32_t>(numbers_[number])};
    return {node == schema::kNoNode ? Value::Null() : Value::Node(node)};
  }
  return *values_[number];
}

void KeyTable::MoveToValues() {
  if (mode_ == Mode::kNodes || mode_ == Mode::kIntegers) {
    values_.reserve(size_);
    for (std::uint32_t number = 0; number < size_; ++number) {
      const auto [entry, added] = by_values_.try_emplace(KeyOf(number), number);
      values_.push_back(&entry->first);
    }
    by_number_.clear();
    numbers_.clear();
  }
  mode_ = Mode::kValues;
}

void KeyTable::Number(std::span<const Vector* const> columns, std::uint32_t rows,
                      std::vector<std::uint32_t>* numbers) {
  const Mode wanted = ModeFor(columns);
  if (mode_ == Mode::kFresh) mode_ = wanted;
  if (mode_ != wanted) MoveToValues();
  numbers->resize(rows);
  if (mode_ != Mode::kValues) {
    for (std::uint32_t row = 0; row < rows; ++row) {
      const std::uint64_t key = mode_ == Mode::kNodes
                                    ? schema::Raw(columns[0]->nodes()[row])
                                    : static_cast<std::uint64_t>(columns[0]->integers()[row]);
      const auto [entry, added] = by_number_.try_emplace(key, size_);
      if (added) {
        numbers_.push_back(key);
        ++size_;
      }
      (*numbers)[row] = entry->second;
    }
    return;
  }
  std::vector<Value> key;
  for (std::uint32_t row = 0; row < rows; ++row) {
    key.clear();
    for (const Vector* column : columns) key.push_back(column->Get(row));
    const auto [entry, added] = by_values_.try_emplace(std::move(key), size_);
    if (added) {
      values_.push_back(&entry->first);
      ++size_;
      key = {};
    }
    (*numbers)[row] = entry->second;
  }
}

void KeyTable::Find(std::span<const Vector* const> columns, std::uint32_t rows,
                    std::vector<std::uint32_t>* numbers) const {
  numbers->assign(rows, kUnknown);
  std::vector<Value> key;
  for (std::uint32_t row = 0; row < rows; ++row) {
    key.clear();
    for (const Vector* column : columns) key.push_back(column->Get(row));
    if (mode_ == Mode::kValues) {
      const auto found = by_values_.find(key);
      if (found != by_values_.end()) (*numbers)[row] = found->second;
      continue;
    }
    std::uint64_t number = 0;
    if (mode_ == Mode::kNodes && key[0].is_node()) {
      number = schema::Raw(key[0].node());
    } else if (mode_ == Mode::kIntegers && key[0].is_integer()) {
      number = static_cast<std::uint64_t>(key[0].integer());
    } else if (mode_ == Mode::kIntegers && key[0].is_float()) {
      const double wanted = key[0].floating();
      const bool whole = wanted >= -9.2e18 && wanted <= 9.2e18 &&
                         static_cast<double>(static_cast<std::int64_t>(wanted)) == wanted;
      if (!whole) continue;
      number = static_cast<std::uint64_t>(static_cast<std::int64_t>(wanted));
    } else {
      continue;
    }
    const auto found = by_number_.find(number);
    if (found != by_number_.end()) (*numbers)[row] = found->second;
  }
}

void KeyTable::ColumnOf(std::size_t column, std::uint32_t begin, std::uint32_t end,
                        Vector* out) const {
  const std::uint32_t rows = end - begin;
  if (mode_ == Mode::kNodes) {
    out->Reset(Repr::kNode, rows);
    for (std::uint32_t i = 0; i < rows; ++i) {
      out->nodes()[i] = NodeId{static_cast<std::uint32_t>(numbers_[begin + i])};
    }
  } else if (mode_ == Mode::kIntegers) {
    out->Reset(Repr::kInteger, rows);
    for (std::uint32_t i = 0; i < rows; ++i) {
      out->integers()[i] = static_cast<std::int64_t>(numbers_[begin + i]);
    }
  } else {
    out->Reset(Repr::kValue, rows);
    for (std::uint32_t i = 0; i < rows; ++i) out->values()[i] = (*values_[begin + i])[column];
  }
}

void KeyTable::Clear() { *this = KeyTable(); }

}  // namespace kb::query::exec
