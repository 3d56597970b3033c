// Goal: an accredited auditor reads what it is accredited for, every reading is an entry before the
// first byte is read, and a revoked auditor is out at once. Method: real programs on loopback; two
// agencies refer to a third; an auditor of one of the two copies the ledger; its copy is searched,
// byte by byte, for the messages of the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/harness/bulk_sender.h"
#include "tests/harness/deployment.h"
#include "tests/harness/wait.h"

namespace rujukan::testing {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

constexpr size_t kMessages = 20;
constexpr const char* kSeen = "uppa.18.01";
constexpr const char* kUnseen = "uppa.18.02";
constexpr const char* kReceiver = "dinsos.18";

std::string AllBytesBelow(const std::string& folder) {
  std::string bytes;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.is_regular_file()) {
      bytes += ReadWholeFile(file.path().string());
    }
  }
  return bytes;
}

class Accreditation : public ::testing::Test {
 protected:
  void Join(std::initializer_list<const char*> names) {
    for (const char* name : names) {
      deployment.Join(name);
    }
  }
  // Invites, joins, approves; `scope` as `rujukan-admin invite` takes it.
  void Accredit(const std::string& name, const std::vector<std::string>& scope) {
    std::vector<std::string> invite = {"invite",
                                       Deployment::Address(name),
                                       "--name",
                                       "Auditor (CONTOH)",
                                       "--role",
                                       "auditor",
                                       "--out",
                                       deployment.path(name + ".invite"),
                                       "--endpoints",
                                       deployment.data_dir() + "/endpoints.json"};
    invite.insert(invite.end(), scope.begin(), scope.end());
    Must(deployment.Admin(invite));
    Must(As(name, {"join", deployment.path(name + ".invite")}));
    Must(deployment.Admin({"approve", Deployment::Address(name)}));
    EXPECT_EQ(Json::parse(Must(As(name, {"join", "--json"})))["admitted"], true);
  }
  std::map<std::string, Acknowledged> Refer(const char* from) {
    const Identity writer(deployment.home(from));
    BulkSender sender(writer, Deployment::Address(kReceiver), /*in_flight=*/4);
    EXPECT_TRUE(Eventually([&] { return sender.acknowledged_count() >= kMessages; }));
    EXPECT_TRUE(sender.Finish());
    EXPECT_EQ(sender.trouble(), "");
    return sender.acknowledged();
  }
  static std::string Must(const Output& output) {
    EXPECT_EQ(output.exit_code, 0) << output.err << output.out;
    return output.out;
  }
  Output As(const std::string& name, std::vector<std::string> args) const {
    args.insert(args.end(), {"--home", deployment.home(name)});
    return deployment.Audit(std::move(args));
  }
  Output Copy(const std::string& name, const std::string& out) const {
    return As(name,
              {"export",
               "--ledger",
               deployment.http(),
               "--purpose",
               "audit berkala (CONTOH)",
               "--out",
               deployment.path(out)});
  }
  Output CopyWith(const std::string& token_file, const std::string& out) const {
    return deployment.Audit({"export",
                             "--ledger",
                             deployment.http(),
                             "--token-file",
                             token_file,
                             "--out",
                             deployment.path(out)});
  }

  Deployment deployment;
};

TEST_F(Accreditation, AnAuditorOfOneAgencySeesItsLegsWholeAndNothingOfOthers) {
  Join({kSeen, kUnseen, kReceiver});
  deployment.StartAgent(kReceiver);  // so that there are receipts, too
  const auto seen = Refer(kSeen);
  const auto unseen = Refer(kUnseen);
  Accredit("auditor.01", {"--scope-agency", Deployment::Address(kSeen)});
  const Json status = Json::parse(Must(As("auditor.01", {"status", "--json"})));
  EXPECT_EQ(status["role"], "AUDITOR");
  EXPECT_EQ(status["scope"]["agencies"][0], Deployment::Address(kSeen));

  Must(Copy("auditor.01", "copy"));
  const Output verified = deployment.Audit({"verify", deployment.path("copy"), "--json"});
  const Json report = Json::parse(verified.out, nullptr, /*allow_exceptions=*/false);
  EXPECT_EQ(report["verdict"], "not checkable") << verified.out << verified.err;
  EXPECT_EQ(report["findings_total"], 0) << verified.out;
  EXPECT_GE(report["withheld"], unseen.size());

  const std::string copied = AllBytesBelow(deployment.path("copy"));
  ASSERT_GE(seen.size(), kMessages);
  for (const auto& [id, promise] : seen) {
    EXPECT_NE(copied.find(id), std::string::npos);
    EXPECT_NE(copied.find(promise.entry), std::string::npos);
  }
  for (const auto& [id, promise] : unseen) {
    EXPECT_EQ(copied.find(id), std::string::npos);
  }
  // The same token opens no plain bundle.
  const Output whole = deployment.Audit({"proof",
                                         "01931c3e-0000-7000-8000-000000000000",
                                         "--ledger",
                                         deployment.path("copy"),
                                         "--out",
                                         deployment.path("none.tlog-proof")});
  EXPECT_EQ(whole.exit_code, 1);
}

