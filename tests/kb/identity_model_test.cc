// Random histories of records and judgements beside a plain model: every view must show the
// clusters that brute force finds in the list of judgements, with their values and relationships.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "kb/kb.h"

namespace kb {
namespace {

constexpr int kSources = 3;

struct Record {
  bool alive = true;
  std::optional<std::int64_t> v;
};
struct Link {
  int from = 0, to = 0;
  std::int64_t w = 0;
  bool alive = true;
};
struct Verdict {
  bool same = false;
  int a = 0, b = 0;
  int source = -1;
  bool stands = true;
  std::int64_t id = 0;
};
struct Question {
  bool raw = false;
  std::vector<int> excluded;
  std::optional<std::size_t> moment;  ///< Which state of the past; none: now.
};

/// One state of knowledge; the model keeps all of them.
struct State {
  std::vector<Record> records;
  std::vector<Link> links;
  std::vector<Verdict> verdicts;

  /// The group of each record, by the verdicts that count.
  std::vector<int> Groups(const Question& question) const {
    std::vector<int> groups(records.size());
    for (std::size_t i = 0; i < groups.size(); ++i) groups[i] = static_cast<int>(i);
    if (question.raw) return groups;
    const auto counts = [&](const Verdict& verdict) {
      return verdict.stands && std::find(question.excluded.begin(), question.excluded.end(),
                                         verdict.source) == question.excluded.end();
    };
    for (const Verdict& verdict : verdicts) {
      if (!verdict.same || !counts(verdict)) continue;
      const int x = groups[static_cast<std::size_t>(verdict.a)];
      const int y = groups[static_cast<std::size_t>(verdict.b)];
      const bool apart = std::any_of(verdicts.begin(), verdicts.end(), [&](const Verdict& other) {
        if (other.same || !counts(other)) return false;
        const int u = groups[static_cast<std::size_t>(other.a)];
        const int w = groups[static_cast<std::size_t>(other.b)];
        return (u == x && w == y) || (u == y && w == x);
      });
      if (apart) continue;
      std::replace(groups.begin(), groups.end(), y, x);
    }
    return groups;
  }

  /// The record that a record appears as: the first that lives.
  int Head(const std::vector<int>& groups, int record) const {
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (records[i].alive && groups[i] == groups[static_cast<std::size_t>(record)]) {
        return static_cast<int>(i);
      }
    }
    return record;
  }

  std::vector<std::string> Answer(const Question& question) const {
    const std::vector<int> groups = Groups(question);
    std::vector<std::string> rows;
    for (std::size_t i = 0; i < records.size(); ++i) {
      const int record = static_cast<int>(i);
      if (!records[i].alive || Head(groups, record) != record) continue;
      std::optional<std::int64_t> v;
      std::string members;
      for (std::size_t m = 0; m < records.size(); ++m) {
        if (!records[m].alive || groups[m] != groups[i]) continue;
        if (!v) v = records[m].v;
        members += " " + std::to_string(m);
      }
      rows.push_back("node " + std::to_string(i) + " v " + (v ? std::to_string(*v) : "null") +
                     (question.raw ? "" : " of" + members));
    }
    for (const Link& link : links) {
      if (!link.alive) continue;
      rows.push_back("link " + std::to_string(Head(groups, link.from)) + " " +
                     std::to_string(Head(groups, link.to)) + " w " + std::to_string(link.w));
    }
    std::sort(rows.begin(), rows.end());
    return rows;
  }
};

class IdentityModelTest : public testing::TestWithParam<unsigned> {
 protected:
  void SetUp() override {
    database_ = std::make_unique<Database>(std::move(Database::InMemory()).value());
    session_ = std::make_unique<Session>(database_->NewSession());
    Run("CREATE INDEX FOR (n:N) ON (n.v)");
    for (int source = 0; source < kSources; ++source) {
      Run("CREATE (:Source {id: 's" + std::to_string(source) + "'})");
    }
  }

  std::vector<std::vector<Value>> Run(const std::string& text, bool may_fail = false,
                                      const Parameters& parameters = {}) {
    std::vector<std::vector<Value>> rows;
    auto cursor = session_->Run(text, parameters);
    failed_ = !cursor.ok();
    if (cursor.ok()) {
      while (cursor->Next()) rows.emplace_back(cursor->row().begin(), cursor->row().end());
      failed_ = !cursor->status().ok();
    }
    EXPECT_TRUE(may_fail || !failed_) << text << ", seed " << GetParam();
    return rows;
  }

