// Goal: a ledger of which a reader gets only a part is checked as far as that goes: what is
// withheld is never called good, a false hash in its place is named, and a broker that hides more
// than it may is found out. Method: a real ledger with legs of two pairs of agencies; bundles
// scoped by hand, one thing changed; verify, copy, list.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include "agents/audit/export.h"
#include "agents/audit/log_files.h"
#include "agents/audit/readers.h"
#include "agents/audit/trail.h"
#include "agents/audit/verify.h"
#include "ledger/directory_root.h"
#include "ledger/scoped_bundle.h"
#include "ledger/tree.h"
#include "tests/unit/audit/log_image.h"

namespace rujukan::audit {
namespace {

using testing::Files;
using ::testing::HasSubstr;
using testing::kQuiet;
using testing::MakeLog;
using testing::MemorySource;
using testing::Story;
using testing::VerifyFiles;
using K = v1::Kind;

class ScopedTest : public ::testing::Test {
 protected:
  ScopedTest() {
    world.AddAgency("lpa.31");
    world.AddAgency("sentra.31.75.001");
    world.AddMember("auditor.01", v1::Role::AUDITOR);
    other_ = world.HeaderTo("lpa.31", "sentra.31.75.001", K::RUJUKAN);
    other = world.Append(world.MessageEntry(other_));
    other_delivery = world.Append(world.DeliveryEntry(other_, v1::DeliveryOutcome::DELIVERED));
    v1::AuditRead wish;
    wish.set_purpose("uji\x1b[31m");
    wish.set_first(3);
    read = world.Append(world.AuditReadEntry("auditor.01", std::move(wish)));
  }
  ~ScopedTest() override {
    if (!directory.empty()) {
      std::filesystem::remove_all(directory);
    }
  }

  using Withheld = std::function<bool(LogIndex)>;
  // The scoped bundle of all entries, and the path it has.
  std::string Bundle(const Withheld& withheld) const {
    std::string bundle;
    for (LogIndex index = 0; index < world.size(); ++index) {
      if (withheld(index)) {
        ledger::AppendWithheld(ledger::LeafHash(world.entries()[index]), bundle);
      } else {
        ledger::AppendToBundle(world.entries()[index], bundle);
      }
    }
    return bundle;
  }
  std::string ScopedPath() const { return "scoped/entries/000.p/" + std::to_string(world.size()); }
  std::string PlainPath() const { return "tile/entries/000.p/" + std::to_string(world.size()); }
  Files Scoped(const Withheld& withheld) const {
    Files files = MakeLog(world.entries(), world.log());
    files.erase(PlainPath());
    files[ScopedPath()] = Bundle(withheld);
    return files;
  }
  // As an auditor of the first two agencies gets it.
  bool IsOthers(LogIndex index) const { return index == other || index == other_delivery; }
  Files OfOneLeg() const {
    return Scoped([this](LogIndex index) { return IsOthers(index); });
  }
  // As a reading of the entries from `first` on gets it: out of range only the directory is given.
  Files From(LogIndex first) const {
    return Scoped([this, first](LogIndex index) {
      v1::Entry entry;
      return index < first && entry.ParseFromString(world.entries()[index]) &&
             !ledger::IsDirectoryEntry(entry);
    });
  }
  static std::string Findings(const Report& report) {
    std::string text;
    for (const Finding& finding : report.Sorted()) {
      text += finding.Where() + ": " + finding.problem + "\n";
    }
    return text;
  }
  Result<ExportSummary> ExportTo(Files files) {
    if (directory.empty()) {
      directory = testing::MakeTemporaryDirectory();
    }
    MemorySource source(std::move(files));
    return Export(source, directory + "/copy", "", kQuiet);
  }
  Report VerifyCopy() const {
    const auto source = OpenSource(directory + "/copy", "");
    auto report = Verify(**source, {}, kQuiet);
    EXPECT_TRUE(report) << report.error().ToString();
    return report ? std::move(*report) : Report();
  }

