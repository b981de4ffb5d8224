// A request means the same whether it is read straight from its line or by way of a tree.
#include "kb/shell/request.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace kb::shell {
namespace {

/// Everything that a reader makes of a line, as one text.
std::string Told(Result<void> (*read)(std::string_view, Request*), std::string_view line) {
  Request request;
  const auto outcome = read(line, &request);
  if (!outcome.ok()) return "error: " + outcome.error().message() + outcome.error().hint();
  std::string told = request.statement;
  for (const auto& [name, value] : request.parameters) {
    told += "|" + name + "=" + std::string(schema::KindName(value.kind())) + " " + value.ToText();
  }
  if (request.procedure) told += "|procedure " + request.procedure->signature;
  return told;
}

std::string Straight(std::string_view line) { return Told(ReadRequest, line); }
std::string ByTree(std::string_view line) { return Told(ReadRequestByTree, line); }

TEST(RequestTest, APlainRequestIsATextAndItsParameters) {
  EXPECT_EQ(Straight(R"({"statement": "RETURN $a", "parameters": {"a": [1, "x", null, true]}})"),
            "RETURN $a|a=List [1, 'x', null, true]");
  EXPECT_EQ(Straight(R"({"parameters":null,"statement":"RETURN 'a\n\"\\ü'"})"),
            "RETURN 'a\n\"\\ü'");
}

const std::vector<std::string> kLines = {
    R"({"statement": ""})",
    R"( { "statement" : "RETURN 1" , "parameters" : { } } )",
    R"({"statement": "RETURN 1", "parameters": {"a": 0, "b": -0, "c": -17, "d": ""}})",
    R"({"statement": "s", "parameters": {"a": 9223372036854775807, "b": -9223372036854775808}})",
    R"({"statement": "s", "parameters": {"a": 9223372036854775808}})",
    R"({"statement": "s", "parameters": {"a": 01}})",
    R"({"statement": "s", "parameters": {"a": -01}})",
    R"({"statement": "s", "parameters": {"a": -}})",
    R"({"statement": "s", "parameters": {"a": 1.5, "b": 1e3, "c": 1.}})",
    R"({"statement": "s", "parameters": {"a": 1.5, "b": 1e3, "c": 1E-2}})",
    R"({"statement": "s", "parameters": {"a": 1x}})",
    R"({"statement": "s", "parameters": {"a": +1}})",
    R"({"statement": "s", "parameters": {"a": [], "b": [[1], [[2]]], "c": [1, ]}})",
    R"({"statement": "s", "parameters": {"a": [], "b": [[1], [[2]]], "c": [ 1 , 2 ]}})",
    R"({"statement": "s", "parameters": {"a": [[[[[[[[[[[[[[1]]]]]]]]]]]]]]}})",
    R"({"statement": "s", "parameters": {"a": {"b": 1, "b": 2}}})",
    R"({"statement": "s", "parameters": {"a": {"$type": "Integer", "_value": "7"}}})",
    R"({"statement": "s", "parameters": {"a": {"$type": "Wat", "_value": "7"}}})",
    R"({"statement": "s", "parameters": {"a": 1, "b": 2, "a": 3}})",
    R"({"statement": "s", "parameters": {"a": nul}})",
    R"({"statement": "s", "parameters": {"a": nulls}})",
    R"({"statement": "s", "parameters": {"a": truefalse}})",
    R"({"statement": "s", "parameters": {,}})",
    R"({"statement": "s", "parameters": {"a": 1,}})",
    R"({"statement": "s", "parameters": []})",
    R"({"statement": "s", "parameters": nullx})",
    R"({"statement": "s", "statement": "t"})",
    R"({"statement": "s", "parameters": {"a": 1}, "parameters": {"b": 1}})",
    R"({"statement": "s", "other": 1})",
    R"({"statement": 1})",
    R"({"statement": "s",})",
    R"({"statement": "s"} x)",
    R"({"statement": "s")",
    R"({"statement": "s)",
    R"({"statement": "s\)",
    R"({"statement": "s\x"})",
    R"({"statement": "\"\\\/\b\f\n\r\t", "parameters": {"\"\\\/\b\f\n\r\t": "\"\\\/\b\f\n\r\t"}})",
    R"({"statement": "\u00fc\ud83d\ude00", "parameters": {"\u0061": "\u0000"}})",
    R"({"statement": "ü😀", "parameters": {"ü": "😀"}})",
    "{\"statement\": \"\xff\"}",
    "{\"statement\": \"\xc3\\n\xbc\"}",
    "{\"statement\": \"\xed\xa0\x80\"}",
    "{\"statement\": \"\xc0\x80\"}",
    "{\"statement\": \"\xf4\x90\x80\x80\"}",
    "{\"statement\": \"s\", \"parameters\": {\"a\": \"\xff\"}}",
    "{\"statement\": \"a\tb\"}",
    std::string("{\"statement\": \"a\0b\"}", 20),
    "{\"statement\": \"a\x7f\"}",
    "\t{\"statement\"\t:\r\"s\"}\r",
    "\v{\"statement\": \"s\"}",
    "\xef\xbb\xbf{\"statement\": \"s\"}",
    R"j({"procedure": {"signature": "p() :: ()", "rows": []}})j",
    R"j({"statement": "s", "procedure": {"signature": "p() :: ()", "rows": []}})j",
    R"({"parameters": {"a": 1}})",
    "{}",
    "[]",
    "null",
    "",
    " ",
    "{",
    "{{",
};

TEST(RequestTest, EveryLineIsReadAlikeInBothWays) {
  for (const std::string& line : kLines) EXPECT_EQ(Straight(line), ByTree(line)) << line;
}

TEST(RequestTest, EveryBeginningOfALineIsReadAlikeInBothWays) {
  for (const std::string& line : kLines) {
    for (std::size_t size = 0; size < line.size(); ++size) {
      const std::string_view part = std::string_view(line).substr(0, size);
      EXPECT_EQ(Straight(part), ByTree(part)) << part;
    }
  }
}

TEST(RequestTest, ManyParametersAreReadAlikeInBothWays) {
  for (const int count : {31, 32, 33, 100}) {
    std::string line = R"({"statement": "s", "parameters": {)";
    for (int i = 0; i < count; ++i) {
      line += (i == 0 ? "\"p" : ", \"p") + std::to_string(i) + "\": " + std::to_string(i);
    }
    line += "}}";
    EXPECT_EQ(Straight(line), ByTree(line)) << count;
  }
}

}  // namespace
}  // namespace kb::shell
