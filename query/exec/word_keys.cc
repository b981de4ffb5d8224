#include "query/exec/word_keys.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace kb::query::exec {
namespace {

constexpr std::size_t kColumnsMax = 64;  // a bit each
constexpr NodeId NodeFrom(std::uint64_t word) { return NodeId{static_cast<std::uint32_t>(word)}; }

/// One word for floats that are one key: all NaNs are, and both zeros.
std::uint64_t FloatWord(double number) {
  if (std::isnan(number)) number = std::numeric_limits<double>::quiet_NaN();
  return std::bit_cast<std::uint64_t>(number == 0 ? 0.0 : number);
}
double FloatFrom(std::uint64_t word) { return std::bit_cast<double>(word); }

}  // namespace

std::optional<std::int64_t> WholeNumber(const Value& value) {
  if (value.is_integer()) return value.integer();
  if (!value.is_float()) return std::nullopt;
  const double number = value.floating();
  const bool is_whole = number >= -9.2e18 && number <= 9.2e18 &&
                        static_cast<double>(static_cast<std::int64_t>(number)) == number;
  if (!is_whole) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

/// Nodes and relationships among values may have been described, which words do not keep.
WordKeys::Kind WordKeys::KindOf(const Value& value) {
  if (value.is_integer()) return Kind::kInteger;
  if (value.is_float()) return Kind::kFloat;
  if (value.kind() == schema::Kind::kDate) return Kind::kDate;
  if (value.is_string()) return Kind::kText;
  if (value.is_boolean()) return Kind::kBoolean;
  return Kind::kNothing;
}

/// What a column holds; false if it cannot be held.
bool WordKeys::FindKind(const Vector& column, Kind* kind) {
  switch (column.repr()) {
    case Repr::kNode:
      *kind = Kind::kNode;
      return true;
    case Repr::kRelationship:
      *kind = Kind::kRelationship;
      return true;
    case Repr::kInteger:
      *kind = Kind::kInteger;
      return true;
    case Repr::kBoolean:
      *kind = Kind::kBoolean;
      return true;
    case Repr::kString:
      *kind = Kind::kText;
      return true;
    case Repr::kValue:
    case Repr::kConstant: {
      const auto& values = column.values();
      const auto found = std::find_if(values.begin(), values.end(),
                                      [](const Value& value) { return !value.is_null(); });
      *kind = found == values.end() ? Kind::kNothing : KindOf(*found);
      return found == values.end() || *kind != Kind::kNothing;
    }
    case Repr::kFloat:
      *kind = Kind::kFloat;
      return true;
    case Repr::kNone:
      return false;
  }
  return false;
}

/// Decides what the words of a key are by the first rows, and whether these columns fit.
bool WordKeys::SetKinds(std::span<const Vector* const> columns) {
  if (columns.size() > kColumnsMax) return false;
  const bool is_first = kinds_.empty();
  if (is_first) {
    kinds_.resize(columns.size());
    place_.resize(columns.size());
    texts_.resize(columns.size());
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    Kind kind = Kind::kNothing;
    if (!FindKind(*columns[i], &kind)) return false;
    if (is_first) {
      place_[i] = width_;
      width_ += kind == Kind::kRelationship ? 2 : 1;
    } else if (kinds_[i] == Kind::kNothing && kind == Kind::kRelationship) {
      return false;  // it has one word
    }
    if (kinds_[i] == Kind::kNothing) kinds_[i] = kind;
    if (kind != Kind::kNothing && kind != kinds_[i]) return false;
  }
  return true;
}

bool WordKeys::Number(std::span<const Vector* const> columns, std::uint32_t rows,
                      std::uint32_t* numbers) {
  if (!SetKinds(columns)) return false;
  rows_.assign(std::size_t{rows} * width_, 0);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!Fill(*columns[i], i, rows)) return false;
  }
  hashes_.resize(rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    hashes_[row] = HashOf(rows_.data() + std::size_t{row} * width_);
  }
  constexpr std::uint32_t kAhead = 16;
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (row + kAhead < rows && size() != 0) index_.Fetch(hashes_[row + kAhead]);
    const std::uint64_t* const key = rows_.data() + std::size_t{row} * width_;
    const std::uint32_t number =
        index_.FindOrAdd(hashes_[row], [&](std::uint32_t known) { return IsSame(known, key); });
    if (std::size_t{number} * width_ == words_.size()) {
      words_.insert(words_.end(), key, key + width_);
    }
    numbers[row] = number;
  }
  return true;
}

std::uint64_t WordKeys::HashOf(const std::uint64_t* key) const {
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < width_; ++i) {
    hash = Scramble(hash ^ key[i]) * 0xD6E8FEB86659FD93u;
  }
  return Scramble(hash);
}

bool WordKeys::IsSame(std::uint32_t number, const std::uint64_t* key) const {
  return std::equal(key, key + width_, At(number));
}

