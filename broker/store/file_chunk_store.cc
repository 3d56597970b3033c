#include "broker/store/file_chunk_store.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/bytes.h"
#include "broker/store/chunk_file.h"

namespace rujukan::broker {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNewSuffix = ".new";
constexpr std::string_view kDamagedSuffix = ".damaged";

uint64_t FreeBytesOf(const std::string& dir) {
  struct statvfs facts {};
  if (statvfs(dir.c_str(), &facts) != 0) {
    return UINT64_MAX;  // unknown is not full; a write that fails is noticed by itself
  }
  return static_cast<uint64_t>(facts.f_bavail) * facts.f_frsize;
}

}  // namespace

Result<std::unique_ptr<FileChunkStore>> FileChunkStore::Open(const std::string& dir) {
  return Open(dir, Options());
}

Result<std::unique_ptr<FileChunkStore>> FileChunkStore::Open(const std::string& dir,
                                                             Options options) {
  if (!options.free_bytes) {
    options.free_bytes = FreeBytesOf;
  }
  std::error_code code;
  if (fs::create_directories(dir, code)) {
    fs::permissions(dir, fs::perms::owner_all, code);
  }
  if (code) {
    return Fail(Errc::kUnavailable, "making " + dir + ": " + code.message());
  }
  std::unique_ptr<FileChunkStore> store(new FileChunkStore(dir, std::move(options)));
  RETURN_IF_ERROR(store->Load());
  return store;
}

Result<void> FileChunkStore::Load() {
  std::error_code code;
  std::vector<std::string> names;
  for (fs::directory_iterator it(dir_, code), end; !code && it != end; it.increment(code)) {
    names.push_back(it->path().filename().string());
  }
  if (code) {
    return Fail(Errc::kUnavailable, "reading " + dir_ + ": " + code.message());
  }
  for (const std::string& name : names) {
    RETURN_IF_ERROR(TakeFile(name));
  }
  return {};
}

Result<void> FileChunkStore::TakeFile(const std::string& name) {
  const std::string path = dir_ + "/" + name;
  if (name.ends_with(kDamagedSuffix)) {
    return {};
  }
  if (name.ends_with(kNewSuffix)) {  // a crash while it was made: nobody was told of it
    unlink(path.c_str());
    return {};
  }
  const auto file = ChunkFile::Open(path);
  if (file && PathOf(file->key()) == path) {
    kept_[file->key()] = {file->facts(), file->bits()};
    return {};
  }
  if (!file && file.error().code != Errc::kCorrupt) {
    return Fail(file.error());
  }
  if (rename(path.c_str(), (path + std::string(kDamagedSuffix)).c_str()) != 0) {
    return Fail(Errc::kUnavailable, "renaming " + path + ": " + std::strerror(errno));
  }
  damaged_.push_back(name);
  return {};
}

std::string FileChunkStore::PathOf(const AttachmentKey& key) const {
  return dir_ + "/" + ToHex(key.leg.view()) + "-" + ToHex(key.root.view());
}

Result<void> FileChunkStore::CheckRoom(size_t bytes) const {
  const uint64_t needed = options_.reserve_bytes + bytes;
  const uint64_t free = options_.free_bytes(dir_);
  if (free < needed) {
    return Fail(Errc::kUnavailable,
                "no room on disk for attachments: " + std::to_string(free) + " bytes free, " +
                    std::to_string(needed) + " needed");
  }
  return {};
}

Result<void> FileChunkStore::Put(const std::vector<ChunkToPut>& chunks, UnixMillis now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::map<AttachmentKey, std::vector<const ChunkToPut*>> by_file;
  size_t bytes = 0;
  for (const ChunkToPut& chunk : chunks) {
    by_file[chunk.key].push_back(&chunk);
    bytes += chunk.data.size();
  }
  RETURN_IF_ERROR(CheckRoom(bytes));
  for (const auto& [key, of_file] : by_file) {
    RETURN_IF_ERROR(PutInto(key, of_file, now));
  }
  return {};
}

Result<void> FileChunkStore::PutInto(const AttachmentKey& key,
                                     const std::vector<const ChunkToPut*>& chunks,
                                     UnixMillis now) {
  const ChunkToPut& first = *chunks.front();
  const auto known = kept_.find(key);
  const AttachmentFacts facts = known != kept_.end()
                                    ? known->second.facts
                                    : AttachmentFacts{first.sender, first.chunks, 0, now, 0};
  for (const ChunkToPut* chunk : chunks) {
    if (chunk->sender != facts.sender || chunk->chunks != facts.chunks ||
        chunk->index >= facts.chunks) {
      return Fail(Errc::kConflict, "the attachment was begun otherwise");
    }
  }
  if (known == kept_.end()) {
    RETURN_IF_ERROR(ChunkFile::Create(PathOf(key), key, facts));
    kept_[key] = {facts, NoBits(facts.chunks)};
  }
  ASSIGN_OR_RETURN(ChunkFile file, ChunkFile::Open(PathOf(key)));
  RETURN_IF_ERROR(file.Put(chunks));
  kept_[key] = {file.facts(), file.bits()};
  return {};
}

Result<StoredChunk> FileChunkStore::Read(const AttachmentKey& key, uint32_t index) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!kept_.contains(key)) {
    return Fail(Errc::kNotFound, "no such chunk is here");
  }
  ASSIGN_OR_RETURN(ChunkFile file, ChunkFile::Open(PathOf(key)));
  return file.Read(index);
}

std::optional<AttachmentFacts> FileChunkStore::Find(const AttachmentKey& key) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto it = kept_.find(key);
  return it == kept_.end() ? std::nullopt : std::optional(it->second.facts);
}

std::string FileChunkStore::Present(const AttachmentKey& key) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto it = kept_.find(key);
  return it == kept_.end() ? std::string() : it->second.bits;
}

uint64_t FileChunkStore::ReservedBytesOf(std::string_view sender) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  uint64_t bytes = 0;
  for (const auto& [key, kept] : kept_) {
    bytes += kept.facts.sender == sender ? kept.facts.ReservedBytes() : 0;
  }
  return bytes;
}

std::vector<ChunkStore::Listed> FileChunkStore::List() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<Listed> all;
  all.reserve(kept_.size());
  for (const auto& [key, kept] : kept_) {
    all.push_back({key, kept.facts});
  }
  return all;
}

Result<void> FileChunkStore::Claim(const AttachmentKey& key, UnixMillis now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto it = kept_.find(key);
  if (it == kept_.end() || it->second.facts.claimed_ms != 0) {
    return {};
  }
  ASSIGN_OR_RETURN(ChunkFile file, ChunkFile::Open(PathOf(key)));
  RETURN_IF_ERROR(file.SetClaimed(now));
  it->second.facts = file.facts();
  return {};
}

// The name may come back after a power cut: then the attachment waits until its time is over.
Result<bool> FileChunkStore::Remove(const AttachmentKey& key) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (kept_.erase(key) == 0) {
    return false;
  }
  if (unlink(PathOf(key).c_str()) != 0 && errno != ENOENT) {
    return Fail(Errc::kFatal, "removing an attachment: " + std::string(std::strerror(errno)));
  }
  return true;
}

}  // namespace rujukan::broker
