// Queries that wait for their answer, the askers in turn: who asks much waits for itself, nobody
// else for it. Pure; one owner thread. Bounded: an agency by limits::kQueryWindowMax, strangers by
// their rate.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>

#include "base/check.h"
#include "broker/core/submission.h"

namespace rujukan::broker {

class QueryTurns {
 public:
  void Put(Query query) {
    const std::string& user = query.peer.user;
    waiting_[user].push_back(std::move(query));
  }
  bool Empty() const { return waiting_.empty(); }

  // The oldest query of the asker whose turn it is. Requires: !Empty().
  Query Take() {
    CHECK(!Empty());
    auto next = waiting_.upper_bound(served_last_);
    if (next == waiting_.end()) {
      next = waiting_.begin();
    }
    served_last_ = next->first;
    Query query = std::move(next->second.front());
    next->second.pop_front();
    if (next->second.empty()) {
      waiting_.erase(next);
    }
    return query;
  }

 private:
  std::map<std::string, std::deque<Query>> waiting_;  // by user; never an empty one
  std::string served_last_;
};

}  // namespace rujukan::broker
