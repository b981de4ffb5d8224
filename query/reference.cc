#include "query/reference.h"

#include <string_view>

#include "query/algo/lists.h"
#include "query/algo/procedure.h"
#include "query/functions/function.h"

namespace kb::query {
namespace {

/// Inside a table `|` would end the cell.
std::string Cell(std::string_view text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|') cell += '\\';
    cell += c;
  }
  return cell;
}

std::string Code(std::string_view text) {
  return text.empty() ? std::string() : "`" + Cell(text) + "`";
}

}  // namespace

std::string ReferenceText() {
  std::string text =
      "# Functions and procedures\n\n"
      "Made from the tables in this folder and in `query/algo/procedures.cc`; `SHOW FUNCTIONS`, "
      "`SHOW PROCEDURES` and\n`:help NAME` say the same. Do not edit: `KB_UPDATE_GOLDEN=1 kb_tests "
      "--gtest_filter='Reference*'` writes it anew, and a\ntest fails while it differs. Every "
      "example is run by a test, and gives what is shown.\n";
  for (const functions::Group& group : functions::Groups()) {
    text += "\n## " + std::string(group.name) + "\n\n| | | example | gives |\n|---|---|---|---|\n";
    for (const functions::Function& function : group.functions()) {
      text += "| " + Code(function.signature) + " | " + Cell(function.doc) + " | " +
              Code(function.example) + " | " + Code(function.result) + " |\n";
    }
  }
  text += "\n## Procedures\n\n| | | example |\n|---|---|---|\n";
  for (const auto& procedure : algo::AllProcedures()) {
    text += "| " + Code(algo::Signature(*procedure)) + " | " + Cell(procedure->doc) + " | " +
            Code(procedure->example) + " |\n";
  }
  return text;
}

}  // namespace kb::query
