// The session's answers to what the broker sends. Nothing is believed before Prover has verified
// it.
#include "agents/link/session.h"

#include <algorithm>

namespace rujukan::link {
namespace {

std::string KeyOf(v1::Subject::Code kind, std::string_view subject) {
  std::string key(1, static_cast<char>(kind));
  key += subject;
  return key;
}

Error Contradiction(const std::string& what) {
  return Error{Errc::kCorrupt, "the broker's proof shows " + what + "; keep the evidence"};
}

}  // namespace

void Session::OnFrame(std::string_view bytes, UnixMillis now) {
  if (state_ == State::kDown || state_ == State::kAlarmed) {
    return;
  }
  last_received_ = now;
  v1::ServerFrame frame;
  if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    GoDown(now, "the broker sent a frame that does not parse");
    return;
  }
  Dispatch(frame, now);
}

void Session::Dispatch(v1::ServerFrame& frame, UnixMillis now) {
  switch (frame.body_case()) {
    case v1::ServerFrame::kWelcome:
      OnWelcome(frame.welcome(), now);
      break;
    case v1::ServerFrame::kAccepted:
      OnAccepted(*frame.mutable_accepted(), now);
      break;
    case v1::ServerFrame::kRefused:
      OnRefused(*frame.mutable_refused(), now);
      break;
    case v1::ServerFrame::kDeliver:
      OnDeliver(*frame.mutable_deliver());
      break;
    case v1::ServerFrame::kNotice:
      OnNotice(*frame.mutable_notice());
      break;
    case v1::ServerFrame::kLegNotices:
      OnLegNotices(*frame.mutable_leg_notices());
      break;
    case v1::ServerFrame::kDirectory:
      OnDirectory(*frame.mutable_directory());
      break;
    case v1::ServerFrame::kEnrolments:
      events_.push_back(EnrolmentsArrived{std::move(*frame.mutable_enrolments())});
      break;
    case v1::ServerFrame::kEnrolStatus:
      events_.push_back(EnrolmentStatusArrived{std::move(*frame.mutable_enrol_status())});
      break;
    case v1::ServerFrame::kChunkStored:
    case v1::ServerFrame::kChunks:
    case v1::ServerFrame::kChunk:
    case v1::ServerFrame::kChunkRefused:
    case v1::ServerFrame::kAttachmentDropped:
      events_.push_back(ChunkAnswered{std::move(frame)});
      break;
    default:  // a Pong, or a kind of frame newer than this program
      break;
  }
}

void Session::OnWelcome(const v1::Welcome& welcome, UnixMillis now) {
  if (greetings_.empty()) {
    return;
  }
  const KnownCheckpoint from = std::move(greetings_.front());
  greetings_.pop_front();
  auto checkpoint = prover_.Continue(from, welcome);
  if (!checkpoint) {
    Raise(checkpoint.error(), from.note + "\n" + welcome.checkpoint());
    return;
  }
  auto cosigned = prover_.Cosigned(welcome, *checkpoint);
  if (!cosigned) {
    Raise(cosigned.error(), welcome.cosigned() + "\n" + welcome.checkpoint());
    return;
  }
  if (welcome.send_window() != 0) {
    window_ = std::min(options_.window, welcome.send_window());
  }
  anchored_at_ = now;
  events_.push_back(
      Welcomed{*checkpoint, welcome.checkpoint(), welcome.time_ms(), std::move(*cosigned)});
  if (state_ == State::kGreeting) {
    GoLive(now);
  } else if (std::exchange(reanchoring_, false) && prover_.seen()) {
    SendHello(*prover_.seen(), now);
  }
}

void Session::OnAccepted(v1::Accepted& accepted, UnixMillis now) {
  const std::string key = KeyOf(accepted.subject_kind(), accepted.subject());
  auto found = pending_.find(key);
  if (found == pending_.end()) {
    return;  // a second answer to a resent submission
  }
  const std::string evidence = accepted.proven().proof();
  auto proven = prover_.Prove(std::move(*accepted.mutable_proven()));
  if (!proven) {
    Raise(proven.error(), evidence);
    return;
  }
  if (StatementIn(proven->entry, accepted.subject_kind()) != found->second.submission.statement) {
    Raise(Contradiction("another statement than the one submitted"), evidence);
    return;
  }
  events_.push_back(Receipted{accepted.subject_kind(), accepted.subject(), std::move(*proven)});
  Finish(key, now);
}

