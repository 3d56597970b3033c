// Load over the real wire: senders that each keep a number of submissions in flight, and, when
// delivery is measured, one receiver that answers every message with a signed delivery receipt.
// Messages are sealed and signed before the clock starts: what is measured is the broker and the
// link, not the writer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/harness/identity.h"

namespace rujukan::bench {

struct LoadPlan {
  size_t content_bytes = 1024;  // plaintext, before padding and sealing
  uint32_t in_flight = 64;      // of each sender
  uint32_t batch = 1;           // statements under one signature
  size_t messages = 1000;
  bool deliver = false;  // the receiver is connected and answers
};

struct LoadResult {
  double seconds = 0;
  std::vector<double> receipt_us;    // submit -> verified receipt, one a message
  std::vector<double> delivered_us;  // submit -> verified delivery notice, one a message

  double PerSecond() const {
    const size_t done = delivered_us.empty() ? receipt_us.size() : delivered_us.size();
    return seconds > 0 ? static_cast<double>(done) / seconds : 0;
  }
};

// The value below which `share` (0..1) of the samples lie; 0 for none.
double Percentile(std::vector<double> samples, double share);

// Sends plan.messages from `senders`, an equal share each and all at once, spread over `receivers`
// in turn; when plan.deliver, the first receiver alone gets all of them and answers. CHECKs that
// nothing is refused.
LoadResult RunLoad(const LoadPlan& plan,
                   const std::vector<const testing::Identity*>& senders,
                   const std::vector<const testing::Identity*>& receivers);

}  // namespace rujukan::bench