/// Sets a column's words of rows_.
bool WordKeys::Fill(const Vector& column, std::size_t index, std::uint32_t rows) {
  switch (column.repr()) {
    case Repr::kNode:
      FillTyped(column, index, rows,
                [&](std::uint32_t row) { return schema::Raw(column.nodes()[row]); });
      return true;
    case Repr::kInteger:
      FillTyped(column, index, rows, [&](std::uint32_t row) { return column.integers()[row]; });
      return true;
    case Repr::kBoolean:
      FillTyped(column, index, rows,
                [&](std::uint32_t row) { return column.booleans()[row] != 0 ? 1 : 0; });
      return true;
    case Repr::kRelationship: {
      const RelationshipRef* const refs = column.relationships();
      FillTyped(column, index, rows, [&](std::uint32_t row) { return refs[row].id(); });
      for (std::uint32_t row = 0; row < rows; ++row) {
        if (column.IsNull(row)) continue;
        rows_[std::size_t{row} * width_ + place_[index] + 1] =
            std::uint64_t{schema::Raw(refs[row].source)} << 32 | schema::Raw(refs[row].target);
      }
      return true;
    }
    case Repr::kString:
      text_numbers_.resize(rows);
      if (column.nulls() == nullptr) {
        texts_[index].NumberAll({column.strings(), rows}, text_numbers_.data());
      } else {
        for (std::uint32_t row = 0; row < rows; ++row) {
          text_numbers_[row] =
              column.IsNull(row) ? 0 : texts_[index].NumberOf(column.strings()[row]);
        }
      }
      FillTyped(column, index, rows, [&](std::uint32_t row) { return text_numbers_[row]; });
      return true;
    case Repr::kFloat:
      FillTyped(column, index, rows,
                [&](std::uint32_t row) { return FloatWord(column.floats()[row]); });
      return true;
    case Repr::kValue:
    case Repr::kConstant:
      return FillBoxed(column, index, rows);
    case Repr::kNone:
      return false;
  }
  return false;
}

template <typename WordOf>
void WordKeys::FillTyped(const Vector& column, std::size_t index, std::uint32_t rows,
                         const WordOf& word_of) {
  std::uint64_t* const to = rows_.data() + place_[index];
  if (column.nulls() == nullptr) {
    for (std::uint32_t row = 0; row < rows; ++row) {
      to[row * width_] = static_cast<std::uint64_t>(word_of(row));
    }
    return;
  }
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (column.IsNull(row)) {
      rows_[row * width_] |= std::uint64_t{1} << index;
    } else {
      to[row * width_] = static_cast<std::uint64_t>(word_of(row));
    }
  }
}

/// The word of a value of the column's kind; false if it is none of those that are one word.
bool WordKeys::SetWord(const Value& value, std::size_t index, std::uint64_t* word) {
  switch (kinds_[index]) {
    case Kind::kInteger:
      *word = static_cast<std::uint64_t>(value.integer());
      return true;
    case Kind::kFloat:
      *word = FloatWord(value.floating());
      return true;
    case Kind::kBoolean:
      *word = value.boolean() ? 1 : 0;
      return true;
    case Kind::kDate:
      *word = static_cast<std::uint64_t>(value.date().days);
      return true;
    case Kind::kText:
      *word = texts_[index].NumberOf(value.string());
      return true;
    case Kind::kNode:
    case Kind::kRelationship:
    case Kind::kNothing:
      return false;
  }
  return false;
}

bool WordKeys::FillBoxed(const Vector& column, std::size_t index, std::uint32_t rows) {
  const bool is_constant = column.repr() == Repr::kConstant;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const Value& value = column.values()[is_constant ? 0 : row];
    std::uint64_t* const key = rows_.data() + std::size_t{row} * width_;
    if (value.is_null()) {
      *key |= std::uint64_t{1} << index;
      continue;
    }
    if (KindOf(value) != kinds_[index] || !SetWord(value, index, &key[place_[index]])) return false;
  }
  return true;
}

std::uint32_t WordKeys::Find(std::span<const Value> key) const {
  if (key.size() != kinds_.size()) return kUnknown;
  std::vector<std::uint64_t> words(width_, 0);
  for (std::size_t i = 0; i < key.size(); ++i) {
    const Value& value = key[i];
    std::uint64_t& word = words[place_[i]];
    if (value.is_null()) {
      words[0] |= std::uint64_t{1} << i;
    } else if (value.is_integer() && kinds_[i] == Kind::kInteger) {
      word = static_cast<std::uint64_t>(value.integer());
    } else if (value.is_float() && kinds_[i] == Kind::kFloat) {
      word = FloatWord(value.floating());
    } else if (value.kind() == schema::Kind::kDate && kinds_[i] == Kind::kDate) {
      word = static_cast<std::uint64_t>(value.date().days);
    } else if (value.is_boolean() && kinds_[i] == Kind::kBoolean) {
      word = value.boolean() ? 1 : 0;
    } else if (value.is_string() && kinds_[i] == Kind::kText) {
      word = texts_[i].Find(value.string());
      if (word == TextKeys::kUnknown) return kUnknown;
    } else if (value.is_node() && kinds_[i] == Kind::kNode) {
      word = schema::Raw(value.node());
    } else if (value.is_relationship() && kinds_[i] == Kind::kRelationship) {
      const RelationshipRef ref = value.relationship();
      word = ref.id();
      words[place_[i] + 1] = std::uint64_t{schema::Raw(ref.source)} << 32 | schema::Raw(ref.target);
    } else if (const auto whole = WholeNumber(value); whole && kinds_[i] == Kind::kInteger) {
      word = static_cast<std::uint64_t>(*whole);
    } else if (whole && kinds_[i] == Kind::kFloat) {
      const auto number = static_cast<double>(*whole);
      if (WholeNumber(Value::Float(number)) != whole) return kUnknown;  // between two floats
      word = FloatWord(number);
    } else {
      return kUnknown;
    }
  }
  return index_.Find(HashOf(words.data()),
                     [&](std::uint32_t known) { return IsSame(known, words.data()); });
}

