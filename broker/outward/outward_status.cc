#include "broker/outward/outward_status.h"

namespace rujukan::broker {
namespace {

void AddHead(std::string& text, const char* name, const char* type, const char* help) {
  text.append("# HELP ").append(name).append(" ").append(help).append("\n");
  text.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void AddValue(std::string& text, const std::string& series, int64_t value) {
  text.append(series).append(" ").append(std::to_string(value)).append("\n");
}

void AddGauge(std::string& text, const char* name, const char* help, int64_t value) {
  AddHead(text, name, "gauge", help);
  AddValue(text, name, value);
}

int64_t AgeSeconds(UnixMillis then, UnixMillis now) {
  return then == 0 ? -1 : (now - then) / 1000;
}

// The name is of a key: no space, no '+', but perhaps a quote.
std::string Series(const char* name, const std::string& witness) {
  std::string label;
  for (const char c : witness) {
    if (c == '"' || c == '\\') {
      label.push_back('\\');
    }
    label.push_back(c);
  }
  return std::string(name) + "{witness=\"" + label + "\"}";
}

}  // namespace

void OutwardStatus::AddWitness(const std::string& name) {
  const std::lock_guard lock(mutex_);
  witnesses_.try_emplace(name);
}

void OutwardStatus::AddAuthority() {
  const std::lock_guard lock(mutex_);
  authority_ = true;
}

void OutwardStatus::WitnessAnswered(const std::string& name, UnixMillis now) {
  const std::lock_guard lock(mutex_);
  witnesses_[name].answered = now;
}

void OutwardStatus::WitnessFailed(const std::string& name, UnixMillis now) {
  const std::lock_guard lock(mutex_);
  witnesses_[name].failed = now;
  ++witnesses_[name].failures;
}

void OutwardStatus::Cosigned(TreeSize size, UnixMillis newest_cosignature) {
  const std::lock_guard lock(mutex_);
  cosigned_size_ = size;
  cosigned_at_ = newest_cosignature;
}

void OutwardStatus::AuthorityFailed(UnixMillis now) {
  const std::lock_guard lock(mutex_);
  stamping_.failed = now;
  ++stamping_.failures;
}

void OutwardStatus::Stamped(TreeSize size, UnixMillis time) {
  const std::lock_guard lock(mutex_);
  stamped_size_ = size;
  stamped_at_ = time;
}

std::string OutwardStatus::MetricsText(UnixMillis now) const {
  const std::lock_guard lock(mutex_);
  std::string text;
  if (!witnesses_.empty()) {
    AddGauge(text,
             "rujukan_cosigned_entries",
             "Entries under the newest checkpoint that witnesses cosigned.",
             static_cast<int64_t>(cosigned_size_));
    AddGauge(text,
             "rujukan_cosigned_age_seconds",
             "Age of the newest cosignature; -1: none yet.",
             AgeSeconds(cosigned_at_, now));
    const char* answered = "rujukan_witness_answered_age_seconds";
    AddHead(text, answered, "gauge", "Since this witness cosigned last; -1: not since the start.");
    for (const auto& [name, peer] : witnesses_) {
      AddValue(text, Series(answered, name), AgeSeconds(peer.answered, now));
    }
    const char* failed = "rujukan_witness_failed_age_seconds";
    AddHead(text, failed, "gauge", "Since this witness failed last; -1: not since the start.");
    for (const auto& [name, peer] : witnesses_) {
      AddValue(text, Series(failed, name), AgeSeconds(peer.failed, now));
    }
    const char* failures = "rujukan_witness_failures_total";
    AddHead(text, failures, "counter", "Requests this witness did not answer with a cosignature.");
    for (const auto& [name, peer] : witnesses_) {
      AddValue(text, Series(failures, name), static_cast<int64_t>(peer.failures));
    }
  }
  if (authority_) {
    AddGauge(text,
             "rujukan_stamped_entries",
             "Entries under the newest time-stamped checkpoint.",
             static_cast<int64_t>(stamped_size_));
    AddGauge(text,
             "rujukan_stamp_age_seconds",
             "Age of the newest time-stamp; -1: none yet.",
             AgeSeconds(stamped_at_, now));
    AddGauge(text,
             "rujukan_stamp_failed_age_seconds",
             "Since the authority failed last; -1: not since the start.",
             AgeSeconds(stamping_.failed, now));
    AddHead(text, "rujukan_stamp_failures_total", "counter", "Requests that brought no stamp.");
    AddValue(text, "rujukan_stamp_failures_total", static_cast<int64_t>(stamping_.failures));
  }
  return text;
}

}  // namespace rujukan::broker
