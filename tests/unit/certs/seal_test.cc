// Goal: what is sealed opens for its recipients alone, in stock OpenSSL too, and tells nobody else
// anything but a padded length.
// Method: round trips, bent bytes, foreign keys, openssl(1) both ways, sizes at and past the limit.
#include "certs/seal.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/limits.h"
#include "certs/hash.h"
#include "certs/padme.h"
#include "tests/unit/certs/scratch.h"
#include "tests/unit/certs/small_domain.h"

namespace rujukan::certs {
namespace {

using testing::Reader;
using testing::Scratch;
using testing::SmallDomain;

constexpr char kContent[] = "Anak perempuan, 9 tahun, ditemukan di pelabuhan.";

struct Sealing : ::testing::Test {
  SmallDomain domain;
  Reader first{domain};
  Reader second{domain, "lpa.18@lampung.example"};
  Reader stranger{domain, "polres.18@lampung.example"};
  std::vector<Certificate> both{first.certificate, second.certificate};

  static Errc OpenError(std::string_view ciphertext, const Reader& reader) {
    const auto opened = Open(ciphertext, reader.certificate, reader.key);
    return opened ? Errc::kFatal : opened.error().code;
  }
};

TEST_F(Sealing, EveryRecipientOpensIt) {
  const Sealed sealed = Seal(kContent, both).value();
  for (const Reader* reader : {&first, &second}) {
    const auto opened = Open(sealed.ciphertext, reader->certificate, reader->key);
    ASSERT_TRUE(opened) << opened.error().ToString();
    EXPECT_EQ(opened->content, kContent);
    EXPECT_EQ(opened->commitment, sealed.commitment);
  }
  EXPECT_EQ(sealed.digest, Sha256(sealed.ciphertext));
  EXPECT_EQ(sealed.ciphertext.find("pelabuhan"), std::string::npos);
}

TEST_F(Sealing, NobodyElseDoes) {
  const Sealed sealed = Seal(kContent, both).value();
  EXPECT_EQ(OpenError(sealed.ciphertext, stranger), Errc::kDenied);
  const auto wrong_key = Open(sealed.ciphertext, first.certificate, stranger.key);
  ASSERT_FALSE(wrong_key);
  EXPECT_EQ(wrong_key.error().code, Errc::kDenied);
}

TEST_F(Sealing, TheSameContentNeverLooksTheSame) {
  const Sealed once = Seal(kContent, both).value();
  const Sealed again = Seal(kContent, both).value();
  EXPECT_NE(once.ciphertext, again.ciphertext);
  EXPECT_NE(once.commitment, again.commitment);
}

TEST_F(Sealing, TamperedCiphertextYieldsNoPlaintext) {
  const std::string good = Seal(kContent, {&first.certificate, 1}).value().ciphertext;
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bent = good;
    bent[i] = static_cast<char>(bent[i] ^ 0x10);
    const auto opened = Open(bent, first.certificate, first.key);
    ASSERT_FALSE(opened && opened->content != kContent) << "byte " << i;
  }
  std::string bent = good;
  bent.back() = static_cast<char>(bent.back() ^ 1);  // the tag is last
  EXPECT_EQ(OpenError(bent, first), Errc::kCorrupt);
}

TEST_F(Sealing, CutOrExtendedCiphertextIsInvalid) {
  const std::string good = Seal(kContent, both).value().ciphertext;
  EXPECT_EQ(OpenError(good.substr(0, good.size() - 1), first), Errc::kInvalid);
  EXPECT_EQ(OpenError(good + "x", first), Errc::kInvalid);
  EXPECT_EQ(OpenError("", first), Errc::kInvalid);
}

TEST_F(Sealing, StockOpensslOpensIt) {
  const Scratch scratch;
  scratch.Write("m.der", Seal(kContent, both).value().ciphertext);
  scratch.Write("cert.pem", second.certificate.Pem());
  scratch.Write("key.pem", second.key.ToPem(""));
  const auto run = scratch.Shell(
      "openssl cms -decrypt -inform DER -in m.der -recip cert.pem -inkey key.pem -binary -out p");
  ASSERT_EQ(run.status, 0) << run.output;
  const std::string framed = scratch.Read("p");
  EXPECT_EQ(UnframeContent(framed).value(), kContent);
  EXPECT_EQ(framed.size(), PadmeLength(framed.size()));
  const std::string shape =
      scratch.Shell("openssl cms -cmsout -print -noout -inform DER -in m.der").output;
  EXPECT_NE(shape.find("dhSinglePass-stdDH-sha256kdf-scheme"), std::string::npos);
  EXPECT_NE(shape.find("aes-256-gcm"), std::string::npos);
  EXPECT_NE(shape.find("authEnvelopedData"), std::string::npos);
}

// What openssl(1) seals `framed` into, with the given cipher.
std::string StockSeal(const Scratch& scratch,
                      const Reader& reader,
                      std::string_view framed,
                      const std::string& cipher = "-aes-256-gcm") {
  scratch.Write("plain", framed);
  scratch.Write("cert.pem", reader.certificate.Pem());
  const auto run = scratch.Shell("openssl cms -encrypt " + cipher +
                                 " -binary -in plain -outform DER -out sealed -recip cert.pem "
                                 "-keyopt ecdh_kdf_md:sha256");
  EXPECT_EQ(run.status, 0) << run.output;
  return scratch.Read("sealed");
}

TEST_F(Sealing, WeOpenWhatStockOpensslSeals) {
  const Scratch scratch;
  const std::string framed = FrameContent(std::string(kSaltSize, 's'), kContent);
  const auto opened = Open(StockSeal(scratch, first, framed), first.certificate, first.key);
  ASSERT_TRUE(opened) << opened.error().ToString();
  EXPECT_EQ(opened->content, kContent);
  EXPECT_EQ(opened->commitment, Sha256(framed));
}

TEST_F(Sealing, AnotherCipherIsInvalid) {
  const Scratch scratch;
  const std::string framed = FrameContent(std::string(kSaltSize, 's'), kContent);
  EXPECT_EQ(OpenError(StockSeal(scratch, first, framed, "-aes-128-gcm"), first), Errc::kInvalid);
  EXPECT_EQ(OpenError(StockSeal(scratch, first, framed, "-aes-256-cbc"), first), Errc::kInvalid);
}

TEST_F(Sealing, CiphertextOfExactlyTheLimitOpensAndOneByteMoreDoesNot) {
  const Scratch scratch;
  std::string framed = FrameContent(std::string(kSaltSize, 's'), kContent);
  framed.resize(limits::kContentBytesMax - 1024, '\0');
  const size_t overhead = StockSeal(scratch, first, framed).size() - framed.size();
  framed.resize(limits::kContentBytesMax - overhead, '\0');
  const std::string at_limit = StockSeal(scratch, first, framed);
  ASSERT_EQ(at_limit.size(), limits::kContentBytesMax);
  EXPECT_EQ(Open(at_limit, first.certificate, first.key).value().content, kContent);
  framed.push_back('\0');
  const std::string over = StockSeal(scratch, first, framed);
  ASSERT_EQ(over.size(), limits::kContentBytesMax + 1);
  EXPECT_EQ(OpenError(over, first), Errc::kLimit);
}

TEST_F(Sealing, ContentPastTheLargestIsRefusedWithALimit) {
  size_t fits = 0;
  size_t over = limits::kContentBytesMax + 1;
  while (over - fits > 1) {
    const size_t middle = std::midpoint(fits, over);
    (Seal(std::string(middle, 'x'), both) ? fits : over) = middle;
  }
  EXPECT_GT(fits, limits::kContentBytesMax * 9 / 10);
  EXPECT_LE(Seal(std::string(fits, 'x'), both).value().ciphertext.size(), limits::kContentBytesMax);
  EXPECT_EQ(Seal(std::string(fits + 1, 'x'), both).error().code, Errc::kLimit);
  EXPECT_EQ(Seal(std::string(limits::kContentBytesMax + 1, 'x'), both).error().code, Errc::kLimit);
}

TEST_F(Sealing, EmptyContentIsContent) {
  const Sealed sealed = Seal("", both).value();
  EXPECT_EQ(Open(sealed.ciphertext, first.certificate, first.key).value().content, "");
}

TEST_F(Sealing, SixtyFourRecipientsFitAndOneMoreIsRefused) {
  std::vector<Certificate> many(limits::kRecipientKeysMax, second.certificate);
  many.back() = first.certificate;
  const Sealed sealed = Seal(kContent, many).value();
  EXPECT_EQ(Open(sealed.ciphertext, first.certificate, first.key).value().content, kContent);
  many.push_back(second.certificate);
  EXPECT_EQ(Seal(kContent, many).error().code, Errc::kLimit);
  EXPECT_EQ(Seal(kContent, {}).error().code, Errc::kInvalid);
}

TEST_F(Sealing, ASigningCertificateIsNoRecipient) {
  const Certificate signing = domain.Issue(first.key.Public(), Usage::kSigning).value();
  EXPECT_EQ(Seal(kContent, {&signing, 1}).error().code, Errc::kInvalid);
}

TEST_F(Sealing, ContentsOfNearLengthsLookEquallyLong) {
  const size_t length = Seal(std::string(1000, 'x'), both).value().ciphertext.size();
  EXPECT_EQ(Seal(std::string(1010, 'x'), both).value().ciphertext.size(), length);
}

}  // namespace
}  // namespace rujukan::certs
