// Goal: a trail's page needs nothing else, obeys nothing that others wrote, and says what it draws;
// the command writes it. Method: trails of a World, and one made up to attack.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "agents/audit/trail.h"
#include "tests/unit/audit/command_line.h"
#include "tests/unit/audit/trail_fixture.h"

namespace rujukan::audit {
namespace {

using ::testing::HasSubstr;
using testing::kHour;
using testing::MakeLog;
using ::testing::Not;
using testing::RunAudit;
using testing::TrailTest;
using K = v1::Kind;
using R = v1::RefusalReason;

class TrailPageTest : public TrailTest {};

TEST_F(TrailPageTest, WhatOthersWroteIsShownWithoutBeingObeyed) {
  Trail trail;
  TrailEvent event;
  event.who = "dinsos\x1b[1A\nVERIFIED";
  event.kind = "TERIMA";
  event.note = "<script>alert(1)</script>\"'&";
  trail.events.push_back(event);
  EXPECT_THAT(TrailAsText(trail), HasSubstr("dinsos\\x1b[1A\\nVERIFIED"));
  const std::string page = TrailAsHtml(trail);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
}

TEST_F(TrailPageTest, ThePageNeedsNothingElseAndSaysWhatItDraws) {
  Open();
  Refuse(InLeg("dinsos.18", "uppa.18.01", K::RINCIAN, 1), R::ILLEGAL_TRANSITION);
  LaterBy(9 * kHour);
  const std::string page = TrailAsHtml(OfLeg());
  for (const char* outside : {"://", "src=", "href=", "url(", "@import", "<script"}) {
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  }
  EXPECT_THAT(page, HasSubstr("<svg"));
  EXPECT_THAT(page, HasSubstr("<title id=\"t1\">"));
  EXPECT_THAT(page, HasSubstr("aria-describedby"));
  EXPECT_THAT(page, HasSubstr("BATAS_KONFIRMASI"));
  EXPECT_THAT(page, HasSubstr("ILLEGAL_TRANSITION"));
}

TEST_F(TrailPageTest, TheCommandWritesThePageAndAnswersAsJson) {
  Open();
  const std::string directory = testing::MakeTemporaryDirectory();
  testing::WriteFiles(MakeLog(world.entries(), world.log()), directory);
  const std::string leg = FormatUuid(opening.leg_id());
  const Output output = RunAudit(
      {"trail", leg, "--ledger", directory, "--json", "--html", directory + "/trail.html"});
  ASSERT_EQ(output.exit_code, kExitOk) << output.error;
  const auto json = nlohmann::json::parse(output.text);
  EXPECT_EQ(json["leg_id"], leg);
  EXPECT_EQ(json["events"][0]["class"], "message");
  EXPECT_EQ(json["in_force"]["parties"].size(), 2u);
  EXPECT_TRUE(std::filesystem::exists(directory + "/trail.html"));
  EXPECT_EQ(RunAudit({"trail", leg, "--ledger", directory, "--from", "yesterday"}).exit_code,
            kExitFailed);
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace rujukan::audit
