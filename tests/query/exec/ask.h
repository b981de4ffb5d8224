// Statements against a store in memory, for tests of execution: text in, rows as text out.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "query/engine.h"
#include "storage/store.h"

namespace kb::query {

class Asking : public testing::Test {
 protected:
  /// Rows as "a | b", in the order in which they came; one line of an error's type and detail.
  std::vector<std::string> Rows(std::string_view text, const ParameterList& parameters = {}) {
    return RowsOf(engine_, text, parameters);
  }
  std::vector<std::string> RowsOf(Engine& engine, std::string_view text,
                                  const ParameterList& parameters = {}) {
    std::vector<std::string> rows;
    const auto outcome = Run(engine, text, parameters, &rows);
    if (!outcome.ok()) return {Line(outcome.error())};
    return rows;
  }
  std::vector<std::string> Sorted(std::string_view text) {
    auto rows = Rows(text);
    std::sort(rows.begin(), rows.end());
    return rows;
  }
  std::string One(std::string_view text, const ParameterList& parameters = {}) {
    const auto rows = Rows(text, parameters);
    return rows.size() == 1 ? rows[0] : std::to_string(rows.size()) + " rows";
  }
  void Do(std::string_view text) {
    std::vector<std::string> rows;
    const auto outcome = Run(engine_, text, {}, &rows);
    ASSERT_TRUE(outcome.ok()) << text << "\n" << outcome.error().Format(text);
  }

  static std::string Line(const Error& error) {
    return std::string(TypeName(error.code())) + " " + error.detail();
  }

  Result<void> Run(Engine& engine, std::string_view text, const ParameterList& parameters,
                   std::vector<std::string>* rows) {
    KB_ASSIGN(const auto prepared, engine.Prepare(text, store_->Present()));
    if (prepared->kind == StatementKind::kRead) {
      return Drain(engine, prepared, {store_->Present(), nullptr, &parameters, &cancellation_},
                   rows);
    }
    KB_ASSIGN(const auto transaction, store_->Begin());
    if (prepared->kind == StatementKind::kSchema) {
      KB_TRY(engine.RunSchema(*prepared, *transaction));
    } else {
      KB_TRY(Drain(engine, prepared,
                   {transaction->view(), transaction.get(), &parameters, &cancellation_}, rows));
    }
    counters_ = transaction->counters();
    return transaction->Commit();
  }

  static Result<void> Drain(Engine& engine, const std::shared_ptr<const Prepared>& prepared,
                            RunContext context, std::vector<std::string>* lines) {
    KB_ASSIGN(const auto stream, engine.Start(prepared, std::move(context)));
    std::vector<std::vector<Value>> rows;
    while (true) {
      KB_ASSIGN(const bool more, stream->Next(&rows));
      if (!more) return {};
      for (const auto& row : rows) {
        std::string line;
        for (const auto& value : row) line += (line.empty() ? "" : " | ") + value.ToText();
        lines->push_back(line);
      }
    }
  }

  std::unique_ptr<storage::Store> store_ = storage::Store::InMemory();
  Engine engine_;
  Cancellation cancellation_;
  storage::Counters counters_;
};

using Lines = std::vector<std::string>;

}  // namespace kb::query
