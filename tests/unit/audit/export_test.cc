// Goal: an export is a verifiable copy that only ever grows along one history, and proofs
// read from it are right. Method: real ledgers written to temporary folders.
#include "agents/audit/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "agents/audit/log_files.h"
#include "agents/audit/proof.h"
#include "base/limits.h"
#include "ledger/checkpoint.h"
#include "ledger/tile.h"
#include "tests/unit/audit/command_line.h"
#include "tests/unit/audit/log_image.h"

namespace rujukan::audit {
namespace {

using ::testing::HasSubstr;
using testing::kQuiet;
using testing::MakeLog;
using testing::MemorySource;
using testing::Story;
using K = v1::Kind;

using testing::RunAudit;

class ExportTest : public ::testing::Test {
 protected:
  ExportTest() : directory(testing::MakeTemporaryDirectory() + "/export") {}
  ~ExportTest() override {
    std::filesystem::remove_all(std::filesystem::path(directory).parent_path());
  }

  Result<ExportSummary> ExportOf(const Story& from) {
    MemorySource source(MakeLog(from.world.entries(), from.world.log()));
    return Export(source, directory, "", kQuiet);
  }
  Outcome Verified() {
    auto source = OpenSource(directory, "");
    const auto report = Verify(**source, {}, kQuiet);
    return report ? report->outcome() : Outcome::kFail;
  }
  void Grow(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      story.world.Append(story.world.MessageEntry(
          story.world.HeaderTo("uppa.18.01", "dinsos.18", K::PEMBERITAHUAN)));
    }
  }
  MessageId Referral() const { return *MessageId::FromBytes(story.referral.message_id()); }
  std::string Vkey() const { return story.world.log().verifier().ToVkey(); }

  std::string directory;
  Story story;
};

TEST_F(ExportTest, TheCopyVerifiesAndHoldsEveryCertificate) {
  const auto summary = ExportOf(story);
  ASSERT_TRUE(summary) << summary.error().ToString();
  EXPECT_EQ(summary->size, story.world.size());
  EXPECT_EQ(summary->certificates, 2u + 1u + 2u * 2u);
  EXPECT_TRUE(std::filesystem::exists(directory + "/certificates/root.pem"));
  EXPECT_EQ(Verified(), Outcome::kPass);
}

TEST_F(ExportTest, AGrownLedgerExtendsTheCopy) {
  ASSERT_TRUE(ExportOf(story));
  const TreeSize before = story.world.size();
  Grow(300);
  const auto summary = ExportOf(story);
  ASSERT_TRUE(summary) << summary.error().ToString();
  EXPECT_EQ(summary->old_size, before);
  EXPECT_EQ(Verified(), Outcome::kPass);
}

TEST_F(ExportTest, AnotherLedgerOrAnotherHistoryNeverOverwritesACopy) {
  ASSERT_TRUE(ExportOf(story));
  const auto other = ExportOf(Story());
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Errc::kConflict);

  std::vector<std::string> rewritten = story.world.entries();
  rewritten[story.referral_index].back() ^= 1;
  rewritten.push_back(rewritten.back());
  MemorySource forked(MakeLog(rewritten, story.world.log()));
  const auto fork = Export(forked, directory, "", kQuiet);
  ASSERT_FALSE(fork);
  EXPECT_EQ(fork.error().code, Errc::kCorrupt);

  std::vector<std::string> shorter = story.world.entries();
  shorter.pop_back();
  MemorySource shrunk(MakeLog(shorter, story.world.log()));
  EXPECT_EQ(Export(shrunk, directory, "", kQuiet).error().code, Errc::kConflict);
  EXPECT_EQ(Verified(), Outcome::kPass);
}

TEST_F(ExportTest, AFolderWithOtherThingsIsLeftAlone) {
  std::filesystem::create_directories(directory);
  std::ofstream(directory + "/letter.txt") << "mine";
  EXPECT_EQ(ExportOf(story).error().code, Errc::kConflict);
}

TEST_F(ExportTest, AnInterruptedExportGoesOn) {
  ASSERT_TRUE(ExportOf(story));
  std::filesystem::remove(directory + "/checkpoint");
  std::filesystem::remove_all(directory + "/tile/entries");
  ASSERT_TRUE(ExportOf(story));
  EXPECT_EQ(Verified(), Outcome::kPass);
}

TEST_F(ExportTest, PartialTilesAreServedByTheFullTile) {
  Grow(300);
  testing::Files files = MakeLog(story.world.entries(), story.world.log());
  Story later = std::move(story);
  std::vector<std::string> more = later.world.entries();
  more.resize(256);
  testing::Files old = MakeLog(more, later.world.log());
  more.resize(200);
  old["checkpoint"] = MakeLog(more, later.world.log())["checkpoint"];
  MemorySource source(old);  // signed at 200, tiles already of 256
  const auto summary = Export(source, directory, "", kQuiet);
  ASSERT_TRUE(summary) << summary.error().ToString();
  EXPECT_EQ(Verified(), Outcome::kPass);
}

