// Every format writes the same small results as a person or a program expects them.
#include <gtest/gtest.h>

#include <limits>

#include "kb/io/format.h"

namespace kb::io {
namespace {

using Rows = std::vector<std::vector<Value>>;

std::string Write(std::string_view format, const std::vector<std::string>& columns,
                  const Rows& rows, const Look& look = {}) {
  std::string out;
  const auto writer = FindFormat(format)->make(look, &out);
  writer->Begin(columns);
  for (const auto& row : rows) writer->Row(row);
  const auto end = writer->End();
  EXPECT_TRUE(end.ok());
  return out;
}

Rows People() {
  return {{Value::String("Ada"), Value::Integer(36)}, {Value::String("Zoë, B."), Value::Null()}};
}

TEST(FormatsTest, NamesAreFoundInAnyCaseAndFilesByExtension) {
  EXPECT_EQ(FindFormat("JSON")->name, "json");
  EXPECT_EQ(FindFormat("yaml"), nullptr);
  EXPECT_EQ(FormatOfFile("out/x.SVG")->name, "svg");
  EXPECT_EQ(FormatOfFile("out.d/x"), nullptr);
  EXPECT_EQ(FormatOfFile("rows.ndjson")->name, "jsonlines");
}

TEST(FormatsTest, BoxAlignsByDisplayWidthAndNumbersToTheRight) {
  EXPECT_EQ(Write("box", {"name", "age"}, People()),
            "┌─────────┬──────┐\n"
            "│ name    │  age │\n"
            "├─────────┼──────┤\n"
            "│ Ada     │   36 │\n"
            "│ Zoë, B. │ null │\n"
            "└─────────┴──────┘\n");
}

TEST(FormatsTest, BoxSaysHowManyRowsItLeavesOut) {
  Look look;
  look.max_rows = 1;
  const std::string box =
      Write("box", {"n"}, {{Value::Integer(1)}, {Value::Integer(2)}, {Value::Integer(3)}}, look);
  EXPECT_NE(box.find("│ 1 │"), std::string::npos);
  EXPECT_EQ(box.find("│ 2 │"), std::string::npos);
  EXPECT_NE(box.find("… 2 rows more\n"), std::string::npos);
}

TEST(FormatsTest, BoxNarrowsTheWidestColumnToTheTerminal) {
  Look look;
  look.max_width = 24;
  const std::string box = Write("box", {"id", "text"},
                                {{Value::Integer(7), Value::String(std::string(80, 'x'))}}, look);
  EXPECT_NE(box.find("│  7 │ xxxxxxxxxxxxxx… │"), std::string::npos) << box;
}

TEST(FormatsTest, BoxLeavesOutColumnsThatCannotFit) {
  Look look;
  look.max_width = 20;
  std::vector<std::string> columns;
  std::vector<Value> row;
  for (int i = 0; i < 9; ++i) {
    columns.push_back("column" + std::to_string(i));
    row.push_back(Value::String("some text"));
  }
  EXPECT_NE(Write("box", columns, {row}, look).find("… 7 columns more"), std::string::npos);
}

TEST(FormatsTest, BoxCellsCannotSteerTheTerminal) {
  const std::string box = Write("box", {"t"}, {{Value::String("a\nb\x1b[2J")}});
  EXPECT_NE(box.find("│ a\\nb\\u001B[2J │"), std::string::npos) << box;
}

TEST(FormatsTest, TableIsPlainAscii) {
  EXPECT_EQ(Write("table", {"n"}, {{Value::Integer(1)}}), "+---+\n| n |\n+---+\n| 1 |\n+---+\n");
}

TEST(FormatsTest, CsvQuotesWhereItMustAndTellsNullFromEmpty) {
  EXPECT_EQ(Write("csv", {"name", "age"}, People()), "name,age\nAda,36\n\"Zoë, B.\",\n");
  EXPECT_EQ(Write("csv", {"a"}, {{Value::String("say \"hi\"\n")}, {Value::String("")}}),
            "a\n\"say \"\"hi\"\"\n\"\n\"\"\n");
}

TEST(FormatsTest, CsvCanDoWithoutAHeader) {
  Look look;
  look.headers = false;
  EXPECT_EQ(Write("csv", {"n"}, {{Value::Integer(1)}}, look), "1\n");
}

TEST(FormatsTest, TsvEscapesTabsAndLineEnds) {
  EXPECT_EQ(Write("tsv", {"a", "b"}, {{Value::String("x\ty\nz"), Value::Integer(1)}}),
            "a\tb\nx\\ty\\nz\t1\n");
}

TEST(FormatsTest, JsonIsOneArrayOfObjects) {
  EXPECT_EQ(Write("json", {"name", "age"}, People()),
            "[\n{\"name\": \"Ada\", \"age\": 36},\n{\"name\": \"Zoë, B.\", \"age\": null}\n]\n");
  EXPECT_EQ(Write("json", {"n"}, {}), "[]\n");
}

TEST(FormatsTest, JsonLinesIsOneObjectALine) {
  EXPECT_EQ(Write("jsonlines", {"x"}, {{Value::Float(0.1)}, {Value::Boolean(true)}}),
            "{\"x\": 0.1}\n{\"x\": true}\n");
}

TEST(FormatsTest, JsonQuotesNumbersItCannotSay) {
  EXPECT_EQ(Write("jsonlines", {"x"}, {{Value::Float(std::numeric_limits<double>::infinity())}}),
            "{\"x\": \"Infinity\"}\n");
}

TEST(FormatsTest, JsonWritesNodesRelationshipsAndPathsAsObjects) {
  const Value a = Value::Node(schema::NodeData{schema::NodeId{3}, {"City"}, {}});
  const Value b = Value::Node(schema::NodeData{schema::NodeId{4}, {}, {}});
  schema::RelationshipData data;
  data.ref = {schema::TypeId{0}, schema::EdgeId{9}, schema::NodeId{3}, schema::NodeId{4}};
  data.type = "ROAD";
  data.properties = {{"km", Value::Integer(5)}};
  const Value road = Value::Relationship(data);
  EXPECT_EQ(Write("jsonlines", {"p"}, {{Value::Path({a, road, b})}}),
            "{\"p\": {\"nodes\":[{\"id\":\"3\",\"labels\":[\"City\"],\"properties\":{}},"
            "{\"id\":\"4\",\"labels\":[],\"properties\":{}}],\"relationships\":[{\"id\":\"9\","
            "\"type\":\"ROAD\",\"start\":\"3\",\"end\":\"4\",\"properties\":{\"km\":5}}]}}\n");
}

TEST(FormatsTest, MarkdownEscapesBarsAndAlignsNumbers) {
  EXPECT_EQ(Write("markdown", {"name", "n"}, {{Value::String("a|b"), Value::Integer(1)}}),
            "| name | n |\n| --- | ---: |\n| a\\|b | 1 |\n");
}

TEST(FormatsTest, LineAlignsNamesAndSeparatesRows) {
  EXPECT_EQ(Write("line", {"name", "n"},
                  {{Value::String("x"), Value::Integer(1)}, {Value::Null(), Value::Integer(2)}}),
            "name = x\n   n = 1\n\nname = null\n   n = 2\n");
}

TEST(FormatsTest, HtmlEscapesMarkup) {
  EXPECT_EQ(Write("html", {"a<b"}, {{Value::String("x & y")}}),
            "<table>\n<tr><th>a&lt;b</th></tr>\n<tr><td>x &amp; y</td></tr>\n</table>\n");
}

TEST(FormatsTest, ListHasBarsBetweenValues) {
  EXPECT_EQ(Write("list", {"a", "b"}, {{Value::Integer(1), Value::String("x")}}), "a|b\n1|x\n");
}

TEST(FormatsTest, NoFormatWritesAnythingForAStatementWithoutColumns) {
  for (const Format& format : Formats()) EXPECT_EQ(Write(format.name, {}, {}), "") << format.name;
}

}  // namespace
}  // namespace kb::io