  Story story;
  rujukan::testing::World& world = story.world;
  v1::Header other_;
  LogIndex other = 0;
  LogIndex other_delivery = 0;
  LogIndex read = 0;
  std::string directory;
};

TEST_F(ScopedTest, WhatIsWithheldIsNeverCalledGood) {
  const Report report = VerifyFiles(OfOneLeg());
  EXPECT_EQ(report.findings_total(), 0u) << Findings(report);
  EXPECT_EQ(report.outcome(), Outcome::kNotCheckable);
  EXPECT_EQ(report.withheld, 2u);
  for (const Check check :
       {Check::kEntries, Check::kSignatures, Check::kTransitions, Check::kTime}) {
    EXPECT_EQ(report.tally(check).outcome(), Outcome::kNotCheckable) << CheckName(check);
    EXPECT_THAT(report.tally(check).skipped, HasSubstr("2 entries are withheld"));
  }
  // What the hashes and the directory prove, they prove.
  for (const Check check :
       {Check::kTree, Check::kTiles, Check::kCheckpoint, Check::kDirectory, Check::kCertificates}) {
    EXPECT_EQ(report.tally(check).outcome(), Outcome::kPass) << CheckName(check);
  }
  EXPECT_EQ(report.tally(Check::kTransitions).checked, world.size() - 2);
  EXPECT_EQ(report.tally(Check::kSignatures).checked, world.size() - 2);
  const std::string text = ReportAsText(report, "memory");
  EXPECT_THAT(text, HasSubstr("2 are withheld from you"));
  EXPECT_THAT(text, HasSubstr("INCOMPLETE"));
}

TEST_F(ScopedTest, AFalseHashInThePlaceOfAnEntryIsNamed) {
  Files files = OfOneLeg();
  std::string& bundle = files[ScopedPath()];
  const size_t at = bundle.find(ledger::LeafHash(world.entries()[other]).view());
  ASSERT_NE(at, std::string::npos);
  bundle[at] ^= 1;
  const Report report = VerifyFiles(std::move(files));
  EXPECT_EQ(report.outcome(), Outcome::kFail);
  EXPECT_THAT(Findings(report),
              HasSubstr("entry " + std::to_string(other) + " (tile/0/000.p/" +
                        std::to_string(world.size()) + "): the hash given in the place"));
  EXPECT_EQ(report.tally(Check::kTree).outcome(), Outcome::kFail);
}

TEST_F(ScopedTest, TheHashOfAnotherEntryOrANewEntryInItsPlaceIsNamed) {
  Files files = OfOneLeg();
  std::string bundle;
  for (LogIndex index = 0; index < world.size(); ++index) {
    if (index == other) {
      ledger::AppendWithheld(ledger::LeafHash(world.entries()[other_delivery]), bundle);
    } else if (index == other_delivery) {
      ledger::AppendToBundle(world.entries()[story.referral_index], bundle);
    } else {
      ledger::AppendToBundle(world.entries()[index], bundle);
    }
  }
  files[ScopedPath()] = bundle;
  const std::string findings = Findings(VerifyFiles(std::move(files)));
  EXPECT_THAT(findings, HasSubstr("entry " + std::to_string(other) + " (tile/0/"));
  EXPECT_THAT(findings, HasSubstr("entry " + std::to_string(other_delivery) + " (tile/0/"));
}

TEST_F(ScopedTest, AWithheldDirectoryEntryIsAFinding) {
  LogIndex hidden = 0;
  v1::Entry entry;
  for (LogIndex index = 1; index < other; ++index) {
    ASSERT_TRUE(entry.ParseFromString(world.entries()[index]));
    hidden = ledger::IsDirectoryEntry(entry) ? index : hidden;
  }
  const Report report = VerifyFiles(Scoped([&](LogIndex index) { return index == hidden; }));
  EXPECT_EQ(report.outcome(), Outcome::kFail);
  EXPECT_THAT(Findings(report),
              HasSubstr("entry " + std::to_string(hidden) + ": is a directory entry"));
  EXPECT_THAT(Findings(report), HasSubstr("the broker hides it"));
  EXPECT_EQ(report.findings_total(), 1u) << "one fault, one finding\n" << Findings(report);
}

TEST_F(ScopedTest, WhetherTheEndHidesADirectoryEntryIsNotCheckable) {
  const LogIndex last = world.size() - 1;
  const Report report = VerifyFiles(Scoped([&](LogIndex index) { return index == last; }));
  EXPECT_EQ(report.findings_total(), 0u) << Findings(report);
  EXPECT_EQ(report.tally(Check::kDirectory).outcome(), Outcome::kNotCheckable);
  EXPECT_THAT(report.tally(Check::kDirectory).skipped, HasSubstr("last 1 entries"));
}

TEST_F(ScopedTest, AnEntryThatRestsOnWhatIsWithheldIsNeitherLegalNorIllegal) {
  const Report report = VerifyFiles(From(story.referral_index + 1));
  EXPECT_EQ(report.findings_total(), 0u) << Findings(report);
  EXPECT_EQ(report.tally(Check::kTransitions).outcome(), Outcome::kNotCheckable);
  // The receipt of the referral, and two answers in a leg that nobody saw opened.
  EXPECT_THAT(report.tally(Check::kTransitions).skipped, HasSubstr("nor 3 entries that rest on"));
}

TEST_F(ScopedTest, AnIllegalEntryThatIsGivenIsStillFound) {
  v1::Entry again = world.MessageEntry(story.referral);  // the same id, once more
  world.AppendUnchecked(std::move(again));
  const Report report = VerifyFiles(OfOneLeg());
  EXPECT_THAT(Findings(report),
              HasSubstr("entry " + std::to_string(world.size() - 1) + ": ID_REUSED"));
}

TEST_F(ScopedTest, AReceiptTakenOutOfALegThatIsInScopeIsNoticedByTheNextAnswer) {
  const LogIndex answer = story.acceptance_index - 1;
  const Report report =
      VerifyFiles(Scoped([this](LogIndex index) { return index == story.referral_index + 1; }));
  EXPECT_EQ(report.outcome(), Outcome::kFail);
  EXPECT_THAT(Findings(report),
              HasSubstr("entry " + std::to_string(answer) + ": ILLEGAL_TRANSITION"));
}

TEST_F(ScopedTest, ADamagedScopedBundleNamesItsFile) {
  Files files = OfOneLeg();
  files[ScopedPath()].pop_back();
  const Report report = VerifyFiles(std::move(files));
  EXPECT_THAT(Findings(report), HasSubstr(ScopedPath()));
  EXPECT_EQ(report.tally(Check::kTree).outcome(), Outcome::kPass) << "its hash is in the tile";
}

TEST_F(ScopedTest, ACopyKeepsWhatIsWithheldAsHashesAndVerifiesAsFarAsTheSource) {
  const auto summary = ExportTo(OfOneLeg());
  ASSERT_TRUE(summary) << summary.error().ToString();
  EXPECT_EQ(summary->withheld, 2u);
  EXPECT_FALSE(std::filesystem::exists(directory + "/copy/" + PlainPath()));
  const Report report = VerifyCopy();
  EXPECT_EQ(report.findings_total(), 0u) << Findings(report);
  EXPECT_EQ(report.withheld, 2u);
}

TEST_F(ScopedTest, ACopyGrowsWithWhatALaterReadingGivesAndForgetsNothing) {
  ASSERT_TRUE(ExportTo(OfOneLeg()));
  ASSERT_TRUE(ExportTo(From(other)));  // gives the others' leg, withholds the first one
  EXPECT_EQ(VerifyCopy().outcome(), Outcome::kPass) << "together they are everything";
  EXPECT_FALSE(std::filesystem::exists(directory + "/copy/" + ScopedPath()));
  const auto summary = ExportTo(OfOneLeg());
  ASSERT_TRUE(summary) << summary.error().ToString();
  EXPECT_EQ(summary->withheld, 0u);
}

TEST_F(ScopedTest, ACopyIsNotExtendedByALedgerThatGivesOtherHashes) {
  ASSERT_TRUE(ExportTo(OfOneLeg()));
  Files files = OfOneLeg();
  std::string& bundle = files[ScopedPath()];
  bundle[bundle.find(ledger::LeafHash(world.entries()[other]).view())] ^= 1;
  const auto summary = ExportTo(std::move(files));
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, Errc::kCorrupt);
  EXPECT_THAT(summary.error().context, HasSubstr("entry " + std::to_string(other)));
}

TEST_F(ScopedTest, WhoNeedsEveryEntryIsToldThatSomeAreWithheld) {
  MemorySource source(OfOneLeg());
  const LogFiles files(source);
  EXPECT_EQ(files.ReadBundle(BundleAt(0, world.size())).error().code, Errc::kDenied);
  const auto leaves = files.ReadLeaves(BundleAt(0, world.size()));
  ASSERT_TRUE(leaves);
  EXPECT_TRUE((*leaves)[other].withheld);
}

TEST_F(ScopedTest, ANarrowerBundleIsCutFromTheFullScopedOne) {
  Files files;
  std::string full;
  for (uint64_t i = 0; i < ledger::kTileWidth; ++i) {
    ledger::AppendWithheld(ledger::LeafHash(std::to_string(i)), full);
  }
  files["scoped/entries/000"] = full;
  MemorySource source(std::move(files));
  const auto leaves = LogFiles(source).ReadLeaves({0, 0, 7});
  ASSERT_TRUE(leaves) << leaves.error().ToString();
  EXPECT_EQ(leaves->size(), 7u);
  EXPECT_EQ(leaves->back().Hash(), ledger::LeafHash("6"));
}

TEST_F(ScopedTest, ATrailInScopeIsShownAndOneOutOfItIsUnknown) {
  MemorySource source(OfOneLeg());
  const auto trail = ReadTrail(source, "", {FormatUuid(story.referral.leg_id()), {}});
  ASSERT_TRUE(trail) << trail.error().ToString();
  EXPECT_EQ(trail->events.size(), 5u) << "four of the leg, and who has read it";
  EXPECT_EQ(ReadTrail(source, "", {FormatUuid(other_.leg_id()), {}}).error().code, Errc::kNotFound);
}

TEST_F(ScopedTest, WhoReadWhatAndWhyIsListedFromTheEntries) {
  MemorySource source(OfOneLeg());
  const auto readers = ReadReaders(source, "", "");
  ASSERT_TRUE(readers) << readers.error().ToString();
  ASSERT_EQ(readers->events.size(), 1u);
  EXPECT_EQ(readers->events[0].index, read);
  EXPECT_EQ(readers->events[0].auditor, "auditor.01@lampung.example");
  EXPECT_EQ(readers->events[0].first, 3u);
  EXPECT_EQ(readers->withheld, 2u);
  const std::string text = ReadersAsText(*readers);
  EXPECT_THAT(text, HasSubstr("entries 3-"));
  EXPECT_THAT(text, HasSubstr("2 entries were withheld"));
  EXPECT_THAT(text, HasSubstr("uji\\x1b[31m")) << "shown, not obeyed";
  EXPECT_TRUE(ReadReaders(source, "", "auditor.02@lampung.example")->events.empty());
}

TEST_F(ScopedTest, ReadersOfEntriesThatTheCheckpointDoesNotSignAreNotShown) {
  Files files = OfOneLeg();
  std::string& bundle = files[ScopedPath()];
  bundle[bundle.find(ledger::LeafHash(world.entries()[other]).view())] ^= 1;
  MemorySource source(std::move(files));
  EXPECT_EQ(ReadReaders(source, "", "").error().code, Errc::kCorrupt);
}

}  // namespace
}  // namespace rujukan::audit
