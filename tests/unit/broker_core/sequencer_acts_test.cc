// Goal: what acts and root acts cost, who is cut off and told by them, and that a retry of one is
// the same entry. Method: the real core on a store in memory, with a policy in force.

#include <gtest/gtest.h>

#include "broker/core/admission.h"
#include "broker/core/answers.h"
#include "broker/core/memory_store.h"
#include "broker/core/sequencer.h"
#include "ledger/policy_text.h"
#include "tests/unit/broker_core/frames.h"

namespace rujukan::broker {
namespace {

using Reason = v1::RefusalReason;

class SequencerActsTest : public ::testing::Test {
 protected:
  SequencerActsTest() : world_(std::string(ledger::DefaultPolicyText())) {
    world_.AddAgency("uppa.18.71");
    world_.AddAgency("dinsos.18.71");
    world_.AddAgency("forum.18.71");
    Seed(world_, store_);
    epoch_ = store_.Fence().value();
    core_ = Sequencer::Recover(store_).value();
    directory_ = DirectorySnapshot::Load(store_).value();
  }

  // Examines, decides and commits.
  std::shared_ptr<const FormedBatch> Take(const Peer& peer, const v1::ClientFrame& frame) {
    Examined examined =
        examiner_.Examine({peer, Bytes(frame)}, {*directory_, world_.now(), Allowance::kGranted});
    EXPECT_TRUE(core_->Take(std::move(std::get<Submission>(examined)), world_.now()).has_value());
    auto batch = core_->Seal().value();
    if (!batch->commit.entries.empty()) {
      EXPECT_TRUE(store_.Append(epoch_, batch->commit).has_value());
    }
    core_->Committed();
    return batch;
  }
  std::shared_ptr<const FormedBatch> Send(const v1::Header& header) {
    return Take(PeerOf("uppa.18.71"), SubmitFrame(world_, header));
  }
  v1::Header Notice() const { return NoticeTo(world_, "uppa.18.71", "dinsos.18.71"); }
  v1::RootAct RevokeByRoot() const {
    v1::RootAct act;
    v1::Revoke& revoke = *act.add_revoke();
    revoke.set_address(World::Address("dinsos.18.71"));
    revoke.set_reason(v1::RevocationReason::KEY_COMPROMISE);
    revoke.set_pending_mail(v1::PendingMail::BOUNCE);
    return act;
  }
  static Reason::Code ReasonOf(const FormedBatch& batch) {
    const auto& refusal = batch.answers.back().refusal;
    return refusal ? refusal->reason : Reason::UNSPECIFIED;
  }

