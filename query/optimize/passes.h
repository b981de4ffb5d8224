// The optimiser: an ordered list of passes over the logical plan, each named and switchable.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "query/plan/plan.h"
#include "schema/base/result.h"
#include "storage/graph.h"

namespace kb::query::optimize {

struct Context {
  const storage::View& view;
  plan::Plan& plan;  ///< For new slots.
  /// The running pass was switched off but is required: it takes the plainest way.
  bool plain = false;
};

struct Pass {
  std::string_view name;
  std::string_view doc;
  Result<void> (*run)(Context& context);
  /// Without it the plan cannot run (order_joins lowers patterns): switching it off makes it choose
  /// the written order instead.
  bool required = false;
};

/// All passes in the order in which they run.
std::span<const Pass> Passes();

struct Options {
  std::vector<std::string> disabled;  ///< Names of passes.
  /// Called after each pass, for tests and EXPLAIN of every step; may be empty.
  std::function<void(const Pass&, const plan::Plan&)> after_pass;
};

Result<void> Run(plan::Plan& plan, const storage::View& view, const Options& options = {});

/// Whether a plan made for one view serves another whose catalog has the same version.
bool Holds(const plan::Plan& plan, const storage::View& view);

}  // namespace kb::query::optimize
