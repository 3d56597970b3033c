#include "agents/agency/metrics.h"

#include <sstream>

namespace rujukan::agency {
namespace {

int64_t Signed(uint64_t value) {
  return static_cast<int64_t>(value);
}

void Head(std::ostream& out, const char* name, const char* type, const char* help) {
  out << "# HELP " << name << " " << help << "\n# TYPE " << name << " " << type << "\n";
}

void One(std::ostream& out, const char* name, const char* help, int64_t value) {
  Head(out, name, "gauge", help);
  out << name << " " << value << "\n";
}

void Link(std::ostream& out, const LinkStatus& link) {
  const char* name = "rujukan_agent_link_state";
  Head(out, name, "gauge", "1 for the state the link to the broker is in");
  for (const char* state : {"CONNECTING", "LIVE", "UNWITNESSED", "NOT_ADMITTED", "ALARM"}) {
    out << name << "{state=\"" << state << "\"} " << (link.state == state ? 1 : 0) << "\n";
  }
  One(out,
      "rujukan_agent_tree_size",
      "entries of the ledger last verified",
      static_cast<int64_t>(link.tree_size));
  One(out,
      "rujukan_agent_clock_offset_seconds",
      "broker's clock minus this machine's",
      link.clock_offset_ms / 1000);
}

void Witnesses(std::ostream& out, const WitnessStatus& witnesses) {
  if (!witnesses.followed) {
    return;
  }
  One(out,
      "rujukan_agent_witnessed",
      "1: enough witnesses have cosigned what the broker shows",
      witnesses.met ? 1 : 0);
  One(out,
      "rujukan_agent_witnesses_missing",
      "witnesses of the policy whose cosignature is missing or too old",
      static_cast<int64_t>(witnesses.missing.size()));
}

void Messages(std::ostream& out, const Tables::Counts& counts) {
  const char* outbox = "rujukan_agent_outbox_messages";
  Head(out, outbox, "gauge", "messages of this agency by what became of them");
  out << outbox << "{stage=\"queued\"} " << counts.queued << "\n"
      << outbox << "{stage=\"accepted\"} " << counts.accepted << "\n"
      << outbox << "{stage=\"refused\"} " << counts.refused << "\n"
      << outbox << "{stage=\"held\"} " << counts.held << "\n"
      << outbox << "{stage=\"bounced\"} " << counts.bounced << "\n";
  One(out, "rujukan_agent_inbox_messages", "messages received", counts.received);
}

void Certificates(std::ostream& out, const std::vector<Ending>& endings) {
  const char* name = "rujukan_agent_certificate_not_after_seconds";
  Head(out, name, "gauge", "when a certificate ends, Unix time");
  for (const auto& ending : endings) {
    out << name << "{certificate=\"" << ending.what << "\"} " << ending.not_after / 1000 << "\n";
  }
}

void Reads(std::ostream& out, const ReadTrailStatus& reads) {
  One(out, "rujukan_agent_reads_logged", "lines of the read trail", Signed(reads.logged));
  One(out,
      "rujukan_agent_reads_waiting",
      "lines of the read trail that the ledger does not have yet",
      Signed(reads.logged) - Signed(reads.anchored));
  One(out,
      "rujukan_agent_reads_anchored_seconds",
      "when the read trail was last put into the ledger, Unix time; 0: never",
      reads.anchored_at / 1000);
  One(out,
      "rujukan_agent_read_trail_alarm",
      "1: the ledger has another past of the read trail than this database",
      reads.alarm.empty() ? 0 : 1);
}

// By place in the configuration: an address or a path is nobody's business here.
void Notices(std::ostream& out, const std::vector<NotifyStatus>& notices) {
  if (notices.empty()) {
    return;
  }
  const char* name = "rujukan_agent_notices_total";
  Head(out, name, "counter", "times a target was told that something waits, or could not be");
  for (size_t i = 0; i < notices.size(); ++i) {
    const std::string label =
        "{target=\"" + std::to_string(i) + "\",by=\"" + notices[i].name + "\"";
    out << name << label << ",outcome=\"told\"} " << notices[i].told << "\n"
        << name << label << ",outcome=\"failed\"} " << notices[i].failed << "\n";
  }
  const char* failing = "rujukan_agent_notice_target_failing";
  Head(out, failing, "gauge", "1: the last try to tell this target failed");
  for (size_t i = 0; i < notices.size(); ++i) {
    out << failing << "{target=\"" << i << "\",by=\"" << notices[i].name << "\"} "
        << (notices[i].last_error.empty() ? 0 : 1) << "\n";
  }
}

void Rotating(std::ostream& out, const RotationStatus& rotation) {
  const char* name = "rujukan_agent_rotation_state";
  Head(out, name, "gauge", "1 for the state a renewal of keys is in");
  for (const auto state : {RotationState::kNone,
                           RotationState::kAsked,
                           RotationState::kWaiting,
                           RotationState::kRefused}) {
    out << name << "{state=\"" << RotationName(state) << "\"} " << (rotation.state == state ? 1 : 0)
        << "\n";
  }
}

}  // namespace

std::string MetricsText(const MetricsOf& state) {
  std::ostringstream out;
  Link(out, state.link);
  Witnesses(out, state.link.witnesses);
  Messages(out, state.counts);
  Certificates(out, state.endings);
  Rotating(out, state.rotation);
  Reads(out, state.reads);
  Notices(out, state.notices);
  return out.str();
}

}  // namespace rujukan::agency
