// Goal: a watch keeps a copy that verifies, and names each way in which a ledger goes wrong, also
// after a restart. Method: ledgers as folders, replaced between two looks; time is a number.
#include "agents/audit/watched_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "agents/audit/verify.h"
#include "base/limits.h"
#include "ledger/state_root.h"
#include "tests/unit/audit/log_image.h"

namespace rujukan::audit {
namespace {

namespace fs = std::filesystem;
using testing::Files;
using testing::MakeLog;
using testing::Story;
using testing::WriteFiles;
using Names = std::vector<std::string>;

WatchedLedger Watched(std::vector<std::string> addresses, std::string token_file) {
  WatchedLedger ledger;
  ledger.addresses = std::move(addresses);
  ledger.token_file = std::move(token_file);
  return ledger;
}

class WatchedLogTest : public ::testing::Test {
 protected:
  WatchedLogTest() {
    std::ofstream(work + "/token") << "secret\n";
    fs::permissions(work + "/token", fs::perms::owner_read | fs::perms::owner_write);
    now = story.world.now();
    Publish(story.world.entries());
    Restart();
  }
  ~WatchedLogTest() override { fs::remove_all(work); }

  // What the broker at `name` shows from now on.
  void Publish(const std::vector<std::string>& entries, const std::string& name = "broker") const {
    Publish(MakeLog(entries, story.world.log()), name);
  }
  void Publish(const Files& files, const std::string& name = "broker") const {
    fs::remove_all(Broker(name));
    WriteFiles(files, Broker(name));
  }
  std::string Broker(const std::string& name = "broker") const { return work + "/" + name; }
  void Restart(const WatchedLedger* other = nullptr) {
    WatchedLedger ledger = Watched({Broker()}, work + "/token");
    auto opened = WatchedLog::Open(
        other == nullptr ? ledger : *other, work + "/watch", story.world.log().verifier(), open);
    ASSERT_TRUE(opened.has_value()) << opened.error().ToString();
    log = std::move(*opened);
  }
  // One look; the names of what was raised and taken back.
  Names Look() {
    Names names;
    auto events = log->Round(now, [] { return false; });
    EXPECT_TRUE(events.has_value()) << events.error().ToString();
    for (const AlertEvent& event : events.value_or(std::vector<AlertEvent>())) {
      names.push_back((event.raised ? "" : "-") + std::string(AlertName(event.alert.kind)));
      last = event.alert;
    }
    open = log->Show().open;
    return names;
  }
  // The story goes on: one more legal entry.
  void Continue() {
    story.world.Advance(1000);
    now = story.world.now();
    story.world.AddApplicant("lpa." + std::to_string(story.world.size()));
    story.world.Append(story.world.ActEntry(story.world.InviteAct(
        "lpa." + std::to_string(story.world.size()), certs::Ed25519Key::Generate())));
  }
  // Another history with the same beginning.
  std::vector<std::string> Forked(size_t keep, size_t size) const {
    std::vector<std::string> entries(story.world.entries().begin(),
                                     story.world.entries().begin() + static_cast<ptrdiff_t>(keep));
    while (entries.size() < size) {
      entries.push_back("other " + std::to_string(entries.size()));
    }
    return entries;
  }

