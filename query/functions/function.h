// What a function is: name, signature, documentation, and the code behind it.
//
// The tables in functions.cc are the reference that users read (SHOW FUNCTIONS, :help, README) and
// what the binder resolves names against. A scalar function maps a row of values to a value; an
// aggregate folds rows into one. Vectorised forms of hot functions live in query/eval.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/base/cancel.h"
#include "schema/base/result.h"
#include "schema/value.h"
#include "storage/graph.h"

namespace kb::query::functions {

using schema::Value;

/// A set of kinds (bit 1 << Kind): what an argument may be, what an expression can yield.
using KindSet = std::uint32_t;
constexpr KindSet Set(schema::Kind kind) { return KindSet{1} << static_cast<int>(kind); }
template <typename... Kinds>
constexpr KindSet Set(schema::Kind first, Kinds... rest) {
  return Set(first) | Set(rest...);
}
inline constexpr KindSet kAnyKind = (KindSet{1} << schema::kKindCount) - 1;
inline constexpr KindSet kNumberKinds = Set(schema::Kind::kInteger, schema::Kind::kFloat);

/// What a function may look at beside its arguments.
struct Context {
  const storage::View* view = nullptr;  ///< For labels(), properties(), type() and their like.
  /// One clock reading a statement, so that datetime() is the same in every row (UTC). Both 0:
  /// there is no clock, and what reads it fails (so that constant folding leaves it alone).
  std::int64_t now_seconds = 0;
  std::int32_t now_nanos = 0;
};

using ScalarFunction = Result<Value> (*)(std::span<const Value> arguments, const Context& context);

/// The running state of one aggregate in one group.
class Accumulator {
 public:
  virtual ~Accumulator() = default;
  /// `multiplicity` >= 1: how many equal rows this one stands for. Null arguments are skipped by
  /// the caller for all aggregates but count(*). `extra`: second argument (percentiles), else null.
  virtual Result<void> Add(const Value& value, const Value& extra, std::uint64_t multiplicity) = 0;
  virtual Result<Value> Finish() = 0;
  /// Takes in what another one of the same function was given; kInternal for those (collect and its
  /// like) for which the order of values matters or all of them are kept.
  virtual Result<void> Merge(const Accumulator& other);

  /// What it was given, where all of it is kept until Finish.
  struct Kept {
    Value value;
    Value extra;
    std::uint64_t multiplicity = 1;
  };
  virtual bool keeps_values() const { return false; }
  /// Gives all of that away, in the order in which it came; it may be added again.
  virtual std::vector<Kept> TakeValues() { return {}; }
};
using AggregateFactory = std::unique_ptr<Accumulator> (*)();

struct Argument {
  std::string_view name;
  KindSet kinds = kAnyKind;  ///< Kinds that do not raise a TypeError (null is always let through).
};

struct Function {
  std::string_view name;  ///< As documented, `toUpper`, `duration.between`. Found without case.
  std::string_view signature;  ///< `toUpper(text :: STRING) :: STRING`
  std::string_view doc;        ///< One sentence.
  std::string_view example;    ///< `toUpper('kb')` …
  std::string_view result;     ///< … and what it gives, as text: `'KB'`; "" where it depends.
  std::vector<Argument> arguments;
  int arguments_min = 0;
  int arguments_max = 0;  ///< -1: any number.
  KindSet returns = kAnyKind;
  ScalarFunction scalar = nullptr;  ///< One of scalar and aggregate is set.
  AggregateFactory aggregate = nullptr;
  /// The same arguments give the same value in one statement: may be folded.
  bool deterministic = true;
  /// Needs the view (labels(n)): not folded even with constant arguments.
  bool reads_graph = false;
  /// Called with null arguments too (coalesce); others answer null when any argument is null.
  bool handles_null = false;
};

/// Calls a scalar function: null where an argument is null (unless it handles that), a TypeError
/// with detail InvalidArgumentValue where one is of a kind that it does not take.
Result<Value> Apply(const Function& function, std::span<const Value> arguments,
                    const Context& context);

/// A table of functions that belong together.
struct Group {
  std::string_view name;  ///< "String", as SHOW FUNCTIONS and the reference call it.
  std::span<const Function> (*functions)();
};
/// All tables, in the order of the reference.
std::span<const Group> Groups();

/// Finds a function without regard to case; nullptr if there is none.
const Function* Find(std::string_view name);
/// All, in the order of the tables.
std::span<const Function* const> All();

}  // namespace kb::query::functions
