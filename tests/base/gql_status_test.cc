#include "schema/base/gql_status.h"

#include <gtest/gtest.h>

namespace kb {
namespace {

TEST(GqlStatusTest, ErrorsOfTheTextSayWhetherItsFormOrItsNamesAreWrong) {
  EXPECT_EQ(GqlStatus(SyntaxError("x").Detail("UnexpectedSyntax")), "42001");
  EXPECT_EQ(GqlStatus(SyntaxError("x").Detail("UndefinedVariable")), "42002");
  EXPECT_EQ(GqlStatus(SyntaxError("x").Detail("IntegerOverflow")), "22003");
  EXPECT_EQ(GqlStatus(ProcedureError("x").Detail("ProcedureNotFound")), "42002");
  EXPECT_EQ(GqlStatus(UnsupportedError("x")), "42000");
}

TEST(GqlStatusTest, ErrorsOfValuesSayWhich) {
  EXPECT_EQ(GqlStatus(ArithmeticError("x").Detail("DivisionByZero")), "22012");
  EXPECT_EQ(GqlStatus(TypeError("x")), "22G03");
  EXPECT_EQ(GqlStatus(ArgumentError("x")), "22000");
  EXPECT_EQ(GqlStatus(ConstraintError("x").Detail("DeleteConnectedNode")), "G1001");
  EXPECT_EQ(GqlStatus(ConstraintError("x")), "G2000");
}

TEST(GqlStatusTest, EveryCodeHasFiveCharacters) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::kInternal); ++code) {
    EXPECT_EQ(GqlStatus(Error(static_cast<ErrorCode>(code), "x")).size(), 5u) << code;
  }
  EXPECT_EQ(GqlStatus(Notice{Notice::Kind::kUnknownLabel, "x", "", {}}).substr(0, 2), "01");
}

}  // namespace
}  // namespace kb
