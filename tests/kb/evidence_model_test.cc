// Random histories beside a plain list of what was said when: every question about the past, about
// fewer sources and about a valid time must have the answer that reading the list gives.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "kb/kb.h"
#include "schema/edtf.h"

namespace kb {
namespace {

constexpr int kNodes = 6;
constexpr int kSources = 4;
constexpr int kYearFirst = 1980;

/// One thing that was said: of a node, that it is there (no value) or that its `v` has a value.
struct Said {
  int node = 0;
  bool of_value = false;
  std::optional<std::int64_t> value;
  int source = -1;  ///< -1: the writer's own assertion.
  int grade = 0;    ///< 0 is the best.
  int year = 0;     ///< Valid in this year only; 0: always.
  std::int64_t recorded = 0;
  std::int64_t withdrawn = 0;
  std::int64_t id = 0;  ///< Of the statement.
};

struct Question {
  std::int64_t time = 0;  ///< 0: now.
  std::vector<int> sources;
  bool excluding = false, only = false;
  int year = 0;
};

/// By what one of several is chosen, since when.
struct Ruled {
  std::vector<std::string> criteria;
  std::int64_t since = 0;
};

/// What the list says of a node: nothing, or its value (which may be none).
using Answer = std::optional<std::optional<std::int64_t>>;

class List {
 public:
  std::vector<Said> said;
  std::vector<Ruled> rules{{{"asserted", "grade"}, 0}};

  Answer Ask(int node, const Question& question) const {
    const Said* existence = Best(node, false, question);
    if (existence == nullptr) return std::nullopt;
    const Said* value = Best(node, true, question);
    return value == nullptr ? std::optional<std::int64_t>() : value->value;
  }

 private:
  static bool Counts(const Said& said, const Question& question) {
    const bool recorded = question.time == 0 || said.recorded <= question.time;
    const bool withdrawn =
        said.withdrawn != 0 && (question.time == 0 || said.withdrawn <= question.time);
    if (!recorded || withdrawn) return false;
    if (said.source < 0) return true;
    const bool named = std::find(question.sources.begin(), question.sources.end(), said.source) !=
                       question.sources.end();
    if ((question.excluding && named) || (question.only && !named)) return false;
    return question.year == 0 || said.year == 0 || said.year == question.year;
  }

  std::vector<std::string> RuleAt(std::int64_t time) const {
    const Ruled* last = &rules.front();
    for (const Ruled& ruled : rules) {
      if (time == 0 || ruled.since <= time) last = &ruled;
    }
    return last->criteria;
  }

  const Said* Best(int node, bool of_value, const Question& question) const {
    std::vector<const Said*> all;
    for (const Said& one : said) {
      if (one.node == node && one.of_value == of_value && Counts(one, question)) {
        all.push_back(&one);
      }
    }
    // Whether something is there is always decided in the way of the beginning.
    const auto rule = of_value ? RuleAt(question.time) : rules.front().criteria;
    const Said* best = nullptr;
    for (const Said* one : all) {
      if (best == nullptr || IsBetter(*one, *best, rule, all)) best = one;
    }
    return best;
  }

  /// How good a statement is by one criterion; more is better.
  static std::int64_t Worth(const Said& one, const std::string& criterion,
                            const std::vector<const Said*>& all) {
    if (criterion == "asserted") return one.source < 0 ? 1 : 0;
    if (criterion == "grade") return one.source < 0 ? -100 : -one.grade;
    const auto place = std::find(all.begin(), all.end(), &one) - all.begin();
    if (criterion == "latest") return place;
    if (criterion == "earliest") return -place;
    std::set<int> sources;
    for (const Said* other : all) {
      if (other->source >= 0 && other->value == one.value) sources.insert(other->source);
    }
    return static_cast<std::int64_t>(sources.size());
  }

