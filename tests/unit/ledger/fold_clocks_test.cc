// Goal: the broker may put on record what has passed, at the level it has come to, and tell whom
// the leg and the directory name, nothing else; the index of what is due follows every leg. Method:
// a World with a chain of supervisors; entries as ledger/due_entries.h makes them, and false ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/bytes.h"
#include "base/limits.h"
#include "ledger/clocks_in_force.h"
#include "ledger/due_entries.h"
#include "ledger/records.h"
#include "tests/unit/ledger/act_fixture.h"
#include "tests/unit/ledger/clocks_support.h"

namespace rujukan::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::K;
using testing::R;
using testing::World;
using Class = v1::ClockClass;
using D = v1::Deadline;
using S = v1::LegState;

constexpr int64_t kMinute = 60'000;

class FoldClocks : public testing::ActTest {
 protected:
  FoldClocks() {
    for (const char* name : {"dinsos.18", "kemensos", "dinsos.31"}) {
      world.AddAgency(name);
    }
    v1::Act act = SetStanding("dinsos.18.01");
    act.mutable_set_standing()->mutable_standing()->set_pengawas(World::Address("lpa.18.01"));
    EXPECT_EQ(Admin(act), R::UNSPECIFIED) << advice;
  }

  // Opens a leg from the police to the social office.
  void Open(Class::Code clock_class, const std::vector<std::string>& escalate_to = {}) {
    opening = world.HeaderTo("uppa.18.01", "dinsos.18.01", K::RUJUKAN);
    opening.set_clock_class(clock_class);
    opening.set_urgency(clock_class == Class::RENDAH   ? v1::Urgency::BIASA
                        : clock_class == Class::SEDANG ? v1::Urgency::SEGERA
                                                       : v1::Urgency::AMAT_SEGERA);
    opening.set_signed_off(true);
    opening.set_expires_at_ms(world.now() + 60 * kDay);
    for (const std::string& name : escalate_to) {
      opening.add_escalate_to(World::Address(name));
    }
    opened = world.now();
    EXPECT_EQ(Send(opening), R::UNSPECIFIED) << advice;
    sequence = 1;
  }
  R::Code Step(K::Code kind, bool by_receiver, Class::Code risk = Class::UNSPECIFIED) {
    const char* from = by_receiver ? "dinsos.18.01" : "uppa.18.01";
    v1::Header header = world.HeaderTo(from, by_receiver ? "uppa.18.01" : "dinsos.18.01", kind);
    header.set_leg_id(opening.leg_id());
    header.set_sequence(++sequence);
    header.set_urgency(opening.urgency());
    header.set_clock_class(risk);
    return Send(header);
  }
  void Deliver() {
    EXPECT_EQ(Whole(world.DeliveryEntry(opening, v1::DeliveryOutcome::DELIVERED)), R::UNSPECIFIED);
  }
  // Up to SELESAI.
  void Finish() {
    Deliver();
    EXPECT_EQ(Step(K::TERIMA, true), R::UNSPECIFIED) << advice;
    EXPECT_EQ(Step(K::KONTAK_PERTAMA, true), R::UNSPECIFIED) << advice;
    EXPECT_EQ(Step(K::LAPORAN_AKHIR, true), R::UNSPECIFIED) << advice;
  }

