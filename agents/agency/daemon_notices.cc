// The daemon's notices without content: what of its news somebody should look at now.
#include <chrono>

#include "agents/agency/daemon.h"
#include "agents/agency/time_text.h"
#include "agents/agency/work_legs.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kLookEveryMs = 60'000;

int64_t SteadyNow() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// One deadline of one leg: it is told once.
std::string NameOf(const WorkItem& item) {
  std::string name = item.leg.str();
  name += TaskName(item.task);
  name += std::to_string(item.due);
  return name;
}

}  // namespace

void Daemon::TellNews(const Inbox::Taken& taken) {
  if (taken.alerts > 0) {
    notifier_->Tell(NotifyKind::kAlert);
  }
  if (taken.referrals > 0) {
    notifier_->Tell(NotifyKind::kNewReferral);
  }
}

void Daemon::TellMissed(const link::LegNoticed& page) {
  for (const link::Proven& proven : page.entries) {
    if (proven.entry.has_deadline_missed() && proven.entry.deadline_missed().level() > 0) {
      notifier_->Tell(NotifyKind::kEscalation);
      return;
    }
  }
}

// Once a minute. After a restart what waits is told once more: better twice than never.
Result<void> Daemon::TellWhatWaits() {
  const int64_t steady = SteadyNow();
  if (config_.notices.empty() || (work_looked_at_ && steady - *work_looked_at_ < kLookEveryMs)) {
    return {};
  }
  work_looked_at_ = steady;
  ASSIGN_OR_RETURN(const auto clocks, ClocksOf(store_->directory()));
  ASSIGN_OR_RETURN(const auto zone, ZoneOfAgency(store_->directory(), clocks, config_.address));
  ASSIGN_OR_RETURN(const auto legs, store_->Read([&](Tables& tables) {
    return ReadWorkLegs(tables, clocks, zone);
  }));
  const UnixMillis now = clock_->Now();
  std::set<std::string> told;
  const auto tell = [&](const std::vector<WorkItem>& items, NotifyKind kind) {
    bool fresh = false;
    for (const WorkItem& item : items) {
      const bool first = told.insert(NameOf(item)).second;
      fresh = fresh || (first && !work_told_.contains(NameOf(item)));
    }
    if (fresh) {
      notifier_->Tell(kind);
    }
  };
  tell(UnsentOf(legs, now), NotifyKind::kUnsent);
  tell(NearOf(legs, now), NotifyKind::kDeadlineNear);
  work_told_ = std::move(told);
  return {};
}

}  // namespace rujukan::agency
