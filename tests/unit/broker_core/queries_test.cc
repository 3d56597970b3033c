// Goal: a page or a status answer is as large as its limit allows and never larger, and paging
// loses nothing. Method: a World's ledger in memory, asked directly.
#include "broker/core/queries.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "broker/core/memory_store.h"
#include "ledger/checkpoint.h"
#include "tests/unit/broker_core/frames.h"

namespace rujukan::broker {
namespace {

class QueriesTest : public ::testing::Test {
 protected:
  QueriesTest() {
    world_.AddAgency("ppa.18.71");
    world_.AddAgency("dinsos.18.71");
  }

  void Start() {
    Seed(world_, store_);
    directory_ = DirectorySnapshot::Load(store_).value();
    ledger::Tree tree = ledger::Tree::Load(world_.size(), store_).value();
    checkpoint_.size = tree.size();
    checkpoint_.note = ledger::SignCheckpoint(
        {world_.log().verifier().name, tree.size(), tree.Root()}, world_.log());
    const Epoch epoch = store_.Fence().value();
    ASSERT_TRUE(store_.PutCheckpoint(epoch, tree.size(), checkpoint_.note).has_value());
  }
  std::vector<v1::ServerFrame> Ask(const v1::ClientFrame& frame) {
    const auto answers =
        AnswerQuery({PeerOf("ppa.18.71"), frame}, {store_, *directory_, checkpoint_, world_.now()});
    std::vector<v1::ServerFrame> frames;
    for (const std::string& bytes : answers.value()) {
      EXPECT_TRUE(frames.emplace_back().ParseFromString(bytes));
    }
    return frames;
  }
  v1::DirectoryPage PageFrom(LogIndex from) {
    v1::ClientFrame frame;
    frame.mutable_directory()->set_from_index(from);
    return Ask(frame).at(0).directory();
  }
  // Invitations until the directory has this many entries, names of this length.
  void GrowDirectory(size_t entries, size_t name_bytes) {
    while (world_.size() < entries) {
      v1::Act act = world_.InviteAct("lpa.18.71", certs::Ed25519Key::Generate());
      act.mutable_invite()->set_official_name(std::string(name_bytes, 'n'));
      world_.Append(world_.ActEntry(act));
    }
  }

  World world_;
  MemoryStore store_;
  std::shared_ptr<const DirectorySnapshot> directory_;
  Journal::KeptCheckpoint checkpoint_;
};

TEST_F(QueriesTest, ADirectoryOfExactlyOnePageEndsWithIt) {
  GrowDirectory(limits::kDirectoryPageEntriesMax, 1);
  Start();
  const v1::DirectoryPage page = PageFrom(0);
  EXPECT_EQ(static_cast<size_t>(page.entries_size()), limits::kDirectoryPageEntriesMax);
  EXPECT_FALSE(page.more());
}

TEST_F(QueriesTest, ThePageThatEndsTheDirectoryShowsTheEndOfTheLedger) {
  world_.Append(world_.MessageEntry(NoticeTo(world_, "ppa.18.71", "dinsos.18.71")));
  Start();
  const v1::DirectoryPage page = PageFrom(0);
  ASSERT_TRUE(page.has_newest());
  EXPECT_EQ(page.newest().entry(), world_.entries().back());
  v1::ClientFrame frame;
  frame.mutable_directory()->set_entries_max(2);
  const v1::DirectoryPage part = Ask(frame).at(0).directory();
  EXPECT_EQ(part.entries_size(), 2);
  EXPECT_TRUE(part.more());
  EXPECT_FALSE(part.has_newest());
}

// Its sender was away when the recipient was suspended: it asks, and learns what became of it.
TEST_F(QueriesTest, AStatusRequestTellsOfMailThatWasBouncedAndNotOfMailThatWaits) {
  const v1::Header bounced = NoticeTo(world_, "ppa.18.71", "dinsos.18.71");
  world_.Append(world_.MessageEntry(bounced));
  v1::Act act;
  act.mutable_suspend()->set_address(World::Address("dinsos.18.71"));
  act.mutable_suspend()->set_pending_mail(v1::PendingMail::BOUNCE);
  world_.Append(world_.ActEntry(act));
  const std::string suspension = world_.entries().back();
  act.Clear();
  act.mutable_resume()->set_address(World::Address("dinsos.18.71"));
  world_.Append(world_.ActEntry(act));
  const v1::Header waiting = NoticeTo(world_, "ppa.18.71", "dinsos.18.71");
  world_.Append(world_.MessageEntry(waiting));
  Start();
  v1::ClientFrame frame;
  frame.mutable_status()->add_message_ids(bounced.message_id());
  frame.mutable_status()->add_message_ids(waiting.message_id());
  const auto notices = Ask(frame);
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].notice().message_id(), bounced.message_id());
  EXPECT_EQ(notices[0].notice().proven().entry(), suspension);
}