  v1::LegRecord Leg() const { return ReadLeg(world.view(), opening.leg_id())->value(); }
  std::vector<v1::Entry> Due(size_t most = limits::kDeadlinesPerTurnMax) {
    auto due = DueEntries(world.view(), world.now(), most, memo);
    EXPECT_TRUE(due.has_value());
    return due ? *due : std::vector<v1::Entry>();
  }
  // Puts on record what is due now; "KONFIRMASI 1 lpa.18.01" each.
  std::vector<std::string> Record() {
    std::vector<std::string> said;
    for (const v1::Entry& entry : Due()) {
      EXPECT_EQ(Whole(entry), R::UNSPECIFIED) << advice;
      said.push_back(Said(entry));
    }
    return said;
  }
  static std::string Said(const v1::Entry& entry) {
    if (entry.has_leg_closed()) {
      return "CLOSED";
    }
    const v1::DeadlineMissed& missed = entry.deadline_missed();
    std::string text = D::Code_Name(missed.deadline()) + " " + std::to_string(missed.level());
    for (const std::string& told : missed.told()) {
      text += " " + told.substr(0, told.find('@'));
    }
    return text;
  }
  v1::Entry Missed(D::Code deadline, UnixMillis due, uint32_t level) const {
    v1::Entry entry;
    entry.mutable_deadline_missed()->set_leg_id(opening.leg_id());
    entry.mutable_deadline_missed()->set_deadline(deadline);
    entry.mutable_deadline_missed()->set_due_ms(due);
    entry.mutable_deadline_missed()->set_level(level);
    return entry;
  }
  v1::Entry Closed() const {
    v1::Entry entry;
    entry.mutable_leg_closed()->set_leg_id(opening.leg_id());
    return entry;
  }
  std::vector<LogIndex> NoticesOf(std::string_view name) const {
    std::vector<LogIndex> indexes;
    const std::string prefix = MailboxPrefix(World::Address(name));
    EXPECT_TRUE(world.view()
                    .Scan(Table::kLegNotice,
                          prefix,
                          "",
                          [&](std::string_view key, std::string_view leg) {
                            EXPECT_EQ(leg, opening.leg_id());
                            indexes.push_back(ReadBigEndian64(key.substr(prefix.size())));
                            return true;
                          })
                    .has_value());
    return indexes;
  }
  static v1::Act SetClocks(uint64_t version, const std::string& document) {
    v1::Act act;
    act.mutable_set_clocks()->set_version(version);
    act.mutable_set_clocks()->set_document(document);
    return act;
  }

  v1::Header opening;
  UnixMillis opened = 0;
  uint64_t sequence = 1;
  Memo memo;
};

TEST_F(FoldClocks, ADeadlineIsPutOnRecordAtItsMillisecondAndNotBefore) {
  Open(Class::DARURAT);
  Deliver();
  v1::Entry entry = Missed(D::KONFIRMASI, opened + 30 * kMinute, 1);
  entry.mutable_deadline_missed()->add_told(World::Address("lpa.18.01"));
  world.Advance(30 * kMinute - 1);
  EXPECT_EQ(Whole(entry), R::NOT_DUE);
  EXPECT_THAT(Due(), IsEmpty());
  world.Advance(1);
  EXPECT_EQ(Whole(entry), R::UNSPECIFIED) << advice;
  EXPECT_EQ(Leg().escalation(), 1U);
  EXPECT_EQ(Leg().state(), S::SAMPAI) << "it ends nothing";
  EXPECT_EQ(Whole(entry), R::NOT_DUE) << "it is on record already";
}

TEST_F(FoldClocks, ItRisesThroughTheTiersOfTheReceiver) {
  Open(Class::DARURAT);
  Deliver();
  world.Advance(30 * kMinute);
  EXPECT_THAT(Record(), ElementsAre("KONFIRMASI 1 lpa.18.01"));
  world.Advance(30 * kMinute);
  EXPECT_THAT(Record(), ElementsAre("KONFIRMASI 2 dinsos.18", "KEPUTUSAN 2 lpa.18.01"));
  world.Advance(30 * kMinute);
  EXPECT_THAT(Record(), ElementsAre("KONFIRMASI 3 kemensos", "KEPUTUSAN 3 dinsos.18"));
  world.Advance(30 * kMinute);
  EXPECT_THAT(Record(), ElementsAre("KEPUTUSAN 3 kemensos"));
  world.Advance(12 * kHour);
  EXPECT_THAT(Record(), IsEmpty());
  EXPECT_EQ(Step(K::TERIMA, true), R::UNSPECIFIED) << "late, and welcome";
  EXPECT_EQ(Leg().escalation(), 3U) << "it only grows";
}

TEST_F(FoldClocks, TheSendersChoiceGoesBeforeTheDirectory) {
  Open(Class::DARURAT, {"dinsos.31", "kemensos"});
  Deliver();
  world.Advance(30 * kMinute);
  EXPECT_THAT(Record(), ElementsAre("KONFIRMASI 1 dinsos.31"));
  world.Advance(30 * kMinute);
  EXPECT_THAT(Record(), ElementsAre("KONFIRMASI 2 kemensos", "KEPUTUSAN 2 dinsos.31"));
  world.Advance(30 * kMinute);
  EXPECT_THAT(Record(), ElementsAre("KONFIRMASI 3 kemensos", "KEPUTUSAN 3 kemensos"))
      << "the last of them where there is no third";
}

