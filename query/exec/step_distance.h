// StepDistance: a test of the two nodes of a step that compares their properties, or how far these
// are apart, as in
//
//   nodes(p)[i].date - nodes(p)[i - 1].date < $window
//
// on integers as they lie in memory. It is asked while the steps on from a node are gathered, so
// that a step that fails is not even noted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "query/exec/runtime.h"
#include "query/exec/steps.h"
#include "query/plan/plan.h"
#include "storage/blocks.h"

namespace kb::query::exec {

/// One thread.
class StepDistance {
 public:
  using StepTest = plan::ExpandVariable::StepTest;
  enum class Outcome : std::uint8_t {
    kHolds,
    kFails,    ///< It is false or null.
    kUnknown,  ///< The test has to be evaluated as it is written.
  };

  /// For a test that is no more than that; `reversed`: walks grow against the pattern.
  static std::optional<StepDistance> Of(const StepTest& test, bool reversed);

  /// Before the rest, and again where another view is read.
  Result<void> Start(Runtime& runtime);
  /// The node that steps lead on from.
  void SetFrom(NodeId from) { from_ = from, from_is_read_ = false; }
  /// Whether a step to this node may be taken.
  Outcome Test(NodeId to) {
    if (!is_known_) return Outcome::kUnknown;
    if (!from_is_read_) from_value_ = from_values_.Find(from_);
    from_is_read_ = true;
    const Place to_value = to_values_.Find(to);
    if (from_value_.is_other || to_value.is_other) return Outcome::kUnknown;
    if (from_value_.value == nullptr || to_value.value == nullptr) return Outcome::kFails;
    return Compare(*from_value_.value, *to_value.value);
  }

 private:
  struct Place {
    const std::int64_t* value;  ///< Null: there is none.
    bool is_other;              ///< There may be one that is no integer.
  };
  /// The values of a key. Blocks of integers in which no row lacks one are read straight away.
  class Values {
   public:
    Values() = default;
    Values(const storage::View& view, schema::KeyId key)
        : blocks_(view, key), whole_(view.block_count()) {}

    Place Find(NodeId node) {
      const std::uint32_t block = storage::BlockOf(node);
      const std::uint32_t row = schema::Raw(node) % storage::kBlockSize;
      if (block >= whole_.size()) return {nullptr, false};
      Whole& whole = whole_[block];
      if (whole.rows == kNotAsked) whole = Ask(block);
      return row < whole.rows ? Place{whole.integers + row, false} : FindOne(block, row);
    }

   private:
    static constexpr std::uint32_t kNotAsked = 0xFFFF'FFFFu;
    struct Whole {
      std::uint32_t rows = kNotAsked;  ///< 0: values are to be looked at one by one.
      const std::int64_t* integers = nullptr;
    };
    Whole Ask(std::uint32_t block);
    Place FindOne(std::uint32_t block, std::uint32_t row);

    storage::Blocks blocks_;
    std::vector<Whole> whole_;  ///< By block.
  };
  Outcome Compare(std::int64_t from, std::int64_t to) const;

  ast::ComparisonOperator op_{};
  bind::ExpressionPtr limit_;  ///< first - second op limit_; null: first op second.
  bool from_is_first_ = false;
  std::string from_key_, to_key_;

  bool is_known_ = false;
  std::int64_t limit_value_ = 0;
  Values from_values_, to_values_;
  NodeId from_ = schema::kNoNode;
  bool from_is_read_ = false;
  Place from_value_{};
};

}  // namespace kb::query::exec
