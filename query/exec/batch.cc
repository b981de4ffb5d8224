#include "query/exec/batch.h"

#include <algorithm>
#include <cstring>

#include "schema/base/assert.h"

namespace kb::query::exec {
namespace {

/// Bytes of one entry; 0 where entries are not kept in the typed array.
constexpr std::size_t WidthOf(Repr repr) {
  switch (repr) {
    case Repr::kNode:
      return sizeof(NodeId);
    case Repr::kRelationship:
      return sizeof(RelationshipRef);
    case Repr::kInteger:
      return sizeof(std::int64_t);
    case Repr::kFloat:
      return sizeof(double);
    case Repr::kBoolean:
      return sizeof(std::uint8_t);
    case Repr::kString:
      return sizeof(std::string_view);
    case Repr::kNone:
    case Repr::kValue:
    case Repr::kConstant:
      return 0;
  }
  return 0;
}

constexpr std::size_t WordsOf(Repr repr, std::size_t size) {
  return (WidthOf(repr) * size + 7) / 8;
}

template <typename T>
void GatherEntries(T* to, const T* from, std::span<const std::uint32_t> rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) to[i] = from[rows[i]];
}

}  // namespace

Vector::Vector() = default;
Vector::Vector(const Vector& other)
    : repr_(other.repr_),
      size_(other.size_),
      data_(other.data_),
      nulls_(other.nulls_),
      values_(other.values_) {
  KeepAsIn(other);
}
Vector::Vector(Vector&&) noexcept = default;
Vector& Vector::operator=(const Vector& other) {
  repr_ = other.repr_;
  size_ = other.size_;
  data_ = other.data_;
  nulls_ = other.nulls_;
  values_ = other.values_;
  KeepAsIn(other);
  return *this;
}
Vector& Vector::operator=(Vector&&) noexcept = default;
Vector::~Vector() = default;

Batch::Batch(std::size_t slot_count) : columns(slot_count) {}
Batch::Batch(const Batch&) = default;
Batch::Batch(Batch&&) noexcept = default;
Batch& Batch::operator=(const Batch&) = default;
Batch& Batch::operator=(Batch&&) noexcept = default;
Batch::~Batch() = default;

void Vector::Keep(std::shared_ptr<const void> owner) {
  if (!keep_) keep_ = std::make_unique<Owners>();
  keep_->push_back(std::move(owner));
}

void Vector::KeepAsIn(const Vector& other) {
  if (!other.keep_ && !keep_) return;
  keep_ = other.keep_ ? std::make_unique<Owners>(*other.keep_) : nullptr;
}

void Vector::Reset(Repr repr, std::uint32_t size) {
  repr_ = repr;
  size_ = size;
  nulls_.clear();
  keep_.reset();
  values_.clear();
  if (repr == Repr::kValue) {
    values_.resize(size);
  } else if (repr == Repr::kConstant) {
    values_.resize(1);
  } else if (const std::size_t words = WordsOf(repr, size); data_.size() < words) {
    data_.resize(words, boost::container::default_init);
  }
}

void Vector::SetConstant(Value value, std::uint32_t size) {
  Reset(Repr::kConstant, size);
  values_[0] = std::move(value);
}

std::uint8_t* Vector::MutableNulls() {
  if (nulls_.empty()) nulls_.assign(size_, 0);
  return nulls_.data();
}

bool Vector::IsNull(std::uint32_t row) const {
  switch (repr_) {
    case Repr::kNone:
      return true;
    case Repr::kValue:
      return values_[row].is_null();
    case Repr::kConstant:
      return values_[0].is_null();
    case Repr::kNode:
    case Repr::kRelationship:
    case Repr::kInteger:
    case Repr::kFloat:
    case Repr::kBoolean:
    case Repr::kString:
      return !nulls_.empty() && nulls_[row] != 0;
  }
  return true;
}

Value Vector::Get(std::uint32_t row) const {
  if (!nulls_.empty() && nulls_[row] != 0) return Value::Null();
  switch (repr_) {
    case Repr::kNone:
      return Value::Null();
    case Repr::kValue:
      return values_[row];
    case Repr::kConstant:
      return values_[0];
    case Repr::kNode:
      return Value::Node(nodes()[row]);
    case Repr::kRelationship:
      return Value::Relationship(relationships()[row]);
    case Repr::kInteger:
      return Value::Integer(integers()[row]);
    case Repr::kFloat:
      return Value::Float(floats()[row]);
    case Repr::kBoolean:
      return Value::Boolean(booleans()[row] != 0);
    case Repr::kString:
      return Value::String(strings()[row]);
  }
  return Value::Null();
}

