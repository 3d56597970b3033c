// Goal: a policy decides as its document says, for those who see the content and for those who do
// not, and can say why. Method: small documents, one meaning each; the default one is in
// default_policy_test.cc.
#include "ledger/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ledger/policy_support.h"

namespace rujukan::ledger {
namespace {

using testing::Answer;
using testing::Ask;
using testing::Document;
using ::testing::ElementsAre;
using testing::MustParse;

Policy Of(std::string_view lines) {
  return MustParse(Document("types dinsos, rs, uppa, forum\n" + std::string(lines)));
}

constexpr char kReferral[] = "dinsos.18.71 rs.18.71 RUJUKAN_LAYANAN";

TEST(Policy, WhatNoRuleDecidesNeedsASupervisor) {
  const PolicyDecision decision = Of("").Evaluate(Ask(kReferral));
  EXPECT_EQ(decision.effect, Effect::kNeedsSupervisor);
  EXPECT_EQ(decision.rule, "P0");
  EXPECT_NE(decision.because.find("pengawas"), std::string::npos);
}

TEST(Policy, ADenyRuleComesBeforeADutyAndADutyBeforeAPermission) {
  constexpr std::string_view kAllow = "allow A1 from * to * kinds all -- \"x\"\n";
  constexpr std::string_view kDuty = "duty L1 from * to * kinds all -- \"x\"\n";
  constexpr std::string_view kDeny = "deny D1 to rs -- \"x\"\n";
  const auto with = [](std::initializer_list<std::string_view> lines) {
    std::string text;
    for (const std::string_view line : lines) {
      text += line;
    }
    return Answer(Of(text), kReferral);
  };
  EXPECT_EQ(with({kAllow}), "allowed A1");
  EXPECT_EQ(with({kDuty, kAllow}), "allowed L1");
  EXPECT_EQ(with({kDeny, kDuty, kAllow}), "denied D1");
}

TEST(Policy, TheFirstRuleThatAppliesDecidesAndSaysWhy) {
  const Policy policy =
      Of("allow A9 from uppa to * kinds all -- \"bukan\"\n"
         "allow A2 from dinsos to rs kinds all -- \"karena\"\n"
         "allow A1 from * to * kinds all -- \"nanti\"\n");
  const PolicyDecision decision = policy.Evaluate(Ask(kReferral));
  EXPECT_EQ(decision.rule, "A2");
  EXPECT_EQ(decision.because, "karena");
}

TEST(Policy, ATierIsPartOfAPartyUnlessNoneIsWritten) {
  const Policy policy =
      Of("allow A1 from dinsos/kab to rs kinds all -- \"x\"\n"
         "allow A2 from dinsos/prov to rs kinds all -- \"x\"\n"
         "allow A3 from dinsos/nas to rs kinds all -- \"x\"\n"
         "allow A4 from uppa to rs kinds all -- \"x\"\n");
  EXPECT_EQ(Answer(policy, "dinsos.18.71 rs RUJUKAN_LAYANAN"), "allowed A1");
  EXPECT_EQ(Answer(policy, "dinsos.18 rs RUJUKAN_LAYANAN"), "allowed A2");
  EXPECT_EQ(Answer(policy, "dinsos rs RUJUKAN_LAYANAN"), "allowed A3");
  EXPECT_EQ(Answer(policy, "uppa.18 rs RUJUKAN_LAYANAN"), "allowed A4");
}

TEST(Policy, AnAgencyOfUnknownAreaMeetsOnlyPartiesWithoutATier) {
  const Policy policy =
      Of("allow A1 from dinsos/nas, dinsos/prov, dinsos/kab to rs kinds all -- \"x\"\n"
         "allow A2 from dinsos to rs kinds all scope same or own-prov or parent or child -- \"x\"\n"
         "allow A3 from dinsos to uppa kinds all -- \"x\"\n");
  PolicyQuery query = Ask(kReferral);
  query.from.area = Area::OfRecord("bps:1871");
  EXPECT_EQ(Answer(policy, query), "supervisor P0");
  query.to.type = "uppa";
  EXPECT_EQ(Answer(policy, query), "allowed A3");
}

TEST(Policy, ATypeThatTheDocumentDoesNotKnowMeetsOnlyTheStar) {
  const Policy named = Of("allow A1 from dinsos, rs, uppa to rs kinds all -- \"x\"\n");
  EXPECT_EQ(Answer(named, "polres.18.71 rs.18.71 RUJUKAN_LAYANAN"), "supervisor P0");
  const Policy star = Of("allow A1 from * to rs kinds all -- \"x\"\n");
  EXPECT_EQ(Answer(star, "polres.18.71 rs.18.71 RUJUKAN_LAYANAN"), "allowed A1");
}

TEST(Policy, AGroupStandsForItsPartiesWithTheirTiers) {
  const Policy policy =
      Of("group g = dinsos/kab, uppa\n"
         "group h = @g, rs\n"
         "allow A1 from @h to @g kinds all -- \"x\"\n");
  EXPECT_EQ(Answer(policy, "rs.18.71 dinsos.18.71 PENITIPAN"), "allowed A1");
  EXPECT_EQ(Answer(policy, "rs.18.71 dinsos.18 PENITIPAN"), "supervisor P0");
  EXPECT_EQ(Answer(policy, "rs.18.71 uppa.18 PENITIPAN"), "allowed A1");
  EXPECT_EQ(Answer(policy, "forum.18.71 uppa.18 PENITIPAN"), "supervisor P0");
}

TEST(Policy, CasesAreAllKindsButNotifications) {
  const Policy policy =
      Of("deny D3 to forum kinds cases -- \"x\"\n"
         "allow A1 from * to * kinds all -- \"x\"\n");
  for (int code = 1; code <= v1::ReferralType::Code_MAX; ++code) {
    PolicyQuery query = Ask("dinsos.18 forum.18 RUJUKAN");
    query.jenis = static_cast<v1::ReferralType::Code>(code);
    EXPECT_EQ(Answer(policy, query), "denied D3") << code;
    query.to.type = "rs";
    EXPECT_EQ(Answer(policy, query), "allowed A1") << code;
  }
  EXPECT_EQ(Answer(policy, "dinsos.18 forum.18 PEMBERITAHUAN"), "allowed A1");
}

TEST(Policy, AKindThatIsNotKnownMayBeForbiddenButNeverIsAllowed) {
  const Policy policy =
      Of("deny D1 when target-suspended -- \"x\"\n"
         "deny D3 to forum kinds cases -- \"x\"\n"
         "duty L1 from * to uppa kinds all -- \"x\"\n"
         "allow A1 from * to * kinds all -- \"x\"\n");
  for (const int code : {0, v1::ReferralType::Code_MAX + 1, 31, 1000, -1}) {
    PolicyQuery query = Ask(kReferral);
    query.jenis = static_cast<v1::ReferralType::Code>(code);
    EXPECT_EQ(Answer(policy, query), "supervisor P0") << code;
    query.to.type = "uppa";
    EXPECT_EQ(Answer(policy, query), "supervisor P0") << code;
    query.to.type = "forum";
    EXPECT_EQ(Answer(policy, query), "denied D3") << code;
    query.to = Ask(std::string(kReferral) + " target-suspended").to;
    EXPECT_EQ(Answer(policy, query), "denied D1") << code;
  }
}

struct ScopeCase {
  const char* scope;
  const char* question;
  bool holds;
};

TEST(Policy, AScopeIsHowTheRegionsRelate) {
  const std::vector<ScopeCase> cases = {
      {"any", "dinsos.18.71 rs.31.75 PENITIPAN", true},
      {"same", "dinsos.18.71 rs.18.71.001 PENITIPAN", true},
      {"same", "dinsos.18.71 rs.18.72.001 PENITIPAN", false},
      {"own-prov", "dinsos.18.71 rs.18.72.001 PENITIPAN", true},
      {"own-prov", "dinsos.18.71 rs.31.75.001 PENITIPAN", false},
      {"parent", "dinsos.18.71 rs.18.001 PENITIPAN", true},
      {"parent", "dinsos.18 rs.18.71.001 PENITIPAN", false},
      {"child", "dinsos.18 rs.18.71.001 PENITIPAN", true},
      {"child", "dinsos.18 rs.31.75.001 PENITIPAN", false},
      {"catchment", "dinsos.18 rs.31.75.001 PENITIPAN catchment", true},
      {"catchment", "dinsos.18 rs.18.71.001 PENITIPAN", false},
      {"agreement", "dinsos.18.71 rs.31.75.001 PENITIPAN agreement", true},
      {"agreement", "dinsos.18.71 rs.18.71.001 PENITIPAN", false},
      {"agreement", "dinsos.18.71 rs.31.75.001 PENITIPAN agreement-expired", false},
      {"same or parent", "dinsos.18.71 rs.18.71.001 PENITIPAN", true},
      {"same or parent", "dinsos.18.71 rs.18.001 PENITIPAN", true},
      {"same or parent", "dinsos.18.71 rs.18.72.001 PENITIPAN", false},
  };
  for (const ScopeCase& one : cases) {
    const std::string scope(one.scope);
    const Policy policy = Of("allow A1 from * to * kinds all scope " + scope + " -- \"x\"\n");
    EXPECT_EQ(Answer(policy, one.question), one.holds ? "allowed A1" : "supervisor P0")
        << scope << ": " << one.question;
  }
}

TEST(Policy, ACatchmentCoversTheSenderWholly) {
  const Policy policy = Of("allow A1 from * to * kinds all scope catchment -- \"x\"\n");
  PolicyQuery query = Ask("dinsos.18 rs.31.75.001 RUJUKAN_LAYANAN");
  query.to.catchment = {*Area::Parse("31"), *Area::Parse("18.71")};
  EXPECT_EQ(Answer(policy, query), "supervisor P0");
  query.to.catchment.push_back(*Area::Parse("18"));
  EXPECT_EQ(Answer(policy, query), "allowed A1");
}

TEST(Policy, AnAgreementIsInForceUntilTheInstantItNamesOnBothSides) {
  const Policy policy =
      Of("deny D10 when agreement-expired -- \"x\"\n"
         "allow A1 from * to * kinds all scope agreement -- \"x\"\n");
  PolicyQuery query = Ask(kReferral);
  query.from.agreements = {{"pks-1", 1000}};
  EXPECT_EQ(Answer(policy, query), "supervisor P0") << "of one side only";
  query.to.agreements = {{"pks-2", 1000}};
  EXPECT_EQ(Answer(policy, query), "supervisor P0") << "two different ones";
  query.to.agreements = {{"pks-2", 1000}, {"pks-1", 2000}};
  query.now = 999;
  EXPECT_EQ(Answer(policy, query), "allowed A1");
  query.now = 1000;
  EXPECT_EQ(Answer(policy, query), "denied D10") << "the earlier end counts";
  query.from.agreements.push_back({"pks-3", 2000});
  query.to.agreements.push_back({"pks-3", 2000});
  EXPECT_EQ(Answer(policy, query), "allowed A1") << "another one is in force";
}

TEST(Policy, AnEmergencyLiftsTiersAndScopeOfTheRulesThatSaySo) {
  const Policy policy =
      Of("allow A1 from dinsos/kab to rs/kab kinds PENITIPAN scope same emergency-lifts-tier -- "
         "\"x\"\n"
         "allow A2 from uppa/kab to rs/kab kinds PENITIPAN scope same -- \"x\"\n");
  EXPECT_EQ(Answer(policy, "dinsos.18.71 rs.31 PENITIPAN"), "supervisor P0");
  EXPECT_EQ(Answer(policy, "dinsos.18.71 rs.31 PENITIPAN emergency"), "allowed A1");
  EXPECT_EQ(Answer(policy, "dinsos.18 rs.18.71 PENITIPAN emergency"), "allowed A1");
  EXPECT_EQ(Answer(policy, "dinsos.18.71 uppa.18.71 PENITIPAN emergency"), "supervisor P0");
  EXPECT_EQ(Answer(policy, "dinsos.18.71 rs.18.71 PEMULANGAN emergency"), "supervisor P0");
  EXPECT_EQ(Answer(policy, "uppa.18.71 rs.31.75 PENITIPAN emergency"), "supervisor P0");
}

TEST(Policy, SomeRulesHoldOnlyInAnEmergency) {
  const Policy policy = Of("allow A1 from * to rs kinds all when emergency -- \"x\"\n");
  EXPECT_EQ(Answer(policy, kReferral), "supervisor P0");
  EXPECT_EQ(Answer(policy, std::string(kReferral) + " emergency"), "allowed A1");
}

TEST(Policy, AnEmergencyNeverWidensADenyRule) {
  const Policy policy =
      Of("deny D1 from dinsos/kab to rs/kab -- \"x\"\n"
         "allow A1 from * to * kinds all -- \"x\"\n");
  EXPECT_EQ(Answer(policy, "dinsos.18.71 rs.18.71 PENITIPAN emergency"), "denied D1");
  EXPECT_EQ(Answer(policy, "dinsos.18 rs.18.71 PENITIPAN emergency"), "allowed A1");
}

TEST(Policy, WhatCannotBeSeenHereIsNotDecidedHere) {
  const Policy policy =
      Of("deny D2 when target-must-not-know -- \"x\"\n"
         "deny D4 when no-basis -- \"x\"\n"
         "deny D6 when photo-of-child -- \"x\"\n"
         "deny D7 when detention-placement -- \"x\"\n"
         "deny D8 when placement-without-gatekeeping -- \"x\"\n"
         "deny D9 when key-not-valid -- \"x\"\n"
         "allow A1 from * to * kinds all -- \"x\"\n");
  const std::vector<std::pair<std::optional<bool> ContentFacts::*, const char*>> facts = {
      {&ContentFacts::target_must_not_know, "denied D2"},
      {&ContentFacts::no_basis, "denied D4"},
      {&ContentFacts::photo_of_child, "denied D6"},
      {&ContentFacts::detention_placement, "denied D7"},
      {&ContentFacts::placement_without_gatekeeping, "denied D8"},
      {&ContentFacts::key_not_valid, "denied D9"},
  };
  for (const auto& [fact, denied] : facts) {
    PolicyQuery query = Ask(kReferral);
    query.facts = ContentFacts();
    EXPECT_EQ(Answer(policy, query), "allowed A1") << "nothing is seen";
    query.facts.*fact = false;
    EXPECT_EQ(Answer(policy, query), "allowed A1") << denied;
    query.facts.*fact = true;
    EXPECT_EQ(Answer(policy, query), denied);
  }
}

TEST(Policy, TopSecretNeedsAClearedRecipientAndLesserClassesDoNot) {
  const Policy policy =
      Of("deny D5 when top-secret-without-clearance -- \"x\"\n"
         "allow A1 from * to * kinds all -- \"x\"\n");
  PolicyQuery query = Ask(kReferral);
  for (const auto classification :
       {v1::Classification::B, v1::Classification::T, v1::Classification::R}) {
    query.classification = classification;
    EXPECT_EQ(Answer(policy, query), "allowed A1");
  }
  query.classification = v1::Classification::SR;
  query.from.sr_clearance = true;
  EXPECT_EQ(Answer(policy, query), "denied D5") << "the sender's clearance does not count";
  query.to.sr_clearance = true;
  EXPECT_EQ(Answer(policy, query), "allowed A1");
}

TEST(Policy, AReferralOfUnseenKindIsAllowedIfAnyKindWouldBe) {
  const Policy policy = Of("allow A1 from dinsos to rs kinds PENITIPAN -- \"x\"\n");
  EXPECT_EQ(Answer(policy, "dinsos.18.71 rs.18.71 RUJUKAN"), "allowed A1");
  EXPECT_EQ(Answer(policy, "dinsos.18.71 rs.18.71 PEMBERITAHUAN"), "supervisor P0");
  const Policy notices = Of("allow A1 from dinsos to rs kinds PEMBERITAHUAN -- \"x\"\n");
  EXPECT_EQ(Answer(notices, "dinsos.18.71 rs.18.71 RUJUKAN"), "supervisor P0");
}

TEST(Policy, AReferralOfUnseenKindIsDeniedOnlyIfEveryKindIs) {
  constexpr std::string_view kHalf =
      "deny D1 kinds RUJUKAN_LAYANAN, PELIMPAHAN_KASUS, PENITIPAN -- \"x\"\n";
  constexpr std::string_view kOtherHalf =
      "deny D2 kinds PEMULANGAN, PERMINTAAN_LAPORAN, LAPORAN_AWAL -- \"x\"\n";
  const std::string half(kHalf);
  EXPECT_EQ(Answer(Of(half + "allow A1 from * to * kinds PENITIPAN, PEMULANGAN -- \"x\"\n"),
                   "dinsos.18.71 rs.18.71 RUJUKAN"),
            "allowed A1");
  EXPECT_EQ(Answer(Of(half + "allow A1 from * to * kinds PENITIPAN -- \"x\"\n"),
                   "dinsos.18.71 rs.18.71 RUJUKAN"),
            "supervisor P0")
      << "the only kind allowed is one denied";
  EXPECT_EQ(Answer(Of(half + std::string(kOtherHalf) + "allow A1 from * to * kinds all -- \"x\"\n"),
                   "dinsos.18.71 rs.18.71 RUJUKAN"),
            "denied D2");
}

TEST(Policy, ADutySparesOnlyTheKindsItDemands) {
  const Policy policy =
      Of("deny D10 when agreement-expired unless-duty -- \"x\"\n"
         "duty L1 from dinsos to uppa kinds LAPORAN_AWAL -- \"x\"\n"
         "allow A1 from * to * kinds all -- \"x\"\n");
  EXPECT_EQ(Answer(policy, "dinsos.18 uppa.18 LAPORAN_AWAL agreement-expired"), "allowed L1");
  EXPECT_EQ(Answer(policy, "dinsos.18 uppa.18 PENITIPAN agreement-expired"), "denied D10");
  EXPECT_EQ(Answer(policy, "dinsos.18 rs.18 LAPORAN_AWAL agreement-expired"), "denied D10");
  EXPECT_EQ(Answer(policy, "dinsos.18 uppa.18 RUJUKAN agreement-expired"), "allowed L1");
}

std::vector<std::string> Reasons(const Policy& policy, const PolicyQuery& query) {
  std::vector<std::string> lines;
  for (const PolicyStep& step : policy.Explain(query)) {
    lines.push_back(step.rule + " " + std::string(MissText(step.miss)));
  }
  return lines;
}

TEST(PolicyExplanation, NamesEveryRuleLookedAtUpToTheOneThatDecides) {
  const Policy policy =
      Of("deny D1 when target-suspended -- \"x\"\n"
         "deny D2 when target-must-not-know -- \"x\"\n"
         "deny D3 kinds PEMULANGAN -- \"x\"\n"
         "deny D10 when agreement-expired unless-duty -- \"x\"\n"
         "duty L1 from uppa to rs kinds all -- \"x\"\n"
         "allow A1 from dinsos to uppa kinds all -- \"x\"\n"
         "allow A2 from dinsos to rs kinds PENITIPAN -- \"x\"\n"
         "allow A3 from dinsos to rs kinds all scope parent -- \"x\"\n"
         "allow A4 from dinsos to rs kinds all -- \"x\"\n"
         "allow A5 from * to * kinds all -- \"x\"\n");
  PolicyQuery query = Ask(kReferral);
  query.facts.target_must_not_know.reset();
  EXPECT_THAT(
      Reasons(policy, query),
      ElementsAre("D1 its condition does not hold",
                  "D2 its condition cannot be seen here; whoever sees the content decides it",
                  "D3 it is about other kinds",
                  "D10 its condition does not hold",
                  "L1 the sender is not one of its senders",
                  "A1 the recipient is not one of its recipients",
                  "A2 it is about other kinds",
                  "A3 the regions of sender and recipient do not relate as it asks",
                  "A4 applies"));
}

TEST(PolicyExplanation, TellsOfPartsOfDutiesAndOfTheSupervisor) {
  const Policy policy =
      Of("deny D3 kinds PEMULANGAN -- \"x\"\n"
         "deny D10 when agreement-expired unless-duty -- \"x\"\n"
         "duty L1 from dinsos to uppa kinds LAPORAN_AWAL -- \"x\"\n");
  EXPECT_THAT(
      Reasons(policy, Ask("dinsos.18 uppa.18 LAPORAN_AWAL agreement-expired")),
      ElementsAre(
          "D3 it is about other kinds", "D10 a legal duty demands this referral", "L1 applies"));
  EXPECT_THAT(Reasons(policy, Ask("dinsos.18 rs.18 RUJUKAN")),
              ElementsAre("D3 denies some of the kinds that this referral may have, not all",
                          "D10 its condition does not hold",
                          "L1 the recipient is not one of its recipients",
                          "P0 applies"));
}

}  // namespace
}  // namespace rujukan::ledger
