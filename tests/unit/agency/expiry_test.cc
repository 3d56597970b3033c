// Goal: every threshold before the end of a certificate is told once, over restarts, and each key
// counts anew. Method: a directory with certificates of a year, and the clock.
#include "agents/agency/expiry.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "agents/agency/metrics.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kDayMs = 24LL * 3600 * 1000;

class ExpiryTest : public ::testing::Test {
 protected:
  ExpiryTest() : office_(world_, "dinsos.18") { office_.FollowDirectory(); }
  UnixMillis end() const { return office_.member_.signing_certificate.not_after(); }
  std::vector<ExpiryWarning> WarningsAt(UnixMillis now) {
    const auto endings = *ListEndings(office_.store_->directory(), office_.config_.address, now);
    return *office_.store_->Write(
        [&](Tables& tables) { return TakeWarnings(tables, endings, now); });
  }
  static size_t Count(const std::vector<ExpiryWarning>& warnings, const std::string& what) {
    return static_cast<size_t>(
        std::count_if(warnings.begin(), warnings.end(), [&](const ExpiryWarning& warning) {
          return warning.ending.what == what;
        }));
  }

  testing::World world_;
  Party office_;
};

TEST_F(ExpiryTest, ItListsTheAgencysOwnAndTheDomainsAuthorities) {
  const auto endings =
      *ListEndings(office_.store_->directory(), office_.config_.address, world_.now());
  ASSERT_EQ(endings.size(), 4U);
  EXPECT_EQ(endings[0].what, "signing");
  EXPECT_EQ(endings[1].what, "encryption");
  EXPECT_EQ(endings[2].what, "issuing_ca");
  EXPECT_EQ(endings[3].what, "root_ca");
  EXPECT_EQ(endings[0].next_step, "");
}

TEST_F(ExpiryTest, EachThresholdIsToldOnceAndAlsoOverARestart) {
  for (const int64_t days : kWarningDays) {
    EXPECT_EQ(Count(WarningsAt(end() - days * kDayMs - 1), "signing"), 0U) << days;
    const auto warnings = WarningsAt(end() - days * kDayMs);
    ASSERT_EQ(Count(warnings, "signing"), 1U) << days;
    EXPECT_EQ(warnings.front().days, days);
    office_.Reopen();
    EXPECT_EQ(Count(WarningsAt(end() - days * kDayMs + 1), "signing"), 0U) << days;
  }
}

TEST_F(ExpiryTest, AfterALongSilenceOnlyTheNearestThresholdIsTold) {
  const auto warnings = WarningsAt(end() - 10 * kDayMs);
  ASSERT_EQ(Count(warnings, "signing"), 1U);
  EXPECT_EQ(warnings.front().days, 14);
  EXPECT_EQ(warnings.front().ending.days_left, 10);
  EXPECT_NE(warnings.front().ending.next_step.find("rujukan-agent rotate"), std::string::npos);
}

TEST_F(ExpiryTest, WhatHasEndedSaysThatItHas) {
  const auto endings =
      *ListEndings(office_.store_->directory(), office_.config_.address, end() + 1);
  EXPECT_EQ(endings[0].days_left, -1);
  EXPECT_NE(endings[0].next_step.find("join"), std::string::npos);
}

TEST_F(ExpiryTest, TheEventHoldsNoKeyAndNamesTheDays) {
  const Json event = WarningJson(WarningsAt(end() - 14 * kDayMs).front(), "dinsos.18@x.example");
  EXPECT_EQ(event["event"], "sertifikat_akan_berakhir");
  EXPECT_EQ(event["hari"], 14);
  EXPECT_FALSE(event.contains("key"));
}

TEST_F(ExpiryTest, BeforeTheDirectoryWasFollowedThereIsNothingToTell) {
  Party newcomer(world_, "lpa.31");
  EXPECT_TRUE(
      ListEndings(newcomer.store_->directory(), newcomer.config_.address, world_.now())->empty());
}

TEST_F(ExpiryTest, StatusAndKeysAndMetricsShowTheEnds) {
  const Json status = office_.Get("/v1/status");
  EXPECT_EQ(status["certificates"].size(), 4U);
  EXPECT_EQ(status["rotation"]["state"], "NONE");
  const Json keys = office_.Get("/v1/keys");
  EXPECT_EQ(keys["certificates"][0]["days_left"], (end() - world_.now()) / kDayMs);
  const auto metrics = office_.Call("GET", "/metrics");
  EXPECT_EQ(metrics.status, 200);
  EXPECT_NE(
      metrics.body.find("rujukan_agent_certificate_not_after_seconds{certificate=\"signing\"} " +
                        std::to_string(end() / 1000)),
      std::string::npos);
  EXPECT_NE(metrics.body.find("rujukan_agent_link_state{state=\"CONNECTING\"} 1\n"),
            std::string::npos);
  EXPECT_NE(metrics.body.find("rujukan_agent_outbox_messages{stage=\"queued\"} 0\n"),
            std::string::npos);
}

}  // namespace
}  // namespace rujukan::agency