TEST_F(QueriesTest, OneEntryPastAPageIsOnTheNext) {
  GrowDirectory(limits::kDirectoryPageEntriesMax + 1, 1);
  Start();
  const v1::DirectoryPage first = PageFrom(0);
  EXPECT_EQ(static_cast<size_t>(first.entries_size()), limits::kDirectoryPageEntriesMax);
  EXPECT_TRUE(first.more());
  const v1::DirectoryPage second = PageFrom(first.next_index());
  ASSERT_EQ(second.entries_size(), 1);
  EXPECT_EQ(second.entries(0).entry(), world_.entries().back());
  EXPECT_FALSE(second.more());
}

TEST_F(QueriesTest, APageIsCutAtItsBytesAndPagingStillGivesEveryEntry) {
  GrowDirectory(limits::kDirectoryPageEntriesMax, limits::kNoteBytesMax);
  Start();
  checkpoint_.note += std::string(1'000, 'w');  // as long as with the lines of some witnesses
  size_t seen = 0;
  size_t pages = 0;
  for (v1::DirectoryPage page = PageFrom(0);; page = PageFrom(page.next_index())) {
    ++pages;
    size_t bytes = 0;
    for (const v1::ProvenEntry& entry : page.entries()) {
      bytes += entry.entry().size() + entry.proof().size();
      ASSERT_LT(seen, world_.size());
      EXPECT_EQ(entry.entry(), world_.entries()[seen++]);
    }
    EXPECT_LE(bytes, limits::kDirectoryPageBytesMax);
    if (!page.more()) {
      break;
    }
    EXPECT_LT(static_cast<size_t>(page.entries_size()), limits::kDirectoryPageEntriesMax);
    // One more would have been too many: the next page's first does not fit any more.
    const v1::ProvenEntry next = PageFrom(page.next_index()).entries(0);
    EXPECT_GT(bytes + next.entry().size() + next.proof().size(), limits::kDirectoryPageBytesMax);
  }
  EXPECT_EQ(seen, world_.size());
  EXPECT_EQ(pages, 2U);
}

TEST_F(QueriesTest, AStatusRequestAtItsLimitIsAnsweredAndOnePastItIsMalformed) {
  const v1::Header header = NoticeTo(world_, "ppa.18.71", "dinsos.18.71");
  world_.Append(world_.MessageEntry(header));
  world_.Append(world_.DeliveryEntry(header, v1::DeliveryOutcome::DELIVERED));
  Start();
  v1::ClientFrame frame;
  for (size_t i = 1; i < limits::kStatusIdsMax; ++i) {
    frame.mutable_status()->add_message_ids(std::string(MessageId::kSize, 'u'));
  }
  frame.mutable_status()->add_message_ids(header.message_id());
  const auto answered = Ask(frame);
  ASSERT_EQ(answered.size(), 1U);
  EXPECT_TRUE(answered[0].has_notice());

  frame.mutable_status()->add_message_ids(header.message_id());
  const auto refused = Ask(frame);
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].refused().reason(), v1::RefusalReason::MALFORMED);
}

}  // namespace
}  // namespace rujukan::broker
