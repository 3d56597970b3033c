// Goal: whoever is shown content is in the read trail before it is shown; what was logged stays and
// is proven to the ledger; a trail that was rewritten raises an alarm.
// Method: parties over a ledger in memory; the trail's root recomputed by hand; the database broken
// under the agent to see that nothing is shown that could not be logged.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>

#include "agents/agency/read_anchor.h"
#include "agents/agency/read_log.h"
#include "ledger/tree.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

std::string Vector(const std::string& name) {
  std::ifstream file(std::string(RUJUKAN_SOURCE_DIR) + "/tests/vectors/content/valid/" + name);
  return Json::parse(file)["request"].dump();
}

class ReadLogTest : public ::testing::Test {
 protected:
  ReadLogTest() : police_(world_, "uppa.18.01"), office_(world_, "dinsos.18") {
    police_.FollowDirectory();
    office_.FollowDirectory();
  }

  // The referral arrives at the office; its message id.
  std::string Arrive() {
    const auto reply = police_.Call("POST", "/v1/messages", Vector("referral_with_held_t2.json"));
    EXPECT_EQ(reply.status, 202) << reply.body;
    leg_ = Json::parse(reply.body)["leg_id"];
    const auto submission = police_.TakeOutbox().at(0);
    office_.Take(police_.DeliveryOf(submission, police_.Accept(submission)));
    return Json::parse(reply.body)["message_id"];
  }
  Json Reads(Party& party) { return party.Get("/v1/reads")["reads"]; }
  ReadTrailStatus Status(Party& party) { return *party.store_->Read(&ReadTrailStatusOf); }

  // The broker takes the anchor, or says why not.
  std::optional<ledger::Refusal> Anchor(Party& party, ReadAnchor& anchor) {
    anchor.Want();
    const auto submission = anchor.Next(party.identity(), world_.now());
    CHECK(submission && *submission);
    v1::ClientFrame frame;
    frame.ParseFromString((*submission)->frame);
    v1::Entry entry;
    entry.mutable_read_trail()->set_anchor(frame.read_trail().statement());
    *entry.mutable_read_trail()->mutable_signature() = frame.read_trail().signature();
    const LogIndex index = world_.size();
    const auto refused = world_.TryWhole(entry);
    if (!refused) {
      const link::Receipted receipted{
          (*submission)->kind, (*submission)->subject, party.ProvenAt(index)};
      party.Settle({receipted}, {});  // as the daemon hands every receipt to everybody
      CHECK(anchor.TakeReceipt(receipted, world_.now()).has_value());
    }
    return refused;
  }

