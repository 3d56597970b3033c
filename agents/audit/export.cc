#include "agents/audit/export.h"

#include <filesystem>

#include "agents/audit/anchor.h"
#include "agents/audit/certificate_files.h"
#include "agents/link/durable_file.h"
#include "base/limits.h"

namespace rujukan::audit {
namespace {

using ledger::kTileWidth;
using ledger::TileId;

bool IsEmptyFolder(const std::string& path) {
  std::error_code error;
  return !std::filesystem::exists(path, error) || std::filesystem::is_empty(path, error);
}

// Tiles as wide as the ledger now has them: the narrower ones of an older size need not be there
// any more.
class PresentTiles : public ledger::TileReader {
 public:
  PresentTiles(const LogFiles& files, TreeSize size) : files_(files), size_(size) {}
  Result<std::string> ReadTile(const TileId& id) const override {
    TileId present = id;
    present.width = ledger::TileWidthAt(id.level, id.number, size_);
    return files_.ReadTile(present);
  }

 private:
  const LogFiles& files_;
  const TreeSize size_;
};

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
    const std::string name = ledger::EntriesPath(id);
    const auto kept = ReadFile(PathOf(name), limits::kBundleBytesMax);
    if (kept) {
      const auto entries = ledger::ParseBundle(*kept, id.width);
      if (entries) {
        return certificates_.WriteFound(*entries);
      }
    }
    ASSIGN_OR_RETURN(const std::string bytes, files_.ReadBundleBytes(id));
    ASSIGN_OR_RETURN(const auto entries, ledger::ParseBundle(bytes, id.width));
    RETURN_IF_ERROR(Write(name, bytes));
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
