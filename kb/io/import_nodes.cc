// Groups of nodes: rows into batches of one label set each, ids into their space.
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "kb/io/import_rows.h"
#include "schema/base/text.h"

namespace kb::io {

using Role = ImportColumn::Role;

namespace {

/// Ids of a batch's rows with their own memory, and where they were read.
struct BatchIds {
  std::vector<std::int64_t> numbers;  ///< Or the index into `texts` where `textual`.
  std::vector<std::uint8_t> textual;  ///< Empty while all are numbers.
  std::vector<std::string> texts;
  std::vector<std::uint32_t> files;
  std::vector<std::uint64_t> lines;

  void Add(const ImportId& id, std::uint32_t file, std::uint64_t line) {
    if (!id.is_number && textual.empty()) textual.resize(numbers.size());
    if (!textual.empty() || !id.is_number) textual.push_back(id.is_number ? 0 : 1);
    numbers.push_back(id.is_number ? id.number : static_cast<std::int64_t>(texts.size()));
    if (!id.is_number) texts.emplace_back(id.text);
    files.push_back(file);
    lines.push_back(line);
  }
  ImportId Get(std::size_t row) const {
    if (textual.empty() || textual[row] == 0) return {true, numbers[row], {}};
    return {false, 0, texts[static_cast<std::size_t>(numbers[row])]};
  }
};

struct NodeBatch {
  std::vector<std::string> labels;
  std::size_t rows = 0;
  BatchIds ids;  ///< Empty if the nodes have none.
  std::vector<storage::BulkColumn> columns;
  std::string file;  ///< The one read last, for progress.
};

/// A batch that grows.
struct OpenBatch {
  explicit OpenBatch(PropertyBuilders builders) : properties(std::move(builders)) {}
  PropertyBuilders properties;
  NodeBatch batch;
};

class NodeGroup {
 public:
  NodeGroup(ImportRun* run, Turns* turns, std::size_t index, ImportReport* report)
      : run_(run),
        turns_(turns),
        index_(index),
        report_(report),
        group_(run->options.nodes[index]),
        rows_(run, group_, true) {}

  Result<void> Run();

 private:
  /// The batch that the current record was added to.
  Result<OpenBatch*> Row();
  Result<OpenBatch*> BatchOf(const CsvField& labels);
  Result<void> Flush(OpenBatch* open);
  Result<void> Commit(NodeBatch* batch);
  Result<void> AddIds(NodeBatch* batch, std::vector<std::uint32_t*>* slots);
  Error Duplicate(const NodeBatch& batch, std::size_t row) const;

