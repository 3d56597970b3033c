// Goal: order, retries, refusals and recovery of the sequencer. Method: the real core on a store in
// memory, time stepped by hand, commits made when the test says so.

#include "broker/core/sequencer.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "broker/core/admission.h"
#include "broker/core/memory_store.h"
#include "ledger/tree.h"
#include "tests/unit/broker_core/frames.h"

namespace rujukan::broker {
namespace {

using Reason = v1::RefusalReason;

class SequencerTest : public ::testing::Test {
 protected:
  SequencerTest() {
    world_.AddAgency("ppa.18.71");
    world_.AddAgency("dinsos.18.71");
    Seed(world_, store_);
    Restart();
  }

  void Restart() {
    epoch_ = store_.Fence().value();
    core_ = Sequencer::Recover(store_).value();
    directory_ = DirectorySnapshot::Load(store_).value();
  }
  void Take(const Peer& peer, const v1::ClientFrame& frame) {
    Examined examined =
        examiner_.Examine({peer, Bytes(frame)}, {*directory_, world_.now(), Allowance::kGranted});
    ASSERT_TRUE(core_->Take(std::move(std::get<Submission>(examined)), world_.now()).has_value());
  }
  void Send(const v1::Header& header) { Take(PeerOf("ppa.18.71"), SubmitFrame(world_, header)); }
  v1::Header Notice() const { return NoticeTo(world_, "ppa.18.71", "dinsos.18.71"); }

  // Seals, writes and settles. Returns the batch.
  std::shared_ptr<const FormedBatch> Commit() {
    auto batch = core_->Seal().value();
    if (!batch->commit.entries.empty()) {
      EXPECT_TRUE(store_.Append(epoch_, batch->commit).has_value());
    }
    core_->Committed();
    return batch;
  }
  Answer AnswerTo(const v1::Header& header) {
    Send(header);
    return Commit()->answers.back();
  }

