// Parsing and planning, beside what they cannot be cheaper than. Not part of the gate.
//
// The limit of parsing is the language as a PEGTL grammar without actions (bare_grammar.h). The
// limit of a repeated statement is finding its plan in the cache.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "kb/kb.h"
#include "query/engine.h"
#include "query/parse/parser.h"
#include "storage/store.h"
#include "tests/bench/bare_grammar.h"

namespace kb::query {
namespace {

/// 200 characters, as people write them.
constexpr std::string_view kStatement =
    "MATCH (e:Event)-[x:FACILITY {effect: 'closed'}]->(f:Facility)-[:LOCATED_IN]->(c:Place)\n"
    "WHERE e.year >= 2016 AND c.name STARTS WITH 'San' AND x.note IS NOT NULL\n"
    "RETURN f.name AS name, count(e) AS n";

void MatchBare(benchmark::State& state) {
  for (auto _ : state) {
    tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy> input(kStatement.data(),
                                                                    kStatement.size(), "");
    if (!tao::pegtl::parse<bare::statement>(input)) state.SkipWithError("does not match");
  }
}
BENCHMARK(MatchBare);

void Parse(benchmark::State& state) {
  for (auto _ : state) {
    auto parsed = parse::Parse(kStatement);
    if (!parsed.ok()) state.SkipWithError("does not parse");
    benchmark::DoNotOptimize(parsed);
  }
}
BENCHMARK(Parse);

/// A case in which the statement finds something, so that its plan does not rest on emptiness.
Database SomeEvents() {
  Database database = std::move(Database::InMemory()).value();
  Session session = database.NewSession();
  const auto made = session.Run(
      "CREATE (:Event {year: 2017})-[:FACILITY {effect: 'closed', note: 'n'}]->"
      "(:Facility {name: 'f'})-[:LOCATED_IN]->(:Place {name: 'San Francisco'})");
  if (!made.ok()) std::abort();
  return database;
}

void Plan(benchmark::State& state, const EngineOptions& options) {
  Database database = SomeEvents();
  const storage::View view = database.store().Present();
  Engine engine(options);
  for (auto _ : state) {
    auto prepared = engine.Prepare(kStatement, view);
    if (!prepared.ok()) state.SkipWithError("cannot be planned");
    benchmark::DoNotOptimize(prepared);
  }
}

void PlanAnew(benchmark::State& state) {
  EngineOptions options;
  options.plan_cache_entries = 0;
  Plan(state, options);
}
BENCHMARK(PlanAnew);

void PlanFromCache(benchmark::State& state) { Plan(state, {}); }
BENCHMARK(PlanFromCache);

}  // namespace
}  // namespace kb::query

BENCHMARK_MAIN();
