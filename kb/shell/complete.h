// What Tab offers: commands, labels, types, property names, functions, keywords, files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kb/database.h"
#include "kb/shell/line.h"

namespace kb::shell {

/// The words of one moment; the schema changes as statements run.
struct Vocabulary {
  SchemaSummary schema;
  std::vector<std::string> commands;   ///< Without their colon.
  std::vector<std::string> formats;    ///< For `:mode`.
  std::vector<std::string> functions;  ///< As documented.
};

/// `statement` holds the lines before this one, `line` what stands before the cursor. Inside a text
/// or a comment nothing is offered. Keywords follow the case of what is typed.
Completion Complete(const Vocabulary& vocabulary, std::string_view statement,
                    std::string_view line);

}  // namespace kb::shell
