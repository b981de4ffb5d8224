// Typed JSON: what is written reads back, and what cannot be a value is refused with a reason.
#include "kb/shell/json_value.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <limits>

namespace kb::shell {
namespace {

std::string Typed(const Value& value) {
  std::string out;
  AppendTyped(value, &out);
  return out;
}

Result<Value> Read(std::string_view text) {
  KB_ASSIGN(const auto json, ParseJson(text));
  return FromJson(json);
}

std::string Complaint(std::string_view text) {
  const auto value = Read(text);
  return value.ok() ? "no error" : value.error().message();
}

TEST(JsonValueTest, ScalarsAreTypedTexts) {
  EXPECT_EQ(Typed(Value::Null()), R"({"$type":"Null","_value":null})");
  EXPECT_EQ(Typed(Value::Boolean(true)), R"({"$type":"Boolean","_value":true})");
  EXPECT_EQ(Typed(Value::Integer(-7)), R"({"$type":"Integer","_value":"-7"})");
  EXPECT_EQ(Typed(Value::String("a\"\n\x01ü")), R"({"$type":"String","_value":"a\"\n\u0001ü"})");
}

TEST(JsonValueTest, FloatsAreTheShortestTextThatReadsBack) {
  EXPECT_EQ(Typed(Value::Float(0.1)), R"({"$type":"Float","_value":"0.1"})");
  EXPECT_EQ(Typed(Value::Float(1e300)), R"({"$type":"Float","_value":"1e+300"})");
  EXPECT_EQ(Typed(Value::Float(-std::numeric_limits<double>::infinity())),
            R"({"$type":"Float","_value":"-Infinity"})");
  EXPECT_EQ(Typed(Value::Float(std::numeric_limits<double>::quiet_NaN())),
            R"({"$type":"Float","_value":"NaN"})");
}

TEST(JsonValueTest, ListsAndMapsHoldTypedValues) {
  EXPECT_EQ(Typed(Value::List({Value::Integer(1), Value::Null()})),
            R"({"$type":"List","_value":[{"$type":"Integer","_value":"1"},)"
            R"({"$type":"Null","_value":null}]})");
  EXPECT_EQ(Typed(Value::Map({{"k", Value::Boolean(false)}})),
            R"({"$type":"Map","_value":{"k":{"$type":"Boolean","_value":false}}})");
}

TEST(JsonValueTest, NodesAndRelationshipsHaveIdsNamesAndProperties) {
  EXPECT_EQ(
      Typed(Value::Node(schema::NodeData{schema::NodeId{7}, {"A", "B"}, {}})),
      R"({"$type":"Node","_value":{"_element_id":"7","_labels":["A","B"],"_properties":{}}})");
  schema::RelationshipData data;
  data.ref = {schema::TypeId{0}, schema::EdgeId{2}, schema::NodeId{3}, schema::NodeId{4}};
  data.type = "T";
  EXPECT_EQ(Typed(Value::Relationship(data)),
            R"({"$type":"Relationship","_value":{"_element_id":"2","_start_node_element_id":"3",)"
            R"("_end_node_element_id":"4","_type":"T","_properties":{}}})");
}

TEST(JsonValueTest, TemporalValuesAndPointsReadBack) {
  for (const std::string_view text :
       {R"({"$type":"Date","_value":"2018-03-26"})",
        R"({"$type":"LocalTime","_value":"12:30:00.5"})",
        R"({"$type":"Time","_value":"12:30:01+02:00"})",
        R"({"$type":"LocalDateTime","_value":"2018-03-26T12:30:01"})",
        R"({"$type":"OffsetDateTime","_value":"2018-03-26T12:30:01+02:00"})",
        R"({"$type":"ZonedDateTime","_value":"2018-03-26T12:30:01+02:00[Europe/Stockholm]"})",
        R"({"$type":"Duration","_value":"P1M2DT3S"})",
        R"j({"$type":"Point","_value":"SRID=7203;POINT (1 2.5)"})j",
        R"j({"$type":"Point","_value":"SRID=4979;POINT Z (1 2 3)"})j"}) {
    const auto value = Read(text);
    ASSERT_TRUE(value.ok()) << text << ": " << Complaint(text);
    const std::string again = Typed(*value);
    const auto second = Read(again);
    ASSERT_TRUE(second.ok()) << again;
    EXPECT_EQ(Typed(*second), again);
    EXPECT_EQ(again.substr(0, 14), text.substr(0, 14));
  }
}

TEST(JsonValueTest, PlainJsonIsAValueToo) {
  const auto value =
      Read(R"({"a": [1, 2.5, "x", null, true], "b": {"$type": "Integer", "_value": "9"}})");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value->ToText(), "{a: [1, 2.5, 'x', null, true], b: 9}");
}

TEST(JsonValueTest, NumbersAreReadFromTheirText) {
  EXPECT_EQ(Read("9223372036854775807")->integer(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(Read("-9223372036854775808")->integer(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(Read("0.1")->floating(), 0.1);
  EXPECT_EQ(Read("2.2250738585072014e-308")->floating(), 2.2250738585072014e-308);
  EXPECT_TRUE(Read("1e3")->is_float());
  EXPECT_EQ(Complaint("9223372036854775808"),
            "the integer 9223372036854775808 does not fit 64 bits");
  EXPECT_EQ(Complaint("[1000000000000000000000000000000]"),
            "the integer 1000000000000000000000000000000 does not fit 64 bits");
}

TEST(JsonValueTest, EveryDoubleReadsBackToItself) {
  for (const double number : {5e-324, 1.7976931348623157e308, 0.30000000000000004, 123456789.125}) {
    const auto value = Read(Typed(Value::Float(number)));
    ASSERT_TRUE(value.ok());
    EXPECT_EQ(value->floating(), number);
  }
}

TEST(JsonValueTest, EscapedTextBecomesUtf8) {
  EXPECT_EQ(Read(R"("\u00fc\ud83d\ude00")")->string(), "ü😀");
}

TEST(JsonValueTest, WhatIsNoValueIsRefused) {
  EXPECT_EQ(Complaint(R"({"$type": "Integer"})"),
            "a typed value has exactly the members `$type`, a text, and `_value`");
  EXPECT_EQ(Complaint(R"({"$type": "Integer", "_value": "1.5"})"),
            "the `_value` of type Integer must be a text of decimal digits that fits 64 bits");
  EXPECT_EQ(Complaint(R"({"$type": "Wat", "_value": 1})"), "`Wat` is not a type of value");
  EXPECT_EQ(Complaint(R"({"$type": "Node", "_value": {}})"),
            "a Node cannot be sent: send its element id");
  EXPECT_NE(Complaint("{\"a\": "), "no error");
  EXPECT_NE(Complaint(""), "no error");
  EXPECT_NE(Complaint("1 2"), "no error");
  EXPECT_NE(Complaint("\"\xff\""), "no error");
  EXPECT_NE(Complaint(R"({"$type": "Date", "_value": "yesterday"})"), "no error");
}

TEST(JsonValueTest, DeepNestingIsAnErrorNotACrash) {
  EXPECT_NE(Complaint(std::string(100'000, '[')), "no error");
}

}  // namespace
}  // namespace kb::shell
