#include "query/exec/spilled_values.h"

#include <utility>

#include "query/exec/operator.h"

namespace kb::query::exec {

SpilledValues::SpilledValues(const std::shared_ptr<storage::PagedMemory>& memory, std::size_t parts)
    : memory_(memory) {
  for (std::size_t i = 0; i < parts; ++i) runs_.emplace_back(memory, kBlockBytes);
}

void SpilledValues::Add(std::size_t part, std::uint32_t group, const Value& value,
                        const Value& extra, std::uint64_t times) {
  row_.clear();
  row_.push_back(Value::Integer(group));
  row_.push_back(value);
  row_.push_back(extra);
  row_.push_back(Value::Integer(static_cast<std::int64_t>(times)));
  runs_[part].Add(row_);
}

void SpilledValues::Close() {
  for (SpilledRun& run : runs_) run.Close();
}

Result<bool> SpilledValues::Next(std::size_t part, Piece* piece) {
  std::vector<Value> values;
  std::vector<Value> extras;
  piece->groups.clear();
  piece->times.clear();
  while (values.size() < kBatchRows) {
    KB_ASSIGN(const bool more, runs_[part].Next(&row_));
    if (!more) break;
    piece->groups.push_back(static_cast<std::uint32_t>(row_[0].integer()));
    values.push_back(std::move(row_[1]));
    extras.push_back(std::move(row_[2]));
    piece->times.push_back(static_cast<std::uint64_t>(row_[3].integer()));
  }
  SetValues(&piece->values, std::move(values));
  SetValues(&piece->extras, std::move(extras));
  return !piece->groups.empty();
}

}  // namespace kb::query::exec