TEST_F(FoldClocks, WhoIsAwayIsPassedOverForTheNextOfTheList) {
  Open(Class::DARURAT, {"dinsos.31", "kemensos"});
  Deliver();
  ASSERT_EQ(Admin(Suspend("dinsos.31")), R::UNSPECIFIED);
  world.Advance(30 * kMinute);
  EXPECT_THAT(Record(), ElementsAre("KONFIRMASI 1 kemensos"));
}

TEST_F(FoldClocks, ASenderThatNamesItselfHasNobodyElseTold) {
  Open(Class::DARURAT, {"uppa.18.01"});
  Deliver();
  for (const char* level : {"KONFIRMASI 1", "KONFIRMASI 2"}) {
    world.Advance(30 * kMinute);
    EXPECT_EQ(Record().front(), level);
  }
  EXPECT_THAT(NoticesOf("lpa.18.01"), IsEmpty());
}

TEST_F(FoldClocks, AnInactiveSupervisorIsPassedOverForTheTierAbove) {
  Open(Class::DARURAT);
  Deliver();
  ASSERT_EQ(Admin(Suspend("lpa.18.01")), R::UNSPECIFIED);
  world.Advance(30 * kMinute);
  EXPECT_THAT(Record(), ElementsAre("KONFIRMASI 1 dinsos.18"));
}

TEST_F(FoldClocks, ATierThatFallsToAPartyTellsNobodyElse) {
  Open(Class::DARURAT, {"uppa.18.01", "kemensos"});
  Deliver();
  world.Advance(30 * kMinute);
  EXPECT_THAT(Record(), ElementsAre("KONFIRMASI 1"));
  world.Advance(30 * kMinute);
  EXPECT_THAT(Record(), ElementsAre("KONFIRMASI 2 kemensos", "KEPUTUSAN 2"));
}

TEST_F(FoldClocks, WhatTheBrokerSaysIsWhatTheLegComesTo) {
  Open(Class::DARURAT);
  Deliver();
  world.Advance(30 * kMinute);
  ASSERT_EQ(Due().size(), 1U);
  const v1::Entry right = Due()[0];
  v1::Entry wrong = right;
  wrong.mutable_deadline_missed()->set_level(2);
  EXPECT_EQ(Whole(wrong), R::MALFORMED) << "too high";
  EXPECT_THAT(advice, HasSubstr("level"));
  wrong = right;
  wrong.mutable_deadline_missed()->set_due_ms(opened);
  EXPECT_EQ(Whole(wrong), R::MALFORMED) << "another date";
  wrong = right;
  wrong.mutable_deadline_missed()->add_told(World::Address("dinsos.31"));
  EXPECT_EQ(Whole(wrong), R::MALFORMED) << "somebody told who is not to be";
  wrong = right;
  wrong.mutable_deadline_missed()->clear_told();
  EXPECT_EQ(Whole(wrong), R::MALFORMED) << "somebody kept from knowing";
  wrong = right;
  wrong.mutable_deadline_missed()->set_deadline(D::KEPUTUSAN);
  EXPECT_EQ(Whole(wrong), R::NOT_DUE);
  wrong = right;
  wrong.mutable_deadline_missed()->set_leg_id(std::string(16, 'x'));
  EXPECT_EQ(Whole(wrong), R::UNKNOWN_LEG);
  EXPECT_EQ(Whole(Closed()), R::NOT_DUE);
  EXPECT_EQ(Whole(right), R::UNSPECIFIED) << advice;
}

TEST_F(FoldClocks, WhatWasAnsweredInTimeIsNeverPutOnRecord) {
  Open(Class::DARURAT);
  Deliver();
  world.Advance(29 * kMinute);
  ASSERT_EQ(Step(K::KONFIRMASI, true), R::UNSPECIFIED) << advice;
  ASSERT_EQ(Step(K::TERIMA, true), R::UNSPECIFIED) << advice;
  world.Advance(2 * kHour);
  EXPECT_THAT(Record(), IsEmpty());
  EXPECT_EQ(Whole(Missed(D::KONFIRMASI, opened + 30 * kMinute, 1)), R::NOT_DUE);
}

