// Goal: `init` makes a domain that the ledger accepts, keeps its secrets private and never
// overwrites one. Method: real folders; the genesis goes through the real authenticity checks and
// fold.
#include "agents/admin/authority.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "agents/admin/acts.h"
#include "agents/admin/office.h"
#include "base/exit_code.h"
#include "certs/hash.h"
#include "certs/keyfile.h"
#include "ledger/fold.h"
#include "ledger/policy_text.h"
#include "tests/unit/admin/fake_broker.h"

namespace rujukan::admin {
namespace {

using ::testing::HasSubstr;

constexpr UnixMillis kNow = 1'795'000'000'000;
constexpr UnixMillis kYear = 365LL * 24 * 3600 * 1000;

mode_t ModeOf(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 ? (info.st_mode & 0777) : 0;
}

class AuthorityTest : public ::testing::Test {
 protected:
  AuthorityTest() {
    root = (std::filesystem::temp_directory_path() / "adminXXXXXX").string();
    EXPECT_NE(mkdtemp(root.data()), nullptr);
    request = {"lampung.example", root + "/admin", root + "/broker", "Admin Lampung", ""};
  }
  ~AuthorityTest() override { std::filesystem::remove_all(root); }

  std::string root;
  NewDomain request;
};

TEST_F(AuthorityTest, EveryFileIsThereAndEverySecretIsPrivate) {
  ASSERT_TRUE(InitDomain(request, kNow));
  EXPECT_EQ(ModeOf(request.home), 0700u);
  EXPECT_EQ(ModeOf(request.broker_identity), 0700u);
  for (const char* file : {"root.key", "issuing.key", "admin.key", "transport.key"}) {
    EXPECT_EQ(ModeOf(request.home + "/" + file), 0600u) << file;
  }
  for (const char* file : {"log.key", "transport.key"}) {
    EXPECT_EQ(ModeOf(request.broker_identity + "/" + file), 0600u) << file;
  }
  for (const char* file : {"root.crt", "issuing.crt", "admin.crt", "domain.json"}) {
    EXPECT_NE(ModeOf(request.home + "/" + file), 0u) << file;
  }
  for (const char* file : {"genesis.pb", "vkey"}) {
    EXPECT_NE(ModeOf(request.broker_identity + "/" + file), 0u) << file;
  }
}

TEST_F(AuthorityTest, TheBrokerGetsNoKeyThatCouldMakeAnIdentity) {
  ASSERT_TRUE(InitDomain(request, kNow));
  for (const auto& file : std::filesystem::directory_iterator(request.broker_identity)) {
    EXPECT_THAT(testing::ReadBytes(file.path()), ::testing::Not(HasSubstr("PRIVATE KEY")))
        << file.path();
  }
}

TEST_F(AuthorityTest, TheGenesisIsAcceptedByTheLedgerAndNamesItsKeys) {
  const auto domain = InitDomain(request, kNow);
  ASSERT_TRUE(domain) << domain.error().ToString();
  const testing::FakeBroker broker(request.broker_identity, kNow);  // CHECKs that it is accepted
  const auto record = ledger::ReadDomain(broker.view());
  EXPECT_EQ(record->log_vkey(), domain->log_vkey);
  EXPECT_EQ(testing::ReadBytes(request.broker_identity + "/vkey"), domain->log_vkey + "\n");
  EXPECT_EQ(certs::Sha256(record->root_certificate()), domain->root_fingerprint);
  EXPECT_EQ((*ledger::ReadAgency(broker.view(), "admin.01@lampung.example"))->role(),
            v1::Role::ADMIN);
}

TEST_F(AuthorityTest, CertificatesLiveTenFiveAndOneYear) {
  ASSERT_TRUE(InitDomain(request, kNow));
  const auto authority = LoadAuthority(request.home, "");
  ASSERT_TRUE(authority) << authority.error().ToString();
  EXPECT_EQ(authority->root.not_after(), kNow + 10 * kYear);
  EXPECT_EQ(authority->issuing.not_after(), kNow + 5 * kYear);
  EXPECT_EQ(authority->admin.not_after(), kNow + kYear);
  EXPECT_EQ(authority->admin.address(), "admin.01@lampung.example");
}

TEST_F(AuthorityTest, NothingIsOverwritten) {
  ASSERT_TRUE(InitDomain(request, kNow));
  const std::string key = testing::ReadBytes(request.home + "/root.key");
  EXPECT_EQ(InitDomain(request, kNow).error().code, Errc::kConflict);
  NewDomain other = request;
  other.home = root + "/other";
  EXPECT_EQ(InitDomain(other, kNow).error().code, Errc::kConflict);  // broker's folder is taken
  EXPECT_FALSE(std::filesystem::exists(other.home));
  EXPECT_EQ(testing::ReadBytes(request.home + "/root.key"), key);
}

TEST_F(AuthorityTest, AFolderWithOtherThingsIsNeitherFilledNorMadePrivate) {
  std::filesystem::create_directory(request.home);
  ASSERT_EQ(chmod(request.home.c_str(), 0755), 0);
  EXPECT_TRUE(InitDomain({"a.example", request.home, root + "/a", "A", ""}, kNow)) << "empty";

  const std::string full = root + "/full";
  std::filesystem::create_directory(full);
  ASSERT_EQ(chmod(full.c_str(), 0755), 0);
  std::filesystem::create_directory(full + "/letters");
  request.home = full;
  EXPECT_EQ(InitDomain(request, kNow).error().code, Errc::kConflict);
  request.home = root + "/b";
  request.broker_identity = full;
  EXPECT_EQ(InitDomain(request, kNow).error().code, Errc::kConflict);
  EXPECT_EQ(ModeOf(full), 0755u);
  EXPECT_FALSE(std::filesystem::exists(request.home));
}

TEST_F(AuthorityTest, ADomainMustLookLikeADnsName) {
  request.domain = "lampung";
  EXPECT_EQ(InitDomain(request, kNow).error().code, Errc::kInvalid);
  EXPECT_FALSE(std::filesystem::exists(request.home));
}

TEST_F(AuthorityTest, APassphraseIsNeededAgain) {
  request.passphrase = "rahasia";
  ASSERT_TRUE(InitDomain(request, kNow));
  EXPECT_EQ(LoadAuthority(request.home, "salah").error().code, Errc::kDenied);
  EXPECT_TRUE(LoadAuthority(request.home, "rahasia"));
}

TEST_F(AuthorityTest, AKeyFileOpenToOthersEndsWithThePermissionExitCode) {
  ASSERT_TRUE(InitDomain(request, kNow));
  ASSERT_EQ(chmod((request.home + "/admin.key").c_str(), 0640), 0);
  const SystemClock clock;
  CommonOptions options;
  options.home = request.home;
  const Office office(options, clock, [](const std::string&, const link::Caller&) {
    return Result<std::unique_ptr<Broker>>(Fail(Errc::kUnavailable, "not reached"));
  });
  const auto opened = office.Open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(OutputOf(Fail(opened.error())).exit_code, kExitPermission);
}

TEST_F(AuthorityTest, TheGenesisCarriesThePolicyAndOneThatContradictsItselfIsRefused) {
  request.policy = std::string(ledger::DefaultPolicyText());
  ASSERT_TRUE(InitDomain(request, kNow));
  const testing::FakeBroker broker(request.broker_identity, kNow);
  EXPECT_EQ(*ledger::ReadPolicyText(broker.view()), request.policy);

  const NewDomain other{"a.example", root + "/a", root + "/b", "A", "", "not a policy", ""};
  EXPECT_EQ(InitDomain(other, kNow).error().code, Errc::kInvalid);
  EXPECT_FALSE(std::filesystem::exists(other.home));
}

// SoftHSM2 with a token of its own; its module reads the configuration once a process.
TEST_F(AuthorityTest, WithATokenTheThreeKeysAreMadeInsideItAndTheHomeWorks) {
  std::filesystem::create_directory(root + "/tokens");
  std::ofstream(root + "/softhsm2.conf") << "directories.tokendir = " << root << "/tokens\n";
  ::setenv("SOFTHSM2_CONF", (root + "/softhsm2.conf").c_str(), 1);
  ::setenv("RUJUKAN_PKCS11_MODULE", "/usr/lib/softhsm/libsofthsm2.so", 1);
  ASSERT_EQ(std::system("softhsm2-util --init-token --free --label lampung --so-pin so-pin-1 "
                        "--pin pin-8462 > /dev/null"),
            0)
      << "needs the package softhsm2";
  request.token = "pkcs11:token=lampung";
  request.passphrase = "pin-8462";
  const auto made = InitDomain(request, kNow);
  ASSERT_TRUE(made) << made.error().ToString();
  for (const char* file : {"/root.key", "/issuing.key", "/admin.key"}) {
    EXPECT_THAT(testing::ReadBytes(request.home + file), ::testing::StartsWith("pkcs11:")) << file;
    EXPECT_EQ(ModeOf(request.home + file), 0600u) << file;
  }
  const auto authority = LoadAuthority(request.home, "pin-8462");
  ASSERT_TRUE(authority) << authority.error().ToString();
  EXPECT_FALSE(authority->admin_key.exportable());
  testing::FakeBroker broker(request.broker_identity, kNow);
  v1::Act act;
  act.mutable_set_rules()->mutable_rules();
  EXPECT_TRUE(broker.Submit(SignAct(*authority, act, kNow)));
  EXPECT_TRUE(IssuingCaOf(*authority, broker.view()));

  request.home = root + "/again";
  request.broker_identity = root + "/again-broker";
  EXPECT_EQ(InitDomain(request, kNow).error().code, Errc::kConflict) << "labels are taken";
  EXPECT_FALSE(std::filesystem::exists(request.home));
}

TEST_F(AuthorityTest, DomainFileRoundTripsAndRefusesDamage) {
  auto domain = InitDomain(request, kNow);
  ASSERT_TRUE(domain);
  domain->broker = "tcp://127.0.0.1:7400";
  const auto again = link::DomainFile::FromJson(domain->ToJson());
  ASSERT_TRUE(again) << again.error().ToString();
  EXPECT_EQ(again->ToJson(), domain->ToJson());
  EXPECT_FALSE(link::DomainFile::FromJson("{}"));
  EXPECT_FALSE(link::DomainFile::FromJson("["));
  EXPECT_EQ(link::ReadDomainFile(root).error().code, Errc::kNotFound);
}

}  // namespace
}  // namespace rujukan::admin
