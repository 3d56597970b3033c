// Goal: nobody is refused without being told what to do. Method: every reason of the schema has
// advice.
#include "ledger/refusal.h"

#include <gtest/gtest.h>

namespace rujukan::ledger {
namespace {

TEST(Refusal, EveryReasonOfTheSchemaHasAdviceOfItsOwn) {
  for (int code = v1::RefusalReason::Code_MIN; code <= v1::RefusalReason::Code_MAX; ++code) {
    if (v1::RefusalReason::Code_IsValid(code)) {
      const auto advice = AdviceFor(static_cast<v1::RefusalReason::Code>(code));
      EXPECT_EQ(advice.find("unknown reason"), std::string_view::npos) << code;
    }
  }
}

TEST(Refusal, TravelsAsAnErrorAndComesBackWhole) {
  const Result<void> carried = Refuse(v1::RefusalReason::MAILBOX_FULL, "full");
  const Verdict<void> verdict = ToVerdict(carried);
  ASSERT_TRUE(verdict.has_value());
  ASSERT_FALSE(verdict->has_value());
  EXPECT_EQ(verdict->error().reason, v1::RefusalReason::MAILBOX_FULL);
  EXPECT_EQ(verdict->error().advice, "full");
}

TEST(Refusal, AFailureOfTheViewStaysAnError) {
  const Verdict<void> verdict = ToVerdict(Result<void>(Fail(Errc::kFatal, "disk")));
  ASSERT_FALSE(verdict.has_value());
  EXPECT_EQ(verdict.error().code, Errc::kFatal);
}

}  // namespace
}  // namespace rujukan::ledger
