// Goal: a time-stamp proves when the ledger was what it is, and one that proves something else is
// named: another root, another ledger, another time, another authority. Method: a real ledger in
// memory, stamped by an authority of openssl's; then one thing is wrong. Real time, as the
// authority's is.
#include "agents/audit/stamps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "agents/audit/commands.h"
#include "agents/audit/stamp_copy.h"
#include "agents/audit/verify.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "ledger/tree.h"
#include "tests/support/http_stub.h"
#include "tests/support/tsa.h"
#include "tests/unit/audit/log_image.h"

namespace rujukan::audit {
namespace {

using rujukan::testing::HttpStub;
using rujukan::testing::Tsa;
using ::testing::HasSubstr;
using testing::MakeLog;
using testing::MemorySource;
using testing::Story;

class StampsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { tsa = new Tsa; }
  static void TearDownTestSuite() {
    delete tsa;
    tsa = nullptr;
  }

  StampsTest() { story.world.Advance(SystemClock().Now() - story.world.now()); }

  std::string NoteOf(TreeSize size, bool rewritten = false) const {
    ledger::Tree tree;
    for (LogIndex index = 0; index < size; ++index) {
      tree.Append(ledger::LeafHash(story.world.entries()[index] + (rewritten ? "x" : "")));
    }
    ledger::Checkpoint checkpoint{story.world.log().verifier().name, size, tree.Root()};
    return ledger::SignCheckpoint(checkpoint, story.world.log());
  }
  // The broker puts a stamp on record; one that the fold would refuse as well.
  LogIndex Record(const std::string& note, const std::string& token) {
    v1::Entry entry;
    entry.mutable_timestamp()->set_checkpoint(note);
    entry.mutable_timestamp()->set_token(token);
    return story.world.AppendUnchecked(std::move(entry));
  }
  LogIndex Record(const std::string& note) { return Record(note, tsa->Token(certs::Sha256(note))); }

  Report Verified(std::vector<std::string> anchors = {tsa->ca_der()}) {
    MemorySource source(files.empty() ? MakeLog(story.world.entries(), story.world.log()) : files);
    VerifyOptions options;
    options.tsa_anchors = std::move(anchors);
    auto report = Verify(source, options, [](uint64_t, uint64_t) {});
    EXPECT_TRUE(report) << report.error().ToString();
    return report ? std::move(*report) : Report();
  }
  static std::string ProblemOf(const Report& report, Check check = Check::kStamps) {
    for (const Finding& finding : report.Sorted()) {
      if (finding.check == check) {
        return finding.Where() + ": " + finding.problem;
      }
    }
    return "";
  }

