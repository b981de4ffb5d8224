// The first rows of an order, which a sort finds without reading all of each row, against the whole
// order cut off.
#include <random>

#include "query/optimize/passes.h"
#include "tests/query/exec/ask.h"

namespace kb::query {
namespace {

class SortTest : public Asking {
 protected:
  int Pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

  /// Values of t: integers, and with `others` some of other kinds or none.
  std::string ValueOfT(bool others) {
    static const char* const kOthers[] = {"'x'", "1.5", "null", "true"};
    return others && Pick(3) == 0 ? kOthers[Pick(4)] : std::to_string(Pick(40));
  }

  void MakeGraph(bool others, int hubs) {
    store_ = storage::Store::InMemory();
    std::string list;
    for (int i = 0; i < 60; ++i) list += (i == 0 ? "" : ", ") + ValueOfT(others);
    Do("UNWIND range(0, " + std::to_string(hubs - 1) + ") AS i CREATE (:H {i: i})");
    Do("WITH [" + list +
       "] AS ts MATCH (h:H) UNWIND range(0, 299) AS j "
       "CREATE (h)-[:R {t: ts[(j * 7 + h.i * 13) % 60]}]->"
       "(:M {j: j, t: ts[(j * 11 + h.i) % 60]})");
  }

  std::mt19937 random_{11};
};

const std::vector<std::string> kOrders = {
    "MATCH (h:H)-[r:R]->(m:M) WHERE m.j > 20 "
    "RETURN h.i AS i, m.j AS j, r.t AS t ORDER BY t DESC, j, i",
    "MATCH (h:H)-[r:R]->(m:M) WHERE m.j > 20 "
    "RETURN h.i AS i, m.j AS j, m.t AS t ORDER BY t, j DESC, i",
    "MATCH (h:H)-[r:R]->(m:M) WHERE r.t >= 2 AND m.j % 3 = 0 RETURN h.i AS i, m.j AS j "
    "ORDER BY m.j, h.i DESC, r.t",
    "MATCH (h:H)-[r:R]->(m:M) WHERE m.j < 250 MATCH (m)<-[:R]-(o) "
    "RETURN o.i AS i, m.j AS j, m.t AS t ORDER BY t DESC, i, j",
    "MATCH (m:M) RETURN m.t AS t, m.j AS j ORDER BY t DESC, j",
    "MATCH (h:H)-[r:R]->(m:M) WHERE m.j <> 7 WITH m.t AS h, h.i AS m, m.j AS j "
    "RETURN h, m, j ORDER BY h, j, m",
    "MATCH (h:H) OPTIONAL MATCH (h)-[r:R]->(m:M) WHERE m.j < 3 "
    "RETURN h.i AS i, r.t AS t, m.j AS j ORDER BY t DESC, i, j",
    "MATCH (h:H)-[r:R]->(m:M) RETURN m.j AS j, count(r.t) AS n, min(h.i) AS i ORDER BY n DESC, j",
};

TEST_F(SortTest, TheFirstRowsAreThoseOfTheWholeOrder) {
  std::vector<std::string> optional;
  for (const auto& pass : optimize::Passes()) optional.emplace_back(pass.name);
  Engine plain(EngineOptions{optional, 0});
  for (int round = 0; round < 6; ++round) {
    MakeGraph(round % 2 == 1, round < 4 ? 3 : 20);
    for (const auto& text : kOrders) {
      const Lines whole = RowsOf(plain, text);
      for (const auto& [skip, limit] : {std::pair(0, 1), {0, 10}, {3, 40}, {0, 700}, {5, 3000}}) {
        const auto begin = std::min<std::size_t>(static_cast<std::size_t>(skip), whole.size());
        const auto end = std::min(begin + static_cast<std::size_t>(limit), whole.size());
        const Lines expected(whole.begin() + static_cast<std::ptrdiff_t>(begin),
                             whole.begin() + static_cast<std::ptrdiff_t>(end));
        const std::string first =
            text + " SKIP " + std::to_string(skip) + " LIMIT " + std::to_string(limit);
        EXPECT_EQ(Rows(first), expected) << first;
      }
    }
  }
}

TEST_F(SortTest, RowsAreSortedForEachRowOfASubquery) {
  MakeGraph(false, 4);
  const std::string text =
      "MATCH (h:H) CALL (h) { MATCH (h)-[r:R]->(m:M) WHERE m.j > 5 "
      "RETURN m.t AS t, m.j AS j ORDER BY t DESC, j LIMIT 2 } RETURN h.i AS i, t, j ORDER BY i, t, "
      "j";
  Engine plain(EngineOptions{{"push_down_limit"}, 0});
  EXPECT_EQ(Rows(text), RowsOf(plain, text));
  EXPECT_EQ(Rows(text).size(), 8u);
}

}  // namespace
}  // namespace kb::query
