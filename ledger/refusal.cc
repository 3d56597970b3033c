#include "ledger/refusal.h"

#include <array>

#include "base/check.h"

namespace rujukan::ledger {

namespace {

using R = v1::RefusalReason;

// Ends the rule in an Error's context, while a refusal travels as one. No advice holds it.
constexpr char kEndOfRule = '\x1f';

struct Row {
  R::Code reason;
  std::string_view advice;
};

// A test checks that every reason of the schema has its row.
constexpr std::array<Row, R::Code_ARRAYSIZE> kAdvice = {{
    {R::UNSPECIFIED, "no reason was given"},
    {R::MALFORMED, "it does not parse: update the sending program, or report the message id"},
    {R::HEADER_TOO_LARGE, "the header is over 8 KiB: name fewer recipients or keys"},
    {R::CONTENT_TOO_LARGE,
     "the sealed content is over 256 KiB: shorten it or split it over several messages"},
    {R::TOO_MANY_RECIPIENTS, "more than 16 recipients: send it in several messages"},
    {R::TOO_MANY_KEYS, "more than 64 recipient keys: send it in several messages"},
    {R::BATCH_TOO_LARGE, "more than 4096 statements under one signature: sign smaller batches"},
    {R::SENDER_MISMATCH,
     "the header's sender is not the agency of this connection: send with its own agent"},
    {R::UNKNOWN_SENDER, "the sender is not in the directory: join first, or ask your admin"},
    {R::SENDER_NOT_ACTIVE, "the sender is suspended or revoked: ask your admin"},
    {R::KEY_UNKNOWN,
     "a key is not one the directory has for that agency: fetch the directory and try again"},
    {R::KEY_REVOKED,
     "a key has been revoked: fetch the directory and try again with the key in force"},
    {R::KEY_EXPIRED,
     "the certificate is not valid now: rotate the key, and check this machine's clock"},
    {R::BAD_SIGNATURE,
     "the signature does not verify: sign the exact header bytes with the agency's key"},
    {R::DIGEST_MISMATCH, "the bytes are not what the header commits to: seal and sign again"},
    {R::CLOCK_SKEW, "it is dated over 5 minutes in the future: set this machine's clock"},
    {R::EXPIRED, "it expired before it arrived: send it anew"},
    {R::LIFETIME_TOO_LONG, "it would live over 90 days: choose an earlier expiry"},
    {R::ID_REUSED, "this id was used for something else: make a new id"},
    {R::UNKNOWN_RECIPIENT, "the recipient is not in the directory: check the address"},
    {R::RECIPIENT_NOT_ACTIVE, "the recipient is suspended or has left: choose another agency"},
    {R::UNKNOWN_LEG, "no referral has this leg id: check it, or open the leg with RUJUKAN"},
    {R::NOT_A_PARTY,
     "only the sender and the receiver of a leg may write in it, and only to each other"},
    {R::ILLEGAL_TRANSITION,
     "the leg's present state does not allow this message: look at the leg first"},
    {R::OUT_OF_SEQUENCE,
     "the sequence number is not above the last one in this leg: use the next number"},
    {R::MAILBOX_FULL, "the recipient's mailbox is full: try again later, and call the agency"},
    {R::RATE_LIMITED, "too many in a short time: wait as long as the answer says"},
    {R::WINDOW_EXCEEDED, "too many unanswered submissions: wait for receipts before sending more"},
    {R::STORAGE_FULL, "the broker has no room on disk: try again later; its operator is told"},
    {R::NO_RIGHT, "the signer may not do this: ask an admin of the domain"},
    {R::ACT_INVALID, "the act contradicts the directory: list the agencies and look again"},
    {R::UNKNOWN_MESSAGE, "no such message waits for this recipient"},
    {R::INVITATION_UNKNOWN, "the ledger has no such invitation: ask your admin for a new one"},
    {R::INVITATION_EXPIRED, "the invitation has expired: ask your admin for a new one"},
    {R::INVITATION_USED, "the invitation has been used: if not by you, tell your admin now"},
    {R::CERTIFICATE_INVALID,
     "the certificate does not chain to the domain's root for this address and use"},
    {R::ALREADY_DELIVERED, "this message has its delivery receipt already"},
    {R::POLICY_DENIED, "a rule of the policy forbids it, however urgent: choose another recipient"},
    {R::SUPERVISOR_NEEDED,
     "no rule of the policy allows it: ask your supervisor or an admin to permit it"},
    {R::CRL_OLDER, "a newer list of this CA is in the ledger already: fetch the current one"},
    {R::CRL_NEEDED, "the outside CA's current CRL is not in the ledger: publish it first"},
    {R::INVITATION_CANCELLED, "the invitation was withdrawn: ask your admin for a new one"},
    {R::SECOND_ADMIN_NEEDED, "whoever proposed it cannot confirm it: another admin has to"},
    {R::TOO_EARLY, "it is too early for this: an admin may do it now"},
    {R::SHARE_FULL,
     "too many of your messages wait in this mailbox: wait until it is read, and call the agency"},
    {R::LEGAL_HOLD,
     "the leg is under a legal hold: nothing of it may be erased until it is lifted"},
    {R::TRAIL_REWRITTEN,
     "this read trail does not continue the one anchored before: restore the agency's database"},
    {R::ARCHIVED, "it was recorded long ago and its entry has moved to an archive: ask an auditor"},
    {R::REDIRECT_LOOP,
     "it was redirected three times, or the agency had it before: call, and agree who takes it"},
    {R::NOT_DUE, "that deadline has not passed, or is on record already"},
    {R::CUSTODY_OPEN, "the child was handed over: record the handover back before cancelling"},
    {R::ATTACHMENT_TOO_LARGE, "an attachment has at most 1 GiB: split the file"},
    {R::ATTACHMENT_UNKNOWN,
     "no such chunk is here: the sender uploads it, or it was fetched and removed"},
    {R::ATTACHMENT_SPACE,
     "too many of your attachments wait to be fetched: try again later, and call the receivers"},
}};

}  // namespace

std::string_view AdviceFor(R::Code reason) {
  for (const Row& row : kAdvice) {
    if (row.reason == reason) {
      return row.advice;
    }
  }
  return "unknown reason: update this program";
}

Refusal MakeRefusal(v1::RefusalReason::Code reason) {
  return MakeRefusal(reason, std::string(AdviceFor(reason)));
}

Refusal MakeRefusal(v1::RefusalReason::Code reason, std::string advice) {
  return Refusal{reason, std::move(advice), ""};
}

tl::unexpected<Error> Refuse(v1::RefusalReason::Code reason) {
  return Refuse(reason, std::string(AdviceFor(reason)));
}

tl::unexpected<Error> Refuse(v1::RefusalReason::Code reason, std::string advice) {
  return tl::unexpected<Error>(Error{Errc::kConflict, std::move(advice), reason});
}

tl::unexpected<Error> RefuseByRule(v1::RefusalReason::Code reason,
                                   std::string_view rule,
                                   std::string_view advice) {
  std::string context(rule);
  context.push_back(kEndOfRule);
  context.append("rule ").append(rule).append(": ").append(advice);
  return Refuse(reason, std::move(context));
}

bool IsRefusal(const Error& error) {
  return error.detail != 0;
}

Refusal RefusalOf(Error error) {
  CHECK(IsRefusal(error) && v1::RefusalReason::Code_IsValid(error.detail));
  const auto reason = static_cast<v1::RefusalReason::Code>(error.detail);
  const size_t end = error.context.find(kEndOfRule);
  if (end == std::string::npos) {
    return MakeRefusal(reason, std::move(error.context));
  }
  return Refusal{reason, error.context.substr(end + 1), error.context.substr(0, end)};
}

}  // namespace rujukan::ledger
