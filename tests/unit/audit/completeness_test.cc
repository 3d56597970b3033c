// Goal: a statement of completeness counts every entry of its subject, is the same for everybody
// who replays the ledger, and is not given over a ledger that does not verify. Method: Worlds.
#include "agents/audit/completeness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "ledger/records.h"
#include "tests/unit/audit/log_image.h"

namespace rujukan::audit {
namespace {

using rujukan::testing::World;
using testing::kQuiet;
using testing::MakeLog;
using testing::MemorySource;
using testing::Story;
using K = v1::Kind;

class CompletenessTest : public ::testing::Test {
 protected:
  Result<CompletenessResult> Prove(const std::string& subject, Span span = {}) {
    MemorySource source(MakeLog(story.world.entries(), story.world.log()));
    return ProveComplete(source, "", subject, span, kQuiet);
  }
  std::string Leg() const { return FormatUuid(story.referral.leg_id()); }

  Story story;
};

TEST_F(CompletenessTest, EveryEntryOfALegIsCountedAndTheStateIsTheFolds) {
  const auto proven = Prove(Leg());
  ASSERT_TRUE(proven) << proven.error().ToString();
  EXPECT_EQ(proven->statement.listing.messages, 3u);
  EXPECT_EQ(proven->statement.listing.receipts, 1u);
  EXPECT_EQ(proven->entries.size(), 4u);
  EXPECT_EQ(proven->entries.back().index, story.acceptance_index);
  EXPECT_EQ(proven->statement.state_root,
            ToHex(ledger::ReadHead(story.world.view())->state_root()));
  EXPECT_FALSE(proven->statement.state_entry);
}

TEST_F(CompletenessTest, TheBrokersRecordOfItsStateIsNamed) {
  v1::Entry state;
  state.mutable_state()->set_state_root(ledger::ReadHead(story.world.view())->state_root());
  const LogIndex index = story.world.Append(std::move(state));
  EXPECT_EQ(Prove(Leg())->statement.state_entry, index);
}

TEST_F(CompletenessTest, AnAgencysEntriesWithinASpan) {
  const UnixMillis opened = story.world.now() - 1000;
  const auto all = Prove(World::Address("uppa.18.01"));
  ASSERT_TRUE(all);
  EXPECT_EQ(all->entries.size(), 4u);
  const auto first = Prove(World::Address("uppa.18.01"), {0, opened});
  ASSERT_TRUE(first);
  EXPECT_EQ(first->entries.size(), 1u);
  EXPECT_NE(first->statement.listing.digest, all->statement.listing.digest);
  EXPECT_EQ(Prove(World::Address("rs.18.01")).error().code, Errc::kNotFound);
}

TEST_F(CompletenessTest, NothingIsStatedAboutALedgerThatDoesNotVerify) {
  story.world.AppendUnchecked(
      story.world.MessageEntry(story.Next("uppa.18.01", "dinsos.18", K::KONFIRMASI_TUTUP, 2)));
  EXPECT_EQ(Prove(Leg()).error().code, Errc::kCorrupt);
}

TEST_F(CompletenessTest, NorOverAStateThatTheEntriesDoNotComeTo) {
  v1::Entry state;
  state.mutable_state()->set_state_root(std::string(Digest::kSize, 's'));
  story.world.AppendUnchecked(std::move(state));
  EXPECT_EQ(Prove(Leg()).error().code, Errc::kCorrupt);
}

TEST_F(CompletenessTest, NorOverAForgedSignature) {
  v1::Entry forged =
      story.world.MessageEntry(story.world.HeaderTo("uppa.18.01", "dinsos.18", K::PEMBERITAHUAN));
  std::string& bytes = *forged.mutable_accepted()->mutable_signature()->mutable_signature();
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  story.world.AppendUnchecked(std::move(forged));
  EXPECT_EQ(Prove(Leg()).error().code, Errc::kCorrupt);
}

TEST_F(CompletenessTest, AStatementReadsBackAndOneThatSaysMoreDoesNot) {
  const auto signer = ledger::NoteSigner::Make("auditor", certs::Ed25519Key::Generate());
  const Completeness said = Prove(Leg())->statement;
  const auto read = ParseCompleteness(signer->Sign(said.Text()));
  ASSERT_TRUE(read) << read.error().ToString();
  EXPECT_EQ(read->Text(), said.Text());
  const std::string origin = "rujukan/lampung.example/completeness\n";
  ASSERT_TRUE(said.Text().starts_with(origin));
  std::string more = said.Text();
  more.insert(more.find("\"subject\""), "\"note\": \"and nothing was late\",\n  ");
  for (const std::string& text :
       {more,
        said.Text().substr(origin.size()),
        origin + "[]\n",
        origin + "{}\n",
        "rujukan/other/completeness\n" + said.Text().substr(origin.size())}) {
    EXPECT_EQ(ParseCompleteness(signer->Sign(text)).error().code, Errc::kInvalid) << text;
  }
}

}  // namespace
}  // namespace rujukan::audit
