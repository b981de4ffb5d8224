// Parsing and planning, beside what they cannot be cheaper than. Not part of the gate.
//
// The limit of parsing is the language as a PEGTL grammar without actions (bare::statement). The
// limit of a repeated statement is finding its plan in the cache.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "kb/kb.h"
#include "query/engine.h"
#include "query/parse/parser.h"
#include "query/parse/tokens.h"
#include "storage/store.h"

// The language as a bare PEGTL grammar: it matches what the parser reads and builds nothing, which
// makes it the limit that parsing is measured against. It knows the clauses, patterns and
// expressions of query/parse with all their alternatives; commands on the schema are left out, and
// errors need no place and no words.
namespace kb::query::bare {

using namespace tao::pegtl;  // NOLINT: a grammar reads like one
namespace tokens = parse::tokens;

template <typename Rule>
struct token : seq<tokens::space, Rule> {};
template <typename Letters>
struct word : token<seq<Letters, not_at<tokens::name_rest>>> {};
template <char... Symbols>
struct symbol : token<string<Symbols...>> {};
template <typename Item>
struct commas : list<Item, symbol<','>> {};

#define KB_WORD(name) TAO_PEGTL_ISTRING(name)
struct w_and : word<KB_WORD("AND")> {};
struct w_as : word<KB_WORD("AS")> {};
struct w_by : word<KB_WORD("BY")> {};
struct w_call : word<KB_WORD("CALL")> {};
struct w_case : word<KB_WORD("CASE")> {};
struct w_create : word<KB_WORD("CREATE")> {};
struct w_delete : word<KB_WORD("DELETE")> {};
struct w_detach : word<KB_WORD("DETACH")> {};
struct w_distinct : word<KB_WORD("DISTINCT")> {};
struct w_else : word<KB_WORD("ELSE")> {};
struct w_end : word<KB_WORD("END")> {};
struct w_ends : word<KB_WORD("ENDS")> {};
struct w_false : word<KB_WORD("FALSE")> {};
struct w_in : word<KB_WORD("IN")> {};
struct w_is : word<KB_WORD("IS")> {};
struct w_limit : word<KB_WORD("LIMIT")> {};
struct w_match : word<KB_WORD("MATCH")> {};
struct w_merge : word<KB_WORD("MERGE")> {};
struct w_not : word<KB_WORD("NOT")> {};
struct w_null : word<KB_WORD("NULL")> {};
struct w_on : word<KB_WORD("ON")> {};
struct w_optional : word<KB_WORD("OPTIONAL")> {};
struct w_or : word<KB_WORD("OR")> {};
struct w_order : word<KB_WORD("ORDER")> {};
struct w_remove : word<KB_WORD("REMOVE")> {};
struct w_return : word<KB_WORD("RETURN")> {};
struct w_set : word<KB_WORD("SET")> {};
struct w_skip : word<KB_WORD("SKIP")> {};
struct w_starts : word<KB_WORD("STARTS")> {};
struct w_then : word<KB_WORD("THEN")> {};
struct w_true : word<KB_WORD("TRUE")> {};
struct w_union : word<KB_WORD("UNION")> {};
struct w_unwind : word<KB_WORD("UNWIND")> {};
struct w_when : word<KB_WORD("WHEN")> {};
struct w_where : word<KB_WORD("WHERE")> {};
struct w_with : word<KB_WORD("WITH")> {};
struct w_xor : word<KB_WORD("XOR")> {};
#undef KB_WORD

struct reserved : sor<w_and, w_as, w_call, w_case, w_create, w_delete, w_detach, w_distinct, w_else,
                      w_ends, w_false, w_in, w_is, w_limit, w_match, w_merge, w_not, w_null,
                      w_optional, w_or, w_order, w_remove, w_return, w_set, w_skip, w_starts,
                      w_then, w_true, w_union, w_unwind, w_when, w_where, w_with, w_xor> {};
struct key : token<sor<tokens::plain_name, tokens::quoted_name>> {};
struct variable : seq<not_at<reserved>, key> {};

// --- Expressions
// ----------------------------------------------------------------------------------
struct expression;
struct query;
struct path;
struct where : seq<w_where, expression> {};
struct label_or;
struct label_atom
    : seq<star<symbol<'!'>>, sor<symbol<'%'>, seq<symbol<'('>, label_or, symbol<')'>>, key>> {};
struct label_or : list<label_atom, sor<symbol<'&'>, symbol<'|'>>> {};
struct labels : seq<sor<symbol<':'>, w_is>, list<label_or, symbol<':'>>> {};
struct parameter : seq<symbol<'$'>, sor<plus<digit>, key>> {};
struct map : seq<symbol<'{'>, opt<commas<seq<key, symbol<':'>, expression>>>, symbol<'}'>> {};
struct projection_item
    : sor<seq<symbol<'.'>, sor<symbol<'*'>, key>>, seq<key, opt<symbol<':'>, expression>>> {};
struct map_projection : seq<symbol<'{'>, opt<commas<projection_item>>, symbol<'}'>> {};
struct subquery : seq<symbol<'{'>, sor<query, seq<path, opt<where>>>, symbol<'}'>> {};
struct arguments : seq<symbol<'('>, opt<w_distinct>,
                       opt<sor<symbol<'*'>, seq<variable, w_in, expression, opt<where>>,
                               seq<variable, symbol<'='>, expression, symbol<','>, variable, w_in,
                                   expression, symbol<'|'>, expression>,
                               commas<expression>>>,
                       symbol<')'>> {};
struct named : seq<variable,
                   sor<seq<star<symbol<'.'>, key>, arguments>, map_projection, subquery, success>> {
};
struct brackets : seq<symbol<'['>, sor<symbol<']'>,
                                       seq<opt<variable, symbol<'='>>, path, opt<where>,
                                           symbol<'|'>, expression, symbol<']'>>,
                                       seq<variable, w_in, expression, opt<where>,
                                           opt<symbol<'|'>, expression>, symbol<']'>>,
                                       seq<commas<expression>, symbol<']'>>>> {};
struct when : seq<w_when, expression, w_then, expression> {};
struct case_of
    : seq<w_case, opt<not_at<w_when>, expression>, plus<when>, opt<w_else, expression>, w_end> {};
struct atom : sor<seq<path, at<success>>, seq<symbol<'('>, expression, symbol<')'>>, brackets, map,
                  parameter, token<tokens::string_text>, token<tokens::float_number>,
                  token<tokens::integer_number>, w_null, w_true, w_false, case_of, named> {};
struct subscript
    : seq<symbol<'['>, opt<expression>, opt<symbol<'.', '.'>, opt<expression>>, symbol<']'>> {};
struct suffix : sor<seq<not_at<symbol<'.', '.'>>, symbol<'.'>, key>, subscript,
                    seq<not_at<symbol<':', ':'>>, symbol<':'>, list<label_or, symbol<':'>>>> {};
struct operand : seq<star<sor<w_not, symbol<'-'>, symbol<'+'>>>, atom, star<suffix>,
                     star<w_is, opt<w_not>, w_null>> {};
struct binary : sor<w_or, w_xor, w_and, symbol<'=', '~'>, symbol<'<', '>'>, symbol<'<', '='>,
                    symbol<'>', '='>, symbol<'='>, symbol<'<'>, symbol<'>'>, w_in,
                    seq<w_starts, w_with>, seq<w_ends, w_with>, symbol<'|', '|'>, symbol<'+'>,
                    symbol<'-'>, symbol<'*'>, symbol<'/'>, symbol<'%'>, symbol<'^'>> {};
struct expression : list<operand, binary> {};

// --- Patterns
// -------------------------------------------------------------------------------------
struct properties : sor<map, parameter> {};
struct range
    : seq<symbol<'*'>, opt<token<plus<digit>>>, opt<symbol<'.', '.'>, opt<token<plus<digit>>>>> {};
struct quantifier : sor<symbol<'+'>, symbol<'*'>,
                        seq<symbol<'{'>, opt<token<plus<digit>>>,
                            opt<symbol<','>, opt<token<plus<digit>>>>, symbol<'}'>>> {};
struct node
    : seq<symbol<'('>, opt<variable>, opt<labels>, opt<properties>, opt<where>, symbol<')'>> {};
struct relationship : seq<opt<symbol<'<'>>, symbol<'-'>,
                          opt<symbol<'['>, opt<variable>, opt<labels>, opt<range>, opt<properties>,
                              opt<where>, symbol<']'>>,
                          symbol<'-'>, opt<symbol<'>'>>, opt<quantifier>> {};
struct path : seq<node, plus<relationship, node>> {};
struct part
    : seq<opt<variable, symbol<'='>>, sor<path, node, seq<key, symbol<'('>, path, symbol<')'>>>> {};

// --- Clauses
// --------------------------------------------------------------------------------------
struct items : seq<opt<w_distinct>,
                   sor<seq<symbol<'*'>, opt<symbol<','>, commas<seq<expression, opt<w_as, key>>>>>,
                       commas<seq<expression, opt<w_as, key>>>>,
                   opt<w_order, w_by, commas<expression>>, opt<w_skip, expression>,
                   opt<w_limit, expression>> {};
struct set_item : sor<seq<variable, sor<labels, seq<opt<symbol<'+'>>, symbol<'='>, expression>>>,
                      seq<atom, star<suffix>, symbol<'='>, expression>> {};
struct clause : sor<seq<opt<w_optional>, w_match, commas<part>, opt<where>>,
                    seq<w_unwind, expression, w_as, variable>, seq<w_with, items, opt<where>>,
                    seq<w_return, items>, seq<w_create, commas<part>>,
                    seq<w_merge, part, star<w_on, sor<w_create, w_match>, w_set, commas<set_item>>>,
                    seq<w_set, commas<set_item>>, seq<w_remove, commas<expression>>,
                    seq<opt<w_detach>, w_delete, commas<expression>>,
                    seq<w_call, sor<seq<symbol<'{'>, query, symbol<'}'>>,
                                    seq<list<key, symbol<'.'>>, opt<arguments>>>>> {};
struct query : list<plus<clause>, w_union> {};
struct statement : seq<query, opt<symbol<';'>>, tokens::space, eof> {};

}  // namespace kb::query::bare

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
