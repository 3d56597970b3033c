#include "ledger/archive.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "ledger/pyramid.h"

namespace rujukan::ledger {
namespace {

constexpr char kEntriesPart = 'E';
constexpr char kHashesPart = 'H';
constexpr size_t kPartHeadBytes = 5;
constexpr size_t kTileBytes = kTileWidth * Digest::kSize;
constexpr size_t kBlockBytes = 1024 * 1024;
// Six lines and 63 hashes of 50 bytes, generously.
constexpr size_t kHeaderBytesMax = limits::kCheckpointBytesMax + 8 * 1024;

// The range of one bundle in a file, for people.
std::string BundleText(const ArchiveRange& range, size_t place) {
  const LogIndex first = range.first + place * kTileWidth;
  return RangeText({first, first + kTileWidth});
}

void Object(std::vector<ArchiveFault>& faults, std::optional<LogIndex> entry, std::string problem) {
  if (faults.size() < limits::kReplayFindingsMax) {
    faults.push_back({entry, std::move(problem)});
  }
}

Result<void> CheckPath(const ArchiveHeader& header, const Checkpoint& checkpoint) {
  if (checkpoint.origin != header.origin) {
    return Fail(Errc::kConflict, "it says it is of " + header.origin + ", its checkpoint is not");
  }
  if (checkpoint.size < header.range.end) {
    return Fail(Errc::kInvalid, "its checkpoint does not cover its entries");
  }
  // Above the range's height the tree has one node for each such range, the last one maybe
  // incomplete: the same shape as a tree of that many leaves.
  const uint32_t height = header.range.Height();
  ASSIGN_OR_RETURN(const Digest root,
                   certs::RootFromPath(header.root,
                                       header.range.first >> height,
                                       ((checkpoint.size - 1) >> height) + 1,
                                       header.path));
  if (root != checkpoint.root) {
    return Fail(Errc::kCorrupt, "its path does not lead to the root that the checkpoint signs");
  }
  return {};
}

}  // namespace

ArchiveWriter::ArchiveWriter(ArchiveHeader header, ArchiveSink sink, uint64_t bytes_max)
    : header_(std::move(header)), sink_(std::move(sink)), bytes_max_(bytes_max) {}

Result<void> ArchiveWriter::Put(std::string_view bytes) {
  if (bytes.size() > bytes_max_ - bytes_) {
    return Fail(Errc::kLimit,
                RangeText(header_.range) + " need more than " + std::to_string(bytes_max_) +
                    " bytes in one archive file");
  }
  bytes_ += bytes.size();
  digest_.Update(bytes);
  return sink_(bytes);
}

Result<void> ArchiveWriter::PutPart(char kind, std::string_view bytes) {
  std::string head(1, kind);
  AppendBigEndian32(static_cast<uint32_t>(bytes.size()), head);
  RETURN_IF_ERROR(Put(head));
  return Put(bytes);
}

Result<void> ArchiveWriter::Begin() {
  RETURN_IF_ERROR(CheckRange(header_.range));
  return Put(header_.Text());
}

Result<void> ArchiveWriter::Add(const std::vector<std::string>& entries) {
  CHECK(entries.size() == kTileWidth);
  if (bundle_roots_.size() == header_.range.size() / kTileWidth) {
    return Fail(Errc::kConflict, "more entries than " + RangeText(header_.range));
  }
  std::string bundle;
  TilePyramid tile(0);
  for (const std::string& entry : entries) {
    AppendToBundle(entry, bundle);
    tile.Append(LeafHash(entry));
  }
  bundle_roots_.push_back(tile.Node(kTileHeight, 0));
  RETURN_IF_ERROR(PutPart(kEntriesPart, bundle));
  return PutPart(kHashesPart, tile.Bytes());
}

Result<void> ArchiveWriter::Finish() {
  if (bundle_roots_.size() != header_.range.size() / kTileWidth ||
      certs::MerkleRoot(bundle_roots_) != header_.root) {
    return Fail(Errc::kCorrupt,
                "the stored " + RangeText(header_.range) + " are not those of the stored tree");
  }
  return sink_(digest_.Finish().view());
}

Result<Archive> Archive::Open(const ArchiveBytes& bytes) {
  const auto front = static_cast<size_t>(std::min<uint64_t>(bytes.Size(), kHeaderBytesMax));
  ASSIGN_OR_RETURN(const std::string text, bytes.Read(0, front));
  size_t used = 0;
  ASSIGN_OR_RETURN(ArchiveHeader header, ArchiveHeader::Parse(text, used));
  Archive archive(bytes, std::move(header));
  RETURN_IF_ERROR(archive.FindParts(used));
  return archive;
}

Result<void> Archive::FindParts(uint64_t offset) {
  if (bytes_->Size() > limits::kArchiveFileBytesMax + Digest::kSize) {
    return Fail(Errc::kLimit, "larger than an archive file can be");
  }
  const size_t count = header_.range.size() / kTileWidth;
  for (size_t place = 0; place < count; ++place) {
    const auto bundle = FindPart(kEntriesPart, offset);
    const auto tile = bundle ? FindPart(kHashesPart, offset) : bundle;
    if (!tile || tile->length != kTileBytes) {
      return Fail(Errc::kCorrupt,
                  "it breaks off at " + BundleText(header_.range, place) +
                      (tile ? ": their hashes are not as many" : ": " + tile.error().context));
    }
    bundles_.push_back(*bundle);
    tiles_.push_back(*tile);
  }
  if (bytes_->Size() - offset != Digest::kSize) {
    return Fail(Errc::kCorrupt, "it does not end with the digest behind its entries");
  }
  return {};
}

Result<Archive::Part> Archive::FindPart(char kind, uint64_t& offset) const {
  const uint64_t size = bytes_->Size();
  if (size - offset < kPartHeadBytes) {
    return Fail(Errc::kCorrupt, "the file ends there");
  }
  ASSIGN_OR_RETURN(const std::string head, bytes_->Read(offset, kPartHeadBytes));
  const Part part{offset + kPartHeadBytes, ReadBigEndian32(std::string_view(head).substr(1))};
  if (head[0] != kind) {
    return Fail(Errc::kCorrupt, "a part of another kind is there");
  }
  if (part.length > limits::kBundleBytesMax || part.length > size - part.offset) {
    return Fail(Errc::kCorrupt, "a part is longer than the file");
  }
  offset = part.offset + part.length;
  return part;
}

Result<std::string> Archive::ReadPart(const Part& part) const {
  return bytes_->Read(part.offset, part.length);
}

Result<std::string> Archive::ReadBundle(uint64_t number) const {
  const LogIndex first = number * kTileWidth;
  if (!header_.range.Holds(first)) {
    return Fail(Errc::kNotFound, "bundle " + std::to_string(number) + " is not in this file");
  }
  return ReadPart(bundles_[(first - header_.range.first) / kTileWidth]);
}

Result<std::vector<ArchiveFault>> Archive::Verify(const NoteVerifier& log) const {
  std::vector<ArchiveFault> faults;
  RETURN_IF_ERROR(CheckDigest(faults));
  CheckPlace(log, faults);
  std::vector<Digest> roots;
  for (size_t place = 0; place < bundles_.size(); ++place) {
    ASSIGN_OR_RETURN(const Digest root, CheckBundle(place, faults));
    roots.push_back(root);
  }
  if (certs::MerkleRoot(roots) != header_.root) {
    Object(faults, std::nullopt, "its hashes do not come to the root it names");
  }
  return faults;
}

Result<void> Archive::CheckDigest(std::vector<ArchiveFault>& faults) const {
  const uint64_t end = bytes_->Size() - Digest::kSize;
  certs::Sha256Stream digest;
  for (uint64_t offset = 0; offset < end;) {
    const auto length = static_cast<size_t>(std::min<uint64_t>(kBlockBytes, end - offset));
    ASSIGN_OR_RETURN(const std::string block, bytes_->Read(offset, length));
    digest.Update(block);
    offset += length;
  }
  ASSIGN_OR_RETURN(const std::string written, bytes_->Read(end, Digest::kSize));
  if (digest.Finish().view() != written) {
    Object(faults, std::nullopt, "its bytes are not those it was written with");
  }
  return {};
}

void Archive::CheckPlace(const NoteVerifier& log, std::vector<ArchiveFault>& faults) const {
  const auto checkpoint = OpenCheckpoint(header_.checkpoint, log);
  if (!checkpoint) {
    Object(faults, std::nullopt, "its checkpoint: " + checkpoint.error().context);
    return;
  }
  if (const auto placed = CheckPath(header_, *checkpoint); !placed) {
    Object(faults, std::nullopt, placed.error().context);
  }
}

// Entries against their hashes; the root that the hashes have.
Result<Digest> Archive::CheckBundle(size_t place, std::vector<ArchiveFault>& faults) const {
  ASSIGN_OR_RETURN(const std::string bundle, ReadPart(bundles_[place]));
  ASSIGN_OR_RETURN(const std::string hashes, ReadPart(tiles_[place]));
  ASSIGN_OR_RETURN(const TilePyramid tile, TilePyramid::FromBytes(0, kTileWidth, hashes));
  const auto entries = ParseBundle(bundle, kTileWidth);
  if (!entries) {
    Object(faults, std::nullopt, BundleText(header_.range, place) + ": " + entries.error().context);
    return tile.Node(kTileHeight, 0);
  }
  for (size_t i = 0; i < entries->size(); ++i) {
    if (LeafHash((*entries)[i]) != tile.Node(0, i)) {
      Object(faults,
             header_.range.first + place * kTileWidth + i,
             "its bytes are not those the tree was built over");
    }
  }
  return tile.Node(kTileHeight, 0);
}

std::string ArchiveFault::Text() const {
  return (entry ? "entry " + std::to_string(*entry) + ": " : "") + problem;
}

}  // namespace rujukan::ledger
