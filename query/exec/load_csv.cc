// LoadCsv: a row for each record of a file. Records stream: the file is never in memory as a whole.
#include <algorithm>

#include "query/exec/operators.h"
#include "query/host.h"
#include "schema/base/text.h"

namespace kb::query::exec {
namespace {

class LoadCsv final : public FanOut {
 public:
  LoadCsv(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : FanOut(runtime, op, Inputs(std::move(from))), load_(*NodeOf<plan::Unwind>().csv) {}

  void Rewind() override {
    FanOut::Rewind();
    records_.reset();
    values_.clear();
  }

 private:
  Result<void> StartBatch(const Batch& input) override {
    records_.reset();
    KB_TRY(eval::Evaluate(*load_.source, input, runtime_.eval(), &sources_));
    if (!load_.terminator) return {};
    return eval::Evaluate(*load_.terminator, input, runtime_.eval(), &terminators_);
  }

  Result<bool> FillRow(const Batch& /*input*/, std::uint32_t row) override {
    if (!records_) KB_TRY(Open(row));
    while (Room() > 0) {
      KB_ASSIGN(const bool more, records_->Next(&fields_));
      if (!more) {
        records_.reset();
        return true;
      }
      if (load_.with_headers) {
        KB_ASSIGN(Value record, Record());
        values_.push_back(std::move(record));
      } else {
        values_.push_back(Value::List(fields_));
      }
      Emit(row);
      if ((values_.size() & 255) == 0) KB_TRY(runtime_.CheckCancelled());
    }
    return false;
  }

  void FinishBatch(Batch* out) override {
    SetValues(&out->column(load_.slot), std::move(values_));
    values_.clear();
  }

  Result<void> Open(std::uint32_t row) {
    if (runtime_.host() == nullptr) {
      return UnsupportedError("LOAD CSV has nowhere to read from here").At(load_.source->span);
    }
    const Value source = sources_.Get(row);
    if (!source.is_string()) {
      return TypeError("LOAD CSV reads from a file's name, but this is {}",
                       schema::KindName(source.kind()))
          .Detail("InvalidArgumentType")
          .At(load_.source->span);
    }
    KB_ASSIGN(const char delimiter, Delimiter(row));
    auto records = runtime_.host()->OpenCsv(source.string(), delimiter);
    if (!records.ok()) return std::move(records).error().At(load_.source->span);
    records_ = std::move(records).value();
    return load_.with_headers ? ReadHeaders() : Result<void>();
  }

  Result<char> Delimiter(std::uint32_t row) const {
    if (!load_.terminator) return ',';
    const Value text = terminators_.Get(row);
    if (text.is_string() && text.string().size() == 1) {
      const char c = text.string()[0];
      if (c != '"' && c != '\n' && c != '\r') return c;
    }
    return ArgumentError("FIELDTERMINATOR is one ASCII character, but not a quote or a line break")
        .Detail("InvalidArgumentValue")
        .At(load_.terminator->span);
  }

  Result<void> ReadHeaders() {
    names_.clear();
    KB_ASSIGN(const bool any, records_->Next(&fields_));
    if (!any) return {};
    for (const Value& field : fields_) {
      if (field.is_null()) {
        names_.emplace_back();
        continue;
      }
      if (std::find(names_.begin(), names_.end(), field.string()) != names_.end()) {
        return ArgumentError("{}: two columns are called {}", records_->Where(),
                             text::Quote(field.string()))
            .At(load_.source->span)
            .Hint("LOAD CSV without WITH HEADERS gives each record as a list");
      }
      names_.emplace_back(field.string());
    }
    return {};
  }

  /// A record that is shorter than the headers has nulls, a longer one is an error: most often a
  /// delimiter in a text without quotes.
  Result<Value> Record() const {
    if (fields_.size() > names_.size()) {
      return ArgumentError("{}: the record has {} fields, but there are {} headers",
                           records_->Where(), fields_.size(), names_.size())
          .At(load_.source->span)
          .Hint("a text that holds the delimiter stands in double quotes");
    }
    schema::MapEntries entries;
    entries.reserve(names_.size());
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i].empty()) continue;
      entries.emplace_back(names_[i], i < fields_.size() ? fields_[i] : Value::Null());
    }
    return Value::Map(std::move(entries));
  }

  const bind::LoadCsv& load_;
  Vector sources_, terminators_;
  std::unique_ptr<RecordSource> records_;  ///< Of the current row.
  std::vector<std::string> names_;
  std::vector<Value> fields_;
  std::vector<Value> values_;
};

}  // namespace

OperatorPtr MakeLoadCsv(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<LoadCsv>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
