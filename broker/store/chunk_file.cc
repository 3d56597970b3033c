#include "broker/store/chunk_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/bytes.h"
#include "base/limits.h"
#include "certs/hash.h"

namespace rujukan::broker {
namespace {

constexpr size_t kPageBytes = 4096;
constexpr std::string_view kMagic = "rujukan-chunks 1\n";
constexpr size_t kFixedBytes = 256;  // magic, names and times; then the digest, then the bits
constexpr size_t kClaimedAt = 240;   // of the fixed part, what may change: not under the digest
constexpr size_t kBitsAt = kFixedBytes + Digest::kSize;
constexpr size_t kSlotHeadBytes = 512;
constexpr size_t kSlotBytes = kSlotHeadBytes + limits::kAttachmentChunkBytesMax;
constexpr int kOpenMode = 0600;

static_assert(kBitsAt + (limits::kAttachmentChunksMax + 7) / 8 <= kPageBytes);
static_assert(4 + 1 + limits::kAttachmentPathHashesMax * Digest::kSize <= kSlotHeadBytes);
static_assert(kMagic.size() + LegId::kSize + Digest::kSize + 4 + 8 + 2 + limits::kAddressBytesMax <=
              kClaimedAt);

off_t SlotAt(uint32_t index) {
  return static_cast<off_t>(kPageBytes + uint64_t{index} * kSlotBytes);
}

tl::unexpected<Error> WriteFailure(const std::string& what) {
  const bool full = errno == ENOSPC || errno == EDQUOT;
  return Fail(full ? Errc::kUnavailable : Errc::kFatal, what + ": " + std::strerror(errno));
}

Result<void> WriteAt(int fd, std::string_view bytes, off_t at) {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(fd, bytes.data(), bytes.size(), at);
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return WriteFailure("writing a chunk");
    }
    bytes.remove_prefix(static_cast<size_t>(written));
    at += written;
  }
  return {};
}

Result<std::string> ReadAt(int fd, size_t size, off_t at) {
  std::string bytes(size, '\0');
  size_t have = 0;
  while (have < size) {
    const ssize_t got = pread(fd, bytes.data() + have, size - have, at + static_cast<off_t>(have));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return Fail(Errc::kCorrupt, "a file of chunks is cut short or cannot be read");
    }
    have += static_cast<size_t>(got);
  }
  return bytes;
}

std::string FixedOf(const AttachmentKey& key, const AttachmentFacts& facts) {
  std::string fixed(kMagic);
  fixed += key.leg.view();
  fixed += key.root.view();
  AppendBigEndian32(facts.chunks, fixed);
  AppendBigEndian64(static_cast<uint64_t>(facts.begun_ms), fixed);
  AppendBigEndian16(static_cast<uint16_t>(facts.sender.size()), fixed);
  fixed += facts.sender;
  fixed.resize(kClaimedAt, '\0');
  return fixed;
}

std::string PageOf(const AttachmentKey& key, const AttachmentFacts& facts, std::string_view bits) {
  std::string page = FixedOf(key, facts);
  const Digest digest = certs::Sha256(page);
  AppendBigEndian64(static_cast<uint64_t>(facts.claimed_ms), page);
  page.resize(kFixedBytes, '\0');
  page += digest.view();
  page += bits;
  page.resize(kPageBytes, '\0');
  return page;
}

Result<void> SyncParentOf(const std::string& path) {
  const std::string parent = path.substr(0, path.rfind('/'));
  const int fd = open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && fsync(fd) == 0;
  const auto failure = synced ? Result<void>() : Result<void>(WriteFailure("syncing " + parent));
  if (fd >= 0) {
    close(fd);
  }
  return failure;
}

struct Page {
  AttachmentKey key;
  AttachmentFacts facts;
  std::string bits;
};

Result<Page> ReadPage(std::string_view bytes) {
  const std::string_view fixed = bytes.substr(0, kClaimedAt);
  if (!fixed.starts_with(kMagic) ||
      certs::Sha256(fixed).view() != bytes.substr(kFixedBytes, Digest::kSize)) {
    return Fail(Errc::kCorrupt, "the first page of a file of chunks is damaged");
  }
  Page page;
  std::string_view rest = fixed.substr(kMagic.size());
  ASSIGN_OR_RETURN(page.key.leg, LegId::FromBytes(rest.substr(0, LegId::kSize)));
  rest.remove_prefix(LegId::kSize);
  ASSIGN_OR_RETURN(page.key.root, Digest::FromBytes(rest.substr(0, Digest::kSize)));
  rest.remove_prefix(Digest::kSize);
  page.facts.chunks = ReadBigEndian32(rest);
  page.facts.begun_ms = static_cast<UnixMillis>(ReadBigEndian64(rest.substr(4)));
  const uint16_t sender_bytes = ReadBigEndian16(rest.substr(12));
  page.facts.sender = rest.substr(14, sender_bytes);
  page.facts.claimed_ms = static_cast<UnixMillis>(ReadBigEndian64(bytes.substr(kClaimedAt)));
  if (page.facts.chunks == 0 || page.facts.chunks > limits::kAttachmentChunksMax) {
    return Fail(Errc::kCorrupt, "a file of chunks has an impossible number of them");
  }
  page.bits = bytes.substr(kBitsAt, NoBits(page.facts.chunks).size());
  for (uint32_t i = 0; i < page.facts.chunks; ++i) {
    page.facts.present += HasBit(page.bits, i) ? 1U : 0U;
  }
  return page;
}

}  // namespace