  static void Execute(Party& party, const char* sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(party.scratch_.file("agent.db").c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }

  testing::World world_;
  Party police_;
  Party office_;
  std::string leg_;
};

TEST_F(ReadLogTest, EveryDecryptionIsLogged) {
  const std::string id = Arrive();
  const Json reads = Reads(office_);
  ASSERT_EQ(reads.size(), 1U);
  EXPECT_EQ(reads[0]["action"], "DECRYPTED");
  EXPECT_EQ(reads[0]["message_id"], id);
  EXPECT_EQ(reads[0]["stage"], "T1");
  EXPECT_TRUE(Reads(police_).empty());
}

TEST_F(ReadLogTest, AMessageDeliveredTwiceIsOpenedOnce) {
  police_.Call("POST", "/v1/messages", Vector("referral_with_held_t2.json"));
  const auto submission = police_.TakeOutbox().at(0);
  const LogIndex index = police_.Accept(submission);
  office_.Take(police_.DeliveryOf(submission, index));
  office_.Take(police_.DeliveryOf(submission, index));
  EXPECT_EQ(Reads(office_).size(), 1U);
}

TEST_F(ReadLogTest, EveryViewIsLoggedWithItsReader) {
  const std::string id = Arrive();
  ApiRequest request{"GET", "/v1/messages/" + id, {}, ""};
  request.reader = "Wulan";
  EXPECT_TRUE(Json::parse(office_.api_->Handle(request).body)["isi"].is_object());
  request.path = "/v1/legs/" + leg_;
  EXPECT_EQ(office_.api_->Handle(request).status, 200);
  const Json reads = Reads(office_);
  ASSERT_EQ(reads.size(), 3U);
  for (const size_t i : {1U, 2U}) {
    EXPECT_EQ(reads[i]["action"], "VIEWED");
    EXPECT_EQ(reads[i]["reader"], "Wulan");
    EXPECT_EQ(reads[i]["message_id"], id);
  }
}

TEST_F(ReadLogTest, WithoutContentNothingIsShownAndNothingLogged) {
  const std::string id = Arrive();
  ApiRequest request{"GET", "/v1/messages/" + id, {{"isi", "0"}}, ""};
  const Json message = Json::parse(office_.api_->Handle(request).body);
  EXPECT_TRUE(message["isi"].is_null());
  EXPECT_TRUE(message["receipt"]["verified"].get<bool>());
  EXPECT_EQ(Reads(office_).size(), 1U);
}

TEST_F(ReadLogTest, WhatCannotBeLoggedIsNotShown) {
  const std::string id = Arrive();
  EXPECT_NE(office_.Call("GET", "/v1/messages/" + id).body.find("ringkasan"), std::string::npos);
  Execute(office_, "DROP TABLE reads");
  for (const std::string& path : {"/v1/messages/" + id, "/v1/legs/" + leg_}) {
    const auto reply = office_.Call("GET", path);
    EXPECT_GE(reply.status, 500) << path;
    EXPECT_EQ(reply.body.find("ringkasan"), std::string::npos) << path;
  }
}

TEST_F(ReadLogTest, TheRootIsThatOfTheLeavesInTheirOrder) {
  const std::string id = Arrive();
  for (int i = 0; i < 300; ++i) {  // more than a tile
    office_.Call("GET", "/v1/messages/" + id);
  }
  const auto leaves =
      *office_.store_->Read([](Tables& tables) { return tables.ListReads(0, 1000); });
  ASSERT_EQ(leaves.size(), 301U);
  ledger::Tree tree;
  for (const auto& leaf : leaves) {
    EXPECT_EQ(leaf.hash, ledger::LeafHash(leaf.event));
    tree.Append(ledger::LeafHash(leaf.event));
  }
  office_.Reopen();
  EXPECT_EQ(*office_.store_->Read([](Tables& tables) { return tables.ReadsRoot(301); }),
            tree.Root());
}

TEST_F(ReadLogTest, AnAnchorContinuesTheOneBefore) {
  const std::string id = Arrive();
  auto anchor = ReadAnchor::Open(*office_.store_);
  EXPECT_FALSE(Anchor(office_, *anchor));
  EXPECT_EQ(Status(office_).anchored, 1U);
  for (int i = 0; i < 5; ++i) {
    office_.Call("GET", "/v1/messages/" + id);
  }
  EXPECT_FALSE(Anchor(office_, *anchor));
  const auto status = Status(office_);
  EXPECT_EQ(status.anchored, 6U);
  EXPECT_EQ(status.index, world_.size() - 1);
}

TEST_F(ReadLogTest, ItIsAnchoredOnceADayWhenItGrewAndNotOtherwise) {
  const std::string id = Arrive();
  auto anchor = ReadAnchor::Open(*office_.store_);
  ASSERT_FALSE(Anchor(office_, *anchor));
  office_.Call("GET", "/v1/messages/" + id);
  EXPECT_FALSE(*anchor->Next(office_.identity(), world_.now() + kAnchorEveryMs - 1));
  EXPECT_TRUE(*anchor->Next(office_.identity(), world_.now() + kAnchorEveryMs));

  auto other = ReadAnchor::Open(*police_.store_);
  EXPECT_FALSE(*other->Next(police_.identity(), world_.now()));  // it has read nothing
}

TEST_F(ReadLogTest, AnAnchorWhoseAnswerWasLostIsSentAgainAsItWas) {
  Arrive();
  auto anchor = ReadAnchor::Open(*office_.store_);
  const auto first = *anchor->Next(office_.identity(), world_.now());
  ASSERT_TRUE(first);
  EXPECT_FALSE(*anchor->Next(office_.identity(), world_.now()));  // on its way
  office_.Reopen();
  world_.Advance(60'000);
  auto again = ReadAnchor::Open(*office_.store_);
  const auto second = *again->Next(office_.identity(), world_.now());
  ASSERT_TRUE(second);
  EXPECT_EQ(second->frame, first->frame);
}

TEST_F(ReadLogTest, ATrailSetBackToAnOlderCopyRaisesAnAlarmThatStays) {
  const std::string id = Arrive();
  Execute(office_, "PRAGMA wal_checkpoint(TRUNCATE)");
  std::ifstream file(office_.scratch_.file("agent.db"), std::ios::binary);
  const std::string older((std::istreambuf_iterator<char>(file)), {});
  office_.Call("GET", "/v1/messages/" + id);
  auto anchor = ReadAnchor::Open(*office_.store_);
  ASSERT_FALSE(Anchor(office_, *anchor));

  // The older copy goes on as if that reading had not been.
  office_.api_.reset();
  office_.outbox_.reset();
  office_.inbox_.reset();
  office_.store_.reset();
  for (const char* side : {"agent.db-wal", "agent.db-shm"}) {
    std::filesystem::remove(office_.scratch_.file(side));
  }
  std::ofstream(office_.scratch_.file("agent.db"), std::ios::binary) << older;
  office_.Reopen();
  office_.Call("GET", "/v1/legs/" + leg_);
  auto set_back = ReadAnchor::Open(*office_.store_);
  const auto refused = Anchor(office_, *set_back);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->reason, v1::RefusalReason::TRAIL_REWRITTEN);
  link::Refusal refusal;
  refusal.kind = v1::Subject::READ_TRAIL;
  refusal.reason = refused->reason;
  refusal.final = true;
  ASSERT_TRUE(set_back->TakeRefusal(refusal, world_.now()));
  EXPECT_NE(set_back->alarm(), "");
  office_.Reopen();
  EXPECT_NE(Status(office_).alarm, "");
  auto after = ReadAnchor::Open(*office_.store_);
  after->Want();
  EXPECT_FALSE(*after->Next(office_.identity(), world_.now()));  // people first
}

TEST_F(ReadLogTest, AReaderAndAReasonAtTheirLimitsAreLoggedAndOnePastIsNot) {
  const auto log = [&](size_t reader, size_t reason) {
    Reading reading{MessageId(), "", v1::ReadAction::VIEWED, v1::DisclosureStage::T1, ""};
    reading.reader = std::string(reader, 'r');
    reading.reason = std::string(reason, 'a');
    return office_.store_->Write([&](Tables& tables) {
      return LogReads(tables, {&reading, 1}, world_.now());
    });
  };
  EXPECT_TRUE(log(kReaderBytesMax, kReadReasonBytesMax));
  EXPECT_EQ(log(kReaderBytesMax + 1, 0).error().code, Errc::kLimit);
  EXPECT_EQ(log(0, kReadReasonBytesMax + 1).error().code, Errc::kLimit);
}

}  // namespace
}  // namespace rujukan::agency
