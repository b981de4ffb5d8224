#include "query/exec/build.h"

#include "query/exec/operators.h"
#include "schema/base/assert.h"

namespace kb::query::exec {
namespace {

struct Builder {
  Runtime& runtime;
  const plan::Operator& op;
  const ArgumentRows* argument;

  OperatorPtr Input(std::size_t index = 0) const {
    return Build(runtime, *op.inputs[index], argument);
  }
  OperatorPtr Subplan(const ArgumentRows* rows) const {
    return Build(runtime, *op.inputs[1], rows);
  }
  using WithSubplan = OperatorPtr (*)(Runtime&, const plan::Operator&, OperatorPtr, OperatorPtr,
                                      std::unique_ptr<ArgumentRows>);
  OperatorPtr Around(WithSubplan make) const {
    auto rows = std::make_unique<ArgumentRows>();
    OperatorPtr right = Subplan(rows.get());
    return make(runtime, op, Input(), std::move(right), std::move(rows));
  }

  OperatorPtr operator()(const plan::Argument&) const {
    return MakeArgument(runtime, op, argument);
  }
  OperatorPtr operator()(const plan::Empty&) const { return MakeEmpty(runtime, op); }
  OperatorPtr operator()(const plan::NodeScan&) const { return MakeNodeScan(runtime, op, Input()); }
  OperatorPtr operator()(const plan::IndexSeek&) const { return MakeSeek(runtime, op, Input()); }
  OperatorPtr operator()(const plan::IndexRange&) const { return MakeSeek(runtime, op, Input()); }
  OperatorPtr operator()(const plan::IdSeek&) const { return MakeSeek(runtime, op, Input()); }
  OperatorPtr operator()(const plan::MatchPattern&) const {
    KB_ASSERT(false && "patterns are lowered by the optimiser");
    return MakeEmpty(runtime, op);
  }
  OperatorPtr operator()(const plan::Expand&) const { return MakeExpand(runtime, op, Input()); }
  OperatorPtr operator()(const plan::ExpandVariable& node) const {
    if (plan::IsReach(node)) return MakeReach(runtime, op, Input());
    if (node.count_only) return MakeCountWalks(runtime, op, Input());
    const bool by_levels = !node.tests.empty() || node.length != bind::kNoSlot;
    return by_levels ? MakeExpandLevels(runtime, op, Input())
                     : MakeExpandVariable(runtime, op, Input());
  }
  OperatorPtr operator()(const plan::ShortestPath&) const {
    return MakeShortestPath(runtime, op, Input());
  }
  OperatorPtr operator()(const plan::CountMatches&) const {
    return MakeCountMatches(runtime, op, Input(), argument);
  }
  OperatorPtr operator()(const plan::Filter&) const { return MakeFilter(runtime, op, Input()); }
  OperatorPtr operator()(const plan::Project&) const { return MakeProject(runtime, op, Input()); }
  OperatorPtr operator()(const plan::Unwind&) const { return MakeUnwind(runtime, op, Input()); }
  OperatorPtr operator()(const plan::Aggregate&) const {
    return MakeAggregate(runtime, op, Input(), argument);
  }
  OperatorPtr operator()(const plan::Distinct&) const { return MakeDistinct(runtime, op, Input()); }
  OperatorPtr operator()(const plan::Sort&) const {
    return MakeSort(runtime, op, Input(), argument);
  }
  OperatorPtr operator()(const plan::Skip&) const { return MakeSkip(runtime, op, Input()); }
  OperatorPtr operator()(const plan::Limit&) const { return MakeLimit(runtime, op, Input()); }
  OperatorPtr operator()(const plan::Union&) const {
    return MakeUnion(runtime, op, Input(0), Input(1));
  }
  OperatorPtr operator()(const plan::Apply&) const { return Around(MakeApply); }
  OperatorPtr operator()(const plan::HashJoin&) const {
    return MakeHashJoin(runtime, op, Input(0), Input(1));
  }
  OperatorPtr operator()(const plan::Eager&) const { return MakeEager(runtime, op, Input()); }
  OperatorPtr operator()(const plan::Create&) const { return MakeCreate(runtime, op, Input()); }
  OperatorPtr operator()(const plan::Merge&) const { return Around(MakeMerge); }
  OperatorPtr operator()(const plan::SetItems&) const { return MakeSet(runtime, op, Input()); }
  OperatorPtr operator()(const plan::Delete&) const { return MakeDelete(runtime, op, Input()); }
  OperatorPtr operator()(const plan::Foreach&) const { return Around(MakeForeach); }
  OperatorPtr operator()(const plan::CallProcedure&) const {
    return MakeCall(runtime, op, Input());
  }
  OperatorPtr operator()(const plan::Amend&) const { return MakeAmend(runtime, op, Input()); }
  OperatorPtr operator()(const plan::Result&) const { return MakeResult(runtime, op, Input()); }
};

}  // namespace

OperatorPtr Build(Runtime& runtime, const plan::Operator& op, const ArgumentRows* argument) {
  return std::visit(Builder{runtime, op, argument}, op.node);
}

}  // namespace kb::query::exec
