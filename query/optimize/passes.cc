#include "query/optimize/passes.h"

#include <algorithm>
#include <array>

#include "query/optimize/cost.h"
#include "query/optimize/pass_list.h"

namespace kb::query::optimize {
namespace {

constexpr std::array kPasses = {
    Pass{"fold_constants", "computes what does not depend on rows, drops filters that always hold",
         FoldConstants, false},
    Pass{"merge_matches", "makes one pattern of MATCH upon MATCH", MergeMatches, false},
    Pass{"push_down_filter", "moves filters below projections and into patterns", PushDownFilter,
         false},
    Pass{"infer_labels", "gives nodes the label that all ends of their relationships carry",
         InferLabels, false},
    Pass{"push_down_aggregate", "counts parts of patterns where only their number matters",
         PushDownAggregate, false},
    Pass{"use_index", "finds indexes and ids that lead straight to a pattern's nodes", UseIndex,
         false},
    Pass{"order_joins", "turns patterns into scans and expansions, the most selective first",
         OrderJoins, true},
    Pass{"join_by_hash", "joins by a table of keys what only an equality ties together", JoinByHash,
         false},
    Pass{"test_steps", "tests conditions on the steps of walks while the walks grow", TestSteps,
         false},
    Pass{"push_down_limit", "lets a sort keep only the rows that LIMIT lets through", PushDownLimit,
         false},
    Pass{"eager", "separates reading from writing where they could meet", InsertEager, true},
    Pass{"prune_columns", "notes which slots each operator must pass on", PruneColumns, true},
    Pass{"reach_only", "searches by levels where only the distinct ends of walks matter", ReachOnly,
         false},
    Pass{"count_walks", "counts walks of which nothing is read but their number", CountWalks,
         false},
};

}  // namespace

std::span<const Pass> Passes() { return kPasses; }

Result<void> Run(plan::Plan& plan, const storage::View& view, const Options& options) {
  // Where a part runs on another view, or on what the statement itself has written by then, this
  // one's counters are only good for estimates.
  const bool is_other = plan.has_views || plan.writes;
  const storage::View planned =
      is_other ? view.WithQuality({false, view.quality().exact_index}) : view;
  Context context{planned, plan, false};
  for (const Pass& pass : kPasses) {
    context.plain = std::find(options.disabled.begin(), options.disabled.end(), pass.name) !=
                    options.disabled.end();
    if (context.plain && !pass.required) continue;
    KB_TRY(pass.run(context));
    if (options.after_pass) options.after_pass(pass, plan);
  }
  return {};
}

bool Holds(const plan::Plan& plan, const storage::View& view) {
  const Cost cost(view);
  return std::all_of(plan.assumptions.begin(), plan.assumptions.end(),
                     [&](const plan::EndLabel& end) {
                       return cost.EndAlways(end.types, end.direction, end.label);
                     }) &&
         std::all_of(plan.labels_apart.begin(), plan.labels_apart.end(),
                     [&](const plan::LabelsApart& labels) {
                       return cost.NeverMeet(labels.first, labels.second);
                     });
}

}  // namespace kb::query::optimize
