// What has been erased is nowhere any more: not at any time, and in no file of the case.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "kb/kb.h"
#include "tests/storage/scratch.h"

namespace kb {
namespace {

class EraseTest : public testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open() {
    auto opened = Database::Open(path_);
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    database_ = std::make_unique<Database>(std::move(opened).value());
    session_ = std::make_unique<Session>(database_->NewSession());
  }
  void Close() {
    session_.reset();
    database_.reset();
  }

  std::vector<std::vector<Value>> Run(const std::string& text, const Parameters& parameters = {}) {
    std::vector<std::vector<Value>> rows;
    auto cursor = session_->Run(text, parameters);
    EXPECT_TRUE(cursor.ok()) << cursor.error().Format(text);
    if (!cursor.ok()) return rows;
    while (cursor->Next()) rows.emplace_back(cursor->row().begin(), cursor->row().end());
    EXPECT_TRUE(cursor->status().ok()) << text << ": " << cursor->status().error().message();
    return rows;
  }
  std::string One(const std::string& text, const Parameters& parameters = {}) {
    const auto rows = Run(text, parameters);
    return rows.empty() || rows[0].empty() ? "nothing" : rows[0][0].ToText();
  }
  void Note() { times_.push_back(Run("RETURN datetime.realtime()")[0][0]); }
  /// What a question answers at every time that was noted.
  std::vector<std::string> Ever(const std::string& question) {
    std::vector<std::string> answers;
    for (const Value& time : times_) {
      answers.push_back(One("FOR SYSTEM_TIME AS OF $t " + question, {{"t", time}}));
    }
    return answers;
  }

  /// The files of the closed case in which a text occurs.
  std::string FilesWith(const std::string& text) const { return FilesWith(text, path_); }
  static std::string FilesWith(const std::string& text, const std::string& folder) {
    std::string found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(file)),
                              std::istreambuf_iterator<char>());
      if (bytes.find(text) != std::string::npos) found += entry.path().filename().string() + " ";
    }
    return found;
  }
  void ExpectClean() {
    const auto check = database_->Check();
    ASSERT_TRUE(check.ok()) << check.error().message();
    EXPECT_TRUE(check->findings.empty()) << check->findings.front();
  }

  const storage::Scratch scratch_;
  const std::string path_ = scratch_ / "case";
  std::unique_ptr<Database> database_;
  std::unique_ptr<Session> session_;
  std::vector<Value> times_;
};

TEST_F(EraseTest, AnErasedValueIsInNoFileAndAtNoTime) {
  Run("CREATE (:P {id: 1, secret: 'qzxv-first'}), (:P {id: 2, secret: 'kept'})");
  Note();
  Run("MATCH (p:P {id: 1}) SET p.secret = 'qzxv-second'");
  Note();
  Run("MATCH (p:P {id: 1}) SET p.secret = 'qzxv-third' FROM SOURCE 'paper' AT {line: 'qzxv-line'}");
  Note();
  Close();
  EXPECT_NE(FilesWith("qzxv"), "");
  Open();
  Run("MATCH (p:P {id: 1}) ERASE p.secret BECAUSE 'court order'");
  EXPECT_EQ(Ever("MATCH (p:P {id: 1}) RETURN p.secret"),
            (std::vector<std::string>{"null", "null", "null"}));
  EXPECT_EQ(One("MATCH (p:P {id: 1}) RETURN size(statements(p, 'secret'))"), "0");
  ExpectClean();
  Close();
  EXPECT_EQ(FilesWith("qzxv"), "");
  EXPECT_NE(FilesWith("kept"), "");
  Open();
  EXPECT_EQ(Ever("MATCH (p:P {id: 1}) RETURN p.secret"),
            (std::vector<std::string>{"null", "null", "null"}));
  EXPECT_EQ(One("MATCH (p:P {id: 2}) RETURN p.secret"), "'kept'");
  EXPECT_EQ(One("CALL kb.erasures() YIELD kind, key, because RETURN kind + key + because"),
            "'propertysecretcourt order'");
  ExpectClean();
}