void Session::OnRefused(v1::Refused& refused, UnixMillis now) {
  Refusal event{refused.subject_kind(),
                refused.subject(),
                refused.reason(),
                refused.advice(),
                refused.rule(),
                refused.retry_after_ms(),
                refused.retry_after_ms() == 0,
                std::nullopt};
  if (!refused.proven().entry().empty()) {
    const std::string evidence = refused.proven().proof();
    auto proven = prover_.Prove(std::move(*refused.mutable_proven()));
    if (!proven) {
      Raise(proven.error(), evidence);
      return;
    }
    event.proven = std::move(*proven);
  }
  const std::string key = KeyOf(refused.subject_kind(), refused.subject());
  auto found = pending_.find(key);
  if (found == pending_.end() && !refused.subject().empty()) {
    return;
  }
  events_.push_back(std::move(event));
  if (found == pending_.end()) {
    return;
  }
  if (refused.retry_after_ms() == 0) {
    Finish(key, now);
  } else {
    ScheduleResend(key, found->second, now + refused.retry_after_ms());
  }
}

void Session::OnDeliver(v1::Deliver& deliver) {
  const std::string evidence = deliver.proven().proof();
  auto proven = prover_.Prove(std::move(*deliver.mutable_proven()));
  if (!proven) {
    Raise(proven.error(), evidence);
    return;
  }
  if (!proven->entry.has_accepted() ||
      proven->entry.accepted().header() != deliver.envelope().header()) {
    Raise(Contradiction("another message than the one delivered"), evidence);
    return;
  }
  events_.push_back(Delivered{std::move(*deliver.mutable_envelope()), std::move(*proven)});
}

void Session::OnNotice(v1::DeliveryNotice& notice) {
  const std::string evidence = notice.proven().proof();
  auto proven = prover_.Prove(std::move(*notice.mutable_proven()));
  if (!proven) {
    Raise(proven.error(), evidence);
    return;
  }
  if (!proven->entry.has_delivery() && !proven->entry.has_act() && !proven->entry.has_root_act()) {
    Raise(Contradiction("neither a delivery nor an act"), evidence);
    return;
  }
  events_.push_back(Noticed{notice.message_id(), std::move(*proven)});
}

// Whoever follows the directory checks the page; here its end is tied to the history this client
// knows, so that the directory cannot be that of another one.
void Session::OnLegNotices(v1::LegNoticesPage& page) {
  LegNoticed noticed;
  noticed.from_index = page.from_index();
  noticed.next_index = page.next_index();
  noticed.more = page.more();
  LogIndex least = page.from_index();
  for (v1::ProvenEntry& entry : *page.mutable_entries()) {
    const std::string evidence = entry.proof();
    auto proven = prover_.Prove(std::move(entry));
    if (!proven) {
      Raise(proven.error(), evidence);
      return;
    }
    const bool tells = proven->entry.has_deadline_missed() || proven->entry.has_leg_closed();
    if (!tells || proven->index < least || proven->index >= page.next_index()) {
      Raise(Contradiction("no notice about a leg, or not where the page says"), evidence);
      return;
    }
    least = proven->index + 1;
    noticed.entries.push_back(std::move(*proven));
  }
  events_.push_back(std::move(noticed));
}

void Session::OnDirectory(v1::DirectoryPage& page) {
  if (page.has_newest()) {
    const auto proven = prover_.Prove(page.newest());
    if (!proven) {
      Raise(proven.error(), page.newest().proof());
      return;
    }
    // An end that was the end once hides what came after it: a revocation, say.
    if (proven->size < prover_.anchor().checkpoint.size) {
      Raise(Error{Errc::kCorrupt,
                  "the broker shows an end of its directory that is older than its ledger: do not "
                  "use it, call the auditor"},
            page.newest().proof());
      return;
    }
  }
  events_.push_back(DirectoryArrived{std::move(page)});
}

void Session::Finish(const std::string& key, UnixMillis now) {
  auto found = pending_.find(key);
  if (found == pending_.end()) {
    return;
  }
  if (found->second.in_flight) {
    --in_flight_;
  }
  pending_.erase(found);
  DropStaleResends();
  SendWaiting(now);
}

}  // namespace rujukan::link