TEST_F(ExportTest, AMessageProofChecksOfflineWithTheKeyAlone) {
  Grow(300);
  MemorySource source(MakeLog(story.world.entries(), story.world.log()));
  const auto proof = MakeProof(source, "", Referral());
  ASSERT_TRUE(proof) << proof.error().ToString();
  const auto proven = CheckProof(*proof, story.world.log().verifier(), Referral());
  ASSERT_TRUE(proven) << proven.error().ToString();
  EXPECT_EQ(proven->index, story.referral_index);
  EXPECT_EQ(proven->from, story.referral.from());
  EXPECT_EQ(proven->kind, "RUJUKAN");
}

TEST_F(ExportTest, AProofWithAnAlteredEntryOrAnotherKeyOrMessageIsRefused) {
  MemorySource source(MakeLog(story.world.entries(), story.world.log()));
  std::string proof = *MakeProof(source, "", Referral());
  EXPECT_FALSE(CheckProof(proof, Story().world.log().verifier(), std::nullopt));
  MessageId other = Referral();
  other.data()[0] ^= 1;
  EXPECT_EQ(CheckProof(proof, story.world.log().verifier(), other).error().code, Errc::kCorrupt);
  const size_t extra = proof.find("extra ") + 40;
  proof[extra] = proof[extra] == 'A' ? 'B' : 'A';
  EXPECT_EQ(CheckProof(proof, story.world.log().verifier(), std::nullopt).error().code,
            Errc::kCorrupt);
}

TEST_F(ExportTest, ProofOfAnUnknownMessageIsNotFound) {
  MemorySource source(MakeLog(story.world.entries(), story.world.log()));
  EXPECT_EQ(MakeProof(source, "", MessageId()).error().code, Errc::kNotFound);
}

TEST_F(ExportTest, ALedgerThatClaimsToBeEndlessIsRefusedAtOnce) {
  for (const TreeSize size : {limits::kAuditEntriesMax, limits::kAuditEntriesMax + 1}) {
    testing::Files files = MakeLog(story.world.entries(), story.world.log());
    const ledger::Checkpoint claim{story.world.log().verifier().name, size, Digest()};
    files["checkpoint"] = ledger::SignCheckpoint(claim, story.world.log());
    const bool within = size == limits::kAuditEntriesMax;
    MemorySource source(files);
    EXPECT_EQ(
        Export(source, directory, "", kQuiet).error().code,
        within ? Errc::kNotFound : Errc::kLimit);  // within: at the first tile that is not there
    const auto report = Verify(source, {}, kQuiet);
    EXPECT_EQ(report.has_value(), within);
    EXPECT_FALSE(!within && report.error().code != Errc::kLimit);
  }
}

TEST_F(ExportTest, AFullBundleOfTheLargestEntriesIsReadAndOneByteMoreIsNot) {
  std::string bundle;
  for (uint64_t i = 0; i < ledger::kTileWidth; ++i) {
    ledger::AppendToBundle(std::string(limits::kEntryBytesMax, 'e'), bundle);
  }
  ASSERT_EQ(bundle.size(), limits::kBundleBytesMax);
  testing::WriteFiles({{"tile/entries/000", bundle}}, directory);
  const auto source = OpenSource(directory, "");
  const LogFiles files(**source);
  EXPECT_TRUE(files.ReadBundle(BundleAt(0, ledger::kTileWidth)));
  testing::WriteFiles({{"tile/entries/000", bundle + "e"}}, directory);
  EXPECT_EQ(files.ReadBundle(BundleAt(0, ledger::kTileWidth)).error().code, Errc::kLimit);
}

TEST_F(ExportTest, VerifyExitsThreeForATamperedCopyAndZeroForAGoodOne) {
  ASSERT_TRUE(ExportOf(story));
  EXPECT_EQ(RunAudit({"verify", directory}).exit_code, kExitOk);
  const std::string bundle =
      directory + "/tile/entries/000.p/" + std::to_string(story.world.size());
  std::fstream file(bundle, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(200);
  file.put('\x7f');
  file.close();
  EXPECT_EQ(RunAudit({"verify", directory}).exit_code, kExitNotVerified);
  EXPECT_EQ(RunAudit({"verify", directory + "/nowhere"}).exit_code, kExitFailed);
  EXPECT_EQ(RunAudit({"verify", "http://127.0.0.1:1"}).exit_code, kExitUnavailable);
}

TEST_F(ExportTest, AnOpenTokenFileIsRefused) {
  const std::string token = std::filesystem::path(directory).parent_path().string() + "/token";
  std::ofstream(token) << "abc\n";
  ASSERT_EQ(chmod(token.c_str(), 0644), 0);
  EXPECT_EQ(RunAudit({"verify", directory, "--token-file", token}).exit_code, kExitPermission);
}

}  // namespace
}  // namespace rujukan::audit
