// Goal: only sound certificates and requests come out or get in.
// Method: bad arguments to the makers; requests by us, by openssl(1), and tampered.
#include "certs/issue.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "tests/unit/certs/scratch.h"
#include "tests/unit/certs/small_domain.h"

namespace rujukan::certs {
namespace {

using testing::kAgency;
using testing::kDay;
using testing::kDomain;
using testing::kNow;
using testing::SmallDomain;

constexpr Validity kYear{kNow, kNow + 365 * kDay};

TEST(Issue, ADomainMustBeADomain) {
  const PrivateKey key = PrivateKey::Generate();
  for (const char* domain : {"", "lampung", "Lampung.example", "a.b,email:x.y", "a..b"}) {
    EXPECT_EQ(MakeRoot(key, domain, kYear).error().code, Errc::kInvalid) << domain;
  }
}

TEST(Issue, ValidityMustRunForwardAndWithinTheCa) {
  const SmallDomain domain;
  const PrivateKey key = PrivateKey::Generate();
  const auto issue = [&](Validity validity) {
    return domain.Issue(key.Public(), Usage::kSigning, kAgency, validity);
  };
  EXPECT_EQ(issue({kNow, kNow}).error().code, Errc::kInvalid);
  EXPECT_TRUE(issue({kNow, domain.issuing.not_after()}));
  EXPECT_EQ(issue({kNow, domain.issuing.not_after() + 1000}).error().code, Errc::kInvalid);
}

TEST(Issue, OnlyACaWithItsOwnKeyIssues) {
  const SmallDomain domain;
  const PrivateKey key = PrivateKey::Generate();
  const LeafRequest request{key.Public(), kAgency, Usage::kSigning, kYear};
  EXPECT_EQ(IssueLeaf({domain.issuing, domain.root_key}, request).error().code, Errc::kInvalid);
  const Certificate leaf = domain.Issue(key.Public(), Usage::kSigning).value();
  EXPECT_EQ(IssueLeaf({leaf, key}, request).error().code, Errc::kInvalid);
}

TEST(Issue, ALeafIsForSigningOrEncryptionAtAnAddress) {
  const SmallDomain domain;
  const PublicKey key = PrivateKey::Generate().Public();
  EXPECT_EQ(domain.Issue(key, Usage::kAuthority).error().code, Errc::kInvalid);
  EXPECT_EQ(domain.Issue(key, Usage::kSigning, "no-address").error().code, Errc::kInvalid);
}

TEST(Issue, NoTwoCertificatesShareASerialNumber) {
  const SmallDomain domain;
  const PublicKey key = PrivateKey::Generate().Public();
  EXPECT_NE(domain.Issue(key, Usage::kSigning).value().key_id(),
            domain.Issue(key, Usage::kSigning).value().key_id());
}

TEST(Csr, RoundTripsKeyAndAddress) {
  const PrivateKey key = PrivateKey::Generate();
  const auto csr = ParseCsr(MakeCsr(key, kAgency));
  ASSERT_TRUE(csr);
  EXPECT_EQ(csr->address, kAgency);
  EXPECT_EQ(csr->key.Spki(), key.Public().Spki());
}

TEST(Csr, ATamperedRequestIsDenied) {
  std::string der = MakeCsr(PrivateKey::Generate(), kAgency);
  const size_t at = der.find("dinsos.18.71");
  ASSERT_NE(at, std::string::npos);
  der[at + 11] = '2';
  EXPECT_EQ(ParseCsr(der).error().code, Errc::kDenied);
}

TEST(Csr, MalformedRequestsAreRefused) {
  const std::string der = MakeCsr(PrivateKey::Generate(), kAgency);
  EXPECT_EQ(ParseCsr(der + "x").error().code, Errc::kInvalid);
  EXPECT_EQ(ParseCsr("").error().code, Errc::kInvalid);
  EXPECT_EQ(ParseCsr(std::string(limits::kCsrBytesMax, 'x')).error().code, Errc::kInvalid);
  EXPECT_EQ(ParseCsr(std::string(limits::kCsrBytesMax + 1, 'x')).error().code, Errc::kLimit);
  EXPECT_EQ(ParseCsr(MakeCsr(PrivateKey::Generate(), "no-address")).error().code, Errc::kInvalid);
}

TEST(Csr, OnlyOneMailNameOnP256Passes) {
  const testing::Scratch scratch;
  const auto request = [&scratch](const std::string& curve, const std::string& extension) {
    const auto run = scratch.Shell(
        "openssl req -new -subj /CN=x -nodes -newkey ec -pkeyopt "
        "ec_paramgen_curve:" +
        curve + " -keyout k.pem -outform DER -out r.der " + extension);
    EXPECT_EQ(run.status, 0) << run.output;
    return ParseCsr(scratch.Read("r.der"));
  };
  const std::string good = "-addext subjectAltName=email:lpa.18@lampung.example";
  EXPECT_EQ(request("P-256", good).value().address, "lpa.18@lampung.example");
  EXPECT_EQ(request("P-384", good).error().code, Errc::kInvalid);
  EXPECT_EQ(request("P-256", "").error().code, Errc::kInvalid);
  EXPECT_EQ(request("P-256", good + ",email:b@lampung.example").error().code, Errc::kInvalid);
  EXPECT_EQ(request("P-256", "-addext subjectAltName=DNS:lampung.example").error().code,
            Errc::kInvalid);
}

}  // namespace
}  // namespace rujukan::certs
