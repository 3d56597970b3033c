#include "agents/agency/cli_work.h"

#include "agents/agency/print_work.h"

namespace rujukan::agency {
namespace {

int CallAndPrint(const Terminal& terminal, const ApiCall& call, Printer print) {
  const auto reply = CallApi(terminal.socket_path, call);
  return reply ? PrintReply(terminal, *reply, print) : Report(terminal, reply.error());
}

std::string TimersPath(const std::string& leg) {
  return "/v1/legs/" + leg + "/timers";
}

}  // namespace

int Today(const Terminal& terminal) {
  return CallAndPrint(terminal, {"GET", "/v1/worklist?view=today", ""}, PrintToday);
}

int Overdue(const Terminal& terminal, bool children) {
  const std::string path = "/v1/worklist?view=overdue";
  return CallAndPrint(terminal, {"GET", path + (children ? "&anak=1" : ""), ""}, PrintOverdue);
}

int Search(const Terminal& terminal, const SearchOptions& options) {
  Json body = Json::object();
  for (const auto& [name, value] : {std::pair("leg", &options.leg),
                                    std::pair("peer", &options.peer),
                                    std::pair("state", &options.state),
                                    std::pair("deadline", &options.deadline),
                                    std::pair("urgency", &options.urgency),
                                    std::pair("from", &options.from),
                                    std::pair("until", &options.until),
                                    std::pair("ref_anak", &options.ref_anak),
                                    std::pair("nama", &options.name)}) {
    if (!value->empty()) {
      body[name] = *value;
    }
  }
  return CallAndPrint(terminal, {"POST", "/v1/search", body.dump()}, PrintFound);
}

int StartTimer(const Terminal& terminal, const TimerOptions& options) {
  const Json body = {{"timer", options.timer},
                     {"mulai", options.started},
                     {"catatan", options.note},
                     {"diperpanjang", options.extended}};
  return CallAndPrint(terminal, {"POST", TimersPath(options.leg), body.dump()}, PrintTimerStarted);
}

int StopTimer(const Terminal& terminal, const TimerOptions& options) {
  return CallAndPrint(terminal,
                      {"DELETE", TimersPath(options.leg) + "?timer=" + options.timer, ""},
                      PrintTimerStopped);
}

int ListTimers(const Terminal& terminal, const std::string& leg) {
  return CallAndPrint(terminal, {"GET", TimersPath(leg), ""}, PrintTimers);
}

}  // namespace rujukan::agency
