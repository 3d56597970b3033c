#include "agents/audit/export.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "agents/audit/anchor.h"
#include "agents/audit/certificate_files.h"
#include "agents/link/durable_file.h"
#include "base/limits.h"

namespace rujukan::audit {
namespace {

using ledger::GivenLeaf;
using ledger::kTileWidth;
using ledger::TileId;

bool IsEmptyFolder(const std::string& path) {
  std::error_code error;
  return !std::filesystem::exists(path, error) || std::filesystem::is_empty(path, error);
}

// The signed old checkpoint is a prefix of the new ledger.
Result<TreeSize> CheckContinues(const std::string& old_note,
                                const Anchor& anchor,
                                const LogFiles& files) {
  const auto old = ledger::OpenCheckpoint(old_note, anchor.log);
  if (!old) {
    return Fail(Errc::kConflict, "the folder holds an export of another ledger; name another one");
  }
  if (old->size > anchor.checkpoint.size) {
    return Fail(Errc::kConflict,
                "the folder holds " + std::to_string(old->size) + " entries, the ledger only " +
                    std::to_string(anchor.checkpoint.size) +
                    ": a ledger never shrinks. Keep the folder and ask its operator");
  }
  if (old->size > 0) {
    ASSIGN_OR_RETURN(const Digest root,
                     ledger::RootAt(old->size, PresentTiles(files, anchor.checkpoint.size)));
    if (root != old->root) {
      return Fail(Errc::kCorrupt,
                  "the ledger does not continue the one in this folder: its history was "
                  "rewritten. Keep the folder as evidence and export to another");
    }
  }
  return old->size;
}

class Exporter {
 public:
  Exporter(const LogFiles& files, const std::string& directory, const Anchor& anchor)
      : files_(files), directory_(directory), anchor_(anchor), certificates_(directory) {}

  Result<ExportSummary> Run(const Progress& progress) {
    ASSIGN_OR_RETURN(summary_.old_size, CheckTarget());
    summary_.origin = anchor_.checkpoint.origin;
    summary_.size = anchor_.checkpoint.size;
    // First: marks the folder as this ledger's, so that an interrupted export can go on.
    RETURN_IF_ERROR(Write("vkey", anchor_.log.ToVkey() + "\n"));
    for (uint32_t level = 0; ledger::TileWidthAt(level, 0, summary_.size) > 0; ++level) {
      RETURN_IF_ERROR(CopyLevel(level));
    }
    for (LogIndex first = 0; first < summary_.size; first += kTileWidth) {
      const TileId id = BundleAt(first / kTileWidth, summary_.size);
      RETURN_IF_ERROR(CopyBundle(id));
      progress(first + id.width, summary_.size);
    }
    summary_.certificates = certificates_.count();
    // Last: everything it covers is durable by now.
    RETURN_IF_ERROR(Write("checkpoint", anchor_.note));
    return summary_;
  }

 private:
  std::string PathOf(const std::string& name) const { return directory_ + "/" + name; }

  Result<void> Write(const std::string& name, std::string_view bytes) const {
    return link::WriteDurably(PathOf(name), bytes);
  }

  Result<TreeSize> CheckTarget() const {
    const auto note = ReadFile(PathOf("checkpoint"), limits::kCheckpointBytesMax);
    if (note) {
      return CheckContinues(*note, anchor_, files_);
    }
    const auto marker = ReadFile(PathOf("vkey"), limits::kCheckpointBytesMax);
    const bool interrupted = marker && *marker == anchor_.log.ToVkey() + "\n";
    if (!interrupted && !IsEmptyFolder(directory_)) {
      return Fail(Errc::kConflict,
                  directory_ + " holds something else than an export; name an empty folder");
    }
    return TreeSize{0};
  }

  // One by one, never as a list: the size is the other side's word until its files are there.
  Result<void> CopyLevel(uint32_t level) {
    TileId id{level, 0, ledger::TileWidthAt(level, 0, summary_.size)};
    while (id.width > 0) {
      RETURN_IF_ERROR(CopyTile(id));
      ++id.number;
      id.width = ledger::TileWidthAt(level, id.number, summary_.size);
    }
    return {};
  }

