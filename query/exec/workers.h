// Workers: a chain of operators on several threads. Each has a copy of the chain over a share of
// the nodes that the scan at its bottom finds; shares are handed out as the threads ask for more.
//
// Whoever reads a chain in this way gives the same rows in the same order as if one thread had read
// it: a worker knows from which share a batch comes (`share`), shares are numbered in the order of
// the scan, and no batch holds rows of two of them.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "query/exec/operator.h"
#include "query/exec/runtime.h"
#include "schema/base/parallel.h"

namespace kb::query::exec {

/// What a scan that several threads carry out has for one of them. Nodes are shared out by id, so
/// many at a time.
class ScanShare {
 public:
  ScanShare(std::atomic<std::uint32_t>* next, std::uint32_t nodes) : next_(next), nodes_(nodes) {}

  /// Goes on to the next share that nobody has taken, which begins with the node begin().
  void Take() { share_ = next_->fetch_add(1, std::memory_order_relaxed); }
  std::uint32_t number() const { return share_; }
  std::uint64_t begin() const { return std::uint64_t{share_} * nodes_; }
  std::uint64_t end() const { return begin() + nodes_; }

 private:
  std::atomic<std::uint32_t>* next_;
  std::uint32_t nodes_;
  std::uint32_t share_ = 0;
};

class Workers {
 public:
  /// Whether a chain begins with a scan, without which it cannot be shared out.
  static bool BeginWithScan(const plan::Operator& chain);
  /// Null where `chain` cannot be shared out, or is too short for threads to be worth it.
  static std::unique_ptr<Workers> For(Runtime& runtime, const plan::Operator& chain,
                                      const ArgumentRows* argument);

  struct alignas(kCacheLine) Worker {
    Worker(Runtime& of, std::atomic<std::uint32_t>* next, std::uint32_t nodes)
        : share(next, nodes), runtime(of, &share) {}

    ScanShare share;
    Runtime runtime;
    OperatorPtr chain;
    Result<void> outcome;
  };
  std::size_t count() const { return workers_.size(); }

  /// Calls work(number, worker), which gives a Result<void>, once a worker, each on a thread of its
  /// own; gives the first error in the order of workers.
  template <typename Work>
  Result<void> Run(const Work& work) {
    const std::size_t count = workers_.size();
    ForEachMorsel(count, static_cast<unsigned>(count), [&](std::size_t number, unsigned) {
      workers_[number]->outcome = work(number, *workers_[number]);
    });
    for (const auto& worker : workers_) KB_TRY(std::move(worker->outcome));
    return {};
  }

 private:
  std::atomic<std::uint32_t> next_{0};
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace kb::query::exec
