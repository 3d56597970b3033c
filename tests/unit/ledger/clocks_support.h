// Moments as people write them, for tests about clocks: WorkingTime's own arithmetic stays out of
// what is expected of it.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/clock.h"
#include "ledger/clocks_text.h"

namespace rujukan::ledger::testing {

// "2026-11-27 16:30" on the clocks of the zone.
inline UnixMillis At(const std::string& text, Zone zone = Zone::kWib) {
  const auto day = ParseDate(text.substr(0, 10));
  EXPECT_TRUE(day.has_value()) << text;
  const int64_t minutes = std::stoi(text.substr(11, 2)) * 60 + std::stoi(text.substr(14, 2));
  return day.value_or(0) * kDayMs + (minutes - OffsetMinutes(zone)) * 60'000;
}

inline std::string Text(UnixMillis time, Zone zone = Zone::kWib) {
  std::string text = FormatTime(time, OffsetMinutes(zone)).substr(0, 16);
  text[10] = ' ';
  return text;
}

// The statements that a document cannot do without, in as few lines as it goes.
inline std::string LeastClocks(const std::string& more = "") {
  return "rujukan-clocks 1\nname \"Uji / test\"\n"
         "hours Mon, Tue, Wed, Thu, Fri 08:00-16:00\n"
         "limit * PENERIMAAN 1 h\nlimit * KONFIRMASI 2 h\nlimit * KEPUTUSAN 1 d\n"
         "limit * KONTAK 2 d\nlimit * KEMAJUAN 7 d then 14 d\nlimit * PENUTUPAN 14 d\n"
         "limit * PERINGATAN 15 min\nlimit DARURAT PENGESAHAN 24 h\n"
         "escalate * L2 1 h L3 2 h\n" +
         more;
}

inline Clocks MustParseClocks(std::string_view document) {
  auto clocks = ParseClocks(document);
  EXPECT_TRUE(clocks.has_value()) << (clocks ? "" : clocks.error().ToString());
  return clocks ? std::move(*clocks) : Clocks(DefaultClocks());
}

}  // namespace rujukan::ledger::testing