RelationshipRef WordKeys::RelationshipAt(std::uint32_t number, std::size_t column) const {
  const std::uint64_t id = At(number)[place_[column]];
  const std::uint64_t ends = At(number)[place_[column] + 1];
  RelationshipRef ref;
  ref.type = static_cast<schema::TypeId>(id >> 32);
  ref.edge = static_cast<schema::EdgeId>(static_cast<std::uint32_t>(id));
  ref.source = NodeFrom(ends >> 32);
  ref.target = NodeFrom(ends);
  return ref;
}

Value WordKeys::ValueAt(std::uint32_t number, std::size_t column) const {
  if (IsNull(number, column)) return Value::Null();
  const std::uint64_t word = At(number)[place_[column]];
  switch (kinds_[column]) {
    case Kind::kNode:
      return Value::Node(NodeFrom(word));
    case Kind::kRelationship:
      return Value::Relationship(RelationshipAt(number, column));
    case Kind::kInteger:
      return Value::Integer(static_cast<std::int64_t>(word));
    case Kind::kBoolean:
      return Value::Boolean(word != 0);
    case Kind::kFloat:
      return Value::Float(FloatFrom(word));
    case Kind::kDate:
      return Value::Of(schema::Date{static_cast<std::int64_t>(word)});
    case Kind::kText:
      return Value::String(texts_[column][static_cast<std::uint32_t>(word)]);
    case Kind::kNothing:
      return Value::Null();
  }
  return Value::Null();
}

std::vector<Value> WordKeys::KeyOf(std::uint32_t number) const {
  std::vector<Value> key;
  key.reserve(kinds_.size());
  for (std::size_t i = 0; i < kinds_.size(); ++i) key.push_back(ValueAt(number, i));
  return key;
}

void WordKeys::ColumnOf(std::size_t column, std::uint32_t begin, std::uint32_t end,
                        Vector* out) const {
  const std::uint32_t rows = end - begin;
  const auto fill = [&](Repr repr, const auto& set) {
    out->Reset(repr, rows);
    for (std::uint32_t i = 0; i < rows; ++i) {
      const bool is_null = IsNull(begin + i, column);
      if (is_null) out->MutableNulls()[i] = 1;
      set(i, is_null ? 0 : At(begin + i)[place_[column]], is_null);
    }
  };
  switch (kinds_[column]) {
    case Kind::kNode:
      return fill(Repr::kNode, [&](std::uint32_t i, std::uint64_t word, bool is_null) {
        out->nodes()[i] = is_null ? schema::kNoNode : NodeFrom(word);
      });
    case Kind::kRelationship:
      return fill(Repr::kRelationship, [&](std::uint32_t i, std::uint64_t, bool is_null) {
        out->relationships()[i] = is_null ? RelationshipRef{} : RelationshipAt(begin + i, column);
      });
    case Kind::kInteger:
      return fill(Repr::kInteger, [&](std::uint32_t i, std::uint64_t word, bool) {
        out->integers()[i] = static_cast<std::int64_t>(word);
      });
    case Kind::kBoolean:
      return fill(Repr::kBoolean, [&](std::uint32_t i, std::uint64_t word, bool) {
        out->booleans()[i] = static_cast<std::uint8_t>(word);
      });
    case Kind::kText:
      fill(Repr::kString, [&](std::uint32_t i, std::uint64_t word, bool is_null) {
        out->strings()[i] =
            is_null ? std::string_view() : texts_[column][static_cast<std::uint32_t>(word)];
      });
      return texts_[column].KeepIn(out);
    case Kind::kFloat:
      return fill(Repr::kFloat, [&](std::uint32_t i, std::uint64_t word, bool) {
        out->floats()[i] = FloatFrom(word);
      });
    case Kind::kDate:
    case Kind::kNothing:
      out->Reset(Repr::kValue, rows);
      for (std::uint32_t i = 0; i < rows; ++i) out->values()[i] = ValueAt(begin + i, column);
      return;
  }
}

}  // namespace kb::query::exec
