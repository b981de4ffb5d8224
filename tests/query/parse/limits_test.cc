// Limits that take too long a text for a script.
#include "schema/base/limits.h"

#include <gtest/gtest.h>

#include <string>

#include "query/parse/parser.h"

namespace kb::query::parse {
namespace {

Error ErrorOf(const std::string& text) {
  const auto parsed = Parse(text);
  return parsed.ok() ? InternalError("no error") : parsed.error();
}

TEST(LimitsTest, ALongNameIsAnErrorUnderTheName) {
  const Error error =
      ErrorOf("MATCH (" + std::string(limits::kNameBytesMax + 1, 'a') + ") RETURN 1");
  EXPECT_EQ(error.code(), ErrorCode::kLimit);
  EXPECT_EQ(error.message(), "a name has 65536 bytes, at most 65535");
  EXPECT_EQ(error.span(), (Span{7, 7 + 65'536}));
}

TEST(LimitsTest, ALongStatementSaysWhatToDoInstead) {
  const Error error = ErrorOf(std::string(limits::kStatementBytesMax + 1, ' '));
  EXPECT_EQ(error.code(), ErrorCode::kLimit);
  EXPECT_EQ(error.message(), "the statement has 67108865 bytes, at most 67108864");
  EXPECT_EQ(error.hint(), "pass data as parameters, or import it");
}

TEST(LimitsTest, BytesThatAreNoTextAreAnErrorAtTheFirst) {
  const Error error = ErrorOf("RETURN 'a\xFF'");
  EXPECT_EQ(error.message(), "the text is not valid UTF-8 at byte 9");
  EXPECT_EQ(error.span(), (Span{9, 10}));
}

}  // namespace
}  // namespace kb::query::parse
