#include "broker/store/rocks_options.h"

#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

namespace rujukan::broker {
namespace {

constexpr size_t kMiB = 1024 * 1024;
// All memtables together: what a broker spends on writes it has not flushed.
constexpr size_t kMemtablesBytesMax = 64 * kMiB;
constexpr size_t kBlockCacheBytes = 64 * kMiB;
constexpr size_t kBlobBytesMin = 4096;

rocksdb::BlockBasedTableOptions TableOptions(const std::shared_ptr<rocksdb::Cache>& cache,
                                             bool with_filter) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 16 * 1024;
  table.format_version = 5;
  // Index and filter blocks live in the cache, so 10 M entries cost no more memory than it has.
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  if (with_filter) {
    // Most look-ups of the fold are for ids never seen: they must not touch a data block.
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10, /*use_block_based_builder=*/false));
    table.whole_key_filtering = true;
  }
  return table;
}

rocksdb::ColumnFamilyOptions Options(const std::shared_ptr<rocksdb::Cache>& cache,
                                     size_t memtable_bytes,
                                     bool with_filter) {
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(TableOptions(cache, with_filter)));
  options.write_buffer_size = memtable_bytes;
  options.max_write_buffer_number = 3;
  options.level_compaction_dynamic_level_bytes = true;
  options.compression = rocksdb::kNoCompression;
  options.bottommost_compression = rocksdb::kLZ4Compression;
  if (with_filter) {
    options.memtable_prefix_bloom_size_ratio = 0.05;
    options.memtable_whole_key_filtering = true;
  }
  return options;
}

rocksdb::ColumnFamilyOptions ContentOptions(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options = Options(cache, 16 * kMiB, /*with_filter=*/true);
  options.enable_blob_files = true;
  options.min_blob_size = kBlobBytesMin;
  // Ciphertexts are removed in about the order they came, so whole blob files turn to garbage; what
  // is left of one that is mostly garbage moves to a new file, and the old one is deleted.
  options.enable_blob_garbage_collection = true;
  options.blob_garbage_collection_age_cutoff = 1.0;
  options.blob_garbage_collection_force_threshold = 0.5;
  options.bottommost_compression = rocksdb::kNoCompression;  // ciphertext does not shrink
  return options;
}

}  // namespace

rocksdb::DBOptions DatabaseOptions() {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.db_write_buffer_size = kMemtablesBytesMax;
  options.max_background_jobs = 2;
  options.max_open_files = 512;
  // One writer: the plain memtable insert is cheaper than the concurrent one.
  options.allow_concurrent_memtable_write = false;
  options.max_total_wal_size = 256 * kMiB;
  options.keep_log_file_num = 4;
  options.max_log_file_size = 4 * kMiB;
  options.stats_dump_period_sec = 0;
  options.paranoid_checks = true;
  // Only a torn last record (a write that was never synced) may be dropped. Damage elsewhere in
  // the write-ahead log could be an acknowledged message: refuse to open instead.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = true;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> FamilyDescriptors() {
  const auto cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  return {
      {rocksdb::kDefaultColumnFamilyName, Options(cache, 1 * kMiB, /*with_filter=*/false)},
      {"entries", Options(cache, 16 * kMiB, /*with_filter=*/false)},
      {"tiles", Options(cache, 8 * kMiB, /*with_filter=*/false)},
      {"view", Options(cache, 24 * kMiB, /*with_filter=*/true)},
      {"contents", ContentOptions(cache)},
      {"checkpoints", Options(cache, 4 * kMiB, /*with_filter=*/false)},
      {"content_index", Options(cache, 2 * kMiB, /*with_filter=*/false)},
  };
}

}  // namespace rujukan::broker
