// Goal: an admin holds a leg and says why; lifting takes two where the rule is on, and the second
// sees which hold it is. Method: command lines of two admins over a broker in memory with the real
// fold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/admin/governing.h"
#include "base/limits.h"
#include "ledger/records.h"
#include "tests/unit/admin/founded_domain.h"
#include "tests/unit/admin/members.h"

namespace rujukan::admin {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

constexpr char kLeg[] = "01931c3e-7a50-7c11-8b1e-6f2d9c0a4e77";

class HoldCommands : public testing::FoundedDomain {
 protected:
  HoldCommands() : FoundedDomain({AddHoldCommands, AddRuleCommands}) {}

  bool Held() const {
    const auto hold = ledger::ReadHold(broker->view(), *ParseUuid(kLeg));
    return hold && *hold;
  }
  const std::string second_home = root + "/admin-02";
};

TEST_F(HoldCommands, AHoldIsPlacedListedAndLifted) {
  EXPECT_EQ(Run({"hold", kLeg}).exit_code, kExitUsage);  // it says why
  EXPECT_EQ(Answer({"hold", kLeg, "--note", "perkara 12"})["waits"], false);
  EXPECT_TRUE(Held());
  const Json holds = Answer({"holds"});
  ASSERT_EQ(holds.size(), 1u);
  EXPECT_EQ(holds[0]["leg_id"], kLeg);
  EXPECT_EQ(holds[0]["note"], "perkara 12");
  EXPECT_EQ(holds[0]["by"], "admin.01@lampung.example");
  EXPECT_EQ(Run({"hold", kLeg, "--note", "lagi"}).exit_code, kExitFailed);
  EXPECT_EQ(Run({"lift-hold", kLeg, "--note", "inkracht"}).exit_code, kExitOk);
  EXPECT_FALSE(Held());
  EXPECT_EQ(Answer({"holds"}).size(), 0u);
}

TEST_F(HoldCommands, WhatIsNotHeldIsNotLiftedAndWhatIsNoLegIsNotHeld) {
  EXPECT_THAT(Run({"lift-hold", kLeg, "--note", "x"}).error, HasSubstr("under no hold"));
  EXPECT_EQ(Run({"hold", "leg-12", "--note", "x"}).exit_code, kExitFailed);
  EXPECT_EQ(Run({"hold", kLeg, "--note", std::string(limits::kNoteBytesMax + 1, 'n')}).exit_code,
            kExitFailed);
  EXPECT_FALSE(Held());
}

TEST_F(HoldCommands, LiftingTakesTwoWhereTheRuleIsOn) {
  const auto keys =
      testing::BringInMember(home, *broker, {"admin.02@lampung.example", v1::Role::ADMIN});
  WriteHomeOf(keys, home, *broker, second_home);
  Answer({"rules", "--two-admins", "on"});
  EXPECT_EQ(Answer({"hold", kLeg, "--note", "perkara 12"})["waits"], false);  // at night, by one
  EXPECT_EQ(Answer({"lift-hold", kLeg, "--note", "inkracht"})["waits"], true);
  EXPECT_TRUE(Held());
  const std::string shown = RunAt(second_home, {"proposals"}, /*json=*/false).text;
  EXPECT_THAT(shown, HasSubstr(kLeg));
  EXPECT_THAT(shown, HasSubstr("perkara 12"));
  const Json waiting = Json::parse(RunAt(second_home, {"proposals"}).text);
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(RunAt(second_home, {"confirm", waiting[0]["id"]}).exit_code, kExitOk);
  EXPECT_FALSE(Held());
}

}  // namespace
}  // namespace rujukan::admin
