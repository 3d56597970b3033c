// Goal: a leg follows what its two sides have signed, whatever the order in which the proofs of it
// arrive, and follows nobody else; the second stage leaves exactly when it shall.
// Method: two parties over a real ledger in memory; the test is the network and may lie.
#include <gtest/gtest.h>

#include <fstream>

#include "certs/batch.h"
#include "certs/random.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

class LegTrustTest : public ::testing::Test {
 protected:
  LegTrustTest()
      : police_(world_, "uppa.18.01"), office_(world_, "dinsos.18"), stranger_(world_, "lpa.31") {
    police_.FollowDirectory();
    office_.FollowDirectory();
    stranger_.FollowDirectory();
  }

  // Police's referral as entry and at the office, machine receipt recorded; police learns nothing.
  void ReferInSilence() {
    std::ifstream file(std::string(RUJUKAN_SOURCE_DIR) +
                       "/tests/vectors/content/valid/referral_with_held_t2.json");
    const auto reply = police_.Call("POST", "/v1/messages", Json::parse(file)["request"].dump());
    ASSERT_EQ(reply.status, 202) << reply.body;
    leg_ = Json::parse(reply.body)["leg_id"];
    referral_ = police_.TakeOutbox().at(0);
    index_ = police_.Accept(referral_, /*tell=*/false);
    const auto taken = office_.Take(police_.DeliveryOf(referral_, index_));
    office_.Accept(taken.receipts.at(0));
  }

  // The office's acceptance, as the broker delivers it.
  link::Delivered Acceptance() {
    const Json body = {
        {"isi",
         {{"pekerja", {{"peran", "peksos"}, {"nama", "Wulan"}}}, {"rencana_kontak", "kini"}}}};
    EXPECT_EQ(office_.Call("POST", "/v1/legs/" + leg_ + "/accept", body.dump()).status, 202);
    const auto submission = office_.TakeOutbox().at(0);
    return office_.DeliveryOf(submission, office_.Accept(submission));
  }

  // What a lying broker could make of `delivered`: a header of `from` under its key's name, signed
  // with another's key when `signer` is not the same.
  link::Delivered Forge(link::Delivered delivered, Party& from, Party& signer) {
    v1::Header header;
    header.ParseFromString(delivered.envelope.header());
    header.set_from(from.config_.address);
    header.set_message_id(certs::NewMessageId(world_.now()).str());
    delivered.envelope.set_header(header.SerializeAsString());
    const std::vector<std::string> statements = {delivered.envelope.header()};
    *delivered.envelope.mutable_signature() = certs::SignBatch(signer.member_.signing_key,
                                                               from.identity().signing_key().id,
                                                               certs::kHeaderContext,
                                                               statements)[0];
    return delivered;
  }

  // Taken, and our machine receipt is in the ledger: nothing else holds the leg back.
  void TakeAtPolice(const link::Delivered& delivered) {
    police_.Tell(police_.Take(delivered).receipts.at(0), index_);
  }

  std::string StateAtPolice() { return police_.Get("/v1/legs/" + leg_)["state"]; }
  bool IdentityLeaves() { return !police_.TakeOutbox().empty(); }

  testing::World world_;
  Party police_;
  Party office_;
  Party stranger_;
  std::string leg_;
  link::Submission referral_;
  LogIndex index_ = 0;
};

TEST_F(LegTrustTest, AnAcceptanceThatOvertakesOurReceiptReleasesIdentityOnceTheReceiptIsHere) {
  ReferInSilence();
  const auto acceptance = Acceptance();
  police_.Reopen();  // the link was lost before the receipt came
  TakeAtPolice(acceptance);
  police_.Tell(referral_, index_);
  EXPECT_EQ(StateAtPolice(), "DITERIMA");
  const auto released = police_.TakeOutbox();
  ASSERT_EQ(released.size(), 1U);
  office_.Take(police_.DeliveryOf(released[0], police_.Accept(released[0])));
  EXPECT_NE(office_.Get("/v1/legs/" + leg_).dump().find("Melati"), std::string::npos);
  TakeAtPolice(acceptance);
  EXPECT_FALSE(IdentityLeaves());  // once
}

TEST_F(LegTrustTest, AnAcceptanceThatThePeerDidNotSignMovesNothing) {
  ReferInSilence();
  police_.Tell(referral_, index_);
  TakeAtPolice(Forge(Acceptance(), office_, stranger_));
  EXPECT_EQ(police_.Get("/v1/inbox")["messages"][0]["outcome"], "BAD_SIGNATURE");
  EXPECT_EQ(StateAtPolice(), "TERKIRIM");
  EXPECT_FALSE(IdentityLeaves());
}

TEST_F(LegTrustTest, AnAcceptanceOfAnotherAgencyMovesNothing) {
  ReferInSilence();
  police_.Tell(referral_, index_);
  TakeAtPolice(Forge(Acceptance(), stranger_, stranger_));
  EXPECT_EQ(police_.Get("/v1/inbox")["messages"][0]["outcome"], "DELIVERED");
  EXPECT_EQ(StateAtPolice(), "TERKIRIM");
  EXPECT_FALSE(IdentityLeaves());
}

TEST_F(LegTrustTest, AnAcceptanceThatWeCannotOpenKeepsIdentityHere) {
  ReferInSilence();
  police_.Tell(referral_, index_);
  auto acceptance = Acceptance();
  acceptance.envelope.mutable_content()->back() ^= 1;
  TakeAtPolice(acceptance);
  EXPECT_EQ(StateAtPolice(), "TERKIRIM");
  EXPECT_FALSE(IdentityLeaves());
}

}  // namespace
}  // namespace rujukan::agency
