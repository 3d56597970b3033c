// Goal: a moment is read exactly or not at all, and shown in the zone of who reads it.
#include "agents/agency/time_text.h"

#include <gtest/gtest.h>

namespace rujukan::agency {
namespace {

using ledger::Zone;

TEST(ParseMoment, ReadsWhatFormatTimeWritesInEveryZone) {
  constexpr UnixMillis kTime = 1'795'249'804'250;
  for (const int minutes : {0, 420, 480, 540, -330}) {
    EXPECT_EQ(*ParseMoment(FormatTime(kTime, minutes)), kTime) << minutes;
  }
}

TEST(ParseMoment, SecondsMayHaveAFractionAndUtcAZ) {
  EXPECT_EQ(*ParseMoment("1970-01-01T00:00:01Z"), 1000);
  EXPECT_EQ(*ParseMoment("1970-01-01T00:00:01.5Z"), 1500);
  EXPECT_EQ(*ParseMoment("1970-01-01T00:00:01.123456Z"), 1123);
  EXPECT_EQ(*ParseMoment("1970-01-01T07:00:00+07:00"), 0);
}

TEST(ParseMoment, RefusesEverythingElse) {
  for (const char* text : {"",
                           "2026-11-20",
                           "2026-11-20T15:30:00",
                           "2026-11-20 15:30:00+07:00",
                           "2026-02-30T15:30:00+07:00",
                           "2026-11-20T24:00:00+07:00",
                           "2026-11-20T15:60:00+07:00",
                           "2026-11-20T15:30:00.+07:00",
                           "2026-11-20T15:30:00+0700",
                           "2026-11-20T15:30:00+07:00 ",
                           "2026-11-20T15:30:00+24:00"}) {
    EXPECT_FALSE(ParseMoment(text)) << text;
  }
}

TEST(MomentIn, NamesTheZone) {
  const auto time = *ParseMoment("2026-11-21T17:28:04Z");
  EXPECT_EQ(MomentIn(Zone::kWib, time), "2026-11-22 00:28:04 WIB");
  EXPECT_EQ(MomentIn(Zone::kWita, time), "2026-11-22 01:28:04 WITA");
  EXPECT_EQ(MomentIn(Zone::kWit, time), "2026-11-22 02:28:04 WIT");
}

TEST(DurationText, InTheTwoLargestUnits) {
  EXPECT_EQ(DurationText(0), "0m");
  EXPECT_EQ(DurationText(59'999), "0m");
  EXPECT_EQ(DurationText(125 * 60'000), "2h 5m");
  EXPECT_EQ(DurationText((3 * 24 + 4) * 3'600'000), "3d 4h");
}

TEST(MomentsIn, ChangesWhatTheApiWroteAndNotWhatPeopleWrote) {
  const std::string written = "2026-11-22T00:28:04.000+07:00";
  Json json = {{"due", written},
               {"told", {written}},
               {"messages", {{{"stored_at", written}, {"isi", {{"waktu", written}}}}}},
               {"peer", "dinsos.18@lampung.example"}};
  MomentsIn(Zone::kWit, json);
  EXPECT_EQ(json["due"], "2026-11-22 02:28:04 WIT");
  EXPECT_EQ(json["told"][0], "2026-11-22 02:28:04 WIT");
  EXPECT_EQ(json["messages"][0]["stored_at"], "2026-11-22 02:28:04 WIT");
  EXPECT_EQ(json["messages"][0]["isi"]["waktu"], written);
  EXPECT_EQ(json["peer"], "dinsos.18@lampung.example");
}

}  // namespace
}  // namespace rujukan::agency
