// Goal: a ciphertext leaves the broker after its grace, or at once when a party asked for erasure,
// never while somebody waits for it, and never before the ledger says so. Method: a World's ledger
// in a store in memory, the chore run by hand with times of our choosing; what it puts on record is
// appended as the sequencer would.
#include "broker/engine/contents_chore.h"

#include <gtest/gtest.h>

#include "ledger/records.h"
#include "tests/unit/broker_engine/harness.h"

namespace rujukan::broker {
namespace {

constexpr int64_t kDay = 24LL * 3600 * 1000;
constexpr int64_t kGrace = 7 * kDay;

class ContentsChoreTest : public ::testing::Test {
 protected:
  ContentsChoreTest() {
    world_.AddAgency("uppa.18.01");
    world_.AddAgency("dinsos.18.01");
  }

  v1::Header Send(v1::Header header) {
    contents_.push_back({world_.Append(world_.MessageEntry(header)),
                         MessageId::FromBytes(header.message_id()).value(),
                         "sealed " + std::to_string(contents_.size())});
    return header;
  }
  v1::Header SendNotice() { return Send(NoticeTo(world_, "uppa.18.01", "dinsos.18.01")); }
  void Deliver(const v1::Header& header) {
    world_.Append(world_.DeliveryEntry(header, v1::DeliveryOutcome::DELIVERED));
  }

  // The ledger so far, as it is in a broker's store; ciphertexts that went before stay away.
  void Store() {
    store_ = std::make_unique<MemoryStore>();
    Seed(world_, *store_);
    CommitBatch batch;
    batch.first_index = world_.size();
    for (const Content& content : contents_) {
      if (gone_.count(content.id) == 0) {
        batch.contents.push_back(content);
      }
    }
    epoch_ = store_->Fence().value();
    ASSERT_TRUE(store_->Append(epoch_, batch));
    chore_ = MakeContentsChore(
        *store_,
        epoch_,
        [this](v1::Entry entry) { recorded_.push_back(std::move(entry)); },
        metrics_,
        kGrace);
  }
  // One run; what it wants to be on record is put there.
  UnixMillis Run() {
    const std::atomic<bool> stopping{false};
    const auto next = chore_->Run(world_.now(), stopping);
    EXPECT_TRUE(next) << next.error().ToString();
    return next.value_or(0);
  }
  void PutOnRecord() {
    for (v1::Entry& entry : recorded_) {
      world_.Append(std::move(entry));
    }
    recorded_.clear();
    for (const Content& content : contents_) {
      if (!Holds(content)) {
        gone_.insert(content.id);
      }
    }
    Store();
  }
  bool Holds(const Content& content) const { return store_->ReadContent(content.id).has_value(); }

