// Goal: a reading is signed by its auditor in a form that the fold accepts, says what was wished,
// and shows the token's digest alone; what cannot be granted is refused before anybody is asked.
// Method: a World admits the auditor and folds the statement; command lines without a broker.
#include "agents/audit/reading.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "agents/audit/commands.h"
#include "agents/link/submission.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "ledger/records.h"
#include "tests/unit/audit/log_image.h"

namespace rujukan::audit {
namespace {

using rujukan::testing::World;
using ::testing::HasSubstr;

constexpr char kToken[] = "0123456789abcdef";

class ReadingTest : public ::testing::Test {
 protected:
  ReadingTest() { world.AddMember("auditor.01", v1::Role::AUDITOR); }

  v1::SubmitStatement Signed(const ReadingWish& wish) const {
    const auto& auditor = world.member("auditor.01");
    return SignAuditRead({auditor.signing_certificate, auditor.signing_key},
                         auditor.address,
                         wish,
                         kToken,
                         world.now());
  }
  static v1::Entry EntryOf(const v1::SubmitStatement& submitted) {
    v1::Entry entry;
    entry.mutable_audit_read()->set_read(submitted.statement());
    *entry.mutable_audit_read()->mutable_signature() = submitted.signature();
    return entry;
  }

  World world;
};

TEST_F(ReadingTest, TheFoldTakesItAndKnowsTheTokenByItsDigest) {
  const auto submitted = Signed({"audit berkala", 3, 9, limits::kAuditReadLifeMsMax});
  EXPECT_EQ(submitted.SerializeAsString().find(kToken), std::string::npos);
  EXPECT_EQ(world.TryWhole(EntryOf(submitted)), std::nullopt);
  const auto record = ledger::ReadAuditRead(world.view(), certs::Sha256(kToken).view());
  ASSERT_TRUE(record && *record);
  EXPECT_EQ((*record)->auditor(), World::Address("auditor.01"));
  EXPECT_EQ((*record)->first(), 3u);
  EXPECT_EQ((*record)->end(), 9u);
  EXPECT_EQ((*record)->expires_at_ms(), world.now() + limits::kAuditReadLifeMsMax);
}

TEST_F(ReadingTest, ItIsSubmittedUnderItsOwnIdAndTheReceiptMustHoldItsBytes) {
  const auto submitted = Signed({"audit berkala", 0, 0, 1000});
  const auto submission = link::SubmitAuditRead(submitted);
  ASSERT_TRUE(submission);
  EXPECT_EQ(submission->kind, v1::Subject::AUDIT_READ);
  EXPECT_EQ(submission->subject.size(), MessageId::kSize);
  EXPECT_EQ(link::StatementIn(EntryOf(submitted), submission->kind), submission->statement);
  EXPECT_FALSE(link::SubmitAuditRead(v1::SubmitStatement()));
}

Output RunProgram(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv = {"rujukan-audit"};
  for (const std::string& argument : arguments) {
    argv.push_back(argument.c_str());
  }
  return RunLine(static_cast<int>(argv.size()), argv.data());
}

TEST_F(ReadingTest, AHomeAndATokenFileAtOnceOrNoHomeAtAllIsAMistake) {
  EXPECT_EQ(
      RunProgram({"verify", "http://127.0.0.1:1", "--home", "x", "--token-file", "y"}).exit_code,
      kExitUsage);
  EXPECT_EQ(RunProgram({"read", "--purpose", "uji"}).exit_code, kExitUsage);
  EXPECT_EQ(RunProgram({"read", "--home", "x"}).exit_code, kExitUsage);
  EXPECT_EQ(RunProgram({"read", "--home", "x", "--purpose", "uji", "--hours", "25"}).exit_code,
            kExitUsage);
  const Output nobody =
      RunProgram({"verify", "http://127.0.0.1:1", "--home", "/nowhere", "--purpose", "u"});
  EXPECT_EQ(nobody.exit_code, kExitFailed);
  EXPECT_THAT(nobody.error, HasSubstr("is no member's home"));
  EXPECT_EQ(RunProgram({"status", "--home", "/nowhere"}).exit_code, kExitFailed);
}

TEST_F(ReadingTest, AFolderIsReadWithoutAReading) {
  const std::string directory = testing::MakeTemporaryDirectory();
  testing::WriteFiles(testing::MakeLog(world.entries(), world.log()), directory);
  EXPECT_EQ(RunProgram({"verify", directory, "--home", "/nowhere"}).exit_code, kExitOk);
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace rujukan::audit
