// A sender on the wire, in a thread of its own: keeps a number of referrals unanswered, over any
// number of broker restarts, and remembers everything it was told.
#pragma once

#include <atomic>
#include <map>
#include <string>
#include <thread>

#include "tests/harness/identity.h"

namespace rujukan::testing {

// What an acknowledgement promised.
struct Acknowledged {
  LogIndex index = 0;
  std::string entry;  // exact bytes
  std::string proof;  // tlog-proof@v1
};

class BulkSender {
 public:
  // Starts sending valid referrals from `from` to `to`.
  BulkSender(const Identity& from, std::string to, uint32_t in_flight);
  ~BulkSender();

  // Stops sending new ones, waits for the answers to those under way; false when they do not come.
  bool Finish();

  size_t acknowledged_count() const { return count_; }
  // By message id. After Finish.
  const std::map<std::string, Acknowledged>& acknowledged() const { return acknowledged_; }
  const std::string& trouble() const {
    return trouble_;
  }  // refusals and alarms: there must be none

 private:
  void Run();
  void SubmitOne(link::Client& client);
  void Take(const link::Event& event);

  const Identity& from_;
  const std::string to_;
  const uint32_t in_flight_;
  std::atomic<bool> finishing_{false};
  std::atomic<bool> abandon_{false};
  std::atomic<bool> done_{false};
  std::atomic<size_t> count_{0};
  size_t open_ = 0;
  std::map<std::string, Acknowledged> acknowledged_;
  std::string trouble_;
  std::thread thread_;
};

// A complete, valid T1 referral of a fictional child.
v1::Content SampleReferral();

}  // namespace rujukan::testing
