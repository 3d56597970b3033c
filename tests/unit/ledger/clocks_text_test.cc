// Goal: a document of clocks has one reading, and a mistake in it is named with its line and its
// remedy; the built-in one says what the domain's table says. Method: one wrong line at a time
// below a good beginning, each limit at it and past it, the table once more in words of its own.
#include "ledger/clocks_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "tests/unit/ledger/clocks_support.h"

namespace rujukan::ledger {
namespace {

using testing::At;
using ::testing::HasSubstr;
using testing::LeastClocks;
using testing::MustParseClocks;
using ::testing::StartsWith;
using testing::Text;
using Class = v1::ClockClass;
using D = v1::Deadline;
using T = v1::StatutoryTimer;

Error ErrorOf(const std::string& document) {
  const auto clocks = ParseClocks(document);
  EXPECT_FALSE(clocks.has_value()) << document;
  return clocks ? Error() : clocks.error();
}

// The error of a line that stands after all that is needed.
std::string Wrong(const std::string& line) {
  const Error error = ErrorOf(LeastClocks(line + "\n"));
  EXPECT_EQ(error.code, Errc::kInvalid) << line;
  EXPECT_THAT(error.context, StartsWith("line 13: ")) << line;
  return error.context;
}

TEST(ClocksText, ADocumentBeginsWithItsVersionAndItsName) {
  EXPECT_THAT(ErrorOf("\n").context, HasSubstr("the first line is `rujukan-clocks 1`"));
  EXPECT_THAT(ErrorOf("rujukan-clocks 1\n").context, HasSubstr("has no name"));
  EXPECT_THAT(ErrorOf("rujukan-clocks 1\nhours Mon none\n").context, HasSubstr("stands the name"));
  EXPECT_THAT(ErrorOf("rujukan-clocks 1\nname \"x\"").context, HasSubstr("cut short"));
  EXPECT_THAT(Wrong("name \"y\""), HasSubstr("one name"));
  EXPECT_EQ(MustParseClocks(LeastClocks("# a comment\n\n")).name(), "Uji / test");
}

TEST(ClocksText, WrongLinesSayWhatToWrite) {
  EXPECT_THAT(Wrong("deadline KONTAK 1 h"), HasSubstr("is not a statement"));
  EXPECT_THAT(Wrong("zone GMT 18"), HasSubstr("WIB, WITA or WIT"));
  EXPECT_THAT(Wrong("zone WIB 18.71"), HasSubstr("no province"));
  EXPECT_THAT(Wrong("zone WIB 18, 18"), HasSubstr("has its zone already"));
  EXPECT_THAT(Wrong("hours Sun"), HasSubstr("07:30-16:00"));
  EXPECT_THAT(Wrong("hours Sunday none"), HasSubstr("no weekday"));
  EXPECT_THAT(Wrong("hours Sat 08:00-08:00"), HasSubstr("in order and apart"));
  EXPECT_THAT(Wrong("hours Sat 13:00-15:00, 08:00-12:00"), HasSubstr("in order and apart"));
  EXPECT_THAT(Wrong("hours Sat 08:00-12:00, 12:00-13:00"), HasSubstr("in order and apart"));
  EXPECT_THAT(Wrong("hours Sat 08:00-24:01"), HasSubstr("in order and apart"));
  EXPECT_THAT(Wrong("hours Sat 08:60-12:00"), HasSubstr("in order and apart"));
  EXPECT_THAT(Wrong("hours Mon 08:00-12:00"), HasSubstr("said above already"));
  EXPECT_THAT(Wrong("holiday 2026-02-30 \"x\""), HasSubstr("no date"));
  EXPECT_THAT(Wrong("holiday 2026-02-28"), HasSubstr("double quotes"));
  EXPECT_THAT(Wrong("limit URGENT KONTAK 1 h"), HasSubstr("no class"));
  EXPECT_THAT(Wrong("limit UNSPECIFIED KONTAK 1 h"), HasSubstr("no class"));
  EXPECT_THAT(Wrong("limit TINGGI CONTACT 1 h"), HasSubstr("no deadline"));
  EXPECT_THAT(Wrong("limit TINGGI TINJAUAN 1 h"), HasSubstr("date that people set"));
  EXPECT_THAT(Wrong("limit TINGGI LAYANAN 1 h"), HasSubstr("date that people set"));
  EXPECT_THAT(Wrong("limit TINGGI KONTAK 1 h"), HasSubstr("said above already"));
  EXPECT_THAT(Wrong("limit TINGGI KONTAK 1 week from 2027-01-01"), HasSubstr("length of time"));
  EXPECT_THAT(Wrong("limit TINGGI KONTAK 0 h from 2027-01-01"), HasSubstr("length of time"));
  EXPECT_THAT(Wrong("limit TINGGI KONTAK 1 working-h next-work from 2027-01-01"),
              HasSubstr("take `next-work` out"));
  EXPECT_THAT(Wrong("limit TINGGI KONTAK 1 h then 2 h from 2027-01-01"), HasSubstr("only it"));
  EXPECT_THAT(Wrong("limit TINGGI KEMAJUAN 1 h from 2027-01-01"), HasSubstr("only it"));
  EXPECT_THAT(Wrong("limit TINGGI PENUTUPAN 1 d closes 1 d from 2027-01-01"),
              HasSubstr("only PENUTUPAN of SEDANG and RENDAH"));
  EXPECT_THAT(Wrong("limit TINGGI KONTAK 1 h from 2027-01-01 until 2028-01-01"),
              HasSubstr("is too much"));
  EXPECT_THAT(Wrong("escalate SEDANG 1 h 2 h"), HasSubstr("write tiers as"));
  EXPECT_THAT(Wrong("escalate SEDANG L2 2 h L3 2 h"), HasSubstr("L3 is the longer"));
  EXPECT_THAT(Wrong("escalate SEDANG L2 2 h L3 3 working-d"), HasSubstr("count alike"));
  EXPECT_THAT(Wrong("timer ARREST 24 h from 2014-07-31 law \"x\""), HasSubstr("no statutory"));
  EXPECT_THAT(Wrong("timer LITMAS 72 h"), HasSubstr("a day and a name"));
  EXPECT_THAT(Wrong("timer LITMAS 72 h law \"x\""), HasSubstr("a day and a name"));
}

TEST(ClocksText, HolidaysStandInOrder) {
  EXPECT_TRUE(ParseClocks(LeastClocks("leave 2026-12-24 \"a\"\nholiday 2026-12-25 \"b\"\n")));
  EXPECT_THAT(ErrorOf(LeastClocks("holiday 2026-12-25 \"b\"\nleave 2026-12-24 \"a\"\n")).context,
              HasSubstr("line 14: holidays stand in order"));
}

TEST(ClocksText, ADocumentWithoutAllItsLimitsIsIncomplete) {
  const std::string whole = LeastClocks();
  for (const char* line : {"limit * PENERIMAAN 1 h\n",
                           "limit * KONTAK 2 d\n",
                           "limit DARURAT PENGESAHAN 24 h\n",
                           "escalate * L2 1 h L3 2 h\n",
                           "hours Mon, Tue, Wed, Thu, Fri 08:00-16:00\n"}) {
    std::string less = whole;
    less.erase(less.find(line), std::string(line).size());
    const Error error = ErrorOf(less);
    EXPECT_EQ(error.code, Errc::kInvalid);
    EXPECT_THAT(error.context, HasSubstr("write")) << line;
  }
  EXPECT_THAT(ErrorOf(LeastClocks("hours Mon, Tue, Wed, Thu, Fri none from 2027-01-01\n")).context,
              HasSubstr("from 2027-01-01 on"));
}

TEST(ClocksText, ALaterDateCountsFromItsDayOn) {
  const Clocks clocks =
      MustParseClocks(LeastClocks("limit TINGGI KONTAK 1 d from 2027-01-01\n"
                                  "limit TINGGI KONTAK 12 h from 2028-01-01\n"));
  const auto within = [&](const std::string& at) {
    return SpanText(clocks.LimitFor(Class::TINGGI, D::KONTAK, At(at), Zone::kWib)->within);
  };
  EXPECT_EQ(within("2020-01-01 00:00"), "2 d");
  EXPECT_EQ(within("2026-12-31 23:59"), "2 d");
  EXPECT_EQ(within("2027-01-01 00:00"), "1 d");
  EXPECT_EQ(within("2028-06-01 00:00"), "12 h");
  EXPECT_THAT(ErrorOf(LeastClocks("limit TINGGI KONTAK 1 d from 2027-01-01\n"
                                  "limit TINGGI KONTAK 1 h from 2026-01-01\n"))
                  .context,
              HasSubstr("line 14: this is said above already"));
}

TEST(ClocksText, TheDocumentHasALimitOfItsSize) {
  std::string document = LeastClocks();
  while (document.size() + 1025 <= limits::kClocksBytesMax) {
    document += "#" + std::string(1022, 'x') + "\n";
  }
  document += "#" + std::string(limits::kClocksBytesMax - document.size() - 2, 'x') + "\n";
  ASSERT_EQ(document.size(), limits::kClocksBytesMax);
  EXPECT_TRUE(ParseClocks(document).has_value());
  document.insert(document.size() - 1, "x");
  EXPECT_EQ(ErrorOf(document).code, Errc::kLimit);
}

TEST(ClocksText, HolidaysHaveALimitOfTheirNumber) {
  std::string document = LeastClocks();
  const Day first = *ParseDate("2026-01-01");
  const auto line = [&](size_t i) {
    return "leave " + DateText(first + static_cast<Day>(i)) + " \"x\"\n";
  };
  for (size_t i = 0; i < limits::kHolidaysMax; ++i) {
    document += line(i);
  }
  ASSERT_LT(document.size() + 30, limits::kClocksBytesMax);
  EXPECT_TRUE(ParseClocks(document).has_value());
  const Error error = ErrorOf(document + line(limits::kHolidaysMax));
  EXPECT_EQ(error.code, Errc::kLimit);
  EXPECT_THAT(error.context, HasSubstr("at most 1024 holidays"));
}

TEST(ClocksText, ASpanIsAtMostAYear) {
  EXPECT_TRUE(ParseClocks(LeastClocks("limit TINGGI KONTAK 366 d from 2027-01-01\n")));
  EXPECT_TRUE(ParseClocks(LeastClocks("limit TINGGI KONTAK 366 working-d from 2027-01-01\n")));
  EXPECT_THAT(Wrong("limit TINGGI KONTAK 367 d from 2027-01-01"), HasSubstr("at most 366 days"));
  EXPECT_THAT(Wrong("limit TINGGI KONTAK 367 working-d from 2027-01-01"),
              HasSubstr("at most 366 days"));
  EXPECT_THAT(Wrong("limit TINGGI KONTAK 99999999999999999999 d from 2027-01-01"),
              HasSubstr("length of time"));
}

// --- The built-in document ---

struct Row {
  D::Code deadline;
  const char* darurat;
  const char* tinggi;
  const char* sedang;
  const char* rendah;
};

std::string Said(Class::Code clock_class, D::Code deadline) {
  const Limit* limit =
      DefaultClocks().LimitFor(clock_class, deadline, At("2026-11-26 09:00"), Zone::kWib);
  if (limit == nullptr) {
    return "-";
  }
  std::string text = SpanText(limit->within);
  text += limit->target ? " target " + SpanText(*limit->target) : "";
  text += limit->then ? " then " + SpanText(*limit->then) : "";
  return text + (limit->closes ? " closes " + SpanText(*limit->closes) : "");
}

TEST(DefaultClocks, SayWhatTheTableOfTheDomainSays) {
  const Row kTable[] = {
      {D::PENERIMAAN, "1 min", "5 min", "15 min", "1 h"},
      {D::KONFIRMASI, "30 min", "1 h", "4 working-h", "1 working-d"},
      {D::KEPUTUSAN, "1 h", "6 h", "1 d", "3 working-d"},
      {D::KONTAK, "1 d target 3 h", "1 d", "3 d", "14 d next-work"},
      {D::KEMAJUAN,
       "1 d then 3 d",
       "3 d then 7 d",
       "14 d then 14 d",
       "30 d next-work then 30 d next-work"},
      {D::PENUTUPAN, "14 d", "14 d", "11 d closes 3 d", "11 d closes 3 d"},
      {D::PERINGATAN, "15 min", "15 min", "15 min", "15 min"},
      {D::PENGESAHAN, "1 d", "-", "-", "-"},
      {D::TINJAUAN, "-", "-", "-", "-"},
      {D::LAYANAN, "-", "-", "-", "-"},
  };
  for (const Row& row : kTable) {
    EXPECT_EQ(Said(Class::DARURAT, row.deadline), row.darurat) << row.deadline;
    EXPECT_EQ(Said(Class::TINGGI, row.deadline), row.tinggi) << row.deadline;
    EXPECT_EQ(Said(Class::SEDANG, row.deadline), row.sedang) << row.deadline;
    EXPECT_EQ(Said(Class::RENDAH, row.deadline), row.rendah) << row.deadline;
  }
}

TEST(DefaultClocks, TiersFollowTheTableToo) {
  const auto tiers = [](Class::Code clock_class) {
    const Escalation& escalation =
        DefaultClocks().EscalationFor(clock_class, At("2026-11-26 09:00"), Zone::kWib);
    return SpanText(escalation.second) + ", " + SpanText(escalation.third);
  };
  EXPECT_EQ(tiers(Class::DARURAT), "30 min, 1 h");
  EXPECT_EQ(tiers(Class::TINGGI), "2 h, 6 h");
  EXPECT_EQ(tiers(Class::SEDANG), "1 d, 3 d");
  EXPECT_EQ(tiers(Class::RENDAH), "3 working-d, 7 working-d");
}

TEST(DefaultClocks, EveryProvinceHasItsZoneAndAProfileGoesFirst) {
  const auto zone = [](const char* said, const char* region) {
    return ZoneName(DefaultClocks().ZoneOf(said, Area::OfRecord(region)));
  };
  EXPECT_EQ(DefaultClocks().parts().zones.size(), 38U);
  EXPECT_EQ(zone("", "kemendagri:18.71"), "WIB");
  EXPECT_EQ(zone("", "kemendagri:61"), "WIB");
  EXPECT_EQ(zone("", "kemendagri:63.01"), "WITA");
  EXPECT_EQ(zone("", "kemendagri:73"), "WITA");
  EXPECT_EQ(zone("", "kemendagri:95.01"), "WIT");
  EXPECT_EQ(zone("WIT", "kemendagri:18.71"), "WIT");
  EXPECT_EQ(zone("GMT", "kemendagri:51"), "WITA") << "a word that is none says nothing";
  EXPECT_EQ(zone("", ""), "WIB");
  EXPECT_EQ(zone("", "kemendagri:00"), "WIB");
}

TEST(DefaultClocks, EveryStatutoryTimerHasItsLawAndItsDay) {
  int timers = 0;
  for (int code = T::Code_MIN; code <= T::Code_MAX; ++code) {
    const auto timer = static_cast<T::Code>(code);
    if (timer == T::UNSPECIFIED) {
      continue;
    }
    const StatutoryLimit* limit =
        DefaultClocks().TimerFor(timer, At("2026-11-26 09:00"), Zone::kWib);
    ASSERT_NE(limit, nullptr) << T::Code_Name(timer);
    EXPECT_THAT(limit->law, HasSubstr("UU ")) << T::Code_Name(timer);
    EXPECT_EQ(DefaultClocks().TimerFor(timer, At("2000-01-01 00:00"), Zone::kWib), nullptr);
    ++timers;
  }
  EXPECT_EQ(timers, 17);
  EXPECT_EQ(SpanText(*DefaultClocks()
                          .TimerFor(T::PENAHANAN_KASASI, At("2026-11-26 09:00"), Zone::kWib)
                          ->extend),
            "20 d");
}

TEST(DefaultClocks, AnArrestIsCountedInWorkingTimeAndWarnedOfByTheCalendar) {
  const UnixMillis arrested = At("2026-11-27 15:30");  // a Friday
  const StatutoryLimit* limit = DefaultClocks().TimerFor(T::PENANGKAPAN, arrested, Zone::kWib);
  ASSERT_NE(limit, nullptr);
  const StatutoryDue due = DefaultClocks().DueOf(limit->within, arrested, Zone::kWib);
  EXPECT_EQ(Text(due.calendar), "2026-11-28 15:30");
  // An hour on Friday, 7.5 each on Monday, Tuesday and Wednesday, half an hour on Thursday.
  EXPECT_EQ(Text(due.legal), "2026-12-03 08:00");
}

TEST(DefaultClocks, LeaveRoomToGrow) {
  EXPECT_LT(DefaultClocksText().size(), limits::kClocksBytesMax / 2);
}

TEST(ClocksTest, HalfOfAnOddNumberOfWorkingDaysIsRoundedUp) {
  EXPECT_EQ(SpanText(Halved({Unit::kWorkingDays, 3, false})), "2 working-d");
  EXPECT_EQ(SpanText(Halved({Unit::kWorkingDays, 1, false})), "1 working-d");
  EXPECT_EQ(SpanText(Halved({Unit::kTime, 30 * 60'000, false})), "15 min");
  EXPECT_EQ(SpanText(Halved({Unit::kTime, 24 * 3'600'000, false})), "12 h");
}

TEST(ClocksTest, AnEndOutsideWorkIsMovedToWhenWorkBegins) {
  const Span two_weeks{Unit::kTime, 14 * kDayMs, true};
  EXPECT_EQ(Text(DefaultClocks().After(At("2026-11-28 10:00"), two_weeks, Zone::kWib)),
            "2026-12-14 07:30")
      << "a Saturday";
  EXPECT_EQ(Text(DefaultClocks().After(At("2026-11-26 10:00"), two_weeks, Zone::kWib)),
            "2026-12-10 10:00");
}

}  // namespace
}  // namespace rujukan::ledger
