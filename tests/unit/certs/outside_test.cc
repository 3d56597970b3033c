// Goal: a certificate of an outside CA is believed exactly when its chain and its issuer's CRL say
// so. Method: openssl(1) plays the government; each thing missing or wrong must be told apart.
#include "certs/outside.h"

#include <gtest/gtest.h>

#include <memory>

#include "base/limits.h"
#include "certs/hash.h"
#include "tests/unit/certs/bent.h"
#include "tests/unit/certs/government.h"
#include "tests/unit/certs/small_domain.h"

namespace rujukan::certs {
namespace {

using testing::Government;
using testing::kDay;

struct Outside : ::testing::Test {
  // RSA keys take their time: one government for all tests, each adding files of its own.
  static std::unique_ptr<Government> government;
  static void SetUpTestSuite() { government = std::make_unique<Government>(); }
  static void TearDownTestSuite() { government.reset(); }

  Certificate leaf = Certificate::FromOutsideDer(government->Der("leaf")).value();
  UnixMillis now = leaf.not_before() + 60'000;
  Certificate middle = Certificate::FromDer(government->Der("middle")).value();
  PrivateKey middle_key = PrivateKey::FromPem(government->scratch.Read("middle.key"), "").value();
  Crl crl = List({});

  Crl List(std::vector<RevokedSerial> revoked) const {
    const CrlDraft draft{1, now - kDay, now + kDay, std::move(revoked)};
    return Crl::FromDer(IssueCrl({middle, middle_key}, draft).value()).value();
  }
  Crl List(UnixMillis from, UnixMillis to) const {
    return Crl::FromDer(IssueCrl({middle, middle_key}, {1, from, to, {}}).value()).value();
  }
  OutsideChain Whole() const {
    return {leaf, {government->Der("middle")}, government->Der("root"), now, {&crl}};
  }
  static void Expect(const OutsideChain& chain, Errc code, const std::string& reason) {
    const auto result = VerifyOutside(chain);
    ASSERT_FALSE(result) << reason;
    EXPECT_EQ(result.error().code, code) << result.error().context;
    EXPECT_NE(result.error().context.find(reason), std::string::npos) << result.error().context;
  }
};
std::unique_ptr<Government> Outside::government;

TEST_F(Outside, ALeafSaysWhoseKeyItIsAndNothingOfOurAddresses) {
  EXPECT_EQ(leaf.address(), "");
  EXPECT_EQ(leaf.usage(), Usage::kSigning);
  EXPECT_EQ(leaf.subject(), "CN=leaf \xc3\xa9,O=Instansi Contoh,C=ID");
  EXPECT_EQ(leaf.serial(), "\x10\x02");
  EXPECT_EQ(leaf.key_id().view(), Sha256(government->Der("leaf")).view());
  const PrivateKey key = PrivateKey::FromPem(government->scratch.Read("leaf.key"), "").value();
  EXPECT_TRUE(leaf.public_key().Verify("message", key.Sign("message")));
  EXPECT_EQ(Certificate::FromDer(leaf.der()).error().code, Errc::kInvalid);
}

TEST_F(Outside, WhatIsNoSigningCertificateIsRefused) {
  const struct {
    const char* name;
    const char* key;
    const char* extensions;
    const char* reason;
  } cases[] = {{"a_ca", testing::kP256, "ca", "a CA's"},
               {"half", testing::kP256, "half_ca", "a CA's"},
               {"unstated", testing::kP256, "unstated", "keyUsage"},
               {"encipher", testing::kP256, "encipher", "keyUsage"},
               {"strange", testing::kP256, "strange", "critical"},
               {"rsa", testing::kRsa, "leaf", "P-256"},
               {"p384", testing::kP384, "leaf", "P-256"}};
  for (const auto& one : cases) {
    government->Below("middle", one.name, one.key, one.extensions);
    const auto refused = Certificate::FromOutsideDer(government->Der(one.name));
    ASSERT_FALSE(refused) << one.name;
    EXPECT_EQ(refused.error().code, Errc::kInvalid) << one.name;
    EXPECT_NE(refused.error().context.find(one.reason), std::string::npos)
        << one.name << ": " << refused.error().context;
  }
  EXPECT_EQ(Certificate::FromOutsideDer(leaf.der() + "x").error().code, Errc::kInvalid);
  EXPECT_EQ(Certificate::FromOutsideDer("").error().code, Errc::kInvalid);
  std::string no_text = leaf.der();  // an e with half an accent: not UTF-8
  no_text[no_text.find("leaf \xc3\xa9") + 6] = '\xc3';
  EXPECT_EQ(Certificate::FromOutsideDer(no_text).error().code, Errc::kInvalid);
}

TEST_F(Outside, HoldsUnderAnRsaRootThroughAnIntermediate) {
  const auto held = VerifyOutside(Whole());
  EXPECT_TRUE(held) << held.error().context;
}

TEST_F(Outside, HoldsUnderAnAnchorThatIsNoRoot) {
  OutsideChain chain = Whole();
  chain.anchor = government->Der("middle");
  chain.intermediates.clear();
  EXPECT_TRUE(VerifyOutside(chain));
  // An anchor does not stand for what is beside it.
  government->Below("root", "sibling", testing::kP256, "ca");
  chain.anchor = government->Der("sibling");
  Expect(chain, Errc::kDenied, "does not hold");
}

TEST_F(Outside, StockOpensslAgrees) {
  const auto judge = [this](const Crl& list) {
    government->scratch.Write("judged.der", list.der());
    government->Run("openssl crl -in judged.der -out judged.pem");
    return government->scratch.Shell(
        "openssl verify -x509_strict -partial_chain -crl_check -CRLfile judged.pem -attime " +
        std::to_string(now / 1000) + " -CAfile root.pem -untrusted middle.pem leaf.pem");
  };
  const auto good = judge(crl);
  EXPECT_EQ(good.status, 0) << good.output;
  EXPECT_NE(judge(List({{leaf.serial(), now, 1}})).status, 0);
}

TEST_F(Outside, WithoutACrlOfItsIssuerNothingIsBelieved) {
  OutsideChain chain = Whole();
  chain.crls.clear();
  Expect(chain, Errc::kNotFound, "no CRL");
  const Crl of_root = Crl::FromDer(government->CrlOf("root")).value();
  chain.crls = {&of_root};
  Expect(chain, Errc::kNotFound, "no CRL");
}

TEST_F(Outside, ARevokedLeafIsDenied) {
  const Crl revoking = List({{"\x01", now, 0}, {leaf.serial(), now - kDay, 1}});
  OutsideChain chain = Whole();
  chain.crls = {&revoking};
  Expect(chain, Errc::kDenied, "is revoked by its issuer's CRL");
}

TEST_F(Outside, ACrlHoldsFromItsThisUpdateToItsNextUpdate) {
  OutsideChain chain = Whole();
  const Crl old = List(now - kDay, now - 1000);
  chain.crls = {&old};
  Expect(chain, Errc::kExpired, "CRL has expired");
  const Crl future = List(now + 1000, now + kDay);
  chain.crls = {&future};
  Expect(chain, Errc::kExpired, "CRL is not yet valid");
  const Crl just = List(now, now + 1000);
  chain.crls = {&just};
  EXPECT_TRUE(VerifyOutside(chain));
}

TEST_F(Outside, ACrlOfAnotherCaOfTheSameNameCountsForNothing) {
  const PrivateKey forger_key = PrivateKey::Generate();
  const std::string copied = testing::BentCrl(crl.der(), forger_key, [](X509_CRL*) {});
  const Crl forged = Crl::FromDer(copied).value();
  EXPECT_EQ(VerifyCrlBy(forged, government->Der("middle")).error().code, Errc::kDenied);
  OutsideChain chain = Whole();
  chain.crls = {&forged};
  Expect(chain, Errc::kDenied, "CRL signature failure");
}

TEST_F(Outside, AChainThatDoesNotHoldIsDenied) {
  OutsideChain broken = Whole();
  broken.intermediates.clear();
  Expect(broken, Errc::kDenied, "unable to get local issuer");
  government->Root("impostor", testing::kP384);
  OutsideChain impostor = Whole();
  impostor.anchor = government->Der("impostor");
  Expect(impostor, Errc::kDenied, "the outside certificate chain does not hold");
  OutsideChain early = Whole();
  early.at = leaf.not_before() - 1000;
  Expect(early, Errc::kDenied, "not yet valid");
  const Crl at_its_end = List(leaf.not_after() - kDay, leaf.not_after() + kDay);
  OutsideChain late = Whole();
  late.at = leaf.not_after() + 1000;
  late.crls = {&at_its_end};
  Expect(late, Errc::kDenied, "certificate has expired");
  std::string bent = leaf.der();
  bent.back() = static_cast<char>(bent.back() ^ 1);
  const Certificate tampered = Certificate::FromOutsideDer(bent).value();
  Expect({tampered, {government->Der("middle")}, government->Der("root"), now, {&crl}},
         Errc::kDenied,
         "signature");
}

TEST_F(Outside, ARevokedCaOfTheChainIsDenied) {
  OutsideChain chain = Whole();
  const Crl harmless = Crl::FromDer(government->CrlOf("root")).value();
  chain.crls = {&crl, &harmless};
  EXPECT_TRUE(VerifyOutside(chain));
  const Crl revoking = Crl::FromDer(government->CrlOf("root", "middle")).value();
  chain.crls = {&crl, &revoking};
  Expect(chain, Errc::kDenied, "a CA of the outside certificate chain is revoked");
}

TEST_F(Outside, OfTheMostIntermediatesAChainHoldsAndOneMoreIsRefused) {
  static_assert(limits::kOutsideIntermediatesMax == 3);
  government->Below("root", "first", testing::kP384, "ca");
  government->Below("first", "second", testing::kRsa, "ca");
  government->Below("second", "third", testing::kP256, "ca");
  government->Below("third", "low", testing::kP256, "leaf");
  const Certificate low = Certificate::FromOutsideDer(government->Der("low")).value();
  const Crl list = Crl::FromDer(government->CrlOf("third")).value();
  OutsideChain chain{
      low,
      {government->Der("second"), government->Der("third"), government->Der("first")},
      government->Der("root"),
      list.this_update(),
      {&list}};
  const auto held = VerifyOutside(chain);
  EXPECT_TRUE(held) << held.error().context;
  chain.intermediates.push_back(government->Der("middle"));
  Expect(chain, Errc::kLimit, "at most 3");
}

TEST_F(Outside, AnAnchorShowsWhatAnAdminComparesBeforeTrustingIt) {
  const AnchorFacts facts = ParseAnchor(government->Der("root")).value();
  EXPECT_EQ(facts.key_id.view(), Sha256(government->Der("root")).view());
  EXPECT_EQ(facts.subject, "CN=root \xc3\xa9,O=Instansi Contoh,C=ID");
  EXPECT_EQ(facts.not_after - facts.not_before, 4000 * kDay);
  EXPECT_TRUE(ParseAnchor(government->Der("middle")));
}

TEST_F(Outside, AnAnchorIsACaWithAStrongKey) {
  const std::string root = government->Der("root");
  EXPECT_EQ(ParseAnchor(leaf.der()).error().code, Errc::kInvalid);
  EXPECT_EQ(ParseAnchor(root + "x").error().code, Errc::kInvalid);
  EXPECT_EQ(ParseAnchor("").error().code, Errc::kInvalid);
  EXPECT_EQ(ParseAnchor(std::string(limits::kCertificateBytesMax + 1, 'x')).error().code,
            Errc::kLimit);
  const int weak = limits::kOutsideRsaBitsMin - 1;
  government->Root("weak", "-algorithm RSA -pkeyopt rsa_keygen_bits:" + std::to_string(weak));
  EXPECT_EQ(ParseAnchor(government->Der("weak")).error().code, Errc::kInvalid);
  government->Root("ed", "-algorithm ED448");
  EXPECT_EQ(ParseAnchor(government->Der("ed")).error().code, Errc::kInvalid);
  government->Root("p521", "-algorithm EC -pkeyopt ec_paramgen_curve:P-521");
  EXPECT_EQ(ParseAnchor(government->Der("p521")).error().code, Errc::kInvalid);
}

TEST_F(Outside, AnIntermediateSignedWithSha1IsDenied) {
  government->Below("root", "sha1", testing::kP256, "ca", "-sha1");
  government->Below("sha1", "poor", testing::kP256, "leaf");
  const Certificate poor = Certificate::FromOutsideDer(government->Der("poor")).value();
  const Crl list = Crl::FromDer(government->CrlOf("sha1")).value();
  Expect({poor, {government->Der("sha1")}, government->Der("root"), list.this_update(), {&list}},
         Errc::kDenied,
         "CA signature digest algorithm too weak");
}

TEST_F(Outside, ACrlOfAnRsaCaIsVerifiedByItsCertificate) {
  const std::string der = government->CrlOf("root", "middle");
  const Crl list = Crl::FromDer(der).value();
  EXPECT_TRUE(list.Lists(middle.serial()));
  EXPECT_TRUE(VerifyCrlBy(list, government->Der("root")));
  EXPECT_EQ(VerifyCrlBy(list, government->Der("middle")).error().code, Errc::kDenied);
  EXPECT_EQ(VerifyCrlBy(list, leaf.der()).error().code, Errc::kInvalid);
  std::string bent = der;
  bent.back() = static_cast<char>(bent.back() ^ 1);
  EXPECT_EQ(VerifyCrlBy(Crl::FromDer(bent).value(), government->Der("root")).error().code,
            Errc::kDenied);
}

TEST_F(Outside, ACertificateOfOursDoesNotPassForOneOfTheirs) {
  const testing::SmallDomain domain;
  const Certificate ours = domain.Issue(PrivateKey::Generate().Public(), Usage::kSigning).value();
  OutsideChain chain{ours, {government->Der("middle")}, government->Der("root"), now, {&crl}};
  Expect(chain, Errc::kDenied, "does not hold");
}

}  // namespace
}  // namespace rujukan::certs
