#include "query/exec/spill.h"

#include <span>
#include <string_view>
#include <utility>

#include "query/exec/operator.h"
#include "schema/base/memory.h"
#include "schema/order.h"
#include "storage/codec.h"
#include "storage/spill.h"

namespace kb::query::exec {
namespace {

using schema::RelationshipRef;
using storage::ByteReader;
using storage::PutVarint;

/// What a value is written as; kKept is a place among the values that stay in memory.
enum class Form : std::uint8_t { kStorable, kNode, kRelationship, kList, kMap, kPath, kKept };

class Writer {
 public:
  Writer(std::string* out, std::vector<Value>* kept) : out_(out), kept_(kept) {}

  void PutAll(std::span<const Value> items) {
    PutVarint(out_, items.size());
    for (const Value& item : items) Put(item);
  }

 private:
  void Begin(Form form) { out_->push_back(static_cast<char>(form)); }

  void Put(const Value& value) {
    const bool described = (value.is_node() && value.node_data() != nullptr) ||
                           (value.is_relationship() && value.relationship_data() != nullptr);
    if (described) return Keep(value);
    if (value.is_node()) {
      Begin(Form::kNode);
      PutVarint(out_, schema::Raw(value.node()));
    } else if (value.is_relationship()) {
      Begin(Form::kRelationship);
      PutReference(value.relationship());
    } else if (value.is_list()) {
      Begin(Form::kList);
      PutAll(value.list());
    } else if (value.is_path()) {
      Begin(Form::kPath);
      PutAll(value.path());
    } else if (value.is_map()) {
      Begin(Form::kMap);
      PutVarint(out_, value.map().size());
      for (const auto& [key, item] : value.map()) {
        storage::PutBytes(out_, key);
        Put(item);
      }
    } else if (storage::CheckStorable(value).ok()) {
      Begin(Form::kStorable);
      storage::PutValue(out_, value);
    } else {
      Keep(value);
    }
  }

  void PutReference(const RelationshipRef& ref) {
    PutVarint(out_, schema::Raw(ref.type));
    PutVarint(out_, schema::Raw(ref.edge));
    PutVarint(out_, schema::Raw(ref.source));
    PutVarint(out_, schema::Raw(ref.target));
  }
  void Keep(const Value& value) {
    Begin(Form::kKept);
    PutVarint(out_, kept_->size());
    kept_->push_back(value);
  }

  std::string* out_;
  std::vector<Value>* kept_;
};

class Reader {
 public:
  Reader(std::string_view bytes, const std::vector<Value>& kept) : in_(bytes), kept_(kept) {}

  std::vector<Value> GetAll() {
    const std::uint64_t count = in_.VarintUpTo(in_.remaining());
    std::vector<Value> items;
    items.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count; ++i) items.push_back(Get());
    return items;
  }
  bool failed() const { return in_.failed(); }
  std::size_t remaining() const { return in_.remaining(); }

 private:
  Value Get() {
    switch (static_cast<Form>(in_.Byte())) {
      case Form::kStorable:
        return storage::ReadValue(&in_);
      case Form::kNode:
        return Value::Node(schema::NodeId{static_cast<std::uint32_t>(in_.Varint())});
      case Form::kRelationship: {
        RelationshipRef ref;
        ref.type = schema::TypeId{static_cast<std::uint16_t>(in_.Varint())};
        ref.edge = schema::EdgeId{static_cast<std::uint32_t>(in_.Varint())};
        ref.source = schema::NodeId{static_cast<std::uint32_t>(in_.Varint())};
        ref.target = schema::NodeId{static_cast<std::uint32_t>(in_.Varint())};
        return Value::Relationship(ref);
      }
      case Form::kList:
        return Value::List(GetAll());
      case Form::kPath:
        return Value::Path(GetAll());
      case Form::kMap:
        return GetMap();
      case Form::kKept: {
        const std::uint64_t at = in_.Varint();
        if (at < kept_.size()) return kept_[static_cast<std::size_t>(at)];
        break;
      }
    }
    in_.Fail();
    return {};
  }
  Value GetMap() {
    schema::MapEntries entries;
    for (std::uint64_t left = in_.VarintUpTo(in_.remaining()); left > 0; --left) {
      std::string key(in_.Bytes());
      entries.emplace_back(std::move(key), Get());
    }
    return Value::Map(std::move(entries));
  }

