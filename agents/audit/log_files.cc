#include "agents/audit/log_files.h"

#include "base/bytes.h"
#include "base/limits.h"

namespace rujukan::audit {
namespace {

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

Result<std::string> LogFiles::ReadBundleBytes(const TileId& id) const {
  auto bytes = source_.Read(ledger::EntriesPath(id), limits::kBundleBytesMax);
  if (!bytes && bytes.error().code == Errc::kNotFound && id.width < kTileWidth) {
    bytes = source_.Read(ledger::EntriesPath(FullTile(id)), limits::kBundleBytesMax);
    if (bytes) {
      RETURN_IF_ERROR(ledger::ParseBundle(*bytes, static_cast<uint32_t>(kTileWidth)));
      std::string prefix;
      for (const std::string& entry : SalvageBundle(*bytes, id.width)) {
        ledger::AppendToBundle(entry, prefix);
      }
      return prefix;
    }
  }
  return bytes;
}

Result<std::vector<std::string>> LogFiles::ReadBundle(const TileId& id) const {
  ASSIGN_OR_RETURN(const std::string bytes, ReadBundleBytes(id));
  return ledger::ParseBundle(bytes, id.width);
}

Result<std::string> LogFiles::ReadCheckpoint() const {
  auto note = source_.Read("checkpoint", limits::kCheckpointBytesMax);
  if (!note && note.error().code == Errc::kNotFound) {
    return Fail(Errc::kNotFound, source_.name() + " holds no checkpoint; is it a ledger's export?");
  }
  return note;
}

std::vector<std::string> SalvageBundle(std::string_view bundle, uint32_t width) {
  std::vector<std::string> entries;
  while (entries.size() < width && bundle.size() >= kLengthBytes) {
    const size_t length = ReadBigEndian16(bundle);
    if (bundle.size() - kLengthBytes < length) {
      break;
    }
    entries.emplace_back(bundle.substr(kLengthBytes, length));
    bundle.remove_prefix(kLengthBytes + length);
  }
  return entries;
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

Result<void> ForEachEntry(const LogFiles& files, TreeSize size, const EntryVisitor& visit) {
  for (LogIndex first = 0; first < size; first += kTileWidth) {
    ASSIGN_OR_RETURN(const std::vector<std::string> entries,
                     files.ReadBundle(BundleAt(first / kTileWidth, size)));
    for (size_t i = 0; i < entries.size(); ++i) {
      ASSIGN_OR_RETURN(const bool more, visit(first + i, entries[i]));
      if (!more) {
        return {};
      }
    }
  }
  return {};
}

}  // namespace rujukan::audit