  static Tsa* tsa;
  Story story;
  testing::Files files;
};

Tsa* StampsTest::tsa = nullptr;

TEST_F(StampsTest, ALedgerWithoutStampsIsVerifiedAllTheSame) {
  EXPECT_EQ(Verified().outcome(), Outcome::kPass);
  EXPECT_EQ(Verified({}).tally(Check::kStamps).outcome(), Outcome::kPass);
}

TEST_F(StampsTest, AGoodStampTellsWhenAndByWhom) {
  Record(NoteOf(story.world.size()));
  const Report report = Verified();
  EXPECT_EQ(report.outcome(), Outcome::kPass) << ReportAsText(report, "memory");
  EXPECT_EQ(report.tally(Check::kStamps).checked, 1U);
  EXPECT_EQ(report.stamps.count, 1U);
  EXPECT_EQ(report.stamps.authorities,
            (std::vector<std::string>{"CN=Stempel,O=Waktu Contoh,C=ID"}));
  EXPECT_LE(std::abs(report.stamps.last_ms - SystemClock().Now()), 60'000);
  EXPECT_THAT(ReportAsText(report, "memory"), HasSubstr("CN=Stempel,O=Waktu Contoh,C=ID"));
}

TEST_F(StampsTest, WithoutTrustedCertificatesItIsSaidThatNobodyAskedWhoseWordItIs) {
  Record(NoteOf(story.world.size()));
  const Report report = Verified({});
  EXPECT_EQ(report.outcome(), Outcome::kPass);
  EXPECT_THAT(ReportAsText(report, "memory"),
              HasSubstr("not checkable: whose word they are: no --tsa"));
  const auto json = nlohmann::json::parse(ReportAsJson(report, "memory"));
  EXPECT_EQ(json["stamps"]["count"], 1);
  EXPECT_EQ(json["checks"].back()["check"], "stamps");
  EXPECT_THAT(json["checks"].back()["left_out"], HasSubstr("--tsa"));
}

TEST_F(StampsTest, AStampOfAnotherHistoryIsAFailThatNamesItsEntry) {
  const LogIndex index = Record(NoteOf(story.world.size(), /*rewritten=*/true));
  const Report report = Verified();
  EXPECT_EQ(report.outcome(), Outcome::kFail);
  EXPECT_THAT(ProblemOf(report), HasSubstr("entry " + std::to_string(index)));
  EXPECT_THAT(ProblemOf(report), HasSubstr("history was rewritten"));
  EXPECT_EQ(report.stamps.count, 0U);
}

TEST_F(StampsTest, AnAuthorityThatIsNotTrustedIsNamedAsSuch) {
  const Tsa other;
  Record(NoteOf(story.world.size()));
  const Report report = Verified({other.ca_der()});
  EXPECT_EQ(report.outcome(), Outcome::kFail);
  EXPECT_THAT(ProblemOf(report), HasSubstr("not signed by an authority"));
}

TEST_F(StampsTest, ATokenOverOtherBytesIsAFailEvenWithoutTrustedCertificates) {
  Record(NoteOf(story.world.size()), tsa->Token(certs::Sha256("lain")));
  EXPECT_THAT(ProblemOf(Verified({})), HasSubstr("something else"));
}

TEST_F(StampsTest, AStampFarFromTheTimeOfItsEntryIsAFinding) {
  story.world.Advance(limits::kClockSkewMsMax - 30'000);
  Record(NoteOf(story.world.size()));
  EXPECT_EQ(Verified().outcome(), Outcome::kPass) << "within what clocks may differ";
  story.world.Advance(60'000);
  const LogIndex index = Record(NoteOf(story.world.size()));
  const Report report = Verified();
  EXPECT_EQ(report.tally(Check::kStamps).failed, 1U);
  EXPECT_THAT(ProblemOf(report), HasSubstr("entry " + std::to_string(index)));
  EXPECT_THAT(ProblemOf(report), HasSubstr("the authority says"));
}

TEST_F(StampsTest, TheGapSinceTheLastStampIsTold) {
  Record(NoteOf(story.world.size()));
  story.world.Advance(7'200'000);
  v1::Entry entry;
  entry.mutable_contents_removed()->set_settled_before_ms(1);
  story.world.AppendUnchecked(std::move(entry));
  const Report report = Verified();
  EXPECT_NEAR(static_cast<double>(report.stamps.largest_gap_ms), 7'200'000, 60'000);
  EXPECT_THAT(ReportAsText(report, "memory"), HasSubstr("s at the end"));
}

class StampCopyTest : public StampsTest {
 protected:
  StampCopyTest() : directory(testing::MakeTemporaryDirectory()), stub(Answer) { Extend(); }
  ~StampCopyTest() override { std::filesystem::remove_all(directory); }

  static HttpStub::Reply Answer(const HttpStub::Request& request) {
    return {200, "application/timestamp-reply", tsa->Reply(request.body), ""};
  }
  void Extend() {
    testing::WriteFiles(MakeLog(story.world.entries(), story.world.log()), directory);
  }
  Output Line(std::vector<std::string> args) const {
    std::vector<const char*> argv = {"rujukan-audit"};
    for (const std::string& arg : args) {
      argv.push_back(arg.c_str());
    }
    return RunLine(static_cast<int>(argv.size()), argv.data());
  }
  Output Stamp() const {
    return Line({"stamp", directory, "--tsa", stub.url(), "--tsa-ca", tsa->ca_pem_path()});
  }
  Output VerifyCopy() const { return Line({"verify", directory, "--tsa", tsa->ca_pem_path()}); }

  std::string directory;
  HttpStub stub;
};

TEST_F(StampCopyTest, AnAuditorStampsACopyAndVerifyReadsItAlsoWhenTheCopyHasGrown) {
  const std::string size = std::to_string(story.world.size());
  const Output stamped = Stamp();
  ASSERT_EQ(stamped.exit_code, kExitOk) << stamped.error;
  EXPECT_THAT(stamped.text, HasSubstr("timestamps/" + size + ".tsr"));
  EXPECT_EQ(VerifyCopy().exit_code, kExitOk) << VerifyCopy().text;
  EXPECT_EQ(Stamp().exit_code, ExitCodeOf(Errc::kConflict)) << "this size has one";
  v1::Entry entry;
  entry.mutable_contents_removed()->set_settled_before_ms(1);
  story.world.AppendUnchecked(std::move(entry));
  Extend();
  EXPECT_EQ(Stamp().exit_code, kExitOk);
  const Output verified = VerifyCopy();
  EXPECT_EQ(verified.exit_code, kExitOk) << verified.text;
  EXPECT_THAT(verified.text, HasSubstr("Stamps    2, by CN=Stempel"));
}

TEST_F(StampCopyTest, TheKeptFilesAreEnoughForOpensslAlone) {
  ASSERT_EQ(Stamp().exit_code, kExitOk);
  const std::string base = directory + "/timestamps/" + std::to_string(story.world.size());
  const std::string command = "openssl ts -verify -data " + base + ".checkpoint -in " + base +
                              ".tsr -CAfile " + tsa->ca_pem_path() + " >/dev/null 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
}

TEST_F(StampCopyTest, AStampOfARewrittenCopyIsNamedByItsFile) {
  ASSERT_EQ(Stamp().exit_code, kExitOk);
  const std::string base = directory + "/timestamps/" + std::to_string(story.world.size());
  testing::WriteFiles({{"timestamps/" + std::to_string(story.world.size()) + ".checkpoint",
                        NoteOf(story.world.size(), /*rewritten=*/true)}},
                      directory);
  const Output verified = VerifyCopy();
  EXPECT_EQ(verified.exit_code, kExitNotVerified);
  EXPECT_THAT(verified.text, HasSubstr(".tsr: stamps: "));
  EXPECT_THAT(verified.text, HasSubstr("history was rewritten"));
  std::filesystem::remove(base + ".tsr");
  EXPECT_THAT(VerifyCopy().text, HasSubstr(".tsr: stamps: "));
}

TEST_F(StampCopyTest, AnAuthorityThatIsAwayLeavesTheCopyAsItWas) {
  const Output none = Line({"stamp", directory, "--tsa", "http://127.0.0.1:1"});
  EXPECT_EQ(none.exit_code, ExitCodeOf(Errc::kUnavailable));
  EXPECT_FALSE(std::filesystem::exists(directory + "/timestamps"));
}

}  // namespace
}  // namespace rujukan::audit
