// Goal: an invitation survives the ways it travels (file, line, wrapped line) and nothing else is
// believed. Method: encode, damage, decode.
#include "agents/link/invitation.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

namespace rujukan::link {
namespace {

v1::Invitation Sample() {
  v1::Invitation invitation;
  invitation.set_version(1);
  invitation.set_address("dinsos.18.71@lampung.example");
  invitation.set_official_name("Dinas Sosial Kota Bandar Lampung");
  invitation.set_region("kemendagri:18.71");
  invitation.set_expires_at_ms(1'800'000'000'000);
  invitation.set_invitation_seed(std::string(32, '\xfb'));
  invitation.set_endpoint("tcp://127.0.0.1:7400");
  invitation.set_enrolment_endpoint("tcp://127.0.0.1:7401");
  invitation.set_broker_transport_key(std::string(32, '\xff'));
  invitation.set_log_vkey("rujukan/lampung.example+00000000+AQ==");
  invitation.set_root_fingerprint(std::string(32, '\x3e'));
  return invitation;
}

std::string Refusal(const v1::Invitation& invitation) {
  const auto decoded = DecodeInvitation(EncodeInvitation(invitation));
  return decoded ? "accepted" : std::string(ErrcName(decoded.error().code));
}

TEST(Invitation, RoundTripKeepsEveryByte) {
  const auto decoded = DecodeInvitation(EncodeInvitation(Sample()));
  ASSERT_TRUE(decoded) << decoded.error().ToString();
  EXPECT_EQ(decoded->SerializeAsString(), Sample().SerializeAsString());
}

TEST(Invitation, IsOneLineSafeInUrlsAndShells) {
  const std::string line = EncodeInvitation(Sample());
  EXPECT_EQ(line.find_first_of("+/= \n'\"$"), std::string::npos);
}

TEST(Invitation, WrappedByAMailProgramStillReads) {
  std::string line = EncodeInvitation(Sample());
  line.insert(76, "\r\n");
  EXPECT_TRUE(DecodeInvitation("\n" + line + "  \n"));
}

TEST(Invitation, CutOrForeignTextIsRefused) {
  const std::string line = EncodeInvitation(Sample());
  EXPECT_FALSE(DecodeInvitation(line.substr(0, line.size() - 9)));
  EXPECT_FALSE(DecodeInvitation("https://example.com"));
  EXPECT_FALSE(DecodeInvitation(std::string(kInvitationPrefix)));
  EXPECT_FALSE(DecodeInvitation(line + "="));
}

TEST(Invitation, EveryFieldIsChecked) {
  auto broken = Sample();
  broken.set_invitation_seed("short");
  EXPECT_EQ(Refusal(broken), ErrcName(Errc::kInvalid));
  broken = Sample();
  broken.set_version(2);
  EXPECT_EQ(Refusal(broken), ErrcName(Errc::kInvalid));
  broken = Sample();
  broken.set_address("DINSOS@lampung.example");
  EXPECT_EQ(Refusal(broken), ErrcName(Errc::kInvalid));
  broken = Sample();
  broken.set_endpoint("http://127.0.0.1");
  EXPECT_EQ(Refusal(broken), ErrcName(Errc::kInvalid));
  broken = Sample();
  broken.clear_root_fingerprint();
  EXPECT_EQ(Refusal(broken), ErrcName(Errc::kInvalid));
}

TEST(Invitation, AtTheLengthLimitIsReadAndOnePastIsRefused) {
  std::string line = EncodeInvitation(Sample());
  line.append(limits::kInvitationTextBytesMax - line.size(), ' ');
  EXPECT_TRUE(DecodeInvitation(line));
  const auto past = DecodeInvitation(line + " ");
  ASSERT_FALSE(past);
  EXPECT_EQ(past.error().code, Errc::kLimit);
}

TEST(Invitation, ExpiresAtItsMoment) {
  EXPECT_TRUE(CheckInvitationTime(Sample(), Sample().expires_at_ms() - 1));
  const auto late = CheckInvitationTime(Sample(), Sample().expires_at_ms());
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Errc::kExpired);
}

TEST(Invitation, FileIsPrivateAndNeverOverwritten) {
  std::string dir = testing::TempDir() + "inviteXXXXXX";
  ASSERT_NE(mkdtemp(dir.data()), nullptr);
  const std::string path = dir + "/invite";
  ASSERT_TRUE(WriteInvitationFile(path, Sample()));
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(WriteInvitationFile(path, Sample()).error().code, Errc::kConflict);
  EXPECT_TRUE(LoadInvitation(path));
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  EXPECT_EQ(LoadInvitation(path).error().code, Errc::kDenied);
}

}  // namespace
}  // namespace rujukan::link
