// Evidence and time, measured: what statements, views and chains cost beside the plain present.
// Prints one line each; not part of the gate.
//
//   kb_evidence_bench [nodes]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "kb/kb.h"

namespace kb {
namespace {

using Clock = std::chrono::steady_clock;

class Bench {
 public:
  explicit Bench(std::int64_t nodes)
      : nodes_(nodes),
        database_(std::move(Database::InMemory()).value()),
        session_(database_.NewSession()) {}

  void Run() {
    Load();
    Sources();
    Past();
    Days();
    Chains();
  }

 private:
  std::int64_t Ask(const std::string& text, const Parameters& parameters = {}) {
    auto cursor = session_.Run(text, parameters);
    if (!cursor.ok()) {
      std::fprintf(stderr, "%s\n", cursor.error().Format(text).c_str());
      std::exit(1);
    }
    std::int64_t answer = 0;
    while (cursor->Next()) {
      if (!cursor->row().empty() && cursor->row()[0].is_integer())
        answer = cursor->row()[0].integer();
    }
    if (!cursor->status().ok()) {
      std::fprintf(stderr, "%s\n", cursor->status().error().Format(text).c_str());
      std::exit(1);
    }
    return answer;
  }
  /// Milliseconds, the best of some runs; the answer must be the same each time.
  double Time(const std::string& text, int runs = 7) {
    double best = 1e18;
    for (int i = 0; i < runs; ++i) best = std::min(best, Took([&] { Ask(text); }));
    return best;
  }
  static double Took(const std::function<void()>& work) {
    const auto start = Clock::now();
    work();
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  }
  double Once(const std::string& text) { return Time(text, 1); }

  static void Say(const char* what, double ms) { std::printf("%-58s %10.3f ms\n", what, ms); }
  static void Compare(const char* what, double ms, double beside) {
    std::printf("%-58s %10.3f ms  %6.2f x\n", what, ms, ms / beside);
  }

  /// The same nodes twice, without statements and with.
  void Load() {
    const std::string many = "UNWIND range(1, " + std::to_string(nodes_) + ") AS i ";
    const double plain = Once(many + "CREATE (:Plain {i: i, v: i % 1000})");
    Say("create without statements", plain);
    Compare("the same with statements",
            Once(many + "CREATE (:Said {i: i, v: i % 1000}) FROM SOURCE "
                        "'s' + toString(i % 1000) GRADE 'B2'"),
            plain);
    const double scan = Time("MATCH (n:Plain) RETURN sum(n.v) AS n");
    Say("sum of a property without statements", scan);
    Compare("the same with statements", Time("MATCH (n:Said) RETURN sum(n.v) AS n"), scan);
    Ask("CREATE INDEX FOR (n:Said) ON (n.i)");
    Ask("MATCH (n:Said {i: 1}) RETURN count(n) AS n");
  }

  void Sources() {
    const std::string sum = "MATCH (n:Said) RETURN sum(n.v) AS n";
    const double present = Time(sum);
    const std::string one = "EXCLUDING SOURCES ['s7'] ";
    Say("without one source of 1000: derived", Once(one + sum));
    Compare("  and asked again", Time(one + sum), present);
    const std::string only = "ONLY SOURCES ['s7'] ";
    Say("with one source alone: derived", Once(only + sum));
    Compare("  and asked again", Time(only + sum), present);
    Say("a statement of a new source", Once("MATCH (n:Said {i: 5}) SET n.v = 5 FROM SOURCE 'new'"));
    Say("all contradictions decided by another rule", Once("CALL kb.setRule(['grade'])"));
  }

  void Past() {
    const std::string sum = "MATCH (n:Said) RETURN sum(n.v) AS n";
    const std::int64_t before = Now();
    const std::int64_t changes = nodes_ / 2;
    Ask("MATCH (n:Said) WHERE n.i <= " + std::to_string(changes) + " SET n.w = n.i, n.v = n.v + 1");
    const double present = Time(sum);
    const auto ask = [&](std::int64_t time) { return AskAt(sum, time, 1); };
    const double first = Took([&] { ask(before); });
    Say("sum of the past behind as many changes: the first question", first);
    std::printf("%-58s %10.3f us\n", "  of which each change", first * 1000 / double(nodes_));
    Say("sum of the present", present);
    double again = 1e18;
    for (int i = 0; i < 7; ++i) again = std::min(again, Took([&] { ask(before); }));
    Compare("sum of the past, asked again", again, present);
  }

  /// Questions about a few nodes, about another day each time, behind ever more changes.
  void Days() {
    const std::string n = std::to_string(nodes_);
    Ask("UNWIND range(1, " + n + ") AS i CREATE (:Dot {i: i, v: i % 1000})");
    Ask("CREATE INDEX FOR (n:Dot) ON (n.i)");
    Ask("UNWIND range(1, " + n + ") AS i MATCH (a:Dot {i: i}), (b:Dot {i: i * 7919 % " + n +
        " + 1}) CREATE (a)-[:NEXT]->(b)");
    const std::string part = std::to_string(nodes_ / 50);
    Behind("values all over", [&](int round) {
      return "MATCH (n:Dot) WHERE n.i % 50 = " + std::to_string(round % 50) + " SET n.v = n.v + 1";
    });
    Behind("values of the node itself", [&](int) {
      return "UNWIND range(1, " + part + ") AS k MATCH (n:Dot {i: 4711}) SET n.v = k";
    });
    Behind("labels all over", [&](int round) {
      return "MATCH (n:Dot) WHERE n.i % 50 = " + std::to_string(round % 50) +
             (round / 50 % 2 == 0 ? " SET n:Hot" : " REMOVE n:Hot");
    });
    Behind("relationships all over", [&](int round) {
      return "MATCH (n:Dot)-[r:NEXT]->(m) WHERE n.i % 50 = " + std::to_string(round % 50) +
             " DELETE r CREATE (n)-[:NEXT]->(m)";
    });
  }

