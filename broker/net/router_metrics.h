// Counters of the network thread, readable from any thread.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "broker/net/connection_table.h"

namespace rujukan::broker {

inline constexpr size_t kCutReasonCount = static_cast<size_t>(CutReason::kIdle) + 1;

struct RouterMetrics {
  using Counter = std::atomic<uint64_t>;

  Counter frames_received = 0;
  Counter frames_sent = 0;
  Counter frames_dropped = 0;          // outbound: the peer was gone or did not read
  Counter frames_unauthenticated = 0;  // must stay 0: ZAP did not speak
  Counter pauses = 0;                  // times the admission queue was full
  Counter accept_failures = 0;
  Counter main_connections = 0;
  Counter enrolment_connections = 0;
  std::array<Counter, kCutReasonCount> cuts{};

  // Prometheus text exposition.
  std::string Text() const;
};

}  // namespace rujukan::broker
