#include "agents/audit/watch_copy.h"

#include <unistd.h>

#include "agents/link/durable_file.h"
#include "base/limits.h"

namespace rujukan::audit {
namespace {

using ledger::GivenLeaf;
using ledger::kTileWidth;
using ledger::TileId;
using Growth = WatchCopy::Extension::Outcome;

constexpr char kNotTheTrees[] = "is not what the signed tree has";

// Tiles as wide as a tree of `size` has them; narrower ones are their beginning.
class TilesOf : public ledger::TileReader {
 public:
  TilesOf(const LogFiles& files, TreeSize size) : files_(files), size_(size) {}
  Result<std::string> ReadTile(const TileId& id) const override {
    TileId present = id;
    present.width = ledger::TileWidthAt(id.level, id.number, size_);
    return files_.ReadTile(present);
  }

 private:
  const LogFiles& files_;
  const TreeSize size_;
};

// Damage of what is served is a finding; a server that does not answer is not.
bool IsDamage(const Error& error) {
  return error.code == Errc::kNotFound || error.code == Errc::kCorrupt ||
         error.code == Errc::kLimit || error.code == Errc::kInvalid;
}

WatchCopy::Extension Gap(std::string file, std::string problem) {
  return {Growth::kGap, std::move(file), std::move(problem)};
}

Result<void> AppendLeaves(std::string_view tile, size_t from, ledger::Tree& tree) {
  for (size_t i = from; i < tile.size() / Digest::kSize; ++i) {
    ASSIGN_OR_RETURN(const Digest leaf,
                     Digest::FromBytes(tile.substr(i * Digest::kSize, Digest::kSize)));
    tree.Append(leaf);
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<WatchCopy>> WatchCopy::Open(const std::string& folder,
                                                   const ledger::NoteVerifier& log) {
  RETURN_IF_ERROR(link::MakeFolders(folder));
  ASSIGN_OR_RETURN(std::unique_ptr<Source> source, OpenSource(folder, ""));
  std::unique_ptr<WatchCopy> copy(new WatchCopy(folder, std::move(source)));
  RETURN_IF_ERROR(copy->Write("vkey", log.ToVkey() + "\n"));
  return copy;
}

WatchCopy::WatchCopy(std::string folder, std::unique_ptr<Source> source)
    : folder_(std::move(folder)),
      source_(std::move(source)),
      files_(*source_),
      certificates_(folder_),
      root_(ledger::EmptyRoot()) {}

Result<void> WatchCopy::Write(const std::string& name, std::string_view bytes) const {
  return link::WriteDurably(PathOf(name), bytes);
}

Result<std::optional<std::string>> WatchCopy::Verify() {
  const auto note = source_->Read("checkpoint", limits::kCheckpointBytesMax);
  if (!note && note.error().code == Errc::kNotFound) {
    return std::optional<std::string>();
  }
  RETURN_IF_ERROR(note);
  ASSIGN_OR_RETURN(const ledger::Note parsed, ledger::ParseNote(*note));
  ASSIGN_OR_RETURN(const auto checkpoint, ledger::Checkpoint::Parse(parsed.text));
  ledger::Tree tree;
  for (LogIndex first = 0; first < checkpoint.size; first += kTileWidth) {
    const TileId id = BundleAt(first / kTileWidth, checkpoint.size);
    ASSIGN_OR_RETURN(const std::string tile, files_.ReadTile(id));
    RETURN_IF_ERROR(AppendLeaves(tile, 0, tree));
    static_cast<void>(tree.TakeChangedTiles());  // stored already; only the root is of interest
  }
  if (tree.Root() != checkpoint.root) {
    return Fail(Errc::kCorrupt, folder_ + ": the tiles of this copy do not have its signed root");
  }
  size_ = checkpoint.size;
  root_ = checkpoint.root;
  return std::optional<std::string>(*note);
}

Result<Digest> WatchCopy::RootAt(TreeSize size) const {
  if (size == 0) {
    return ledger::EmptyRoot();
  }
  return size == size_ ? Result<Digest>(root_) : ledger::RootAt(size, TilesOf(files_, size_));
}

Result<void> WatchCopy::AppendTile(const LogFiles& remote, const TileId& id, ledger::Tree& tree) {
  ASSIGN_OR_RETURN(const std::string tile, remote.ReadTile(id));
  const size_t known = tree.size() - id.number * kTileWidth;
  if (known > 0) {
    ASSIGN_OR_RETURN(const std::string ours, files_.ReadTile(BundleAt(id.number, size_)));
    if (!tile.starts_with(ours)) {
      return Fail(Errc::kCorrupt, ledger::TilePath(id) + " begins with other hashes than before");
    }
  }
  return AppendLeaves(tile, known, tree);
}

// Full tiles are kept at once, so that memory holds one growing tile a level. What lies beyond the
// copy's checkpoint is not believed by anybody until Commit.
Result<void> WatchCopy::KeepTiles(ledger::Tree& tree, Growing& growing) {
  for (auto& [id, bytes] : tree.TakeChangedTiles()) {
    if (id.width == kTileWidth) {
      RETURN_IF_ERROR(Write(ledger::TilePath(id), bytes));
      growing.erase({id.level, id.number});
    } else {
      growing[{id.level, id.number}] = std::move(bytes);
    }
  }
  return {};
}

Result<WatchCopy::Extension> WatchCopy::Extend(const LogFiles& remote,
                                               const ledger::Checkpoint& next) {
  if (next.size > limits::kAuditEntriesMax) {
    return Gap("checkpoint", "it claims " + std::to_string(next.size) + " entries");
  }
  ASSIGN_OR_RETURN(ledger::Tree tree, ledger::Tree::Load(size_, TilesOf(files_, size_)));
  Growing growing;
  for (uint64_t number = size_ / kTileWidth; number * kTileWidth < next.size; ++number) {
    const TileId id = BundleAt(number, next.size);
    const auto appended = AppendTile(remote, id, tree);
    if (!appended) {
      if (!IsDamage(appended.error())) {
        return Fail(appended.error());
      }
      return Diagnose(remote, next, Gap(ledger::TilePath(id), appended.error().context));
    }
    RETURN_IF_ERROR(KeepTiles(tree, growing));
  }
  if (tree.Root() != next.root) {
    return Diagnose(remote, next, Gap("tile/0", "the hashes do not come to the signed root"));
  }
  for (const auto& [place, bytes] : growing) {
    const auto width = static_cast<uint32_t>(bytes.size() / Digest::kSize);
    RETURN_IF_ERROR(Write(ledger::TilePath({place.first, place.second, width}), bytes));
  }
  return Extension();
}

// The served tiles did not extend ours to the signed root. It is a fork only if they themselves
// lead to the signed root and to another root at our size; everything else is missing or damaged.
Result<WatchCopy::Extension> WatchCopy::Diagnose(const LogFiles& remote,
                                                 const ledger::Checkpoint& next,
                                                 const Extension& suspect) const {
  const TilesOf tiles(remote, next.size);
  const auto root = ledger::RootAt(next.size, tiles);
  if (!root) {
    return IsDamage(root.error()) ? Result<Extension>(Gap(suspect.file, suspect.problem))
                                  : Fail(root.error());
  }
  if (*root != next.root) {
    return Gap(suspect.file, std::string(kNotTheTrees) + ": " + suspect.problem);
  }
  if (size_ == 0) {
    return Gap(suspect.file, suspect.problem);
  }
  const auto before = ledger::RootAt(size_, tiles);
  if (!before) {
    return IsDamage(before.error()) ? Result<Extension>(Gap(suspect.file, suspect.problem))
                                    : Fail(before.error());
  }
  if (*before == root_) {
    return Gap(suspect.file, std::string(kNotTheTrees) + ": " + suspect.problem);
  }
  return Extension{Growth::kFork, "", "its tiles prove another beginning"};
}

Result<void> WatchCopy::Commit(const std::string& note, const ledger::Checkpoint& next) {
  RETURN_IF_ERROR(Write("checkpoint", note));
  const TreeSize before = size_;
  size_ = next.size;
  root_ = next.root;
  ForgetNarrower(before);
  return {};
}

// Partial tiles of the size before, now wider: at most one a level, and the last bundle.
void WatchCopy::ForgetNarrower(TreeSize before) const {
  for (uint32_t level = 0; ledger::TileWidthAt(level, 0, before) > 0; ++level) {
    const uint64_t leaves_shift = static_cast<uint64_t>(ledger::kTileHeight) * (level + 1);
    const uint64_t number = leaves_shift >= 64 ? 0 : before >> leaves_shift;
    const TileId old{level, number, ledger::TileWidthAt(level, number, before)};
    if (old.width == 0 || old.width == ledger::TileWidthAt(level, number, size_)) {
      continue;
    }
    ::unlink(PathOf(ledger::TilePath(old)).c_str());
    if (level == 0) {
      ::unlink(PathOf(ledger::EntriesPath(old)).c_str());
      ::unlink(PathOf(ledger::ScopedEntriesPath(old)).c_str());
    }
  }
}

Result<void> WatchCopy::CheckLeaves(const TileId& id, const std::vector<GivenLeaf>& leaves) const {
  ASSIGN_OR_RETURN(const std::string tile, files_.ReadTile(id));
  for (size_t i = 0; i < leaves.size(); ++i) {
    if (leaves[i].Hash().view() !=
        std::string_view(tile).substr(i * Digest::kSize, Digest::kSize)) {
      return Fail(Errc::kCorrupt,
                  ledger::EntriesPath(id) + ": entry " +
                      std::to_string(id.number * kTileWidth + i) + " " + kNotTheTrees);
    }
  }
  return {};
}

Result<std::vector<GivenLeaf>> WatchCopy::Leaves(const LogFiles* remote, uint64_t number) {
  const TileId id = BundleAt(number, size_);
  const auto kept = files_.ReadLeaves(id);
  if (kept && CheckLeaves(id, *kept)) {
    return kept;
  }
  if (remote == nullptr) {
    return Fail(Errc::kNotFound, ledger::EntriesPath(id) + " is not in the copy");
  }
  ASSIGN_OR_RETURN(const BundleFile given, remote->ReadBundleFile(id));
  ASSIGN_OR_RETURN(std::vector<GivenLeaf> leaves, ParseLeaves(given, id.width));
  RETURN_IF_ERROR(CheckLeaves(id, leaves));
  std::vector<std::string> entries;
  for (const GivenLeaf& leaf : leaves) {
    if (!leaf.withheld) {
      entries.push_back(leaf.entry);
    }
  }
  const bool whole = entries.size() == leaves.size();
  RETURN_IF_ERROR(
      Write(whole ? ledger::EntriesPath(id) : ledger::ScopedEntriesPath(id), BundleOf(leaves)));
  RETURN_IF_ERROR(certificates_.WriteFound(entries));
  return leaves;
}

}  // namespace rujukan::audit
