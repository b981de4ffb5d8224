// `subject.key`. For columns of nodes and relationships the values are gathered from the view's
// typed chunks: one lookup a block of ids, then plain array reads; texts are borrowed, not copied.

#include <algorithm>
#include <array>

#include "query/eval/kernel.h"
#include "query/functions/convert.h"
#include "query/functions/entity.h"
#include "schema/edtf.h"
#include "schema/temporal.h"
#include "storage/blocks.h"

namespace kb::query::eval {
namespace {

using storage::ColumnChunk;

/// Where the value of each row lies.
struct Places {
  std::vector<const ColumnChunk*> chunks;  ///< nullptr: no value.
  std::vector<std::uint32_t> rows;

  bool Has(std::uint32_t i) const { return chunks[i] != nullptr && chunks[i]->Has(rows[i]); }
};

Places FindPlaces(const Vector& subjects, schema::KeyId key, const storage::View& view,
                  storage::Blocks* of_nodes) {
  Places places;
  places.chunks.resize(subjects.size(), nullptr);
  places.rows.resize(subjects.size());
  storage::BlocksOfTypes of_relationships(view, key);
  const std::uint8_t* nulls = subjects.nulls();
  for (std::uint32_t i = 0; i < subjects.size(); ++i) {
    if (nulls != nullptr && nulls[i] != 0) continue;
    if (subjects.repr() == Repr::kNode) {
      const NodeId node = subjects.nodes()[i];
      places.chunks[i] = (*of_nodes)[storage::BlockOf(node)];
      places.rows[i] = schema::Raw(node) % storage::kBlockSize;
    } else {
      const RelationshipRef& ref = subjects.relationships()[i];
      places.chunks[i] = of_relationships[ref];
      places.rows[i] = schema::Raw(ref.edge) % storage::kBlockSize;
    }
  }
  return places;
}

/// The representation that holds the values of all chunks; kConstant if there are none.
Repr ReprFor(const Places& places) {
  Repr repr = Repr::kConstant;
  const ColumnChunk* last = nullptr;
  for (const ColumnChunk* chunk : places.chunks) {
    if (chunk == nullptr || chunk == last) continue;
    last = chunk;
    Repr own = Repr::kValue;
    switch (chunk->type()) {
      case ColumnChunk::Type::kBoolean:
        own = Repr::kBoolean;
        break;
      case ColumnChunk::Type::kInteger:
        own = Repr::kInteger;
        break;
      case ColumnChunk::Type::kFloat:
        own = Repr::kFloat;
        break;
      case ColumnChunk::Type::kString:
        own = Repr::kString;
        break;
      case ColumnChunk::Type::kDate:
      case ColumnChunk::Type::kMixed:
        break;
    }
    if (repr == Repr::kConstant) repr = own;
    if (repr != own) return Repr::kValue;
  }
  return repr;
}

template <typename T, typename Read>
void Fill(const Places& places, T* to, Vector* out, const Read& read) {
  std::uint8_t* nulls = nullptr;
  for (std::uint32_t i = 0; i < out->size(); ++i) {
    if (places.Has(i)) {
      to[i] = read(*places.chunks[i], places.rows[i]);
    } else {
      if (nulls == nullptr) nulls = out->MutableNulls();
      nulls[i] = 1;
      to[i] = T{};
    }
  }
}

/// The blocks of integers in which each row has a value, of those last met.
class WholeBlocks {
 public:
  struct Block {
    std::uint32_t rows;  ///< 0: values are to be looked at one by one.
    const std::int64_t* integers;
  };
  WholeBlocks() { numbers_.fill(~std::uint64_t{0}); }

  template <typename Find>
  const Block& At(std::uint64_t number, const Find& find) {
    const std::size_t place = number % numbers_.size();
    if (numbers_[place] != number) [[unlikely]] {
      const storage::Chunk* const chunk = find();
      const bool is_whole = chunk != nullptr && chunk->type() == ColumnChunk::Type::kInteger &&
                            chunk->count() == chunk->rows();
      numbers_[place] = number;
      blocks_[place] = is_whole ? Block{chunk->rows(), chunk->integers()} : Block{0, nullptr};
    }
    return blocks_[place];
  }

