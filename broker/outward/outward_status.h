// What became of the broker's requests to others, for its metrics. Any thread.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/ids.h"

namespace rujukan::broker {

class OutwardStatus {
 public:
  // Names it before it is asked for the first time, so that one that never answers shows as well.
  void AddWitness(const std::string& name);
  void AddAuthority();

  void WitnessAnswered(const std::string& name, UnixMillis now);
  void WitnessFailed(const std::string& name, UnixMillis now);
  void Cosigned(TreeSize size, UnixMillis newest_cosignature);
  void AuthorityFailed(UnixMillis now);
  void Stamped(TreeSize size, UnixMillis time);

  // Prometheus text; "" when there is nobody to ask. Ages are in seconds, -1 for never.
  std::string MetricsText(UnixMillis now) const;

 private:
  struct Peer {
    UnixMillis answered = 0;
    UnixMillis failed = 0;
    uint64_t failures = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::string, Peer> witnesses_;  // all guarded by mutex_
  bool authority_ = false;
  Peer stamping_;
  TreeSize cosigned_size_ = 0;
  UnixMillis cosigned_at_ = 0;
  TreeSize stamped_size_ = 0;
  UnixMillis stamped_at_ = 0;
};

}  // namespace rujukan::broker
