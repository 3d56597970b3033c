// Names of what is being done right now, so that the same is not done twice at once. Thread-safe.
#pragma once

#include <mutex>
#include <set>
#include <string>

namespace rujukan::agency {

struct UnderWaySet {
  std::mutex mutex;
  std::set<std::string> names;  // guarded by mutex
};

// Takes a name as long as it lives, unless somebody has it.
class UnderWay {
 public:
  UnderWay(UnderWaySet& set, std::string name) : set_(set), name_(std::move(name)) {
    const std::lock_guard<std::mutex> lock(set_.mutex);
    alone_ = set_.names.insert(name_).second;
  }
  ~UnderWay() {
    if (alone_) {
      const std::lock_guard<std::mutex> lock(set_.mutex);
      set_.names.erase(name_);
    }
  }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;
  bool alone() const { return alone_; }

 private:
  UnderWaySet& set_;
  const std::string name_;
  bool alone_ = false;
};

}  // namespace rujukan::agency