TEST_F(Accreditation, EveryReadingIsAnEntryAndEverybodyWhoMayReadSeesIt) {
  Accredit("auditor.01", {});
  Accredit("auditor.02", {});
  Must(Copy("auditor.01", "first"));
  const Json opened = Json::parse(
      Must(As("auditor.02", {"read", "--purpose", "kasus 12 (CONTOH)", "--first", "2", "--json"})));
  const std::string token = opened["token_file"];
  struct stat info {};
  ASSERT_EQ(stat(token.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);

  Must(CopyWith(token, "second"));
  const Json readers = Json::parse(
      Must(deployment.Audit({"readers", "--ledger", deployment.path("second"), "--json"})));
  ASSERT_EQ(readers["readings"].size(), 2u);
  EXPECT_EQ(readers["readings"][0]["auditor"], Deployment::Address("auditor.01"));
  EXPECT_EQ(readers["readings"][0]["purpose"], "audit berkala (CONTOH)");
  EXPECT_EQ(readers["readings"][1]["auditor"], Deployment::Address("auditor.02"));
  EXPECT_EQ(readers["readings"][1]["index"], opened["index"]);
  EXPECT_EQ(readers["readings"][1]["first"], 2);

  const Output check = deployment.Audit({"verify", deployment.path("first")});
  EXPECT_EQ(check.exit_code, 0) << check.out;
  const std::string log = ReadWholeFile(deployment.path("broker.log"));
  EXPECT_EQ(log.find(ReadWholeFile(token).substr(0, 16)), std::string::npos);
}

TEST_F(Accreditation, ARevokedAuditorIsOutAtOnce) {
  Accredit("auditor.01", {});
  const Json opened =
      Json::parse(Must(As("auditor.01", {"read", "--purpose", "uji", "--hours", "1", "--json"})));
  const std::string token = opened["token_file"];
  Must(CopyWith(token, "before"));
  Must(deployment.Admin(
      {"revoke", Deployment::Address("auditor.01"), "--reason", "MISCONDUCT", "--hold"}));

  const Output after = CopyWith(token, "after");
  EXPECT_EQ(after.exit_code, 1) << after.out;
  EXPECT_THAT(after.err, HasSubstr("suspended or has left"));
  const Output again = As("auditor.01", {"read", "--purpose", "uji"});
  EXPECT_NE(again.exit_code, 0) << again.out;
}

TEST_F(Accreditation, WhoIsNoAuditorOpensNothing) {
  Accredit("auditor.01", {});  // from now on the admin's home knows where the broker is
  const Output admin =
      deployment.Audit({"read", "--purpose", "uji", "--home", deployment.path("admin")});
  EXPECT_EQ(admin.exit_code, 1);
  EXPECT_THAT(admin.err, HasSubstr("NO_RIGHT"));
  WriteWholeFile(deployment.path("made-up.token"), "0123456789abcdef\n");
  ASSERT_EQ(chmod(deployment.path("made-up.token").c_str(), 0600), 0);
  const Output guess = CopyWith(deployment.path("made-up.token"), "guess");
  EXPECT_EQ(guess.exit_code, 1);
  EXPECT_THAT(guess.err, HasSubstr("HTTP 401"));
}

}  // namespace
}  // namespace rujukan::testing
