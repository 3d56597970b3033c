// What the sequencer asks the view before it decides: is this a retry, is there an invitation.

#include "base/bytes.h"
#include "broker/core/sequencer.h"
#include "ledger/fold.h"
#include "rujukan/v1/act.pb.h"

namespace rujukan::broker {

using Reason = v1::RefusalReason;

// An entry that this very subject has already: same id for a message or an act, same receipt for a
// delivery. Whether the bytes are the same is compared when the answer is made, where the entry is
// at hand; for a message the view knows.
Result<std::optional<Answer>> Sequencer::FindEarlier(const Submission& submission) const {
  Answer earlier;
  earlier.same_as = submission.statement;
  switch (submission.kind) {
    case v1::Subject::MESSAGE: {
      ASSIGN_OR_RETURN(const auto record, ledger::ReadMessage(forming_view_, submission.subject));
      if (!record.has_value() || record->header_digest() != submission.statement.view()) {
        return std::optional<Answer>();  // unknown, or ID_REUSED: the fold says so
      }
      earlier.index = record->index();
      return std::optional<Answer>(std::move(earlier));
    }
    case v1::Subject::DELIVERY: {
      ASSIGN_OR_RETURN(const auto record, ledger::ReadMessage(forming_view_, submission.subject));
      for (int i = 0; record.has_value() && i < record->deliveries_size(); ++i) {
        const v1::DeliveryState& state = record->deliveries(i);
        if (state.recipient() == submission.peer.user && state.index() != 0) {
          earlier.index = state.index();
          earlier.mismatch = Reason::ALREADY_DELIVERED;
          return std::optional<Answer>(std::move(earlier));
        }
      }
      return std::optional<Answer>();
    }
    // The same trail again, with nothing read since: the entry that anchored it.
    case v1::Subject::READ_TRAIL: {
      ASSIGN_OR_RETURN(const auto record,
                       ledger::ReadReadTrail(forming_view_, submission.peer.user));
      if (!record.has_value() || record->root() != submission.subject) {
        return std::optional<Answer>();
      }
      earlier.index = record->index();
      earlier.same_as.reset();
      return std::optional<Answer>(std::move(earlier));
    }
    case v1::Subject::AUDIT_READ:
    case v1::Subject::ACT: {
      ASSIGN_OR_RETURN(const auto index,
                       forming_view_.Get(ledger::Table::kAct, submission.subject));
      if (!index.has_value()) {
        return std::optional<Answer>();
      }
      earlier.index = ReadBigEndian64(*index);
      return std::optional<Answer>(std::move(earlier));
    }
    case v1::Subject::ENROLMENT: {
      ASSIGN_OR_RETURN(const auto record, ledger::ReadEnrolment(forming_view_, submission.subject));
      if (!record.has_value()) {
        return std::optional<Answer>();
      }
      earlier.index = record->requested_at_index();
      return std::optional<Answer>(std::move(earlier));
    }
    default:
      break;
  }
  return std::optional<Answer>();
}

// Whether the request names an invitation that is still open: a look at the view, where the
// authentication that follows parses and verifies certificate requests. Strangers have any number
// of keys, and all of them are verified here, one after the other.
Result<tl::expected<void, ledger::Refusal>> Sequencer::Invited(const v1::Entry& entry) const {
  v1::EnrolmentRequest request;
  if (!request.ParseFromString(entry.enrolment().request())) {
    return tl::expected<void, ledger::Refusal>(tl::unexpect,
                                               ledger::MakeRefusal(Reason::MALFORMED));
  }
  return ledger::CheckInvitation(forming_view_, request.invitation_key(), entry.time_ms());
}

}  // namespace rujukan::broker