  void Behind(const std::string& what, const std::function<std::string(int)>& change) {
    const std::vector<std::pair<const char*, std::string>> questions = {
        {"a node", "MATCH (n:Dot {i: $i}) RETURN n.v AS n"},
        {"a step", "MATCH (n:Dot {i: $i})-[:NEXT]->(m) RETURN m.v AS n"}};
    std::vector<std::int64_t> days;
    for (const int until : {25, 50, 200}) {
      for (auto round = static_cast<int>(days.size()); round < until; ++round) {
        days.push_back(Now());
        Ask(change(round));
      }
      std::printf("%s, %.1f changes a node\n", what.c_str(), until / 50.0);
      for (const auto& named : questions) {
        const std::string& question = named.second;
        const double present = Mean(question, {});
        Say((std::string("  ") + named.first + " at present").c_str(), present);
        // What changed is listed, and what was kept of the states before it is dropped.
        const double first = Took([&] {
          for (std::size_t i = 0; i < 9; ++i) AskAt(question, days[days.size() - 1 - i], 4711);
        });
        Compare("  at other times, the first nine after the changes", first, present);
        Compare("  at another time each time", Mean(question, days), present);
      }
    }
  }

  std::int64_t Now() { return Ask("RETURN datetime.realtime().epochMillis AS n") * 1000 + 999; }

  std::int64_t AskAt(const std::string& text, std::int64_t micros, std::int64_t node) {
    const auto nanos = static_cast<std::int32_t>(micros % 1'000'000 * 1000);
    return Ask("FOR SYSTEM_TIME AS OF $t " + text,
               {{"t", Value::Of(schema::DateTime{micros / 1'000'000, nanos, 0, {}})},
                {"i", Value::Integer(node)}});
  }
  /// Milliseconds a question, about the present or one day after the other; the nodes lie apart.
  double Mean(const std::string& text, const std::vector<std::int64_t>& days) {
    constexpr std::int64_t kQuestions = 400;
    const double took = Took([&] {
      for (std::int64_t i = 0; i < kQuestions; ++i) {
        const std::int64_t node = i % 4 == 0 ? 4711 : i * 104'729 % nodes_ + 1;
        if (days.empty()) {
          Ask(text, {{"i", Value::Integer(node)}});
        } else {
          AskAt(text, days[static_cast<std::size_t>(i) % days.size()], node);
        }
      }
    });
    return took / kQuestions;
  }

  /// Dates at random, so that few long walks are in order.
  void Chains() {
    const std::string events = std::to_string(nodes_ / 50);
    Ask("UNWIND range(0, " + events +
        " - 1) AS i CREATE (:Event {i: i, date: date('2018-01-01') + "
        "duration({days: (i * 7919) % 1000})})");
    Ask("CREATE INDEX FOR (e:Event) ON (e.i)");
    Ask("UNWIND range(0, " + events + " * 3 - 1) AS k MATCH (a:Event {i: k % " + events +
        "}), (b:Event {i: (k * 104729 + 31) % " + events +
        "}) CREATE (a)-[:THEN {date: date('2018-01-01') + duration({days: (k * 31337) % 1000})}]->"
        "(b)");
    for (const char* hops : {"2", "4", "6"}) {
      const std::string pattern = "(a:Event)-[r:THEN]->{" + std::string(hops) + "}(b) ";
      const double plain = Time("MATCH " + pattern + "RETURN count(r) AS n", 3);
      Say(("walks of " + std::string(hops) + " steps, expanded").c_str(), plain);
      for (const bool over_nodes : {true, false}) {
        const std::string by = over_nodes ? "NODES" : "RELATIONSHIPS";
        const std::string list = over_nodes ? "nodes(p)" : "relationships(p)";
        const std::string chain =
            "MATCH p = CHRONOLOGICAL BY " + by + " date " + pattern + "RETURN count(p) AS n";
        const std::string filter = "MATCH p = " + pattern + "WHERE all(i IN range(0, size(" + list +
                                   ") - 2) WHERE " + list + "[i].date <= " + list +
                                   "[i + 1].date) RETURN count(p) AS n";
        if (Ask(chain) != Ask(filter)) std::exit(2);
        Compare(("  in order by " + by).c_str(), Time(chain, 3), plain);
        Compare("  enumerated and filtered", Time(filter, 1), plain);
      }
    }
  }

  const std::int64_t nodes_;
  Database database_;
  Session session_;
};

}  // namespace
}  // namespace kb

int main(int argc, char** argv) {
  const long nodes = argc > 1 ? std::atol(argv[1]) : 200'000;
  kb::Bench(std::max(1000L, nodes)).Run();
  return 0;
}
