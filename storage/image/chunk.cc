#include "storage/image/chunk.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "schema/base/assert.h"
#include "storage/column.h"

namespace kb::storage {

namespace {

constexpr std::size_t kPieceBytesMin = 256;
constexpr std::size_t kPieceBytesMax = 65'536;

std::uint64_t BitOf(std::uint32_t row) { return std::uint64_t{1} << (row % 64); }

}  // namespace

std::string_view TextPool::Add(std::string_view text) {
  if (text.size() > room_) {
    std::size_t size =
        std::min(kPieceBytesMax, kPieceBytesMin << std::min<std::size_t>(pieces_.size(), 8));
    size = std::max(size, text.size());
    pieces_.push_back(std::make_unique_for_overwrite<char[]>(size));
    free_ = pieces_.back().get();
    room_ = size;
  }
  if (text.empty()) return {};
  std::memcpy(free_, text.data(), text.size());
  const std::string_view copy(free_, text.size());
  free_ += text.size();
  room_ -= text.size();
  return copy;
}

Value ColumnChunk::Get(std::uint32_t row) const {
  if (!Has(row)) return Value::Null();
  switch (type_) {
    case Type::kBoolean:
      return Value::Boolean(integers()[row] != 0);
    case Type::kInteger:
      return Value::Integer(integers()[row]);
    case Type::kFloat:
      return Value::Float(floats()[row]);
    case Type::kString:
      return Value::String(strings()[row]);
    case Type::kDate:
      return Value::Of(schema::Date{integers()[row]});
    case Type::kMixed:
      return values()[row];
  }
  return Value::Null();
}

ColumnChunk::Type ChunkTypeOf(const Value& value) {
  if (value.is_integer()) return ColumnChunk::Type::kInteger;
  if (value.is_string()) return ColumnChunk::Type::kString;
  if (value.is_float()) return ColumnChunk::Type::kFloat;
  if (value.is_boolean()) return ColumnChunk::Type::kBoolean;
  if (value.kind() == schema::Kind::kDate) return ColumnChunk::Type::kDate;
  return ColumnChunk::Type::kMixed;
}

Chunk::Chunk() : buffer_(std::make_shared<Buffer>()) { Point(); }

Chunk::Chunk(const Chunk& other)
    : ColumnChunk(other),
      bits_(other.bits_),
      buffer_(other.buffer_),
      text_(other.text_),
      count_(other.count_),
      text_bytes_(other.text_bytes_),
      live_bytes_(other.live_bytes_) {
  Point();
}

Chunk::Chunk(ColumnData data) : buffer_(std::make_shared<Buffer>()) {
  type_ = data.type;
  rows_ = data.rows;
  for (std::size_t i = 0; i < (data.rows + 63) / 64; ++i) {
    bits_[i] = data.present[i];
    count_ += static_cast<std::uint32_t>(std::popcount(bits_[i]));
  }
  buffer_->integers = std::move(data.integers);
  buffer_->floats = std::move(data.floats);
  buffer_->strings = std::move(data.strings);
  buffer_->values = std::move(data.values);
  buffer_->capacity = rows_;
  buffer_->used = rows_;
  if (type_ == Type::kString) {
    text_ = std::make_shared<TextPool>();
    text_bytes_ = live_bytes_ = data.text.size();
    text_->Adopt(std::move(data.text));
  }
  Point();
}

void Chunk::Point() {
  present_ = bits_.data();
  switch (type_) {
    case Type::kBoolean:
    case Type::kInteger:
    case Type::kDate:
      data_ = buffer_->integers.data();
      break;
    case Type::kFloat:
      data_ = buffer_->floats.data();
      break;
    case Type::kString:
      data_ = buffer_->strings.data();
      break;
    case Type::kMixed:
      data_ = buffer_->values.data();
      break;
  }
}

void Chunk::Resize(Buffer* buffer, Type type, std::uint32_t capacity) {
  buffer->capacity = capacity;
  switch (type) {
    case Type::kBoolean:
    case Type::kInteger:
    case Type::kDate:
      buffer->integers.resize(capacity);
      break;
    case Type::kFloat:
      buffer->floats.resize(capacity);
      break;
    case Type::kString:
      buffer->strings.resize(capacity);
      break;
    case Type::kMixed:
      buffer->values.resize(capacity);
      break;
  }
}

void Chunk::Reserve(std::uint32_t row) {
  const bool fresh = row >= buffer_->used && row < buffer_->capacity;
  const bool own = buffer_.use_count() == 1;
  if (!fresh && !(own && row < buffer_->capacity)) {
    std::uint32_t capacity = buffer_->capacity;
    while (capacity <= row) capacity = std::min(kBlockSize, std::max(8u, capacity * 2));
    auto larger = std::make_shared<Buffer>();
    Resize(larger.get(), type_, capacity);
    std::copy_n(buffer_->integers.begin(), std::min<std::size_t>(rows_, buffer_->integers.size()),
                larger->integers.begin());
    std::copy_n(buffer_->floats.begin(), std::min<std::size_t>(rows_, buffer_->floats.size()),
                larger->floats.begin());
    std::copy_n(buffer_->strings.begin(), std::min<std::size_t>(rows_, buffer_->strings.size()),
                larger->strings.begin());
    std::copy_n(buffer_->values.begin(), std::min<std::size_t>(rows_, buffer_->values.size()),
                larger->values.begin());
    larger->used = rows_;
    buffer_ = std::move(larger);
    Point();
    if (type_ == Type::kString) SweepText();
  }
  buffer_->used = std::max(buffer_->used, row + 1);
}

void Chunk::SweepText() {
  if (text_bytes_ <= 2 * live_bytes_ + 4096) return;
  auto fresh = std::make_shared<TextPool>();
  for (std::uint32_t row = 0; row < rows_; ++row) {
    std::string_view& text = buffer_->strings[row];
    text = Has(row) ? fresh->Add(text) : std::string_view();
  }
  text_ = std::move(fresh);
  text_bytes_ = live_bytes_;
}

void Chunk::Isolate() {
  if (buffer_.use_count() != 1) {
    // Only the rows of this version: the writer may be filling those behind.
    auto own = std::make_shared<Buffer>();
    Resize(own.get(), type_, buffer_->capacity);
    const auto copy = [this](const auto& from, auto* to) {
      std::copy_n(from.begin(), std::min<std::size_t>(rows_, from.size()), to->begin());
    };
    copy(buffer_->integers, &own->integers);
    copy(buffer_->floats, &own->floats);
    copy(buffer_->strings, &own->strings);
    copy(buffer_->values, &own->values);
    own->used = rows_;
    buffer_ = std::move(own);
    Point();
  }
  if (!text_ || text_.use_count() == 1) return;
  auto fresh = std::make_shared<TextPool>();
  for (std::uint32_t row = 0; row < rows_; ++row) {
    std::string_view& text = buffer_->strings[row];
    text = Has(row) ? fresh->Add(text) : std::string_view();
  }
  text_ = std::move(fresh);
  text_bytes_ = live_bytes_;
}

void Chunk::Mix() {
  auto mixed = std::make_shared<Buffer>();
  Resize(mixed.get(), Type::kMixed, buffer_->capacity);
  for (std::uint32_t row = 0; row < rows_; ++row) mixed->values[row] = Get(row);
  mixed->used = rows_;
  buffer_ = std::move(mixed);
  type_ = Type::kMixed;
  text_ = nullptr;
  text_bytes_ = live_bytes_ = 0;
  Point();
}

void Chunk::Set(std::uint32_t row, const Value& value) {
  KB_ASSERT(row < kBlockSize);
  const bool had = Has(row);
  if (had && type_ == Type::kString) live_bytes_ -= strings()[row].size();
  if (value.is_null()) {
    if (!had) return;
    bits_[row / 64] &= ~BitOf(row);
    --count_;
    return;
  }
  const Type type = ChunkTypeOf(value);
  if (count_ == 0 && type != type_) {
    // Nothing to keep: the chunk takes the type of its first value.
    buffer_ = std::make_shared<Buffer>();
    rows_ = 0;
    type_ = type;
    text_bytes_ = live_bytes_ = 0;
    text_ = nullptr;
    Point();
  } else if (type != type_ && type_ != Type::kMixed) {
    Mix();
  }
  Reserve(row);
  switch (type_) {
    case Type::kBoolean:
      buffer_->integers[row] = value.boolean() ? 1 : 0;
      break;
    case Type::kInteger:
      buffer_->integers[row] = value.integer();
      break;
    case Type::kDate:
      buffer_->integers[row] = value.date().days;
      break;
    case Type::kFloat:
      buffer_->floats[row] = value.floating();
      break;
    case Type::kString: {
      if (!text_) text_ = std::make_shared<TextPool>();
      const std::string_view text = value.string();
      buffer_->strings[row] = text_->Add(text);
      text_bytes_ += text.size();
      live_bytes_ += text.size();
      break;
    }
    case Type::kMixed:
      buffer_->values[row] = value;
      break;
  }
  if (!had) {
    bits_[row / 64] |= BitOf(row);
    ++count_;
  }
  rows_ = std::max(rows_, row + 1);
}

}  // namespace kb::storage
