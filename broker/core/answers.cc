#include "broker/core/answers.h"

#include "base/check.h"
#include "base/limits.h"
#include "broker/core/sequencer.h"
#include "certs/hash.h"
#include "ledger/directory_root.h"

namespace rujukan::broker {
namespace {

std::string Serialise(const v1::ServerFrame& frame) {
  std::string bytes;
  CHECK(frame.SerializeToString(&bytes));
  return bytes;
}

void SetProven(v1::ProvenEntry& proven, std::string_view entry, std::string_view receipt) {
  proven.set_entry(entry.data(), entry.size());
  proven.set_proof(receipt.data(), receipt.size());
}

}  // namespace

std::string AcceptedFrame(const Answer& answer, std::string_view entry, std::string_view receipt) {
  v1::ServerFrame frame;
  v1::Accepted& accepted = *frame.mutable_accepted();
  accepted.set_subject_kind(answer.kind);
  accepted.set_subject(answer.subject);
  SetProven(*accepted.mutable_proven(), entry, receipt);
  return Serialise(frame);
}

std::string RefusedFrame(const Answer& answer,
                         const ledger::Refusal& refusal,
                         std::string_view entry,
                         std::string_view receipt) {
  v1::ServerFrame frame;
  v1::Refused& refused = *frame.mutable_refused();
  refused.set_subject_kind(answer.kind);
  refused.set_subject(answer.subject);
  refused.set_reason(refusal.reason);
  refused.set_advice(refusal.advice);
  refused.set_rule(refusal.rule);
  refused.set_retry_after_ms(RetryAfterMs(refusal.reason));
  if (!receipt.empty()) {
    SetProven(*refused.mutable_proven(), entry, receipt);
  }
  return Serialise(frame);
}

Result<std::string> DeliverFrame(std::string_view entry,
                                 std::string_view receipt,
                                 std::string_view content) {
  v1::Entry parsed;
  if (!parsed.ParseFromArray(entry.data(), static_cast<int>(entry.size())) ||
      !parsed.has_accepted()) {
    return Fail(Errc::kCorrupt, "a mailbox names an entry that is not an accepted message");
  }
  v1::ServerFrame frame;
  v1::Envelope& envelope = *frame.mutable_deliver()->mutable_envelope();
  envelope.set_header(std::move(*parsed.mutable_accepted()->mutable_header()));
  *envelope.mutable_signature() = std::move(*parsed.mutable_accepted()->mutable_signature());
  envelope.set_content(content.data(), content.size());
  SetProven(*frame.mutable_deliver()->mutable_proven(), entry, receipt);
  return Serialise(frame);
}

std::string NoticeFrame(std::string_view message_id,
                        std::string_view entry,
                        std::string_view receipt) {
  v1::ServerFrame frame;
  v1::DeliveryNotice& notice = *frame.mutable_notice();
  notice.set_message_id(message_id.data(), message_id.size());
  SetProven(*notice.mutable_proven(), entry, receipt);
  return Serialise(frame);
}

std::string LegNoticeFrame(LogIndex index, std::string_view entry, std::string_view receipt) {
  v1::ServerFrame frame;
  v1::LegNoticesPage& page = *frame.mutable_leg_notices();
  SetProven(*page.add_entries(), entry, receipt);
  page.set_from_index(index);
  page.set_next_index(index + 1);
  return Serialise(frame);
}

std::string WelcomeFrame(const WelcomeParts& parts, UnixMillis now) {
  v1::ServerFrame frame;
  v1::Welcome& welcome = *frame.mutable_welcome();
  welcome.set_checkpoint(parts.checkpoint);
  for (const Digest& hash : parts.consistency) {
    welcome.add_consistency(hash.data(), Digest::kSize);
  }
  welcome.set_cosigned(parts.cosigned);
  for (const Digest& hash : parts.cosigned_consistency) {
    welcome.add_cosigned_consistency(hash.data(), Digest::kSize);
  }
  welcome.set_time_ms(now);
  welcome.set_send_window(limits::kSendWindowMax);
  return Serialise(frame);
}

std::string PongFrame(UnixMillis now) {
  v1::ServerFrame frame;
  frame.mutable_pong()->set_time_ms(now);
  return Serialise(frame);
}

std::string_view StatementOf(const v1::Entry& entry) {
  if (entry.has_accepted()) {
    return entry.accepted().header();
  }
  if (entry.has_delivery()) {
    return entry.delivery().receipt();
  }
  if (entry.has_audit_read()) {
    return entry.audit_read().read();
  }
  if (entry.has_read_trail()) {
    return entry.read_trail().anchor();
  }
  return ledger::DirectoryStatementOf(entry);
}

std::string FrameFor(const Answer& answer, std::string_view entry, std::string_view receipt) {
  if (answer.refusal.has_value()) {
    return RefusedFrame(answer, *answer.refusal, entry, receipt);
  }
  if (answer.same_as.has_value()) {
    v1::Entry parsed;
    if (!parsed.ParseFromArray(entry.data(), static_cast<int>(entry.size())) ||
        certs::Sha256(StatementOf(parsed)) != *answer.same_as) {
      return RefusedFrame(answer, ledger::MakeRefusal(answer.mismatch), "", "");
    }
  }
  return AcceptedFrame(answer, entry, receipt);
}

}  // namespace rujukan::broker
