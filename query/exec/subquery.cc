#include "query/exec/subquery.h"

#include "query/exec/build.h"

namespace kb::query::exec {
namespace {

template <typename... Kinds>
bool IsOneOf(const plan::Operator& op) {
  return (std::holds_alternative<Kinds>(op.node) || ...);
}

bool HasVariableLength(const plan::Operator& op) {
  if (IsOneOf<plan::ExpandVariable>(op)) return true;
  for (const auto& input : op.inputs) {
    if (HasVariableLength(*input)) return true;
  }
  return false;
}

/// What is gathered for each row of the outer batch.
struct Tally {
  ast::SubqueryKind kind;
  std::vector<std::int64_t> counts;
  std::vector<std::vector<Value>> lists;

  Tally(ast::SubqueryKind of, std::uint32_t rows) : kind(of) {
    if (kind == ast::SubqueryKind::kCollect) {
      lists.resize(rows);
    } else {
      counts.resize(rows);
    }
  }

  void Add(std::uint32_t row, const Batch& batch, std::uint32_t at, Slot result) {
    if (kind == ast::SubqueryKind::kCollect) {
      lists[row].push_back(batch.column(result).Get(at));
    } else {
      counts[row] += static_cast<std::int64_t>(batch.multiplicity_of(at));
    }
  }

  void Write(Vector* out) {
    switch (kind) {
      case ast::SubqueryKind::kExists:
        out->Reset(Repr::kBoolean, static_cast<std::uint32_t>(counts.size()));
        for (std::size_t i = 0; i < counts.size(); ++i) out->booleans()[i] = counts[i] != 0;
        return;
      case ast::SubqueryKind::kCount:
        out->Reset(Repr::kInteger, static_cast<std::uint32_t>(counts.size()));
        for (std::size_t i = 0; i < counts.size(); ++i) out->integers()[i] = counts[i];
        return;
      case ast::SubqueryKind::kCollect:
        out->Reset(Repr::kValue, static_cast<std::uint32_t>(lists.size()));
        for (std::size_t i = 0; i < lists.size(); ++i) {
          out->values()[i] = Value::List(std::move(lists[i]));
        }
        return;
    }
  }
};

}  // namespace

bool IsRowWise(const plan::Operator& op) {
  const bool alone = IsOneOf<plan::Argument, plan::Empty, plan::NodeScan, plan::IndexSeek,
                             plan::IndexRange, plan::IdSeek, plan::Expand, plan::ExpandVariable,
                             plan::ShortestPath, plan::CountMatches, plan::Filter, plan::Project,
                             plan::Unwind, plan::Distinct, plan::Result>(op);
  const auto* apply = std::get_if<plan::Apply>(&op.node);
  const bool joins = apply != nullptr && apply->kind != plan::ApplyKind::kUnit &&
                     !apply->transactions && apply->view == nullptr;
  if (!alone && !joins) return false;
  for (const auto& input : op.inputs) {
    if (!IsRowWise(*input)) return false;
  }
  return true;
}

bool WritesGraph(const plan::Operator& op) {
  if (IsOneOf<plan::Create, plan::Merge, plan::SetItems, plan::Delete, plan::Foreach, plan::Amend>(
          op)) {
    return true;
  }
  for (const auto& input : op.inputs) {
    if (WritesGraph(*input)) return true;
  }
  return false;
}

Result<Runtime::Subqueries::Built*> Runtime::Subqueries::Find(const bind::Subquery& subquery) {
  auto& entry = built_[subquery.query.get()];
  if (entry) return entry.get();
  for (const auto& planned : runtime_.plan().subqueries) {
    if (planned.query != subquery.query.get()) continue;
    entry = std::make_unique<Built>();
    entry->row_wise = IsRowWise(*planned.root);
    entry->stops_early = HasVariableLength(*planned.root);
    entry->root = Build(runtime_, *planned.root, &entry->argument);
    return entry.get();
  }
  return InternalError("a subquery has no plan");
}

Result<void> Runtime::Subqueries::Run(const bind::Subquery& subquery, const Batch& batch,
                                      Vector* out) {
  KB_ASSIGN(Built * built, Find(subquery));
  built->argument.batch = &batch;
  const bool by_row =
      !built->row_wise || (subquery.kind == ast::SubqueryKind::kExists && built->stops_early);
  return by_row ? RunByRow(subquery, *built, out) : RunBatched(subquery, *built, out);
}

Result<void> Runtime::Subqueries::RunBatched(const bind::Subquery& subquery, Built& built,
                                             Vector* out) {
  const std::uint32_t rows = built.argument.batch->rows;
  Tally tally(subquery.kind, rows);
  built.argument.begin = 0;
  built.argument.end = rows;
  built.argument.batched = true;
  built.root->Rewind();
  while (true) {
    KB_ASSIGN(const bool more, built.root->Next(&built.rows));
    if (!more) break;
    for (std::uint32_t at = 0; at < built.rows.rows; ++at) {
      tally.Add(built.rows.origin[at], built.rows, at, subquery.result);
    }
  }
  tally.Write(out);
  return {};
}

Result<void> Runtime::Subqueries::RunByRow(const bind::Subquery& subquery, Built& built,
                                           Vector* out) {
  const std::uint32_t rows = built.argument.batch->rows;
  Tally tally(subquery.kind, rows);
  built.argument.batched = false;
  for (std::uint32_t row = 0; row < rows; ++row) {
    built.argument.begin = row;
    built.argument.end = row + 1;
    built.root->Rewind();
    while (true) {
      KB_ASSIGN(const bool more, built.root->Next(&built.rows));
      if (!more) break;
      for (std::uint32_t at = 0; at < built.rows.rows; ++at) {
        tally.Add(row, built.rows, at, subquery.result);
      }
      if (subquery.kind == ast::SubqueryKind::kExists) break;
    }
  }
  tally.Write(out);
  return {};
}

}  // namespace kb::query::exec
