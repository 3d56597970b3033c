// The fold's rules for messages, refusals and delivery receipts: who may send what to whom, in
// which state of a leg, and what is in whose mailbox.

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

constexpr AgencyRule kSenderRule{R::UNKNOWN_SENDER, R::SENDER_NOT_ACTIVE};
constexpr AgencyRule kRecipientRule{R::UNKNOWN_RECIPIENT, R::RECIPIENT_NOT_ACTIVE};

// Everything is decided before anything is written, so a refusal leaves no trace in the view.
struct MailboxWrite {
  std::string address;
  v1::CounterRecord counter;
};

Result<void> RequireAgency(const v1::AgencyRecord& agency) {
  if (agency.role() != v1::Role::AGENCY) {
    return Refuse(R::NO_RIGHT, "admins do not exchange referrals: use an agency's address");
  }
  return {};
}

Result<void> RequireSender(const v1::Header& header, std::string_view key_id, const Context& at) {
  ASSIGN_OR_RETURN(const v1::AgencyRecord sender,
                   RequireActive(at.view, header.from(), kSenderRule));
  RETURN_IF_ERROR(RequireAgency(sender));
  RETURN_IF_ERROR(RequireSigningKey(at.view, key_id, header.from(), at.time));
  RETURN_IF_ERROR(RequireNotFromFuture(header.created_at_ms(), at.time));
  if (header.expires_at_ms() <= at.time) {
    return Refuse(R::EXPIRED);
  }
  return {};
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
    return Refuse(R::KEY_REVOKED);
  }
  if (key->address() == header.from()) {
    return std::string();
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
                    std::vector<std::string>& covered) {
  for (const v1::AgencyRecord& agency : agencies) {
    if (agency.encryption_key() == key_id) {
      covered.push_back(agency.address());
      return true;
    }
  }
  return false;
}

// Each recipient exists, is active, and has at least one key the content is sealed to.
Result<void> RequireRecipients(const v1::Header& header, const Context& at) {
  std::vector<v1::AgencyRecord> agencies;
  for (const std::string& to : header.to()) {
    ASSIGN_OR_RETURN(v1::AgencyRecord agency, RequireActive(at.view, to, kRecipientRule));
    RETURN_IF_ERROR(RequireAgency(agency));
    agencies.push_back(std::move(agency));
  }
  std::vector<std::string> covered;
  for (const std::string& key_id : header.recipient_keys()) {
    // The common case, a recipient's key in force, needs no look at the key itself.
    if (!IsCurrentKeyOf(agencies, key_id, covered)) {
      ASSIGN_OR_RETURN(std::string reader, RequireReaderKey(key_id, header, at));
      covered.push_back(std::move(reader));
    }
  }
  for (const v1::AgencyRecord& agency : agencies) {
    if (std::find(covered.begin(), covered.end(), agency.address()) == covered.end()) {
      return Refuse(R::KEY_UNKNOWN, "it is sealed to no key of " + agency.address());
    }
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
    mailboxes.push_back({to, std::move(counter)});
  }
  return mailboxes;
}

Result<v1::LegRecord> OpenLeg(const v1::Header& header, const Context& at) {
  ASSIGN_OR_RETURN(const std::optional<v1::LegRecord> leg, ReadLeg(at.view, header.leg_id()));
  if (leg) {
    return Refuse(R::ILLEGAL_TRANSITION,
                  "this leg is open already: a new referral needs a new leg id");
  }
  v1::LegRecord opened;
  opened.set_sender(header.from());
  opened.set_receiver(header.to(0));
  opened.set_state(v1::LegState::TERKIRIM);
  opened.set_opened_at_index(at.index);
  opened.set_changed_at_index(at.index);
  opened.set_last_sequence_sender(header.sequence());
  return opened;
}

Result<Side> SideOf(const v1::LegRecord& leg, const v1::Header& header) {
  if (leg.sender() == header.from() && leg.receiver() == header.to(0)) {
    return Side::kSender;
  }
  if (leg.receiver() == header.from() && leg.sender() == header.to(0)) {
    return Side::kReceiver;
  }
  return Refuse(R::NOT_A_PARTY);
}

