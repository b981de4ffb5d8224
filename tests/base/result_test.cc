#include "schema/base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace kb {
namespace {

Result<int> Half(int number) {
  if (number % 2 != 0) return ArgumentError("{} is odd", number);
  return number / 2;
}

Result<int> Quarter(int number) {
  KB_ASSIGN(const int half, Half(number));
  return Half(half);
}

Result<void> MustBeEven(int number) {
  KB_TRY(Half(number));
  return {};
}

TEST(ResultTest, AssignBindsTheValueOrReturnsTheError) {
  EXPECT_EQ(Quarter(8).value(), 2);
  const Result<int> odd = Quarter(6);
  ASSERT_FALSE(odd.ok());
  EXPECT_EQ(odd.error().code(), ErrorCode::kArgument);
  EXPECT_EQ(odd.error().message(), "3 is odd");
}

TEST(ResultTest, TryPassesTheErrorOn) {
  EXPECT_TRUE(MustBeEven(2).ok());
  EXPECT_EQ(MustBeEven(1).error().message(), "1 is odd");
}

TEST(ResultTest, ValuesThatOnlyMoveAreMovedOut) {
  Result<std::unique_ptr<int>> made(std::make_unique<int>(7));
  const std::unique_ptr<int> taken = std::move(made).value();
  EXPECT_EQ(*taken, 7);
}

}  // namespace
}  // namespace kb
