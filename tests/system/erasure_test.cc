// Goal: with real programs, content is disclosed, erased and held as docs/panduan-petugas.md says;
// after an erasure the bytes are in no file of either agent, and every proof made before still
// verifies; kill -9 in the middle loses neither the erasure nor its attestation; nobody reads
// unseen. Method: broker and two agents on loopback; the files of the homes are searched for the
// very bytes that were in them.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "agents/agency/json.h"
#include "tests/harness/bulk_sender.h"
#include "tests/harness/deployment.h"
#include "tests/harness/wait.h"

namespace rujukan::testing {
namespace {

using Json = nlohmann::json;

constexpr const char* kPolice = "uppa.18.01";
constexpr const char* kOffice = "dinsos.18";
constexpr const char* kAuditor = "auditor.01";

class Erasure : public ::testing::Test {
 protected:
  Erasure() {
    for (const char* name : {kPolice, kOffice}) {
      deployment.Join(name);
      deployment.StartAgent(name);
    }
  }

  Json Ask(const char* name, std::vector<std::string> args, int exit_code = 0) {
    args.emplace_back("--json");
    const Output output = deployment.Agent(name, args);
    EXPECT_EQ(output.exit_code, exit_code) << args[0] << "\n" << output.err << output.out;
    return Json::parse(output.out, nullptr, /*allow_exceptions=*/false);
  }

  // A referral that has arrived at the office.
  void Refer() {
    const std::string file = deployment.path("rujukan.json");
    WriteWholeFile(file,
                   Json{{"kepada", Deployment::Address(kOffice)},
                        {"isi", agency::FromMessage(SampleReferral())}}
                       .dump());
    const Json sent = Ask(kPolice, {"send", file, "--wait-delivered"});
    message = sent.value("message_id", "");
    leg = sent.value("leg_id", "");
    ASSERT_NE(message, "");
  }

  // The request has arrived: its id.
  std::string Request(const std::vector<std::string>& more = {}) {
    std::vector<std::string> args = {
        "erase", leg, "--basis", "UU 27/2022 ps. 8", "--reason", "permintaan wali"};
    args.insert(args.end(), more.begin(), more.end());
    const std::string request = Ask(kPolice, args).value("message_id", "");
    EXPECT_TRUE(Eventually([&] { return StateOf(kOffice, request) == "ASKED"; }));
    return request;
  }

  // The evidence of the leg, made from this copy.
  std::string Evidence(const std::string& copy) const {
    const std::string file = copy + ".asice";
    EXPECT_EQ(deployment.Audit({"evidence", leg, "--ledger", copy, "--out", file}).exit_code, 0);
    return file;
  }

  std::string StateOf(const char* name, const std::string& request) {
    const Json answer = Ask(name, {"erasures"});
    for (const auto& one : answer["erasures"]) {
      if (one["request"] == request) {
        return one["state"];
      }
    }
    return "";
  }

  // Bytes of the message's ciphertext in this agent's database, as it is now.
  std::string Ciphertext(const char* name) const {
    const std::string bytes = ReadWholeFile(deployment.home(name) + "/agent.db") +
                              ReadWholeFile(deployment.home(name) + "/agent.db-wal");
    const std::string oid("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17", 11);  // authEnvelopedData
    const size_t found = bytes.find(oid);
    return found == std::string::npos ? "" : bytes.substr(found, 64);
  }
  bool InFiles(const char* name, const std::string& bytes) const {
    for (const auto& file : std::filesystem::directory_iterator(deployment.home(name))) {
      if (file.is_regular_file() &&
          ReadWholeFile(file.path().string()).find(bytes) != std::string::npos) {
        return true;
      }
    }
    return false;
  }

  std::string Export(const char* folder) const {
    const Output verified = deployment.ExportAndVerify(deployment.path(folder));
    EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
    return deployment.path(folder);
  }

  void BringAuditorIn() {
    const std::string invitation = deployment.path("auditor.invite");
    EXPECT_EQ(deployment
                  .Admin({"invite",
                          Deployment::Address(kAuditor),
                          "--role",
                          "auditor",
                          "--name",
                          "Inspektorat (CONTOH)",
                          "--region",
                          "kemendagri:18",
                          "--endpoints",
                          deployment.data_dir() + "/endpoints.json",
                          "--out",
                          invitation})
                  .exit_code,
              0);
    const auto join = [&](std::vector<std::string> args) {
      args.insert(args.begin(), {Program("rujukan-admin"), "join"});
      args.insert(args.end(), {"--home", deployment.path("auditor")});
      return rujukan::testing::Run(args).exit_code;
    };
    join({invitation});
    EXPECT_EQ(deployment.Admin({"approve", "--all"}).exit_code, 0);
    EXPECT_EQ(join({}), 0);
  }