  ByteReader in_;
  const std::vector<Value>& kept_;
};

}  // namespace

void SpilledRun::Add(const std::vector<Value>& row) {
  Writer(&open_, &kept_).PutAll(row);
  ++rows_;
  if (open_.size() >= block_bytes_) Flush();
}

void SpilledRun::Flush() {
  if (open_.empty()) return;
  blocks_.emplace_back(open_.begin(), open_.end(), storage::PagedAllocator<char>(memory_));
  open_.clear();
}

void SpilledRun::Close() {
  Flush();
  std::string().swap(open_);
}

Result<bool> SpilledRun::Next(std::vector<Value>* row) {
  if (given_ == rows_) return false;
  if (at_ == blocks_[block_].size()) {
    storage::PagedVector<char>(storage::PagedAllocator<char>(memory_)).swap(blocks_[block_]);
    ++block_;
    at_ = 0;
  }
  const std::string_view bytes(blocks_[block_].data(), blocks_[block_].size());
  Reader in(bytes.substr(at_), kept_);
  *row = in.GetAll();
  if (in.failed()) return InternalError("rows that left the memory do not read back");
  at_ = bytes.size() - in.remaining();
  ++given_;
  return true;
}

void SpilledRows::Add(const Batch& batch, std::uint32_t row) {
  row_.clear();
  for (std::size_t slot = 0; slot < used_.size(); ++slot) {
    const bool has = slot < batch.columns.size() && batch.columns[slot].repr() != Repr::kNone;
    if (has) used_[slot] = 1;
    row_.push_back(has ? batch.columns[slot].Get(row) : Value::Null());
  }
  row_.push_back(Value::Integer(static_cast<std::int64_t>(batch.multiplicity_of(row))));
  has_origin_ = has_origin_ || !batch.origin.empty();
  row_.push_back(Value::Integer(batch.origin.empty() ? 0 : batch.origin[row]));
  run_.Add(row_);
}

Result<bool> SpilledRows::Next(Batch* out) {
  *out = Batch(used_.size());
  std::vector<std::vector<Value>> columns(used_.size());
  while (out->rows < kBatchRows) {
    KB_ASSIGN(const bool more, run_.Next(&row_));
    if (!more) break;
    for (std::size_t slot = 0; slot < used_.size(); ++slot) {
      if (used_[slot] != 0) columns[slot].push_back(std::move(row_[slot]));
    }
    out->multiplicity.push_back(static_cast<std::uint64_t>(row_[used_.size()].integer()));
    if (has_origin_) out->origin.push_back(static_cast<std::uint32_t>(row_.back().integer()));
    ++out->rows;
  }
  for (std::size_t slot = 0; slot < used_.size(); ++slot) {
    if (used_[slot] != 0) SetValues(&out->columns[slot], std::move(columns[slot]));
  }
  return out->rows != 0;
}

SpilledParts::SpilledParts(const std::shared_ptr<storage::PagedMemory>& memory,
                           std::size_t slot_count, unsigned level)
    : level_(level) {
  for (std::size_t i = 0; i < kParts; ++i) {
    parts_.push_back(std::make_unique<SpilledRows>(memory, slot_count));
  }
}

void SpilledParts::Add(const Batch& batch, std::span<const Vector* const> keys, std::uint32_t row) {
  std::uint64_t hash = 0x9E37'79B9'7F4A'7C15u * (level_ + 1);
  for (const Vector* key : keys) {
    hash = (hash ^ schema::Hash(key->Get(row))) * 0xFF51'AFD7'ED55'8CCDu;
    hash ^= hash >> 32;
  }
  parts_[hash % kParts]->Add(batch, row);
}

std::vector<std::unique_ptr<SpilledRows>> SpilledParts::Close() {
  for (const auto& part : parts_) part->Close();
  return std::move(parts_);
}

bool IsShort(const storage::PagedMemory& memory) {
  return MeasureMemory().own > memory.budget() / 2;
}

std::shared_ptr<storage::PagedMemory> SpillIfShort(const Runtime& runtime) {
  auto memory = storage::SpillMemory(runtime.view());
  return memory != nullptr && IsShort(*memory) ? memory : nullptr;
}

}  // namespace kb::query::exec
