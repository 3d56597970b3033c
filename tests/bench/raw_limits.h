// What this machine can do at best: the yardsticks the broker's figures are held against, measured
// in the same run, with the same libraries.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace rujukan::bench {

// P-256 verifications a second through OpenSSL's EVP interface, on `threads` threads at once.
double VerifyPerSecond(int threads);
double SignPerSecond();

// fdatasync calls a second, each after writing 4 KiB to a file in `dir`.
double SyncsPerSecond(const std::string& dir);

// Records of 1 KiB a second that RocksDB makes durable in `dir`, in synced batches of `batch`.
double RocksRecordsPerSecond(const std::string& dir, size_t batch);

}  // namespace rujukan::bench