TEST_F(EraseTest, AnErasedNodeTakesAllItsRelationshipsAndStatements) {
  Run("CREATE (a:P {name: 'qzxv-name'})-[:KNOWS {how: 'qzxv-how'}]->(b:P {name: 'other'})");
  Note();
  Run("MATCH (:P {name: 'other'})<-[k:KNOWS]-(a) DELETE k CREATE (a)-[:MET {how: "
      "'qzxv-met'}]->(a)");
  Note();
  Run("MATCH (a:P {name: 'qzxv-name'}) SET a.alias = 'qzxv-alias' FROM SOURCE 'file' BY 'qzxv-by'");
  Note();
  Run("MATCH (a:P {name: 'qzxv-name'}) ERASE (a) BECAUSE 'asked for'");
  Close();
  EXPECT_EQ(FilesWith("qzxv"), "");
  Open();
  EXPECT_EQ(Ever("MATCH (p:P) RETURN count(p)"), (std::vector<std::string>{"1", "1", "1"}));
  EXPECT_EQ(Ever("MATCH ()-[r]->() RETURN count(r)"), (std::vector<std::string>{"0", "0", "0"}));
  ExpectClean();
}

TEST_F(EraseTest, WhatWasDeletedBeforeCanBeErasedFromThePast) {
  Run("CREATE (:P {id: 1, name: 'qzxv'}), (:P {id: 2})");
  Note();
  Run("MATCH (p:P {id: 1}) DELETE p");
  Note();
  Run("CALL { FOR SYSTEM_TIME AS OF $t MATCH (p:P {id: 1}) RETURN p } ERASE (p)",
      {{"t", times_[0]}});
  EXPECT_EQ(Ever("MATCH (p:P) RETURN count(p)"), (std::vector<std::string>{"1", "1"}));
  ExpectClean();
  Close();
  EXPECT_EQ(FilesWith("qzxv"), "");
}

TEST_F(EraseTest, WithoutAnErasedStatementThePastIsWhatTheOthersSay) {
  Run("CREATE (:P {id: 1})");
  Note();  // Nothing is said.
  Run("MATCH (p:P) SET p.v = 'qzxv' FROM SOURCE 'best' GRADE 'A1'");
  Note();  // The statement alone.
  Run("MATCH (p:P) SET p.v = 'low', p:Seen FROM SOURCE 'blog' GRADE 'D4'");
  Note();  // Another, which does not hold as long as the first stands.
  Run("MATCH (p:P) SET p.v = 'mid' FROM SOURCE 'paper' GRADE 'C3'");
  Note();
  Run("MATCH (p:P) UNWIND statements(p, 'v') AS s WITH s WHERE s.value = 'qzxv' "
      "WITHDRAW STATEMENT s.id BECAUSE 'qzxv was wrong'");
  Note();
  Run("MATCH (p:P) SET p.v = 'late' FROM SOURCE 'paper' GRADE 'B2'");
  Note();
  Run("MATCH (p:P) UNWIND statements(p, 'v') AS s WITH s WHERE s.value = 'qzxv' "
      "ERASE STATEMENT s.id BECAUSE 'a lie'");
  const std::vector<std::string> wanted{"null", "null", "'low'", "'mid'", "'mid'", "'late'"};
  EXPECT_EQ(Ever("MATCH (p:P) RETURN p.v"), wanted);
  ExpectClean();
  Close();
  EXPECT_EQ(FilesWith("qzxv"), "");
  Open();
  EXPECT_EQ(Ever("MATCH (p:P) RETURN p.v"), wanted);
  EXPECT_EQ(Ever("MATCH (p:Seen) RETURN count(p)"),
            (std::vector<std::string>{"0", "0", "1", "1", "1", "1"}));
  Run("MATCH (p:Seen) UNWIND statements(p) AS s WITH s WHERE s.key = ':Seen' ERASE STATEMENT s.id");
  EXPECT_EQ(Ever("MATCH (p:Seen) RETURN count(p)"),
            (std::vector<std::string>{"0", "0", "0", "0", "0", "0"}));
  ExpectClean();
}

TEST_F(EraseTest, WhatIsTakenBackIsNotErased) {
  Run("CREATE (:P {v: 'one'})");
  Run("MATCH (p:P) SET p.v = 'two'");
  Note();
  ASSERT_TRUE(session_->Begin().ok());
  Run("MATCH (p:P) ERASE p.v");
  EXPECT_EQ(One("MATCH (p:P) RETURN p.v"), "null");
  ASSERT_TRUE(session_->Rollback().ok());
  EXPECT_EQ(One("MATCH (p:P) RETURN p.v"), "'two'");
  EXPECT_EQ(Ever("MATCH (p:P) RETURN p.v"), (std::vector<std::string>{"'two'"}));
  EXPECT_EQ(One("CALL kb.erasures() YIELD id RETURN count(id)"), "0");
}