  ImportRun* run_;
  Turns* turns_;
  std::size_t index_;
  ImportReport* report_;
  const ImportGroup& group_;
  GroupRows rows_;
  std::size_t id_column_ = 0;
  std::size_t label_column_ = 0;
  std::map<std::string, OpenBatch, std::less<>> batches_;  ///< By the text of the label cell.
};

Result<void> NodeGroup::Run() {
  KB_TRY(rows_.Open());
  id_column_ = rows_.header().Find(Role::kId);
  label_column_ = rows_.header().Find(Role::kLabel);
  while (true) {
    KB_ASSIGN(const bool any, rows_.Next());
    if (!any) break;
    Result<OpenBatch*> row = Row();
    if (!row.ok()) {
      KB_TRY(run_->Tolerate(std::move(row).error(), report_));
    } else if ((*row)->batch.rows == kBatchRows) {
      KB_TRY(Flush(*row));
    }
  }
  for (auto& [labels, open] : batches_) KB_TRY(Flush(&open));
  return {};
}

Result<OpenBatch*> NodeGroup::Row() {
  KB_TRY(rows_.CheckWidth());
  const std::size_t columns = rows_.header().columns.size();
  ImportId id;
  if (id_column_ < columns) {
    const ImportColumn& column = rows_.header().columns[id_column_];
    const CsvField field = rows_.Field(id_column_);
    if (field.text.empty()) return rows_.At(id_column_, ArgumentError("the id is missing"));
    id = ReadImportId(field.text, column.type == CellType::kInteger);
    if (column.type == CellType::kInteger && !id.is_number) {
      return rows_.At(id_column_, ArgumentError("`{}` is not a whole number", field.text));
    }
  }
  const CsvField labels = label_column_ < columns ? rows_.Field(label_column_) : CsvField{};
  KB_ASSIGN(OpenBatch* const open, BatchOf(labels));
  KB_TRY(open->properties.Append(rows_));
  if (id_column_ < columns) open->batch.ids.Add(id, rows_.file(), rows_.line());
  ++open->batch.rows;
  return open;
}

Result<OpenBatch*> NodeGroup::BatchOf(const CsvField& labels) {
  const auto known = batches_.find(labels.text);
  if (known != batches_.end()) return &known->second;
  std::vector<std::string> names = group_.names;
  std::string_view rest = labels.text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(run_->options.array_delimiter), rest.size());
    if (end > 0) names.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (text::FindInvalidUtf8(labels.text) != std::string_view::npos) {
    return rows_.At(label_column_, ArgumentError("the labels are not UTF-8"));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const auto [at, added] = batches_.try_emplace(std::string(labels.text),
                                                PropertyBuilders(rows_.header(), run_->options));
  at->second.batch.labels = std::move(names);
  return &at->second;
}

Result<void> NodeGroup::Flush(OpenBatch* open) {
  if (open->batch.rows == 0) return {};
  auto full = std::make_shared<NodeBatch>();
  full->labels = open->batch.labels;
  full->rows = std::exchange(open->batch.rows, 0);
  full->ids = std::exchange(open->batch.ids, {});
  full->columns = open->properties.Take();
  full->file = rows_.file_name();
  return turns_->Give(index_, [this, full] { return Commit(full.get()); });
}

Error NodeGroup::Duplicate(const NodeBatch& batch, std::size_t row) const {
  const ImportId id = batch.ids.Get(row);
  const ImportColumn& column = rows_.header().columns[id_column_];
  const std::string shown = id.is_number ? std::to_string(id.number) : std::string(id.text);
  return ConstraintError("{}:{}: column `{}`: a node with the id `{}` is there already{}",
                         rows_.NameOfFile(batch.ids.files[row]), batch.ids.lines[row],
                         column.name.empty() ? ":ID" : column.name, shown,
                         column.space.empty() ? "" : " in id space " + column.space)
      .Hint("--skip-duplicate-nodes keeps the first node of an id and leaves out the others");
}

/// Puts the ids into their space and takes the rows of duplicates out of the batch. Runs in turn.
Result<void> NodeGroup::AddIds(NodeBatch* batch, std::vector<std::uint32_t*>* slots) {
  const ImportColumn& column = rows_.header().columns[id_column_];
  IdSpace& space = run_->spaces.try_emplace(column.space).first->second;
  space.integer = space.integer || column.type == CellType::kInteger;
  space.Reserve(batch->rows, batch->ids.texts.size());
  std::vector<std::uint8_t> keep(batch->rows, 1);
  slots->reserve(batch->rows);
  for (std::size_t row = 0; row < batch->rows; ++row) {
    if (std::uint32_t* const slot = space.Add(batch->ids.Get(row))) {
      slots->push_back(slot);
      continue;
    }
    Error error = Duplicate(*batch, row);
    if (run_->options.skip_duplicate_nodes) {
      ++report_->skipped_duplicates;
      run_->LeaveOut(error, report_);
    } else {
      KB_TRY(run_->Tolerate(std::move(error), report_));
    }
    keep[row] = 0;
  }
  if (slots->size() == batch->rows) return {};
  for (storage::BulkColumn& properties : batch->columns) KeepRows(&properties, keep);
  batch->rows = slots->size();
  return {};
}

Result<void> NodeGroup::Commit(NodeBatch* batch) {
  std::vector<std::uint32_t*> slots;
  if (!batch->ids.numbers.empty()) KB_TRY(AddIds(batch, &slots));
  if (batch->rows == 0) return {};
  run_->report.properties += CountValues(batch->columns, batch->rows);
  KB_ASSIGN(const schema::NodeId first,
            run_->loader.AddNodes(batch->labels, static_cast<std::uint32_t>(batch->rows),
                                  std::move(batch->columns)));
  std::uint32_t node = Raw(first);
  for (std::uint32_t* const slot : slots) *slot = node++;
  run_->report.nodes += batch->rows;
  run_->Tell(batch->file);
  return {};
}

}  // namespace

Result<void> ImportNodes(ImportRun* run, Turns* turns, std::size_t index, ImportReport* report) {
  const auto group = std::make_shared<NodeGroup>(run, turns, index, report);
  KB_TRY(group->Run());
  // Batches that wait for their turn refer to the group: an empty last one keeps it.
  KB_TRY(turns->Give(index, [group] { return Result<void>(); }));
  return turns->Done(index);
}

}  // namespace kb::io