void Vector::Box() {
  if (repr_ == Repr::kValue) return;
  if (repr_ == Repr::kConstant) {
    const Value value = std::move(values_[0]);
    values_.assign(size_, value);
  } else {
    std::vector<Value> boxed;
    boxed.swap(values_);
    boxed.clear();
    boxed.reserve(size_);
    for (std::uint32_t row = 0; row < size_; ++row) boxed.push_back(Get(row));
    values_.swap(boxed);
  }
  repr_ = Repr::kValue;
  nulls_.clear();
  keep_.reset();
}

void Vector::GatherFrom(const Vector& source, std::span<const std::uint32_t> rows) {
  KB_ASSERT(&source != this);
  const auto size = static_cast<std::uint32_t>(rows.size());
  if (source.repr_ == Repr::kConstant) {
    SetConstant(source.values_[0], size);
    return;
  }
  Reset(source.repr_, size);
  KeepAsIn(source);
  switch (repr_) {
    case Repr::kValue:
      GatherEntries(values_.data(), source.values_.data(), rows);
      break;
    case Repr::kNode:
      GatherEntries(nodes(), source.nodes(), rows);
      break;
    case Repr::kRelationship:
      GatherEntries(relationships(), source.relationships(), rows);
      break;
    case Repr::kInteger:
      GatherEntries(integers(), source.integers(), rows);
      break;
    case Repr::kFloat:
      GatherEntries(floats(), source.floats(), rows);
      break;
    case Repr::kBoolean:
      GatherEntries(booleans(), source.booleans(), rows);
      break;
    case Repr::kString:
      GatherEntries(strings(), source.strings(), rows);
      break;
    case Repr::kNone:
    case Repr::kConstant:
      break;
  }
  if (!source.nulls_.empty()) {
    nulls_.resize(size);
    GatherEntries(nulls_.data(), source.nulls_.data(), rows);
  }
}

void Vector::Append(const Vector& other) {
  if (other.size_ == 0) return;
  if (size_ == 0) {
    *this = other;
    return;
  }
  const std::uint32_t before = size_;
  if (repr_ != other.repr_ || repr_ == Repr::kConstant || repr_ == Repr::kValue) {
    if (repr_ == Repr::kNone && other.repr_ == Repr::kNone) {
      size_ += other.size_;
      return;
    }
    Box();
    values_.reserve(before + other.size_);
    for (std::uint32_t row = 0; row < other.size_; ++row) values_.push_back(other.Get(row));
    size_ = before + other.size_;
    return;
  }
  const std::uint32_t size = before + other.size_;
  if (const std::size_t words = WordsOf(repr_, size); data_.size() < words) {
    data_.resize(std::max(words, data_.size() * 2), boost::container::default_init);
  }
  const std::size_t width = WidthOf(repr_);
  if (width != 0) {
    std::memcpy(reinterpret_cast<unsigned char*>(data_.data()) + width * before, other.data_.data(),
                width * other.size_);
  }
  size_ = size;
  if (!nulls_.empty() || !other.nulls_.empty()) {
    nulls_.resize(before, 0);
    if (other.nulls_.empty()) {
      nulls_.resize(size, 0);
    } else {
      nulls_.insert(nulls_.end(), other.nulls_.begin(), other.nulls_.end());
    }
  }
  if (!other.keep_) return;
  if (!keep_) keep_ = std::make_unique<Owners>();
  for (const auto& owner : *other.keep_) {
    // Batches of one scan share their owners: looking at the last few keeps the list short.
    const auto recent = keep_->end() - std::min<std::ptrdiff_t>(8, std::ssize(*keep_));
    if (std::find(recent, keep_->end(), owner) == keep_->end()) keep_->push_back(owner);
  }
}

void Batch::Clear() {
  rows = 0;
  for (Vector& vector : columns) {
    if (vector.repr() != Repr::kNone || vector.size() != 0) vector.Reset(Repr::kNone, 0);
  }
  multiplicity.clear();
  origin.clear();
}

void Batch::GatherFrom(const Batch& source, std::span<const std::uint32_t> row_numbers,
                       const std::vector<Slot>* live) {
  KB_ASSERT(&source != this);
  rows = static_cast<std::uint32_t>(row_numbers.size());
  columns.resize(source.columns.size());
  if (live == nullptr) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      columns[i].GatherFrom(source.columns[i], row_numbers);
    }
  } else {
    for (Vector& vector : columns) {
      if (vector.repr() != Repr::kNone || vector.size() != rows) vector.Reset(Repr::kNone, rows);
    }
    for (const Slot slot : *live) column(slot).GatherFrom(source.column(slot), row_numbers);
  }
  multiplicity.clear();
  if (!source.multiplicity.empty()) {
    multiplicity.resize(rows);
    GatherEntries(multiplicity.data(), source.multiplicity.data(), row_numbers);
  }
  origin.clear();
  if (!source.origin.empty()) {
    origin.resize(rows);
    GatherEntries(origin.data(), source.origin.data(), row_numbers);
  }
}

}  // namespace kb::query::exec