  World world_;
  MemoryStore store_;
  Epoch epoch_ = 0;
  std::unique_ptr<Sequencer> core_;
  std::shared_ptr<const DirectorySnapshot> directory_;
  Examiner examiner_;
};

// A revocation list is parsed and its signatures verified where every entry passes: an agency must
// not have that done. NO_RIGHT instead of CERTIFICATE_INVALID shows that nobody looked at it.
TEST_F(SequencerActsTest, WhoMayNotActIsToldSoBeforeTheActIsLookedInto) {
  v1::Act act;
  act.mutable_publish_crl()->set_crl("no list");
  EXPECT_EQ(Reason::CERTIFICATE_INVALID, ReasonOf(*Take(AdminOf(world_), ActFrame(world_, act))));
  act.set_actor(World::Address("uppa.18.71"));
  act.set_act_id(std::string(16, 'u'));
  EXPECT_EQ(Reason::NO_RIGHT, ReasonOf(*Take(PeerOf("uppa.18.71"), ActFrame(world_, act))));
}

TEST_F(SequencerActsTest, SuspensionCutsItsAgencyAndTellsWhoWroteToIt) {
  const v1::Header header = Notice();
  Send(header);
  const auto batch =
      Take(AdminOf(world_), SuspendFrame(world_, "dinsos.18.71", v1::PendingMail::HOLD));
  EXPECT_EQ(std::vector<std::string>{World::Address("dinsos.18.71")}, batch->cut);
  ASSERT_EQ(1U, batch->settled.size());
  EXPECT_EQ(World::Address("uppa.18.71"), batch->settled[0].sender);
  EXPECT_EQ(World::Address("dinsos.18.71"), batch->settled[0].recipient);
  EXPECT_EQ(header.message_id(), batch->settled[0].id.view());
  EXPECT_EQ(batch->first(), batch->settled[0].index) << "the act's own entry";
}

TEST_F(SequencerActsTest, ResumingAndDescribingCutNobody) {
  Take(AdminOf(world_), SuspendFrame(world_, "dinsos.18.71", v1::PendingMail::HOLD));
  const auto resumed = Take(AdminOf(world_), ResumeFrame(world_, "dinsos.18.71"));
  EXPECT_EQ(1U, resumed->commit.entries.size());
  EXPECT_TRUE(resumed->cut.empty());
  EXPECT_TRUE(resumed->settled.empty());
}

TEST_F(SequencerActsTest, ARootActCutsAndSettlesLikeAnAct) {
  Send(Notice());
  const auto batch = Take(Stranger(), RootActFrame(world_, RevokeByRoot()));
  EXPECT_EQ(Reason::UNSPECIFIED, ReasonOf(*batch));
  EXPECT_EQ(std::vector<std::string>{World::Address("dinsos.18.71")}, batch->cut);
  EXPECT_EQ(1U, batch->settled.size());
  EXPECT_EQ(Reason::RECIPIENT_NOT_ACTIVE, ReasonOf(*Send(Notice())));
}

TEST_F(SequencerActsTest, ARetryOfARootActNamesTheSameEntryAndOtherBytesAreTold) {
  const v1::ClientFrame frame = RootActFrame(world_, RevokeByRoot());
  const auto first = Take(Stranger(), frame);
  const auto again = Take(Stranger(), frame);
  EXPECT_TRUE(again->commit.entries.empty());
  EXPECT_EQ(first->answers[0].index, again->answers[0].index);
  const std::string& entry = first->commit.entries.at(0);
  v1::ServerFrame answer;
  ASSERT_TRUE(answer.ParseFromString(FrameFor(again->answers[0], entry, "receipt")));
  EXPECT_TRUE(answer.has_accepted());

  v1::RootAct other = RevokeByRoot();
  v1::RootAct sent;
  ASSERT_TRUE(sent.ParseFromString(frame.root_act().act()));
  other.set_act_id(sent.act_id());
  other.mutable_revoke(0)->set_note("another");
  const auto reused = Take(Stranger(), RootActFrame(world_, other));
  ASSERT_TRUE(answer.ParseFromString(FrameFor(reused->answers[0], entry, "receipt")));
  EXPECT_EQ(Reason::ID_REUSED, answer.refused().reason());
}

TEST_F(SequencerActsTest, AForgedRootActIsAnsweredAndNeverStored) {
  v1::ClientFrame forged = RootActFrame(world_, RevokeByRoot());
  forged.mutable_root_act()->set_signature(world_.admin().signing_key.Sign("anything"));
  const auto batch = Take(Stranger(), forged);
  EXPECT_EQ(Reason::BAD_SIGNATURE, ReasonOf(*batch));
  EXPECT_TRUE(batch->commit.entries.empty());
  EXPECT_TRUE(batch->cut.empty());
}

TEST_F(SequencerActsTest, ARefusalByThePolicyIsAnEntryThatNamesItsRuleAndVersion) {
  v1::Header header = world_.HeaderTo("uppa.18.71", "forum.18.71", v1::Kind::RUJUKAN);
  header.set_content_size(6);
  header.set_content_digest(certs::Sha256("sealed").str());
  const auto batch = Send(header);
  EXPECT_EQ(Reason::POLICY_DENIED, ReasonOf(*batch));
  EXPECT_EQ("D3", batch->answers[0].refusal->rule);
  v1::Entry entry;
  ASSERT_TRUE(entry.ParseFromString(batch->commit.entries.at(0)));
  EXPECT_EQ("D3", entry.refused().rule());
  EXPECT_EQ(1U, entry.refused().policy_version());
  v1::ServerFrame answer;
  ASSERT_TRUE(answer.ParseFromString(FrameFor(batch->answers[0], "entry", "receipt")));
  EXPECT_EQ("D3", answer.refused().rule());
}

TEST_F(SequencerActsTest, ARuleThatHoldsWithoutAPolicyIsNamedToo) {
  Take(AdminOf(world_), SuspendFrame(world_, "dinsos.18.71", v1::PendingMail::HOLD));
  v1::Entry entry;
  ASSERT_TRUE(entry.ParseFromString(Send(Notice())->commit.entries.at(0)));
  EXPECT_EQ("D1", entry.refused().rule());
  EXPECT_EQ(Reason::RECIPIENT_NOT_ACTIVE, entry.refused().reason());
}

}  // namespace
}  // namespace rujukan::broker