 private:
  std::array<std::uint64_t, 128> numbers_;
  std::array<Block, 128> blocks_;  ///< Where they have a number.
};

/// Integers of nodes or relationships, read in one go; false where a value is of another type, or
/// there is none. number(subject) is another for each of them, and goes up by one within a block;
/// find(subject) is its block.
template <typename Subject, typename Number, typename Find>
bool GatherIntegers(const Vector& subjects, const Subject* ids, const Number& number_of,
                    const Find& find, Vector* out) {
  const std::uint32_t size = subjects.size();
  out->Reset(Repr::kInteger, size);
  std::int64_t* const to = out->integers();
  const std::uint8_t* const missing = subjects.nulls();
  std::uint8_t* nulls = nullptr;
  bool any = false;
  WholeBlocks whole_blocks;
  for (std::uint32_t i = 0; i < size; ++i) {
    const bool is_there = missing == nullptr || missing[i] == 0;
    const storage::Chunk* chunk = nullptr;
    const std::uint64_t number = number_of(ids[i]);
    const auto row = static_cast<std::uint32_t>(number % storage::kBlockSize);
    if (is_there) {
      const auto& whole =
          whole_blocks.At(number / storage::kBlockSize, [&] { return find(ids[i]); });
      if (row < whole.rows) [[likely]] {
        to[i] = whole.integers[row];
        any = true;
        continue;
      }
      chunk = find(ids[i]);
    }
    if (chunk != nullptr && chunk->type() != ColumnChunk::Type::kInteger) return false;
    if (chunk != nullptr && chunk->Has(row)) {
      to[i] = chunk->integers()[row];
      any = true;
      continue;
    }
    if (nulls == nullptr) nulls = out->MutableNulls();
    nulls[i] = 1;
    to[i] = 0;
  }
  return any;
}

bool GatherIntegers(const Vector& subjects, schema::KeyId key, const storage::View& view,
                    storage::Blocks* of_nodes, Vector* out) {
  if (subjects.repr() == Repr::kNode) {
    return GatherIntegers(
        subjects, subjects.nodes(), [](NodeId node) { return std::uint64_t{schema::Raw(node)}; },
        [&](NodeId node) { return (*of_nodes)[storage::BlockOf(node)]; }, out);
  }
  storage::BlocksOfTypes blocks(view, key);
  return GatherIntegers(
      subjects, subjects.relationships(), [](const RelationshipRef& ref) { return ref.id(); },
      [&](const RelationshipRef& ref) { return blocks[ref]; }, out);
}

void GatherValues(const Places& places, const storage::View& view, Vector* out) {
  const auto size = static_cast<std::uint32_t>(places.rows.size());
  const Repr repr = ReprFor(places);
  if (repr == Repr::kConstant) {
    out->SetConstant(Value::Null(), size);
    return;
  }
  out->Reset(repr, size);
  switch (repr) {
    case Repr::kBoolean:
      Fill(places, out->booleans(), out, [](const ColumnChunk& chunk, std::uint32_t row) {
        return static_cast<std::uint8_t>(chunk.integers()[row] != 0 ? 1 : 0);
      });
      return;
    case Repr::kInteger:
      Fill(places, out->integers(), out,
           [](const ColumnChunk& chunk, std::uint32_t row) { return chunk.integers()[row]; });
      return;
    case Repr::kFloat:
      Fill(places, out->floats(), out,
           [](const ColumnChunk& chunk, std::uint32_t row) { return chunk.floats()[row]; });
      return;
    case Repr::kString:
      Fill(places, out->strings(), out,
           [](const ColumnChunk& chunk, std::uint32_t row) { return chunk.strings()[row]; });
      // A writing statement moves on to newer views while its batches live.
      out->Keep(std::make_shared<storage::View>(view));
      return;
    case Repr::kNone:
    case Repr::kValue:
    case Repr::kNode:
    case Repr::kRelationship:
    case Repr::kConstant:
      break;
  }
  for (std::uint32_t i = 0; i < size; ++i) {
    if (places.Has(i)) out->values()[i] = places.chunks[i]->Get(places.rows[i]);
  }
}

// --- Runs: nodes that follow each other, as scans give them, are read without a look at each ----

struct Run {
  const ColumnChunk* chunk;
  std::uint32_t row;  ///< In the chunk.
  std::uint32_t at;   ///< In the column that is made.
  std::uint32_t count;
};

constexpr std::uint32_t kLook = 64;
constexpr std::uint32_t kRun = 16;  ///< Shorter ones are not worth it.

/// Whether each node's number is one more than that before, seen without a branch a node.
bool IsRun(const NodeId* nodes, std::uint32_t count) {
  std::uint32_t off = 0;
  for (std::uint32_t i = 0; i < count; ++i)
    off |= schema::Raw(nodes[i]) ^ (schema::Raw(nodes[0]) + i);
  return off == 0;
}

/// Cuts a column of nodes into runs; false if they would be short.
bool FindRuns(const Vector& subjects, storage::Blocks* blocks, std::vector<Run>* runs) {
  const std::uint32_t size = subjects.size();
  const NodeId* nodes = subjects.nodes();
  if (subjects.repr() != Repr::kNode || subjects.nulls() != nullptr || size < kRun) return false;
  const std::size_t runs_max = size / kRun + 1;
  for (std::uint32_t at = 0; at < size;) {
    const std::uint32_t first = schema::Raw(nodes[at]);
    const std::uint32_t row = first % storage::kBlockSize;
    const std::uint32_t end = std::min(size, at + storage::kBlockSize - row);
    std::uint32_t next = at + 1;
    while (next < end && schema::Raw(nodes[next]) == first + (next - at)) {
      next =
          IsRun(nodes + next, std::min(end - next, kLook)) ? std::min(end, next + kLook) : next + 1;
    }
    if (runs->size() == runs_max) return false;
    runs->push_back({(*blocks)[storage::BlockOf(nodes[at])], row, at, next - at});
    at = next;
  }
  return true;
}

/// One type for all runs that have values, or nothing if there is none.
std::optional<ColumnChunk::Type> TypeOf(const std::vector<Run>& runs) {
  std::optional<ColumnChunk::Type> type;
  for (const Run& run : runs) {
    if (run.chunk == nullptr) continue;
    if (type && *type != run.chunk->type()) return std::nullopt;
    type = run.chunk->type();
  }
  return type;
}

bool HasAll(const ColumnChunk& chunk, std::uint32_t row, std::uint32_t count) {
  if (row + count > chunk.rows()) return false;
  std::uint32_t at = row;
  for (; at < row + count && at % 64 != 0; ++at) {
    if (!chunk.Has(at)) return false;
  }
  for (; at + 64 <= row + count; at += 64) {
    if (chunk.present()[at / 64] != ~std::uint64_t{0}) return false;
  }
  for (; at < row + count; ++at) {
    if (!chunk.Has(at)) return false;
  }
  return true;
}

void MarkMissing(const Run& run, Vector* out) {
  if (run.chunk != nullptr && HasAll(*run.chunk, run.row, run.count)) return;
  std::uint8_t* nulls = nullptr;
  for (std::uint32_t i = 0; i < run.count; ++i) {
    if (run.chunk != nullptr && run.chunk->Has(run.row + i)) continue;
    if (nulls == nullptr) nulls = out->MutableNulls();
    nulls[run.at + i] = 1;
  }
}

template <typename T>
void CopyRuns(const std::vector<Run>& runs, const T* (ColumnChunk::*values)() const, T* to,
              Vector* out) {
  for (const Run& run : runs) {
    const std::uint32_t rows = run.chunk == nullptr ? 0 : run.chunk->rows();
    const std::uint32_t there = rows > run.row ? std::min(run.count, rows - run.row) : 0;
    if (there != 0) std::copy_n((run.chunk->*values)() + run.row, there, to + run.at);
    std::fill_n(to + run.at + there, run.count - there, T{});
    MarkMissing(run, out);
  }
}

/// Reads runs into a typed column; false where that is not possible.
bool GatherRuns(const Vector& subjects, const storage::View& view, storage::Blocks* of_nodes,
                Vector* out) {
  std::vector<Run> runs;
  if (!FindRuns(subjects, of_nodes, &runs)) return false;
  const auto type = TypeOf(runs);
  if (type == ColumnChunk::Type::kInteger) {
    out->Reset(Repr::kInteger, subjects.size());
    CopyRuns(runs, &ColumnChunk::integers, out->integers(), out);
  } else if (type == ColumnChunk::Type::kFloat) {
    out->Reset(Repr::kFloat, subjects.size());
    CopyRuns(runs, &ColumnChunk::floats, out->floats(), out);
  } else if (type == ColumnChunk::Type::kString) {
    out->Reset(Repr::kString, subjects.size());
    CopyRuns(runs, &ColumnChunk::strings, out->strings(), out);
    out->Keep(std::make_shared<storage::View>(view));
  } else {
    return false;
  }
  return true;
}

/// Values one by one, for few rows of a view that makes its columns when they are read: true where
/// it is one.
bool GatherSingly(const Vector& subjects, schema::KeyId key, const storage::View& view,
                  Vector* out) {
  constexpr std::uint32_t kFew = 16;
  if (subjects.size() > kFew || !view.ReadsSingly()) return false;
  out->Reset(Repr::kValue, subjects.size());
  for (std::uint32_t i = 0; i < subjects.size(); ++i) {
    if (subjects.IsNull(i)) continue;
    out->values()[i] = subjects.repr() == Repr::kNode
                           ? view.Property(subjects.nodes()[i], key)
                           : view.Property(subjects.relationships()[i], key);
  }
  return true;
}

/// The values of a column of nodes or of relationships.
void GatherProperty(const Vector& subjects, schema::KeyId key, const storage::View& view,
                    Vector* out) {
  if (GatherSingly(subjects, key, view, out)) return;
  storage::Blocks of_nodes;
  if (subjects.repr() == Repr::kNode) of_nodes = storage::Blocks(view, key);
  if (GatherRuns(subjects, view, &of_nodes, out) ||
      GatherIntegers(subjects, key, view, &of_nodes, out)) {
    return;
  }
  GatherValues(FindPlaces(subjects, key, view, &of_nodes), view, out);
}

/// A missing value may mean that the node or relationship itself is gone.
Result<void> CheckMissing(const Vector& subjects, const Vector& values,
                          const EvalContext& context) {
  const bool typed = values.repr() != Repr::kValue && values.repr() != Repr::kConstant;
  if (!context.may_meet_deleted || (typed && values.nulls() == nullptr)) return {};
  for (std::uint32_t row = 0; row < subjects.size(); ++row) {
    if (values.IsNull(row) && !subjects.IsNull(row)) {
      const bool is_there = subjects.repr() == Repr::kNode
                                ? context.view.Exists(subjects.nodes()[row])
                                : context.view.Exists(subjects.relationships()[row]);
      if (!is_there) return functions::CheckThere(subjects.Get(row), context.view);
    }
  }
  return {};
}

Value PointComponent(const schema::Point& point, std::string_view key) {
  const bool is_wgs = point.srid == 4326 || point.srid == 4979;
  const bool has_z = point.srid == 9157 || point.srid == 4979;
  if (key == "x" || (is_wgs && key == "longitude")) return Value::Float(point.x);
  if (key == "y" || (is_wgs && key == "latitude")) return Value::Float(point.y);
  if (has_z && (key == "z" || (is_wgs && key == "height"))) return Value::Float(point.z);
  if (key == "srid") return Value::Integer(point.srid);
  if (key != "crs") return Value::Null();
  if (is_wgs) return Value::String(has_z ? "wgs-84-3d" : "wgs-84");
  return Value::String(has_z ? "cartesian-3d" : "cartesian");
}

}  // namespace

Result<Value> PropertyOf(const Value& subject, std::string_view key, const EvalContext& context) {
  switch (subject.kind()) {
    case Kind::kNull:
      return Value::Null();
    case Kind::kMap: {
      const Value* entry = subject.Find(key);
      return entry != nullptr ? *entry : Value::Null();
    }
    case Kind::kNode:
    case Kind::kRelationship:
      return functions::PropertyOf(subject, key, context.view);
    case Kind::kDate:
    case Kind::kLocalTime:
    case Kind::kTime:
    case Kind::kLocalDateTime:
    case Kind::kDateTime:
    case Kind::kDuration:
      return schema::Component(subject, key);
    case Kind::kPoint:
      return PointComponent(subject.point(), key);
    case Kind::kEdtf:
      return schema::EdtfComponent(subject.edtf(), key);
    case Kind::kBoolean:
    case Kind::kInteger:
    case Kind::kFloat:
    case Kind::kString:
    case Kind::kList:
    case Kind::kPath:
      break;
  }
  return TypeError("{} {} has no properties: `{}` cannot be read from it",
                   schema::KindName(subject.kind()), functions::Preview(subject), key)
      .Detail("InvalidArgumentType");
}

Result<void> EvaluateProperty(const bind::Property& node, const Batch& batch, EvalContext& context,
                              Vector* out) {
  Operand subject;
  KB_TRY(subject.Evaluate(*node.subject, batch, context));
  const Vector& subjects = subject.vector();
  if (subject.is_constant()) {
    KB_ASSIGN(auto value, PropertyOf(subject.constant(), node.key, context));
    out->SetConstant(std::move(value), batch.rows);
    return {};
  }
  if (subjects.repr() == Repr::kNode || subjects.repr() == Repr::kRelationship) {
    if (const auto key = context.view.catalog().FindKey(node.key)) {
      GatherProperty(subjects, *key, context.view, out);
    } else {
      out->SetConstant(Value::Null(), batch.rows);
    }
    return CheckMissing(subjects, *out, context);
  }
  out->Reset(Repr::kValue, batch.rows);
  Reader reader(subjects);
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    KB_ASSIGN(out->values()[row], PropertyOf(reader[row], node.key, context));
  }
  return {};
}

}  // namespace kb::query::eval
