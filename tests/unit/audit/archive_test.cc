// Goal: live and archived entries verify as one ledger; archive files are checked alone first, and
// a missing, damaged, swapped or foreign one is named with its range. Method: a real ledger as
// files, bundles moved from it to archive files; one thing altered at a time.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "agents/audit/archive_file.h"
#include "agents/audit/export.h"
#include "agents/audit/layered_source.h"
#include "agents/audit/log_files.h"
#include "agents/audit/verify.h"
#include "base/limits.h"
#include "tests/unit/audit/log_image.h"

namespace rujukan::audit {
namespace {

namespace fs = std::filesystem;
using ledger::ArchiveRange;

class AuditArchiveTest : public ::testing::Test {
 protected:
  AuditArchiveTest() : folder_(testing::MakeTemporaryDirectory()) {
    while (story_.world.size() < 800) {
      const v1::Header header =
          story_.world.HeaderTo(story_.referral.from().substr(0, story_.referral.from().find('@')),
                                story_.referral.to(0).substr(0, story_.referral.to(0).find('@')),
                                v1::Kind::PEMBERITAHUAN);
      story_.world.Append(story_.world.MessageEntry(header));
      story_.world.Append(story_.world.DeliveryEntry(header, v1::DeliveryOutcome::DELIVERED));
    }
    files_ = testing::MakeLog(story_.world.entries(), story_.world.log());
    fs::create_directories(archive());
    Move({0, 256});
    Move({256, 512});
  }
  ~AuditArchiveTest() override { fs::remove_all(folder_); }

  std::string archive() const { return folder_ + "/archive"; }
  std::string PathOf(const ArchiveRange& range) const {
    return archive() + "/" + ledger::ArchiveName(range);
  }

  // One bundle from the live files to an archive file.
  void Move(const ArchiveRange& range) {
    testing::MemorySource source(files_);
    const LogFiles files(source);
    const std::string note = files.ReadCheckpoint().value();
    const auto checkpoint = ledger::OpenCheckpoint(note, story_.world.log().verifier()).value();
    const auto bundle = BundleAt(range.first / 256, checkpoint.size);
    std::ofstream file(PathOf(range), std::ios::binary);
    ledger::ArchiveWriter writer(
        ledger::MakeArchiveHeader(range, checkpoint, note, files).value(),
        [&](std::string_view bytes) {
          file << bytes;
          return Result<void>();
        },
        limits::kArchiveFileBytesMax);
    ASSERT_TRUE(writer.Begin());
    ASSERT_TRUE(writer.Add(files.ReadBundle(bundle).value()));
    ASSERT_TRUE(writer.Finish());
    files_.erase(ledger::EntriesPath(bundle));
  }
  void Flip(const std::string& path, int64_t from_end) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(-from_end, std::ios::end);
    const auto byte = static_cast<char>(file.get() ^ 1);
    file.seekp(-from_end, std::ios::end);
    file.put(byte);
  }

  std::unique_ptr<Source> Layered() {
    auto source = OpenLayeredSource(
        std::make_unique<testing::MemorySource>(files_), {archive()}, /*vkey=*/"");
    EXPECT_TRUE(source) << source.error().ToString();
    return std::move(*source);
  }
  Report Verified() {
    const auto source = Layered();
    VerifyOptions options;
    options.threads = 1;
    return Verify(*source, options, [](uint64_t, uint64_t) {}).value();
  }
  static std::string Problems(const Report& report) {
    std::string text;
    for (const Finding& finding : report.Sorted()) {
      text += finding.Where() + " | " + finding.problem + "\n";
    }
    return text;
  }
  static void ExpectSays(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << "it says: " << text;
  }

