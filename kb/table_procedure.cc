#include "kb/table_procedure.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "schema/order.h"

namespace kb {
namespace {

using query::bind::Field;
using query::bind::Procedure;

constexpr std::array<std::string_view, 4> kTypes = {"STRING", "INTEGER", "FLOAT", "NUMBER"};

std::string_view Trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) {
    text.remove_prefix(1);
  }
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) {
    text.remove_suffix(1);
  }
  return text;
}

/// Reads `name(fields) :: (fields)` from left to right.
class SignatureReader {
 public:
  explicit SignatureReader(std::string_view text) : text_(text), rest_(text) {}

  Result<void> Read(Procedure* procedure) {
    const std::size_t open = rest_.find('(');
    if (open == std::string_view::npos) return Wrong("a list of inputs in brackets is missing");
    procedure->name = Trim(rest_.substr(0, open));
    if (procedure->name.empty()) return Wrong("the name is missing");
    rest_.remove_prefix(open);
    KB_TRY(ReadFields(&procedure->inputs));
    rest_ = Trim(rest_);
    if (!rest_.starts_with("::")) return Wrong("`::` is missing between inputs and outputs");
    rest_ = Trim(rest_.substr(2));
    KB_TRY(ReadFields(&procedure->outputs));
    if (!Trim(rest_).empty()) return Wrong("there is text behind the outputs");
    procedure->inputs_min = procedure->inputs.size();
    return {};
  }

 private:
  Error Wrong(std::string_view why) const {
    return ArgumentError("`{}` is no signature of a procedure: {}", text_, why)
        .Hint("write name(input :: TYPE?, …) :: (output :: TYPE?, …)");
  }

  Result<void> ReadFields(std::vector<Field>* fields) {
    if (!rest_.starts_with("(")) return Wrong("`(` is missing");
    const std::size_t close = rest_.find(')');
    if (close == std::string_view::npos) return Wrong("`)` is missing");
    std::string_view list = Trim(rest_.substr(1, close - 1));
    rest_.remove_prefix(close + 1);
    while (!list.empty()) {
      const std::size_t comma = std::min(list.find(','), list.size());
      const std::string_view field = list.substr(0, comma);
      const std::size_t colons = field.find("::");
      if (colons == std::string_view::npos) return Wrong("a field has no `:: TYPE`");
      std::string_view type = Trim(field.substr(colons + 2));
      if (type.ends_with("?")) type.remove_suffix(1);
      if (std::find(kTypes.begin(), kTypes.end(), type) == kTypes.end()) {
        return Wrong(fmt::format("the type {} is not one of STRING, INTEGER, FLOAT, NUMBER", type));
      }
      fields->push_back({std::string(Trim(field.substr(0, colons))), std::string(type)});
      list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return {};
  }

  std::string_view text_;
  std::string_view rest_;
};

bool SameInputs(const std::vector<Value>& row, std::span<const Value> arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!schema::Equivalent(row[i], arguments[i])) return false;
  }
  return true;
}

bool SameName(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

}  // namespace

Result<std::shared_ptr<const Procedure>> MakeTableProcedure(TableProcedure table) {
  auto procedure = std::make_shared<Procedure>();
  KB_TRY(SignatureReader(table.signature).Read(procedure.get()));
  procedure->doc = "a table of rows, registered for this session";
  const std::size_t inputs = procedure->inputs.size();
  const std::size_t width = inputs + procedure->outputs.size();
  for (const auto& row : table.rows) {
    if (row.size() != width) {
      return ArgumentError("a row of {} has {} values, its signature {}", procedure->name,
                           row.size(), width);
    }
  }
  procedure->run = [rows = std::move(table.rows),
                    inputs](const Procedure::Call& call) -> Result<void> {
    for (const auto& row : rows) {
      if (!SameInputs(row, call.arguments.subspan(0, inputs))) continue;
      KB_TRY(call.emit({row.begin() + static_cast<std::ptrdiff_t>(inputs), row.end()}));
    }
    return {};
  };
  return std::shared_ptr<const Procedure>(std::move(procedure));
}

std::shared_ptr<const Procedure> FindTableProcedure(
    const std::vector<std::shared_ptr<const Procedure>>& procedures, std::string_view name) {
  for (const auto& procedure : procedures) {
    if (SameName(procedure->name, name)) return procedure;
  }
  return nullptr;
}

}  // namespace kb
