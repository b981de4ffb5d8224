// Groups of relationships: ends looked up in the id spaces, rows into batches of one type each.
#include <map>
#include <memory>
#include <utility>

#include "kb/io/import_rows.h"
#include "schema/base/text.h"

namespace kb::io {

using Role = ImportColumn::Role;
using schema::NodeId;

namespace {

struct EdgeBatch {
  std::string type;
  std::vector<NodeId> sources;
  std::vector<NodeId> targets;
  std::vector<storage::BulkColumn> columns;
  std::string file;
};

struct OpenBatch {
  explicit OpenBatch(PropertyBuilders builders) : properties(std::move(builders)) {}
  PropertyBuilders properties;
  EdgeBatch batch;
};

class EdgeGroup {
 public:
  EdgeGroup(ImportRun* run, Turns* turns, std::size_t index, ImportReport* report)
      : run_(run),
        turns_(turns),
        index_(index),
        report_(report),
        group_(run->options.relationships[index]),
        rows_(run, group_, false) {}

  Result<void> Run();

 private:
  /// One end of the relationships: its column and where its ids are.
  struct End {
    std::size_t column = 0;
    const IdSpace* space = nullptr;
    bool integer = false;
  };
  Result<End> EndOf(Role role) const;
  Result<NodeId> Find(const End& end) const;
  std::string InSpace(const End& end) const;
  /// The batch that the current record was added to. kConstraint: an end is not there.
  Result<OpenBatch*> Row();
  Result<OpenBatch*> BatchOf(std::string_view type);
  Result<void> Flush(OpenBatch* open);

  ImportRun* run_;
  Turns* turns_;
  std::size_t index_;
  ImportReport* report_;
  const ImportGroup& group_;
  GroupRows rows_;
  End start_;
  End end_;
  std::size_t type_column_ = 0;
  std::map<std::string, OpenBatch, std::less<>> batches_;  ///< By type.
};

Result<EdgeGroup::End> EdgeGroup::EndOf(Role role) const {
  End end;
  end.column = rows_.header().Find(role);
  const ImportColumn& column = rows_.header().columns[end.column];
  const auto space = run_->spaces.find(column.space);
  if (space == run_->spaces.end()) {
    std::string known;
    for (const auto& [name, ids] : run_->spaces) {
      known += (known.empty() ? "" : ", ") + (name.empty() ? std::string("(unnamed)") : name);
    }
    return rows_.At(end.column, ArgumentError("no file of nodes fills the id space {}",
                                              column.space.empty() ? "(unnamed)" : column.space)
                                    .Hint(known.empty() ? "no file of nodes has an :ID column"
                                                        : "id spaces: " + known));
  }
  end.space = &space->second;
  end.integer = end.space->integer || column.type == CellType::kInteger;
  return end;
}

Result<void> EdgeGroup::Run() {
  KB_TRY(rows_.Open());
  KB_ASSIGN(start_, EndOf(Role::kStart));
  KB_ASSIGN(end_, EndOf(Role::kEnd));
  type_column_ = rows_.header().Find(Role::kType);
  if (group_.names.empty() && type_column_ == rows_.header().columns.size()) {
    return ArgumentError("{}: the relationships have no type", rows_.file_name())
        .Hint("give it as --relationships TYPE=FILE or in a :TYPE column");
  }
  while (true) {
    KB_ASSIGN(const bool any, rows_.Next());
    if (!any) break;
    Result<OpenBatch*> row = Row();
    if (row.ok()) {
      if ((*row)->batch.sources.size() == kBatchRows) KB_TRY(Flush(*row));
    } else if (row.error().code() == ErrorCode::kConstraint &&
               run_->options.skip_bad_relationships) {
      ++report_->skipped_relationships;
      run_->LeaveOut(row.error(), report_);
    } else {
      KB_TRY(run_->Tolerate(std::move(row).error(), report_));
    }
  }
  for (auto& [type, open] : batches_) KB_TRY(Flush(&open));
  return {};
}

std::string EdgeGroup::InSpace(const End& end) const {
  const std::string& space = rows_.header().columns[end.column].space;
  return space.empty() ? std::string() : " in id space " + space;
}

Result<NodeId> EdgeGroup::Find(const End& end) const {
  const CsvField field = rows_.Field(end.column);
  const auto node = end.space->Find(ReadImportId(field.text, end.integer));
  if (node && !field.text.empty()) return *node;
  Error error = field.text.empty() ? ConstraintError("the id is missing")
                                   : ConstraintError("there is no node with the id `{}`{}",
                                                     field.text, InSpace(end));
  error.Hint("--skip-bad-relationships leaves out relationships whose ends are not there");
  return rows_.At(end.column, std::move(error));
}

Result<OpenBatch*> EdgeGroup::Row() {
  KB_TRY(rows_.CheckWidth());
  std::string_view type = group_.names.empty() ? std::string_view() : group_.names.front();
  if (type_column_ < rows_.header().columns.size()) {
    const CsvField field = rows_.Field(type_column_);
    if (!field.text.empty()) type = field.text;
    if (type.empty()) return rows_.At(type_column_, ArgumentError("the type is missing"));
  }
  KB_ASSIGN(const NodeId source, Find(start_));
  KB_ASSIGN(const NodeId target, Find(end_));
  KB_ASSIGN(OpenBatch* const open, BatchOf(type));
  KB_TRY(open->properties.Append(rows_));
  open->batch.sources.push_back(source);
  open->batch.targets.push_back(target);
  return open;
}

Result<OpenBatch*> EdgeGroup::BatchOf(std::string_view type) {
  const auto known = batches_.find(type);
  if (known != batches_.end()) return &known->second;
  if (text::FindInvalidUtf8(type) != std::string_view::npos) {
    return rows_.At(type_column_, ArgumentError("the type is not UTF-8"));
  }
  const auto [at, added] =
      batches_.try_emplace(std::string(type), PropertyBuilders(rows_.header(), run_->options));
  at->second.batch.type = type;
  return &at->second;
}

Result<void> EdgeGroup::Flush(OpenBatch* open) {
  if (open->batch.sources.empty()) return {};
  auto full = std::make_shared<EdgeBatch>();
  full->type = open->batch.type;
  full->sources = std::exchange(open->batch.sources, {});
  full->targets = std::exchange(open->batch.targets, {});
  full->columns = open->properties.Take();
  full->file = rows_.file_name();
  ImportRun* const run = run_;
  return turns_->Give(index_, [run, full]() -> Result<void> {
    const std::size_t count = full->sources.size();
    run->report.properties += CountValues(full->columns, count);
    KB_TRY(run->loader.AddRelationships(full->type, std::move(full->sources),
                                        std::move(full->targets), std::move(full->columns)));
    run->report.relationships += count;
    run->Tell(full->file);
    return {};
  });
}

}  // namespace

Result<void> ImportRelationships(ImportRun* run, Turns* turns, std::size_t index,
                                 ImportReport* report) {
  EdgeGroup group(run, turns, index, report);
  KB_TRY(group.Run());
  return turns->Done(index);
}

}  // namespace kb::io