  World world_;
  MemoryStore store_;
  Epoch epoch_ = 0;
  std::unique_ptr<Sequencer> core_;
  std::shared_ptr<const DirectorySnapshot> directory_;
  Examiner examiner_;
};

TEST_F(SequencerTest, EachAcceptedMessageIsAnEntryWithAProofToTheBatchsRoot) {
  const TreeSize before = core_->size();
  for (int i = 0; i < 5; ++i) {
    Send(Notice());
  }
  const auto batch = Commit();
  ASSERT_EQ(5U, batch->commit.entries.size());
  EXPECT_EQ(before, batch->first());
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_TRUE(ledger::VerifyInclusion(certs::LeafHash(batch->commit.entries[i]),
                                        before + i,
                                        batch->size,
                                        batch->paths[i],
                                        batch->root)
                    .has_value());
  }
  EXPECT_EQ(5U, batch->mail.size());
}

TEST_F(SequencerTest, TimeNeverRunsBackwardsInTheLedger) {
  Send(Notice());
  world_.Advance(-60'000);
  Send(Notice());
  const auto batch = Commit();
  v1::Entry first;
  v1::Entry second;
  ASSERT_TRUE(first.ParseFromString(batch->commit.entries[0]));
  ASSERT_TRUE(second.ParseFromString(batch->commit.entries[1]));
  EXPECT_GE(second.time_ms(), first.time_ms());
}

TEST_F(SequencerTest, ARetryInTheSameBatchNamesTheSameEntry) {
  const v1::Header header = Notice();
  Send(header);
  Send(header);
  const auto batch = Commit();
  EXPECT_EQ(1U, batch->commit.entries.size());
  ASSERT_EQ(2U, batch->answers.size());
  EXPECT_EQ(batch->answers[0].index, batch->answers[1].index);
}

TEST_F(SequencerTest, ARetryWhileItsBatchIsUnderWayNamesTheSameEntry) {
  const v1::Header header = Notice();
  Send(header);
  const auto first = core_->Seal().value();
  Send(header);
  ASSERT_TRUE(store_.Append(epoch_, first->commit).has_value());
  core_->Committed();
  const auto second = Commit();
  EXPECT_TRUE(second->commit.entries.empty());
  EXPECT_EQ(first->answers[0].index, second->answers[0].index);
}

TEST_F(SequencerTest, ARetryAfterRestartNamesTheSameEntryEvenWhenItHasExpired) {
  const v1::Header header = Notice();
  const v1::ClientFrame frame = SubmitFrame(world_, header);
  const Answer first = AnswerTo(header);
  Restart();
  world_.Advance(40LL * 24 * 3600 * 1000);
  Take(PeerOf("ppa.18.71"), frame);
  const Answer again = Commit()->answers.back();
  EXPECT_FALSE(again.refusal.has_value());
  EXPECT_EQ(first.index, again.index);
}

TEST_F(SequencerTest, AnIdWithOtherBytesIsRefused) {
  v1::Header header = Notice();
  AnswerTo(header);
  header.set_urgency(v1::Urgency::BIASA);
  EXPECT_EQ(Reason::ID_REUSED, AnswerTo(header).refusal->reason);
}

TEST_F(SequencerTest, AnExpiredMessageIsRefused) {
  v1::Header header = Notice();
  header.set_created_at_ms(world_.now() - 10);
  header.set_expires_at_ms(world_.now());
  EXPECT_EQ(Reason::EXPIRED, AnswerTo(header).refusal->reason);
}

TEST_F(SequencerTest, ClockSkewAtTheLimitPassesAndOneMillisecondMoreIsRefused) {
  v1::Header header = Notice();
  header.set_created_at_ms(world_.now() + limits::kClockSkewMsMax);
  EXPECT_FALSE(AnswerTo(header).refusal.has_value());
  header = Notice();
  header.set_created_at_ms(world_.now() + limits::kClockSkewMsMax + 1);
  EXPECT_EQ(Reason::CLOCK_SKEW, AnswerTo(header).refusal->reason);
}

TEST_F(SequencerTest, UnknownAndRevokedRecipientsAreRefused) {
  v1::Header header = Notice();
  header.set_to(0, "lpa.18.71@lampung.example");
  EXPECT_EQ(Reason::UNKNOWN_RECIPIENT, AnswerTo(header).refusal->reason);
  Take({Door::kMain, world_.admin().address, "r"}, RevokeFrame(world_, "dinsos.18.71"));
  const auto batch = Commit();
  EXPECT_EQ(std::vector<std::string>{World::Address("dinsos.18.71")}, batch->cut);
  EXPECT_EQ(Reason::RECIPIENT_NOT_ACTIVE, AnswerTo(Notice()).refusal->reason);
}

TEST_F(SequencerTest, AnIllegalTransitionIsRefusedAndBecomesEvidence) {
  v1::Header header = world_.HeaderTo("ppa.18.71", "dinsos.18.71", v1::Kind::BATAL);
  header.set_content_size(6);
  header.set_content_digest(certs::Sha256("sealed").str());
  const v1::ClientFrame frame = SubmitFrame(world_, header);
  Take(PeerOf("ppa.18.71"), frame);
  const auto batch = Commit();
  EXPECT_EQ(Reason::UNKNOWN_LEG, batch->answers.back().refusal->reason);
  v1::Entry entry;
  ASSERT_TRUE(entry.ParseFromString(batch->commit.entries.at(0)));
  EXPECT_EQ(World::Address("ppa.18.71"), entry.refused().sender());
  EXPECT_EQ(frame.submit().header(), entry.refused().header());
  EXPECT_EQ(certs::Sha256(frame.submit().SerializeAsString()).view(),
            entry.refused().submission_digest());
}

// The fold takes no refusal whose evidence is not the sender's own; the sequencer would stop there.
TEST_F(SequencerTest, WhateverIsRefusedBecomesAnEntryThatHoldsOnlyAuthenticEvidence) {
  const auto refused = [&](const Peer& peer, const v1::ClientFrame& frame) {
    Take(peer, frame);
    const auto batch = Commit();
    v1::Entry entry;
    EXPECT_TRUE(entry.ParseFromString(batch->commit.entries.at(0)));
    EXPECT_TRUE(entry.has_refused());
    EXPECT_EQ(entry.refused().header().empty(), !entry.refused().has_signature());
    return entry.refused();
  };
  v1::ClientFrame frame = SubmitFrame(world_, Notice());
  EXPECT_TRUE(refused(PeerOf("dinsos.18.71"), frame).header().empty()) << "of another sender";
  frame.mutable_submit()->mutable_signature()->mutable_signature()->back() ^= 1;
  EXPECT_TRUE(refused(PeerOf("ppa.18.71"), frame).header().empty()) << "signature does not hold";
  frame.mutable_submit()->set_header("not a header");
  EXPECT_TRUE(refused(PeerOf("ppa.18.71"), frame).header().empty()) << "does not parse";
  EXPECT_TRUE(refused(PeerOf("ppa.18.71"), v1::ClientFrame()).header().empty()) << "nothing in it";
  EXPECT_TRUE(refused(PeerOf("dinsos.18.71"), DeliveryFrame(world_, Notice())).header().empty());
  v1::Header expired = Notice();
  expired.set_expires_at_ms(expired.created_at_ms() + 1);
  world_.Advance(1'000);
  EXPECT_FALSE(refused(PeerOf("ppa.18.71"), SubmitFrame(world_, expired)).header().empty());
}

TEST_F(SequencerTest, RefusalEntriesAreBoundedAMinuteAndTheRestIsCounted) {
  v1::ClientFrame frame = SubmitFrame(world_, Notice());
  frame.mutable_submit()->set_content("tampered");
  const auto refuse = [&] {
    Take(PeerOf("ppa.18.71"), frame);
    return Commit();
  };
  for (uint32_t i = 0; i < limits::kRefusalEntriesPerMinute; ++i) {
    ASSERT_EQ(1U, refuse()->commit.entries.size());
  }
  for (int i = 0; i < 3; ++i) {
    const auto batch = refuse();
    EXPECT_TRUE(batch->commit.entries.empty());
    EXPECT_TRUE(batch->answers.back().refusal.has_value());
  }
  world_.Advance(60'000);
  v1::Entry entry;
  ASSERT_TRUE(entry.ParseFromString(refuse()->commit.entries.at(0)));
  EXPECT_EQ(3U, entry.refused().unlogged_before());
}

TEST_F(SequencerTest, AStrangersRefusalIsAnsweredButNeverStored) {
  Take(Stranger(), EnrolFrame(world_, "ppa.18.71", certs::Ed25519Key::Generate()));
  const auto batch = Commit();
  EXPECT_EQ(Reason::INVITATION_UNKNOWN, batch->answers.back().refusal->reason);
  EXPECT_TRUE(batch->commit.entries.empty());
}

TEST_F(SequencerTest, AFullMailboxRefusesUntilSomethingIsDelivered) {
  const v1::Header first = Notice();
  AnswerTo(first);
  // The fold counts; the test puts the count one below the limit instead of sending 9,998 more.
  CommitBatch nearly;
  v1::CounterRecord counter;
  counter.set_mailbox_messages(limits::kMailboxMessagesMax - 1);
  counter.set_mailbox_bytes(6 * (limits::kMailboxMessagesMax - 1));
  nearly.first_index = store_.Size().value();
  nearly.view[{ledger::Table::kCounter, World::Address("dinsos.18.71")}] =
      counter.SerializeAsString();
  ASSERT_TRUE(store_.Append(epoch_, nearly).has_value());
  Restart();
  EXPECT_FALSE(AnswerTo(Notice()).refusal.has_value());
  EXPECT_EQ(Reason::MAILBOX_FULL, AnswerTo(Notice()).refusal->reason);
  Take(PeerOf("dinsos.18.71"), DeliveryFrame(world_, first));
  Commit();
  EXPECT_FALSE(AnswerTo(Notice()).refusal.has_value());
}

TEST_F(SequencerTest, ADeliveryReceiptSettlesTheMessageAndItsRetryNamesTheSameEntry) {
  const v1::Header header = Notice();
  AnswerTo(header);
  const v1::ClientFrame receipt = DeliveryFrame(world_, header);
  Take(PeerOf("dinsos.18.71"), receipt);
  const auto batch = Commit();
  ASSERT_EQ(1U, batch->settled.size());
  EXPECT_EQ(World::Address("ppa.18.71"), batch->settled[0].sender);
  Take(PeerOf("dinsos.18.71"), receipt);
  const Answer again = Commit()->answers.back();
  EXPECT_EQ(batch->settled[0].index, again.index);
  EXPECT_EQ(Reason::ALREADY_DELIVERED, again.mismatch);
}

TEST_F(SequencerTest, AReceiptForAMessageOfNobodyIsRefused) {
  Take(PeerOf("dinsos.18.71"), DeliveryFrame(world_, Notice()));
  EXPECT_EQ(Reason::UNKNOWN_MESSAGE, Commit()->answers.back().refusal->reason);
}

TEST_F(SequencerTest, WithoutRoomEverythingIsUndoneAndRefusedForNow) {
  const TreeSize before = core_->size();
  Send(Notice());
  ASSERT_TRUE(core_->Seal().has_value());
  Send(Notice());
  const std::vector<Answer> owed = core_->Aborted(world_.now()).value();
  ASSERT_EQ(2U, owed.size());
  EXPECT_EQ(Reason::STORAGE_FULL, owed[0].refusal->reason);
  EXPECT_TRUE(owed[0].counted);
  EXPECT_EQ(before, core_->size());
  EXPECT_TRUE(core_->StorageFull());
  EXPECT_TRUE(core_->Empty());
  EXPECT_GT(RetryAfterMs(Reason::STORAGE_FULL), 0U);
}

TEST_F(SequencerTest, WhenThereIsRoomAgainAProbeFindsOutAndServiceGoesOn) {
  const v1::Header header = Notice();
  Send(header);
  ASSERT_TRUE(core_->Seal().has_value());
  ASSERT_TRUE(core_->Aborted(world_.now()).has_value());
  EXPECT_EQ(Reason::STORAGE_FULL, AnswerTo(header).refusal->reason);
  world_.Advance(limits::kStorageProbeMs);
  EXPECT_FALSE(AnswerTo(header).refusal.has_value());
  EXPECT_FALSE(core_->StorageFull());
  EXPECT_FALSE(AnswerTo(Notice()).refusal.has_value());
}

TEST_F(SequencerTest, ABatchIsFullAtItsLimitOfAnswersEvenWithoutEntries) {
  const v1::Header header = Notice();
  AnswerTo(header);
  for (size_t i = 0; i < limits::kCommitAnswersMax; ++i) {
    ASSERT_FALSE(core_->Full());
    Submission retry;
    retry.peer = PeerOf("ppa.18.71");
    retry.kind = v1::Subject::MESSAGE;
    retry.subject = header.message_id();
    retry.statement = certs::Sha256(header.SerializeAsString());
    ASSERT_TRUE(core_->Take(std::move(retry), world_.now()).has_value());
  }
  EXPECT_TRUE(core_->Full());
}

TEST_F(SequencerTest, ABatchIsFullAtItsLimitOfEntriesAndTheNextOneGoesOn) {
  for (size_t i = 0; i < limits::kCommitEntriesMax; ++i) {
    ASSERT_FALSE(core_->Full()) << i;
    Send(Notice());
  }
  EXPECT_TRUE(core_->Full());
  EXPECT_EQ(limits::kCommitEntriesMax, Commit()->commit.entries.size());
  EXPECT_FALSE(core_->Full());
  EXPECT_FALSE(AnswerTo(Notice()).refusal.has_value());
}

TEST_F(SequencerTest, ABatchIsFullAtItsLimitOfBytes) {
  const std::string content(limits::kContentBytesMax, 'c');
  size_t bytes = 0;  // of content alone: entries come on top
  while (!core_->Full()) {
    ASSERT_LT(bytes, limits::kCommitBytesMax);
    Take(PeerOf("ppa.18.71"),
         SubmitFrame(world_, NoticeTo(world_, "ppa.18.71", "dinsos.18.71", content), content));
    bytes += content.size();
  }
  EXPECT_GT(bytes, limits::kCommitBytesMax - 2 * content.size());
  size_t written = 0;
  const auto batch = Commit();
  for (const std::string& entry : batch->commit.entries) {
    written += entry.size();
  }
  EXPECT_GE(written + bytes, limits::kCommitBytesMax);
  EXPECT_LT(written + bytes - batch->commit.entries.back().size() - content.size(),
            limits::kCommitBytesMax);
  EXPECT_FALSE(core_->Full());
}

TEST_F(SequencerTest, WhatRecoversIsExactlyWhatWasCommitted) {
  Send(Notice());
  Commit();
  Send(Notice());  // formed, never written
  const TreeSize size = store_.Size().value();
  Restart();
  EXPECT_EQ(size, core_->size());
  EXPECT_FALSE(AnswerTo(Notice()).refusal.has_value());
}

TEST(SequencerRecovery, AnEmptyStoreIsToldApartFromADamagedOne) {
  MemoryStore store;
  EXPECT_EQ(Errc::kNotFound, Sequencer::Recover(store).error().code);
  const Epoch epoch = store.Fence().value();
  CommitBatch headless;
  headless.entries.push_back("entry without a view");
  ASSERT_TRUE(store.Append(epoch, headless).has_value());
  EXPECT_EQ(Errc::kCorrupt, Sequencer::Recover(store).error().code);
}

}  // namespace
}  // namespace rujukan::broker
