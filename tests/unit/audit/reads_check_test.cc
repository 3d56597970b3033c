// Goal: a read trail that an agency hands over is what it anchored, all of it; a leaf that was
// changed, taken out, put in or dated back is named, and so is a message that was received and
// never logged. Method: a ledger in memory with anchors of a trail; the file bent in each way.
#include "agents/audit/reads_check.h"

#include <gtest/gtest.h>

#include "certs/batch.h"
#include "ledger/tree.h"
#include "tests/unit/audit/log_image.h"

namespace rujukan::audit {
namespace {

using ledger::ReadLeaf;
using ledger::ReadsFile;
using testing::MakeLog;
using testing::MemorySource;
using testing::Story;

constexpr const char* kOffice = "dinsos.18";

class ReadsCheckTest : public ::testing::Test {
 protected:
  ReadsCheckTest() {
    file_.agency = rujukan::testing::World::Address(kOffice);
    Log(v1::ReadAction::DECRYPTED, story_.referral.message_id());
    for (int i = 0; i < 3; ++i) {
      Log(v1::ReadAction::VIEWED, story_.referral.message_id());
    }
    first_anchor_ = AppendAnchor();
    for (int i = 0; i < 4; ++i) {
      Log(v1::ReadAction::VIEWED, story_.referral.message_id());
    }
    second_anchor_ = AppendAnchor();
    Log(v1::ReadAction::VIEWED, story_.referral.message_id());  // waits
  }

