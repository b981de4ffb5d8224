#include "query/exec/keys.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

namespace kb::query::exec {
namespace {

std::uint64_t Load64(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}
std::uint64_t Load32(const char* at) {
  std::uint32_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}
/// All of a text of fewer than eight bytes, some of them perhaps twice: different for different
/// texts of one size, and read without a loop.
std::uint64_t ShortText(std::string_view text) {
  const char* const at = text.data();
  const std::size_t size = text.size();
  if (size >= 4) return Load32(at) | Load32(at + size - 4) << 32;
  if (size == 0) return 0;
  const auto byte = [at](std::size_t i) {
    return std::uint64_t{static_cast<unsigned char>(at[i])};
  };
  return byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16;
}

std::uint64_t HashOf(std::string_view text) {
  const std::size_t size = text.size();
  std::uint64_t hash = size * 0x9E3779B97F4A7C15u;
  if (size < 8) return Scramble(hash ^ ShortText(text));
  for (std::size_t at = 0; at + 8 < size; at += 8) {
    hash = Scramble(hash ^ Load64(text.data() + at)) * 0xD6E8FEB86659FD93u;
  }
  return Scramble(hash ^ Load64(text.data() + size - 8));
}

bool AreSame(std::string_view a, std::string_view b) {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  if (size < 8) return ShortText(a) == ShortText(b);
  if (size > 16) return std::memcmp(a.data(), b.data(), size) == 0;
  return Load64(a.data()) == Load64(b.data()) &&
         Load64(a.data() + size - 8) == Load64(b.data() + size - 8);
}

}  // namespace

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
  if (columns.size() != 1 || columns[0]->nulls() != nullptr) return Mode::kValues;
  // Null nodes are nodes of their own number.
  if (columns[0]->repr() == Repr::kNode) return Mode::kNodes;
  if (columns[0]->repr() == Repr::kInteger) return Mode::kIntegers;
  if (columns[0]->repr() == Repr::kString) return Mode::kTexts;
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
  if (mode_ == Mode::kTexts) return {Value::String(texts_[number])};
  return *values_[number];
}

void KeyTable::MoveToValues() {
  if (mode_ != Mode::kValues) {
    values_.reserve(size_);
    for (std::uint32_t number = 0; number < size_; ++number) {
      const auto [entry, added] = by_values_.try_emplace(KeyOf(number), number);
      values_.push_back(&entry->first);
    }
    index_ = FlatIndex();
    numbers_.clear();
    texts_.clear();
    pieces_.clear();
  }
  mode_ = Mode::kValues;
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

std::uint32_t KeyTable::NumberOfText(std::string_view text) {
  const std::uint32_t number = index_.FindOrAdd(
      HashOf(text), [&](std::uint32_t known) { return AreSame(texts_[known], text); });
  if (number == texts_.size()) KeepText(text);
  return number;
}

void KeyTable::KeepText(std::string_view text) {
  constexpr std::size_t kPiece = std::size_t{64} << 10;
  if (text.size() > room_) {
    room_ = std::max(kPiece, text.size());
    free_ = pieces_.emplace_back(std::make_unique<char[]>(room_)).get();
  }
  if (!text.empty()) std::memcpy(free_, text.data(), text.size());
  texts_.emplace_back(free_, text.size());
  free_ += text.size();
  room_ -= text.size();
}

void KeyTable::NumberTexts(const Vector& column, std::uint32_t rows,
                           std::vector<std::uint32_t>* numbers) {
  struct Seen {
    const char* data = nullptr;
    std::size_t size = 0;
    std::uint32_t number = 0;
  };
  constexpr std::size_t kSeen = 64;
  std::array<Seen, kSeen> seen;  // addresses hold for this batch only
  for (std::uint32_t row = 0; row < rows; ++row) {
    const std::string_view text = column.strings()[row];
    Seen& last = seen[Scramble(reinterpret_cast<std::uintptr_t>(text.data())) % kSeen];
    if (last.data != text.data() || last.size != text.size() || text.empty()) {
      last = {text.data(), text.size(), NumberOfText(text)};
    }
    (*numbers)[row] = last.number;
  }
  size_ = index_.size();
}

std::uint32_t KeyTable::FindText(std::string_view text) const {
  return index_.Find(HashOf(text),
                     [&](std::uint32_t known) { return AreSame(texts_[known], text); });
}

void KeyTable::Number(std::span<const Vector* const> columns, std::uint32_t rows,
                      std::vector<std::uint32_t>* numbers) {
  const Mode wanted = ModeFor(columns);
  if (mode_ == Mode::kFresh) mode_ = wanted;
  if (mode_ != wanted) MoveToValues();
  numbers->resize(rows);
  if (mode_ == Mode::kTexts) return NumberTexts(*columns[0], rows, numbers);
  if (mode_ != Mode::kValues) return NumberPlain(*columns[0], rows, numbers);
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

/// Their hashes are known, and where they lie they stay.
void KeyTable::NumberTextsFrom(KeyTable* other, std::uint32_t begin, std::uint32_t end,
                               std::vector<std::uint32_t>* numbers) {
  constexpr std::uint32_t kAhead = 8;
  for (auto& piece : other->pieces_) pieces_.push_back(std::move(piece));
  other->pieces_.clear();
  other->room_ = 0;
  index_.Reserve(size_ + (end - begin));
  for (std::uint32_t i = begin; i < end; ++i) {
    if (i + kAhead < end) index_.Fetch(other->index_.HashOf(i + kAhead));
    const std::string_view text = other->texts_[i];
    const std::uint32_t number = index_.FindOrAdd(
        other->index_.HashOf(i), [&](std::uint32_t known) { return AreSame(texts_[known], text); });
    if (number == texts_.size()) texts_.push_back(text);
    (*numbers)[i - begin] = number;
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
  if (mode_ == Mode::kFresh) mode_ = other->mode_;
  if (mode_ == other->mode_ && mode_ != Mode::kValues) {
    numbers->resize(end - begin);
    if (mode_ == Mode::kTexts) {
      NumberTextsFrom(other, begin, end, numbers);
    } else {
      for (std::uint32_t i = begin; i < end; ++i) {
        (*numbers)[i - begin] = NumberOfPlain(other->numbers_[i]);
      }
    }
    size_ = index_.size();
    return;
  }
  const std::size_t width = other->mode_ == Mode::kValues ? other->values_[begin]->size() : 1;
  std::vector<Vector> columns(width);
  std::vector<const Vector*> pointers;
  for (std::size_t i = 0; i < width; ++i) {
    other->ColumnOf(i, begin, end, &columns[i]);
    pointers.push_back(&columns[i]);
  }
  Number(pointers, end - begin, numbers);
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
    if (mode_ == Mode::kTexts) {
      if (key[0].is_string()) (*numbers)[row] = FindText(key[0].string());
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
    (*numbers)[row] = index_.Find(Scramble(number),
                                  [&](std::uint32_t known) { return numbers_[known] == number; });
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
  } else if (mode_ == Mode::kTexts) {
    out->Reset(Repr::kValue, rows);
    for (std::uint32_t i = 0; i < rows; ++i) out->values()[i] = Value::String(texts_[begin + i]);
  } else {
    out->Reset(Repr::kValue, rows);
    for (std::uint32_t i = 0; i < rows; ++i) out->values()[i] = (*values_[begin + i])[column];
  }
}

void KeyTable::Clear() {
  if (mode_ != Mode::kFresh) *this = KeyTable();
}

}  // namespace kb::query::exec
