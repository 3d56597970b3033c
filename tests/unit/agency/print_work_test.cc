// Goal: an officer reads in one language what waits, until when, and what to run; what another
// agency wrote draws no lines of its own.
#include "agents/agency/print_work.h"

#include <gtest/gtest.h>

#include <sstream>

#include "agents/agency/phrases.h"
#include "agents/agency/print.h"

namespace rujukan::agency {
namespace {

Json Item() {
  return {{"leg_id", "019a7c1e-0000-7000-8000-0000000000aa"},
          {"role", "PENERIMA"},
          {"peer", "uppa.18.01@lampung.example"},
          {"state", "SAMPAI"},
          {"clock_class", "TINGGI"},
          {"task", "CONFIRM"},
          {"command", "ack"},
          {"ours", true},
          {"due", "2026-11-22 00:28:04 WIB"},
          {"late_ms", 7'500'000},
          {"escalation", 1},
          {"told", {"dpppa.18@lampung.example"}},
          {"deadline", "KONFIRMASI"}};
}

std::string Printed(void (*print)(const Json&, std::ostream&), const Json& json, Lang lang) {
  std::ostringstream out;
  Speak(out, lang);
  print(json, out);
  return out.str();
}

TEST(PrintToday, SaysWhatWaitsUntilWhenAndWhatToRun) {
  const auto text = Printed(PrintToday, {{"items", {Item()}}}, Lang::kIndonesian);
  for (const char* part : {"TINGGI  buka dan konfirmasi (KONFIRMASI)",
                           "paling lambat 2026-11-22 00:28:04 WIB, terlambat 2h 5m",
                           "eskalasi 1, sudah diberi tahu: dpppa.18@lampung.example",
                           "rujukan-agent ack 019a7c1e-0000-7000-8000-0000000000aa"}) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  }
  EXPECT_EQ(text.find(" / "), std::string::npos) << text;
}

TEST(PrintToday, SpeaksEnglishOrBothWhenAsked) {
  const Json list = {{"items", {Item()}}};
  const auto english = Printed(PrintToday, list, Lang::kEnglish);
  EXPECT_NE(english.find("open and confirm"), std::string::npos);
  EXPECT_EQ(english.find("buka dan"), std::string::npos);
  EXPECT_NE(Printed(PrintToday, list, Lang::kBoth).find("buka dan konfirmasi / open and confirm"),
            std::string::npos);
}

TEST(PrintOverdue, TellsOursApartFromTheirs) {
  Json theirs = Item();
  theirs["ours"] = false;
  const auto text = Printed(PrintOverdue, {{"items", {Item(), theirs}}}, Lang::kEnglish);
  const size_t us = text.find("waits for us");
  const size_t them = text.find("the other side is waited for");
  ASSERT_NE(us, std::string::npos);
  ASSERT_NE(them, std::string::npos);
  EXPECT_LT(us, them);
  EXPECT_EQ(text.find("rujukan-agent", them), std::string::npos) << "nothing for us to run";
}

TEST(PrintWork, AnEmptyListSaysSo) {
  EXPECT_EQ(Printed(PrintToday, {{"items", Json::array()}}, Lang::kEnglish), "nothing waits\n");
  EXPECT_EQ(Printed(PrintOverdue, {{"items", Json::array()}}, Lang::kEnglish), "nothing is late\n");
  EXPECT_EQ(Printed(PrintFound, {{"legs", Json::array()}}, Lang::kEnglish), "nothing found\n");
  EXPECT_EQ(Printed(PrintTimers, {{"timers", Json::array()}}, Lang::kEnglish), "(empty)\n");
}

TEST(PrintWork, WhatOthersWroteStaysInItsLine) {
  Json item = Item();
  item["ref_anak"] = "LS-7Q2\n  bukti sah\x1b[2K";
  const auto text = Printed(PrintToday, {{"items", {item}}}, Lang::kBoth);
  EXPECT_EQ(text.find("\n  bukti sah"), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(PrintStatus, ShowsATargetOfNoticesThatFails) {
  const Json status = {
      {"pemberitahuan",
       {{{"sasaran", "surel"}, {"terkirim", 2}, {"gagal", 1}, {"galat", "it answered 550"}}}}};
  const auto text = Printed(PrintStatus, status, Lang::kEnglish);
  EXPECT_NE(text.find("surel: 2 told, 1 not told: it answered 550"), std::string::npos) << text;
}

}  // namespace
}  // namespace rujukan::agency
