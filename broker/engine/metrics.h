// Counters of one broker, in Prometheus text exposition. Any thread; relaxed atomics, so numbers
// that belong together may differ by what happens while they are read.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "rujukan/v1/codes.pb.h"
#include "rujukan/v1/refusal.pb.h"
#include "rujukan/v1/wire.pb.h"

namespace rujukan::broker {

class Metrics {
 public:
  using Counter = std::atomic<uint64_t>;

  void Accepted(v1::Subject::Code kind) { ++accepted_[static_cast<size_t>(kind)]; }
  void Refused(v1::RefusalReason::Code reason) { ++refused_[static_cast<size_t>(reason)]; }
  // Put on record; UNSPECIFIED: a leg was closed for want of an answer.
  void Missed(v1::Deadline::Code deadline) { ++missed_[static_cast<size_t>(deadline)]; }
  void CommitTook(std::chrono::microseconds duration, size_t entries);

  Counter deliveries{0};  // frames pushed to recipients, redeliveries included
  Counter queries{0};
  Counter contents_removed{0};  // ciphertexts past their time or erased
  Counter content_bytes_removed{0};
  Counter chunks_stored{0};  // of attachments, repetitions included
  Counter chunks_given{0};
  Counter attachments_removed{0};  // that nobody fetched
  std::atomic<bool> storage_full{false};

  // What is measured when asked for, by whoever knows it.
  struct Gauges {
    size_t admission_queue = 0;
    size_t courier_queue = 0;
    uint64_t entries = 0;
    uint64_t agencies = 0;
    uint64_t mailbox_messages = 0;
    uint64_t mailbox_bytes = 0;
    uint64_t contents = 0;  // ciphertexts kept, delivered ones included
    uint64_t content_bytes = 0;
    uint64_t attachments = 0;  // that wait to be fetched
    uint64_t attachment_chunks = 0;
    uint64_t archived = 0;  // entries below this are in archive files
  };
  std::string Text(const Gauges& gauges) const;

 private:
  void AddClocks(std::string& text) const;

  static constexpr std::array<uint32_t, 12> kBucketsUs = {
      100, 250, 500, 1'000, 2'500, 5'000, 10'000, 25'000, 50'000, 100'000, 250'000, 1'000'000};

  std::array<Counter, v1::Subject::Code_ARRAYSIZE> accepted_{};
  std::array<Counter, v1::RefusalReason::Code_ARRAYSIZE> refused_{};
  std::array<Counter, v1::Deadline::Code_ARRAYSIZE> missed_{};
  std::array<Counter, kBucketsUs.size() + 1> commit_buckets_{};
  Counter commits_{0};
  Counter commit_us_{0};
  Counter committed_entries_{0};
};

}  // namespace rujukan::broker