  const std::string folder_;
  testing::Story story_;
  testing::Files files_;
};

TEST_F(AuditArchiveTest, LiveAndArchivedEntriesVerifyAsOneLedger) {
  const Report report = Verified();
  EXPECT_EQ(report.outcome(), Outcome::kPass) << Problems(report);
  EXPECT_EQ(report.tally(Check::kTransitions).checked, story_.world.size());
}

TEST_F(AuditArchiveTest, AnExportOfBothIsAWholeCopy) {
  const auto source = Layered();
  ASSERT_TRUE(Export(*source, folder_ + "/copy", "", [](uint64_t, uint64_t) {}));
  const auto copy = OpenSource(folder_ + "/copy", "").value();
  VerifyOptions options;
  EXPECT_EQ(Verify(*copy, options, [](uint64_t, uint64_t) {})->outcome(), Outcome::kPass);
}

TEST_F(AuditArchiveTest, AMissingFileIsNamedOnceWithItsRange) {
  fs::remove(PathOf({0, 256}));
  const Report report = Verified();
  EXPECT_EQ(report.outcome(), Outcome::kFail);
  EXPECT_EQ(report.tally(Check::kEntries).failed, 1U) << Problems(report);
  ExpectSays(Problems(report),
             "entries 0-255: archive file entries-000000000000-000000000255.rujukan-archive is "
             "missing");
}

TEST_F(AuditArchiveTest, TheLastMissingFileIsNamedUpToWhereTheLiveEntriesBegin) {
  fs::remove(PathOf({256, 512}));
  ExpectSays(Problems(Verified()), "entries 256-511: archive file");
}

TEST_F(AuditArchiveTest, ADamagedFileIsNamedWithItsRangeAndItsEntry) {
  Flip(PathOf({256, 512}), 32 + 256 * 32 + 5 + 10);  // inside the last entry
  const std::string problems = Problems(Verified());
  ExpectSays(problems, PathOf({256, 512}) + " | entries 256-511: archive file is damaged");
  const auto verdict = CheckArchive(PathOf({256, 512}), story_.world.log().verifier()).value();
  ASSERT_EQ(verdict.faults.size(), 2U);
  EXPECT_EQ(verdict.faults[1].entry, 511U);
}

TEST_F(AuditArchiveTest, ATruncatedFileIsNamed) {
  fs::resize_file(PathOf({0, 256}), fs::file_size(PathOf({0, 256})) / 2);
  ExpectSays(Problems(Verified()),
             "entries 0-255: archive file is damaged and not used: it breaks");
}

TEST_F(AuditArchiveTest, SwappedNamesAreNamed) {
  fs::rename(PathOf({0, 256}), folder_ + "/aside");
  fs::rename(PathOf({256, 512}), PathOf({0, 256}));
  fs::rename(folder_ + "/aside", PathOf({256, 512}));
  const std::string problems = Problems(Verified());
  ExpectSays(problems, PathOf({0, 256}) + " | entries 0-255: archive file is damaged");
  ExpectSays(problems, "it holds entries 256-511, its name says otherwise");
}

TEST_F(AuditArchiveTest, AFileSignedByAnotherKeyOrOfAnotherHistoryIsNotUsed) {
  const auto stranger =
      ledger::NoteSigner::Make(story_.world.log().verifier().name, certs::Ed25519Key::Generate());
  EXPECT_FALSE(CheckArchive(PathOf({0, 256}), stranger->verifier())->faults.empty());

  // The same key, another history: good alone, but not of this tree.
  const testing::Files mine = files_;
  std::vector<std::string> other = story_.world.entries();
  other[300] = other[301];
  files_ = testing::MakeLog(other, story_.world.log());
  Move({256, 512});
  files_ = mine;
  EXPECT_TRUE(CheckArchive(PathOf({256, 512}), story_.world.log().verifier())->faults.empty());
  ExpectSays(Problems(Verified()), "it is of another history");
}

TEST_F(AuditArchiveTest, WithoutAKeyNothingOfAnArchiveIsBelieved) {
  files_.erase("vkey");
  EXPECT_EQ(
      Errc::kInvalid,
      OpenLayeredSource(std::make_unique<testing::MemorySource>(files_), {archive()}, /*vkey=*/"")
          .error()
          .code);
  EXPECT_EQ(Errc::kNotFound,
            OpenLayeredSource(std::make_unique<testing::MemorySource>(files_),
                              {folder_ + "/nowhere"},
                              story_.world.log().verifier().ToVkey())
                .error()
                .code);
}

}  // namespace
}  // namespace rujukan::audit
