#include "kb/shell/summary_text.h"

#include <fmt/format.h>

#include <cmath>

namespace kb::shell {
namespace {

using schema::Value;

Value CountValue(const std::optional<std::uint64_t>& count) {
  return count ? Value::Integer(static_cast<std::int64_t>(*count)) : Value::Null();
}

void AddRows(const PlanNode& plan, const std::string& lead, const std::string& branch,
             bool profiled, std::vector<std::vector<Value>>* rows) {
  std::vector<Value> row;
  const std::string details = plan.details.empty() ? "" : " " + plan.details;
  row.push_back(Value::String(lead + branch + plan.op + details));
  row.push_back(Value::Integer(std::llround(std::min(plan.estimated_rows, 9e18))));
  if (profiled) {
    row.push_back(CountValue(plan.rows));
    row.push_back(CountValue(plan.time_us));
    row.push_back(CountValue(plan.memory_bytes));
  }
  rows->push_back(std::move(row));
  const std::string inner = branch.empty() ? "" : branch == "└─ " ? "   " : "│  ";
  for (std::size_t i = 0; i < plan.children.size(); ++i) {
    const bool last = i + 1 == plan.children.size();
    AddRows(plan.children[i], lead + inner, last ? "└─ " : "├─ ", profiled, rows);
  }
}

}  // namespace

std::string ChangesText(const Counters& counters) {
  struct Change {
    std::string_view verb, one, many;
    std::uint64_t count;
  };
  const Change changes[] = {
      {"created", "node", "nodes", counters.nodes_created},
      {"deleted", "node", "nodes", counters.nodes_deleted},
      {"created", "relationship", "relationships", counters.relationships_created},
      {"deleted", "relationship", "relationships", counters.relationships_deleted},
      {"set", "property", "properties", counters.properties_set},
      {"added", "label", "labels", counters.labels_added},
      {"removed", "label", "labels", counters.labels_removed},
      {"added", "index", "indexes", counters.indexes_added},
      {"removed", "index", "indexes", counters.indexes_removed},
      {"added", "constraint", "constraints", counters.constraints_added},
      {"removed", "constraint", "constraints", counters.constraints_removed}};
  std::string text;
  for (const Change& change : changes) {
    if (change.count == 0) continue;
    text += fmt::format("{}{} {} {}", text.empty() ? "" : ", ", change.verb, change.count,
                        change.count == 1 ? change.one : change.many);
  }
  return text;
}

std::string TimeText(std::uint64_t microseconds) {
  if (microseconds < 1'000) return fmt::format("{} µs", microseconds);
  const auto value = static_cast<double>(microseconds);
  if (microseconds < 1'000'000) return fmt::format("{:.1f} ms", value / 1e3);
  return fmt::format("{:.2f} s", value / 1e6);
}

std::vector<std::string> PlanColumns(bool profiled) {
  if (!profiled) return {"plan", "estimated rows"};
  return {"plan", "estimated rows", "rows", "time µs", "memory bytes"};
}

std::vector<std::vector<Value>> PlanRows(const PlanNode& plan, bool profiled) {
  std::vector<std::vector<Value>> rows;
  AddRows(plan, "", "", profiled, &rows);
  return rows;
}

}  // namespace kb::shell
