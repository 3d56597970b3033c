// Goal: a key in a token signs whatever a key in a file signs, and neither it nor its PIN gets out.
// Method: SoftHSM2 with tokens of its own in a temporary directory; openssl(1) checks signatures.
#define OPENSSL_SUPPRESS_DEPRECATED  // engines: see certs/token.cc
#include "certs/token.h"

#include <gtest/gtest.h>
#include <openssl/engine.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <thread>

#include "base/limits.h"
#include "certs/batch.h"
#include "certs/crl.h"
#include "certs/keyfile.h"
#include "certs/token_session.h"
#include "tests/unit/certs/scratch.h"
#include "tests/unit/certs/small_domain.h"

namespace rujukan::certs {
namespace {

using testing::kDay;
using testing::kDomain;
using testing::kNow;
using testing::Scratch;

constexpr char kModule[] = "/usr/lib/softhsm/libsofthsm2.so";
constexpr char kPin[] = "pin-8462";

// A module reads its configuration once a process, so the tokens are made before the first test.
struct Token : ::testing::Test {
  static std::unique_ptr<Scratch> tokens;
  static void SetUpTestSuite() {
    tokens = std::make_unique<Scratch>();
    std::filesystem::create_directory(*tokens / "store");
    tokens->Write("softhsm2.conf", "directories.tokendir = " + *tokens / "store" + "\n");
    ::setenv("SOFTHSM2_CONF", (*tokens / "softhsm2.conf").c_str(), 1);
    ::setenv("RUJUKAN_PKCS11_MODULE", kModule, 1);
    for (const char* label : {"rujukan", "untouched", "Dinas Sosial"}) {
      const auto made = tokens->Shell(std::string("softhsm2-util --init-token --free --label '") +
                                      label + "' --so-pin so-pin-1 --pin " + kPin);
      ASSERT_EQ(made.status, 0) << "needs the package softhsm2: " << made.output;
    }
  }
  static void TearDownTestSuite() { tokens.reset(); }

  static std::string Uri(const std::string& object, const std::string& token = "rujukan") {
    return "pkcs11:token=" + token + ";object=" + object + ";type=private";
  }
  // A key of its own for each test: labels are taken for as long as the tokens are there.
  static PrivateKey Make(const std::string& object) {
    auto key = GenerateInToken(Uri(object), kPin);
    EXPECT_TRUE(key) << key.error().context;
    return *std::move(key);
  }
  template <class T>
  static void ExpectFailed(const Result<T>& result, Errc code, const std::string& reason) {
    ASSERT_FALSE(result) << reason;
    EXPECT_EQ(result.error().code, code) << result.error().context;
    EXPECT_NE(result.error().context.find(reason), std::string::npos) << result.error().context;
    EXPECT_EQ(result.error().context.find(kPin), std::string::npos) << result.error().context;
  }

  Scratch scratch;
};
std::unique_ptr<Scratch> Token::tokens;

TEST_F(Token, AKeyMadeInItSignsAndIsThereAgain) {
  const PrivateKey made = Make("signs");
  EXPECT_TRUE(made.Public().Verify("message", made.Sign("message")));
  EXPECT_FALSE(made.Public().Verify("massage", made.Sign("message")));
  const PrivateKey opened = OpenTokenKey(Uri("signs"), kPin).value();
  EXPECT_EQ(opened.Public().Spki(), made.Public().Spki());
  EXPECT_TRUE(made.Public().Verify("message", opened.Sign("message")));
}

// PKCS#11 sessions are not shared by threads; keys are (key.h).
TEST_F(Token, AKeySignsForManyThreadsAtOnce) {
  const PrivateKey key = Make("threads");
  const PublicKey verifier = key.Public();
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&, thread] {
        for (int i = 0; i < 50; ++i) {
          const std::string message = std::to_string(thread) + "/" + std::to_string(i);
          good += verifier.Verify(message, key.Sign(message)) ? 1 : 0;
        }
      });
    }
  }
  EXPECT_EQ(good, 200);
}

// A library that sets up OpenSSL later, as libcurl does at its first use, can register all engines
// there are for all kinds of keys.
TEST_F(Token, KeysOutsideItWorkOnWhenAnotherLibrarySetsUpOpensslAgain) {
  const PrivateKey inside = Make("beside");
  ASSERT_EQ(::ENGINE_register_all_complete(), 1);
  const PrivateKey outside = PrivateKey::Generate();
  EXPECT_TRUE(outside.Public().Verify("message", outside.Sign("message")));
  EXPECT_TRUE(inside.Public().Verify("message", inside.Sign("message")));
}