TEST_F(FoldClocks, PartiesAndThoseToldGetANoticeOfTheEntry) {
  Open(Class::DARURAT);
  Deliver();
  world.Advance(30 * kMinute);
  const LogIndex index = world.size();
  const Effects effects = EffectsOf(world.Placed(Due()[0]));
  EXPECT_THAT(effects.told,
              ElementsAre(World::Address("uppa.18.01"),
                          World::Address("dinsos.18.01"),
                          World::Address("lpa.18.01")));
  Record();
  for (const char* name : {"uppa.18.01", "dinsos.18.01", "lpa.18.01"}) {
    EXPECT_THAT(NoticesOf(name), ElementsAre(index)) << name;
  }
  EXPECT_THAT(NoticesOf("kemensos"), IsEmpty());
}

TEST_F(FoldClocks, ThatAMachineHasNotGotItOnlyTheSenderIsTold) {
  Open(Class::DARURAT);
  world.Advance(kMinute);
  EXPECT_THAT(Record(), ElementsAre("PENERIMAAN 0"));
  EXPECT_EQ(NoticesOf("uppa.18.01").size(), 1U);
  EXPECT_THAT(NoticesOf("dinsos.18.01"), IsEmpty());
  EXPECT_EQ(Leg().escalation(), 0U);
  world.Advance(29 * kMinute);
  EXPECT_THAT(Record(), ElementsAre("KONFIRMASI 1 lpa.18.01"))
      << "people are waited for whether or not it arrived";
}

TEST_F(FoldClocks, AfterThreeDaysOffTheFirstTierIsToldAndNobodyIsPassedOver) {
  Open(Class::DARURAT);
  Deliver();
  world.Advance(3 * kDay);
  EXPECT_THAT(Record(),
              ElementsAre("KONFIRMASI 1 lpa.18.01", "KEPUTUSAN 1 lpa.18.01", "KONTAK 1 lpa.18.01"));
  EXPECT_THAT(Record(), IsEmpty());
  world.Advance(30 * kMinute - 1);
  EXPECT_THAT(Record(), IsEmpty());
  world.Advance(1);
  EXPECT_THAT(Record(),
              ElementsAre("KONFIRMASI 2 dinsos.18", "KEPUTUSAN 2 dinsos.18", "KONTAK 2 dinsos.18"));
}

TEST_F(FoldClocks, ASmallOfficeIsCoveredByItsProvinceEarlier) {
  v1::Act act = SetStanding("dinsos.18.01");
  act.mutable_set_standing()->mutable_standing()->set_tipe_dinas(v1::OfficeType::C);
  ASSERT_EQ(Admin(act), R::UNSPECIFIED) << advice;
  Open(Class::DARURAT);
  Deliver();
  world.Advance(30 * kMinute);
  EXPECT_THAT(Record(), ElementsAre("KONFIRMASI 1 dinsos.18"))
      << "no supervisor now: the tier above";
  world.Advance(15 * kMinute);
  EXPECT_THAT(Record(), ElementsAre("KONFIRMASI 2 dinsos.18"));
}

TEST_F(FoldClocks, TheReceiversOwnZoneCounts) {
  v1::Act act = Describe("dinsos.18.01");
  act.mutable_describe()->mutable_profile()->set_zona_waktu("WIT");
  ASSERT_EQ(Admin(act), R::UNSPECIFIED) << advice;
  const UnixMillis noon = testing::At("2026-11-26 12:30", Zone::kWib);
  ASSERT_LT(world.now(), noon);
  world.Advance(noon - world.now());
  Open(Class::SEDANG);
  EXPECT_EQ(testing::Text(Leg().deadlines(1).due_ms(), Zone::kWit), "2026-11-27 10:00")
      << "14:30 there: 1.5 h of Thursday, 2.5 h of Friday";
}

