// Goal: certificates say what they should, and a chain holds only for the right domain, usage,
// address and time.
// Method: a small domain issues good and bad certificates; OpenSSL must refuse the bad ones.
#include "certs/certificate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

#include "base/bytes.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "tests/unit/certs/bent.h"
#include "tests/unit/certs/scratch.h"
#include "tests/unit/certs/small_domain.h"

namespace rujukan::certs {
namespace {

using testing::kAgency;
using testing::kDay;
using testing::kNow;

struct Chain : ::testing::Test {
  testing::SmallDomain domain;
  PrivateKey key = PrivateKey::Generate();
  Certificate leaf = domain.Issue(key.Public(), Usage::kSigning).value();

  static void ExpectDenied(const Result<void>& result, const std::string& reason) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::kDenied);
    EXPECT_NE(result.error().context.find(reason), std::string::npos) << result.error().context;
  }
};

TEST_F(Chain, ALeafSaysWhoWhichKeyWhatForAndHowLong) {
  EXPECT_EQ(leaf.address(), kAgency);
  EXPECT_EQ(leaf.usage(), Usage::kSigning);
  EXPECT_EQ(leaf.public_key().Spki(), key.Public().Spki());
  EXPECT_EQ(leaf.not_before(), kNow - kDay);
  EXPECT_EQ(leaf.not_after(), kNow + 365 * kDay);
  EXPECT_EQ(leaf.key_id().view(), Sha256(leaf.der()).view());
  EXPECT_EQ(domain.root.usage(), Usage::kAuthority);
  EXPECT_EQ(domain.issuing.address(), "");
}

TEST_F(Chain, SerialAndSubjectAreWhatOpensslPrints) {
  const testing::Scratch scratch;
  scratch.Write("leaf.pem", leaf.Pem());
  const auto printed =
      scratch.Shell("openssl x509 -in leaf.pem -noout -serial -subject -nameopt RFC2253");
  std::string hex = ToHex(leaf.serial());
  std::ranges::transform(hex, hex.begin(), [](unsigned char c) { return std::toupper(c); });
  EXPECT_EQ(printed.output, "serial=" + hex + "\nsubject=" + leaf.subject() + "\n");
  EXPECT_EQ(leaf.subject(), "UID=dinsos.18.71,DC=lampung,DC=example");
}

TEST_F(Chain, TheLongestSerialNumberIsReadAndALongerOrNegativeOneIsNot) {
  const auto with_serial = [this](const char* decimal_or_hex) {
    return testing::BentCertificate(leaf, domain.issuing_key, [&](X509* x509) {
      const OpensslPtr<ASN1_INTEGER, ASN1_INTEGER_free> serial(
          s2i_ASN1_INTEGER(nullptr, decimal_or_hex));
      X509_set_serialNumber(x509, serial.get());
    });
  };
  const std::string longest = "0x" + std::string(2 * limits::kSerialBytesMax, 'f');
  const auto fits = Certificate::FromDer(with_serial(longest.c_str()));
  EXPECT_EQ(fits.value().serial(), std::string(limits::kSerialBytesMax, '\xff'));
  EXPECT_EQ(Certificate::FromDer(with_serial("258")).value().serial(), "\x01\x02");
  for (const std::string& bad : {"0x1" + std::string(2 * limits::kSerialBytesMax, '0'),
                                 std::string("-1"),
                                 std::string("0")}) {
    EXPECT_EQ(Certificate::FromDer(with_serial(bad.c_str())).error().code, Errc::kInvalid) << bad;
  }
}

TEST_F(Chain, DerAndPemRoundTrip) {
  EXPECT_EQ(Certificate::FromDer(leaf.der()).value().key_id(), leaf.key_id());
  EXPECT_EQ(Certificate::FromPem(leaf.Pem()).value().der(), leaf.der());
}

TEST_F(Chain, MalformedCertificatesAreRefused) {
  EXPECT_EQ(Certificate::FromDer(leaf.der() + "x").error().code, Errc::kInvalid);
  EXPECT_EQ(Certificate::FromDer(leaf.der().substr(1)).error().code, Errc::kInvalid);
  EXPECT_EQ(Certificate::FromDer("").error().code, Errc::kInvalid);
  EXPECT_EQ(Certificate::FromPem("").error().code, Errc::kInvalid);
  const std::string at_limit(limits::kCertificateBytesMax, 'x');
  EXPECT_EQ(Certificate::FromDer(at_limit).error().code, Errc::kInvalid);
  EXPECT_EQ(Certificate::FromDer(at_limit + "x").error().code, Errc::kLimit);
}

TEST_F(Chain, HoldsForTheRightUsageAddressAndTime) {
  EXPECT_TRUE(domain.Verify(leaf));
  const Certificate encryption = domain.Issue(key.Public(), Usage::kEncryption).value();
  EXPECT_TRUE(domain.Verify(encryption, Usage::kEncryption));
}

