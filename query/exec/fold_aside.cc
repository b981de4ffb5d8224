// What a fold puts aside when memory is short, and takes back.
#include <algorithm>
#include <numeric>
#include <utility>

#include "query/exec/fold.h"
#include "query/exec/operator.h"
#include "schema/base/memory.h"
#include "schema/order.h"

namespace kb::query::exec {
namespace {

/// Parts by the hash of group and value.
constexpr std::size_t kParts = 16;
/// Ranges of groups: one of them has to fit into memory.
constexpr std::uint32_t kRanges = 128;

}  // namespace

bool Fold::PutAside(const std::shared_ptr<storage::PagedMemory>& memory,
                    std::uint32_t group_count) {
  if (held() < kHeldMin) return false;
  if (!keeps_values_) {
    aside_ = std::make_unique<SpilledValues>(memory, kParts);
    return false;
  }
  // The values of one group have to be in memory together in the end.
  if (group_count < 2) return false;
  range_groups_ = (group_count + kRanges - 1) / kRanges;
  aside_ = std::make_unique<SpilledValues>(memory, kRanges);
  for (std::uint32_t group = 0; group < accumulators_.size(); ++group) {
    if (!accumulators_[group]) continue;
    for (const auto& kept : accumulators_[group]->TakeValues()) {
      aside_->Add(group / range_groups_, group, kept.value, kept.extra, kept.multiplicity);
    }
    accumulators_[group].reset();
  }
  kept_ = 0;
  ForgetSeen();
  return true;
}

void Fold::PutRowAside(std::uint32_t group, std::uint32_t row) {
  const Value value = values_.Get(row);
  std::uint64_t hash = schema::Hash(value) ^ (0x9E37'79B9'7F4A'7C15u * (level_ + 1));
  hash = (hash + group) * 0xFF51'AFD7'ED55'8CCDu;
  aside_->Add((hash ^ (hash >> 32)) % kParts, group, value, Value(), 1);
}

Result<void> Fold::Complete(const Cancellation* cancellation) {
  if (!aside_) return {};
  aside_->Close();
  if (keeps_values_) {
    ranges_ = std::move(aside_);
    return {};
  }
  struct Part {
    std::shared_ptr<SpilledValues> values;
    std::size_t number;
    unsigned level;
  };
  std::vector<Part> parts;
  while (true) {
    if (aside_) {
      aside_->Close();
      const std::shared_ptr<SpilledValues> values = std::move(aside_);
      for (std::size_t i = 0; i < values->parts(); ++i) {
        if (values->size(i) != 0) parts.push_back({values, i, level_ + 1});
      }
    }
    ForgetSeen();
    ReturnFreedMemory();
    if (parts.empty()) break;
    const Part part = std::move(parts.back());
    parts.pop_back();
    level_ = part.level;
    KB_TRY(TakeBack(part.values.get(), part.number, cancellation));
  }
  level_ = 0;
  return {};
}

Result<void> Fold::TakeBack(SpilledValues* from, std::size_t part,
                            const Cancellation* cancellation) {
  SpilledValues::Piece piece;
  while (true) {
    if (cancellation != nullptr) KB_TRY(cancellation->Check());
    KB_ASSIGN(const bool more, from->Next(part, &piece));
    if (!more) return {};
    KB_TRY(AddPiece(&piece));
    const bool may_put_aside = !keeps_values_ && held() >= kHeldMin;
    if (may_put_aside && IsShort(*from->memory())) PutAside(from->memory(), 0);
  }
}

Result<void> Fold::AddPiece(SpilledValues::Piece* piece) {
  values_ = std::move(piece->values);
  extras_ = std::move(piece->extras);
  Batch batch;
  batch.rows = static_cast<std::uint32_t>(piece->groups.size());
  batch.multiplicity = std::move(piece->times);
  rows_.resize(batch.rows);
  std::iota(rows_.begin(), rows_.end(), 0U);
  return AddValues(batch, piece->groups);
}

std::uint32_t Fold::EndOf(std::uint32_t begin, std::uint32_t group_count) const {
  if (!ranges_) return group_count;
  return std::min(group_count, (begin / range_groups_ + 1) * range_groups_);
}

}  // namespace kb::query::exec
