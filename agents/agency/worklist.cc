#include "agents/agency/worklist.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

namespace rujukan::agency {
namespace {

using D = v1::Deadline;
using S = v1::LegState;
using ledger::Side;
using ledger::StateSet;

struct TaskWords {
  std::string_view name;
  std::string_view command;
};
constexpr std::array<TaskWords, kTaskCount> kTasks = {{{"RESPOND_ALERT", "respond"},
                                                       {"RECEIVE", ""},
                                                       {"CONFIRM", "ack"},
                                                       {"DECIDE", "accept"},
                                                       {"ANSWER", "answer"},
                                                       {"CONTACT", "contact"},
                                                       {"SIGN_HANDOVER", "handover"},
                                                       {"REPORT", "progress"},
                                                       {"REVIEW", "resume"},
                                                       {"SERVICE", "finish"},
                                                       {"CLOSE", "close"},
                                                       {"SIGN_OFF", "sign-off"},
                                                       {"ANSWER_CANCEL", "agree-cancel"},
                                                       {"ANSWER_WITHDRAWAL", "answer-withdrawal"},
                                                       {"FIND_AGENCY", "send"},
                                                       {"STATUTORY", "timer"},
                                                       {"SEND", ""}}};

constexpr StateSet kUndecided = {S::TERKIRIM, S::SAMPAI, S::DIKAJI, S::MENUNGGU_INFO};

// Which side a deadline waits for, and in which states it still does: what we have queued may have
// answered it already.
struct Duty {
  D::Code deadline;
  Task task;
  Side who;
  StateSet while_in;
};
constexpr std::array<Duty, 9> kDuties = {{
    {D::PENERIMAAN, Task::kReceive, Side::kReceiver, {S::TERKIRIM}},
    {D::KONFIRMASI, Task::kConfirm, Side::kReceiver, {S::TERKIRIM, S::SAMPAI}},
    {D::KEPUTUSAN, Task::kDecide, Side::kReceiver, kUndecided},
    {D::KONTAK, Task::kContact, Side::kReceiver, {S::DITERIMA, S::BERJALAN}},
    {D::KEMAJUAN, Task::kReport, Side::kReceiver, {S::DITERIMA, S::BERJALAN}},
    {D::TINJAUAN, Task::kReview, Side::kReceiver, {S::DITUNDA}},
    {D::LAYANAN,
     Task::kService,
     Side::kReceiver,
     {S::TERKIRIM, S::SAMPAI, S::DIKAJI, S::MENUNGGU_INFO, S::DITERIMA, S::BERJALAN, S::DITUNDA}},
    {D::PENUTUPAN, Task::kClose, Side::kSender, {S::SELESAI}},
    {D::PENGESAHAN,
     Task::kSignOff,
     Side::kSender,
     {S::TERKIRIM,
      S::SAMPAI,
      S::DIKAJI,
      S::MENUNGGU_INFO,
      S::DITERIMA,
      S::BERJALAN,
      S::DITUNDA,
      S::SELESAI}},
}};

// 0 the most urgent.
int RankOf(v1::ClockClass::Code code) {
  return code == v1::ClockClass::UNSPECIFIED ? v1::ClockClass::RENDAH + 1 : int{code};
}

const v1::RunningDeadline& RunningOf(const WorkLeg& leg, D::Code code) {
  for (const auto& running : leg.record.deadlines()) {
    if (running.deadline() == code) {
      return running;
    }
  }
  return v1::RunningDeadline::default_instance();
}

UnixMillis DueOf(const WorkLeg& leg, D::Code code) {
  return RunningOf(leg, code).due_ms();
}

WorkItem ItemOf(const WorkLeg& leg, Task task, D::Code deadline) {
  WorkItem item;
  item.leg = leg.id;
  item.side = leg.side;
  item.peer = leg.peer;
  item.state = leg.state;
  item.clock_class = leg.record.clock_class();
  item.task = task;
  item.deadline = deadline;
  item.due = RunningOf(leg, deadline).due_ms();
  item.started = RunningOf(leg, deadline).started_ms();
  item.escalation = leg.record.escalation();
  item.told = leg.told;
  return item;
}

// Of an alert or a withdrawal: whether the other side's waits for us, and whether one of ours waits
// for it.
template <class Unanswered>
bool Waits(const Unanswered& list, Side for_side) {
  return std::any_of(list.begin(), list.end(), [for_side](const auto& one) {
    return (one.by_sender() ? Side::kReceiver : Side::kSender) == for_side;
  });
}

// The one step that a leg's state asks of a side; what is due later than today is not in it.
std::optional<WorkItem> StepOf(const WorkLeg& leg, UnixMillis until) {
  const bool receiving = leg.side == Side::kReceiver;
  const auto soon = [&](Task task, D::Code code) -> std::optional<WorkItem> {
    auto item = ItemOf(leg, task, code);
    return item.due != 0 && item.due <= until ? std::optional(item) : std::nullopt;
  };
  switch (leg.state) {
    case S::TERKIRIM:
    case S::SAMPAI:
      return receiving ? std::optional(ItemOf(leg, Task::kConfirm, D::KONFIRMASI)) : std::nullopt;
    case S::DIKAJI:
      return receiving ? std::optional(ItemOf(leg, Task::kDecide, D::KEPUTUSAN)) : std::nullopt;
    case S::MENUNGGU_INFO:
      return receiving ? soon(Task::kDecide, D::KEPUTUSAN)
                       : std::optional(ItemOf(leg, Task::kAnswer, D::KEPUTUSAN));
    case S::DITERIMA:
      return receiving ? std::optional(ItemOf(leg, Task::kContact, D::KONTAK)) : std::nullopt;
    case S::BERJALAN:
      return receiving ? soon(Task::kReport, D::KEMAJUAN) : std::nullopt;
    case S::DITUNDA:
      return receiving ? soon(Task::kReview, D::TINJAUAN) : std::nullopt;
    case S::SELESAI:
      return receiving ? std::nullopt : std::optional(ItemOf(leg, Task::kClose, D::PENUTUPAN));
    default:
      return std::nullopt;
  }
}

// Of a leg that ended without help, and that nobody goes on with: it comes back to who sent it.
bool NeedsAnotherAgency(const WorkLeg& leg, UnixMillis now) {
  if (leg.side != Side::kSender || !leg.record.continued_by().empty()) {
    return false;
  }
  if (leg.state == S::DIBATALKAN) {
    return now - leg.record.changed_at_ms() < kCancelledShownMs;
  }
  return StateSet{S::DITOLAK, S::DIALIHKAN, S::GAGAL}.Has(leg.state);
}

void AddUnanswered(const WorkLeg& leg, std::vector<WorkItem>& items) {
  if (Waits(leg.record.alerts(), leg.side)) {
    items.push_back(ItemOf(leg, Task::kRespondAlert, D::PERINGATAN));
  }
  if (!ledger::IsOpen(leg.state)) {
    return;
  }
  const bool receiving = leg.side == Side::kReceiver;
  if (leg.record.has_handover() && leg.record.handover().by_sender() == receiving) {
    items.push_back(ItemOf(leg, Task::kSignHandover, D::KONTAK));
  }
  if (receiving && !leg.record.cancel_request().empty()) {
    items.push_back(ItemOf(leg, Task::kAnswerCancel, D::UNSPECIFIED));
  }
  if (!receiving && DueOf(leg, D::PENGESAHAN) != 0) {
    items.push_back(ItemOf(leg, Task::kSignOff, D::PENGESAHAN));
  }
}

void AddTimers(const WorkLeg& leg, UnixMillis alert_before, std::vector<WorkItem>& items) {
  for (const auto& timer : leg.timers) {
    if (timer.alert_by <= alert_before) {
      auto item = ItemOf(leg, Task::kStatutory, D::UNSPECIFIED);
      item.timer = timer.code;
      item.due = timer.alert_by;
      item.breach_by = timer.breach_by;
      items.push_back(std::move(item));
    }
  }
}

void Sort(std::vector<WorkItem>& items) {
  const auto key = [](const WorkItem& item) {
    return std::tuple(item.task != Task::kRespondAlert,
                      RankOf(item.clock_class),
                      item.due == 0 ? INT64_MAX : item.due,
                      item.leg.str(),
                      item.task,
                      item.timer);
  };
  std::sort(items.begin(), items.end(), [&](const WorkItem& a, const WorkItem& b) {
    return key(a) < key(b);
  });
}

void AddLate(const WorkLeg& leg, const v1::RunningDeadline& running, std::vector<WorkItem>& items) {
  if (running.deadline() == D::PERINGATAN) {
    const bool ours = Waits(leg.record.alerts(), leg.side);
    items.push_back(ItemOf(leg, Task::kRespondAlert, D::PERINGATAN));
    items.back().ours = ours;
    return;
  }
  const auto duty = std::find_if(kDuties.begin(), kDuties.end(), [&](const Duty& one) {
    return one.deadline == running.deadline();
  });
  if (duty != kDuties.end() && duty->while_in.Has(leg.state)) {
    items.push_back(ItemOf(leg, duty->task, duty->deadline));
    items.back().ours = duty->who == leg.side;
  }
}

}  // namespace

std::string_view TaskName(Task task) {
  return kTasks[static_cast<size_t>(task)].name;
}

std::string_view CommandFor(Task task) {
  return kTasks[static_cast<size_t>(task)].command;
}

std::optional<Side> WhoseDuty(D::Code deadline) {
  const auto duty = std::find_if(
      kDuties.begin(), kDuties.end(), [&](const Duty& one) { return one.deadline == deadline; });
  return duty == kDuties.end() ? std::nullopt : std::optional(duty->who);
}

std::vector<WorkItem> UnsentOf(std::span<const WorkLeg> legs, UnixMillis now) {
  std::vector<WorkItem> items;
  for (const WorkLeg& leg : legs) {
    if (leg.send_by != 0 && leg.send_by <= now) {
      items.push_back(ItemOf(leg, Task::kSend, D::UNSPECIFIED));
      items.back().due = leg.send_by;
      items.back().started = leg.record.opened_at_ms();
    }
  }
  return items;
}

std::vector<WorkItem> TodayOf(std::span<const WorkLeg> legs, UnixMillis now) {
  std::vector<WorkItem> items = UnsentOf(legs, now);
  const UnixMillis until = now + kTodayAheadMs;
  for (const WorkLeg& leg : legs) {
    AddUnanswered(leg, items);
    if (Waits(leg.record.withdrawals(), leg.side)) {
      items.push_back(ItemOf(leg, Task::kAnswerWithdrawal, D::UNSPECIFIED));
    }
    if (auto step = StepOf(leg, until); step) {
      items.push_back(std::move(*step));
    }
    const UnixMillis service = DueOf(leg, D::LAYANAN);
    if (leg.side == Side::kReceiver && service != 0 && service <= until) {
      items.push_back(ItemOf(leg, Task::kService, D::LAYANAN));
    }
    if (NeedsAnotherAgency(leg, now)) {
      items.push_back(ItemOf(leg, Task::kFindAgency, D::UNSPECIFIED));
    }
    AddTimers(leg, until, items);
  }
  Sort(items);
  return items;
}

std::vector<WorkItem> NearOf(std::span<const WorkLeg> legs, UnixMillis now) {
  auto items = TodayOf(legs, now);
  std::erase_if(items, [now](const WorkItem& item) {
    const int64_t span = item.started == 0 ? 0 : item.due - item.started;
    const int64_t near = std::clamp(span / 4, kNearMsMin, kNearMsMax);
    return item.due <= now || item.due - now > near;
  });
  return items;
}

std::vector<WorkItem> OverdueOf(std::span<const WorkLeg> legs, UnixMillis now) {
  std::vector<WorkItem> items = UnsentOf(legs, now);
  for (const WorkLeg& leg : legs) {
    for (const auto& running : leg.record.deadlines()) {
      if (running.due_ms() <= now) {
        AddLate(leg, running, items);
      }
    }
    AddTimers(leg, now, items);
  }
  Sort(items);
  return items;
}

}  // namespace rujukan::agency
