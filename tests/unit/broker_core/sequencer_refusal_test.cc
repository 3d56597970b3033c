// Goal: what refusals cost: no entry for what passes, no certificate check for who was not invited,
// and none forgotten when a batch is undone. Method: the real core on a store in memory.

#include <gtest/gtest.h>

#include "base/limits.h"
#include "broker/core/memory_store.h"
#include "broker/core/sequencer.h"
#include "tests/unit/broker_core/frames.h"

namespace rujukan::broker {
namespace {

using Reason = v1::RefusalReason;

class SequencerRefusalTest : public ::testing::Test {
 protected:
  SequencerRefusalTest() {
    world_.AddAgency("ppa.18.71");
    Seed(world_, store_);
    epoch_ = store_.Fence().value();
    core_ = Sequencer::Recover(store_).value();
  }

  void Refuse(Reason::Code reason) {
    Submission submission;
    submission.peer = PeerOf("ppa.18.71");
    submission.kind = v1::Subject::MESSAGE;
    submission.refusal = ledger::MakeRefusal(reason);
    ASSERT_TRUE(core_->Take(std::move(submission), world_.now()).has_value());
  }
  std::shared_ptr<const FormedBatch> Commit() {
    auto batch = core_->Seal().value();
    if (!batch->commit.entries.empty()) {
      EXPECT_TRUE(store_.Append(epoch_, batch->commit).has_value());
    }
    core_->Committed();
    return batch;
  }
  static v1::MessageRefused RefusedIn(const FormedBatch& batch) {
    v1::Entry entry;
    EXPECT_TRUE(entry.ParseFromString(batch.commit.entries.at(0)));
    return entry.refused();
  }

  World world_;
  MemoryStore store_;
  Epoch epoch_ = 0;
  std::unique_ptr<Sequencer> core_;
};

TEST_F(SequencerRefusalTest, WhatOnlyComesTooEarlyIsAnsweredButNoEntry) {
  for (const auto reason : {Reason::RATE_LIMITED, Reason::WINDOW_EXCEEDED, Reason::STORAGE_FULL}) {
    Refuse(reason);
    const auto batch = Commit();
    EXPECT_TRUE(batch->commit.entries.empty());
    EXPECT_EQ(reason, batch->answers.at(0).refusal->reason);
  }
  Refuse(Reason::MALFORMED);
  EXPECT_EQ(3U, RefusedIn(*Commit()).unlogged_before());
}

TEST_F(SequencerRefusalTest, TheCountOfUnloggedRefusalsSurvivesABatchThatIsUndone) {
  for (uint32_t i = 0; i < limits::kRefusalEntriesPerMinute + 3; ++i) {
    Refuse(Reason::MALFORMED);
  }
  Commit();
  world_.Advance(60'000);
  Refuse(Reason::MALFORMED);
  ASSERT_EQ(3U, RefusedIn(*core_->Seal().value()).unlogged_before());
  ASSERT_TRUE(core_->Aborted(world_.now()).has_value());
  world_.Advance(limits::kStorageProbeMs);
  Refuse(Reason::MALFORMED);
  EXPECT_EQ(3U, RefusedIn(*Commit()).unlogged_before());
  world_.Advance(60'000);
  Refuse(Reason::MALFORMED);
  EXPECT_EQ(0U, RefusedIn(*Commit()).unlogged_before());
}

TEST_F(SequencerRefusalTest, WhoWasNotInvitedIsToldSoBeforeAnyCertificateIsLookedAt) {
  v1::EnrolmentRequest request;
  request.set_version(1);
  request.set_invitation_key(std::string(32, 'k'));
  request.set_signing_csr("not a certificate request");
  Submission submission;
  submission.peer = Stranger();
  submission.kind = v1::Subject::ENROLMENT;
  submission.subject = "enrolment";
  submission.entry.mutable_enrolment()->set_request(request.SerializeAsString());
  ASSERT_TRUE(core_->Take(std::move(submission), world_.now()).has_value());
  EXPECT_EQ(Reason::INVITATION_UNKNOWN, Commit()->answers.at(0).refusal->reason);
}

}  // namespace
}  // namespace rujukan::broker