  Deployment deployment;
  std::string message;
  std::string leg;
};

TEST_F(Erasure, ContentLeavesEveryFileAndEveryProofStays) {
  Refer();
  const std::string before = Export("before");
  const std::string proof = deployment.path("sent.tlog-proof");
  ASSERT_EQ(deployment.Audit({"proof", message, "--ledger", before, "--out", proof}).exit_code, 0);
  const std::string evidence = Evidence(before);
  const std::string theirs = Ciphertext(kOffice);
  const std::string ours = Ciphertext(kPolice);
  ASSERT_NE(theirs, "");
  ASSERT_NE(ours, "");

  const std::string request = Request();
  Ask(kOffice, {"erasures", "carry-out", request});
  EXPECT_TRUE(Eventually([&] { return StateOf(kPolice, request) == "DONE"; }));
  EXPECT_FALSE(InFiles(kOffice, theirs));
  EXPECT_FALSE(InFiles(kPolice, ours));

  const Json shown = Ask(kOffice, {"show", message});
  EXPECT_TRUE(shown["isi"].is_null());
  EXPECT_TRUE(shown["isi_dihapus"].is_object());
  EXPECT_TRUE(shown["receipt"]["verified"]);
  EXPECT_NE(deployment.Agent(kOffice, {"show", message}).out.find("isi telah dihapus"),
            std::string::npos);
  const std::string after = Export("after");
  EXPECT_EQ(
      deployment.Audit({"check-proof", proof, "--vkey", after + "/vkey", "--message", message})
          .exit_code,
      0);
  EXPECT_NE(deployment.Audit({"trail", leg, "--ledger", after}).out.find("ATESTASI_HAPUS"),
            std::string::npos);
  for (const std::string& file : {evidence, Evidence(after)}) {
    EXPECT_EQ(deployment.Audit({"check", file, "--vkey", after + "/vkey"}).exit_code, 0) << file;
  }
}

TEST_F(Erasure, KilledInTheMiddleItIsCarriedOutAndAttestedOnce) {
  Refer();
  const std::string theirs = Ciphertext(kOffice);
  const std::string request = Request();
  Ask(kOffice, {"erasures", "carry-out", request});
  deployment.KillAgent(kOffice);  // somewhere between erasing, scrubbing and attesting
  deployment.StartAgent(kOffice);
  EXPECT_TRUE(Eventually([&] { return StateOf(kPolice, request) == "DONE"; }));
  EXPECT_EQ(StateOf(kOffice, request), "DONE");
  EXPECT_FALSE(InFiles(kOffice, theirs));
  int attestations = 0;
  const Json inbox = Ask(kPolice, {"inbox"});
  for (const auto& one : inbox["messages"]) {
    attestations += one["kind"] == "ATESTASI_HAPUS" ? 1 : 0;
  }
  EXPECT_EQ(attestations, 1);
}

TEST_F(Erasure, ALegalHoldBlocksItWithItsReason) {
  Refer();
  const std::string request = Request();
  ASSERT_EQ(deployment.Admin({"hold", leg, "--note", "perkara 12"}).exit_code, 0);
  EXPECT_TRUE(Eventually([&] { return StateOf(kPolice, request) == "OBJECTED"; }));
  const Json shown = Ask(kOffice, {"show", message});
  EXPECT_TRUE(shown["isi"].is_object());
  EXPECT_TRUE(Eventually([&] {
    const Output refused = deployment.Agent(
        kPolice, {"erase", leg, "--basis", "UU 27/2022 ps. 8", "--reason", "sekali lagi"});
    return refused.exit_code == 1 && refused.err.find("perkara 12") != std::string::npos;
  }));
}

TEST_F(Erasure, AnAuditorIsShownWhatWasSentAndNothingElse) {
  Refer();
  BringAuditorIn();
  const std::string file = deployment.path("isi.opened");
  const std::vector<std::string> disclose = {"disclose",
                                             message,
                                             "--to",
                                             Deployment::Address(kAuditor),
                                             "--reason",
                                             "pemeriksaan 3/2026",
                                             "--out",
                                             file};
  EXPECT_TRUE(Eventually([&] { return deployment.Agent(kOffice, disclose).exit_code == 0; }));
  const auto mode = std::filesystem::status(file).permissions();
  EXPECT_EQ(mode & std::filesystem::perms::all,
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const std::string copy = Export("copy");
  const Output opened = deployment.Audit({"open", file, "--ledger", copy});
  EXPECT_EQ(opened.exit_code, 0) << opened.err;
  EXPECT_NE(opened.out.find("ringkasan"), std::string::npos);

  std::string bent = ReadWholeFile(file);
  bent[bent.size() / 2] = static_cast<char>(bent[bent.size() / 2] ^ 1);
  WriteWholeFile(file, bent);
  const Output refuted = deployment.Audit({"open", file, "--ledger", copy});
  EXPECT_EQ(refuted.exit_code, 3) << refuted.out;
  EXPECT_EQ(refuted.out.find("ringkasan"), std::string::npos);
}

TEST_F(Erasure, TheReadTrailIsAnchoredAndAnAuditorFindsWhatWasTakenOut) {
  Refer();
  Ask(kOffice, {"show", message});
  const std::string file = deployment.path("reads.txt");
  const Output exported = deployment.Agent(kOffice, {"reads", "--anchor", "--export", file});
  ASSERT_EQ(exported.exit_code, 0) << exported.err;
  Ask(kOffice, {"show", message});  // not anchored yet
  const std::string copy = Export("copy");
  const std::vector<std::string> check = {"check-reads", file, "--ledger", copy, "--json"};
  const Output honest = deployment.Audit(check);
  EXPECT_EQ(honest.exit_code, 0) << honest.out << honest.err;
  const Json report = Json::parse(honest.out, nullptr, false);
  EXPECT_EQ(report["leaves"], report["anchored"]);
  EXPECT_GE(report["leaves"], 2);

  std::string text = ReadWholeFile(file);
  const size_t line = text.rfind('\n', text.size() - 2);
  WriteWholeFile(file, text.substr(0, line + 1));
  const Output cut = deployment.Audit(check);
  EXPECT_EQ(cut.exit_code, 3);
  EXPECT_NE(cut.out.find("taken out"), std::string::npos) << cut.out;
}

}  // namespace
}  // namespace rujukan::testing
