#include "query/exec/keys.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace kb::query::exec {

KeyTable::KeyTable() = default;
KeyTable::KeyTable(KeyTable&& other) noexcept = default;
KeyTable& KeyTable::operator=(KeyTable&& other) noexcept = default;
KeyTable::~KeyTable() = default;

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
  if (columns.size() != 1 || columns[0]->nulls() != nullptr) return Mode::kWords;
  // Null nodes are nodes of their own number.
  if (columns[0]->repr() == Repr::kNode) return Mode::kNodes;
  if (columns[0]->repr() == Repr::kInteger) return Mode::kIntegers;
  if (columns[0]->repr() == Repr::kString) return Mode::kTexts;
  return Mode::kWords;
}

std::size_t KeyTable::ColumnCount() const {
  if (mode_ == Mode::kWords) return words_->columns();
  return mode_ == Mode::kValues && size_ != 0 ? values_[0]->size() : 1;
}

std::vector<Value> KeyTable::KeyOf(std::uint32_t number) const {
  if (mode_ == Mode::kIntegers) {
    return {Value::Integer(static_cast<std::int64_t>(numbers_[number]))};
  }
  if (mode_ == Mode::kNodes) {
    const NodeId node{static_cast<std::uint32_t>(numbers_[number])};
    return {node == schema::kNoNode ? Value::Null() : Value::Node(node)};
  }
  if (mode_ == Mode::kTexts) return {Value::String(texts_[number])};
  return mode_ == Mode::kWords ? words_->KeyOf(number) : *values_[number];
}

/// From one column of plain numbers or texts.
void KeyTable::MoveToWords() {
  auto words = std::make_unique<WordKeys>();
  if (size_ != 0) {
    Vector column;
    ColumnOf(0, 0, size_, &column);
    const Vector* const columns[] = {&column};
    std::vector<std::uint32_t> numbers(size_);
    words->Number(columns, size_, numbers.data());
  }
  ForgetPlain();
  words_ = std::move(words);
  mode_ = Mode::kWords;
}

void KeyTable::MoveToValues() {
  if (mode_ == Mode::kValues) return;
  values_.reserve(size_);
  for (std::uint32_t number = 0; number < size_; ++number) {
    const auto [entry, added] = by_values_.try_emplace(KeyOf(number), number);
    values_.push_back(&entry->first);
  }
  ForgetPlain();
  words_.reset();
  mode_ = Mode::kValues;
}

void KeyTable::ForgetPlain() {
  index_ = FlatIndex();
  numbers_.clear();
  texts_ = TextKeys();
}

void KeyTable::NumberPlain(const Vector& column, std::uint32_t rows,
                           std::vector<std::uint32_t>* numbers) {
  if (size_ == 0) {
    constexpr std::uint32_t kFirst = 64;
    index_.Reserve(std::min(rows, kFirst));
    numbers_.reserve(std::min(rows, kFirst));
  }
  for (std::uint32_t row = 0; row < rows; ++row) {
    const std::uint64_t key = mode_ == Mode::kNodes
                                  ? schema::Raw(column.nodes()[row])
                                  : static_cast<std::uint64_t>(column.integers()[row]);
    (*numbers)[row] = NumberOfPlain(key);
  }
  size_ = index_.size();
}

std::uint32_t KeyTable::NumberOfPlain(std::uint64_t key) {
  const std::uint32_t number =
      index_.FindOrAdd(Scramble(key), [&](std::uint32_t known) { return numbers_[known] == key; });
  if (number == numbers_.size()) numbers_.push_back(key);
  return number;
}

void KeyTable::Number(std::span<const Vector* const> columns, std::uint32_t rows,
                      std::vector<std::uint32_t>* numbers) {
  numbers->resize(rows);
  if (rows == 0) return;  // says nothing of what keys are like
  const Mode wanted = ModeFor(columns);
  if (mode_ == Mode::kFresh) mode_ = wanted;
  if (mode_ != wanted && mode_ != Mode::kValues && mode_ != Mode::kWords) MoveToWords();
  if (mode_ == Mode::kTexts) {
    texts_.NumberAll({columns[0]->strings(), rows}, numbers->data());
    size_ = texts_.size();
    return;
  }
  if (mode_ == Mode::kNodes || mode_ == Mode::kIntegers) {
    return NumberPlain(*columns[0], rows, numbers);
  }
  if (mode_ == Mode::kWords) {
    if (!words_) words_ = std::make_unique<WordKeys>();
    if (words_->Number(columns, rows, numbers->data())) {
      size_ = words_->size();
      return;
    }
    MoveToValues();
  }
  NumberValues(columns, rows, numbers);
}

