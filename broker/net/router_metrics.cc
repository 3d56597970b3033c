#include "broker/net/router_metrics.h"

#include <string_view>

namespace rujukan::broker {
namespace {

void AppendMetric(std::string& out, std::string_view type, std::string_view name, uint64_t value) {
  out.append("# TYPE ").append(name).append(" ").append(type).append("\n");
  out.append(name).append(" ").append(std::to_string(value)).append("\n");
}

std::string_view Label(CutReason reason) {
  switch (reason) {
    case CutReason::kTooManyConnections:
      return "too_many_connections";
    case CutReason::kTooManyOfUser:
      return "too_many_of_agency";
    case CutReason::kClaimedIdentity:
      return "claimed_identity";
    case CutReason::kRouteOfAnother:
      return "route_of_another";
    case CutReason::kRevoked:
      return "revoked";
    case CutReason::kUnfinished:
      return "unfinished";
    case CutReason::kMalformed:
      return "malformed";
    case CutReason::kNotReading:
      return "not_reading";
    case CutReason::kSilent:
      return "silent";
    case CutReason::kIdle:
      return "idle";
  }
  return "";
}

}  // namespace

std::string RouterMetrics::Text() const {
  std::string out;
  AppendMetric(out, "counter", "rujukan_frames_received_total", frames_received);
  AppendMetric(out, "counter", "rujukan_frames_sent_total", frames_sent);
  AppendMetric(out, "counter", "rujukan_frames_dropped_total", frames_dropped);
  AppendMetric(out, "counter", "rujukan_frames_unauthenticated_total", frames_unauthenticated);
  AppendMetric(out, "counter", "rujukan_admission_pauses_total", pauses);
  AppendMetric(out, "counter", "rujukan_accept_failures_total", accept_failures);
  AppendMetric(out, "gauge", "rujukan_main_connections", main_connections);
  AppendMetric(out, "gauge", "rujukan_enrolment_connections", enrolment_connections);
  out += "# TYPE rujukan_connections_cut_total counter\n";
  for (size_t i = 0; i < cuts.size(); ++i) {
    out.append("rujukan_connections_cut_total{reason=\"")
        .append(Label(static_cast<CutReason>(i)))
        .append("\"} ")
        .append(std::to_string(cuts[i]))
        .append("\n");
  }
  return out;
}

}  // namespace rujukan::broker