  void Log(v1::ReadAction::Code action, const std::string& message) {
    story_.world.Advance(60'000);
    v1::ReadEvent event;
    event.set_version(1);
    event.set_time_ms(story_.world.now());
    event.set_message_id(message);
    event.set_action(action);
    event.set_reader("Wulan");
    event.set_salt(std::string(16, static_cast<char>('a' + file_.leaves.size())));
    const std::string bytes = event.SerializeAsString();
    file_.leaves.push_back(ReadLeaf{file_.leaves.size(), ledger::LeafHash(bytes), bytes});
    file_.size = file_.leaves.size();
  }

  LogIndex AppendAnchor() {
    story_.world.Advance(3'600'000);
    ledger::Tree tree;
    std::vector<Digest> hashes;
    for (const ReadLeaf& leaf : file_.leaves) {
      tree.Append(leaf.hash);
    }
    v1::ReadTrailAnchor anchor;
    anchor.set_version(1);
    anchor.set_agency(file_.agency);
    anchor.set_created_at_ms(story_.world.now());
    anchor.set_size(tree.size());
    anchor.set_root(tree.Root().str());
    // Straight into the log: the fold's own rules for anchors are tested in its room.
    v1::Entry entry;
    entry.mutable_read_trail()->set_anchor(anchor.SerializeAsString());
    return story_.world.AppendUnchecked(story_.world.Placed(entry));
  }

  ReadsReport Check(const ReadsFile& file) const {
    MemorySource source(MakeLog(story_.world.entries(), story_.world.log()));
    auto report = CheckReads(source, "", file);
    EXPECT_TRUE(report) << report.error().ToString();
    return report ? *report : ReadsReport();
  }
  static bool Names(const ReadsReport& report, const std::string& where, const std::string& what) {
    for (const ReadsFinding& finding : report.findings) {
      if (finding.where == where && finding.problem.find(what) != std::string::npos) {
        return true;
      }
    }
    return false;
  }
  static std::string Told(const ReadsReport& report) { return ReadsAsText(report, 0); }
  static void Rehash(ReadLeaf& leaf) { leaf.hash = ledger::LeafHash(leaf.event); }
  static v1::ReadEvent EventOf(const ReadLeaf& leaf) {
    v1::ReadEvent event;
    event.ParseFromString(leaf.event);
    return event;
  }

  Story story_;
  ReadsFile file_;
  LogIndex first_anchor_ = 0;
  LogIndex second_anchor_ = 0;
};

TEST_F(ReadsCheckTest, AnHonestTrailHoldsAndSaysWhatIsNotAnchoredYet) {
  const auto report = Check(file_);
  EXPECT_TRUE(report.holds()) << Told(report);
  EXPECT_EQ(report.leaves, 9U);
  EXPECT_EQ(report.anchored, 8U);
  EXPECT_EQ(report.anchors, 2U);
  EXPECT_EQ(report.newest_entry, second_anchor_);
  EXPECT_EQ(report.waiting, 1U);
  EXPECT_EQ(report.waiting_since, EventOf(file_.leaves[8]).time_ms());
  const std::string text = ReadsAsText(report, report.waiting_since + 26 * 3'600'000LL);
  EXPECT_NE(text.find("1 d 2 h"), std::string::npos) << text;
}

TEST_F(ReadsCheckTest, TheFileSurvivesItsOwnText) {
  std::string text = ledger::ReadsFileHead(file_.agency, file_.size);
  for (const ReadLeaf& leaf : file_.leaves) {
    text += ledger::ReadsFileLine(leaf);
  }
  EXPECT_TRUE(Check(*ledger::ParseReadsFile(text)).holds());
  const auto broken = ledger::ParseReadsFile(text + "nonsense\n");
  ASSERT_TRUE(broken);
  EXPECT_TRUE(Names(Check(*broken), "line 14", "no leaf"));
  EXPECT_FALSE(ledger::ParseReadsFile("rujukan-reads@v2\n" + text));
}

TEST_F(ReadsCheckTest, AChangedLeafIsNamed) {
  file_.leaves[5].event.back() = static_cast<char>(file_.leaves[5].event.back() ^ 1);
  const auto report = Check(file_);
  EXPECT_TRUE(Names(report, "leaf 5", "was changed")) << Told(report);
  EXPECT_EQ(report.findings.size(), 1U) << Told(report);
}

TEST_F(ReadsCheckTest, AChangedLeafWithAFreshHashIsNamedByItsAnchor) {
  auto event = EventOf(file_.leaves[5]);
  event.set_reader("Orang lain");
  file_.leaves[5].event = event.SerializeAsString();
  Rehash(file_.leaves[5]);
  const auto report = Check(file_);
  EXPECT_TRUE(Names(report, "leaves 4-7", "entry " + std::to_string(second_anchor_)))
      << Told(report);
}

TEST_F(ReadsCheckTest, ALeafTakenOutIsNamed) {
  file_.leaves.erase(file_.leaves.begin() + 2);
  EXPECT_TRUE(Names(Check(file_), "leaf 2", "taken out"));
}

TEST_F(ReadsCheckTest, ALeafTakenOutAndTheRestNumberedAnewIsNamedByItsAnchor) {
  file_.leaves.erase(file_.leaves.begin() + 2);
  for (size_t i = 0; i < file_.leaves.size(); ++i) {
    file_.leaves[i].number = i;
  }
  file_.size = file_.leaves.size();
  const auto report = Check(file_);
  EXPECT_TRUE(Names(report, "leaves 0-3", "entry " + std::to_string(first_anchor_)))
      << Told(report);
}

TEST_F(ReadsCheckTest, ATrailCutAtItsEndIsNamed) {
  file_.leaves.resize(6);
  file_.size = 6;
  const auto report = Check(file_);
  EXPECT_TRUE(Names(report, "leaves 6-7", "entry " + std::to_string(second_anchor_)))
      << Told(report);
}

TEST_F(ReadsCheckTest, LeavesThatChangedPlacesAreFound) {
  std::swap(file_.leaves[1], file_.leaves[2]);
  EXPECT_FALSE(Check(file_).holds());
}

TEST_F(ReadsCheckTest, AMessageThatWasReceivedAndNeverLoggedIsNamedWithItsEntry) {
  auto event = EventOf(file_.leaves[0]);
  event.set_action(v1::ReadAction::VIEWED);
  ReadsFile other = file_;
  other.leaves[0].event = event.SerializeAsString();
  Rehash(other.leaves[0]);
  bool named = false;
  for (const ReadsFinding& finding : Check(other).findings) {
    named = named || finding.problem.find("no leaf says it was opened") != std::string::npos;
  }
  EXPECT_TRUE(named);
}

TEST_F(ReadsCheckTest, ALeafDatedBeforeAnAnchorThatLackedItIsBackdated) {
  auto event = EventOf(file_.leaves[7]);
  event.set_time_ms(EventOf(file_.leaves[0]).time_ms());
  file_.leaves[7].event = event.SerializeAsString();
  Rehash(file_.leaves[7]);
  EXPECT_TRUE(Names(Check(file_), "leaf 7", "backdated"));
}

TEST_F(ReadsCheckTest, AnotherLedgersCheckpointIsNotBelieved) {
  auto entries = story_.world.entries();
  auto files = MakeLog(entries, story_.world.log());
  entries[2][5] = static_cast<char>(entries[2][5] ^ 1);
  testing::PutBundles(entries, files);
  MemorySource source(files);
  const auto report = CheckReads(source, "", file_);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::kCorrupt);
}

}  // namespace
}  // namespace rujukan::audit
