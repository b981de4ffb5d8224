// CallProcedure: the rows a procedure gives for each input row. A procedure without outputs lets
// each row go on once.
#include <algorithm>

#include "query/algo/procedure.h"
#include "query/exec/operators.h"

namespace kb::query::exec {
namespace {

using schema::Kind;

/// The type of a field without the mark that it may be null.
std::string_view BareType(const bind::Field& field) {
  std::string_view type = field.type;
  if (type.ends_with('?')) type.remove_suffix(1);
  return type;
}

bool IsOfType(const Value& value, std::string_view type) {
  if (value.is_null() || type == "ANY") return true;
  if (type == "STRING") return value.is_string();
  if (type == "INTEGER") return value.is_integer();
  if (type == "FLOAT") return value.is_float();
  if (type == "NUMBER") return value.is_number();
  if (type == "BOOLEAN") return value.is_boolean();
  if (type == "NODE") return value.is_node();
  if (type == "RELATIONSHIP") return value.is_relationship();
  if (type == "PATH") return value.is_path();
  if (type == "MAP") return value.is_map() || value.is_node() || value.is_relationship();
  if (type.starts_with("LIST")) return value.is_list();
  return true;
}

class Call final : public FanOut {
 public:
  Call(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : FanOut(runtime, op, Inputs(std::move(from))), call_(NodeOf<plan::CallProcedure>().call) {
    columns_.resize(call_.yields.size());
  }

  void Rewind() override {
    FanOut::Rewind();
    row_started_ = false;
    for (auto& column : columns_) column.clear();
  }

 private:
  Result<void> StartBatch(const Batch& input) override {
    row_started_ = false;
    // Text that rows have borrowed stays where it is while the graph is edited.
    if (call_.procedure->writes) held_ = runtime_.view();
    arguments_.resize(call_.arguments.size());
    for (std::size_t i = 0; i < arguments_.size(); ++i) {
      KB_TRY(eval::Evaluate(*call_.arguments[i], input, runtime_.eval(), &arguments_[i]));
    }
    return {};
  }

  Result<bool> FillRow(const Batch& /*input*/, std::uint32_t row) override {
    if (!row_started_) {
      KB_TRY(Run(row));
      row_started_ = true;
    }
    for (; at_ < rows_.size(); ++at_) {
      if (Room() == 0) return false;
      Emit(row);
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        columns_[i].push_back(rows_[at_][call_.yields[i].first]);
      }
    }
    row_started_ = false;
    return true;
  }

  void FinishBatch(Batch* out) override {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      SetValues(&out->column(call_.yields[i].second), std::move(columns_[i]));
      columns_[i].clear();
    }
    if (call_.procedure->writes) OwnText(out);
  }

  Result<void> Run(std::uint32_t row) {
    rows_.clear();
    at_ = 0;
    const bind::Procedure& procedure = *call_.procedure;
    std::vector<Value> values;
    for (std::size_t i = 0; i < arguments_.size(); ++i) {
      KB_ASSIGN(Value value,
                Convert(arguments_[i].Get(row), procedure.inputs[i], call_.arguments[i]->span));
      values.push_back(std::move(value));
    }
    const auto emit = [this](std::vector<Value> values_of_row) -> Result<void> {
      rows_.push_back(std::move(values_of_row));
      return {};
    };
    if (procedure.writes) {
      const WriteScope writing(runtime_);
      KB_TRY(At(procedure.run({held_, values, emit, runtime_.eval().cancellation, runtime_.host(),
                               runtime_.transaction()})));
    } else {
      KB_TRY(At(procedure.run({runtime_.view(), values, emit, runtime_.eval().cancellation,
                               runtime_.host(), nullptr, &runtime_.asker()})));
    }
    if (procedure.outputs.empty()) rows_.assign(1, {});
    return {};
  }

  /// An error of a procedure, with its place in the text.
  Result<void> At(Result<void> outcome) const {
    if (outcome.ok() || call_.arguments.empty()) return outcome;
    const Span whole{call_.arguments.front()->span.begin, call_.arguments.back()->span.end};
    return Error(outcome.error()).At(whole);
  }

  Result<Value> Convert(Value value, const bind::Field& field, Span span) const {
    const std::string_view type = BareType(field);
    if (type == "FLOAT" && value.is_integer()) return Value::Float(value.number());
    if (IsOfType(value, type)) return value;
    return TypeError("argument `{}` of {} must be {}, but got {}", field.name,
                     call_.procedure->name, type, schema::KindName(value.kind()))
        .Detail("InvalidArgumentType")
        .At(span);
  }

  const bind::CallProcedure& call_;
  storage::View held_;
  std::vector<Vector> arguments_;
  bool row_started_ = false;
  std::vector<std::vector<Value>> rows_;  ///< What the procedure gave for the current row …
  std::size_t at_ = 0;                    ///< … and how many of them have gone on.
  std::vector<std::vector<Value>> columns_;
};

}  // namespace

OperatorPtr MakeCall(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Call>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
