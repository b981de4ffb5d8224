#include "kb/cursor.h"

#include <chrono>

#include "kb/cursor_impl.h"

namespace kb {
namespace {

class Stopwatch {
 public:
  explicit Stopwatch(std::uint64_t* total_us) : total_us_(total_us) {}
  ~Stopwatch() {
    const auto spent = std::chrono::steady_clock::now() - start_;
    *total_us_ += static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(spent).count());
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  std::uint64_t* total_us_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

PlanNode ToPlanNode(const query::PlanText& text, bool profiled) {
  PlanNode node{text.op, text.details, text.estimated_rows, {}, {}, {}, {}};
  if (profiled) {
    node.rows = text.rows;
    node.time_us = text.time_us;
    node.memory_bytes = text.memory_bytes;
  }
  for (const auto& child : text.children) node.children.push_back(ToPlanNode(child, profiled));
  return node;
}

bool Running::Fetch() {
  if (!stream) return false;
  rows.clear();
  next_row = 0;
  Result<bool> more = true;
  MemoryGuard::Watch watch(guard, cancellation);
  while (rows.empty()) {
    {
      const Stopwatch stopwatch(&summary.timing.execute_us);
      more = stream->Next(&rows);
    }
    if (!more.ok() || !*more) break;
  }
  // A statement that was stopped for want of memory says so, also if these rows came through.
  status = watch.Close();
  if (status.ok() && !more.ok()) status = std::move(more).error();
  if (!status.ok() || rows.empty()) {
    rows.clear();
    Finish();
    return false;
  }
  return true;
}

Result<void> Running::Drain() {
  std::vector<std::vector<schema::Value>> all;
  while (Fetch()) {
    if (all.empty()) {
      all = std::move(rows);
    } else {
      std::move(rows.begin(), rows.end(), std::back_inserter(all));
    }
  }
  rows = std::move(all);
  next_row = 0;
  if (!status.ok()) return status.error();
  return {};
}

void Running::Finish() {
  if (stream && prepared->explain == query::ast::ExplainMode::kProfile) {
    summary.plan = ToPlanNode(stream->Profile(), true);
  }
  stream.reset();
  view = {};
  activity = {};
}

Cursor::Cursor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Cursor::Cursor(Cursor&&) noexcept = default;
Cursor& Cursor::operator=(Cursor&&) noexcept = default;
Cursor::~Cursor() = default;

const std::vector<std::string>& Cursor::columns() const { return impl_->run->prepared->columns; }

bool Cursor::Next() {
  Running& run = *impl_->run;
  if (run.ended) return false;
  if (run.moved) ++run.next_row;
  run.moved = true;
  if (run.next_row < run.rows.size()) return true;
  return run.Fetch();
}

const Result<void>& Cursor::status() const { return impl_->run->status; }

std::span<const schema::Value> Cursor::row() const {
  const Running& run = *impl_->run;
  return run.rows[run.next_row];
}

const Summary& Cursor::summary() const { return impl_->run->summary; }

}  // namespace kb
