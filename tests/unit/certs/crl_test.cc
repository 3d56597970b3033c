// Goal: a CRL says exactly what its CA revoked, and nothing but a complete, well signed one passes.
// Method: a small domain issues CRLs; bent ones are signed again; openssl(1) judges the same files.
#include "certs/crl.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/limits.h"
#include "tests/unit/certs/bent.h"
#include "tests/unit/certs/scratch.h"
#include "tests/unit/certs/small_domain.h"

namespace rujukan::certs {
namespace {

using testing::BentCertificate;
using testing::BentCrl;
using testing::kDay;
using testing::kDomain;
using testing::kNow;
using testing::Scratch;
using testing::SmallDomain;

struct CrlTest : ::testing::Test {
  SmallDomain domain;
  Issuer issuer{domain.issuing, domain.issuing_key};
  PrivateKey key = PrivateKey::Generate();
  Certificate leaf = domain.Issue(key.Public(), Usage::kSigning).value();

  static CrlDraft Draft(uint64_t number, std::vector<RevokedSerial> revoked) {
    return {number, kNow, kNow + 7 * kDay, std::move(revoked)};
  }
  std::string Revoking(const Certificate& certificate, uint64_t number = 1) const {
    return IssueCrl(issuer, Draft(number, {{certificate.serial(), kNow, 1}})).value();
  }
  std::string Empty(uint64_t number = 1) const {
    return IssueCrl(issuer, Draft(number, {})).value();
  }
  void ExpectRefused(const std::function<void(X509_CRL*)>& bend, const std::string& reason) const {
    const auto crl = Crl::FromDer(BentCrl(Revoking(leaf), domain.issuing_key, bend));
    ASSERT_FALSE(crl) << reason;
    EXPECT_EQ(crl.error().code, Errc::kInvalid);
    EXPECT_NE(crl.error().context.find(reason), std::string::npos) << crl.error().context;
  }
  static void ExpectDenied(const Result<void>& result, const std::string& reason) {
    ASSERT_FALSE(result) << reason;
    EXPECT_EQ(result.error().code, Errc::kDenied);
    EXPECT_NE(result.error().context.find(reason), std::string::npos) << result.error().context;
  }
};

TEST_F(CrlTest, SaysWhoWhenWhichNumberAndWhatIsRevoked) {
  const Crl crl = Crl::FromDer(Revoking(leaf, 7)).value();
  EXPECT_EQ(crl.number(), 7U);
  EXPECT_EQ(crl.this_update(), kNow);
  EXPECT_EQ(crl.next_update(), kNow + 7 * kDay);
  EXPECT_EQ(crl.issuer(), domain.issuing.subject());
  EXPECT_TRUE(crl.IsNamedBy(domain.issuing));
  EXPECT_FALSE(crl.IsNamedBy(domain.root));
  EXPECT_EQ(crl.serials(), std::vector<std::string>{leaf.serial()});
  EXPECT_TRUE(crl.Lists(leaf.serial()));
  EXPECT_FALSE(crl.Lists(domain.issuing.serial()));
  EXPECT_FALSE(crl.Lists(""));
  EXPECT_TRUE(VerifyCrl(crl, domain.issuing));
}

TEST_F(CrlTest, AnEmptyListAndTheLargestNumberAreFine) {
  const Crl crl = Crl::FromDer(Empty(UINT64_MAX)).value();
  EXPECT_EQ(crl.number(), UINT64_MAX);
  EXPECT_TRUE(crl.serials().empty());
  EXPECT_FALSE(crl.Lists(leaf.serial()));
}

TEST_F(CrlTest, SerialsComeSortedAndEveryReasonOfACompleteListWorks) {
  std::vector<RevokedSerial> revoked;
  for (const int reason : {0, 1, 2, 3, 4, 5, 6, 9, 10}) {
    revoked.push_back({std::string(1, static_cast<char>(100 - reason)), kNow, reason});
  }
  revoked.push_back({"\xff\x01", kNow, 0});  // its DER has a zero in front
  const Crl crl = Crl::FromDer(IssueCrl(issuer, Draft(1, revoked)).value()).value();
  EXPECT_EQ(crl.serials().size(), revoked.size());
  EXPECT_TRUE(std::ranges::is_sorted(crl.serials()));
  for (const RevokedSerial& one : revoked) {
    EXPECT_TRUE(crl.Lists(one.serial)) << ToHex(one.serial);
  }
}

TEST_F(CrlTest, AnOlderListStillVerifiesSoItsNumberIsThereToCompare) {
  const Crl older = Crl::FromDer(Empty(1)).value();
  const Crl newer = Crl::FromDer(Revoking(leaf, 2)).value();
  EXPECT_TRUE(VerifyCrl(older, domain.issuing));
  EXPECT_TRUE(VerifyCrl(newer, domain.issuing));
  EXPECT_LT(older.number(), newer.number());
}

TEST_F(CrlTest, AnotherCaOfTheSameNameIsDenied) {
  const SmallDomain impostor;
  const Issuer forger{impostor.issuing, impostor.issuing_key};
  const Crl forged = Crl::FromDer(IssueCrl(forger, Draft(9, {})).value()).value();
  ASSERT_TRUE(forged.IsNamedBy(domain.issuing));
  ExpectDenied(VerifyCrl(forged, domain.issuing), "another key");
  // The forger copies the key identifier too: only the signature is left to tell.
  const std::string copied = BentCrl(Revoking(leaf), impostor.issuing_key, [](X509_CRL*) {});
  ExpectDenied(VerifyCrl(Crl::FromDer(copied).value(), domain.issuing), "not signed");
}

TEST_F(CrlTest, ATamperedListOrAnotherIssuerIsDenied) {
  std::string der = Revoking(leaf);
  const size_t at = der.find(leaf.serial());
  ASSERT_NE(at, std::string::npos);
  der[at + 5] = static_cast<char>(der[at + 5] ^ 1);
  const Crl bent = Crl::FromDer(der).value();
  EXPECT_FALSE(bent.Lists(leaf.serial()));
  ExpectDenied(VerifyCrl(bent, domain.issuing), "not signed");
  ExpectDenied(VerifyCrl(Crl::FromDer(Revoking(leaf)).value(), domain.root), "another issuer");
}

TEST_F(CrlTest, ACaWithoutCrlSignNeitherSignsNorVerifies) {
  const std::string old = BentCertificate(domain.issuing, domain.root_key, [](X509* x509) {
    testing::Replace(x509, NID_key_usage, "critical,keyCertSign");
  });
  const Certificate issuing = Certificate::FromDer(old).value();
  EXPECT_EQ(IssueCrl({issuing, domain.issuing_key}, Draft(1, {})).error().code, Errc::kInvalid);
  ExpectDenied(VerifyCrl(Crl::FromDer(Empty()).value(), issuing), "cRLSign");
}

TEST_F(CrlTest, OnlyACaWithItsOwnKeyIssues) {
  const auto refused = [](const Issuer& by) { return IssueCrl(by, Draft(1, {})).error().code; };
  EXPECT_EQ(refused({domain.issuing, domain.root_key}), Errc::kInvalid);
  EXPECT_EQ(refused({leaf, key}), Errc::kInvalid);
}

TEST_F(CrlTest, ASenselessDraftIsRefused) {
  const auto code = [this](const CrlDraft& draft) { return IssueCrl(issuer, draft).error().code; };
  EXPECT_EQ(code({1, kNow, kNow, {}}), Errc::kInvalid);
  EXPECT_EQ(code({1, kNow, INT64_MAX, {}}), Errc::kInvalid);
  EXPECT_EQ(code(Draft(1, {{"\x01", kNow, 0}, {"\x01", kNow, 1}})), Errc::kInvalid);
  for (const int reason : {-1, 7, 8, 11}) {
    EXPECT_EQ(code(Draft(1, {{"\x01", kNow, reason}})), Errc::kInvalid) << reason;
  }
  EXPECT_EQ(code(Draft(1, {{"", kNow, 0}})), Errc::kInvalid);
  EXPECT_EQ(code(Draft(1, {{std::string("\0\1", 2), kNow, 0}})), Errc::kInvalid);
}

TEST_F(CrlTest, TheLongestSerialNumberIsListedAndALongerOneIsNot) {
  const std::string longest(limits::kSerialBytesMax, '\xff');
  const auto fits = IssueCrl(issuer, Draft(1, {{longest, kNow, 0}}));
  EXPECT_TRUE(Crl::FromDer(fits.value()).value().Lists(longest));
  EXPECT_EQ(IssueCrl(issuer, Draft(1, {{longest + "x", kNow, 0}})).error().code, Errc::kInvalid);
}

// Full entries, then three of which as many grow as it takes to give the list this many bytes. The
// length of an ECDSA signature varies by a byte or two, so each is made until it fits.
std::string CrlOfSize(const Issuer& issuer, size_t size) {
  constexpr size_t kFullEntryBytes = 2 + 2 + limits::kSerialBytesMax + 15;
  CrlDraft draft{1, kNow, kNow + kDay, {}};
  const size_t empty = IssueCrl(issuer, draft).value().size();
  for (uint32_t i = 0; i < (size - empty - 70) / kFullEntryBytes; ++i) {
    std::string serial(limits::kSerialBytesMax - 4, '\x01');
    AppendBigEndian32(i, serial);
    draft.revoked.push_back({serial, kNow, 0});
  }
  for (const char* serial : {"\x02", "\x03", "\x04"}) {
    draft.revoked.push_back({serial, kNow, 0});
  }
  for (size_t grown = draft.revoked.size() - 3; grown < draft.revoked.size();) {
    for (int attempt = 0; attempt < 12; ++attempt) {
      const auto crl = IssueCrl(issuer, draft);
      if (crl && crl->size() == size) {
        return *crl;
      }
      if (crl && crl->size() + 4 < size) {
        break;
      }
    }
    std::string& serial = draft.revoked[grown].serial;
    serial += '\x05';
    if (serial.size() == limits::kSerialBytesMax) {
      ++grown;
    }
  }
  return {};
}

TEST_F(CrlTest, OfTheLargestSizeIsReadAndOneByteMoreIsNot) {
  const std::string largest = CrlOfSize(issuer, limits::kCrlBytesMax);
  ASSERT_EQ(largest.size(), limits::kCrlBytesMax);
  const auto crl = Crl::FromDer(largest);
  ASSERT_TRUE(crl) << crl.error().context;
  EXPECT_GT(crl->serials().size(), 1000U);
  EXPECT_TRUE(VerifyCrl(*crl, domain.issuing));
  EXPECT_EQ(Crl::FromDer(largest + "x").error().code, Errc::kLimit);
}

TEST_F(CrlTest, NoMoreIsIssuedThanCanBePublished) {
  std::vector<RevokedSerial> revoked;
  for (uint32_t i = 0; i < 900; ++i) {  // as many of our own certificates as limits.h promises
    std::string serial(12, '\x41');
    AppendBigEndian32(i, serial);
    revoked.push_back({serial, kNow, 1});
  }
  EXPECT_TRUE(Crl::FromDer(IssueCrl(issuer, Draft(1, revoked)).value()));
  for (uint32_t i = 0; i < 200; ++i) {
    std::string serial(12, '\x42');
    AppendBigEndian32(i, serial);
    revoked.push_back({serial, kNow, 1});
  }
  EXPECT_EQ(IssueCrl(issuer, Draft(1, revoked)).error().code, Errc::kLimit);
}

TEST_F(CrlTest, MalformedListsAreRefused) {
  const std::string der = Revoking(leaf);
  EXPECT_EQ(Crl::FromDer(der + "x").error().code, Errc::kInvalid);
  EXPECT_EQ(Crl::FromDer(der.substr(1)).error().code, Errc::kInvalid);
  EXPECT_EQ(Crl::FromDer(der.substr(0, der.size() - 1)).error().code, Errc::kInvalid);
  EXPECT_EQ(Crl::FromDer("").error().code, Errc::kInvalid);
  EXPECT_EQ(Crl::FromDer(leaf.der()).error().code, Errc::kInvalid);
}

TEST_F(CrlTest, AListForAPartOfTheCertificatesIsRefused) {
  const auto extended = [](int nid, const char* value) {
    return [nid, value](X509_CRL* crl) { testing::Extend(crl, nid, value); };
  };
  ExpectRefused(extended(NID_delta_crl, "critical,DER:020101"), "delta");
  ExpectRefused(extended(NID_issuing_distribution_point, "critical,indirectCRL:TRUE"), "indirect");
  ExpectRefused(extended(NID_issuing_distribution_point, "critical,onlyCA:TRUE"), "a part of");
  ExpectRefused(extended(NID_private_key_usage_period, "critical,DER:0500"), "critical");
}

TEST_F(CrlTest, AListWithoutItsNumberOrNextUpdateIsRefused) {
  const auto drop_number = [](X509_CRL* crl) {
    const ExtensionPtr dropped(
        X509_CRL_delete_ext(crl, X509_CRL_get_ext_by_NID(crl, NID_crl_number, -1)));
  };
  ExpectRefused(drop_number, "cRLNumber");
  ExpectRefused(
      [&](X509_CRL* crl) {
        drop_number(crl);
        testing::Extend(crl, NID_crl_number, "DER:0209010000000000000000");  // 2^64
      },
      "64 bits");
  ExpectRefused([](X509_CRL* crl) { testing::Extend(crl, NID_crl_number, "DER:020102"); },
                "one cRLNumber");
  ExpectRefused(
      [](X509_CRL* crl) {
        const OpensslPtr<ASN1_TIME, ASN1_TIME_free> early(ASN1_TIME_set(nullptr, 0));
        X509_CRL_set1_nextUpdate(crl, early.get());
      },
      "nextUpdate");
  ExpectRefused([](X509_CRL* crl) { X509_CRL_set_version(crl, X509_CRL_VERSION_1); }, "version");
}

// No function of OpenSSL takes nextUpdate away, so its 15 bytes are cut out, and the lengths of the
// two sequences around it shrink. A few entries keep both in the form 0x30 0x82 high low.
TEST_F(CrlTest, AListWithoutNextUpdateIsRefused) {
  CrlDraft draft = Draft(1, {});
  for (char serial = 1; serial < 20; ++serial) {
    draft.revoked.push_back({std::string(1, serial), kNow - kDay, 1});
  }
  std::string der = IssueCrl(issuer, draft).value();
  ASSERT_TRUE(Crl::FromDer(der));
  const size_t next = der.find("251129000000Z");
  ASSERT_EQ(next, der.find("251122000000Z") + 15);
  der.erase(next - 2, 15);
  for (const size_t at : {0U, 4U}) {
    ASSERT_EQ(der.substr(at, 2), "\x30\x82");
    std::string length;
    AppendBigEndian16(static_cast<uint16_t>(ReadBigEndian16(der.substr(at + 2, 2)) - 15), length);
    der.replace(at + 2, 2, length);
  }
  const auto crl = Crl::FromDer(der);
  ASSERT_FALSE(crl);
  EXPECT_NE(crl.error().context.find("nextUpdate is missing"), std::string::npos)
      << crl.error().context;
}

TEST_F(CrlTest, EntriesOfDeltaOrIndirectListsAreRefused) {
  const auto entry = [](X509_CRL* crl) {
    return sk_X509_REVOKED_value(X509_CRL_get_REVOKED(crl), 0);
  };
  ExpectRefused(
      [&](X509_CRL* crl) {
        const OpensslPtr<ASN1_ENUMERATED, ASN1_ENUMERATED_free> code(ASN1_ENUMERATED_new());
        ASN1_ENUMERATED_set(code.get(), CRL_REASON_REMOVE_FROM_CRL);
        X509_REVOKED_add1_ext_i2d(entry(crl), NID_crl_reason, code.get(), 0, X509V3_ADD_REPLACE);
      },
      "removeFromCRL");
  const auto extended = [&entry](int nid, const char* value) {
    return [&entry, nid, value](X509_CRL* crl) {
      const ExtensionPtr other(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
      CHECK(X509_REVOKED_add_ext(entry(crl), other.get(), -1) == 1);
    };
  };
  constexpr char kDnsName[] = "critical,DER:300B8209782E6578616D706C65";  // x.example
  ExpectRefused(extended(NID_certificate_issuer, kDnsName), "another CA");
  ExpectRefused(extended(NID_basic_constraints, "critical,CA:FALSE"), "critical");
}

TEST_F(CrlTest, AListSignedWithSha1IsRefused) {
  const std::string weak = BentCrl(
      Revoking(leaf), domain.issuing_key, [](X509_CRL*) {}, EVP_sha1());
  EXPECT_EQ(Crl::FromDer(weak).error().code, Errc::kInvalid);
}

TEST_F(CrlTest, StockOpensslReadsVerifiesAndObeysIt) {
  const Scratch scratch;
  const Certificate other = domain.Issue(key.Public(), Usage::kSigning).value();
  scratch.Write("root.pem", domain.root.Pem());
  scratch.Write("issuing.pem", domain.issuing.Pem());
  scratch.Write("revoked.pem", leaf.Pem());
  scratch.Write("good.pem", other.Pem());
  scratch.Write("crl.der", Revoking(leaf, 7));
  const auto text = scratch.Shell(
      "openssl crl -inform DER -in crl.der -out crl.pem -CAfile issuing.pem -verify -text");
  EXPECT_EQ(text.status, 0) << text.output;
  EXPECT_NE(text.output.find("verify OK"), std::string::npos) << text.output;
  EXPECT_EQ(scratch.Shell("openssl crl -in crl.pem -noout -crlnumber").output, "crlNumber=0x07\n");
  const std::string verify = "openssl verify -x509_strict -crl_check -CRLfile crl.pem -attime " +
                             std::to_string(kNow / 1000) +
                             " -CAfile root.pem -untrusted issuing.pem ";
  const auto good = scratch.Shell(verify + "good.pem");
  EXPECT_EQ(good.status, 0) << good.output;
  const auto revoked = scratch.Shell(verify + "revoked.pem");
  EXPECT_NE(revoked.status, 0);
  EXPECT_NE(revoked.output.find("certificate revoked"), std::string::npos) << revoked.output;
}

TEST_F(CrlTest, TheRootListsAnIssuingCa) {
  const Issuer root{domain.root, domain.root_key};
  const auto crl =
      Crl::FromDer(IssueCrl(root, Draft(1, {{domain.issuing.serial(), kNow, 2}})).value());
  EXPECT_TRUE(VerifyCrl(crl.value(), domain.root));
  EXPECT_TRUE(crl->Lists(domain.issuing.serial()));
}

}  // namespace
}  // namespace rujukan::certs