  /// `one` stands behind `best` in the list, so it was recorded later.
  static bool IsBetter(const Said& one, const Said& best, const std::vector<std::string>& rule,
                       const std::vector<const Said*>& all) {
    for (const std::string& criterion : rule) {
      const std::int64_t a = Worth(one, criterion, all);
      const std::int64_t b = Worth(best, criterion, all);
      if (a != b) return a > b;
    }
    return true;
  }
};

class EvidenceModelTest : public testing::TestWithParam<unsigned> {
 protected:
  void SetUp() override {
    database_ = std::make_unique<Database>(std::move(Database::InMemory()).value());
    session_ = std::make_unique<Session>(database_->NewSession());
    for (int source = 0; source < kSources; ++source) {
      Run("CREATE (:Source {id: '" + SourceName(source) + "'})");
    }
  }

  std::vector<std::vector<Value>> Run(const std::string& text, const Parameters& parameters = {}) {
    std::vector<std::vector<Value>> rows;
    auto cursor = session_->Run(text, parameters);
    EXPECT_TRUE(cursor.ok()) << cursor.error().Format(text);
    if (!cursor.ok()) return rows;
    while (cursor->Next()) rows.emplace_back(cursor->row().begin(), cursor->row().end());
    EXPECT_TRUE(cursor->status().ok()) << text;
    return rows;
  }

