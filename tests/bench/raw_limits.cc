#include "tests/bench/raw_limits.h"

#include <fcntl.h>
#include <rocksdb/db.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "base/bytes.h"
#include "base/check.h"
#include "certs/key.h"
#include "certs/random.h"

namespace rujukan::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kWindow{1500};

// Calls `work` (which returns how many units it did) until the window is over; units a second.
template <class Work>
double Rate(const Work& work) {
  const auto start = Clock::now();
  size_t done = 0;
  while (Clock::now() - start < kWindow) {
    done += work();
  }
  return static_cast<double>(done) / std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

double VerifyPerSecond(int threads) {
  std::vector<std::thread> workers;
  std::vector<double> rates(static_cast<size_t>(threads));
  for (size_t i = 0; i < rates.size(); ++i) {
    workers.emplace_back([&rates, i] {
      const auto key = certs::PrivateKey::Generate();
      const certs::PublicKey verifier = key.Public();
      const std::string message = certs::RandomBytes(64);
      const std::string signature = key.Sign(message);
      rates[i] = Rate([&] {
        CHECK(verifier.Verify(message, signature));
        return 1U;
      });
    });
  }
  double sum = 0;
  for (size_t i = 0; i < rates.size(); ++i) {
    workers[i].join();
    sum += rates[i];
  }
  return sum;
}

double SignPerSecond() {
  const auto key = certs::PrivateKey::Generate();
  const std::string message = certs::RandomBytes(64);
  return Rate([&] {
    CHECK(!key.Sign(message).empty());
    return 1U;
  });
}

double SyncsPerSecond(const std::string& dir) {
  const std::string path = dir + "/syncs";
  const int fd = ::open(path.c_str(), O_CREAT | O_WRONLY, 0600);
  CHECK(fd >= 0);
  const std::string block = certs::RandomBytes(4096);
  const double rate = Rate([&] {
    CHECK(::write(fd, block.data(), block.size()) == static_cast<ssize_t>(block.size()));
    CHECK(::fdatasync(fd) == 0);
    return 1U;
  });
  ::close(fd);
  ::unlink(path.c_str());
  return rate;
}

double RocksRecordsPerSecond(const std::string& dir, size_t batch) {
  const std::string path = dir + "/rocks-" + std::to_string(batch);
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* raw = nullptr;
  CHECK(rocksdb::DB::Open(options, path, &raw).ok());
  const std::unique_ptr<rocksdb::DB> db(raw);
  const std::string record = certs::RandomBytes(1024);
  uint64_t next = 0;
  rocksdb::WriteOptions synced;
  synced.sync = true;
  return Rate([&] {
    rocksdb::WriteBatch writes;
    for (size_t i = 0; i < batch; ++i) {
      std::string key;
      AppendBigEndian64(next++, key);
      writes.Put(key, record);
    }
    CHECK(db->Write(synced, &writes).ok());
    return batch;
  });
}

}  // namespace rujukan::bench
