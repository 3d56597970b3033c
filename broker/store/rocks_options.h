// How the RocksDB of one broker is laid out and tuned: two cores, modest memory, one writer.
#pragma once

#include <rocksdb/db.h>

#include <string>
#include <vector>

namespace rujukan::broker {

// Column families, in the order of their handles. docs/formats/store.md.
enum class Family : size_t {
  // "size", "epoch", "unreclaimed" (bytes) -> big-endian u64; "archived" || big-endian u64 first
  // -> big-endian u64 end of an archive file
  kMeta,
  kEntries,  // big-endian u64 index -> Entry bytes
  kTiles,    // level byte || big-endian u64 number -> hashes; one row a tile, rewritten as it grows
  kView,     // table byte || key -> record of the fold
  kContents,     // message id -> ciphertext (BlobDB from 4 KiB)
  kCheckpoints,  // big-endian u64 size -> signed note
  // big-endian u64 index of its entry -> message id || big-endian u64 bytes: the ciphertexts that
  // are kept, in order of age, without reading one.
  kContentIndex,
};
inline constexpr size_t kFamilyCount = 7;

rocksdb::DBOptions DatabaseOptions();
std::vector<rocksdb::ColumnFamilyDescriptor> FamilyDescriptors();

}  // namespace rujukan::broker
