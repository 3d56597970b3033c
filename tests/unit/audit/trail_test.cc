// Goal: a trail tells all that concerns its subject, in order, with what was in force: messages,
// receipts, refusals, deadlines met and missed, holds, erasures, readings. Method: ledgers made by
// a World, as files in memory; the trail of each is compared with the story that made it.
#include "agents/audit/trail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "certs/hash.h"
#include "ledger/due_entries.h"
#include "ledger/records.h"
#include "tests/unit/audit/command_line.h"
#include "tests/unit/audit/log_image.h"
#include "tests/unit/audit/trail_fixture.h"

namespace rujukan::audit {
namespace {

using rujukan::testing::World;
using ::testing::HasSubstr;
using testing::kHour;
using testing::kMinute;
using testing::MakeLog;
using testing::MemorySource;
using ::testing::Not;
using testing::RunAudit;
using testing::TrailTest;
using K = v1::Kind;
using R = v1::RefusalReason;

using Kinds = std::vector<std::string>;

Deadline DeadlineOf(const Trail& trail, const std::string& what) {
  const auto found = std::find_if(trail.deadlines.begin(),
                                  trail.deadlines.end(),
                                  [&](const Deadline& deadline) { return deadline.what == what; });
  EXPECT_NE(found, trail.deadlines.end()) << what;
  return found == trail.deadlines.end() ? Deadline() : *found;
}

TEST_F(TrailTest, ItTellsTheStoryByLegOrByAnyOfItsMessages) {
  Open();
  LaterBy(kMinute);  // not of this leg
  Answer(K::KONFIRMASI, 1);
  Answer(K::TERIMA, 2);
  for (const std::string& id : {opening.leg_id(), opening.message_id()}) {
    const auto trail = Read({FormatUuid(id), {}});
    ASSERT_TRUE(trail) << trail.error().ToString();
    EXPECT_EQ(KindsOf(*trail), Kinds({"RUJUKAN", "TANDA_TERIMA", "KONFIRMASI", "TERIMA"}));
    EXPECT_EQ(trail->events[0].state, "TERKIRIM");
    EXPECT_EQ(trail->events[1].state, "SAMPAI");
    EXPECT_EQ(trail->events[2].state, "DIKAJI");
    EXPECT_EQ(trail->events[3].state, "DITERIMA");
    EXPECT_EQ(trail->events[3].index, world.size() - 1);
    EXPECT_THAT(TrailAsText(*trail), HasSubstr("+07:00"));
  }
}

TEST_F(TrailTest, ItSaysWhatWasInForceThen) {
  Open();
  const Trail trail = OfLeg();
  ASSERT_EQ(trail.parties.size(), 2u);
  EXPECT_EQ(trail.parties[0].address, World::Address("dinsos.18"));
  EXPECT_EQ(trail.parties[0].status, "AKTIF");
  EXPECT_EQ(trail.parties[0].signing_key,
            ToHex(world.member("dinsos.18").signing_certificate.key_id().view()));
  EXPECT_EQ(trail.directory.head, trail.events[0].directory_head);
  EXPECT_EQ(trail.directory.root, ToHex(ledger::ReadHead(world.view())->directory_root()));
  EXPECT_EQ(trail.events[0].who_status, "AKTIF");
  EXPECT_EQ(trail.events[0].signer_key,
            ToHex(world.member("uppa.18.01").signing_certificate.key_id().view()));
}

TEST_F(TrailTest, DeadlinesThatWereMetSayByHowMuch) {
  Open();
  world.Advance(kMinute);
  Answer(K::KONFIRMASI, 1);
  Answer(K::TERIMA, 2);
  const Trail trail = OfLeg();
  EXPECT_EQ(DeadlineOf(trail, "PENERIMAAN").verdict, DeadlineVerdict::kMet);
  EXPECT_EQ(DeadlineOf(trail, "KONFIRMASI").Words(), "met, 59 min before it");
  EXPECT_EQ(DeadlineOf(trail, "KEPUTUSAN").Words(), "met, 2 h 59 min before it");
  EXPECT_EQ(DeadlineOf(trail, "KONTAK").verdict, DeadlineVerdict::kPending);
  EXPECT_EQ(trail.deadlines.size(), 4u);
  EXPECT_EQ(trail.events.size(), 4u) << "a deadline that was met is no event";
}

TEST_F(TrailTest, AMissedDeadlineStandsAtItsTimeBetweenTheEntries) {
  Open();
  world.Advance(kHour + 30 * kMinute);
  Answer(K::KONFIRMASI, 1);
  LaterBy(2 * kHour);
  const Trail trail = OfLeg();
  EXPECT_EQ(
      KindsOf(trail),
      Kinds({"RUJUKAN", "TANDA_TERIMA", "BATAS_KONFIRMASI", "KONFIRMASI", "BATAS_KEPUTUSAN"}));
  EXPECT_EQ(trail.events[2].note, "missed, answered 30 min late");
  EXPECT_EQ(trail.events[2].time, opening.confirm_by_ms());
  EXPECT_FALSE(trail.events[2].index);
  EXPECT_EQ(trail.events[4].note, "missed, not answered");
}

// The broker's own word of it stands where it was said, with how long after the deadline.
TEST_F(TrailTest, WhatTheBrokerPutOnRecordSaysHowLateItWas) {
  Open();
  world.Advance(kHour + 12'000);
  ledger::Memo memo;
  const auto due = ledger::DueEntries(world.view(), world.now(), 9, memo);
  for (const v1::Entry& entry : *due) {
    world.Append(entry);
  }
  const LogIndex record = world.size() - 1;
  world.Advance(kMinute);
  Answer(K::KONFIRMASI, 1);
  const Trail trail = OfLeg();
  EXPECT_EQ(KindsOf(trail),
            Kinds({"RUJUKAN", "TANDA_TERIMA", "BATAS_KONFIRMASI", "ESKALASI", "KONFIRMASI"}));
  EXPECT_EQ(trail.events[3].index, record);
  EXPECT_EQ(trail.events[3].state, "SAMPAI");
  EXPECT_THAT(trail.events[3].note, HasSubstr("on record 12 s later, level 1"));
  const Deadline confirmation = DeadlineOf(trail, "KONFIRMASI");
  EXPECT_EQ(confirmation.Words(),
            "missed, answered 1 min 12 s late; on record 12 s after it (#" +
                std::to_string(record) + ")");
  ASSERT_EQ(confirmation.records.size(), 1u);
  EXPECT_EQ(confirmation.records[0].level, 1u);
  const auto json = nlohmann::json::parse(TrailAsJson(trail));
  EXPECT_EQ(json["deadlines"][1]["records"][0]["after_ms"], 12'000);
}

TEST_F(TrailTest, AtItsVeryMillisecondAnAnswerIsInTimeAndOneLaterIsNot) {
  for (const int64_t late : {0, 1}) {
    DeadlineBook book;
    const UnixMillis due = world.now() + kHour;
    v1::LegRecord leg;
    leg.set_state(v1::LegState::SAMPAI);
    for (const auto deadline : {v1::Deadline::KONFIRMASI, v1::Deadline::KEPUTUSAN}) {
      leg.add_deadlines()->set_deadline(deadline);
      leg.mutable_deadlines()->rbegin()->set_due_ms(due + leg.deadlines_size() - 1);
    }
    book.Observe(opening.leg_id(), leg, 1, world.now(), 420);
    leg.set_state(v1::LegState::DIKAJI);
    leg.mutable_deadlines()->DeleteSubrange(0, 1);
    book.Observe(opening.leg_id(), leg, 2, due + late, 420);
    const auto deadlines = book.Close(due + 1);
    EXPECT_EQ(deadlines[0].verdict, late == 0 ? DeadlineVerdict::kMet : DeadlineVerdict::kMissed);
    EXPECT_EQ(deadlines[1].verdict, DeadlineVerdict::kPending) << "not past it yet";
  }
}

TEST_F(TrailTest, WhatTheLedgerHasNotComeToIsNotMissedYetAndACancelledLegMissesNothing) {
  Open();
  EXPECT_EQ(DeadlineOf(OfLeg(), "KONFIRMASI").verdict, DeadlineVerdict::kPending);
  world.Append(world.MessageEntry(InLeg("uppa.18.01", "dinsos.18", K::BATAL, 2)));
  LaterBy(9 * kHour);
  const Trail trail = OfLeg();
  EXPECT_EQ(DeadlineOf(trail, "KONFIRMASI").verdict, DeadlineVerdict::kMoot);
  EXPECT_EQ(DeadlineOf(trail, "KEPUTUSAN").verdict, DeadlineVerdict::kMoot);
  EXPECT_EQ(KindsOf(trail), Kinds({"RUJUKAN", "TANDA_TERIMA", "BATAL"}));
}

TEST_F(TrailTest, RefusalsAreShownWithTheirReasonAlsoOfALegThatNeverOpened) {
  Refuse(opening, R::MAILBOX_FULL);
  const Trail trail = OfLeg();
  ASSERT_EQ(trail.events.size(), 1u);
  EXPECT_EQ(trail.events[0].type, TrailClass::kRefusal);
  EXPECT_THAT(trail.events[0].note, HasSubstr("refused: MAILBOX_FULL"));
  EXPECT_THAT(trail.events[0].note, HasSubstr("2 more of this sender"));
  EXPECT_EQ(trail.parties.size(), 2u);
}

TEST_F(TrailTest, ADeliveryThatFailedSaysWhy) {
  world.Append(world.MessageEntry(opening));
  world.Append(world.DeliveryEntry(opening, v1::DeliveryOutcome::UNREADABLE));
  EXPECT_EQ(Only(OfLeg(), "TANDA_TERIMA").note, "not delivered: UNREADABLE");
}

TEST_F(TrailTest, HoldsErasuresAndSuspensionsOfAPartyAreTold) {
  Open();
  v1::Act hold;
  hold.mutable_place_hold()->set_leg_id(opening.leg_id());
  hold.mutable_place_hold()->set_note("penyidikan (CONTOH)");
  Act(hold);
  v1::Act lift;
  lift.mutable_lift_hold()->set_leg_id(opening.leg_id());
  lift.mutable_lift_hold()->set_note("selesai");
  Act(lift);
  world.Append(world.MessageEntry(InLeg("uppa.18.01", "dinsos.18", K::PERINTAH_HAPUS, 2)));
  v1::Act suspend;
  suspend.mutable_suspend()->set_address(World::Address("dinsos.18"));
  suspend.mutable_suspend()->set_note("diperiksa");
  Act(suspend);
  v1::Act other;
  other.mutable_suspend()->set_address(World::Address("lpa.31"));
  Act(other);
  const Trail trail = OfLeg();
  EXPECT_EQ(
      KindsOf(trail),
      Kinds({"RUJUKAN", "TANDA_TERIMA", "PLACE_HOLD", "LIFT_HOLD", "PERINTAH_HAPUS", "SUSPEND"}));
  EXPECT_THAT(Only(trail, "PLACE_HOLD").note, HasSubstr("penyidikan (CONTOH)"));
  EXPECT_EQ(Only(trail, "PLACE_HOLD").who, world.admin().address);
  EXPECT_THAT(Only(trail, "SUSPEND").note, HasSubstr("AKTIF -> DIBEKUKAN: diperiksa"));
}

TEST_F(TrailTest, ALegWhoseMailCameBackFailsAndMissesNothing) {
  world.Append(world.MessageEntry(opening));
  v1::Act suspend;
  suspend.mutable_suspend()->set_address(World::Address("dinsos.18"));
  suspend.mutable_suspend()->set_pending_mail(v1::PendingMail::BOUNCE);
  Act(suspend);
  world.Advance(9 * kHour);
  v1::Act resume;
  resume.mutable_resume()->set_address(World::Address("dinsos.18"));
  Act(resume);
  const Trail trail = OfLeg();
  EXPECT_EQ(DeadlineOf(trail, "KONFIRMASI").verdict, DeadlineVerdict::kMoot);
  const auto failed = std::find_if(trail.events.begin(),
                                   trail.events.end(),
                                   [](const TrailEvent& event) { return event.state == "GAGAL"; });
  ASSERT_NE(failed, trail.events.end());
  EXPECT_EQ(failed->kind, "SUSPEND");
}

TEST_F(TrailTest, ReadingsThatCoveredItAreToldAndOthersAreNot) {
  v1::Scope elsewhere;
  elsewhere.add_agencies(World::Address("lpa.31"));
  world.AddMember("auditor.01", v1::Role::AUDITOR);
  world.AddMember("auditor.02", v1::Role::AUDITOR, elsewhere);
  const auto read = [this](const char* who, LogIndex first, LogIndex end) {
    v1::AuditRead statement;
    statement.set_first(first);
    statement.set_end(end);
    world.Append(world.AuditReadEntry(who, statement));
  };
  read("auditor.01", 0, 1);  // ends before the leg
  read("auditor.01", 0, 0);  // open: what comes within its hour
  Open();
  read("auditor.02", 0, 0);  // not in its scope
  world.Advance(2 * kHour);
  const Trail trail = OfLeg();
  EXPECT_EQ(
      std::count_if(trail.events.begin(),
                    trail.events.end(),
                    [](const TrailEvent& event) { return event.type == TrailClass::kReading; }),
      1);
  EXPECT_EQ(trail.events[0].kind, "AUDIT_READ");
  EXPECT_THAT(trail.events[0].note, HasSubstr("reads entries from 0 on"));
}

TEST_F(TrailTest, TheBrokersRemovalOfCiphertextIsToldOnce) {
  Open();
  world.Advance(kHour);
  for (int i = 0; i < 2; ++i) {
    world.Advance(kHour);
    v1::Entry removed;
    removed.mutable_contents_removed()->set_settled_before_ms(world.now());
    world.Append(std::move(removed));
  }
  const Trail trail = OfLeg();
  EXPECT_EQ(std::count_if(trail.events.begin(),
                          trail.events.end(),
                          [](const TrailEvent& event) { return event.kind == "CONTENTS_REMOVED"; }),
            1);
}

TEST_F(TrailTest, AnAgencysTrailHasItsMessagesLegByLegWithinTheTimeAskedFor) {
  Open();
  const UnixMillis after_opening = world.now() + 1;
  world.Advance(kHour);
  const v1::Header other = world.HeaderTo("dinsos.18", "lpa.31", K::RUJUKAN);
  world.Append(world.MessageEntry(other));
  Answer(K::KONFIRMASI, 1);
  world.Append(world.MessageEntry(world.HeaderTo("uppa.18.01", "lpa.31", K::PEMBERITAHUAN)));
  const std::string address = World::Address("dinsos.18");
  const auto all = Read({address, {}});
  ASSERT_TRUE(all) << all.error().ToString();
  const auto threads = ThreadsOf(*all);
  ASSERT_EQ(threads.size(), 3u);
  EXPECT_EQ(threads[0].leg_id, "") << "its admission";
  EXPECT_EQ(threads[1].leg_id, FormatUuid(opening.leg_id()));
  EXPECT_EQ(threads[1].events.size(), 3u);
  EXPECT_EQ(threads[2].leg_id, FormatUuid(other.leg_id()));
  const auto later = Read({address, {after_opening, 0}});
  ASSERT_TRUE(later);
  EXPECT_EQ(KindsOf(*later), Kinds({"RUJUKAN", "KONFIRMASI"}));
  EXPECT_EQ(later->deadlines.size(), 8u) << "four of each leg, judged all the same";
}

TEST_F(TrailTest, AsManyEventsAsAreAllowedAreToldAndOneMoreIsNot) {
  Open();
  TrailRequest request{FormatUuid(opening.leg_id()), {}};
  EXPECT_EQ(request.events_max, limits::kTrailEventsMax);
  request.events_max = 2;
  EXPECT_TRUE(Read(request));
  request.events_max = 1;
  const auto refused = Read(request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kLimit);
  EXPECT_THAT(refused.error().context, HasSubstr("--from"));
  request.span.to = opening.created_at_ms() - 1;
  EXPECT_TRUE(Read(request)) << "a shorter span has fewer";
}

TEST_F(TrailTest, WhatIsNotInTheLedgerIsNotFound) {
  EXPECT_EQ(Read({FormatUuid(std::string(16, 'x')), {}}).error().code, Errc::kNotFound);
  EXPECT_EQ(Read({World::Address("rs.18.01"), {}}).error().code, Errc::kNotFound);
  EXPECT_EQ(Read({"leg", {}}).error().code, Errc::kInvalid);
  EXPECT_EQ(Read({"Dinsos@x", {}}).error().code, Errc::kInvalid);
}

TEST_F(TrailTest, EntriesThatTheCheckpointDoesNotSignAreNotShown) {
  Open();
  Answer(K::TERIMA, 1);
  testing::Files files = MakeLog(world.entries(), world.log());
  std::vector<std::string> forged = world.entries();
  forged.back() = world.Placed(world.MessageEntry(InLeg("dinsos.18", "uppa.18.01", K::TOLAK, 1)))
                      .SerializeAsString();
  testing::PutBundles(forged, files);
  MemorySource source(files);
  EXPECT_EQ(ReadTrail(source, "", {FormatUuid(opening.leg_id()), {}}).error().code, Errc::kCorrupt);
  EXPECT_EQ(ReadTrail(source, "", {FormatUuid(std::string(16, 'x')), {}}).error().code,
            Errc::kCorrupt)
      << "nor may it hide a leg";

  const std::string directory = testing::MakeTemporaryDirectory();
  testing::WriteFiles(files, directory);
  const Output output = RunAudit({"trail", FormatUuid(opening.leg_id()), "--ledger", directory});
  EXPECT_EQ(output.exit_code, kExitNotVerified);
  EXPECT_EQ(output.text, "");
  std::filesystem::remove_all(directory);
}

TEST_F(TrailTest, AnIllegalEntryIsMarked) {
  Open();
  world.AppendUnchecked(
      world.MessageEntry(InLeg("uppa.18.01", "dinsos.18", K::KONFIRMASI_TUTUP, 2)));
  EXPECT_THAT(OfLeg().events.back().note, HasSubstr("ILLEGAL"));
}

}  // namespace
}  // namespace rujukan::audit