  Story story;
  std::string work = testing::MakeTemporaryDirectory();
  UnixMillis now = 0;
  std::vector<Alert> open;
  std::unique_ptr<WatchedLog> log;
  Alert last;
};

TEST_F(WatchedLogTest, AnHonestLedgerIsCopiedReplayedAndVerifies) {
  EXPECT_EQ(Look(), Names{});
  Continue();
  Publish(story.world.entries());
  EXPECT_EQ(Look(), Names{});
  EXPECT_EQ(log->Show().size, story.world.size());
  EXPECT_EQ(log->Show().replayed, story.world.size());
  const auto source = OpenSource(work + "/watch/copy", "");
  const auto report = Verify(**source, {}, [](uint64_t, uint64_t) {});
  ASSERT_TRUE(report.has_value()) << report.error().ToString();
  EXPECT_EQ(report->outcome(), Outcome::kPass) << ReportAsText(*report, "copy");
  const auto bundles = fs::directory_iterator(work + "/watch/copy/tile/entries/000.p");
  EXPECT_EQ(std::distance(begin(bundles), end(bundles)), 1) << "narrower ones are forgotten";
}

TEST_F(WatchedLogTest, ARestartReplaysFromItsOwnCopyAndGoesOn) {
  Look();
  fs::remove_all(Broker());
  Restart();
  EXPECT_EQ(Look(), Names{}) << "a broker that is away is no alert";
  EXPECT_EQ(log->Show().replayed, story.world.size()) << "from the copy alone";
  EXPECT_EQ(log->Show().unreachable.size(), 1U);
  Continue();
  Publish(story.world.entries());
  EXPECT_EQ(Look(), Names{});
  EXPECT_EQ(log->Show().replayed, story.world.size());
}

TEST_F(WatchedLogTest, ABrokerOnAnOldCopyIsARollbackAlsoAcrossARestart) {
  const auto old = story.world.entries();
  Continue();
  Publish(story.world.entries());
  EXPECT_EQ(Look(), Names{});
  Publish(old);
  EXPECT_EQ(Look(), Names{"ROLLBACK"});
  EXPECT_EQ(Look(), Names{}) << "told once";
  Restart();
  EXPECT_EQ(Look(), Names{}) << "not repeated after a restart";
  Publish(story.world.entries());
  EXPECT_EQ(Look(), Names{"-ROLLBACK"});
}

TEST_F(WatchedLogTest, AnotherHistoryIsAForkWhetherSmallerEqualOrLarger) {
  const size_t size = story.world.size();
  Look();
  for (const size_t other : {size - 1, size, size + 1, size + 300}) {
    Publish(Forked(2, other));
    EXPECT_EQ(Look(), Names{"FORK"}) << other << " against " << size;
    EXPECT_EQ(last.notes.size(), 2U);
    EXPECT_NE(log->Show().refusal, "");
    EXPECT_EQ(log->Show().size, size) << "the copy stays on the first history";
    open.clear();
    Restart();
  }
}

TEST_F(WatchedLogTest, TwoAddressesWithTwoHistoriesAreAFork) {
  Publish(story.world.entries(), "first");
  Publish(Forked(3, story.world.size() + 2), "second");
  const WatchedLedger both = Watched({Broker("first"), Broker("second")}, work + "/token");
  Restart(&both);
  EXPECT_EQ(Look(), Names{"FORK"});
}

TEST_F(WatchedLogTest, WithoutATokenTheTreeIsWatchedAlone) {
  const WatchedLedger blind = Watched({Broker()}, "");
  Restart(&blind);
  EXPECT_EQ(Look(), Names{});
  EXPECT_EQ(log->Show().size, story.world.size());
  EXPECT_EQ(log->Show().replayed, 0U);
  Publish(Forked(2, story.world.size() + 1));
  EXPECT_EQ(Look(), Names{"FORK"});
}

TEST_F(WatchedLogTest, AMissingBundleIsAGapUntilItIsBack) {
  Files files = MakeLog(story.world.entries(), story.world.log());
  const std::string bundle = "tile/entries/000.p/" + std::to_string(story.world.size());
  files.erase(bundle);
  Publish(files);
  EXPECT_EQ(Look(), Names{"GAP"});
  EXPECT_EQ(last.subject, bundle);
  EXPECT_EQ(log->Show().size, story.world.size()) << "consistent, but not readable";
  Publish(story.world.entries());
  EXPECT_EQ(Look(), Names{"-GAP"});
  EXPECT_EQ(log->Show().replayed, story.world.size());
}

TEST_F(WatchedLogTest, AnAlteredEntryIsAGapThatNamesIt) {
  Files files = MakeLog(story.world.entries(), story.world.log());
  auto entries = story.world.entries();
  entries[story.referral_index].back() ^= 1;
  testing::PutBundles(entries, files);
  Publish(files);
  EXPECT_EQ(Look(), Names{"GAP"});
  EXPECT_THAT(last.problem, ::testing::HasSubstr("entry " + std::to_string(story.referral_index)));
}

TEST_F(WatchedLogTest, AMissingOrAlteredTileIsAGapAndNothingIsBelieved) {
  const std::string tile = "tile/0/000.p/" + std::to_string(story.world.size());
  Files files = MakeLog(story.world.entries(), story.world.log());
  files.erase(tile);
  Publish(files);
  EXPECT_EQ(Look(), Names{"GAP"});
  EXPECT_EQ(last.subject, tile);
  EXPECT_EQ(log->Show().size, 0U);
  files = MakeLog(story.world.entries(), story.world.log());
  files[tile][0] ^= 1;
  Publish(files);
  Look();
  EXPECT_EQ(log->Show().size, 0U);
  Publish(story.world.entries());
  Look();
  EXPECT_TRUE(log->Show().open.empty());
}

TEST_F(WatchedLogTest, AnIllegalEntryIsNamedAndTheLedgerIsNotCosignedAnyMore) {
  Look();
  auto entries = story.world.entries();
  entries.push_back(story.Unchecked(
      story.world.MessageEntry(story.Next("dinsos.18", "uppa.18.01", v1::Kind::TERIMA, 3))));
  Publish(entries);
  EXPECT_EQ(Look(), Names{"ILLEGAL_TRANSITION"});
  EXPECT_EQ(last.subject, "entry " + std::to_string(entries.size() - 1) + ", transitions");
  EXPECT_THAT(log->Show().refusal, ::testing::StartsWith("ILLEGAL_TRANSITION"));
  Restart();
  EXPECT_EQ(Look(), Names{}) << "replayed again, told once";
}

TEST_F(WatchedLogTest, AForgedSignatureIsAnUnsignedAct) {
  Look();
  v1::Entry forged =
      story.world.MessageEntry(story.Next("dinsos.18", "uppa.18.01", v1::Kind::KONTAK_PERTAMA, 3));
  const auto other = story.world.SignHeader(story.referral, story.world.member("dinsos.18"));
  forged.mutable_accepted()->mutable_signature()->set_signature(other.signature.signature());
  auto entries = story.world.entries();
  entries.push_back(story.Unchecked(forged));
  Publish(entries);
  EXPECT_THAT(Look(), ::testing::Contains("UNSIGNED_ACT"));
}

TEST_F(WatchedLogTest, AFalseStateRootIsAStateMismatch) {
  Look();
  v1::Entry state;
  state.mutable_state()->set_state_root(std::string(32, 's'));
  auto entries = story.world.entries();
  entries.push_back(story.Unchecked(state));
  Publish(entries);
  EXPECT_EQ(Look(), Names{"STATE_MISMATCH"});
}

TEST_F(WatchedLogTest, ACheckpointUnderAnotherKeyIsNoneOfTheLedgers) {
  const auto stranger =
      ledger::NoteSigner::Make("rujukan/lampung.example", certs::Ed25519Key::Generate());
  Publish(MakeLog(story.world.entries(), *stranger));
  EXPECT_EQ(Look(), Names{"UNSIGNED_CHECKPOINT"});
  EXPECT_EQ(log->Show().size, 0U);
}

TEST_F(WatchedLogTest, AnotherRootThanTheOneGivenIsNamed) {
  WatchedLedger pinned = Watched({Broker()}, work + "/token");
  pinned.root_fingerprint = std::string(64, '0');
  Restart(&pinned);
  EXPECT_EQ(Look(), Names{"UNSIGNED_ACT"});
  EXPECT_EQ(last.subject, "entry 0, certificates");
}

TEST_F(WatchedLogTest, NoGrowthIsLateAfterTheLimit) {
  Look();
  now = story.world.now() + limits::kLateCheckpointMs;
  EXPECT_EQ(Look(), Names{});
  now += 1;
  EXPECT_EQ(Look(), Names{"LATE_CHECKPOINT"});
  Restart();
  EXPECT_EQ(Look(), Names{}) << "a restart does not make it young again";
  Continue();
  Publish(story.world.entries());
  EXPECT_EQ(Look(), Names{"-LATE_CHECKPOINT"});
}

TEST_F(WatchedLogTest, ADamagedCopyIsNotBelieved) {
  Look();
  const std::string tile = work + "/watch/copy/tile/0/000.p/" + std::to_string(story.world.size());
  std::fstream(tile, std::ios::in | std::ios::out | std::ios::binary).put('x');
  Restart();
  EXPECT_EQ(Look(), Names{"COPY_DAMAGED"});
}

TEST_F(WatchedLogTest, WhatIsBroughtIsComparedOnceTheTreeHasGrownPastIt) {
  Look();
  const Files forked = MakeLog(Forked(2, story.world.size() + 1), story.world.log());
  const auto checkpoint =
      ledger::OpenCheckpoint(forked.at("checkpoint"), story.world.log().verifier());
  log->Bring({"", forked.at("checkpoint"), *checkpoint}, "");
  EXPECT_EQ(Look(), Names{}) << "larger than what is known: it may yet come";
  Continue();
  Publish(story.world.entries());
  EXPECT_EQ(Look(), Names{"FORK"});
  EXPECT_EQ(last.subject, "add-checkpoint");
}

// Whoever holds the ledger's key can bring any number of sizes that will never be.
TEST_F(WatchedLogTest, AFloodOfCheckpointsThatNeverComeKeepsNoForkOut) {
  Look();
  const auto bring = [this](const std::string& note) {
    log->Bring({"", note, *ledger::OpenCheckpoint(note, story.world.log().verifier())}, "");
  };
  for (TreeSize i = 0; i < 2 * limits::kNoteSignaturesMax; ++i) {
    const ledger::Checkpoint never{story.world.log().verifier().name, (1ULL << 62) + i, Digest()};
    bring(ledger::SignCheckpoint(never, story.world.log()));
  }
  EXPECT_EQ(Look(), Names{});
  bring(MakeLog(Forked(2, story.world.size() + 1), story.world.log()).at("checkpoint"));
  Continue();
  Publish(story.world.entries());
  EXPECT_EQ(Look(), Names{"FORK"});
}

TEST_F(WatchedLogTest, ManyBundlesGrowAcrossTileBordersIntoACopyThatVerifies) {
  const WatchedLedger blind = Watched({Broker()}, "");
  Restart(&blind);
  for (const size_t size : {255U, 256U, 257U, 700U, 1024U, 1025U}) {
    Publish(Forked(2, size));
    EXPECT_EQ(Look(), Names{}) << size;
    EXPECT_EQ(log->Show().size, size);
  }
  Restart(&blind);
  EXPECT_EQ(Look(), Names{});
  EXPECT_EQ(log->Show().size, 1025U);
}

}  // namespace
}  // namespace rujukan::audit