TEST_F(Token, WithoutAModuleNamedP11KitFindsIt) {
  const std::string spki = Make("by-proxy").Public().Spki();
  ::unsetenv("RUJUKAN_PKCS11_MODULE");
  const auto found = OpenTokenKey(Uri("by-proxy"), kPin);
  ::setenv("RUJUKAN_PKCS11_MODULE", kModule, 1);
  ASSERT_TRUE(found) << found.error().context;
  EXPECT_EQ(found->Public().Spki(), spki);
}

TEST_F(Token, EveryKeyIsTheOneNamed) {
  std::array<std::string, 3> spkis;
  for (size_t i = 0; i < spkis.size(); ++i) {
    spkis.at(i) = Make("one-of-many-" + std::to_string(i)).Public().Spki();
  }
  for (size_t i = 0; i < spkis.size(); ++i) {
    const auto key = OpenTokenKey(Uri("one-of-many-" + std::to_string(i)), kPin);
    EXPECT_EQ(key.value().Public().Spki(), spkis.at(i));
  }
  EXPECT_NE(spkis[0], spkis[1]);
  EXPECT_NE(spkis[1], spkis[2]);
}

TEST_F(Token, LabelsOfAnyCharactersWork) {
  const std::string uri = "pkcs11:token=Dinas%20Sosial;object=kunci%3b%20%2fbesar";
  const auto made = GenerateInToken(uri, kPin);
  ASSERT_TRUE(made) << made.error().context;
  EXPECT_EQ(OpenTokenKey(uri, kPin).value().Public().Spki(), made->Public().Spki());
}

TEST_F(Token, TheLongestLabelWorks) {
  Make(std::string(limits::kTokenLabelBytesMax, 'k'));
}

TEST_F(Token, ALabelThatIsTakenIsAConflict) {
  const std::string spki = Make("taken").Public().Spki();
  ExpectFailed(GenerateInToken(Uri("taken"), kPin), Errc::kConflict, "already has");
  EXPECT_EQ(OpenTokenKey(Uri("taken"), kPin).value().Public().Spki(), spki);
}

TEST_F(Token, AWrongPinIsDeniedAndNotRepeated) {
  // A token no other test opens: PKCS#11 logs a process in once.
  const std::string uri = Uri("none", "untouched");
  const auto wrong = OpenTokenKey(uri, "pin-9999");
  ExpectFailed(wrong, Errc::kDenied, "PIN");
  EXPECT_EQ(wrong.error().context.find("pin-9999"), std::string::npos);
  ExpectFailed(GenerateInToken(uri, "pin-9999"), Errc::kDenied, "PIN");
  ExpectFailed(OpenTokenKey(uri, ""), Errc::kDenied, "PIN");
  ExpectFailed(OpenTokenKey(uri, std::string(300, '9')), Errc::kDenied, "PIN");
  ExpectFailed(OpenTokenKey(uri, kPin), Errc::kNotFound, "no private key");
}

TEST_F(Token, AnAbsentTokenOrObjectIsNotFound) {
  ExpectFailed(OpenTokenKey(Uri("absent"), kPin), Errc::kNotFound, "no private key \"absent\"");
  ExpectFailed(
      OpenTokenKey(Uri("absent", "lost"), kPin), Errc::kNotFound, "no token named \"lost\"");
}

TEST_F(Token, AMissingModuleSaysWhatToInstall) {
  ::setenv("RUJUKAN_PKCS11_MODULE", "/nowhere/module.so", 1);
  const auto missing = OpenTokenKey(Uri("any"), kPin);
  ::setenv("RUJUKAN_PKCS11_MODULE", kModule, 1);
  ExpectFailed(missing, Errc::kUnavailable, "p11-kit-modules");
}

// In a process of its own, since an engine once started stays.
TEST_F(Token, AMissingEngineSaysWhatToInstallAndNoKeyIsMade) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto without_engine = [] {
    ::setenv("OPENSSL_ENGINES", "/nowhere", 1);
    const auto made = GenerateInToken(Uri("useless"), kPin);
    ExpectFailed(made, Errc::kUnavailable, "libengine-pkcs11-openssl");
    const TokenSession session = TokenSession::Open("rujukan", kPin).value();
    EXPECT_FALSE(session.Has("useless", TokenSession::Object::kAny).value());
    std::_Exit(HasFailure() ? 1 : 0);
  };
  EXPECT_EXIT(without_engine(), ::testing::ExitedWithCode(0), "");
}

