#include "agents/agency/print_work.h"

#include <array>

#include "agents/agency/phrases.h"
#include "agents/agency/print.h"
#include "agents/agency/time_text.h"
#include "agents/agency/worklist.h"
#include "base/printable.h"

namespace rujukan::agency {
namespace {

using P = Phrase;

constexpr std::array<P, kTaskCount> kTaskPhrases = {P::kRespondAlert,
                                                    P::kReceive,
                                                    P::kConfirm,
                                                    P::kDecide,
                                                    P::kAnswer,
                                                    P::kContact,
                                                    P::kSignHandover,
                                                    P::kReport,
                                                    P::kReview,
                                                    P::kService,
                                                    P::kClose,
                                                    P::kSignOff,
                                                    P::kAnswerCancel,
                                                    P::kAnswerWithdrawal,
                                                    P::kFindAgency,
                                                    P::kStatutory,
                                                    P::kSendTask};

void PrintTask(const std::string& name, std::ostream& out) {
  for (size_t i = 0; i < kTaskCount; ++i) {
    if (TaskName(static_cast<Task>(i)) == name) {
      out << kTaskPhrases[i];
      return;
    }
  }
  out << name;
}

void PrintDue(const Json& item, std::ostream& out) {
  const Json late = item.value("late_ms", Json());
  if (!late.is_number_integer()) {
    out << P::kNoTimeSet;
    return;
  }
  const auto ms = late.get<int64_t>();
  out << P::kDueBy << " " << JsonText(item, "due") << ", " << (ms > 0 ? P::kLateBy : P::kTimeLeft)
      << " " << DurationText(ms > 0 ? ms : -ms);
}

void PrintTold(const Json& item, std::ostream& out) {
  if (item.value("escalation", 0) == 0) {
    return;
  }
  out << "    " << P::kEscalationLevel << " " << JsonText(item, "escalation");
  const Json told = item.value("told", Json::array());
  for (size_t i = 0; i < told.size(); ++i) {
    out << (i == 0 ? ", " : " ");
    if (i == 0) {
      out << P::kTold << ": ";
    }
    out << Printable(told[i].get<std::string>());
  }
  out << "\n";
}

void PrintItem(const Json& item, std::ostream& out) {
  out << JsonText(item, "clock_class") << "  ";
  PrintTask(item.value("task", ""), out);
  for (const char* name : {"timer", "deadline"}) {
    if (const auto code = JsonText(item, name); code != "-") {
      out << " (" << code << ")";
    }
  }
  out << "\n    ";
  PrintDue(item, out);
  out << "\n    " << P::kLeg << " " << JsonText(item, "leg_id") << "  " << JsonText(item, "state")
      << "  " << P::kPeer << " " << JsonText(item, "peer") << "\n";
  if (item.contains("ref_anak")) {
    out << "    " << P::kChild << " " << JsonText(item, "ref_anak") << "\n";
  }
  if (item.contains("breach_by")) {
    out << "    " << P::kByStatute << ": " << JsonText(item, "breach_by")
        << (item.value("breached", false) ? "  " + Say(P::kBreached, SpokenOn(out)) : "") << "\n";
  }
  PrintTold(item, out);
}

void PrintItems(const Json& list, Phrase none, std::ostream& out) {
  const Json items = list.value("items", Json::array());
  if (items.empty()) {
    out << none << "\n";
  }
  for (const auto& item : items) {
    PrintItem(item, out);
    if (const auto command = JsonText(item, "command");
        item.value("ours", false) && !command.empty() && command != "send") {
      out << "    rujukan-agent " << command << (command == "timer" ? " list " : " ")
          << JsonText(item, "leg_id") << "\n";
    }
  }
  if (list.value("more", false)) {
    out << P::kMore << "\n";
  }
}

Json Only(const Json& list, bool ours) {
  Json part = list;
  part["items"] = Json::array();
  for (const auto& item : list.value("items", Json::array())) {
    if (item.value("ours", false) == ours) {
      part["items"].push_back(item);
    }
  }
  return part;
}

void PrintTimer(const Json& timer, std::ostream& out) {
  const std::string state = timer.value("keadaan", "");
  out << JsonText(timer, "timer") << "  " << P::kSince << " " << JsonText(timer, "mulai") << "  "
      << JsonText(timer, "hukum") << "\n    " << P::kByStatute << ": "
      << JsonText(timer, "batas_hukum") << "\n    " << P::kByCalendar << ": "
      << JsonText(timer, "batas_kalender") << "\n";
  if (state != "BERJALAN") {
    out << "    " << (state == "TERLAMPAUI" ? P::kBreached : P::kWarned) << "\n";
  }
  if (!timer.value("catatan", "").empty()) {
    out << "    " << P::kNote << ": " << JsonText(timer, "catatan") << "\n";
  }
  out << "    rujukan-agent timer stop " << JsonText(timer, "leg_id") << " "
      << JsonText(timer, "timer_id") << "\n";
}

}  // namespace

void PrintToday(const Json& list, std::ostream& out) {
  PrintItems(list, P::kNothingWaits, out);
}

void PrintOverdue(const Json& list, std::ostream& out) {
  const Json ours = Only(list, true);
  const Json theirs = Only(list, false);
  if (ours["items"].empty() && theirs["items"].empty()) {
    out << P::kNothingLate << "\n";
    return;
  }
  for (const auto& [title, part] :
       {std::pair(P::kWaitsForUs, &ours), std::pair(P::kWaitsForThem, &theirs)}) {
    if (!(*part)["items"].empty()) {
      out << "--- " << title << " ---\n";
      PrintItems(*part, P::kNothingLate, out);
    }
  }
}

void PrintFound(const Json& answer, std::ostream& out) {
  const Json legs = answer.value("legs", Json::array());
  if (legs.empty()) {
    out << P::kNothingFound << "\n";
  }
  for (const auto& leg : legs) {
    out << JsonText(leg, "leg_id") << "  " << JsonText(leg, "state") << "  "
        << JsonText(leg, "clock_class") << "  " << JsonText(leg, "role") << "  "
        << JsonText(leg, "peer") << "  " << JsonText(leg, "opened_at") << "\n";
  }
  if (answer.value("more", false)) {
    out << P::kMore << "\n";
  }
  if (answer.value("opened", 0) > 0) {
    out << "(" << JsonText(answer, "opened") << " " << P::kNotedInTrail << ")\n";
  }
}

void PrintTimers(const Json& answer, std::ostream& out) {
  const Json timers = answer.value("timers", Json::array());
  if (timers.empty()) {
    out << "(" << P::kEmpty << ")\n";
  }
  for (const auto& timer : timers) {
    PrintTimer(timer, out);
  }
}

void PrintTimerStarted(const Json& timer, std::ostream& out) {
  out << P::kTimerStarted << "\n";
  PrintTimer(timer, out);
}

void PrintTimerStopped(const Json& answer, std::ostream& out) {
  out << JsonText(answer, "timer_id") << " " << P::kTimerStopped << "\n";
}

}  // namespace rujukan::agency
