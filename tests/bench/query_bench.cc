// Parsing and planning, beside what they cannot be cheaper than. Not part of the gate.
//
// The limit of parsing is a PEGTL grammar without actions that matches the same statement: it
// builds nothing. The limit of a repeated statement is finding its plan in the cache.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "kb/kb.h"
#include "query/engine.h"
#include "query/parse/parser.h"
#include "query/parse/tokens.h"
#include "storage/store.h"

namespace kb::query {
namespace {

/// 200 characters, as people write them.
constexpr std::string_view kStatement =
    "MATCH (e:Event)-[x:FACILITY {effect: 'closed'}]->(f:Facility)-[:LOCATED_IN]->(c:Place)\n"
    "WHERE e.year >= 2016 AND c.name STARTS WITH 'San' AND x.note IS NOT NULL\n"
    "RETURN f.name AS name, count(e) AS n";

namespace grammar {

using namespace tao::pegtl;  // NOLINT: a grammar reads like one
namespace tokens = parse::tokens;

template <typename Rule>
struct token : seq<tokens::space, Rule> {};
template <char... Letters>
struct word : token<seq<istring<Letters...>, not_at<tokens::name_rest>>> {};
template <char... Symbols>
struct symbol : token<string<Symbols...>> {};
struct reserved
    : sor<word<'W', 'H', 'E', 'R', 'E'>, word<'R', 'E', 'T', 'U', 'R', 'N'>, word<'A', 'S'>,
          word<'A', 'N', 'D'>, word<'O', 'R'>, word<'M', 'A', 'T', 'C', 'H'>, word<'I', 'S'>,
          word<'S', 'T', 'A', 'R', 'T', 'S'>> {};
struct key : token<sor<tokens::plain_name, tokens::quoted_name>> {};
struct variable : seq<not_at<reserved>, key> {};
struct expression;
struct map
    : seq<symbol<'{'>, opt<list<seq<key, symbol<':'>, expression>, symbol<','>>>, symbol<'}'>> {};
struct call : seq<key, symbol<'('>, opt<list<expression, symbol<','>>>, symbol<')'>> {};
struct atom
    : sor<token<tokens::float_number>, token<tokens::integer_number>, token<tokens::string_text>,
          seq<symbol<'('>, expression, symbol<')'>>, map, call, variable> {};
struct operand : seq<atom, star<symbol<'.'>, key>,
                     star<word<'I', 'S'>, opt<word<'N', 'O', 'T'>>, word<'N', 'U', 'L', 'L'>>> {};
struct binary : sor<word<'A', 'N', 'D'>, word<'O', 'R'>,
                    seq<word<'S', 'T', 'A', 'R', 'T', 'S'>, word<'W', 'I', 'T', 'H'>>,
                    symbol<'>', '='>, symbol<'<', '='>, symbol<'<', '>'>, symbol<'='>, symbol<'<'>,
                    symbol<'>'>, symbol<'+'>, symbol<'-'>, symbol<'*'>, symbol<'/'>> {};
struct expression : list<operand, binary> {};
struct body : seq<opt<variable>, opt<symbol<':'>, key>, opt<map>> {};
struct node : seq<symbol<'('>, body, symbol<')'>> {};
struct relationship : seq<opt<symbol<'<'>>, symbol<'-'>, opt<symbol<'['>, body, symbol<']'>>,
                          symbol<'-'>, opt<symbol<'>'>>> {};
struct path : list<node, relationship> {};
struct where : seq<word<'W', 'H', 'E', 'R', 'E'>, expression> {};
struct match_clause : seq<word<'M', 'A', 'T', 'C', 'H'>, list<path, symbol<','>>, opt<where>> {};
struct item : seq<expression, opt<word<'A', 'S'>, key>> {};
struct result : seq<word<'R', 'E', 'T', 'U', 'R', 'N'>, list<item, symbol<','>>> {};
struct statement : seq<plus<match_clause>, result, tokens::space, eof> {};

}  // namespace grammar

void MatchBare(benchmark::State& state) {
  for (auto _ : state) {
    tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy> input(kStatement.data(),
                                                                    kStatement.size(), "");
    if (!tao::pegtl::parse<grammar::statement>(input)) state.SkipWithError("does not match");
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