TEST_F(EraseTest, WhatOneTransactionWritesAndErasesLeavesNothing) {
  ASSERT_TRUE(session_->Begin().ok());
  Run("CREATE (:P {id: 1, v: 'qzxv'})");
  Run("MATCH (p:P) SET p.w = 'qzxv' FROM SOURCE 'qzxv-source'");
  Run("MATCH (p:P) ERASE p.v");
  Run("MATCH (p:P) ERASE p.w");
  Run("MATCH (s:Source) ERASE (s)");
  Run("MATCH (p:P) SET p.v = 'after'");
  ASSERT_TRUE(session_->Commit().ok());
  Note();
  EXPECT_EQ(Ever("MATCH (p:P) RETURN p.v"), (std::vector<std::string>{"'after'"}));
  ExpectClean();
  Close();
  EXPECT_EQ(FilesWith("qzxv"), "");
}

TEST_F(EraseTest, JudgementsSurviveTheDisk) {
  Run("CREATE (:P {name: 'a'}), (:P {name: 'b'}), (:P {name: 'c'})");
  Run("MATCH (a:P {name: 'a'}), (b:P {name: 'b'}) ASSERT SAME (a), (b) BECAUSE 'qzxv'");
  Run("MATCH (a:P {name: 'a'}), (c:P {name: 'c'}) ASSERT DISTINCT (a), (c) BY 'eva'");
  ExpectClean();
  Close();
  Open();
  EXPECT_EQ(One("MATCH (p:P) RETURN collect(p.name)"), "['a', 'c']");
  EXPECT_EQ(One("MATCH (p:P {name: 'a'}) RETURN [m IN cluster(p) | m.name]"), "['a', 'b']");
  Run("CALL kb.judgements() YIELD id, because WHERE because = 'qzxv' ERASE STATEMENT id");
  EXPECT_EQ(One("MATCH (p:P) RETURN count(p)"), "3");
  ExpectClean();
  Close();
  EXPECT_EQ(FilesWith("qzxv"), "");
}

TEST_F(EraseTest, OfRecordsThatAreOneThoseThatHadTheValueAreMarked) {
  Run("CREATE (:P {name: 'a', secret: 'qzxv-now'}), (:P {name: 'b'}), (:P {name: 'c', secret: "
      "'qzxv-before'}), (:P {name: 'd'}), (:P {name: 'e', other: 1})");
  Note();
  Run("MATCH (p:P {name: 'c'}) REMOVE p.secret");
  Run("MATCH (p:P {name: 'd'}) SET p.secret = 'qzxv-said' FROM SOURCE 'blog'");
  Run("MATCH (p:P {name: 'd'}) UNWIND statements(p, 'secret') AS s WITHDRAW STATEMENT s.id");
  Note();
  Run("MATCH (a:P {name: 'a'}) MATCH (p:P) WHERE p.name <> 'a' ASSERT SAME (a), (p)");
  const Value ids =
      Run("RAW MATCH (p:P) WHERE p.name IN ['a', 'c', 'd'] WITH p ORDER BY p.name "
          "RETURN collect(id(p))")[0][0];
  Run("MATCH (p:P) ERASE p.secret BECAUSE 'asked for'");
  const std::string marked = "CALL kb.erasures() YIELD element RETURN collect(element)";
  EXPECT_EQ(One(marked), ids.ToText());
  EXPECT_EQ(Ever("MATCH (p:P) RETURN collect(p.secret)"), (std::vector<std::string>{"[]", "[]"}));
  ExpectClean();
  Close();
  EXPECT_EQ(FilesWith("qzxv"), "");
  Open();
  EXPECT_EQ(One(marked), ids.ToText());
  // What came and went in one transaction.
  ASSERT_TRUE(session_->Begin().ok());
  Run("MATCH (p:P) SET p.brief = 'qzxv-brief'");
  Run("MATCH (p:P) REMOVE p.brief");
  Run("MATCH (p:P) ERASE p.brief");
  ASSERT_TRUE(session_->Commit().ok());
  EXPECT_EQ(One("CALL kb.erasures() YIELD key WHERE key <> 'secret' RETURN collect(key)"),
            "['brief']");
  ExpectClean();
  Close();
  EXPECT_EQ(FilesWith("qzxv"), "");
}

