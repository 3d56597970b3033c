// Keys of the store's rows and RocksDB's strings, shared by its writing and reading halves.
#pragma once

#include <rocksdb/slice.h>

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "ledger/tile.h"
#include "ledger/view.h"

namespace rujukan::broker {

inline constexpr std::string_view kSizeName = "size";
inline constexpr std::string_view kEpochName = "epoch";

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