void KeyTable::NumberValues(std::span<const Vector* const> columns, std::uint32_t rows,
                            std::vector<std::uint32_t>* numbers) {
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

void KeyTable::NumberFrom(KeyTable* other, std::uint32_t begin, std::uint32_t end,
                          std::vector<std::uint32_t>* numbers) {
  if (size_ == 0 && begin == 0 && end == other->size_) {
    *this = std::move(*other);
    numbers->resize(end);
    std::iota(numbers->begin(), numbers->end(), 0U);
    return;
  }
  numbers->resize(end - begin);
  if (begin == end) return;
  if (mode_ == Mode::kFresh) mode_ = other->mode_;
  if (mode_ == other->mode_ && mode_ == Mode::kTexts) {
    texts_.NumberFrom(&other->texts_, begin, end, numbers->data());
    size_ = texts_.size();
    return;
  }
  if (mode_ == other->mode_ && (mode_ == Mode::kNodes || mode_ == Mode::kIntegers)) {
    for (std::uint32_t i = begin; i < end; ++i) {
      (*numbers)[i - begin] = NumberOfPlain(other->numbers_[i]);
    }
    size_ = index_.size();
    return;
  }
  std::vector<Vector> columns(other->ColumnCount());
  std::vector<const Vector*> pointers;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    other->ColumnOf(i, begin, end, &columns[i]);
    pointers.push_back(&columns[i]);
  }
  Number(pointers, end - begin, numbers);
}

void KeyTable::Find(std::span<const Vector* const> columns, std::uint32_t rows,
                    std::vector<std::uint32_t>* numbers) const {
  numbers->resize(rows);
  std::vector<Value> key;
  for (std::uint32_t row = 0; row < rows; ++row) {
    key.clear();
    for (const Vector* column : columns) key.push_back(column->Get(row));
    (*numbers)[row] = FindOne(key);
  }
}

std::uint32_t KeyTable::FindOne(const std::vector<Value>& key) const {
  switch (mode_) {
    case Mode::kFresh:
      return kUnknown;
    case Mode::kValues: {
      const auto found = by_values_.find(key);
      return found == by_values_.end() ? kUnknown : found->second;
    }
    case Mode::kWords:
      return words_->Find(key);
    case Mode::kTexts:
      return key[0].is_string() ? texts_.Find(key[0].string()) : kUnknown;
    case Mode::kNodes:
    case Mode::kIntegers:
      break;
  }
  std::uint64_t number = 0;
  if (mode_ == Mode::kNodes) {
    if (!key[0].is_node() && !key[0].is_null()) return kUnknown;
    number = schema::Raw(key[0].is_null() ? schema::kNoNode : key[0].node());
  } else {
    const auto whole = WholeNumber(key[0]);
    if (!whole) return kUnknown;
    number = static_cast<std::uint64_t>(*whole);
  }
  return index_.Find(Scramble(number),
                     [&](std::uint32_t known) { return numbers_[known] == number; });
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
  } else if (mode_ == Mode::kTexts) {
    out->Reset(Repr::kString, rows);
    for (std::uint32_t i = 0; i < rows; ++i) out->strings()[i] = texts_[begin + i];
    texts_.KeepIn(out);
  } else if (mode_ == Mode::kWords && words_) {
    words_->ColumnOf(column, begin, end, out);
  } else {
    out->Reset(Repr::kValue, rows);
    for (std::uint32_t i = 0; i < rows; ++i) out->values()[i] = (*values_[begin + i])[column];
  }
}

void KeyTable::Clear() {
  if (mode_ != Mode::kFresh) *this = KeyTable();
}

}  // namespace kb::query::exec
