// Batch and Vector: rows in columns, the currency of execution.
//
// A Vector is one column of up to a batch's rows. Its representation is chosen by whoever fills it:
// typed arrays where the type is known (nodes, relationships, numbers, booleans, texts), Values
// otherwise. Kernels test the representation once a batch, never once a row; `Get` boxes one entry
// for the general paths. Nulls are a byte map that is absent when there are none.
//
// A Batch is a set of Vectors by slot, and two optional columns: `multiplicity` (how many equal
// rows a row stands for; absent: 1 each) and `origin` (for batched subplans: the row of the
// Argument batch that a row came from). An operator that keeps, drops or repeats rows must treat
// those two as well: Gather does.
#pragma once

#include <boost/container/vector.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "query/bind/bound.h"
#include "schema/ids.h"
#include "schema/value.h"

namespace kb::query::exec {

using bind::Slot;
using schema::NodeId;
using schema::RelationshipRef;
using schema::Value;

inline constexpr std::uint32_t kBatchRows = 2048;

enum class Repr : std::uint8_t {
  kNone,          ///< The slot has no value in this batch.
  kValue,         ///< Value[]; nulls are in the Values, no null map.
  kNode,          ///< NodeId[]
  kRelationship,  ///< RelationshipRef[]
  kInteger,       ///< int64_t[]
  kFloat,         ///< double[]
  kBoolean,       ///< uint8_t[] 0 or 1
  kString,        ///< string_view[]; the bytes are borrowed from the view or held by `keep`.
  kConstant,      ///< One Value for all rows, in values()[0].
};

/// One column. Copying is deep; moving is cheap.
class Vector {
 public:
  // Out of line, as Batch's are: every operator has some, and they are met once a batch.
  Vector();
  Vector(const Vector&);
  Vector(Vector&&) noexcept;
  Vector& operator=(const Vector&);
  Vector& operator=(Vector&&) noexcept;
  ~Vector();

  Repr repr() const { return repr_; }
  std::uint32_t size() const { return size_; }

  /// Becomes an uninitialised column of `size` entries without nulls. Keeps capacity.
  void Reset(Repr repr, std::uint32_t size);
  void SetConstant(Value value, std::uint32_t size);

  std::vector<Value>& values() { return values_; }
  const std::vector<Value>& values() const { return values_; }
  NodeId* nodes() { return reinterpret_cast<NodeId*>(data_.data()); }
  const NodeId* nodes() const { return reinterpret_cast<const NodeId*>(data_.data()); }
  RelationshipRef* relationships() { return reinterpret_cast<RelationshipRef*>(data_.data()); }
  const RelationshipRef* relationships() const {
    return reinterpret_cast<const RelationshipRef*>(data_.data());
  }
  std::int64_t* integers() { return reinterpret_cast<std::int64_t*>(data_.data()); }
  const std::int64_t* integers() const {
    return reinterpret_cast<const std::int64_t*>(data_.data());
  }
  double* floats() { return reinterpret_cast<double*>(data_.data()); }
  const double* floats() const { return reinterpret_cast<const double*>(data_.data()); }
  std::uint8_t* booleans() { return reinterpret_cast<std::uint8_t*>(data_.data()); }
  const std::uint8_t* booleans() const {
    return reinterpret_cast<const std::uint8_t*>(data_.data());
  }
  std::string_view* strings() { return reinterpret_cast<std::string_view*>(data_.data()); }
  const std::string_view* strings() const {
    return reinterpret_cast<const std::string_view*>(data_.data());
  }

  /// One byte a row, 1 = null; nullptr when no entry is null. Not used by kValue and kConstant.
  const std::uint8_t* nulls() const { return nulls_.empty() ? nullptr : nulls_.data(); }
  /// Makes the null map (all 0) if it is absent.
  std::uint8_t* MutableNulls();
  bool IsNull(std::uint32_t row) const;

  /// The entry, boxed.
  Value Get(std::uint32_t row) const;
  /// The same column as Values.
  void Box();

  /// Entries of `source` at `rows`, in that order (repeats allowed).
  void GatherFrom(const Vector& source, std::span<const std::uint32_t> rows);
  /// Adds the entries of `other` behind; representations are unified (boxed if they differ).
  void Append(const Vector& other);

  /// Keeps something alive that string entries point into.
  void Keep(std::shared_ptr<const void> owner);

 private:
  using Owners = std::vector<std::shared_ptr<const void>>;
  void KeepAsIn(const Vector& other);

  Repr repr_ = Repr::kNone;
  std::uint32_t size_ = 0;
  /// In units of eight bytes, so that every type is aligned; its entries need not be set.
  boost::container::vector<std::uint64_t> data_;
  std::vector<std::uint8_t> nulls_;
  std::vector<Value> values_;
  std::unique_ptr<Owners> keep_;  ///< Null where there never were any.
};

/// Rows in columns.
struct Batch {
  std::uint32_t rows = 0;
  std::vector<Vector> columns;              ///< By slot; kNone where a slot is not set.
  std::vector<std::uint64_t> multiplicity;  ///< Empty: all 1.
  std::vector<std::uint32_t> origin;        ///< Empty: not in a batched subplan.

  explicit Batch(std::size_t slot_count = 0);
  Batch(const Batch&);
  Batch(Batch&&) noexcept;
  Batch& operator=(const Batch&);
  Batch& operator=(Batch&&) noexcept;
  ~Batch();

  Vector& column(Slot slot) { return columns[static_cast<std::size_t>(slot)]; }
  const Vector& column(Slot slot) const { return columns[static_cast<std::size_t>(slot)]; }
  std::uint64_t multiplicity_of(std::uint32_t row) const {
    return multiplicity.empty() ? 1 : multiplicity[row];
  }
  /// No rows, no columns; keeps capacity.
  void Clear();
  /// This batch becomes the given rows of `source`: the slots in `live` (nullptr: all),
  /// multiplicity and origin.
  void GatherFrom(const Batch& source, std::span<const std::uint32_t> row_numbers,
                  const std::vector<Slot>* live);
};

}  // namespace kb::query::exec
