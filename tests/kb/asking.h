// Asking in a line what a test wants to know: rows as text, one number, or the name of the error.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "kb/kb.h"

namespace kb {

/// The rows of a statement, the values of a row joined by " | " as the shell shows them. An error
/// fails the test and gives no rows.
inline std::vector<std::string> Ask(Session& session, std::string_view query,
                                    const Parameters& parameters = {}) {
  auto cursor = session.Run(query, parameters);
  if (!cursor.ok()) {
    ADD_FAILURE() << cursor.error().Format(query);
    return {};
  }
  std::vector<std::string> rows;
  while (cursor->Next()) {
    std::string row;
    for (const Value& value : cursor->row()) {
      if (!row.empty()) row += " | ";
      row += value.is_string() ? std::string(value.string()) : value.ToText();
    }
    rows.push_back(std::move(row));
  }
  EXPECT_TRUE(cursor->status().ok()) << cursor->status().error().Format(query);
  return rows;
}

/// The one integer that a statement answers; -1, and a failed test, when it answers otherwise.
inline std::int64_t AskNumber(Session& session, std::string_view query,
                              const Parameters& parameters = {}) {
  auto cursor = session.Run(query, parameters);
  if (!cursor.ok()) {
    ADD_FAILURE() << cursor.error().Format(query);
    return -1;
  }
  if (!cursor->Next() || cursor->row().size() != 1 || !cursor->row()[0].is_integer()) {
    ADD_FAILURE() << "not one integer: " << query
                  << (cursor->status().ok() ? "" : cursor->status().error().Format(query));
    return -1;
  }
  return cursor->row()[0].integer();
}

/// The code of the error that a statement ends with, while it is prepared or while it runs.
inline std::string ErrorOf(Session& session, std::string_view query,
                           const Parameters& parameters = {}) {
  auto cursor = session.Run(query, parameters);
  if (!cursor.ok()) return std::string(TypeName(cursor.error().code()));
  while (cursor->Next()) {
  }
  return cursor->status().ok() ? "none" : std::string(TypeName(cursor->status().error().code()));
}

}  // namespace kb