  int Random(std::size_t below) {
    return static_cast<int>(std::uniform_int_distribution<std::size_t>(0, below - 1)(random_));
  }
  static std::string Id(int record) { return std::to_string(record); }

  /// A record that lives, as which others may appear.
  std::optional<int> Visible() {
    const std::vector<int> groups = now_.Groups({});
    std::vector<int> heads;
    for (std::size_t i = 0; i < now_.records.size(); ++i) {
      const int record = static_cast<int>(i);
      if (now_.records[i].alive && now_.Head(groups, record) == record) heads.push_back(record);
    }
    if (heads.empty()) return std::nullopt;
    return heads[static_cast<std::size_t>(Random(heads.size()))];
  }

  void Step() {
    const auto a = Visible();
    const auto b = Visible();
    const int what = Random(12);
    if (what < 3 || !a || !b) {
      now_.records.push_back({true, std::nullopt});
      const std::string id = Id(static_cast<int>(now_.records.size()) - 1);
      // Nodes of other labels have ids far away: age is not the order of ids.
      Run("CREATE (:N" + std::string(Random(2) == 0 ? ":M" : "") + " {id: " + id + "})");
    } else if (what == 3 || what == 4) {
      SetValue(*a, Random(3) == 0 ? std::nullopt : std::optional<std::int64_t>(Random(9)));
    } else if (what == 5 || what == 6) {
      now_.links.push_back({*a, *b, Random(100), true});
      Run("MATCH (a:N {id: " + Id(*a) + "}), (b:N {id: " + Id(*b) +
          "}) CREATE (a)-[:R {w: " + std::to_string(now_.links.back().w) + "}]->(b)");
    } else if (what == 7) {
      Withdraw();
    } else if (what == 8 && Random(3) == 0) {
      Delete(*a);
    } else {
      Judge(what != 9);
    }
  }

  void SetValue(int head, std::optional<std::int64_t> v) {
    Run("MATCH (n:N {id: " + Id(head) + "}) SET n.v = " + (v ? std::to_string(*v) : "null"));
    const std::vector<int> groups = now_.Groups({});
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const bool all = !v && groups[i] == groups[static_cast<std::size_t>(head)];
      if (all || static_cast<int>(i) == head) now_.records[i].v = v;
    }
  }