TEST_F(FoldClocks, AFinishedLegOfLowRiskIsClosedAfterANotice) {
  Open(Class::SEDANG);
  Finish();
  EXPECT_EQ(Whole(Closed()), R::NOT_DUE);
  world.Advance(11 * kDay);
  EXPECT_EQ(Whole(Closed()), R::NOT_DUE) << "no notice yet";
  EXPECT_THAT(Record(), ElementsAre("PENUTUPAN 0"));
  world.Advance(3 * kDay - 1);
  EXPECT_EQ(Whole(Closed()), R::NOT_DUE);
  world.Advance(1);
  EXPECT_EQ(Whole(Missed(D::PENUTUPAN, Leg().deadlines(0).due_ms(), 1)), R::NOT_DUE);
  EXPECT_THAT(Record(), ElementsAre("CLOSED"));
  EXPECT_EQ(Leg().state(), S::DITUTUP);
  EXPECT_TRUE(Leg().deadlines().empty());
  EXPECT_EQ(NoticesOf("uppa.18.01").size(), 2U);
  EXPECT_EQ(NoticesOf("dinsos.18.01").size(), 2U);
  EXPECT_EQ(Step(K::KONFIRMASI_TUTUP, false), R::ILLEGAL_TRANSITION);
}

TEST_F(FoldClocks, ASenderThatAnswersAfterTheNoticeDecides) {
  Open(Class::RENDAH);
  Finish();
  world.Advance(11 * kDay);
  EXPECT_THAT(Record(), ElementsAre("PENUTUPAN 0"));
  ASSERT_EQ(Step(K::KEBERATAN_TUTUP, false), R::UNSPECIFIED) << advice;
  world.Advance(4 * kDay);
  EXPECT_EQ(Whole(Closed()), R::NOT_DUE);
  EXPECT_EQ(Leg().state(), S::BERJALAN);
}

TEST_F(FoldClocks, AFinishedLegOfHighRiskIsNeverClosedByTime) {
  for (const Class::Code clock_class : {Class::TINGGI, Class::DARURAT}) {
    Open(clock_class);
    Finish();
    world.Advance(14 * kDay);
    EXPECT_THAT(Record(), ElementsAre("PENUTUPAN 1 lpa.18.01"));
    world.Advance(60 * kDay);
    EXPECT_EQ(Whole(Closed()), R::NOT_DUE);
    EXPECT_THAT(Record(), ElementsAre("PENUTUPAN 2 dinsos.18"));
    world.Advance(kDay);
    EXPECT_THAT(Record(), ElementsAre("PENUTUPAN 3 kemensos"));
    EXPECT_EQ(Leg().state(), S::SELESAI);
  }
}

// The index has one row a leg, at its next due time, after whatever happens.
TEST_F(FoldClocks, TheIndexFollowsEveryLeg) {
  std::mt19937_64 random(7);
  const std::vector<std::pair<K::Code, bool>> kSteps = {{K::KONFIRMASI, true},
                                                        {K::PERMINTAAN_INFO, true},
                                                        {K::JAWABAN_INFO, false},
                                                        {K::TERIMA, true},
                                                        {K::TOLAK, true},
                                                        {K::KONTAK_PERTAMA, true},
                                                        {K::LAPORAN_KEMAJUAN, true},
                                                        {K::LAPORAN_AKHIR, true},
                                                        {K::KEBERATAN_TUTUP, false},
                                                        {K::KONFIRMASI_TUTUP, false},
                                                        {K::BATAL, false},
                                                        {K::PERUBAHAN_RISIKO, true}};
  std::map<std::string, v1::Header> legs;
  for (int round = 0; round < 25; ++round) {
    Open(static_cast<Class::Code>(1 + random() % 4));
    legs.emplace(opening.leg_id(), opening);
    if (random() % 4 != 0) {
      Deliver();
    }
    for (int step = 0; step < 8; ++step) {
      const auto& [kind, by_receiver] = kSteps[random() % kSteps.size()];
      Step(kind, by_receiver, static_cast<Class::Code>(1 + random() % 4));  // legal or not
      world.Advance(static_cast<int64_t>(random() % (40 * kHour)));
      for (const v1::Entry& entry : Due(random() % 4)) {
        EXPECT_EQ(Whole(entry), R::UNSPECIFIED) << advice;
      }
    }
  }
  std::map<std::string, UnixMillis> rows;
  ASSERT_TRUE(world.view().Scan(Table::kClock, "", "", [&](std::string_view key, std::string_view) {
    EXPECT_TRUE(rows.emplace(key.substr(8), static_cast<UnixMillis>(ReadBigEndian64(key))).second);
    return true;
  }));
  size_t expected = 0;
  for (const auto& [id, header] : legs) {
    const auto next = NextDue(ReadLeg(world.view(), id)->value());
    expected += next ? 1U : 0U;
    EXPECT_EQ(rows.count(id), next ? 1U : 0U);
    EXPECT_EQ(next ? rows[id] : 0, next.value_or(0));
  }
  EXPECT_EQ(rows.size(), expected);
  EXPECT_GT(expected, 0U);
  EXPECT_LT(expected, legs.size()) << "some have nothing due any more";
}

