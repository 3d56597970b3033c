// Tells people that something waits, and not what: "ada rujukan baru" to a command or by mail. No
// name, category, pseudonym or id of a leg is ever in a notice, so it may go where content may not.
//
// Thread: one a target, so that a slow or dead one holds up neither the agent nor the others. Tell
// and Statuses from any thread. Not durable: the lists of `today` are; a notice only says to look
// there.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "agents/agency/json.h"
#include "agents/agency/notify_plan.h"

namespace rujukan::agency {

// Tells one target once: "" when it took the notice, else why not, without any secret. Ends early
// when `stopping` becomes true.
using NotifySend = std::function<std::string(NotifyKind, const std::function<bool()>& stopping)>;

struct NotifyTarget {
  std::string name;  // "perintah" or "surel", for status and metrics
  NotifySend send;
};

struct NotifyStatus {
  std::string name;
  int64_t told = 0;
  int64_t failed = 0;
  std::string last_error;  // "": the last try succeeded, or there was none
};

class Notifier {
 public:
  explicit Notifier(std::vector<NotifyTarget> targets);
  ~Notifier();  // does not wait for a target that hangs
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  void Tell(NotifyKind kind);
  std::vector<NotifyStatus> Statuses() const;

 private:
  struct Desk {
    explicit Desk(NotifyTarget given) : target(std::move(given)) {}
    const NotifyTarget target;
    NotifyPlan plan;      // guarded by mutex_
    NotifyStatus status;  // guarded by mutex_
    std::thread thread;
  };
  void Run(Desk& desk);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;  // guarded by mutex_
  std::vector<std::unique_ptr<Desk>> desks_;
};

Json NotifyJson(const std::vector<NotifyStatus>& statuses);

}  // namespace rujukan::agency
