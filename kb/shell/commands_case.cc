// Commands about the case: what is in it, opening, copying, checking.

#include "kb/shell/commands.h"
#include "kb/shell/shell.h"
#include "schema/base/text.h"

namespace kb::shell {
namespace {

using Rows = std::vector<std::vector<Value>>;

Value Count(std::uint64_t count) { return Value::Integer(static_cast<std::int64_t>(count)); }

bool Matches(std::string_view name, std::string_view pattern) {
  return text::ToLower(name).find(text::ToLower(pattern)) != std::string::npos;
}

CommandResult Schema(Shell& shell, std::string_view pattern) {
  const SchemaSummary schema = shell.database().Schema();
  Rows rows;
  for (const auto& label : schema.labels) {
    if (!Matches(label.name, pattern)) continue;
    rows.push_back({Value::String("label"), Value::String(":" + text::QuoteName(label.name)),
                    Count(label.count)});
  }
  for (const auto& type : schema.relationship_types) {
    if (!Matches(type.name, pattern)) continue;
    rows.push_back({Value::String("type"),
                    Value::String("-[:" + text::QuoteName(type.name) + "]->"), Count(type.count)});
  }
  for (const auto& index : schema.indexes) {
    if (!Matches(index.on, pattern)) continue;
    rows.push_back({Value::String("index"), Value::String(index.on), Value::Null()});
  }
  for (const auto& constraint : schema.constraints) {
    if (!Matches(constraint.on, pattern)) continue;
    rows.push_back({Value::String("constraint"),
                    Value::String(constraint.on + " " + constraint.rule), Value::Null()});
  }
  for (const std::string& key : schema.property_keys) {
    if (!Matches(key, pattern)) continue;
    rows.push_back({Value::String("property"), Value::String(text::QuoteName(key)), Value::Null()});
  }
  if (!shell.PrintTable({"kind", "name", "count"}, rows)) return false;
  if (pattern.empty() && shell.settings().stats) {
    shell.Say(
        fmt::format("({} nodes, {} relationships)", schema.node_count, schema.relationship_count));
  }
  return true;
}

CommandResult ListEntries(Shell& shell, const std::string& column, std::string_view pattern,
                          const std::vector<SchemaSummary::Entry>& entries) {
  Rows rows;
  for (const auto& entry : entries) {
    if (Matches(entry.name, pattern))
      rows.push_back({Value::String(entry.name), Count(entry.count)});
  }
  return shell.PrintTable({column, "count"}, rows);
}

CommandResult Labels(Shell& shell, std::string_view pattern) {
  return ListEntries(shell, "label", pattern, shell.database().Schema().labels);
}

CommandResult Types(Shell& shell, std::string_view pattern) {
  return ListEntries(shell, "type", pattern, shell.database().Schema().relationship_types);
}

CommandResult Keys(Shell& shell, std::string_view pattern) {
  Rows rows;
  for (const std::string& key : shell.database().Schema().property_keys) {
    if (Matches(key, pattern)) rows.push_back({Value::String(key)});
  }
  return shell.PrintTable({"property"}, rows);
}

CommandResult Indexes(Shell& shell, std::string_view /*arguments*/) {
  Rows rows;
  for (const auto& index : shell.database().Schema().indexes) {
    rows.push_back({Value::String(index.name), Value::String(index.kind), Value::String(index.on),
                    Value::String(index.constraint)});
  }
  return shell.PrintTable({"name", "kind", "on", "constraint"}, rows);
}

CommandResult Constraints(Shell& shell, std::string_view /*arguments*/) {
  Rows rows;
  for (const auto& constraint : shell.database().Schema().constraints) {
    rows.push_back({Value::String(constraint.name), Value::String(constraint.on),
                    Value::String(constraint.rule)});
  }
  return shell.PrintTable({"name", "on", "rule"}, rows);
}

CommandResult OpenCase(Shell& shell, std::string_view arguments) {
  const std::string path = TakeWord(&arguments);
  if (path.empty()) return ArgumentError(":open needs the folder of a case");
  KB_TRY(shell.Open(path));
  const SchemaSummary schema = shell.database().Schema();
  shell.Say(fmt::format("{}: {} nodes, {} relationships", path, schema.node_count,
                        schema.relationship_count));
  return true;
}

CommandResult Backup(Shell& shell, std::string_view arguments) {
  const std::string folder = TakeWord(&arguments);
  if (folder.empty()) return ArgumentError(":backup needs a new folder for the copy");
  KB_TRY(shell.database().Backup(folder));
  shell.Say("copied to " + folder);
  return true;
}

CommandResult Check(Shell& shell, std::string_view /*arguments*/) {
  KB_ASSIGN(const CheckResult result, shell.database().Check());
  for (const std::string& finding : result.findings) shell.Say(finding);
  if (result.findings.empty()) {
    shell.Say(fmt::format("clean: {} nodes, {} relationships", result.node_count,
                          result.relationship_count));
  } else {
    shell.Say(fmt::format("{} findings", result.findings.size()));
  }
  return result.findings.empty();
}

CommandResult Fold(Shell& shell, std::string_view /*arguments*/) {
  KB_TRY(shell.database().Fold());
  return true;
}

constexpr Command kCommands[] = {
    {"schema tables", "[TEXT]",
     "labels, types, indexes, constraints and properties (whose name holds TEXT)", Schema},
    {"labels", "[TEXT]", "labels with the number of their nodes", Labels},
    {"types", "[TEXT]", "relationship types with the number of their relationships", Types},
    {"keys properties", "[TEXT]", "names of properties", Keys},
    {"indexes", "", "indexes", Indexes},
    {"constraints", "", "constraints", Constraints},
    {"open use connect", "CASE", "close this case and open another; :memory: for a new one",
     OpenCase},
    {"backup", "FOLDER", "copy the case, as of now, into a new folder", Backup},
    {"check", "", "look for damage", Check},
    {"fold checkpoint", "", "pack recent changes now", Fold},
};

}  // namespace

std::span<const Command> CaseCommands() { return kCommands; }

}  // namespace kb::shell