TEST_F(FoldClocks, AReaderOfAPartComesToTheSame) {
  Open(Class::SEDANG);
  Finish();
  world.Advance(11 * kDay);
  Record();
  world.Advance(3 * kDay);
  Record();
  MemoryView part;
  Overlay overlay(part);
  for (LogIndex index = 0; index < world.size(); ++index) {
    v1::Entry entry;
    ASSERT_TRUE(entry.ParseFromString(world.entries()[index]));
    ASSERT_TRUE(ApplyVisible(entry, index, overlay)->has_value()) << index;
  }
  EXPECT_EQ(ReadLeg(overlay, opening.leg_id())->value().SerializeAsString(),
            Leg().SerializeAsString());
}

// --- SET_CLOCKS ---

TEST_F(FoldClocks, ADocumentIsPutInForceUnderTheNextVersion) {
  const std::string document = testing::LeastClocks();
  EXPECT_EQ(Admin(SetClocks(2, document)), R::ACT_INVALID);
  EXPECT_EQ(Admin(SetClocks(1, "rujukan-clocks 1\n")), R::ACT_INVALID);
  EXPECT_THAT(advice, HasSubstr("clocks: "));
  EXPECT_EQ(By("dinsos.18", SetClocks(1, document)), R::NO_RIGHT);
  EXPECT_EQ(Admin(SetClocks(1, document)), R::UNSPECIFIED) << advice;
  EXPECT_EQ(Admin(SetClocks(1, document)), R::ACT_INVALID);
  EXPECT_EQ(Admin(SetClocks(2, document)), R::UNSPECIFIED) << advice;
  EXPECT_EQ(ReadClocksRecord(world.view())->value().version(), 2U);
  EXPECT_EQ(*ReadClocksText(world.view()), document);
}

TEST_F(FoldClocks, ANewDocumentCountsForWhatBeginsAfterIt) {
  Open(Class::DARURAT);
  const UnixMillis before = Leg().deadlines(1).due_ms();
  ASSERT_EQ(Admin(SetClocks(1, testing::LeastClocks())), R::UNSPECIFIED) << advice;
  EXPECT_EQ(Leg().deadlines(1).due_ms(), before);
  Open(Class::DARURAT);
  EXPECT_EQ(Leg().deadlines(1).deadline(), D::KONFIRMASI);
  EXPECT_EQ(Leg().deadlines(1).due_ms(), opened + 2 * kHour);
}

TEST_F(FoldClocks, ItWaitsForASecondAdminWhereTwoAreNeeded) {
  world.AddMember("admin.02", v1::Role::ADMIN);
  ASSERT_EQ(Admin(SetRules(true)), R::UNSPECIFIED) << advice;
  v1::Act act = SetClocks(1, testing::LeastClocks());
  act.set_act_id(std::string(16, 'c'));
  ASSERT_EQ(Admin(act), R::UNSPECIFIED) << advice;
  EXPECT_FALSE(ReadClocksRecord(world.view())->has_value());
  ASSERT_EQ(By("admin.02", Confirm(std::string(16, 'c'))), R::UNSPECIFIED) << advice;
  EXPECT_TRUE(ReadClocksRecord(world.view())->has_value());
}

TEST_F(FoldClocks, AtMostSoManyAreDueInOneTurn) {
  for (int i = 0; i < 3; ++i) {
    Open(Class::DARURAT);
  }
  world.Advance(3 * kDay);
  EXPECT_EQ(Due(5).size(), 5U);
  EXPECT_EQ(Due().size(), 12U) << "four deadlines of each";
}

}  // namespace
}  // namespace rujukan::ledger
