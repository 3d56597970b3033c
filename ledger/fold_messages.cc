// The fold's rules for messages: who may send what to whom, and what is in whose mailbox. What they
// do to a leg is in fold_legs.cc.

#include <algorithm>
#include <vector>

#include "base/limits.h"
#include "certs/hash.h"
#include "ledger/fold_rules.h"
#include "ledger/header.h"
#include "ledger/transition.h"

namespace rujukan::ledger::rules {
namespace {

using R = v1::RefusalReason;

// Everything is decided before anything is written, so a refusal leaves no trace in the view.
struct MailboxWrite {
  std::string address;
  v1::CounterRecord counter;
  v1::ShareRecord share;  // of it, this sender's
};

// Deny-rules of the policy that hold with any policy, and without one.
constexpr std::string_view kSuspendedRule = "D1";
constexpr std::string_view kKeyRule = "D9";

Result<v1::AgencyRecord> RequireSender(const v1::Header& header,
                                       std::string_view key_id,
                                       const Context& at) {
  ASSIGN_OR_RETURN(v1::AgencyRecord sender, RequireActive(at.view, header.from(), kSenderRule));
  RETURN_IF_ERROR(RequireAgency(sender));
  RETURN_IF_ERROR(RequireSigningKey(at.view, key_id, header.from(), at.time));
  RETURN_IF_ERROR(RequireNotFromFuture(header.created_at_ms(), at.time));
  if (header.expires_at_ms() <= at.time) {
    return Refuse(R::EXPIRED);
  }
  return sender;
}

Result<void> RequireUnseen(const v1::Header& header, const Context& at) {
  ASSIGN_OR_RETURN(const std::optional<std::string> seen,
                   at.view.Get(Table::kMessage, header.message_id()));
  if (seen) {
    return Refuse(R::ID_REUSED);
  }
  return {};
}

// The key belongs to the sender (its own copy) or to a recipient, and is in force. A key sealed to
// by mistake would let an agency read what is not addressed to it.
Result<std::string> RequireReaderKey(const std::string& key_id,
                                     const v1::Header& header,
                                     const Context& at) {
  ASSIGN_OR_RETURN(const std::optional<v1::KeyRecord> key, ReadKey(at.view, key_id));
  if (!key || key->usage() != v1::KeyUsage::ENCRYPTION) {
    return Refuse(R::KEY_UNKNOWN);
  }
  if (key->revoked_at_index() != 0) {
    return RefuseByRule(R::KEY_REVOKED, kKeyRule, AdviceFor(R::KEY_REVOKED));
  }
  if (key->address() == header.from()) {
    return std::string();
  }
  const bool retired = key->retires_at_ms() != 0 && at.time > key->retires_at_ms();
  if (retired || at.time > key->not_after_ms()) {
    return RefuseByRule(R::KEY_EXPIRED,
                        kKeyRule,
                        "it is sealed to a key of " + key->address() +
                            " that is no longer in force: fetch the directory and seal it anew");
  }
  for (const std::string& to : header.to()) {
    if (key->address() == to) {
      return to;
    }
  }
  return Refuse(R::KEY_UNKNOWN, "it is sealed to a key of an agency that it is not addressed to");
}

bool IsCurrentKeyOf(const std::vector<v1::AgencyRecord>& agencies,
                    const std::string& key_id,
                    UnixMillis time,
                    std::vector<std::string>& covered) {
  for (const v1::AgencyRecord& agency : agencies) {
    if (agency.encryption_key() == key_id && time <= agency.encryption_until_ms()) {
      covered.push_back(agency.address());
      return true;
    }
  }
  return false;
}

Result<v1::AgencyRecord> RequireRecipient(const std::string& address, const Context& at) {
  ASSIGN_OR_RETURN(std::optional<v1::AgencyRecord> agency, ReadAgency(at.view, address));
  if (!agency) {
    return Refuse(R::UNKNOWN_RECIPIENT);
  }
  if (agency->status() != v1::AgencyStatus::AKTIF) {
    return RefuseByRule(
        R::RECIPIENT_NOT_ACTIVE, kSuspendedRule, AdviceFor(R::RECIPIENT_NOT_ACTIVE));
  }
  RETURN_IF_ERROR(RequireAgency(*agency));
  return std::move(*agency);
}

// Each recipient exists, is active, and has at least one key the content is sealed to.
Result<std::vector<v1::AgencyRecord>> RequireRecipients(const v1::Header& header,
                                                        const Context& at) {
  std::vector<v1::AgencyRecord> agencies;
  for (const std::string& to : header.to()) {
    ASSIGN_OR_RETURN(v1::AgencyRecord agency, RequireRecipient(to, at));
    agencies.push_back(std::move(agency));
  }
  std::vector<std::string> covered;
  for (const std::string& key_id : header.recipient_keys()) {
    // The common case, a recipient's key in force, needs no look at the key itself.
    if (!IsCurrentKeyOf(agencies, key_id, at.time, covered)) {
      ASSIGN_OR_RETURN(std::string reader, RequireReaderKey(key_id, header, at));
      covered.push_back(std::move(reader));
    }
  }
  for (const v1::AgencyRecord& agency : agencies) {
    if (std::find(covered.begin(), covered.end(), agency.address()) == covered.end()) {
      return Refuse(R::KEY_UNKNOWN, "it is sealed to no key of " + agency.address());
    }
  }
  return agencies;
}

// One sender of junk must not keep the others out.
Result<v1::ShareRecord> RequireShare(const v1::Header& header,
                                     const std::string& to,
                                     const Context& at) {
  ASSIGN_OR_RETURN(v1::ShareRecord share, ReadShare(at.view, to, header.from()));
  if (share.messages() >= limits::kMailboxShareMessagesMax ||
      share.bytes() + header.content_size() > limits::kMailboxShareBytesMax) {
    return Refuse(R::SHARE_FULL);
  }
  share.set_messages(share.messages() + 1);
  share.set_bytes(share.bytes() + header.content_size());
  return share;
}

// A TANGGAPAN answers a message without a leg that its sender got, to who sent it. What is not to
// be seen here, in a part of the ledger, cannot be judged.
Result<void> RequireAnswers(const v1::Header& header, const Context& at) {
  if (header.kind() != v1::Kind::TANGGAPAN) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto asked, ReadMessage(at.view, header.cause()));
  if (!asked && !IsWhole(at)) {
    return {};
  }
  const auto got = [&](const v1::DeliveryState& one) { return one.recipient() == header.from(); };
  if (!asked || !IsLegless(asked->kind()) || asked->from() != header.to(0) ||
      header.to_size() != 1 ||
      std::none_of(asked->deliveries().begin(), asked->deliveries().end(), got)) {
    return Refuse(R::UNKNOWN_MESSAGE,
                  "cause: this agency got no such message from whom it is answered to");
  }
  return {};
}

Result<std::vector<MailboxWrite>> RequireRoom(const v1::Header& header, const Context& at) {
  std::vector<MailboxWrite> mailboxes;
  for (const std::string& to : header.to()) {
    ASSIGN_OR_RETURN(v1::CounterRecord counter, ReadCounter(at.view, to));
    if (counter.mailbox_messages() >= limits::kMailboxMessagesMax ||
        counter.mailbox_bytes() + header.content_size() > limits::kMailboxBytesMax) {
      return Refuse(R::MAILBOX_FULL);
    }
    counter.set_mailbox_messages(counter.mailbox_messages() + 1);
    counter.set_mailbox_bytes(counter.mailbox_bytes() + header.content_size());
    ASSIGN_OR_RETURN(v1::ShareRecord share, RequireShare(header, to, at));
    mailboxes.push_back({to, std::move(counter), std::move(share)});
  }
  return mailboxes;
}

v1::MessageRecord RecordOf(const v1::Header& header,
                           std::string_view bytes,
                           std::string rule,
                           const Context& at) {
  v1::MessageRecord record;
  record.set_index(at.index);
  record.set_time_ms(at.time);
  record.set_rule(std::move(rule));
  record.set_header_digest(certs::Sha256(bytes).str());
  record.set_from(header.from());
  record.set_kind(header.kind());
  record.set_leg_id(header.leg_id());
  record.set_content_size(header.content_size());
  for (const std::string& to : header.to()) {
    record.add_deliveries()->set_recipient(to);
  }
  return record;
}

}  // namespace

