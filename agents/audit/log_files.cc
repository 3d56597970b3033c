#include "agents/audit/log_files.h"

#include "base/bytes.h"
#include "base/limits.h"

namespace rujukan::audit {
namespace {

using ledger::GivenLeaf;
using ledger::kTileWidth;
using ledger::TileId;

constexpr size_t kLengthBytes = 2;

TileId FullTile(TileId id) {
  id.width = static_cast<uint32_t>(kTileWidth);
  return id;
}

}  // namespace

Result<std::string> LogFiles::ReadTile(const TileId& id) const {
  const size_t wanted = id.width * Digest::kSize;
  auto bytes = source_.Read(ledger::TilePath(id), kTileWidth * Digest::kSize);
  if (!bytes && bytes.error().code == Errc::kNotFound && id.width < kTileWidth) {
    bytes = source_.Read(ledger::TilePath(FullTile(id)), kTileWidth * Digest::kSize);
    if (bytes && bytes->size() == kTileWidth * Digest::kSize) {
      bytes->resize(wanted);
    }
  }
  if (bytes && bytes->size() != wanted) {
    return Fail(Errc::kCorrupt,
                ledger::TilePath(id) + " is " + std::to_string(bytes->size()) +
                    " bytes; it must be " + std::to_string(wanted));
  }
  return bytes;
}

Result<BundleFile> LogFiles::ReadForm(const TileId& id, bool scoped) const {
  const auto path_of = [scoped](const TileId& tile) {
    return scoped ? ledger::ScopedEntriesPath(tile) : ledger::EntriesPath(tile);
  };
  BundleFile file{path_of(id), scoped, ""};
  auto bytes = source_.Read(file.path, limits::kBundleBytesMax);
  if (bytes) {
    file.bytes = std::move(*bytes);
    return file;
  }
  if (bytes.error().code != Errc::kNotFound || id.width == kTileWidth) {
    return Fail(bytes.error());
  }
  const TileId full = FullTile(id);
  ASSIGN_OR_RETURN(file.bytes, source_.Read(path_of(full), limits::kBundleBytesMax));
  ASSIGN_OR_RETURN(std::vector<GivenLeaf> leaves, ParseLeaves(file, full.width));
  leaves.resize(id.width);
  file.bytes = BundleOf(leaves);
  return file;
}

Result<BundleFile> LogFiles::ReadBundleFile(const TileId& id) const {
  auto file = ReadForm(id, scoped_first_);
  const bool other =
      !file && (file.error().code == Errc::kNotFound || file.error().code == Errc::kDenied);
  if (!other) {
    return file;
  }
  auto second = ReadForm(id, !scoped_first_);
  if (second) {
    scoped_first_ = second->scoped;
    return second;
  }
  // Neither. The plain bundle's answer says what to do, unless that of the scoped one says more.
  const auto& plain = scoped_first_ ? second : file;
  const auto& scoped = scoped_first_ ? file : second;
  const Errc code = scoped.error().code;
  return code != Errc::kNotFound && code != plain.error().code ? scoped : plain;
}

Result<std::vector<GivenLeaf>> LogFiles::ReadLeaves(const TileId& id) const {
  ASSIGN_OR_RETURN(const BundleFile file, ReadBundleFile(id));
  return ParseLeaves(file, id.width);
}

Result<std::vector<std::string>> LogFiles::ReadBundle(const TileId& id) const {
  ASSIGN_OR_RETURN(std::vector<GivenLeaf> leaves, ReadLeaves(id));
  std::vector<std::string> entries;
  for (GivenLeaf& leaf : leaves) {
    if (leaf.withheld) {
      return Fail(Errc::kDenied,
                  ledger::ScopedEntriesPath(id) +
                      " withholds entries from this reader, and every one is needed here");
    }
    entries.push_back(std::move(leaf.entry));
  }
  return entries;
}

Result<std::string> LogFiles::ReadCheckpoint() const {
  auto note = source_.Read("checkpoint", limits::kCheckpointBytesMax);
  if (!note && note.error().code == Errc::kNotFound) {
    return Fail(Errc::kNotFound, source_.name() + " holds no checkpoint; is it a ledger's export?");
  }
  return note;
}

std::string BundleOf(const std::vector<GivenLeaf>& leaves) {
  std::string bundle;
  for (const GivenLeaf& leaf : leaves) {
    if (leaf.withheld) {
      ledger::AppendWithheld(*leaf.withheld, bundle);
    } else {
      ledger::AppendToBundle(leaf.entry, bundle);
    }
  }
  return bundle;
}

std::vector<GivenLeaf> SalvageLeaves(const BundleFile& file, uint32_t width) {
  if (file.scoped) {
    return ledger::SalvageScopedBundle(file.bytes, width);
  }
  std::vector<GivenLeaf> leaves;
  std::string_view rest = file.bytes;
  while (leaves.size() < width && rest.size() >= kLengthBytes) {
    const size_t length = ReadBigEndian16(rest);
    if (rest.size() - kLengthBytes < length) {
      break;
    }
    leaves.push_back({std::string(rest.substr(kLengthBytes, length)), std::nullopt});
    rest.remove_prefix(kLengthBytes + length);
  }
  return leaves;
}

Result<std::vector<GivenLeaf>> ParseLeaves(const BundleFile& file, uint32_t width) {
  if (file.scoped) {
    return ledger::ParseScopedBundle(file.bytes, width);
  }
  ASSIGN_OR_RETURN(std::vector<std::string> entries, ledger::ParseBundle(file.bytes, width));
  std::vector<GivenLeaf> leaves;
  leaves.reserve(entries.size());
  for (std::string& entry : entries) {
    leaves.push_back({std::move(entry), std::nullopt});
  }
  return leaves;
}

TileId BundleAt(uint64_t number, TreeSize size) {
  TileId id;
  id.number = number;
  id.width = ledger::TileWidthAt(0, number, size);
  return id;
}

std::string BundleName(uint64_t number, TreeSize size) {
  return ledger::EntriesPath(BundleAt(number, size));
}

Result<void> ForEachLeaf(const LogFiles& files, TreeSize size, const LeafVisitor& visit) {
  for (LogIndex first = 0; first < size; first += kTileWidth) {
    ASSIGN_OR_RETURN(const std::vector<GivenLeaf> leaves,
                     files.ReadLeaves(BundleAt(first / kTileWidth, size)));
    for (size_t i = 0; i < leaves.size(); ++i) {
      ASSIGN_OR_RETURN(const bool more, visit(first + i, leaves[i]));
      if (!more) {
        return {};
      }
    }
  }
  return {};
}

Result<void> ForEachEntry(const LogFiles& files, TreeSize size, const EntryVisitor& visit) {
  return ForEachLeaf(files, size, [&](LogIndex index, const GivenLeaf& leaf) -> Result<bool> {
    return leaf.withheld ? Result<bool>(true) : visit(index, leaf.entry);
  });
}

}  // namespace rujukan::audit