  static std::string SourceName(int source) { return "s" + std::to_string(source); }
  int Random(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

  std::int64_t Now() {
    const Value now = Run("RETURN datetime.realtime()")[0][0];
    return now.date_time().seconds * 1'000'000 + now.date_time().nanos / 1000;
  }

  std::string Evidence(Said* said) {
    said->source = Random(kSources);
    said->grade = Random(3);
    said->year = Random(3) == 0 ? kYearFirst + Random(3) : 0;
    std::string text = " FROM SOURCE '" + SourceName(said->source) + "' GRADE '" +
                       std::string(1, static_cast<char>('A' + said->grade)) + "1'";
    if (said->year != 0) text += " VALID edtf('" + std::to_string(said->year) + "')";
    return text;
  }

  static std::string Match(int node) { return "MATCH (n:N {id: " + std::to_string(node) + "}) "; }

  /// Keeps what was said, and learns the number that the case gave it.
  void Keep(Said said) {
    said.recorded = Now();
    if (said.source >= 0) {
      const auto id =
          Run(Match(said.node) + "UNWIND statements(n) AS s WITH s WHERE s.key " +
              (said.of_value ? "= 'v'" : "IS NULL") + " AND s.source IS NOT NULL RETURN max(s.id)");
      said.id = id[0][0].is_integer() ? id[0][0].integer() : 0;
    }
    list_.said.push_back(said);
  }

  /// Another rule, of one criterion or two.
  void ChangeRule() {
    static const std::vector<std::string> kAll = {"asserted", "grade", "sources", "latest",
                                                  "earliest"};
    Ruled ruled;
    std::string names;
    const int first = Random(5);
    for (const int at : {first, (first + 1 + Random(4)) % 5}) {
      ruled.criteria.push_back(kAll[static_cast<std::size_t>(at)]);
      names += (names.empty() ? "'" : ", '") + ruled.criteria.back() + "'";
    }
    Run("CALL kb.setRule([" + names + "])");
    ruled.since = Now();
    list_.rules.push_back(ruled);
  }

  void Step() {
    if (Random(8) == 0) return ChangeRule();
    const int node = Random(kNodes);
    const bool is_there = list_.Ask(node, {}).has_value();
    Said said;
    said.node = node;
    if (!is_there) {
      if (gone_[node]) return;
      const bool plain = Random(2) == 0;
      const std::string evidence = plain ? "" : Evidence(&said);
      // Its name is asserted beside, so that it is found whatever is left out.
      Run("CREATE (n:N)" + evidence + " SET n.id = " + std::to_string(node));
      Keep(said);
      return;
    }
    const int what = Random(5);
    if (what == 0) {
      Withdraw(node);
    } else if (what == 1) {
      said.of_value = true;
      said.value = Random(6);
      EndPlain(node);
      Run(Match(node) + "SET n.v = " + std::to_string(*said.value));
      Keep(said);
    } else {
      said.of_value = true;
      said.value = Random(6);
      const std::string evidence = Evidence(&said);
      Run(Match(node) + "SET n.v = " + std::to_string(*said.value) + evidence);
      Keep(said);
    }
    // What nothing says any more is gone, and stays so.
    if (!list_.Ask(node, {}).has_value()) gone_[node] = true;
  }

  /// A plain assertion replaces the one before it.
  void EndPlain(int node) {
    const std::int64_t now = Now();
    for (Said& said : list_.said) {
      if (said.node == node && said.of_value && said.source < 0 && said.withdrawn == 0) {
        said.withdrawn = now;
      }
    }
  }

  void Withdraw(int node) {
    std::vector<Said*> standing;
    for (Said& said : list_.said) {
      if (said.node == node && said.source >= 0 && said.withdrawn == 0) standing.push_back(&said);
    }
    if (standing.empty()) return;
    Said& said = *standing[static_cast<std::size_t>(Random(static_cast<int>(standing.size())))];
    Run("WITHDRAW STATEMENT " + std::to_string(said.id));
    said.withdrawn = Now();
  }

  Question RandomQuestion() {
    Question question;
    if (Random(2) == 0)
      question.time = times_[static_cast<std::size_t>(Random(static_cast<int>(times_.size())))];
    const int selection = Random(3);
    question.excluding = selection == 1;
    question.only = selection == 2;
    for (int source = 0; selection != 0 && source < kSources; ++source) {
      if (Random(2) == 0) question.sources.push_back(source);
    }
    if (Random(2) == 0) question.year = kYearFirst + Random(3);
    return question;
  }

  void Compare(const Question& question) {
    std::string text;
    Parameters parameters;
    if (question.time != 0) {
      text += "FOR SYSTEM_TIME AS OF $t ";
      const std::int64_t micros = question.time;
      parameters.emplace_back(
          "t",
          Value::Of(schema::DateTime{
              micros / 1'000'000, static_cast<std::int32_t>(micros % 1'000'000 * 1000), 0, {}}));
    }
    if (question.year != 0) {
      text += "FOR VALID_TIME AS OF date('" + std::to_string(question.year) + "-06-01') ";
    }
    if (question.excluding || question.only) {
      text += question.only ? "ONLY SOURCES [" : "EXCLUDING SOURCES [";
      for (std::size_t i = 0; i < question.sources.size(); ++i) {
        text += (i == 0 ? "'" : ", '") + SourceName(question.sources[i]) + "'";
      }
      text += "] ";
    }
    text += "MATCH (n) WHERE n.id IN range(0, " + std::to_string(kNodes) +
            ") RETURN n.id AS id, n.v AS v ORDER BY id";
    std::vector<std::pair<std::int64_t, std::optional<std::int64_t>>> wanted, got;
    for (int node = 0; node < kNodes; ++node) {
      const Answer answer = list_.Ask(node, question);
      if (answer) wanted.emplace_back(node, *answer);
    }
    for (const auto& row : Run(text, parameters)) {
      got.emplace_back(row[0].integer(), row[1].is_null()
                                             ? std::optional<std::int64_t>()
                                             : std::optional<std::int64_t>(row[1].integer()));
    }
    EXPECT_EQ(got, wanted) << text << " at " << question.time << ", seed " << GetParam();
  }

  std::mt19937 random_{GetParam()};
  std::unique_ptr<Database> database_;
  std::unique_ptr<Session> session_;
  List list_;
  std::map<int, bool> gone_;
  std::vector<std::int64_t> times_;
};

TEST_P(EvidenceModelTest, EveryViewSaysWhatTheListSays) {
  for (int step = 0; step < 60; ++step) {
    Step();
    times_.push_back(Now());
    if (step % 5 != 4) continue;
    for (int i = 0; i < 8; ++i) Compare(RandomQuestion());
    if (testing::Test::HasFailure()) return;
  }
  for (const std::int64_t time : times_) Compare({time, {}, false, false, 0});
  const auto check = database_->Check();
  ASSERT_TRUE(check.ok());
  EXPECT_TRUE(check->findings.empty()) << check->findings.front();
}

INSTANTIATE_TEST_SUITE_P(Seeds, EvidenceModelTest, testing::Range(1u, 21u));

}  // namespace
}  // namespace kb