Result<v1::LegRecord> MoveLeg(const v1::Header& header, const Context& at) {
  ASSIGN_OR_RETURN(std::optional<v1::LegRecord> leg, ReadLeg(at.view, header.leg_id()));
  if (!leg) {
    return Refuse(R::UNKNOWN_LEG);
  }
  ASSIGN_OR_RETURN(const Side side, SideOf(*leg, header));
  const bool sending = side == Side::kSender;
  const uint64_t last = sending ? leg->last_sequence_sender() : leg->last_sequence_receiver();
  if (header.sequence() <= last) {
    return Refuse(R::OUT_OF_SEQUENCE,
                  "sequence " + std::to_string(header.sequence()) + " is not above " +
                      std::to_string(last) + ": use the next number");
  }
  const auto next = NextState(leg->state(), header.kind(), side);
  if (!next) {
    return Refuse(R::ILLEGAL_TRANSITION,
                  std::string(KindName(header.kind())) +
                      " is not allowed to this side while the leg is " +
                      std::string(StateName(leg->state())));
  }
  leg->set_state(*next);
  leg->set_changed_at_index(at.index);
  if (sending) {
    leg->set_last_sequence_sender(header.sequence());
  } else {
    leg->set_last_sequence_receiver(header.sequence());
  }
  return std::move(*leg);
}

v1::MessageRecord RecordOf(const v1::Header& header, std::string_view bytes, LogIndex index) {
  v1::MessageRecord record;
  record.set_index(index);
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

v1::DeliveryState* FindDelivery(v1::MessageRecord& record, const std::string& recipient) {
  for (v1::DeliveryState& delivery : *record.mutable_deliveries()) {
    if (delivery.recipient() == recipient) {
      return &delivery;
    }
  }
  return nullptr;
}

Result<void> RequireReceiptSigner(const v1::DeliveryReceipt& receipt,
                                  std::string_view key_id,
                                  const Context& at) {
  ASSIGN_OR_RETURN(const v1::AgencyRecord recipient,
                   RequireActive(at.view, receipt.recipient(), kSenderRule));
  RETURN_IF_ERROR(RequireAgency(recipient));
  RETURN_IF_ERROR(RequireSigningKey(at.view, key_id, receipt.recipient(), at.time));
  return RequireNotFromFuture(receipt.received_at_ms(), at.time);
}

// TERKIRIM -> SAMPAI: the machine receipt of the opening message moves its leg.
Result<std::optional<v1::LegRecord>> ArriveLeg(const v1::MessageRecord& record,
                                               const v1::DeliveryReceipt& receipt,
                                               const Context& at) {
  if (record.kind() != v1::Kind::RUJUKAN || receipt.outcome() != v1::DeliveryOutcome::DELIVERED) {
    return std::optional<v1::LegRecord>();
  }
  ASSIGN_OR_RETURN(std::optional<v1::LegRecord> leg, ReadLeg(at.view, record.leg_id()));
  if (!leg || leg->state() != v1::LegState::TERKIRIM) {
    return std::optional<v1::LegRecord>();  // cancelled meanwhile
  }
  leg->set_state(v1::LegState::SAMPAI);
  leg->set_changed_at_index(at.index);
  return leg;
}

Result<v1::MessageRecord> RequireWaiting(const v1::DeliveryReceipt& receipt, const Context& at) {
  ASSIGN_OR_RETURN(std::optional<v1::MessageRecord> record,
                   ReadMessage(at.view, receipt.message_id()));
  if (!record) {
    return Refuse(R::UNKNOWN_MESSAGE);
  }
  const v1::DeliveryState* delivery = FindDelivery(*record, receipt.recipient());
  if (delivery == nullptr) {
    return Refuse(R::UNKNOWN_MESSAGE);
  }
  if (delivery->index() != 0) {
    return Refuse(R::ALREADY_DELIVERED);
  }
  if (record->header_digest() != receipt.header_digest()) {
    return Refuse(R::DIGEST_MISMATCH);
  }
  return std::move(*record);
}

template <class T>
Result<T> OrRefuse(tl::expected<T, Refusal> parsed) {
  if (!parsed) {
    return Refuse(parsed.error().reason, std::move(parsed.error().advice));
  }
  return std::move(*parsed);
}

// The header of a refused submission is evidence against its sender, so it is the sender's own: it
// parses, names the sender, and claims a signature with the sender's key (ClaimOfEntry has it
// verified). The key may be revoked or expired: that may be why it was refused.
Result<void> RequireEvidence(const v1::MessageRefused& entry, const Context& at) {
  if (entry.header().empty() && !entry.has_signature()) {
    return {};  // nothing of it was authentic: the digest alone names it
  }
  if (entry.header().empty() || !entry.has_signature()) {
    return Refuse(R::MALFORMED, "a refused header and its signature are kept together or not");
  }
  ASSIGN_OR_RETURN(const v1::Header header, OrRefuse(ParseHeader(entry.header())));
  if (header.from() != entry.sender()) {
    return Refuse(R::SENDER_MISMATCH, "the refused header is not of the sender it is held against");
  }
  ASSIGN_OR_RETURN(const auto key, ReadKey(at.view, entry.signature().signer_key()));
  if (!key || key->usage() != v1::KeyUsage::SIGNING || key->address() != entry.sender()) {
    return Refuse(R::KEY_UNKNOWN);
  }
  return {};
}

}  // namespace

