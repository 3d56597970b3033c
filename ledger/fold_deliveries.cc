// The fold's rules for delivery receipts: what leaves a mailbox, and how the leg moves.

#include "ledger/fold_rules.h"
#include "ledger/header.h"
#include "ledger/leg_machine.h"

namespace rujukan::ledger::rules {
namespace {

using R = v1::RefusalReason;

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
Result<void> MoveLegThatArrives(const v1::MessageRecord& record,
                                const v1::DeliveryReceipt& receipt,
                                const std::optional<v1::LegRecord>& before,
                                const Context& at) {
  if (!before || receipt.outcome() != v1::DeliveryOutcome::DELIVERED) {
    return {};
  }
  v1::LegRecord leg = *before;
  if (!ArriveLeg(leg, at.index, at.time)) {
    return {};  // cancelled meanwhile
  }
  return WriteLeg(record.leg_id(), &*before, leg, at, nullptr);
}

// nullopt: the message opened none.
Result<std::optional<v1::LegRecord>> LegOpenedBy(const v1::MessageRecord& record,
                                                 const Context& at) {
  return record.kind() == v1::Kind::RUJUKAN ? ReadLeg(at.view, record.leg_id())
                                            : std::optional<v1::LegRecord>();
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

// A settled message frees its place, and the row when it was the sender's last.
Result<void> ReleaseShare(const v1::MessageRecord& record,
                          const std::string& recipient,
                          const Context& at) {
  ASSIGN_OR_RETURN(v1::ShareRecord share, ReadShare(at.view, recipient, record.from()));
  const std::string key = PairKey(recipient, record.from());
  if (share.messages() <= 1) {
    at.view.Delete(Table::kShare, key);
    return {};
  }
  share.set_messages(share.messages() - 1);
  share.set_bytes(share.bytes() - record.content_size());
  Write(at.view, Table::kShare, key, share);
  return {};
}

}  // namespace

Result<void> ApplyDelivery(const v1::DeliveryRecorded& entry, const Context& at) {
  ASSIGN_OR_RETURN(const v1::DeliveryReceipt receipt,
                   OrRefuse(ParseDeliveryReceipt(entry.receipt())));
  RETURN_IF_ERROR(RequireReceiptSigner(receipt, entry.signature().signer_key(), at));
  ASSIGN_OR_RETURN(v1::MessageRecord record, RequireWaiting(receipt, at));
  ASSIGN_OR_RETURN(const auto leg, LegOpenedBy(record, at));
  ASSIGN_OR_RETURN(v1::CounterRecord counter, ReadCounter(at.view, receipt.recipient()));
  RETURN_IF_ERROR(ReleaseShare(record, receipt.recipient(), at));

  v1::DeliveryState* delivery = FindDelivery(record, receipt.recipient());
  delivery->set_index(at.index);
  delivery->set_time_ms(at.time);
  delivery->set_outcome(receipt.outcome());
  counter.set_mailbox_messages(counter.mailbox_messages() - 1);
  counter.set_mailbox_bytes(counter.mailbox_bytes() - record.content_size());
  Write(at.view, Table::kMessage, receipt.message_id(), record);
  Write(at.view, Table::kCounter, receipt.recipient(), counter);
  at.view.Delete(Table::kMailbox, MailboxKey(receipt.recipient(), record.index()));
  return MoveLegThatArrives(record, receipt, leg, at);
}

}  // namespace rujukan::ledger::rules
