// What the writer of the crash test does in a transaction, and what a state of the case must then
// show. A transaction is numbered and tells by its number what it is to contain, and by its key
// `follows` which earlier one it came after and altered; so every state, of the present or the
// past, can be judged by itself.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/evidence.h"
#include "storage/store.h"

namespace kb::storage::crash {

[[noreturn]] void Fail(const std::string& what);
template <typename T>
T Must(Result<T> result, const char* doing) {
  if (!result.ok()) Fail(std::string(doing) + ": " + result.error().Format());
  return std::move(result).value();
}
void Must(Result<void> result, const char* doing);

constexpr std::size_t kParts = 4;  ///< Nodes of one transaction, in a ring.

/// A transaction that was acknowledged, and the system times of states before and after it.
struct Deed {
  std::int64_t number = 0;
  std::int64_t before = 0;
  std::int64_t after = 0;
};

/// One thread of the writer.
class Doer {
 public:
  explicit Doer(Store& store) : store_(store) {}

  /// Makes a ring of nodes with statements, a valid time and, by the number, a judgement; alters
  /// what this thread did last: withdraws its statement or judgement, erases or overwrites a value,
  /// contradicts it; now and then changes the rule of the case.
  Result<Deed> Do(std::int64_t number);

 private:
  struct Done {
    std::int64_t number = 0;
    std::array<NodeId, kParts> nodes{};
    std::uint64_t strong = 0, judgement = 0;  ///< Numbers of statements.
  };
  Done Make(Transaction& transaction, std::int64_t number);
  void Alter(Transaction& transaction, const Done& former);

  Store& store_;
  std::optional<Done> last_;
};

/// A state of the case. Anything that no transaction leaves behind ends the program.
class State {
 public:
  struct Shown {
    bool without_strong = false;         ///< The view leaves the better source out.
    std::optional<bool> holds_the_post;  ///< What the valid time comes to.
    const State* present = nullptr;      ///< Of a state of the past: what was erased since.
  };
  /// Of the present or another view.
  explicit State(const View& seen) : State(seen, Shown()) {}
  State(const View& seen, const Shown& shown);

  bool Has(std::int64_t number) const { return rings_.contains(number); }
  /// Whether a later transaction of the same thread is there.
  bool IsFollowed(std::int64_t number) const { return followed_.contains(number); }

 private:
  struct Ring {
    std::array<NodeId, kParts> nodes{};
    std::size_t count = 0;
  };
  void Gather();
  void Judge(std::int64_t number, const Ring& ring, const Shown& shown);
  void JudgeClaim(std::int64_t number, const Ring& ring, const Shown& shown);
  void Joined(std::int64_t number, NodeId node);
  Value Of(NodeId node, std::string_view key) const;

  View seen_;
  View records_;
  std::map<std::int64_t, Ring> rings_;
  std::map<std::int64_t, std::int64_t> followed_;
};

/// Judges the present, views without a source and of valid times, and states of the past. Returns
/// the present.
State JudgeAll(Store& store, const std::vector<Deed>& acknowledged);

}  // namespace kb::storage::crash
