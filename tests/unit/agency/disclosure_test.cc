// Goal: either party of a message can open its content to an auditor, and only the very content
// that was sent counts. Method: parties over a ledger in memory; what they hand over is checked
// with the header in the ledger, as it is and bent.
#include <gtest/gtest.h>

#include <fstream>

#include "base/bytes.h"
#include "base/limits.h"
#include "ledger/opened.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

class DisclosureTest : public ::testing::Test {
 protected:
  DisclosureTest() : police_(world_, "uppa.18.01"), office_(world_, "dinsos.18") {
    world_.AddMember("auditor.01", v1::Role::AUDITOR);
    police_.FollowDirectory();
    office_.FollowDirectory();
    for (Party* party : {&police_, &office_}) {
      party->api_ = std::make_unique<Api>(
          ApiContext{*party->store_,
                     party->board_,
                     party->config_,
                     party->clock_,
                     world_.log().verifier(),
                     [] {},
                     [] {},
                     [] {},
                     party->acts_,
                     [this] { ++anchors_wanted_; },
                     [] {},
                     [party] { return std::make_shared<const Identity>(party->identity()); }});
    }
    std::ifstream file(std::string(RUJUKAN_SOURCE_DIR) +
                       "/tests/vectors/content/valid/referral_with_held_t2.json");
    const auto reply = police_.Call("POST", "/v1/messages", Json::parse(file)["request"].dump());
    message_ = Json::parse(reply.body)["message_id"];
  }

  void Arrive() {
    const auto submission = police_.TakeOutbox().at(0);
    header_.ParseFromString(submission.statement);
    office_.Take(police_.DeliveryOf(submission, police_.Accept(submission)));
  }
  ApiReply Disclose(Party& party, const std::string& to = "auditor.01@lampung.example") {
    const Json body = {{"kepada", to}, {"alasan", "pemeriksaan 3/2026"}};
    return party.Call("POST", "/v1/messages/" + message_ + "/disclose", body.dump());
  }
  v1::OpenedContent Opened(Party& party) {
    const auto reply = Disclose(party);
    EXPECT_EQ(reply.status, 200) << reply.body;
    const std::string encoded = Json::parse(reply.body).value("opened", "");
    return *ledger::ParseOpened(*FromBase64(encoded));
  }

  testing::World world_;
  Party police_;
  Party office_;
  std::string message_;
  v1::Header header_;
  int anchors_wanted_ = 0;
};

TEST_F(DisclosureTest, SenderAndRecipientOpenTheSameContentAndItIsProven) {
  Arrive();
  for (Party* party : {&police_, &office_}) {
    const auto opened = Opened(*party);
    EXPECT_EQ(opened.given_by(), party->config_.address);
    const auto proven = ledger::ProveOpened(opened, header_);
    ASSERT_TRUE(proven) << proven.error().ToString();
    v1::Content content;
    EXPECT_TRUE(content.ParseFromString(*proven));
    EXPECT_TRUE(content.has_rujukan());
  }
}

TEST_F(DisclosureTest, AnyOtherTextFails) {
  Arrive();
  const auto honest = Opened(office_);
  for (size_t at = 0; at < honest.opening().size(); at += 7) {  // salt, length, text, padding
    auto bent = honest;
    (*bent.mutable_opening())[at] = static_cast<char>(bent.opening()[at] ^ 1);
    const auto proven = ledger::ProveOpened(bent, header_);
    ASSERT_FALSE(proven) << at;
    EXPECT_EQ(proven.error().code, Errc::kDenied);
  }
  auto shorter = honest;
  shorter.mutable_opening()->pop_back();
  EXPECT_FALSE(ledger::ProveOpened(shorter, header_));
  auto other = honest;
  (*other.mutable_message_id())[0] = 'x';
  EXPECT_FALSE(ledger::ProveOpened(other, header_));
}

TEST_F(DisclosureTest, ItIsLoggedWithWhomAndWhyAndAnchored) {
  Arrive();
  Opened(office_);
  const Json last = office_.Get("/v1/reads")["reads"].back();
  EXPECT_EQ(last["action"], "DISCLOSED");
  EXPECT_EQ(last["given_to"], "auditor.01@lampung.example");
  EXPECT_EQ(last["reason"], "pemeriksaan 3/2026");
  EXPECT_EQ(anchors_wanted_, 1);
}

TEST_F(DisclosureTest, OnlyToAnActiveAuditorOfTheDirectory) {
  Arrive();
  EXPECT_EQ(Disclose(office_, "auditor.99@lampung.example").status, 422);
  EXPECT_EQ(Disclose(office_, "uppa.18.01@lampung.example").status, 422);
  v1::Act suspend;
  suspend.mutable_suspend()->set_address("auditor.01@lampung.example");
  world_.Append(world_.ActEntry(suspend));
  office_.FollowDirectory();
  EXPECT_EQ(Disclose(office_).status, 422);
}

TEST_F(DisclosureTest, WhatIsNotInTheLedgerYetHasNothingToProveItWith) {
  EXPECT_EQ(Disclose(police_).status, 409);
  EXPECT_EQ(Disclose(office_).status, 404);
}

TEST_F(DisclosureTest, ErasedContentCannotBeOpened) {
  Arrive();
  const auto id = *MessageId::FromBytes(*ParseUuid(message_));
  ASSERT_TRUE(office_.store_->Write(
      [&](Tables& tables) { return tables.EraseContent(id, id, world_.now()); }));
  EXPECT_EQ(Disclose(office_).status, 409);
}

TEST_F(DisclosureTest, AFileAtItsLimitIsReadAndOnePastIsNot) {
  v1::OpenedContent opened;
  opened.set_version(1);
  opened.set_message_id(std::string(MessageId::kSize, 'm'));
  opened.set_opening(std::string(limits::kContentBytesMax, 'o'));
  const size_t room = limits::kOpenedContentBytesMax - opened.ByteSizeLong();
  opened.set_reason(std::string(room - 3, 'r'));  // a tag and two bytes of length before it
  const std::string fits = opened.SerializeAsString();
  ASSERT_EQ(fits.size(), limits::kOpenedContentBytesMax);
  EXPECT_TRUE(ledger::ParseOpened(fits));
  opened.mutable_reason()->push_back('r');
  EXPECT_EQ(ledger::ParseOpened(opened.SerializeAsString()).error().code, Errc::kLimit);
}

}  // namespace
}  // namespace rujukan::agency
