// The investigator's questions: the queries, columns and rows of questions.json over the article's
// graph and over the dated history. The material lies beside the project; without it the tests show
// as skipped (tests/kb/sample_test.cc asks the built-in case the same kind of questions).
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "kb/kb.h"
#include "query/parse/parser.h"
#include "schema/edtf.h"
#include "schema/order.h"

namespace kb {
namespace {

const std::filesystem::path kMission = std::filesystem::path(KB_SOURCE_DIR) / "../shared/mission";

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Value ToValue(const boost::json::value& json) {
  switch (json.kind()) {
    case boost::json::kind::null:
      return {};
    case boost::json::kind::bool_:
      return Value::Boolean(json.get_bool());
    case boost::json::kind::int64:
      return Value::Integer(json.get_int64());
    case boost::json::kind::uint64:
      return Value::Integer(static_cast<std::int64_t>(json.get_uint64()));
    case boost::json::kind::double_:
      return Value::Float(json.get_double());
    case boost::json::kind::string:
      return Value::String(std::string_view(json.get_string()));
    case boost::json::kind::array: {
      std::vector<Value> items;
      for (const auto& item : json.get_array()) items.push_back(ToValue(item));
      return Value::List(std::move(items));
    }
    case boost::json::kind::object: {
      schema::MapEntries entries;
      for (const auto& entry : json.get_object()) {
        entries.emplace_back(std::string(entry.key()), ToValue(entry.value()));
      }
      return Value::Map(std::move(entries));
    }
  }
  return {};
}

/// Lists that collect() made are sets: compare them in one order.
Value SortLists(const Value& value) {
  if (!value.is_list()) return value;
  std::vector<Value> items(value.list().begin(), value.list().end());
  std::sort(items.begin(), items.end(), [](const Value& a, const Value& b) {
    return schema::Order(a, b) == std::weak_ordering::less;
  });
  return Value::List(std::move(items));
}

std::vector<std::string> AsText(const std::vector<std::vector<Value>>& rows,
                                const std::string& query) {
  const bool sets = query.find("collect(") != std::string::npos;
  std::vector<std::string> lines;
  for (const auto& row : rows) {
    std::string line;
    for (const auto& value : row) line += (sets ? SortLists(value) : value).ToText() + " | ";
    lines.push_back(line);
  }
  if (query.find("ORDER BY") == std::string::npos) std::sort(lines.begin(), lines.end());
  return lines;
}

/// Uncertain dates as the texts they keep, since the expected rows are texts.
Value DatesAsText(const Value& value) {
  if (value.is_edtf()) return Value::String(value.edtf().text);
  if (!value.is_list()) return value;
  std::vector<Value> items;
  for (const Value& item : value.list()) items.push_back(DatesAsText(item));
  return Value::List(std::move(items));
}

/// Which graph, and whether its dates are texts or uncertain dates.
struct Material {
  bool history = false;
  bool edtf = false;
};

class MissionTest : public testing::TestWithParam<Material> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kMission / "questions.json"))
      GTEST_SKIP() << "no material beside the project";
    database_ = std::make_unique<Database>(std::move(Database::InMemory()).value());
    session_ = std::make_unique<Session>(database_->NewSession());
    const bool history = GetParam().history;
    const std::string script =
        ReadFile(kMission / (history ? "history-graph.cypher" : "article-graph.cypher"));
    std::string_view rest = script;
    for (std::size_t end; (end = query::parse::FindStatementEnd(rest)) != std::string_view::npos;) {
      const auto cursor = session_->Run(rest.substr(0, end));
      ASSERT_TRUE(cursor.ok()) << cursor.error().Format(rest.substr(0, end));
      rest.remove_prefix(end);
    }
    if (!GetParam().edtf) return;
    const auto changed =
        session_->Run("MATCH (n) WHERE n.date IS NOT NULL SET n.date = edtf(n.date)");
    ASSERT_TRUE(changed.ok()) << changed.error().message();
  }

  void Ask(const boost::json::object& question, const boost::json::array& expected) {
    const std::string query(question.at("cypher").as_string());
    Parameters parameters;
    if (const auto* given = question.if_contains("params")) {
      for (const auto& entry : given->as_object()) {
        Value value = ToValue(entry.value());
        // The parameters that are dates are compared with dates.
        const bool is_date = query.find(".date <= $" + std::string(entry.key())) != query.npos;
        if (GetParam().edtf && is_date) value = schema::MakeEdtf(value).value();
        parameters.emplace_back(std::string(entry.key()), std::move(value));
      }
    }
    auto cursor = session_->Run(query, parameters);
    ASSERT_TRUE(cursor.ok()) << cursor.error().Format(query);
    std::vector<std::string> columns;
    for (const auto& column : question.at("columns").as_array())
      columns.emplace_back(column.as_string());
    EXPECT_EQ(cursor->columns(), columns);
    std::vector<std::vector<Value>> rows;
    while (cursor->Next()) {
      rows.emplace_back();
      for (const Value& value : cursor->row()) rows.back().push_back(DatesAsText(value));
    }
    ASSERT_TRUE(cursor->status().ok()) << cursor->status().error().Format(query);
    std::vector<std::vector<Value>> wanted;
    for (const auto& row : expected) {
      const Value list = ToValue(row);
      wanted.emplace_back(list.list().begin(), list.list().end());
    }
    EXPECT_EQ(AsText(rows, query), AsText(wanted, query)) << query;
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<Session> session_;
};

TEST_P(MissionTest, EveryQuestionHasItsAnswer) {
  const boost::json::value json = boost::json::parse(ReadFile(kMission / "questions.json"));
  const boost::json::array& questions =
      json.is_array() ? json.as_array() : json.as_object().at("questions").as_array();
  const char* rows = GetParam().history ? "historyRows" : "rows";
  int asked = 0;
  for (const auto& question : questions) {
    const boost::json::object& q = question.as_object();
    if (!q.contains(rows)) continue;
    SCOPED_TRACE(std::string(q.at("id").as_string()));
    Ask(q, q.at(rows).as_array());
    ++asked;
  }
  EXPECT_GT(asked, 0);
}

TEST_P(MissionTest, TheGraphHasItsSize) {
  const SchemaSummary summary = database_->Schema();
  if (!GetParam().history) {
    EXPECT_EQ(summary.node_count, 71u);
    EXPECT_EQ(summary.relationship_count, 173u);
  }
  const auto check = database_->Check();
  ASSERT_TRUE(check.ok());
  EXPECT_TRUE(check->findings.empty());
}

INSTANTIATE_TEST_SUITE_P(Graphs, MissionTest,
                         testing::Values(Material{false, false}, Material{true, false},
                                         Material{false, true}, Material{true, true}),
                         [](const auto& graph) {
                           return std::string(graph.param.history ? "history" : "article") +
                                  (graph.param.edtf ? "OfUncertainDates" : "");
                         });

}  // namespace
}  // namespace kb
