#include "agents/agency/notify.h"

#include <chrono>

namespace rujukan::agency {
namespace {

int64_t SteadyNow() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Notifier::Notifier(std::vector<NotifyTarget> targets) {
  for (auto& target : targets) {
    desks_.push_back(std::make_unique<Desk>(std::move(target)));
    desks_.back()->status.name = desks_.back()->target.name;
  }
  for (auto& desk : desks_) {
    desk->thread = std::thread([this, &desk = *desk] { Run(desk); });
  }
}

Notifier::~Notifier() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& desk : desks_) {
    desk->thread.join();
  }
}

void Notifier::Tell(NotifyKind kind) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (auto& desk : desks_) {
      desk->plan.Want(kind);
    }
  }
  changed_.notify_all();
}

std::vector<NotifyStatus> Notifier::Statuses() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<NotifyStatus> statuses;
  for (const auto& desk : desks_) {
    statuses.push_back(desk->status);
  }
  return statuses;
}

void Notifier::Run(Desk& desk) {
  const auto stopping = [this] {
    const std::lock_guard<std::mutex> lock(mutex_);
    return stopping_;
  };
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    const int64_t now = SteadyNow();
    const auto kind = desk.plan.Take(now);
    if (!kind) {
      const int64_t next = desk.plan.NextAt();
      if (next == INT64_MAX) {
        changed_.wait(lock);
      } else {
        changed_.wait_for(lock, std::chrono::milliseconds(next - now));
      }
      continue;
    }
    lock.unlock();
    const std::string failure = desk.target.send(*kind, stopping);
    lock.lock();
    desk.plan.Done(*kind, SteadyNow(), failure.empty());
    ++(failure.empty() ? desk.status.told : desk.status.failed);
    desk.status.last_error = failure;
  }
}

Json NotifyJson(const std::vector<NotifyStatus>& statuses) {
  Json list = Json::array();
  for (const auto& status : statuses) {
    list.push_back({{"sasaran", status.name},
                    {"terkirim", status.told},
                    {"gagal", status.failed},
                    {"galat", status.last_error}});
  }
  return list;
}

}  // namespace rujukan::agency