  Result<void> CopyTile(const TileId& id) {
    ++summary_.tiles;
    const std::string name = ledger::TilePath(id);
    const auto kept = ReadFile(PathOf(name), kTileWidth * Digest::kSize);
    if (kept && kept->size() == id.width * Digest::kSize) {
      return {};
    }
    ASSIGN_OR_RETURN(const std::string bytes, files_.ReadTile(id));
    return Write(name, bytes);
  }

  Result<void> CopyBundle(const TileId& id) {
    ++summary_.bundles;
    const auto kept = KeptLeaves(id);
    if (kept && CountWithheld(*kept) == 0) {
      return Note(*kept);
    }
    ASSIGN_OR_RETURN(BundleFile given, files_.ReadBundleFile(id));
    ASSIGN_OR_RETURN(std::vector<GivenLeaf> leaves, ParseLeaves(given, id.width));
    if (kept) {
      RETURN_IF_ERROR(Join(id, *kept, leaves));
    }
    const bool scoped = CountWithheld(leaves) > 0;
    if (!scoped && kept) {
      std::error_code ignored;  // read first, it would hide what is known by now
      std::filesystem::remove(PathOf(ledger::ScopedEntriesPath(id)), ignored);
    }
    RETURN_IF_ERROR(
        Write(scoped ? ledger::ScopedEntriesPath(id) : ledger::EntriesPath(id), BundleOf(leaves)));
    return Note(leaves);
  }

  // What the folder has of the bundle, if it is whole; the copy of a scoped reading first grows
  // with every reading that gives more.
  std::optional<std::vector<GivenLeaf>> KeptLeaves(const TileId& id) const {
    for (const bool scoped : {false, true}) {
      BundleFile file{scoped ? ledger::ScopedEntriesPath(id) : ledger::EntriesPath(id), scoped, ""};
      auto bytes = ReadFile(PathOf(file.path), limits::kBundleBytesMax);
      if (!bytes) {
        continue;
      }
      file.bytes = std::move(*bytes);
      auto leaves = ParseLeaves(file, id.width);
      if (leaves) {
        return std::move(*leaves);
      }
    }
    return std::nullopt;
  }

  // An entry that the copy has is not lost because this reading does not give it.
  static Result<void> Join(const TileId& id,
                           const std::vector<GivenLeaf>& kept,
                           std::vector<GivenLeaf>& leaves) {
    for (size_t i = 0; i < leaves.size(); ++i) {
      if (kept[i].Hash() != leaves[i].Hash()) {
        return Fail(Errc::kCorrupt,
                    "entry " + std::to_string(id.number * kTileWidth + i) +
                        " is not what it was in this folder: history was rewritten. Keep the "
                        "folder as evidence and export to another");
      }
      if (leaves[i].withheld) {
        leaves[i] = kept[i];
      }
    }
    return {};
  }

  static uint64_t CountWithheld(const std::vector<GivenLeaf>& leaves) {
    return static_cast<uint64_t>(std::count_if(
        leaves.begin(), leaves.end(), [](const GivenLeaf& leaf) { return leaf.withheld; }));
  }

  // For the summary, and its certificates.
  Result<void> Note(const std::vector<GivenLeaf>& leaves) {
    summary_.withheld += CountWithheld(leaves);
    std::vector<std::string> entries;
    for (const GivenLeaf& leaf : leaves) {
      if (!leaf.withheld) {
        entries.push_back(leaf.entry);
      }
    }
    return certificates_.WriteFound(entries);
  }

  const LogFiles& files_;
  const std::string directory_;
  const Anchor& anchor_;
  CertificateFiles certificates_;
  ExportSummary summary_;
};

}  // namespace

Result<ExportSummary> Export(Source& source,
                             const std::string& directory,
                             const std::string& vkey,
                             const Progress& progress) {
  const LogFiles files(source);
  ASSIGN_OR_RETURN(const Anchor anchor, ReadSignedAnchor(files, vkey));
  return Exporter(files, directory, anchor).Run(progress);
}

}  // namespace rujukan::audit