  void Delete(int head) {
    Run("MATCH (n:N {id: " + Id(head) + "}) DETACH DELETE n");
    const std::vector<int> groups = now_.Groups({});
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (groups[i] != groups[static_cast<std::size_t>(head)]) continue;
      now_.records[i].alive = false;
      for (Link& link : now_.links) {
        if (link.from == static_cast<int>(i) || link.to == static_cast<int>(i)) link.alive = false;
      }
    }
  }

  void Judge(bool same) {
    std::vector<int> living;
    for (std::size_t i = 0; i < now_.records.size(); ++i) {
      if (now_.records[i].alive) living.push_back(static_cast<int>(i));
    }
    Verdict verdict;
    verdict.same = same;
    verdict.a = living[static_cast<std::size_t>(Random(living.size()))];
    verdict.b = living[static_cast<std::size_t>(Random(living.size()))];
    if (verdict.a == verdict.b) return;
    verdict.source = Random(kSources + 1) - 1;
    const std::string source =
        verdict.source < 0 ? "" : " FROM SOURCE 's" + std::to_string(verdict.source) + "'";
    const std::vector<int> groups = now_.Groups({});
    const auto group = [&](int record) { return groups[static_cast<std::size_t>(record)]; };
    const bool refused =
        same && std::any_of(now_.verdicts.begin(), now_.verdicts.end(), [&](const Verdict& other) {
          return !other.same && other.stands &&
                 ((group(other.a) == group(verdict.a) && group(other.b) == group(verdict.b)) ||
                  (group(other.a) == group(verdict.b) && group(other.b) == group(verdict.a)));
        });
    Run("CALL { RAW MATCH (a:N {id: " + Id(verdict.a) + "}), (b:N {id: " + Id(verdict.b) +
            "}) RETURN a, b } ASSERT " + (same ? "SAME" : "DISTINCT") + " (a), (b) BECAUSE 'x'" +
            source,
        refused);
    EXPECT_EQ(failed_, refused) << "seed " << GetParam();
    if (failed_) return;
    verdict.id = Run("CALL kb.judgements() YIELD id RETURN max(id)")[0][0].integer();
    now_.verdicts.push_back(verdict);
  }

  void Withdraw() {
    std::vector<Verdict*> standing;
    for (Verdict& verdict : now_.verdicts) {
      if (verdict.stands) standing.push_back(&verdict);
    }
    if (standing.empty()) return;
    Verdict& verdict = *standing[static_cast<std::size_t>(Random(standing.size()))];
    Run("WITHDRAW JUDGEMENT " + std::to_string(verdict.id) + " BECAUSE 'wrong'");
    verdict.stands = false;
  }

  Question RandomQuestion() {
    Question question;
    question.raw = Random(4) == 0;
    if (Random(2) == 0) question.moment = static_cast<std::size_t>(Random(past_.size()));
    for (int source = 0; source < kSources; ++source) {
      if (Random(4) == 0) question.excluded.push_back(source);
    }
    return question;
  }

  void Compare(const Question& question) {
    std::string view = question.raw ? "RAW " : "";
    Parameters parameters;
    if (question.moment) {
      view += "FOR SYSTEM_TIME AS OF $t ";
      parameters.emplace_back("t", past_[*question.moment].first);
    }
    if (!question.excluded.empty()) {
      view += "EXCLUDING SOURCES [";
      for (const int source : question.excluded) {
        view += std::string(view.ends_with('[') ? "" : ", ") + "'s" + std::to_string(source) + "'";
      }
      view += "] ";
    }
    const State& state = question.moment ? past_[*question.moment].second : now_;
    std::vector<std::string> got;
    for (const auto& row :
         Run(view + "MATCH (n:N) RETURN n.id, n.v, [m IN cluster(n) | m.id]", false, parameters)) {
      std::string text = "node " + row[0].ToText() + " v " + row[1].ToText();
      if (!question.raw) {
        std::vector<std::int64_t> ids;
        for (const Value& id : row[2].list()) ids.push_back(id.integer());
        EXPECT_EQ(ids.front(), row[0].integer());
        EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
        text += " of";
        for (const std::int64_t id : ids) text += " " + std::to_string(id);
      }
      got.push_back(text);
    }
    for (const auto& row :
         Run(view + "MATCH (a)-[r:R]->(b) RETURN a.id, b.id, r.w", false, parameters)) {
      got.push_back("link " + row[0].ToText() + " " + row[1].ToText() + " w " + row[2].ToText());
    }
    std::sort(got.begin(), got.end());
    EXPECT_EQ(got, state.Answer(question)) << view << ", seed " << GetParam();
    CompareIndexAndCounts(view, parameters, state.Answer(question));
  }

  /// Counters and indexes of the view agree with what it shows.
  void CompareIndexAndCounts(const std::string& view, const Parameters& parameters,
                             const std::vector<std::string>& rows) {
    const auto links =
        std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row[0] == 'l'; });
    const std::int64_t nodes = static_cast<std::int64_t>(rows.size()) - links;
    EXPECT_EQ(Run(view + "MATCH (n:N) RETURN count(*)", false, parameters)[0][0].integer(), nodes);
    EXPECT_EQ(Run(view + "MATCH (:N)-[r:R]->() RETURN count(*)", false, parameters)[0][0].integer(),
              links);
    const std::int64_t v = Random(9);
    const auto wanted = std::count_if(rows.begin(), rows.end(), [&](const std::string& row) {
      return row.starts_with("node") &&
             (row + " ").find(" v " + std::to_string(v) + " ") != std::string::npos;
    });
    const auto found =
        Run(view + "MATCH (n:N {v: " + std::to_string(v) + "}) RETURN count(n)", false, parameters);
    EXPECT_EQ(found[0][0].integer(), wanted) << view << ", seed " << GetParam();
  }

  std::mt19937 random_{GetParam()};
  std::unique_ptr<Database> database_;
  std::unique_ptr<Session> session_;
  State now_;
  std::vector<std::pair<Value, State>> past_;
  bool failed_ = false;
};

TEST_P(IdentityModelTest, EveryViewShowsTheClustersOfTheList) {
  for (int step = 0; step < 80; ++step) {
    Step();
    past_.emplace_back(Run("RETURN datetime.realtime()")[0][0], now_);
    Compare({});
    if (step % 5 != 4) continue;
    for (int i = 0; i < 6; ++i) Compare(RandomQuestion());
    if (testing::Test::HasFailure()) return;
  }
  const auto check = database_->Check();
  ASSERT_TRUE(check.ok());
  EXPECT_TRUE(check->findings.empty()) << check->findings.front();
}

INSTANTIATE_TEST_SUITE_P(Seeds, IdentityModelTest, testing::Range(1u, 21u));

}  // namespace
}  // namespace kb