TEST_F(EraseTest, WithoutAnErasedStatementEachDayIsDecidedByItsRule) {
  Run("CREATE (:P {id: 1})");
  Run("MATCH (p:P) SET p.v = 'qzxv' FROM SOURCE 'best' GRADE 'A1'");
  Note();
  Run("MATCH (p:P) SET p.v = 'low', p:Seen FROM SOURCE 'blog' GRADE 'D4'");
  Note();
  Run("MATCH (p:P) SET p.v = 'mid' FROM SOURCE 'paper' GRADE 'C3'");
  Note();
  Run("CALL kb.setRule(['earliest'])");
  Note();
  Run("CALL kb.setRule(['latest'])");
  Note();
  Run("MATCH (p:P) SET p.v = 'late' FROM SOURCE 'wall' GRADE 'E5'");
  Note();
  Run("CALL kb.setRule(['grade'])");
  Note();
  EXPECT_EQ(Ever("MATCH (p:P) RETURN p.v"),
            (std::vector<std::string>{"'qzxv'", "'qzxv'", "'qzxv'", "'qzxv'", "'mid'", "'late'",
                                      "'qzxv'"}));
  Run("MATCH (p:P) UNWIND statements(p, 'v') AS s WITH s WHERE s.value = 'qzxv' "
      "ERASE STATEMENT s.id");
  const std::vector<std::string> wanted{"null",  "'low'",  "'mid'", "'low'",
                                        "'mid'", "'late'", "'mid'"};
  EXPECT_EQ(Ever("MATCH (p:P) RETURN p.v"), wanted);
  EXPECT_EQ(One("MATCH (p:P) RETURN p.v"), "'mid'");
  ExpectClean();
  Close();
  EXPECT_EQ(FilesWith("qzxv"), "");
  Open();
  EXPECT_EQ(Ever("MATCH (p:P) RETURN p.v"), wanted);
  // A transaction that changes the rule itself: the day before keeps its own.
  ASSERT_TRUE(session_->Begin().ok());
  Run("CALL kb.setRule(['latest'])");
  Run("MATCH (p:P) UNWIND statements(p, 'v') AS s WITH s WHERE s.value = 'mid' "
      "ERASE STATEMENT s.id");
  ASSERT_TRUE(session_->Commit().ok());
  EXPECT_EQ(One("MATCH (p:P) RETURN p.v"), "'late'");
  EXPECT_EQ(
      Ever("MATCH (p:P) RETURN p.v"),
      (std::vector<std::string>{"null", "'low'", "'low'", "'low'", "'low'", "'late'", "'low'"}));
  ExpectClean();
}

TEST_F(EraseTest, ABackupHasNothingOfWhatWasErased) {
  Run("CREATE (:P {id: 1, secret: 'qzxv-first'})-[:R {how: 'qzxv-how'}]->(:P {id: 2, v: 'kept'})");
  Run("MATCH (p:P {id: 1}) SET p.secret = 'qzxv-second' FROM SOURCE 'paper' AT {line: "
      "'qzxv-line'}");
  Run("MATCH (p:P {id: 1})-[r:R]->() ERASE (r)");
  Run("MATCH (p:P {id: 1}) ERASE p.secret BECAUSE 'court order'");
  // Of the open case, and, the case having been opened again, of the closed one.
  for (const std::string name : {"first", "second"}) {
    const std::string copy = scratch_ / name;
    const auto made = database_->Backup(copy);
    ASSERT_TRUE(made.ok()) << made.error().message();
    EXPECT_EQ(FilesWith("qzxv", copy), "") << name;
    EXPECT_NE(FilesWith("kept", copy), "") << name;
    Close();
    Open();
  }
  Close();
  auto opened = Database::Open(scratch_ / "first");
  ASSERT_TRUE(opened.ok()) << opened.error().message();
  database_ = std::make_unique<Database>(std::move(opened).value());
  session_ = std::make_unique<Session>(database_->NewSession());
  EXPECT_EQ(One("MATCH (p:P) RETURN count(p)"), "2");
  EXPECT_EQ(One("CALL kb.erasures() YIELD kind RETURN collect(kind)"),
            "['relationship', 'property']");
  ExpectClean();
}

}  // namespace
}  // namespace kb
