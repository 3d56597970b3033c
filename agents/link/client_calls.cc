// The blocking half of the client, for short-lived tools.
#include <chrono>

#include "agents/link/client.h"
#include "ledger/refusal.h"

namespace rujukan::link {
namespace {

UnixMillis SteadyNow() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Errc CodeOf(v1::RefusalReason::Code reason) {
  switch (reason) {
    case v1::RefusalReason::HEADER_TOO_LARGE:
    case v1::RefusalReason::CONTENT_TOO_LARGE:
    case v1::RefusalReason::TOO_MANY_RECIPIENTS:
    case v1::RefusalReason::TOO_MANY_KEYS:
    case v1::RefusalReason::BATCH_TOO_LARGE:
    case v1::RefusalReason::MAILBOX_FULL:
    case v1::RefusalReason::RATE_LIMITED:
    case v1::RefusalReason::WINDOW_EXCEEDED:
    case v1::RefusalReason::STORAGE_FULL:
    case v1::RefusalReason::SHARE_FULL:
      return Errc::kLimit;
    case v1::RefusalReason::EXPIRED:
    case v1::RefusalReason::INVITATION_EXPIRED:
    case v1::RefusalReason::KEY_EXPIRED:
      return Errc::kExpired;
    case v1::RefusalReason::UNKNOWN_RECIPIENT:
    case v1::RefusalReason::UNKNOWN_LEG:
    case v1::RefusalReason::UNKNOWN_MESSAGE:
    case v1::RefusalReason::INVITATION_UNKNOWN:
    case v1::RefusalReason::CRL_NEEDED:
      return Errc::kNotFound;
    case v1::RefusalReason::ID_REUSED:
    case v1::RefusalReason::ILLEGAL_TRANSITION:
    case v1::RefusalReason::OUT_OF_SEQUENCE:
    case v1::RefusalReason::ALREADY_DELIVERED:
    case v1::RefusalReason::INVITATION_USED:
    case v1::RefusalReason::ACT_INVALID:
    case v1::RefusalReason::CRL_OLDER:
    case v1::RefusalReason::TOO_EARLY:
      return Errc::kConflict;
    case v1::RefusalReason::MALFORMED:
    case v1::RefusalReason::DIGEST_MISMATCH:
    case v1::RefusalReason::CLOCK_SKEW:
    case v1::RefusalReason::LIFETIME_TOO_LONG:
    case v1::RefusalReason::CERTIFICATE_INVALID:
      return Errc::kInvalid;
    default:
      return Errc::kDenied;
  }
}

}  // namespace

Error ErrorOf(const Refusal& refusal) {
  std::string advice = refusal.advice;
  if (advice.empty()) {
    advice = std::string(ledger::AdviceFor(refusal.reason));
  }
  return Error{CodeOf(refusal.reason),
               v1::RefusalReason::Code_Name(refusal.reason) + ": " + advice};
}

// `match(event)` returns true when the event is the answer; events that are not are kept for Poll.
template <class Match>
Result<void> Client::WaitFor(int64_t timeout_ms, const Match& match) {
  const UnixMillis until = SteadyNow() + timeout_ms;
  size_t seen = 0;
  while (true) {
    for (; seen < events_.size(); ++seen) {
      if (const auto* alarm = std::get_if<Alarm>(&events_[seen])) {
        return Fail(alarm->error);
      }
      if (match(events_[seen])) {
        events_.erase(events_.begin() + static_cast<std::ptrdiff_t>(seen));
        return {};
      }
    }
    const int64_t left = until - SteadyNow();
    if (left <= 0) {
      return Fail(Errc::kUnavailable,
                  "no answer from " + options_.endpoint.address + " within " +
                      std::to_string(timeout_ms) + " ms" +
                      (last_reason_.empty() ? "" : " (" + last_reason_ + ")"));
    }
    Step(static_cast<int>(left));
  }
}

Result<void> Client::Connect(int64_t timeout_ms) {
  if (session_.live()) {
    return {};
  }
  return WaitFor(timeout_ms, [this](const Event& event) {
    const auto* welcomed = std::get_if<Welcomed>(&event);
    if (welcomed != nullptr) {
      broker_time_ = welcomed->broker_time;
    }
    return welcomed != nullptr;
  });
}

Result<Proven> Client::Call(Submission submission, int64_t timeout_ms) {
  const auto kind = submission.kind;
  const std::string subject = submission.subject;
  Result<Proven> answer = Fail(Errc::kUnavailable, "no answer");
  Submit(std::move(submission));
  RETURN_IF_ERROR(WaitFor(timeout_ms, [&](Event& event) {
    if (auto* receipted = std::get_if<Receipted>(&event);
        receipted != nullptr && receipted->kind == kind && receipted->subject == subject) {
      answer = std::move(receipted->proven);
      return true;
    }
    if (auto* refusal = std::get_if<Refusal>(&event);
        refusal != nullptr && refusal->final &&
        (refusal->subject == subject || refusal->subject.empty())) {
      answer = Fail(ErrorOf(*refusal));
      return true;
    }
    return false;
  }));
  return answer;
}

Result<v1::DirectoryPage> Client::FetchDirectoryPage(LogIndex from,
                                                     int64_t timeout_ms,
                                                     uint32_t entries_max) {
  RETURN_IF_ERROR(Connect(timeout_ms));
  v1::ClientFrame frame;
  frame.mutable_directory()->set_from_index(from);
  frame.mutable_directory()->set_entries_max(entries_max);
  Ask(frame);
  v1::DirectoryPage page;
  RETURN_IF_ERROR(WaitFor(timeout_ms, [&](Event& event) {
    auto* arrived = std::get_if<DirectoryArrived>(&event);
    if (arrived != nullptr) {
      page = std::move(arrived->page);
    }
    return arrived != nullptr;
  }));
  return page;
}

Result<v1::EnrolmentsPage> Client::Enrolments(int64_t timeout_ms) {
  RETURN_IF_ERROR(Connect(timeout_ms));
  v1::ClientFrame frame;
  frame.mutable_enrolments();
  Ask(frame);
  v1::EnrolmentsPage page;
  RETURN_IF_ERROR(WaitFor(timeout_ms, [&](Event& event) {
    auto* arrived = std::get_if<EnrolmentsArrived>(&event);
    if (arrived != nullptr) {
      page = std::move(arrived->page);
    }
    return arrived != nullptr;
  }));
  return page;
}

Result<v1::EnrolmentStatus> Client::EnrolmentStatusOf(const std::string& enrolment_id,
                                                      int64_t timeout_ms) {
  EnsureTransport();
  v1::ClientFrame frame;
  frame.mutable_enrol_status()->set_enrolment_id(enrolment_id);
  Ask(frame);
  v1::EnrolmentStatus status;
  RETURN_IF_ERROR(WaitFor(timeout_ms, [&](Event& event) {
    auto* arrived = std::get_if<EnrolmentStatusArrived>(&event);
    if (arrived == nullptr || arrived->status.enrolment_id() != enrolment_id) {
      return false;
    }
    status = std::move(arrived->status);
    return true;
  }));
  return status;
}

}  // namespace rujukan::link
