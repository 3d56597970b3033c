// Goal: delivered ciphertexts leave the broker's disk and old entries move to archive files, and
// nothing that was proven before stops being provable: receipts, proofs, the whole ledger over the
// live and the archived part. Method: real programs on loopback; the broker is started again with a
// grace of a second; its files are searched for the bytes of a ciphertext.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "ledger/receipt.h"
#include "tests/harness/bulk_sender.h"
#include "tests/harness/deployment.h"
#include "tests/harness/wait.h"
#include "tests/system/trail_check.h"

namespace rujukan::testing {
namespace {

namespace fs = std::filesystem;

constexpr size_t kReferrals = 400;  // with their receipts some 800 entries
constexpr int kPollMs = 20;
constexpr size_t kPiece = 64;

class Retention : public ::testing::Test {
 protected:
  Retention() {
    deployment.Join("uppa.18.01");
    deployment.Join("dinsos.18");
    deployment.StartAgent("dinsos.18");
    uppa = std::make_unique<Identity>(deployment.home("uppa.18.01"));
    known = uppa->Referral(Deployment::Address("dinsos.18"), SampleReferral());
  }

  // Sends the message whose ciphertext we know; what came back, as text.
  std::string SendKnown() {
    const auto client = uppa->MakeClient(/*window=*/1, /*credit=*/0);
    client->Submit(*link::SubmitMessage(known));
    std::string answer;
    EXPECT_TRUE(Eventually([&] {
      for (const link::Event& event : client->Poll(kPollMs)) {
        if (std::holds_alternative<link::Receipted>(event)) {
          answer = "receipt";
        } else if (const auto* refusal = std::get_if<link::Refusal>(&event)) {
          answer = refusal->advice;
        }
      }
      return !answer.empty();
    }));
    return answer;
  }

  void Exchange() {
    ASSERT_EQ(SendKnown(), "receipt");
    BulkSender sender(*uppa, Deployment::Address("dinsos.18"), /*in_flight=*/32);
    ASSERT_TRUE(Eventually([&] { return sender.acknowledged_count() >= kReferrals; }));
    ASSERT_TRUE(sender.Finish());
    ASSERT_EQ(sender.trouble(), "");
    promises = sender.acknowledged();
    ASSERT_TRUE(Eventually(
        [&] { return ApplicationInbox(deployment, "dinsos.18").size() > promises.size(); }));
  }

  void RestartWithRetention() {
    deployment.KillBroker();
    deployment.StartBroker({"--content-grace-seconds",
                            "1",
                            "--archive",
                            archive(),
                            "--archive-keep-seconds",
                            "1",
                            "--archive-file-entries",
                            "256"});
  }

  // Whether any file of the broker's data holds one of three pieces of these bytes: a write-ahead
  // log breaks long rows into blocks.
  bool DataHolds(const std::string& bytes) const {
    for (const auto& entry : fs::recursive_directory_iterator(
             deployment.data_dir(), fs::directory_options::skip_permission_denied)) {
      std::error_code gone;
      const std::string held =
          entry.is_regular_file(gone) ? ReadWholeFile(entry.path().string()) : "";
      for (const size_t at : {size_t{0}, bytes.size() / 2, bytes.size() - kPiece}) {
        if (held.find(bytes.substr(at, kPiece)) != std::string::npos) {
          return true;
        }
      }
    }
    return false;
  }

