// The picture of a result: what is drawn, how it is told apart, where time puts it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "kb/io/format.h"
#include "kb/io/picture.h"

namespace kb::io {
namespace {

using schema::EdgeId;
using schema::MapEntries;
using schema::NodeId;
using schema::TypeId;

Value MakeNode(std::uint32_t id, const std::string& label, MapEntries properties) {
  return Value::Node(schema::NodeData{NodeId{id}, {label}, std::move(properties)});
}

Value MakeRelationship(std::uint32_t id, std::uint32_t from, std::uint32_t to,
                       const std::string& type, MapEntries properties = {}) {
  schema::RelationshipData data;
  data.ref = {TypeId{1}, EdgeId{id}, NodeId{from}, NodeId{to}};
  data.type = type;
  data.properties = std::move(properties);
  return Value::Relationship(data);
}

MapEntries Event(const std::string& name, const std::string& date) {
  return {{"date", Value::String(date)}, {"name", Value::String(name)}};
}

std::string Write(std::string_view format, const std::vector<Value>& values) {
  std::string out;
  const auto writer = FindFormat(format)->make({}, &out);
  writer->Begin({"x"});
  for (const Value& value : values) writer->Row({&value, 1});
  const auto end = writer->End();
  EXPECT_TRUE(end.ok());
  return out;
}

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::size_t Count(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

std::vector<Value> Retaliation() {
  const Value attack = MakeNode(1, "Event", Event("Salisbury poisoning", "2018-03-04"));
  const Value expulsion = MakeNode(2, "Event", Event("US expels 60 diplomats", "2018-03-26"));
  const Value answer = MakeNode(3, "Event", Event("Russia expels 60 diplomats", "2018-03-29"));
  const Value seattle = MakeNode(
      4, "Facility", {{"name", Value::String("Consulate General \"Seattle\", 600 University St")}});
  const MapEntries temporal = {{"basis", Value::String("temporal")}};
  const MapEntries stated = {{"basis", Value::String("stated")}};
  return {Value::Path({answer, MakeRelationship(7, 3, 2, "IN_RESPONSE_TO", stated), expulsion,
                       MakeRelationship(8, 2, 1, "IN_RESPONSE_TO", temporal), attack}),
          Value::Path({expulsion, MakeRelationship(9, 2, 4, "FACILITY"), seattle})};
}

TEST(DotTest, EveryElementIsDrawnOnceWithItsIdAndCaption) {
  const std::string dot = Write("dot", Retaliation());
  EXPECT_TRUE(dot.starts_with("digraph "));
  EXPECT_EQ(Count(dot, "n2 ["), 1u);
  EXPECT_TRUE(Has(dot, "label=\"US expels 60 diplomats\""));
  EXPECT_EQ(Count(dot, "n2->n4"), 1u);
  EXPECT_TRUE(Has(dot, "label=\"FACILITY\""));
}

TEST(DotTest, CaptionsAreWrappedAndEscaped) {
  EXPECT_TRUE(Has(Write("dot", Retaliation()),
                  "label=\"Consulate General\\n\\\"Seattle\\\", 600\\nUniversity St\""));
}

TEST(DotTest, DoubtfulRelationshipsAreDashedAndStatedOnesAreNot) {
  const std::string dot = Write("dot", Retaliation());
  const auto line_of = [&](std::string_view start) {
    const auto at = dot.find(start);
    return dot.substr(at, dot.find('\n', at) - at);
  };
  EXPECT_TRUE(Has(line_of("n2->n1"), "style=dashed"));
  EXPECT_FALSE(Has(line_of("n3->n2"), "style=dashed"));
}

TEST(DotTest, EventsStandInColumnsByDate) {
  const std::string dot = Write("dot", Retaliation());
  EXPECT_TRUE(Has(dot, "rankdir=LR"));
  EXPECT_TRUE(Has(dot, "t0 [label=\"2018-03-04\""));
  EXPECT_TRUE(Has(dot, "t0 -> t1 -> t2 ["));
  EXPECT_TRUE(Has(dot, "{ rank=same; t1; n2; }"));
}

TEST(DotTest, TheSameResultGivesTheSameText) {
  std::vector<Value> backwards = Retaliation();
  std::swap(backwards[0], backwards[1]);
  EXPECT_EQ(Write("dot", Retaliation()), Write("dot", backwards));
}

TEST(DotTest, EndsOfARelationshipAreDrawnEvenIfTheResultLeavesThemOut) {
  const std::string dot = Write("dot", {MakeRelationship(1, 5, 6, "KNOWS")});
  EXPECT_TRUE(Has(dot, "n5"));
  EXPECT_TRUE(Has(dot, "n5->n6"));
}

TEST(DotTest, AResultWithoutAGraphIsAnError) {
  std::string out;
  const auto writer = MakeDot({}, &out);
  writer->Begin({"x"});
  const Value one = Value::Integer(1);
  writer->Row({&one, 1});
  const auto end = writer->End();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code(), ErrorCode::kUnsupported);
}

TEST(DotTest, SvgIsLaidOutByGraphViz) {
  const std::string svg = Write("svg", Retaliation());
  EXPECT_TRUE(Has(svg, "<svg"));
  EXPECT_TRUE(Has(svg, "id=\"n2\""));
  EXPECT_TRUE(Has(svg, "2018&#45;03&#45;26"));
}

TEST(PictureTest, CaptionIsNameElseTitleElseIdElseFirstPropertyElseLabel) {
  const Value title = Value::String("T");
  EXPECT_EQ(CaptionOf(MakeNode(1, "A", {{"id", Value::Integer(3)}, {"title", title}})), "T");
  EXPECT_EQ(CaptionOf(MakeNode(1, "A", {{"a", Value::Integer(1)}, {"id", Value::Integer(3)}})),
            "3");
  EXPECT_EQ(CaptionOf(MakeNode(1, "A", {{"zip", Value::Integer(9)}})), "9");
  EXPECT_EQ(CaptionOf(MakeNode(1, "A", {})), "A");
}

TEST(PictureTest, MomentsReadUncertainDatesByTheirFirstYear) {
  Moment moment;
  ASSERT_TRUE(FindMoment(MakeNode(1, "E", {{"date", Value::String("[2016..2018]")}}), &moment));
  EXPECT_EQ(moment.year, 2016);
  EXPECT_EQ(moment.text, "[2016..2018]");
  EXPECT_FALSE(FindMoment(MakeNode(1, "E", {{"date", Value::String("unknown")}}), &moment));
  EXPECT_FALSE(FindMoment(MakeNode(1, "E", {}), &moment));
}

TEST(PictureTest, AColorStaysWithItsLabel) {
  EXPECT_EQ(ColorsOf({"Event"}).at("Event"), ColorsOf({"Event", "Zebra"}).at("Event"));
  const auto colors = ColorsOf({"A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"});
  std::vector<std::string> fills;
  for (const auto& entry : colors) fills.push_back(entry.second);
  std::sort(fills.begin(), fills.end());
  EXPECT_EQ(std::unique(fills.begin(), fills.end()), fills.end());
}

}  // namespace
}  // namespace kb::io
