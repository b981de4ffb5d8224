#include "storage/column.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <unordered_map>

#include "schema/base/assert.h"
#include "storage/bits.h"
#include "storage/codec.h"

namespace kb::storage {

using schema::Value;
using Type = ColumnChunk::Type;

namespace {

// The first byte of a chunk: the type in the low four bits, and this flag if every row has a value.
constexpr std::uint8_t kFull = 0x10;

// How texts lie.
constexpr std::uint8_t kPlain = 0;
constexpr std::uint8_t kDictionary = 1;

/// On disk the types have numbers of their own, so that the enumeration may grow in any order.
constexpr std::uint8_t CodeOf(Type type) {
  switch (type) {
    case Type::kBoolean:
      return 1;
    case Type::kInteger:
      return 2;
    case Type::kFloat:
      return 3;
    case Type::kString:
      return 4;
    case Type::kDate:
      return 5;
    case Type::kMixed:
      return 6;
  }
  return 0;
}

std::optional<Type> TypeOf(std::uint8_t code) {
  for (const Type type :
       {Type::kBoolean, Type::kInteger, Type::kFloat, Type::kString, Type::kDate, Type::kMixed}) {
    if (CodeOf(type) == code) return type;
  }
  return std::nullopt;
}

std::uint64_t TailMask(std::uint32_t rows) {
  return rows % 64 == 0 ? ~std::uint64_t{0} : (std::uint64_t{1} << (rows % 64)) - 1;
}

/// Rows that have values, ascending.
std::vector<std::uint32_t> PresentRows(const ColumnRows& column) {
  std::vector<std::uint32_t> rows;
  rows.reserve(column.rows);
  for (std::uint32_t row = 0; row < column.rows; ++row) {
    if (!column.present || ((column.present[row / 64] >> (row % 64)) & 1) != 0) rows.push_back(row);
  }
  return rows;
}

template <typename T>
const T* ArrayOf(const ColumnRows& column) {
  return static_cast<const T*>(column.data);
}

void PutIntegers(std::string* out, const std::int64_t* data,
                 const std::vector<std::uint32_t>& rows) {
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t greatest = std::numeric_limits<std::int64_t>::min();
  for (const std::uint32_t row : rows) {
    least = std::min(least, data[row]);
    greatest = std::max(greatest, data[row]);
  }
  const auto base = static_cast<std::uint64_t>(least);
  const unsigned width = PackedWidth(static_cast<std::uint64_t>(greatest) - base);
  PutSigned(out, least);
  out->push_back(static_cast<char>(width));
  PackBits(out, rows.size(), width,
           [&](std::size_t i) { return static_cast<std::uint64_t>(data[rows[i]]) - base; });
}

/// Sizes of texts, packed, then the texts themselves.
template <typename Get>
void PutTexts(std::string* out, std::size_t count, Get get) {
  std::uint64_t longest = 0;
  for (std::size_t i = 0; i < count; ++i) longest = std::max<std::uint64_t>(longest, get(i).size());
  const unsigned width = PackedWidth(longest);
  out->push_back(static_cast<char>(width));
  PackBits(out, count, width, [&](std::size_t i) { return get(i).size(); });
  for (std::size_t i = 0; i < count; ++i) out->append(get(i));
}

void PutStrings(std::string* out, const std::string_view* data,
                const std::vector<std::uint32_t>& rows) {
  // A dictionary pays when at most a quarter of the texts are distinct; stop looking beyond.
  std::unordered_map<std::string_view, std::uint32_t> codes;
  std::vector<std::string_view> distinct;
  std::vector<std::uint32_t> code_of(rows.size());
  const std::size_t distinct_max = rows.size() / 4;
  bool dictionary = distinct_max > 0;
  for (std::size_t i = 0; i < rows.size() && dictionary; ++i) {
    const std::string_view text = data[rows[i]];
    const auto [at, added] = codes.emplace(text, static_cast<std::uint32_t>(distinct.size()));
    if (added) distinct.push_back(text);
    code_of[i] = at->second;
    dictionary = distinct.size() <= distinct_max;
  }
  if (!dictionary) {
    out->push_back(static_cast<char>(kPlain));
    PutTexts(out, rows.size(), [&](std::size_t i) { return data[rows[i]]; });
    return;
  }
  out->push_back(static_cast<char>(kDictionary));
  PutVarint(out, distinct.size());
  PutTexts(out, distinct.size(), [&](std::size_t i) { return distinct[i]; });
  PackBits(out, rows.size(), PackedWidth(distinct.size() - 1),
           [&](std::size_t i) { return code_of[i]; });
}

void PutFloats(std::string* out, const double* data, const std::vector<std::uint32_t>& rows) {
  for (const std::uint32_t row : rows) {
    std::uint64_t bits;
    std::memcpy(&bits, &data[row], sizeof bits);
    PutFixed64(out, bits);
  }
}

}  // namespace

std::string EncodeColumn(const ColumnRows& column) {
  KB_ASSERT(column.rows <= kBlockSize);
  const std::vector<std::uint32_t> rows = PresentRows(column);
  std::string out;
  if (rows.empty()) return out;
  const std::uint32_t count = rows.back() + 1;
  const bool full = rows.size() == count;
  out.push_back(static_cast<char>(CodeOf(column.type) | (full ? kFull : 0)));
  PutVarint(&out, count);
  if (!full) {
    std::vector<std::uint64_t> words((count + 63) / 64);
    for (const std::uint32_t row : rows) words[row / 64] |= std::uint64_t{1} << (row % 64);
    for (const std::uint64_t word : words) PutFixed64(&out, word);
  }
  switch (column.type) {
    case Type::kBoolean:
    case Type::kInteger:
    case Type::kDate:
      PutIntegers(&out, ArrayOf<std::int64_t>(column), rows);
      break;
    case Type::kFloat:
      PutFloats(&out, ArrayOf<double>(column), rows);
      break;
    case Type::kString:
      PutStrings(&out, ArrayOf<std::string_view>(column), rows);
      break;
    case Type::kMixed:
      for (const std::uint32_t row : rows) PutValue(&out, ArrayOf<Value>(column)[row]);
      break;
  }
  return out;
}

std::string EncodeColumn(const ColumnChunk& chunk) {
  ColumnRows column;
  column.type = chunk.type();
  column.rows = chunk.rows();
  column.present = chunk.present();
  column.data = chunk.values();
  return EncodeColumn(column);
}

const void* ColumnData::data() const {
  switch (type) {
    case Type::kBoolean:
    case Type::kInteger:
    case Type::kDate:
      return integers.data();
    case Type::kFloat:
      return floats.data();
    case Type::kString:
      return strings.data();
    case Type::kMixed:
      return values.data();
  }
  return nullptr;
}

std::size_t ColumnData::bytes() const {
  return present.capacity() * sizeof(std::uint64_t) + integers.capacity() * sizeof(std::int64_t) +
         floats.capacity() * sizeof(double) + strings.capacity() * sizeof(std::string_view) +
         values.capacity() * sizeof(Value) + text.capacity();
}

namespace {

/// Calls put(row, i) for the i-th row that has a value.
template <typename Put>
void ForEachPresent(const ColumnData& column, Put put) {
  std::size_t i = 0;
  for (std::size_t word = 0; word < column.present.size(); ++word) {
    for (std::uint64_t bits = column.present[word]; bits != 0; bits &= bits - 1) {
      put(word * 64 + static_cast<std::size_t>(std::countr_zero(bits)), i++);
    }
  }
}

/// Moves `count` leading entries of an array of `rows` entries to their rows, from behind, and
/// clears the rows without a value.
template <typename Array>
void Spread(const ColumnData& column, std::size_t count, Array* array) {
  using T = typename Array::value_type;
  if (count == column.rows) return;
  for (std::size_t row = column.rows; row-- > 0;) {
    const bool has = ((column.present[row / 64] >> (row % 64)) & 1) != 0;
    (*array)[row] = has ? std::move((*array)[--count]) : T{};
  }
}

void ReadIntegers(ByteReader* in, std::size_t count, ColumnData* column) {
  const auto base = static_cast<std::uint64_t>(in->Signed());
  const unsigned width = in->Byte();
  if (!IsPackedWidth(width)) in->Fail();
  if (in->failed()) return;
  const std::string_view packed = in->Raw(PackedBytes(count, width));
  if (in->failed()) return;
  column->integers.resize(column->rows);
  std::int64_t* out = column->integers.data();
  UnpackBits(packed.data(), 0, count, width, [=](std::size_t i, std::uint64_t number) {
    out[i] = static_cast<std::int64_t>(base + number);
  });
  if (column->type == Type::kBoolean) {
    for (std::size_t i = 0; i < count; ++i) {
      if ((out[i] & ~std::int64_t{1}) != 0) return in->Fail();
    }
  }
  Spread(*column, count, &column->integers);
}

void ReadFloats(ByteReader* in, std::size_t count, ColumnData* column) {
  const std::string_view raw = in->Raw(count * sizeof(double));
  if (in->failed()) return;
  column->floats.resize(column->rows);
  std::memcpy(column->floats.data(), raw.data(), raw.size());
  Spread(*column, count, &column->floats);
}

/// Sizes and bytes of texts as views into the reader's bytes.
std::vector<std::string_view> ReadTexts(ByteReader* in, std::size_t count) {
  const unsigned width = in->Byte();
  if (width > 32) in->Fail();
  const std::string_view packed =
      in->failed() ? std::string_view() : in->Raw(PackedBytes(count, width));
  std::vector<std::string_view> texts;
  if (in->failed()) return texts;
  texts.resize(count);
  UnpackBits(packed.data(), 0, count, width, [&](std::size_t i, std::uint64_t size) {
    texts[i] = in->Raw(static_cast<std::size_t>(size));
  });
  return texts;
}

/// Copies texts into the column's own memory and points them there.
void OwnTexts(ColumnData* column, std::vector<std::string_view>* texts) {
  std::size_t size = 0;
  for (const std::string_view text : *texts) size += text.size();
  column->text.resize(size);
  char* at = column->text.data();
  for (std::string_view& text : *texts) {
    if (!text.empty()) std::memcpy(at, text.data(), text.size());
    text = {at, text.size()};
    at += text.size();
  }
}

void ReadStrings(ByteReader* in, std::size_t count, ColumnData* column) {
  const std::uint8_t form = in->Byte();
  if (form == kPlain) {
    std::vector<std::string_view> texts = ReadTexts(in, count);
    if (in->failed()) return;
    OwnTexts(column, &texts);
    column->strings.assign(texts.begin(), texts.end());
  } else if (form == kDictionary) {
    const auto distinct = static_cast<std::size_t>(in->VarintUpTo(count));
    if (distinct == 0) in->Fail();
    if (in->failed()) return;
    std::vector<std::string_view> texts = ReadTexts(in, distinct);
    const unsigned width = PackedWidth(distinct - 1);
    const std::string_view packed = in->Raw(PackedBytes(count, width));
    if (in->failed()) return;
    OwnTexts(column, &texts);
    column->strings.resize(count);
    UnpackBits(packed.data(), 0, count, width, [&](std::size_t i, std::uint64_t code) {
      if (code >= distinct) return in->Fail();
      column->strings[i] = texts[static_cast<std::size_t>(code)];
    });
  } else {
    in->Fail();
  }
  if (in->failed()) return;
  column->strings.resize(column->rows);
  Spread(*column, count, &column->strings);
}

void ReadValues(ByteReader* in, std::size_t count, ColumnData* column) {
  column->values.resize(column->rows);
  for (std::size_t i = 0; i < count && !in->failed(); ++i) column->values[i] = ReadValue(in);
  if (!in->failed()) Spread(*column, count, &column->values);
}

}  // namespace

Result<ColumnData> DecodeColumn(std::string_view bytes,
                                const std::shared_ptr<PagedMemory>& memory) {
  ByteReader in(bytes);
  ColumnData column(memory);
  const std::uint8_t head = in.Byte();
  const std::optional<Type> type = TypeOf(head & 0x0F);
  if (!type || (head & ~(kFull | 0x0F)) != 0) in.Fail();
  column.type = type.value_or(Type::kMixed);
  column.rows = static_cast<std::uint32_t>(in.VarintUpTo(kBlockSize));
  const bool full = (head & kFull) != 0;
  std::size_t count = 0;
  column.present.resize((column.rows + 63) / 64);
  for (std::uint64_t& word : column.present) {
    word = full ? ~std::uint64_t{0} : in.Fixed64();
    if (full && &word == &column.present.back()) word &= TailMask(column.rows);
    count += static_cast<std::size_t>(std::popcount(word));
  }
  if (count == 0 || (column.present.back() & ~TailMask(column.rows)) != 0) in.Fail();
  if (!in.failed()) {
    switch (column.type) {
      case Type::kBoolean:
      case Type::kInteger:
      case Type::kDate:
        ReadIntegers(&in, count, &column);
        break;
      case Type::kFloat:
        ReadFloats(&in, count, &column);
        break;
      case Type::kString:
        ReadStrings(&in, count, &column);
        break;
      case Type::kMixed:
        ReadValues(&in, count, &column);
        break;
    }
  }
  KB_TRY(in.Finish("a column of properties"));
  return column;
}

}  // namespace kb::storage
