// Goal: every refusal that admission can make is made, at the limit and one past it, and what is
// legal passes. Method: frames of real members against a snapshot of a real directory; no threads,
// no clock.

#include "broker/core/admission.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "tests/unit/broker_core/frames.h"

namespace rujukan::broker {
namespace {

using Reason = v1::RefusalReason;

class AdmissionTest : public ::testing::Test {
 protected:
  AdmissionTest() {
    world_.AddAgency("ppa.18.71");
    world_.AddAgency("dinsos.18.71");
    TakeSnapshot();
  }

  void TakeSnapshot() { directory_ = DirectorySnapshot::Load(world_.view()).value(); }

  Examined Examine(const Peer& peer, std::string frame, Allowance allowance = Allowance::kGranted) {
    return examiner_.Examine({peer, std::move(frame)}, {*directory_, world_.now(), allowance});
  }
  Reason::Code ReasonFor(const Peer& peer,
                         std::string frame,
                         Allowance allowance = Allowance::kGranted) {
    const Examined examined = Examine(peer, std::move(frame), allowance);
    const auto* submission = std::get_if<Submission>(&examined);
    if (submission == nullptr || !submission->refusal.has_value()) {
      return Reason::UNSPECIFIED;
    }
    EXPECT_FALSE(submission->refusal->advice.empty());
    return submission->refusal->reason;
  }
  Reason::Code ReasonFor(const v1::ClientFrame& frame) {
    return ReasonFor(PeerOf("ppa.18.71"), Bytes(frame));
  }
  v1::Header Notice() const { return NoticeTo(world_, "ppa.18.71", "dinsos.18.71"); }

