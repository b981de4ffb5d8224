// Evidence and time, measured: what statements, views and chains cost beside the plain present.
// Prints one line each; not part of the gate.
//
//   kb_evidence_bench [nodes]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
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
    Chains();
  }

 private:
  std::int64_t Ask(const std::string& text) {
    auto cursor = session_.Run(text);
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
    for (int i = 0; i < runs; ++i) {
      const auto start = Clock::now();
      Ask(text);
      const std::chrono::duration<double, std::milli> took = Clock::now() - start;
      best = std::min(best, took.count());
    }
    return best;
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
    const std::string point = "MATCH (n:Said {i: 4711}) RETURN n.v AS n";
    const std::int64_t before = Ask("RETURN datetime.realtime().epochMillis AS n");
    const std::string past =
        "FOR SYSTEM_TIME AS OF datetime({epochMillis: " + std::to_string(before) + "}) ";
    const std::int64_t changes = nodes_ / 2;
    Ask("MATCH (n:Said) WHERE n.i <= " + std::to_string(changes) + " SET n.w = n.i");
    const double present = Time(sum);
    const double derived = Once(past + sum);
    Say("the past behind half as many changes: derived", derived);
    std::printf("%-58s %10.3f us\n", "  of which each change", derived * 1000 / double(changes));
    Say("sum of the present", present);
    Compare("sum of the past, asked again", Time(past + sum), present);
    const double one = Time(point, 50);
    Say("a point question of the present", one);
    Compare("a point question of the past", Time(past + point, 50), one);
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
