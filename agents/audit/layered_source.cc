#include "agents/audit/layered_source.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "agents/audit/anchor.h"
#include "agents/audit/log_files.h"
#include "base/limits.h"
#include "ledger/tile.h"

namespace rujukan::audit {
namespace {

using ledger::ArchiveRange;
using ledger::kTileWidth;
constexpr uint64_t kBundlesProbed = limits::kArchiveEntriesMax / kTileWidth;
constexpr size_t kVkeyBytesMax = 1024;

// The number of the whole bundle that a path names; nullopt: it names something else.
std::optional<uint64_t> WholeBundle(const std::string& path) {
  const auto parsed = ledger::ParseTilePath(path);
  if (!parsed || parsed->kind != ledger::TileKind::kEntries || parsed->id.width != kTileWidth) {
    return std::nullopt;
  }
  return parsed->id.number;
}

class LayeredSource : public Source {
 public:
  explicit LayeredSource(std::unique_ptr<Source> live) : live_(std::move(live)) {}

  // Verifies every archive file there is.
  Result<void> Load(const std::vector<std::string>& folders, const ledger::NoteVerifier& log) {
    TreeSize size = 0;  // of the live tree; 0: unknown
    if (const auto note = live_->Read("checkpoint", limits::kCheckpointBytesMax)) {
      if (const auto checkpoint = ledger::OpenCheckpoint(*note, log)) {
        size = checkpoint->size;
      }
    }
    for (const std::string& folder : folders) {
      RETURN_IF_ERROR(LoadFolder(folder, log, size));
    }
    return {};
  }

  Result<std::string> Read(const std::string& path, size_t bytes_max) override {
    auto bytes = live_->Read(path, bytes_max);
    const std::optional<uint64_t> bundle = WholeBundle(path);
    if (bytes || bytes.error().code != Errc::kNotFound || !bundle) {
      return bytes;
    }
    const auto file = files_.upper_bound({*bundle * kTileWidth, UINT64_MAX});
    if (file == files_.begin() || !std::prev(file)->first.Holds(*bundle * kTileWidth)) {
      return Fail(Errc::kNotFound, Missing(*bundle * kTileWidth));
    }
    return ReadArchived(std::prev(file)->first, std::prev(file)->second, *bundle);
  }

  const std::string& name() const override { return live_->name(); }
  std::vector<Fault> Faults() const override { return faults_; }

 private:
  Result<void> LoadFolder(const std::string& folder,
                          const ledger::NoteVerifier& log,
                          TreeSize size) {
    std::error_code error;
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
      if (entry.path().extension() == ".rujukan-archive") {
        paths.push_back(entry.path().string());
      }
    }
    if (error) {
      return Fail(Errc::kNotFound, folder + ": " + error.message());
    }
    std::sort(paths.begin(), paths.end());
    for (const std::string& path : paths) {
      ASSIGN_OR_RETURN(const ArchiveVerdict verdict, CheckArchive(path, log));
      std::string problem = verdict.faults.empty() ? "" : verdict.faults.front().Text();
      if (problem.empty() && !FitsLive(*verdict.header, size)) {
        problem = "it is of another history than " + live_->name();
      }
      if (problem.empty()) {
        files_.emplace(verdict.header->range, path);
      } else {
        NoteDamaged(path, verdict, problem);
      }
    }
    return {};
  }

  void NoteDamaged(const std::string& path,
                   const ArchiveVerdict& verdict,
                   const std::string& problem) {
    const auto named = ledger::ParseArchiveName(std::filesystem::path(path).filename().string());
    std::string text = "archive file is damaged and not used: " + problem;
    if (named) {
      text = ledger::RangeText(*named) + ": " + text;
      damaged_[*named] = path;
    } else if (verdict.header) {
      text = ledger::RangeText(verdict.header->range) + ": " + text;
    }
    faults_.push_back({path, text});
  }

  // Where the live tiles cannot be read, the verification of the tree says so.
  bool FitsLive(const ledger::ArchiveHeader& header, TreeSize size) const {
    if (header.range.end > size) {
      return true;  // a smaller copy: its entries are not asked for
    }
    const LogFiles tiles(*live_);
    const auto root = ledger::RangeRoot(header.range, size, tiles);
    return !root || *root == header.root;
  }

  Result<std::string> ReadArchived(const ArchiveRange& range,
                                   const std::string& path,
                                   uint64_t bundle) {
    if (opened_range_ != range || !archive_) {
      archive_.reset();
      ASSIGN_OR_RETURN(file_, ArchiveFile::Open(path));
      ASSIGN_OR_RETURN(ledger::Archive archive, ledger::Archive::Open(*file_));
      archive_.emplace(std::move(archive));
      opened_range_ = range;
    }
    return archive_->ReadBundle(bundle);
  }

  // Which file it would take: the gap between the files around it.
  std::string Missing(LogIndex first) {
    for (const auto& [range, path] : damaged_) {
      if (range.Holds(first)) {
        return ledger::RangeText(range) + ": archive file " + path + " is damaged";
      }
    }
    if (!gap_.Holds(first)) {
      gap_ = GapAround(first);
    }
    const bool one_file = ledger::CheckRange(gap_).has_value();
    return ledger::RangeText(gap_) + ": " +
           (one_file ? "archive file " + ledger::ArchiveName(gap_) + " is missing"
                     : "archive files are missing");
  }

  ArchiveRange GapAround(LogIndex first) const {
    ArchiveRange gap{0, 0};
    const auto after = files_.upper_bound({first, UINT64_MAX});
    if (after != files_.begin()) {
      gap.first = std::prev(after)->first.end;
    }
    if (after != files_.end()) {
      gap.end = after->first.first;
      return gap;
    }
    gap.end = first + kTileWidth;
    for (uint64_t probed = 0; probed < kBundlesProbed; ++probed, gap.end += kTileWidth) {
      ledger::TileId id;
      id.number = gap.end / kTileWidth;
      if (live_->Read(ledger::EntriesPath(id), limits::kBundleBytesMax)) {
        return gap;
      }
    }
    return {gap.first, first + kTileWidth};
  }

  const std::unique_ptr<Source> live_;
  std::map<ArchiveRange, std::string> files_;  // verified: range -> path
  std::map<ArchiveRange, std::string> damaged_;
  std::vector<Fault> faults_;
  ArchiveRange gap_;  // found last
  ArchiveRange opened_range_;
  std::unique_ptr<ArchiveFile> file_;
  std::optional<ledger::Archive> archive_;
};

Result<ledger::NoteVerifier> KeyFor(Source& live, const std::string& vkey) {
  if (!vkey.empty()) {
    return ParseVkeyOrFile(vkey);
  }
  const auto own = live.Read("vkey", kVkeyBytesMax);
  if (!own) {
    return Fail(Errc::kInvalid, "no ledger key to check the archive files with: pass --vkey");
  }
  return ledger::NoteVerifier::Parse(own->substr(0, own->find_first_of("\r\n")));
}

}  // namespace

Result<std::unique_ptr<Source>> OpenLayeredSource(std::unique_ptr<Source> live,
                                                  const std::vector<std::string>& folders,
                                                  const std::string& vkey) {
  ASSIGN_OR_RETURN(const ledger::NoteVerifier log, KeyFor(*live, vkey));
  auto layered = std::make_unique<LayeredSource>(std::move(live));
  RETURN_IF_ERROR(layered->Load(folders, log));
  return std::unique_ptr<Source>(std::move(layered));
}

}  // namespace rujukan::audit
