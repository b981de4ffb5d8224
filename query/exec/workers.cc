#include "query/exec/workers.h"

#include <algorithm>
#include <bit>

#include "query/exec/build.h"
#include "query/plan/walk.h"
#include "storage/spill.h"

namespace kb::query::exec {
namespace {

/// Rows that an operator of the chain is expected to give, from which on threads are worth their
/// while (some 10 ns a row against 50 µs to begin and end with a thread).
constexpr double kRowsMin = 40'000;
constexpr std::uint32_t kShareMin = 64;
constexpr std::uint32_t kShareMax = 8 * storage::kBlockSize;
/// More shares than workers, so that all are at work until the end.
constexpr std::uint64_t kSharesEach = 32;

bool IsPlain(const plan::ExpressionPtr& expression) {
  return !expression || !plan::ContainsSubquery(*expression);
}

/// Whether an operator treats each row by itself and needs nothing but the view.
struct TreatsRowsAlone {
  bool operator()(const plan::Filter& node) const { return IsPlain(node.predicate); }
  bool operator()(const plan::Project& node) const {
    return std::all_of(node.items.begin(), node.items.end(),
                       [](const auto& item) { return IsPlain(item.second); });
  }
  bool operator()(const plan::Expand&) const { return true; }
  bool operator()(const plan::ExpandVariable& node) const {
    bool plain = IsPlain(node.count) && IsPlain(node.end_predicate);
    for (const auto& test : node.tests) plain = plain && IsPlain(test.predicate);
    plan::ForEachExpression(node.pattern, [&](const plan::ExpressionPtr& expression) {
      plain = plain && IsPlain(expression);
    });
    return plain;
  }
  bool operator()(const plan::Unwind& node) const { return !node.csv && IsPlain(node.list); }
  template <typename Other>
  bool operator()(const Other&) const {
    return false;
  }
};

/// The scan at the bottom of a chain that can be shared out, or null; the most rows that one of the
/// operators is expected to give.
const plan::NodeScan* ScanBelow(const plan::Operator& chain, double* rows) {
  const plan::Operator* op = &chain;
  while (true) {
    *rows = std::max(*rows, op->estimated_rows);
    const auto* scan = std::get_if<plan::NodeScan>(&op->node);
    if (scan != nullptr) {
      const bool is_first = std::holds_alternative<plan::Argument>(op->inputs[0]->node);
      return is_first ? scan : nullptr;
    }
    if (!std::visit(TreatsRowsAlone(), op->node)) return nullptr;
    op = op->inputs[0].get();
  }
}

std::uint64_t NodesOf(const storage::View& view, const plan::NodeScan& scan) {
  if (scan.label.empty()) return view.NodeCount();
  const auto label = view.catalog().FindLabel(scan.label);
  return label ? view.NodeCount(*label) : 0;
}

std::uint32_t ShareSize(std::uint64_t nodes, std::uint64_t workers) {
  const std::uint64_t wanted = std::bit_floor(nodes / (workers * kSharesEach) + 1);
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(wanted, kShareMin, kShareMax));
}

}  // namespace

bool Workers::BeginWithScan(const plan::Operator& chain) {
  const plan::Operator* op = &chain;
  while (!op->inputs.empty() && !std::holds_alternative<plan::NodeScan>(op->node)) {
    op = op->inputs[0].get();
  }
  return std::holds_alternative<plan::NodeScan>(op->node);
}

std::unique_ptr<Workers> Workers::For(Runtime& runtime, const plan::Operator& chain,
                                      const ArgumentRows* argument) {
  // A profile tells operators apart, which needs one after the other; where memory is limited, rows
  // may have to leave it; a subplan runs too often.
  if (runtime.threads() < 2 || runtime.profiling() || runtime.plan().writes ||
      !argument->is_statement || storage::SpillMemory(runtime.view()) != nullptr) {
    return nullptr;
  }
  double rows = 0;
  const plan::NodeScan* scan = ScanBelow(chain, &rows);
  if (scan == nullptr) return nullptr;
  const std::uint64_t nodes = NodesOf(runtime.view(), *scan);
  if (std::max(rows, static_cast<double>(nodes)) < kRowsMin) return nullptr;
  auto workers = std::make_unique<Workers>();
  const std::uint32_t share = ShareSize(nodes, runtime.threads());
  for (unsigned i = 0; i < runtime.threads(); ++i) {
    workers->workers_.push_back(std::make_unique<Worker>(runtime, &workers->next_, share));
    Worker& worker = *workers->workers_.back();
    worker.chain = Build(worker.runtime, chain, argument);
  }
  return workers;
}

}  // namespace kb::query::exec