  World world_;
  std::unique_ptr<MemoryStore> store_;
  Epoch epoch_ = 0;
  Metrics metrics_;
  std::vector<Content> contents_;
  std::set<MessageId> gone_;
  std::vector<v1::Entry> recorded_;
  std::unique_ptr<Chore> chore_;
};

TEST_F(ContentsChoreTest, ACiphertextGoesAfterItsGraceAndOnlyOnceThatIsOnRecord) {
  Deliver(SendNotice());
  SendNotice();  // nobody has fetched it
  Store();
  world_.Advance(kGrace);
  Run();
  EXPECT_TRUE(recorded_.empty());  // settled exactly at the watermark: not before it
  world_.Advance(1);
  const UnixMillis next = Run();
  ASSERT_EQ(recorded_.size(), 1U);
  EXPECT_EQ(recorded_[0].contents_removed().settled_before_ms(), world_.now() - kGrace);
  EXPECT_LE(next, world_.now() + 1'000);
  EXPECT_TRUE(Holds(contents_[0]));  // not on record yet
  Run();
  EXPECT_EQ(recorded_.size(), 1U);  // asked for once

  PutOnRecord();
  Run();
  EXPECT_FALSE(Holds(contents_[0]));
  EXPECT_TRUE(Holds(contents_[1]));
  EXPECT_TRUE(recorded_.empty());
  EXPECT_EQ(metrics_.contents_removed, 1U);
  EXPECT_EQ(metrics_.content_bytes_removed, contents_[0].bytes.size());
  EXPECT_EQ(store_->Contents().removed_bytes, 0U) << "the disk was not given back";
}

TEST_F(ContentsChoreTest, RecordsAreAtLeastAnHourApart) {
  Deliver(SendNotice());
  world_.Advance(60'000);
  Deliver(SendNotice());
  Store();
  world_.Advance(kGrace - 30'000);
  Run();
  ASSERT_EQ(recorded_.size(), 1U);
  PutOnRecord();
  world_.Advance(31'000);  // the second is over its grace, too
  Run();
  EXPECT_TRUE(recorded_.empty());
  EXPECT_TRUE(Holds(contents_[1]));
  world_.Advance(3600 * 1000);
  Run();
  EXPECT_EQ(recorded_.size(), 1U);
}

TEST_F(ContentsChoreTest, WhatIsOnRecordAndStillThereAfterACrashGoesWithTheNextRun) {
  Deliver(SendNotice());
  Store();
  world_.Advance(kGrace + 1);
  Run();
  PutOnRecord();  // a new chore, as after a restart: nothing of the old one's memory
  Run();
  EXPECT_FALSE(Holds(contents_[0]));
  Run();
  EXPECT_EQ(metrics_.contents_removed, 1U);
}

TEST_F(ContentsChoreTest, ARecordThatWasLostIsAskedForAgain) {
  Deliver(SendNotice());
  Store();
  world_.Advance(kGrace + 1);
  Run();
  recorded_.clear();
  world_.Advance(60'000);
  Run();
  EXPECT_EQ(recorded_.size(), 1U);
}

class ErasedContentsTest : public ContentsChoreTest {
 protected:
  ErasedContentsTest() {
    referral_ = Send(Sealed(world_.HeaderTo("uppa.18.01", "dinsos.18.01", v1::Kind::RUJUKAN)));
    Deliver(referral_);
  }
  static v1::Header Sealed(v1::Header header) {
    header.set_content_size(8);
    return header;
  }
  v1::Header Order(const std::string& target) {
    v1::Header header =
        Sealed(world_.HeaderTo("uppa.18.01", "dinsos.18.01", v1::Kind::PERINTAH_HAPUS));
    header.set_leg_id(referral_.leg_id());
    header.set_sequence(2);
    header.set_cause(target);
    return Send(header);
  }

  v1::Header referral_;
};

TEST_F(ErasedContentsTest, WhatAPartyWantsErasedGoesAtOnceTheRequestItselfStays) {
  Deliver(Order(""));
  Store();
  Run();
  EXPECT_FALSE(Holds(contents_[0]));
  EXPECT_TRUE(Holds(contents_[1])) << "the request is not of the leg before the request";
  EXPECT_TRUE(recorded_.empty()) << "the request is on record already";
  EXPECT_EQ(store_->Contents().removed_bytes, 0U);
}

TEST_F(ErasedContentsTest, OneMessageAloneIsErasedByItsId) {
  const v1::Header other = SendNotice();
  Deliver(other);
  Order(referral_.message_id());
  Store();
  Run();
  EXPECT_FALSE(Holds(contents_[0]));
  EXPECT_TRUE(Holds(contents_[1]));
}

TEST_F(ErasedContentsTest, UnderALegalHoldItStaysForItsOrdinaryTime) {
  Order("");
  v1::Act hold;
  hold.mutable_place_hold()->set_leg_id(referral_.leg_id());
  hold.mutable_place_hold()->set_note("perkara 12/Pid.Sus/2026 (CONTOH)");
  world_.Append(world_.ActEntry(hold));
  Store();
  Run();
  EXPECT_TRUE(Holds(contents_[0]));
}

}  // namespace
}  // namespace rujukan::broker