Result<void> ApplyAccepted(const v1::MessageAccepted& entry, const Context& at) {
  ASSIGN_OR_RETURN(const v1::Header header, OrRefuse(ParseHeader(entry.header())));
  RETURN_IF_ERROR(RequireSender(header, entry.signature().signer_key(), at));
  RETURN_IF_ERROR(RequireUnseen(header, at));
  RETURN_IF_ERROR(RequireRecipients(header, at));
  ASSIGN_OR_RETURN(const std::vector<MailboxWrite> mailboxes, RequireRoom(header, at));
  if (header.kind() == v1::Kind::RUJUKAN) {
    ASSIGN_OR_RETURN(const v1::LegRecord leg, OpenLeg(header, at));
    Write(at.view, Table::kLeg, header.leg_id(), leg);
  } else if (header.kind() != v1::Kind::PEMBERITAHUAN) {
    ASSIGN_OR_RETURN(const v1::LegRecord leg, MoveLeg(header, at));
    Write(at.view, Table::kLeg, header.leg_id(), leg);
  }
  Write(at.view, Table::kMessage, header.message_id(), RecordOf(header, entry.header(), at.index));
  for (const MailboxWrite& mailbox : mailboxes) {
    at.view.Put(Table::kMailbox, MailboxKey(mailbox.address, at.index), header.message_id());
    Write(at.view, Table::kCounter, mailbox.address, mailbox.counter);
  }
  return {};
}

Result<void> ApplyRefused(const v1::MessageRefused& entry, const Context& at) {
  if (!v1::RefusalReason::Code_IsValid(entry.reason()) || entry.reason() == R::UNSPECIFIED ||
      entry.submission_digest().size() != Digest::kSize) {
    return Refuse(R::MALFORMED, "a refusal needs a reason and the digest of what was refused");
  }
  ASSIGN_OR_RETURN(const std::optional<v1::AgencyRecord> sender,
                   ReadAgency(at.view, entry.sender()));
  if (!sender) {
    return Refuse(R::UNKNOWN_SENDER);
  }
  RETURN_IF_ERROR(RequireEvidence(entry, at));
  ASSIGN_OR_RETURN(v1::CounterRecord counter, ReadCounter(at.view, entry.sender()));
  const int64_t minute = at.time / 60'000;
  if (counter.refusal_minute() != minute) {
    counter.set_refusal_minute(minute);
    counter.set_refusals_in_minute(0);
  }
  // Bounded: a sender of junk must not fill the ledger. The broker counts the rest.
  if (counter.refusals_in_minute() >= limits::kRefusalEntriesPerMinute) {
    return Refuse(R::RATE_LIMITED);
  }
  counter.set_refusals_in_minute(counter.refusals_in_minute() + 1);
  Write(at.view, Table::kCounter, entry.sender(), counter);
  return {};
}

Result<void> ApplyDelivery(const v1::DeliveryRecorded& entry, const Context& at) {
  ASSIGN_OR_RETURN(const v1::DeliveryReceipt receipt,
                   OrRefuse(ParseDeliveryReceipt(entry.receipt())));
  RETURN_IF_ERROR(RequireReceiptSigner(receipt, entry.signature().signer_key(), at));
  ASSIGN_OR_RETURN(v1::MessageRecord record, RequireWaiting(receipt, at));
  ASSIGN_OR_RETURN(const std::optional<v1::LegRecord> leg, ArriveLeg(record, receipt, at));
  ASSIGN_OR_RETURN(v1::CounterRecord counter, ReadCounter(at.view, receipt.recipient()));

  v1::DeliveryState* delivery = FindDelivery(record, receipt.recipient());
  delivery->set_index(at.index);
  delivery->set_outcome(receipt.outcome());
  counter.set_mailbox_messages(counter.mailbox_messages() - 1);
  counter.set_mailbox_bytes(counter.mailbox_bytes() - record.content_size());
  Write(at.view, Table::kMessage, receipt.message_id(), record);
  Write(at.view, Table::kCounter, receipt.recipient(), counter);
  at.view.Delete(Table::kMailbox, MailboxKey(receipt.recipient(), record.index()));
  if (leg) {
    Write(at.view, Table::kLeg, record.leg_id(), *leg);
  }
  return {};
}

}  // namespace rujukan::ledger::rules