  World world_;
  std::shared_ptr<const DirectorySnapshot> directory_;
  Examiner examiner_;
};

TEST_F(AdmissionTest, AnHonestMessageIsAdmittedWithItsContent) {
  const v1::Header header = Notice();
  Examined examined = Examine(PeerOf("ppa.18.71"), Bytes(SubmitFrame(world_, header)));
  auto& submission = std::get<Submission>(examined);
  EXPECT_FALSE(submission.refusal.has_value());
  EXPECT_EQ(v1::Subject::MESSAGE, submission.kind);
  EXPECT_EQ(header.message_id(), submission.subject);
  EXPECT_EQ("sealed", submission.content);
  EXPECT_TRUE(submission.counted);
  EXPECT_EQ(header.SerializeAsString(), submission.entry.accepted().header());
}

TEST_F(AdmissionTest, BytesThatAreNoFrameAreRefusedAsMalformed) {
  EXPECT_EQ(Reason::MALFORMED, ReasonFor(PeerOf("ppa.18.71"), "\xff\xff\xff"));
  EXPECT_EQ(Reason::MALFORMED, ReasonFor(PeerOf("ppa.18.71"), ""));
}

TEST_F(AdmissionTest, TwoRequestsInOneFrameAreRefusedSoThatNoneEscapesTheWindow) {
  const std::string submit = Bytes(SubmitFrame(world_, Notice()));
  EXPECT_EQ(Reason::MALFORMED, ReasonFor(PeerOf("ppa.18.71"), submit + Bytes(HelloFrame())));
  EXPECT_EQ(Reason::MALFORMED, ReasonFor(PeerOf("ppa.18.71"), Bytes(HelloFrame()) + submit));
}

TEST_F(AdmissionTest, AFrameOneByteOverItsDoorsLimitIsRefused) {
  v1::ClientFrame frame;
  frame.mutable_ping();
  std::string bytes = Bytes(frame);
  // An unknown field pads the frame without changing what it says.
  const auto padded = [&](size_t size) {
    std::string field = "\xfa\x01";  // field 31, length-delimited
    size_t length = size - bytes.size() - 2 - 3;
    for (int i = 0; i < 3; ++i) {
      field.push_back(static_cast<char>((length & 0x7f) | (i < 2 ? 0x80 : 0)));
      length >>= 7;
    }
    return bytes + field + std::string(size - bytes.size() - field.size(), 'x');
  };
  EXPECT_EQ(Reason::UNSPECIFIED, ReasonFor(PeerOf("ppa.18.71"), padded(limits::kFrameBytesMax)));
  EXPECT_EQ(Reason::MALFORMED, ReasonFor(PeerOf("ppa.18.71"), padded(limits::kFrameBytesMax + 1)));
  EXPECT_EQ(Reason::UNSPECIFIED, ReasonFor(Stranger(), padded(limits::kEnrolmentFrameBytesMax)));
  EXPECT_EQ(Reason::MALFORMED, ReasonFor(Stranger(), padded(limits::kEnrolmentFrameBytesMax + 1)));
}

TEST_F(AdmissionTest, ContentAtTheLimitPassesAndOneByteMoreIsRefused) {
  const std::string most(limits::kContentBytesMax, 'c');
  const v1::Header fits = NoticeTo(world_, "ppa.18.71", "dinsos.18.71", most);
  EXPECT_EQ(Reason::UNSPECIFIED, ReasonFor(SubmitFrame(world_, fits, most)));
  const std::string over(limits::kContentBytesMax + 1, 'c');
  const v1::Header large = NoticeTo(world_, "ppa.18.71", "dinsos.18.71", over);
  EXPECT_EQ(Reason::CONTENT_TOO_LARGE, ReasonFor(SubmitFrame(world_, large, over)));
}

TEST_F(AdmissionTest, ContentThatIsNotWhatTheHeaderCommitsToIsRefused) {
  EXPECT_EQ(Reason::DIGEST_MISMATCH, ReasonFor(SubmitFrame(world_, Notice(), "seaLed")));
}

TEST_F(AdmissionTest, AHeaderOverItsLimitIsRefusedAndKeepsNoSubject) {
  v1::ClientFrame frame = SubmitFrame(world_, Notice());
  frame.mutable_submit()->mutable_header()->append(limits::kHeaderBytesMax, 'x');
  EXPECT_EQ(Reason::HEADER_TOO_LARGE, ReasonFor(frame));
}

TEST_F(AdmissionTest, MoreThanSixteenRecipientsAreRefused) {
  v1::Header header = Notice();
  for (size_t i = 1; i <= limits::kRecipientsMax; ++i) {
    header.add_to("lpa.18.71." + std::to_string(i) + "@lampung.example");
  }
  EXPECT_EQ(Reason::TOO_MANY_RECIPIENTS, ReasonFor(SubmitFrame(world_, header)));
}

TEST_F(AdmissionTest, ASenderCannotSpeakForAnother) {
  const std::string frame = Bytes(SubmitFrame(world_, Notice()));
  EXPECT_EQ(Reason::SENDER_MISMATCH, ReasonFor(PeerOf("dinsos.18.71"), frame));
}

TEST_F(AdmissionTest, AUserWhomTheDirectoryDoesNotKnowIsRefused) {
  EXPECT_EQ(Reason::UNKNOWN_SENDER,
            ReasonFor(PeerOf("lpa.18.71"), Bytes(SubmitFrame(world_, Notice()))));
}

TEST_F(AdmissionTest, AnyChangedBitOfTheSignedHeaderBreaksTheSignature) {
  v1::ClientFrame frame = SubmitFrame(world_, Notice());
  v1::Header altered = Notice();
  altered.set_urgency(v1::Urgency::BIASA);
  frame.mutable_submit()->set_header(altered.SerializeAsString());
  EXPECT_EQ(Reason::BAD_SIGNATURE, ReasonFor(frame));
}

TEST_F(AdmissionTest, AKeyOfAnotherAgencyIsNotTheSendersKey) {
  v1::ClientFrame frame = SubmitFrame(world_, Notice());
  const testing::Signed other = world_.SignHeader(Notice(), world_.member("dinsos.18.71"));
  *frame.mutable_submit()->mutable_signature() = other.signature;
  EXPECT_EQ(Reason::KEY_UNKNOWN, ReasonFor(frame));
}

TEST_F(AdmissionTest, AnExpiredKeyIsRefused) {
  world_.Advance(10LL * 365 * 24 * 3600 * 1000);
  EXPECT_EQ(Reason::KEY_EXPIRED, ReasonFor(SubmitFrame(world_, Notice())));
}

TEST_F(AdmissionTest, ARevokedAgencyIsRefusedAtOnce) {
  const v1::ClientFrame frame = SubmitFrame(world_, Notice());
  v1::Act act;
  act.mutable_revoke()->set_address(World::Address("ppa.18.71"));
  act.mutable_revoke()->set_reason(v1::RevocationReason::KEY_COMPROMISE);
  world_.Append(world_.ActEntry(act));
  TakeSnapshot();
  EXPECT_EQ(Reason::SENDER_NOT_ACTIVE, ReasonFor(frame));
  EXPECT_EQ(Reason::SENDER_NOT_ACTIVE, ReasonFor(HelloFrame()));
}

// A revocation whose entry, before it has its place and time, is exactly this long. ECDSA
// signatures differ in length by a byte or two, so it is tried until one fits.
v1::ClientFrame ActOfEntryBytes(const World& world, size_t bytes) {
  v1::Act act;
  v1::Revoke& revoke = *act.mutable_revoke();
  revoke.set_address(World::Address("dinsos.18.71"));
  revoke.set_reason(v1::RevocationReason::CESSATION);
  revoke.set_note(std::string(bytes / 2, 'n'));
  v1::Entry entry;
  do {
    entry = world.ActEntry(act);
    entry.clear_time_ms();
    entry.clear_directory_previous();
    entry.clear_directory_root();
    revoke.mutable_note()->resize(revoke.note().size() + bytes - entry.ByteSizeLong(), 'n');
  } while (entry.ByteSizeLong() != bytes);
  v1::ClientFrame frame;
  frame.mutable_act()->set_act(entry.act().act());
  *frame.mutable_act()->mutable_signature() = entry.act().signature();
  return frame;
}

TEST_F(AdmissionTest, AnActMayFillAnEntryUpToTheRoomForPlaceAndTimeAndNotMore) {
  constexpr size_t kReserved = 64;
  const Peer admin{Door::kMain, world_.admin().address, "r"};
  const size_t most = limits::kEntryBytesMax - kReserved;
  EXPECT_EQ(Reason::UNSPECIFIED, ReasonFor(admin, Bytes(ActOfEntryBytes(world_, most))));
  EXPECT_EQ(Reason::MALFORMED, ReasonFor(admin, Bytes(ActOfEntryBytes(world_, most + 1))));
}

TEST_F(AdmissionTest, ABatchOverTheLimitIsRefused) {
  v1::ClientFrame frame = SubmitFrame(world_, Notice());
  frame.mutable_submit()->mutable_signature()->set_batch_size(limits::kBatchStatementsMax + 1);
  EXPECT_EQ(Reason::BATCH_TOO_LARGE, ReasonFor(frame));
}

TEST_F(AdmissionTest, UnknownFieldsOfASignatureDoNotReachTheLedger) {
  v1::ClientFrame frame = SubmitFrame(world_, Notice());
  v1::BatchSignature& signature = *frame.mutable_submit()->mutable_signature();
  CHECK(signature.MergeFromString(std::string("\xfa\x01\x04junk", 7)));
  Examined examined = Examine(PeerOf("ppa.18.71"), Bytes(frame));
  const auto& submission = std::get<Submission>(examined);
  ASSERT_FALSE(submission.refusal.has_value());
  EXPECT_EQ(std::string::npos, submission.entry.SerializeAsString().find("junk"));
}

TEST_F(AdmissionTest, LimiterVerdictsBecomeRefusalsThatNameTheMessage) {
  const v1::Header header = Notice();
  const std::string frame = Bytes(SubmitFrame(world_, header));
  EXPECT_EQ(Reason::RATE_LIMITED, ReasonFor(PeerOf("ppa.18.71"), frame, Allowance::kRateLimited));
  Examined examined = Examine(PeerOf("ppa.18.71"), frame, Allowance::kWindowExceeded);
  const auto& submission = std::get<Submission>(examined);
  EXPECT_EQ(Reason::WINDOW_EXCEEDED, submission.refusal->reason);
  EXPECT_EQ(header.message_id(), submission.subject);
  EXPECT_FALSE(submission.counted);
}

// Who may do what is the fold's to say, in order; here an act is its signer's own or refused.
TEST_F(AdmissionTest, AnActIsSignedByTheMemberThatSendsIt) {
  v1::Act act;
  act.set_actor(World::Address("ppa.18.71"));
  act.mutable_revoke()->set_address(World::Address("dinsos.18.71"));
  EXPECT_EQ(Reason::UNSPECIFIED, ReasonFor(PeerOf("ppa.18.71"), Bytes(ActFrame(world_, act))));
  EXPECT_EQ(Reason::SENDER_MISMATCH,
            ReasonFor(PeerOf("dinsos.18.71"), Bytes(ActFrame(world_, act))));
  act.set_actor(world_.admin().address);
  v1::ClientFrame forged = ActFrame(world_, act);
  act.set_actor(World::Address("ppa.18.71"));
  *forged.mutable_act()->mutable_signature() = ActFrame(world_, act).act().signature();
  const Peer admin{Door::kMain, world_.admin().address, "r"};
  EXPECT_EQ(Reason::KEY_UNKNOWN, ReasonFor(admin, Bytes(forged))) << "signed by an agency";
}

TEST_F(AdmissionTest, EachDoorTakesOnlyItsOwnFrames) {
  EXPECT_EQ(Reason::MALFORMED, ReasonFor(Stranger(), Bytes(SubmitFrame(world_, Notice()))));
  EXPECT_EQ(Reason::MALFORMED, ReasonFor(Stranger(), Bytes(HelloFrame())));
  const auto invitation = certs::Ed25519Key::Generate();
  const v1::ClientFrame enrol = EnrolFrame(world_, "ppa.18.71", invitation);
  EXPECT_EQ(Reason::MALFORMED, ReasonFor(PeerOf("ppa.18.71"), Bytes(enrol)));
  EXPECT_EQ(Reason::UNSPECIFIED, ReasonFor(Stranger(), Bytes(enrol)));
}

// Whoever holds the root key may have no admitted key left.
TEST_F(AdmissionTest, ARootActComesThroughTheEnrolmentDoorAndActsDoNot) {
  const v1::ClientFrame root_act = RootActFrame(world_, v1::RootAct());
  EXPECT_EQ(Reason::UNSPECIFIED, ReasonFor(Stranger(), Bytes(root_act)));
  EXPECT_EQ(Reason::MALFORMED, ReasonFor(PeerOf("ppa.18.71"), Bytes(root_act)));
  EXPECT_EQ(Reason::MALFORMED, ReasonFor(AdminOf(world_), Bytes(root_act)));
  const v1::ClientFrame act = SuspendFrame(world_, "ppa.18.71", v1::PendingMail::HOLD);
  EXPECT_EQ(Reason::MALFORMED, ReasonFor(Stranger(), Bytes(act)));
  EXPECT_EQ(Reason::UNSPECIFIED, ReasonFor(AdminOf(world_), Bytes(act)));
}

TEST_F(AdmissionTest, ARootActNeedsAnIdAndFitsTheEnrolmentDoor) {
  v1::RootAct nameless;
  nameless.set_act_id("short");
  EXPECT_EQ(Reason::MALFORMED, ReasonFor(Stranger(), Bytes(RootActFrame(world_, nameless))));
  v1::RootAct large;
  large.set_issuing_certificate(std::string(limits::kEnrolmentFrameBytesMax, 'c'));
  EXPECT_EQ(Reason::MALFORMED, ReasonFor(Stranger(), Bytes(RootActFrame(world_, large))));
}

TEST_F(AdmissionTest, AnEnrolmentNotSignedByItsInvitationIsRefused) {
  v1::ClientFrame frame = EnrolFrame(world_, "ppa.18.71", certs::Ed25519Key::Generate());
  frame.mutable_enrol()->mutable_signature()->back() ^= 1;
  EXPECT_EQ(Reason::BAD_SIGNATURE, ReasonFor(Stranger(), Bytes(frame)));
}

TEST_F(AdmissionTest, QueriesPassAsQueries) {
  EXPECT_TRUE(std::holds_alternative<Query>(Examine(PeerOf("ppa.18.71"), Bytes(HelloFrame()))));
}

TEST(SubmissionDigest, IsTheDigestOfTheBytesInsideTheFrame) {
  v1::ClientFrame frame;
  frame.mutable_submit()->set_content(std::string(300, 'x'));
  EXPECT_EQ(certs::Sha256(frame.submit().SerializeAsString()),
            SubmissionDigest(frame.SerializeAsString()));
  EXPECT_EQ(certs::Sha256("\xff"), SubmissionDigest("\xff"));
}

}  // namespace
}  // namespace rujukan::broker