TEST_F(Chain, TheLongestAddressFitsACertificate) {
  const std::string tail = std::string("@") + testing::kDomain;
  std::string name(limits::kAddressBytesMax - tail.size(), 'a');
  name[50] = '.';
  name[100] = '.';
  const auto longest = domain.Issue(key.Public(), Usage::kSigning, name + tail);
  ASSERT_TRUE(longest);
  EXPECT_TRUE(domain.Verify(*longest, Usage::kSigning, name + tail));
  EXPECT_EQ(domain.Issue(key.Public(), Usage::kSigning, "a" + name + tail).error().code,
            Errc::kLimit);
}

TEST_F(Chain, ADomainCannotVouchForAnAddressOfAnother) {
  const std::string foreign = "dinsos.15.71@jambi.example";
  const Certificate stolen = domain.Issue(key.Public(), Usage::kSigning, foreign).value();
  ExpectDenied(domain.Verify(stolen, Usage::kSigning, foreign), "permitted subtree violation");
  const std::string below = "dinsos.18.71@sub.lampung.example";
  const Certificate sub = domain.Issue(key.Public(), Usage::kSigning, below).value();
  ExpectDenied(domain.Verify(sub, Usage::kSigning, below), "permitted subtree violation");
}

TEST_F(Chain, StockOpensslRefusesTheForeignDomainToo) {
  const Certificate stolen =
      domain.Issue(key.Public(), Usage::kSigning, "dinsos.15.71@jambi.example").value();
  const testing::Scratch scratch;
  scratch.Write("root.pem", domain.root.Pem());
  scratch.Write("issuing.pem", domain.issuing.Pem());
  scratch.Write("good.pem", leaf.Pem());
  scratch.Write("stolen.pem", stolen.Pem());
  const std::string verify = "openssl verify -x509_strict -attime " + std::to_string(kNow / 1000) +
                             " -CAfile root.pem -untrusted issuing.pem ";
  const auto good = scratch.Shell(verify + "good.pem");
  EXPECT_EQ(good.status, 0) << good.output;
  const auto bad = scratch.Shell(verify + "stolen.pem");
  EXPECT_NE(bad.status, 0);
  EXPECT_NE(bad.output.find("permitted subtree violation"), std::string::npos) << bad.output;
}

TEST_F(Chain, WrongUsageOrAddressIsDenied) {
  ExpectDenied(domain.Verify(leaf, Usage::kEncryption), "usage");
  ExpectDenied(domain.Verify(leaf, Usage::kSigning, "lpa.18@lampung.example"), "address");
}

TEST_F(Chain, HoldsFromItsFirstSecondToItsLast) {
  const auto at = [this](UnixMillis time) {
    return domain.Verify(leaf, Usage::kSigning, kAgency, time);
  };
  EXPECT_TRUE(at(leaf.not_before()));
  EXPECT_TRUE(at(leaf.not_after() - 1000));
  ExpectDenied(at(leaf.not_before() - 1000), "not yet valid");
  ExpectDenied(at(leaf.not_after() + 1000), "expired");
}

TEST_F(Chain, ATamperedSignatureIsDenied) {
  std::string der = leaf.der();
  der.back() = static_cast<char>(der.back() ^ 1);
  const auto bent = Certificate::FromDer(der);
  ASSERT_TRUE(bent);
  ExpectDenied(domain.Verify(*bent), "signature");
}

TEST_F(Chain, AnotherCaOfTheSameNameIsDenied) {
  const testing::SmallDomain impostor;
  const Certificate forged = impostor.Issue(key.Public(), Usage::kSigning).value();
  EXPECT_EQ(domain.Verify(forged).error().code, Errc::kDenied);
  // Nor with the impostor's own issuing CA under the true root.
  const ChainRequest request{forged, impostor.issuing, domain.root, kNow, Usage::kSigning, kAgency};
  EXPECT_EQ(VerifyChain(request).error().code, Errc::kDenied);
}

TEST_F(Chain, TheRootItselfIssuesNoAgency) {
  const Certificate direct =
      IssueLeaf({domain.root, domain.root_key},
                {key.Public(), kAgency, Usage::kSigning, {kNow, kNow + kDay}})
          .value();
  ExpectDenied(domain.Verify(direct), "not issued by the issuing CA");
}

TEST_F(Chain, AnIssuingCaMakesNoFurtherCa) {
  const PrivateKey sub_key = PrivateKey::Generate();
  const Certificate sub = MakeIssuing({domain.issuing, domain.issuing_key},
                                      sub_key.Public(),
                                      testing::kDomain,
                                      {kNow, kNow + kDay})
                              .value();
  const Certificate below =
      IssueLeaf({sub, sub_key}, {key.Public(), kAgency, Usage::kSigning, {kNow, kNow + kDay}})
          .value();
  EXPECT_EQ(VerifyChain({below, sub, domain.issuing, kNow, Usage::kSigning, kAgency}).error().code,
            Errc::kDenied);
}

}  // namespace
}  // namespace rujukan::certs
