// Statements against a store in memory, asked of engines each of which leaves one pass of the
// optimiser out.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "query/optimize/passes.h"
#include "tests/query/exec/ask.h"

namespace kb::query {

class EachPass : public Asking {
 protected:
  int Pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  bool Chance(int percent) { return Pick(100) < percent; }

  /// An engine with all passes, and one without each.
  struct Engines {
    Engines() {
      left_out.emplace_back("none");
      all.push_back(std::make_unique<Engine>(EngineOptions{{}, 0}));
      for (const auto& pass : optimize::Passes()) {
        left_out.emplace_back(pass.name);
        all.push_back(std::make_unique<Engine>(EngineOptions{{std::string(pass.name)}, 0}));
      }
    }
    std::vector<std::string> left_out;
    std::vector<std::unique_ptr<Engine>> all;
  };

  std::vector<std::string> Ask(Engine& engine, const std::string& text, const storage::View& view,
                               const ParameterList& parameters = {}) {
    const auto prepared = engine.Prepare(text, view);
    if (!prepared.ok()) return {prepared.error().Format(text)};
    std::vector<std::string> rows;
    const auto outcome =
        Drain(engine, *prepared, {view, nullptr, &parameters, &cancellation_}, &rows);
    if (!outcome.ok()) return {outcome.error().Format(text)};
    return rows;
  }

  std::mt19937 random_{20240521};
};

}  // namespace kb::query