Result<void> ChunkFile::Create(const std::string& path,
                               const AttachmentKey& key,
                               const AttachmentFacts& facts) {
  const std::string beside = path + ".new";
  const int fd = open(beside.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, kOpenMode);
  if (fd < 0) {
    return WriteFailure("making a file of chunks");
  }
  Result<void> made = WriteAt(fd, PageOf(key, facts, NoBits(facts.chunks)), 0);
  if (made && fsync(fd) != 0) {
    made = WriteFailure("syncing a file of chunks");
  }
  close(fd);
  if (made && rename(beside.c_str(), path.c_str()) != 0) {
    made = WriteFailure("naming a file of chunks");
  }
  if (!made) {
    unlink(beside.c_str());
    return made;
  }
  return SyncParentOf(path);
}

Result<ChunkFile> ChunkFile::Open(const std::string& path) {
  ChunkFile file(open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (file.fd_ < 0) {
    return Fail(Errc::kUnavailable, "opening " + path + ": " + std::strerror(errno));
  }
  ASSIGN_OR_RETURN(const std::string bytes, ReadAt(file.fd_, kPageBytes, 0));
  ASSIGN_OR_RETURN(Page page, ReadPage(bytes));
  file.key_ = page.key;
  file.facts_ = std::move(page.facts);
  file.bits_ = std::move(page.bits);
  return file;
}

ChunkFile::ChunkFile(ChunkFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      key_(other.key_),
      facts_(std::move(other.facts_)),
      bits_(std::move(other.bits_)) {}

ChunkFile::~ChunkFile() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

Result<void> ChunkFile::Sync() {
  return fdatasync(fd_) == 0 ? Result<void>() : WriteFailure("syncing chunks");
}

Result<void> ChunkFile::WritePage() {
  return WriteAt(fd_, PageOf(key_, facts_, bits_), 0);
}

Result<void> ChunkFile::WriteSlot(const ChunkToPut& chunk) {
  std::string slot;
  slot.reserve(kSlotHeadBytes + chunk.data.size());
  AppendBigEndian32(static_cast<uint32_t>(chunk.data.size()), slot);
  slot.push_back(static_cast<char>(chunk.path.size()));
  for (const Digest& hash : chunk.path) {
    slot += hash.view();
  }
  slot.resize(kSlotHeadBytes, '\0');
  slot += chunk.data;
  return WriteAt(fd_, slot, SlotAt(chunk.index));
}

Result<void> ChunkFile::Put(const std::vector<const ChunkToPut*>& chunks) {
  std::vector<uint32_t> fresh;
  for (const ChunkToPut* chunk : chunks) {
    if (!HasBit(bits_, chunk->index)) {
      RETURN_IF_ERROR(WriteSlot(*chunk));
      fresh.push_back(chunk->index);
    }
  }
  if (fresh.empty()) {
    return {};
  }
  RETURN_IF_ERROR(Sync());
  // A crash here: the chunks are on disk and nobody knows of them; they come again.
  for (const uint32_t index : fresh) {
    facts_.present += HasBit(bits_, index) ? 0U : 1U;
    SetBit(bits_, index);
  }
  RETURN_IF_ERROR(WritePage());
  return Sync();
}

Result<StoredChunk> ChunkFile::Read(uint32_t index) {
  if (!HasBit(bits_, index)) {
    return Fail(Errc::kNotFound, "no such chunk is here");
  }
  ASSIGN_OR_RETURN(const std::string head, ReadAt(fd_, kSlotHeadBytes, SlotAt(index)));
  const uint32_t size = ReadBigEndian32(head);
  const auto hashes = static_cast<uint8_t>(head[4]);
  if (size > limits::kAttachmentChunkBytesMax || hashes > limits::kAttachmentPathHashesMax) {
    return Fail(Errc::kCorrupt, "a stored chunk is damaged");
  }
  StoredChunk chunk;
  for (size_t i = 0; i < hashes; ++i) {
    const std::string_view hash = std::string_view(head).substr(5 + i * Digest::kSize);
    ASSIGN_OR_RETURN(chunk.path.emplace_back(), Digest::FromBytes(hash.substr(0, Digest::kSize)));
  }
  ASSIGN_OR_RETURN(chunk.data,
                   ReadAt(fd_, size, SlotAt(index) + static_cast<off_t>(kSlotHeadBytes)));
  const ledger::ChunkProof proof{key_.root, index, facts_.chunks, chunk.path};
  if (!ledger::CheckChunk(proof, chunk.data)) {
    return Fail(Errc::kCorrupt, "a stored chunk is damaged");
  }
  return chunk;
}

Result<void> ChunkFile::SetClaimed(UnixMillis now) {
  facts_.claimed_ms = now;
  RETURN_IF_ERROR(WritePage());
  return Sync();
}

}  // namespace rujukan::broker