TEST_F(Token, AKeyOnAnotherCurveIsInvalid) {
  ASSERT_EQ(scratch
                .Shell("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 | "
                       "openssl pkcs8 -topk8 -nocrypt -out k.pem")
                .status,
            0);
  const auto put =
      scratch.Shell("softhsm2-util --import k.pem --token rujukan --label p384 --id 77 --pin " +
                    std::string(kPin));
  ASSERT_EQ(put.status, 0) << put.output;
  ExpectFailed(OpenTokenKey(Uri("p384"), kPin), Errc::kInvalid, "P-256");
}

TEST_F(Token, TheKeyDoesNotLeaveIt) {
  const PrivateKey key = Make("stays");
  EXPECT_FALSE(key.exportable());
  EXPECT_TRUE(PrivateKey::Generate().exportable());
  ExpectFailed(WriteKeyFile(scratch / "k.pem", key, ""), Errc::kInvalid, "stays there");
  EXPECT_EQ(ReadSecretFile(scratch / "k.pem").error().code, Errc::kNotFound);
  EXPECT_DEATH(static_cast<void>(key.ToPem("")), "CHECK failed");
}

TEST_F(Token, AKeyFileThatRefersToItIsOpenedWithThePinAsPassphrase) {
  const PrivateKey made = Make("referred");
  const std::string path = scratch / "issuing.key";
  ASSERT_TRUE(WriteTokenReference(path, Uri("referred")));
  EXPECT_EQ(ReadSecretFile(path).value(), Uri("referred") + "\n");
  EXPECT_TRUE(IsTokenReference(ReadSecretFile(path).value()));
  const auto read = ReadKeyFile(path, kPin);
  ASSERT_TRUE(read) << read.error().context;
  EXPECT_EQ(read->Public().Spki(), made.Public().Spki());
  ExpectFailed(WriteTokenReference(path, Uri("other")), Errc::kConflict, "never overwritten");
  ExpectFailed(WriteTokenReference(scratch / "x", "pkcs11:pin-value=1"), Errc::kInvalid, "URI");
  // Written by hand, without the last newline, and naming what is not there.
  ASSERT_TRUE(WriteSecretFile(scratch / "hand.key", Uri("nobody")));
  ExpectFailed(ReadKeyFile(scratch / "hand.key", kPin), Errc::kNotFound, "hand.key");
}

TEST_F(Token, SignsBatchesCertificatesRequestsAndCrls) {
  const PrivateKey root_key = Make("root");
  const PrivateKey issuing_key = Make("issuing");
  const Validity validity{kNow - kDay, kNow + 300 * kDay};
  const Certificate root = MakeRoot(root_key, kDomain, validity).value();
  const Certificate issuing =
      MakeIssuing({root, root_key}, issuing_key.Public(), kDomain, validity).value();
  const Issuer issuer{issuing, issuing_key};
  const PrivateKey key = Make("agency");
  const Certificate leaf =
      IssueLeaf(issuer, {key.Public(), testing::kAgency, Usage::kSigning, validity}).value();
  EXPECT_TRUE(VerifyChain({leaf, issuing, root, kNow, Usage::kSigning, testing::kAgency}));

  EXPECT_EQ(ParseCsr(MakeCsr(key, testing::kAgency)).value().key.Spki(), key.Public().Spki());

  const CrlDraft draft{1, kNow, kNow + kDay, {{leaf.serial(), kNow, 1}}};
  EXPECT_TRUE(VerifyCrl(Crl::FromDer(IssueCrl(issuer, draft).value()).value(), issuing));

  const std::vector<std::string> statements{"one", "two", "three"};
  const auto signatures = SignBatch(key, leaf.key_id(), kHeaderContext, statements);
  for (size_t i = 0; i < statements.size(); ++i) {
    const auto claim = ClaimOf(kHeaderContext, statements[i], signatures[i]);
    EXPECT_TRUE(leaf.public_key().Verify(claim.value().message, claim.value().signature)) << i;
  }
}

TEST_F(Token, StockOpensslVerifiesWhatItSigned) {
  const PrivateKey key = Make("checked");
  scratch.Write("message", "message");
  scratch.Write("signature", key.Sign("message"));
  scratch.Write("key.der", key.Public().Spki());
  const auto checked = scratch.Shell(
      "openssl dgst -sha256 -verify key.der -keyform DER -signature signature message");
  EXPECT_EQ(checked.status, 0) << checked.output;
}

}  // namespace
}  // namespace rujukan::certs
