// Binding a text in one call, with two procedures to call, and errors told by their marked place.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "query/bind/binder.h"
#include "query/parse/parser.h"

namespace kb::query::bind {

/// test.labels() :: (label), test.add(a :: INTEGER, b :: FLOAT) :: (sum, text).
inline std::shared_ptr<const Procedure> FindTestProcedure(std::string_view name) {
  auto procedure = std::make_shared<Procedure>();
  procedure->name = std::string(name);
  if (name == "test.labels") {
    procedure->outputs = {{"label", "STRING"}};
  } else if (name == "test.add") {
    procedure->inputs = {{"a", "INTEGER"}, {"b", "FLOAT"}};
    procedure->inputs_min = 2;
    procedure->outputs = {{"sum", "FLOAT"}, {"text", "STRING"}};
  } else if (name == "db.indexes") {
    procedure->outputs = {{"name", "STRING"}, {"label", "STRING"}};
  } else {
    return nullptr;
  }
  return procedure;
}

inline Result<std::shared_ptr<const Statement>> BindText(std::string_view text) {
  KB_ASSIGN(const auto statement, parse::Parse(text));
  const schema::Catalog catalog;
  Environment environment;
  environment.catalog = &catalog;
  environment.find_procedure = FindTestProcedure;
  return Bind(*statement, environment);
}

/// The bound statement; a failed test and an empty one if there is an error.
inline std::shared_ptr<const Statement> Bound(std::string_view text) {
  auto bound = BindText(text);
  if (!bound.ok()) {
    ADD_FAILURE() << bound.error().Format(text);
    return std::make_shared<Statement>();
  }
  return *bound;
}

/// The query of a statement that is one.
inline const Query& QueryOf(const Statement& statement) {
  return **std::get_if<std::shared_ptr<const Query>>(&statement.node);
}

/// Clause `index` of the first part, as T.
template <typename T>
const T& ClauseOf(const Statement& statement, std::size_t index) {
  return std::get<T>(QueryOf(statement).parts.at(0).clauses.at(index).node);
}

/// `marked` is a statement whose faulty part stands between « and ».
inline void ExpectError(std::string_view marked, ErrorCode code, std::string_view detail,
                        std::string_view hint = {}) {
  constexpr std::string_view kOpen = "«", kClose = "»";
  std::string text(marked);
  const std::size_t begin = text.find(kOpen);
  ASSERT_NE(begin, std::string::npos) << "no place is marked: " << marked;
  text.erase(begin, kOpen.size());
  const std::size_t end = text.find(kClose);
  text.erase(end, kClose.size());

  const auto bound = BindText(text);
  ASSERT_FALSE(bound.ok()) << text;
  const Error& error = bound.error();
  const std::string shown = error.Format(text);
  EXPECT_EQ(error.code(), code) << shown;
  EXPECT_EQ(error.detail(), detail) << shown;
  EXPECT_EQ(error.phase(), Phase::kCompile) << shown;
  EXPECT_EQ(error.span().begin, begin) << shown;
  EXPECT_EQ(error.span().end, end) << shown;
  if (!hint.empty()) {
    EXPECT_EQ(error.hint(), hint);
  }
}

inline void ExpectSyntax(std::string_view marked, std::string_view detail,
                         std::string_view hint = {}) {
  ExpectError(marked, ErrorCode::kSyntax, detail, hint);
}

}  // namespace kb::query::bind