Result<void> RequireAgency(const v1::AgencyRecord& agency) {
  if (agency.role() != v1::Role::AGENCY) {
    return Refuse(R::NO_RIGHT, "admins do not exchange referrals: use an agency's address");
  }
  return {};
}

Result<void> ApplyAccepted(const v1::MessageAccepted& entry, const Context& at) {
  ASSIGN_OR_RETURN(const v1::Header header, OrRefuse(ParseHeader(entry.header())));
  ASSIGN_OR_RETURN(const v1::AgencyRecord sender,
                   RequireSender(header, entry.signature().signer_key(), at));
  RETURN_IF_ERROR(RequireUnseen(header, at));
  ASSIGN_OR_RETURN(const auto recipients, RequireRecipients(header, at));
  ASSIGN_OR_RETURN(std::string rule, RequirePolicy(header, sender, recipients, at));
  ASSIGN_OR_RETURN(const std::vector<MailboxWrite> mailboxes, RequireRoom(header, at));
  RETURN_IF_ERROR(IsLegless(header.kind()) ? RequireAnswers(header, at) : ApplyToLeg(header, at));
  Write(at.view,
        Table::kMessage,
        header.message_id(),
        RecordOf(header, entry.header(), std::move(rule), at));
  for (const MailboxWrite& mailbox : mailboxes) {
    at.view.Put(Table::kMailbox, MailboxKey(mailbox.address, at.index), header.message_id());
    Write(at.view, Table::kCounter, mailbox.address, mailbox.counter);
    Write(at.view, Table::kShare, PairKey(mailbox.address, header.from()), mailbox.share);
  }
  return {};
}

}  // namespace rujukan::ledger::rules
