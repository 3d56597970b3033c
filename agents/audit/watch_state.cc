#include "agents/audit/watch_state.h"

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"

namespace rujukan::audit {
namespace {

AlertKind KindOf(const Finding& finding, bool about_state) {
  switch (finding.check) {
    case Check::kSignatures:
    case Check::kCertificates:
    case Check::kCheckpoint:
      return AlertKind::kUnsignedAct;
    case Check::kTransitions:
      return about_state ? AlertKind::kStateMismatch : AlertKind::kIllegalTransition;
    default:
      return AlertKind::kIllegalTransition;
  }
}

std::string Sizes(TreeSize shown, TreeSize seen) {
  return "shows " + std::to_string(shown) + " entries; " + std::to_string(seen) +
         " were shown and signed before";
}

}  // namespace

WatchState::WatchState(std::string origin, std::vector<Alert> open)
    : origin_(std::move(origin)), open_(std::move(open)) {}

void WatchState::Restore(SeenCheckpoint head, std::optional<Shown> shown) {
  head_ = std::move(head);
  shown_known_ = shown.has_value();
  shown_ = std::move(shown).value_or(Shown());
}

WatchState::Next WatchState::See(const SeenCheckpoint& seen,
                                 const std::optional<Digest>& ours,
                                 UnixMillis now_ms) {
  Clear(AlertKind::kUnsignedCheckpoint, &seen.where, now_ms);
  if (!head_ || seen.checkpoint.size > size()) {
    return Next::kExtend;
  }
  CHECK(ours.has_value());
  if (*ours != seen.checkpoint.root) {
    Forked(seen, now_ms);
    return Next::kNothing;
  }
  TreeSize& shown = shown_.try_emplace(seen.where, shown_known_ ? 0 : size()).first->second;
  if (seen.checkpoint.size < shown) {
    Raise(AlertKind::kRollback,
          seen.where,
          seen.where + " " + Sizes(seen.checkpoint.size, shown),
          now_ms,
          {head_->note, seen.note});
    return Next::kNothing;
  }
  shown = seen.checkpoint.size;
  Clear(AlertKind::kRollback, &seen.where, now_ms);
  return Next::kNothing;
}

void WatchState::SeeElsewhere(const SeenCheckpoint& seen, const Digest& ours, UnixMillis now_ms) {
  if (ours != seen.checkpoint.root) {
    Forked(seen, now_ms);
  }
}

void WatchState::Continues(const SeenCheckpoint& seen, UnixMillis now_ms) {
  head_ = seen;
  grown_at_ms_ = now_ms;
  shown_[seen.where] = seen.checkpoint.size;
  Clear(AlertKind::kRollback, &seen.where, now_ms);
  Clear(AlertKind::kLateCheckpoint, nullptr, now_ms);
}

void WatchState::Forked(const SeenCheckpoint& seen, UnixMillis now_ms) {
  Contradicted(seen, head_ ? head_->note : "", now_ms);
}

void WatchState::Contradicted(const SeenCheckpoint& seen,
                              const std::string& first,
                              UnixMillis now_ms) {
  Raise(AlertKind::kFork,
        seen.where,
        seen.where + " shows a signed checkpoint of " + std::to_string(seen.checkpoint.size) +
            " entries that is not of the history signed before (" + std::to_string(size()) +
            " entries)",
        now_ms,
        {first, seen.note});
}

void WatchState::Missing(const std::string& file, const std::string& problem, UnixMillis now_ms) {
  Raise(AlertKind::kGap, file, problem, now_ms);
}

void WatchState::NothingMissing(UnixMillis now_ms) {
  Clear(AlertKind::kGap, nullptr, now_ms);
}

void WatchState::NotSigned(const std::string& where,
                           const std::string& problem,
                           UnixMillis now_ms) {
  Raise(AlertKind::kUnsignedCheckpoint, where, where + ": " + problem, now_ms);
}

void WatchState::CopyDamaged(const std::string& problem, UnixMillis now_ms) {
  Raise(AlertKind::kCopyDamaged, "", problem, now_ms);
}

void WatchState::CopyGood(UnixMillis now_ms) {
  Clear(AlertKind::kCopyDamaged, nullptr, now_ms);
}

void WatchState::Found(const Finding& finding, bool about_state, UnixMillis now_ms) {
  if (open_.size() >= limits::kReplayFindingsMax) {
    return;  // a ledger that is wrong throughout: a hundred times is enough
  }
  Raise(KindOf(finding, about_state),
        finding.Where() + ", " + std::string(CheckName(finding.check)),
        finding.Where() + ": " + finding.problem,
        now_ms);
}

void WatchState::Tick(UnixMillis now_ms) {
  if (now_ms - grown_at_ms_ <= limits::kLateCheckpointMs) {
    return;
  }
  Raise(AlertKind::kLateCheckpoint,
        "",
        "no growth since " + FormatTime(grown_at_ms_) + "; a broker adds at least an entry an hour",
        now_ms);
}

std::vector<AlertEvent> WatchState::TakeEvents() {
  return std::exchange(events_, {});
}

std::string WatchState::Refusal() const {
  for (const Alert& alert : open_) {
    if (IsFinal(alert.kind)) {
      return std::string(AlertName(alert.kind)) + ": " + alert.problem;
    }
  }
  return "";
}

void WatchState::Raise(AlertKind kind,
                       std::string subject,
                       std::string problem,
                       UnixMillis now_ms,
                       std::vector<std::string> notes) {
  Alert alert;
  alert.kind = kind;
  alert.origin = origin_;
  alert.subject = std::move(subject);
  alert.problem = std::move(problem);
  alert.time_ms = now_ms;
  alert.notes = std::move(notes);
  const bool known =
      std::any_of(open_.begin(), open_.end(), [&](const Alert& one) { return one.SameAs(alert); });
  if (known) {
    return;
  }
  events_.push_back({/*raised=*/true, alert});
  alert.notes.clear();
  open_.push_back(std::move(alert));
}

void WatchState::Clear(AlertKind kind, const std::string* subject, UnixMillis now_ms) {
  const auto holds_no_longer = [&](const Alert& one) {
    return one.kind == kind && (subject == nullptr || one.subject == *subject);
  };
  for (const Alert& one : open_) {
    if (holds_no_longer(one)) {
      AlertEvent event{/*raised=*/false, one};
      event.alert.time_ms = now_ms;
      events_.push_back(std::move(event));
    }
  }
  std::erase_if(open_, holds_no_longer);
}

}  // namespace rujukan::audit
