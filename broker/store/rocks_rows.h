// Keys of the store's rows and RocksDB's strings, shared by its writing and reading halves.
#pragma once

#include <rocksdb/slice.h>
#include <rocksdb/status.h>

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"
#include "ledger/tile.h"
#include "ledger/view.h"

namespace rujukan::broker {

inline constexpr std::string_view kSizeName = "size";
inline constexpr std::string_view kEpochName = "epoch";
inline constexpr std::string_view kUnreclaimedName = "unreclaimed";
inline constexpr std::string_view kCosignedName = "cosigned";  // size, note
inline constexpr std::string_view kArchivedPrefix = "archived";

// A write that was begun and failed, for whatever reason (a failed sync, a full disk half way):
// some of it may be on disk. Only a restart finds out what is.
inline tl::unexpected<Error> WriteFailed(const rocksdb::Status& status) {
  return Fail(Errc::kFatal, "writing the store: " + status.ToString());
}
// Reading failed, or what was read is damaged: nothing sensible can follow.
inline tl::unexpected<Error> ReadFailed(const rocksdb::Status& status) {
  return Fail(status.IsCorruption() ? Errc::kCorrupt : Errc::kFatal,
              "reading the store: " + status.ToString());
}

inline rocksdb::Slice ToSlice(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}
inline std::string_view ToView(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

inline std::string NumberKey(uint64_t number) {
  std::string key;
  AppendBigEndian64(number, key);
  return key;
}

inline std::string ArchivedKey(uint64_t first) {
  std::string key(kArchivedPrefix);
  AppendBigEndian64(first, key);
  return key;
}

inline std::string ContentRow(const MessageId& id, uint64_t bytes) {
  std::string row = id.str();
  AppendBigEndian64(bytes, row);
  return row;
}

inline std::string TileKey(const ledger::TileId& id) {
  std::string key(1, static_cast<char>(id.level));
  AppendBigEndian64(id.number, key);
  return key;
}

inline std::string ViewKey(ledger::Table table, std::string_view key) {
  std::string row;
  row.reserve(key.size() + 1);
  row.push_back(static_cast<char>(table));
  row.append(key);
  return row;
}

}  // namespace rujukan::broker