  std::vector<std::string> ArchiveFiles() const {
    std::vector<std::string> files;
    std::error_code absent;
    for (const auto& entry : fs::directory_iterator(archive(), absent)) {
      if (entry.path().extension() == ".rujukan-archive") {
        files.push_back(entry.path().string());
      }
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  std::string archive() const { return deployment.path("archive"); }
  std::string token() const { return deployment.operator_token(); }
  std::string vkey() const { return deployment.path("whole") + "/vkey"; }
  Output VerifyLayers() const {
    return deployment.Audit(
        {"verify", deployment.http(), "--token-file", token(), "--archive", archive()});
  }
  Output ExportLayers(const std::string& copy) const {
    return deployment.Audit({"export",
                             "--ledger",
                             deployment.http(),
                             "--token-file",
                             token(),
                             "--archive",
                             archive(),
                             "--out",
                             copy});
  }
  // The evidence of a message, made from this copy.
  std::string Evidence(const std::string& message, const std::string& copy) const {
    const std::string file = copy + ".asice";
    EXPECT_EQ(deployment.Audit({"evidence", message, "--ledger", copy, "--out", file}).exit_code,
              0);
    return file;
  }

  Deployment deployment;
  std::unique_ptr<Identity> uppa;
  v1::Envelope known;
  std::map<std::string, Acknowledged> promises;
};

TEST_F(Retention, CiphertextsLeaveAndEntriesMoveAndEverythingStaysProvable) {
  Exchange();
  const std::string message = FormatUuid(MessageIdOf(known));
  const std::string proof = deployment.path("before.tlog-proof");
  ASSERT_EQ(deployment.ExportAndVerify(deployment.path("whole")).exit_code, 0);
  ASSERT_EQ(
      deployment.Audit({"proof", message, "--ledger", deployment.path("whole"), "--out", proof})
          .exit_code,
      0);
  const std::string evidence = Evidence(message, deployment.path("whole"));
  ASSERT_TRUE(DataHolds(known.content())) << "the search finds nothing even while it is there";

  RestartWithRetention();
  EXPECT_TRUE(Eventually([&] { return !DataHolds(known.content()); }));
  ASSERT_TRUE(Eventually([&] { return !ArchiveFiles().empty(); }));

  // What was given out before.
  EXPECT_EQ(deployment.Audit({"check-proof", proof, "--vkey", vkey()}).exit_code, 0);
  EXPECT_EQ(deployment.Audit({"check", evidence, "--vkey", vkey()}).exit_code, 0);
  const std::string line = ReadWholeFile(vkey());
  const auto log = ledger::NoteVerifier::Parse(line.substr(0, line.find('\n')));
  for (const auto& [id, promise] : promises) {
    const auto receipt = ledger::Receipt::Parse(promise.proof);
    EXPECT_TRUE(receipt && ledger::VerifyReceipt(*receipt, promise.entry, *log));
  }
  // A retry of a message of the archive is answered, not delivered again.
  EXPECT_NE(SendKnown().find("archive"), std::string::npos);

  // Live and archived are one ledger, and a copy of both stands alone.
  std::vector<std::string> check = {"check-archive", "--vkey", vkey()};
  const std::vector<std::string> files = ArchiveFiles();
  check.insert(check.end(), files.begin(), files.end());
  EXPECT_EQ(deployment.Audit(check).exit_code, 0);
  const Output verified = VerifyLayers();
  EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
  const std::string copy = deployment.path("copy");
  const Output exported = ExportLayers(copy);
  EXPECT_EQ(exported.exit_code, 0) << exported.err;
  EXPECT_EQ(deployment.Audit({"verify", copy}).exit_code, 0);
  EXPECT_EQ(deployment.Audit({"check", Evidence(message, copy), "--vkey", vkey()}).exit_code, 0);

  // A missing file is named with what it held.
  const std::string name = fs::path(files[0]).filename().string();
  fs::rename(files[0], deployment.path(name));
  const Output missing = VerifyLayers();
  EXPECT_EQ(missing.exit_code, 3);
  EXPECT_NE(missing.out.find("entries 0-511: archive file " + name + " is missing"),
            std::string::npos)
      << missing.out;
  fs::rename(deployment.path(name), files[0]);

  // Who joins now follows a directory whose other entries are gone.
  deployment.Join("rs.18.01");
  deployment.StartAgent("rs.18.01");
  const Identity newer(deployment.home("uppa.18.01"));  // knows the new one
  BulkSender late(newer, Deployment::Address("rs.18.01"), /*in_flight=*/1);
  EXPECT_TRUE(Eventually([&] { return !ApplicationInbox(deployment, "rs.18.01").empty(); }));
  EXPECT_TRUE(late.Finish());

  deployment.KillBroker();
  EXPECT_NE(deployment.Broker({"check"}).exit_code, 0);
  const Output checked = deployment.Broker({"check", "--archive", archive()});
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  std::printf("%zu referrals, %zu archive files\n", promises.size() + 1, ArchiveFiles().size());
}

}  // namespace
}  // namespace rujukan::testing
