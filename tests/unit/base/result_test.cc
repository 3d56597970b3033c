// Goal: errors travel upwards as values, unchanged, through both macros.
// Method: a small function that fails on demand, called through each macro.
#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace rujukan {
namespace {

Result<std::unique_ptr<int>> Half(int value) {
  if (value % 2 != 0) {
    return Fail(Errc::kInvalid, "odd");
  }
  return std::make_unique<int>(value / 2);
}

Result<void> CheckEven(int value) {
  RETURN_IF_ERROR(Half(value));
  return {};
}

Result<int> Quarter(int value) {
  ASSIGN_OR_RETURN(const auto half, Half(value));
  ASSIGN_OR_RETURN(const auto quarter, Half(*half));
  return *quarter;
}

TEST(Result, CarriesMoveOnlyValuesAndErrors) {
  EXPECT_EQ(Quarter(12).value(), 3);
  EXPECT_EQ(Quarter(6).error().context, "odd");
  EXPECT_TRUE(CheckEven(2));
  EXPECT_EQ(CheckEven(3).error().code, Errc::kInvalid);
}

TEST(Result, EveryCodeHasAName) {
  for (int code = 0; code <= static_cast<int>(Errc::kFatal); ++code) {
    EXPECT_NE(ErrcName(static_cast<Errc>(code)), "unknown");
  }
  EXPECT_EQ((Error{Errc::kNotFound, "no such leg"}.ToString()), "not found: no such leg");
}

}  // namespace
}  // namespace rujukan
