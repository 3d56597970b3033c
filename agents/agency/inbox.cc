#include "agents/agency/inbox.h"

#include <algorithm>

#include "agents/agency/attachments.h"
#include "agents/agency/compose.h"
#include "agents/agency/duties.h"
#include "agents/agency/erasure.h"
#include "agents/agency/read_log.h"
#include "certs/hash.h"
#include "ledger/records.h"

namespace rujukan::agency {
namespace {

using Outcome = v1::DeliveryOutcome;

constexpr size_t kClaimsRemembered = 256;

v1::DeliveryReceipt ReceiptFor(const link::Delivered& delivered,
                               const link::ReadResult& read,
                               const std::string& recipient,
                               UnixMillis now) {
  v1::DeliveryReceipt receipt;
  receipt.set_version(1);
  receipt.set_message_id(read.header.message_id());
  receipt.set_header_digest(certs::Sha256(delivered.envelope.header()).str());
  receipt.set_recipient(recipient);
  receipt.set_received_at_ms(now);
  receipt.set_outcome(read.outcome);
  return receipt;
}

MessageRow RowFor(const link::Delivered& delivered, const link::ReadResult& read, UnixMillis now) {
  MessageRow row;
  row.id = MessageId::FromBytes(read.header.message_id()).value_or(MessageId());
  row.leg = read.header.leg_id();
  row.kind = read.header.kind();
  row.stage = Stage::kReceived;
  row.header = delivered.envelope.header();
  row.signature = delivered.envelope.signature();
  row.ciphertext = delivered.envelope.content();
  row.content = read.plaintext;
  row.outcome = read.outcome;
  row.reason = read.reason;
  row.stored_at = now;
  const auto& proven = delivered.proven;
  row.accepted = Evidence{proven.index, proven.size, proven.entry_bytes, proven.proof};
  return row;
}

Result<void> OpenForeignLeg(Tables& tables, const link::ReadResult& read, UnixMillis now) {
  const v1::Header& header = read.header;
  LegRow leg;
  ASSIGN_OR_RETURN(leg.id, LegId::FromBytes(header.leg_id()));
  ASSIGN_OR_RETURN(const auto known, tables.FindLeg(leg.id));
  if (known) {
    return {};
  }
  leg.side = ledger::Side::kReceiver;
  leg.peer = header.from();
  leg.opened_at = now;
  leg.changed_at = now;
  RETURN_IF_ERROR(tables.OpenLeg(leg));
  return tables.PutEpisode(leg.id, read.content.id_episode());
}

// Everything a stored message means for its leg.
Result<void> MoveLeg(Tables& tables, const link::ReadResult& read, UnixMillis now) {
  if (read.header.kind() == v1::Kind::RUJUKAN && !read.header.leg_id().empty() &&
      read.outcome == Outcome::DELIVERED) {
    RETURN_IF_ERROR(OpenForeignLeg(tables, read, now));
  }
  return SettleLeg(tables, read.header.leg_id(), now);
}

bool IsMendedBySigning(v1::RefusalReason::Code reason) {
  return reason == v1::RefusalReason::CLOCK_SKEW || reason == v1::RefusalReason::KEY_EXPIRED ||
         reason == v1::RefusalReason::KEY_REVOKED;
}

Result<link::Submission> StoredReceipt(const std::string& bytes) {
  v1::SubmitDelivery delivery;
  if (!delivery.ParseFromString(bytes)) {
    return Fail(Errc::kCorrupt, "a stored delivery receipt does not parse");
  }
  return link::SubmitReceipt(delivery);
}

}  // namespace

Inbox::Inbox(Store& store) : store_(store), verified_(kClaimsRemembered) {}

Result<std::vector<Inbox::Read>> Inbox::ReadAll(std::vector<link::Delivered> batch,
                                                bool final_try,
                                                const Identity& identity,
                                                Taken& taken) {
  std::vector<Read> reads;
  for (auto& delivered : batch) {
    const link::ReadRequest request{
        delivered.envelope, identity.address, delivered.proven.index, final_try};
    auto result = link::ReadEnvelope(request, identity.openings, store_.directory(), verified_);
    if (result) {
      reads.push_back(Read{std::move(delivered), std::move(*result)});
    } else if (result.error().code == Errc::kNotFound) {
      taken.deferred.push_back(std::move(delivered));
    } else {
      return Fail(result.error());
    }
  }
  return reads;
}

Result<Inbox::Taken> Inbox::Take(std::vector<link::Delivered> batch,
                                 bool final_try,
                                 const Identity& identity,
                                 UnixMillis now) {
  Taken taken;
  ASSIGN_OR_RETURN(const auto reads, ReadAll(std::move(batch), final_try, identity, taken));
  if (reads.empty()) {
    return taken;
  }
  std::vector<v1::DeliveryReceipt> receipts;
  for (const auto& read : reads) {
    receipts.push_back(ReceiptFor(read.delivered, read.result, identity.address, now));
  }
  // Signed before they are stored so that one sync covers both; they leave only after it.
  const auto signed_receipts = link::SignReceipts(identity.signing_key(), receipts);
  std::vector<std::string> to_send;
  const auto written = store_.Write([&](Tables& tables) -> Result<void> {
    std::vector<Reading> opened;
    for (size_t i = 0; i < reads.size(); ++i) {
      MessageRow row = RowFor(reads[i].delivered, reads[i].result, now);
      ASSIGN_OR_RETURN(const auto known, tables.Find(row.id));
      if (known) {
        to_send.push_back(known->delivery);  // delivered before: repeat the receipt of then
        continue;
      }
      row.delivery = signed_receipts[i].SerializeAsString();
      to_send.push_back(row.delivery);
      RETURN_IF_ERROR(tables.Insert(row));
      RETURN_IF_ERROR(MoveLeg(tables, reads[i].result, now));
      RETURN_IF_ERROR(TakeLampiran(tables, row, now));
      RETURN_IF_ERROR(TakeErasureMessage(tables, row, now));
      RETURN_IF_ERROR(TakeDuties(tables, row, identity.address, now));
      if (row.outcome == Outcome::DELIVERED) {
        opened.push_back(ReadingOf(row, v1::ReadAction::DECRYPTED, std::string(kAgentReader)));
      }
      ++(row.outcome == Outcome::DELIVERED ? taken.stored : taken.unreadable);
      if (row.outcome == Outcome::DELIVERED) {
        taken.referrals += row.kind == v1::Kind::RUJUKAN ? 1U : 0U;
        taken.alerts += row.kind == v1::Kind::PERINGATAN_DARURAT ? 1U : 0U;
      }
    }
    return LogReads(tables, opened, now);
  });
  RETURN_IF_ERROR(written);
  for (const auto& bytes : to_send) {
    ASSIGN_OR_RETURN(auto submission, StoredReceipt(bytes));
    taken.receipts.push_back(std::move(submission));
  }
  return taken;
}

Result<std::vector<link::Submission>> Inbox::Unrecorded(size_t max) {
  ASSIGN_OR_RETURN(const auto rows,
                   store_.Read([max](Tables& tables) { return tables.UnrecordedReceipts(max); }));
  std::vector<link::Submission> submissions;
  for (const auto& row : rows) {
    ASSIGN_OR_RETURN(auto submission, StoredReceipt(row.delivery));
    submissions.push_back(std::move(submission));
  }
  return submissions;
}

Result<std::vector<link::Submission>> Inbox::SignAnew(const std::vector<link::Refusal>& refused,
                                                      const Identity& identity,
                                                      UnixMillis now) {
  std::vector<MessageId> ids;
  std::vector<v1::DeliveryReceipt> receipts;
  for (const auto& refusal : refused) {
    const auto id = MessageId::FromBytes(refusal.subject);
    if (!id || !refusal.final || refusal.kind != v1::Subject::DELIVERY ||
        !IsMendedBySigning(refusal.reason) || !signed_anew_.insert(refusal.subject).second) {
      continue;
    }
    ASSIGN_OR_RETURN(const auto row, store_.Read([&](Tables& tables) { return tables.Find(*id); }));
    v1::SubmitDelivery delivery;
    v1::DeliveryReceipt receipt;
    if (!row || row->stage != Stage::kReceived || !delivery.ParseFromString(row->delivery) ||
        !receipt.ParseFromString(delivery.receipt())) {
      continue;
    }
    receipt.set_received_at_ms(std::min<UnixMillis>(receipt.received_at_ms(), now));
    ids.push_back(*id);
    receipts.push_back(std::move(receipt));
  }
  std::vector<link::Submission> submissions;
  if (ids.empty()) {
    return submissions;
  }
  const auto renewed = link::SignReceipts(identity.signing_key(), receipts);
  const auto written = store_.Write([&](Tables& tables) -> Result<void> {
    for (size_t i = 0; i < ids.size(); ++i) {
      RETURN_IF_ERROR(tables.ReplaceReceipt(ids[i], renewed[i].SerializeAsString()));
    }
    return {};
  });
  RETURN_IF_ERROR(written);
  for (const auto& delivery : renewed) {
    ASSIGN_OR_RETURN(auto submission, link::SubmitReceipt(delivery));
    submissions.push_back(std::move(submission));
  }
  return submissions;
}

Result<void> Inbox::TakeRecords(Tables& tables, const ledger::Overlay::Writes& writes) {
  for (const auto& [place, value] : writes) {
    v1::AgencyRecord agency;
    if (place.first == ledger::Table::kAgency && value && agency.ParseFromString(*value) &&
        agency.status() == v1::AgencyStatus::AKTIF) {
      RETURN_IF_ERROR(tables.ReleaseMailOf(agency.address()));
    }
  }
  return {};
}

Result<bool> Inbox::TakeAct(const link::Noticed& notice, const MessageRow& row, UnixMillis now) {
  v1::Header header;
  header.ParseFromString(row.header);
  auto withheld =
      link::CheckWithheld(notice.proven, notice.message_id, header, store_.directory(), verified_);
  if (!withheld) {
    return withheld.error().code == Errc::kNotFound ? Result<bool>(false) : Fail(withheld.error());
  }
  ASSIGN_OR_RETURN(const auto agency, ledger::ReadAgency(store_.directory(), withheld->recipient));
  const auto& proven = notice.proven;
  if (!withheld->bounced && agency && agency->status() == v1::AgencyStatus::AKTIF &&
      agency->changed_at_index() > proven.index) {
    return true;  // resumed since
  }
  const WithheldRow kept{withheld->recipient,
                         withheld->bounced ? Withheld::kBounced : Withheld::kHeld,
                         Evidence{proven.index, proven.size, proven.entry_bytes, proven.proof}};
  const auto written = store_.Write([&](Tables& tables) -> Result<void> {
    RETURN_IF_ERROR(tables.PutWithheld(row.id, kept));
    return SettleLeg(tables, row.leg, now);
  });
  RETURN_IF_ERROR(written);
  return true;
}

Result<bool> Inbox::TakeNotice(const link::Noticed& notice, UnixMillis now) {
  ASSIGN_OR_RETURN(const auto id, MessageId::FromBytes(notice.message_id));
  ASSIGN_OR_RETURN(const auto row, store_.Read([&](Tables& tables) { return tables.Find(id); }));
  if (!row || !row->outgoing) {
    return true;  // not ours to keep
  }
  if (notice.proven.entry.has_act() || notice.proven.entry.has_root_act()) {
    return TakeAct(notice, *row, now);
  }
  auto receipt = link::CheckDelivery(notice.proven, row->header, store_.directory(), verified_);
  if (!receipt) {
    if (receipt.error().code == Errc::kNotFound) {
      return false;
    }
    return Fail(receipt.error());
  }
  const auto& proven = notice.proven;
  const DeliveryRow delivery{receipt->recipient(),
                             receipt->outcome(),
                             receipt->received_at_ms(),
                             Evidence{proven.index, proven.size, proven.entry_bytes, proven.proof}};
  const auto written = store_.Write([&](Tables& tables) -> Result<void> {
    RETURN_IF_ERROR(tables.PutDelivery(id, delivery));
    RETURN_IF_ERROR(tables.ReopenRefused(id));
    return SettleLeg(tables, row->leg, now);
  });
  RETURN_IF_ERROR(written);
  return true;
}

}  // namespace rujukan::agency
