// Goal: a CA outside the domain is trusted, listed, kept current and dropped by the commands, and a
// list that is old, forged or of somebody else is refused before it is sent. Method: command lines
// over a broker in memory; the outside CA is made here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "agents/admin/governing.h"
#include "agents/admin/input_file.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "certs/crl.h"
#include "certs/issue.h"
#include "ledger/records.h"
#include "tests/unit/admin/founded_domain.h"
#include "tests/unit/admin/members.h"

namespace rujukan::admin {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;
using testing::kFounded;
using testing::kOneDay;

struct OutsideCa {
  certs::PrivateKey root_key = certs::PrivateKey::Generate();
  certs::PrivateKey key = certs::PrivateKey::Generate();
  certs::Certificate root =
      certs::MakeRoot(
          root_key, "instansi.contoh.test", {kFounded - kOneDay, kFounded + 400 * kOneDay})
          .value();
  certs::Certificate issuing = certs::MakeIssuing({root, root_key},
                                                  key.Public(),
                                                  "instansi.contoh.test",
                                                  {kFounded - kOneDay, kFounded + 300 * kOneDay})
                                   .value();

  std::string Crl(uint64_t number, UnixMillis from = kFounded - kOneDay, int days = 30) const {
    return certs::IssueCrl({issuing, key}, {number, from, from + days * kOneDay, {}}).value();
  }
};

class AnchorCommands : public testing::FoundedDomain {
 protected:
  AnchorCommands() : FoundedDomain({AddAnchorCommands}) {
    Write("root.pem", ca.root.Pem());
    Write("root.der", ca.root.der());
    Write("issuing.pem", ca.issuing.Pem());
  }
  std::string Write(const std::string& name, const std::string& bytes) const {
    std::ofstream(root + "/" + name, std::ios::binary) << bytes;
    return root + "/" + name;
  }
  Output Publish(const std::string& crl, std::vector<std::string> more = {}) {
    std::vector<std::string> words = {
        "anchor", "crl", Write("list.crl", crl), "--issuer", root + "/issuing.pem"};
    words.insert(words.end(), more.begin(), more.end());
    return Run(words);
  }

  OutsideCa ca;
};

TEST_F(AnchorCommands, ACaIsTrustedFromPemOrDerAndListedWithItsFacts) {
  EXPECT_EQ(Run({"anchor", "add", "BSrE", root + "/root.pem"}).exit_code, kExitOk);
  const Json anchors = Answer({"anchors"});
  ASSERT_EQ(anchors.size(), 1u);
  EXPECT_EQ(anchors[0]["name"], "BSrE");
  EXPECT_EQ(anchors[0]["sha256"], ToHex(ca.root.key_id().view()));
  EXPECT_THAT(anchors[0]["not_after"].get<std::string>(),
              HasSubstr(FormatTime(ca.root.not_after()).substr(0, 10)));
  EXPECT_TRUE(anchors[0]["crl_number"].is_null());
  const Output again = Run({"anchor", "add", "lagi", root + "/root.der"});
  EXPECT_EQ(again.exit_code, kExitFailed);
  EXPECT_THAT(again.error, HasSubstr("an anchor already"));
}

TEST_F(AnchorCommands, WhatIsNoCaOrHasEndedIsNotTrusted) {
  const auto key = certs::PrivateKey::Generate();
  const auto leaf = certs::IssueLeaf({ca.issuing, ca.key},
                                     {key.Public(),
                                      "a.b@instansi.contoh.test",
                                      certs::Usage::kSigning,
                                      {kFounded - kOneDay, kFounded + kOneDay}});
  EXPECT_EQ(Run({"anchor", "add", "x", Write("leaf.pem", leaf->Pem())}).exit_code, kExitFailed);
  EXPECT_THAT(Run({"anchor", "add", "x", Write("no.pem", "-----BEGIN X509 CRL-----\n")}).error,
              HasSubstr("no whole block"));
  EXPECT_THAT(Run({"anchor", "add", "x", root + "/none.pem"}).error, HasSubstr("cannot be read"));
  clock.now += 401 * kOneDay;
  EXPECT_THAT(Run({"anchor", "add", "x", root + "/root.pem"}).error, HasSubstr("ended on"));
}

TEST_F(AnchorCommands, ACrlIsPublishedBelowTheAnchorThatIssuedItsCa) {
  ASSERT_EQ(Run({"anchor", "add", "BSrE", root + "/root.pem"}).exit_code, kExitOk);
  EXPECT_EQ(Publish(ca.Crl(7)).exit_code, kExitOk);
  const Json anchors = Answer({"anchors"});
  EXPECT_EQ(anchors[0]["crl_number"], 7);
  const Output older = Publish(ca.Crl(7));
  EXPECT_EQ(older.exit_code, kExitFailed);
  EXPECT_THAT(older.error, HasSubstr("the ledger has 7"));
  EXPECT_EQ(Publish(ca.Crl(8), {"--anchor", "BSrE"}).exit_code, kExitOk);
  EXPECT_THAT(Publish(ca.Crl(9), {"--anchor", "lain"}).error, HasSubstr("no certification"));
}

TEST_F(AnchorCommands, AnOldOrForgedCrlOrOneOfAStrangerIsRefusedHere) {
  EXPECT_THAT(Publish(ca.Crl(1)).error, HasSubstr("no trusted CA"));
  ASSERT_EQ(Run({"anchor", "add", "BSrE", root + "/root.pem"}).exit_code, kExitOk);
  EXPECT_THAT(Publish(ca.Crl(1, kFounded - 31 * kOneDay)).error,
              HasSubstr("fetch the present one"));
  const OutsideCa stranger;  // of the same names
  EXPECT_EQ(Publish(stranger.Crl(1)).exit_code, kExitFailed);
  EXPECT_EQ(Publish("no crl at all").exit_code, kExitFailed);
  EXPECT_TRUE(Answer({"anchors"})[0]["crl_number"].is_null());
}

TEST_F(AnchorCommands, ARemovedCaIsGoneAndCannotBeRemovedTwice) {
  ASSERT_EQ(Run({"anchor", "add", "BSrE", root + "/root.pem"}).exit_code, kExitOk);
  EXPECT_EQ(Run({"anchor", "remove", "BSrE"}).exit_code, kExitUsage);  // no note
  const std::string id = ToHex(ca.root.key_id().view()).substr(0, 8);
  EXPECT_EQ(Run({"anchor", "remove", id, "--note", "diganti"}).exit_code, kExitOk);
  EXPECT_EQ(Answer({"anchors"}).size(), 0u);
  EXPECT_THAT(Run({"anchor", "remove", "BSrE", "--note", "lagi"}).error, HasSubstr("anchors"));
}

TEST(InputFile, PemIsFoundInsideTextAndDerIsLeftAsItIs) {
  EXPECT_EQ(*DerOf("before\n-----BEGIN X509 CRL-----\nAQID\n-----END X509 CRL-----\n", "X509 CRL"),
            "\x01\x02\x03");
  EXPECT_EQ(*DerOf("\x30\x03zzz", "CERTIFICATE"), "\x30\x03zzz");
  EXPECT_FALSE(DerOf("-----BEGIN X509 CRL-----\nA!\n-----END X509 CRL-----", "X509 CRL"));
  EXPECT_FALSE(DerOf("-----BEGIN X509 CRL-----\nAQID\n", "X509 CRL"));
  EXPECT_FALSE(DerOf("-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----", "X509 CRL"));
}

}  // namespace
}  // namespace rujukan::admin
