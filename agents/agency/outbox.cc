#include "agents/agency/outbox.h"

#include "agents/agency/compose.h"
#include "agents/agency/disclosure.h"
#include "agents/agency/draft.h"
#include "agents/agency/silence.h"
#include "agents/agency/tables_view.h"
#include "agents/link/directory.h"
#include "agents/link/envelope.h"
#include "base/check.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kDueAtOnceMs = 60'000;

// Errors of a single message: it is refused here. All others are of the store.
bool IsOfMessage(const Error& error) {
  return error.code == Errc::kNotFound || error.code == Errc::kDenied ||
         error.code == Errc::kLimit || error.code == Errc::kInvalid;
}

Result<void> SettleReceipt(Tables& tables, const link::Receipted& receipted, UnixMillis now) {
  if (receipted.kind != v1::Subject::DELIVERY && receipted.kind != v1::Subject::MESSAGE) {
    return {};  // acts and anchors are of others, and named by other ids
  }
  ASSIGN_OR_RETURN(const auto id, MessageId::FromBytes(receipted.subject));
  if (receipted.kind == v1::Subject::DELIVERY) {
    return tables.MarkRecorded(id, &receipted.proven);
  }
  RETURN_IF_ERROR(tables.MarkAccepted(id, receipted.proven));
  v1::Header header;
  header.ParseFromString(receipted.proven.entry.accepted().header());
  return SettleLeg(tables, header.leg_id(), now);
}

// Sealed or signed before a renewal, and on its way for longer than the overlap.
bool IsOfOldKeys(const MessageRow& row, const link::Refusal& refusal, const KeyId& signer) {
  return (refusal.reason == v1::RefusalReason::KEY_EXPIRED ||
          refusal.reason == v1::RefusalReason::KEY_REVOKED) &&
         row.stage == Stage::kSealed && !row.content.empty() &&
         row.signature.signer_key() != signer.view();
}

// Files for a leg that will never be are not sent.
Result<void> FailUploads(Tables& tables, const std::string& leg, UnixMillis now) {
  ASSIGN_OR_RETURN(const auto id, LegId::FromBytes(leg));
  ASSIGN_OR_RETURN(const auto rows, tables.AttachmentsOfLeg(id));
  for (const AttachmentRow& row : rows) {
    if (row.outgoing && row.stage == AttachmentStage::kUploading) {
      RETURN_IF_ERROR(tables.SetAttachmentStage(
          row.id,
          AttachmentStage::kFailed,
          "rujukannya ditolak: lampirkan pada rujukan yang baru / its referral was refused",
          now));
    }
  }
  return {};
}

Result<void> Refuse(Tables& tables,
                    const MessageRow& row,
                    const std::string& reason,
                    UnixMillis now) {
  RETURN_IF_ERROR(tables.MarkRefused(row.id, reason, now));
  const bool waited = row.stage == Stage::kQueued || row.stage == Stage::kSealed;
  if (waited && row.kind == v1::Kind::RUJUKAN) {
    RETURN_IF_ERROR(FailUploads(tables, row.leg, now));
  }
  return SettleLeg(tables, row.leg, now);
}

Result<void> SettleRefusal(Tables& tables,
                           const link::Refusal& refusal,
                           const KeyId& signer,
                           UnixMillis now) {
  const auto id = MessageId::FromBytes(refusal.subject);
  if (!id || !refusal.final) {
    return {};
  }
  if (refusal.kind == v1::Subject::DELIVERY) {
    // Recorded by an earlier connection whose answer was lost; or nothing the broker still waits
    // for.
    const bool settled = refusal.reason == v1::RefusalReason::ALREADY_DELIVERED ||
                         refusal.reason == v1::RefusalReason::UNKNOWN_MESSAGE;
    return settled ? tables.MarkRecorded(*id, nullptr) : Result<void>();
  }
  if (refusal.kind != v1::Subject::MESSAGE) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto row, tables.Find(*id));
  if (row && IsOfOldKeys(*row, refusal, signer)) {
    return QueueAnew(tables, *row, link::ErrorOf(refusal).context, now);
  }
  return row ? Refuse(tables, *row, link::ErrorOf(refusal).context, now) : Result<void>();
}

// Dates a draft: what waited for days behind a dead link, or was written under a wrong clock, is
// as old as its first sending, and the receiver has its full time to answer.
void StampNow(v1::Header& header, const v1::Content& content, UnixMillis now) {
  const int64_t moved = now - header.created_at_ms();
  header.set_created_at_ms(now);
  header.set_expires_at_ms(header.expires_at_ms() + moved);
  if (header.confirm_by_ms() != 0) {
    header.set_confirm_by_ms(header.confirm_by_ms() + moved);
  }
  if (header.decide_by_ms() != 0) {
    header.set_decide_by_ms(header.decide_by_ms() + moved);
  }
  // A date that people set stays. One that passed while the draft waited asks for no service any
  // more; a paused leg is looked at again at once.
  if (header.due_ms() != 0 && header.due_ms() <= now) {
    header.set_due_ms(header.kind() == v1::Kind::RUJUKAN
                          ? FirstServiceEnd(content.rujukan().t1(), now)
                          : now + kDueAtOnceMs);
  }
}

// Consent may have been withdrawn while the draft waited.
Result<void> RequireConsent(Tables& tables, const MessageRow& row, const v1::Content& content) {
  Findings findings;
  if (content.has_rujukan()) {
    RETURN_IF_ERROR(
        CheckConsentOfReferral(tables, content.id_episode(), content.rujukan(), findings));
  } else if (content.has_rincian() || content.has_lampiran()) {  // nothing else is held to it
    ASSIGN_OR_RETURN(const auto id, LegId::FromBytes(row.leg));
    ASSIGN_OR_RETURN(const auto leg, tables.FindLeg(id));
    CHECK(leg.has_value());
    RETURN_IF_ERROR(CheckConsentStands(tables, *leg, content, findings));
  }
  return findings.empty() ? Result<void>() : Fail(Errc::kDenied, findings.front().message);
}

// Somebody may have been put on the list of who must not be told while the draft waited.
Result<void> RequireMayKnow(Tables& tables,
                            const MessageRow& row,
                            const v1::Content& content,
                            const v1::Header& header) {
  if (TakesBack(row.kind)) {
    return {};
  }
  ASSIGN_OR_RETURN(const Silence silence, SilenceOf(tables, content.id_episode()));
  for (const auto& to : header.to()) {
    ASSIGN_OR_RETURN(const bool silent, MustNotKnow(silence, TablesView(tables), to));
    if (silent) {
      return Fail(
          Errc::kDenied,
          "penerima termasuk jangan_beritahu / the recipient must not be told of this child");
    }
  }
  return {};
}

}  // namespace

Result<void> Outbox::SealOne(MessageRow row,
                             const Identity& identity,
                             UnixMillis now,
                             Sealing& sealing) {
  v1::Header header;
  if (!header.ParseFromString(row.header)) {
    return Fail(Errc::kCorrupt, "a queued message does not parse");
  }
  v1::Content content;
  content.ParseFromString(row.content);
  StampNow(header, content, now);
  const auto may_leave = store_.Read([&](Tables& tables) -> Result<void> {
    RETURN_IF_ERROR(RequireMayKnow(tables, row, content, header));
    return RequireConsent(tables, row, content);
  });
  RETURN_IF_ERROR(may_leave);
  std::vector<certs::Certificate> readers;
  for (const auto& to : header.to()) {
    ASSIGN_OR_RETURN(auto contact, link::FindContact(store_.directory(), to));
    readers.push_back(std::move(contact.encryption));
  }
  readers.push_back(identity.encryption());  // our own copy: lets us prove later what we said
  ASSIGN_OR_RETURN(auto sealed, link::SealMessage(std::move(header), row.content, readers));
  sealing.messages.push_back(std::move(sealed));
  sealing.rows.push_back(std::move(row));
  return {};
}

Result<std::vector<v1::Envelope>> Outbox::SignAndKeep(Sealing sealing,
                                                      const Identity& identity,
                                                      UnixMillis now) {
  std::vector<v1::Envelope> envelopes;
  if (!sealing.messages.empty()) {
    envelopes = link::SignMessages(identity.signing_key(), std::move(sealing.messages));
  }
  if (envelopes.empty() && sealing.refused.empty()) {
    return envelopes;
  }
  const auto written = store_.Write([&](Tables& tables) -> Result<void> {
    for (size_t i = 0; i < envelopes.size(); ++i) {
      RETURN_IF_ERROR(tables.MarkSealed(sealing.rows[i].id, envelopes[i]));
    }
    for (const auto& [row, reason] : sealing.refused) {
      RETURN_IF_ERROR(Refuse(tables, row, reason, now));
    }
    return {};
  });
  RETURN_IF_ERROR(written);
  return envelopes;
}

Result<std::vector<link::Submission>> Outbox::Next(size_t room,
                                                   const Identity& identity,
                                                   UnixMillis now,
                                                   v1::Urgency::Code least) {
  ASSIGN_OR_RETURN(auto rows, store_.Read([&](Tables& tables) {
    return tables.NextOutgoing(room + in_flight_.size(), least);
  }));
  Sealing sealing;
  std::vector<v1::Envelope> envelopes;
  for (auto& row : rows) {
    if (in_flight_.count(row.id.str()) != 0 || envelopes.size() + sealing.rows.size() >= room) {
      continue;
    }
    if (row.stage == Stage::kSealed) {
      v1::Envelope& envelope = envelopes.emplace_back();
      envelope.set_header(row.header);
      *envelope.mutable_signature() = row.signature;
      envelope.set_content(row.ciphertext);
      continue;
    }
    if (auto sealed = SealOne(row, identity, now, sealing); !sealed) {
      if (!IsOfMessage(sealed.error())) {
        return Fail(sealed.error());
      }
      sealing.refused.emplace_back(std::move(row), sealed.error().context);
    }
  }
  ASSIGN_OR_RETURN(auto fresh, SignAndKeep(std::move(sealing), identity, now));
  for (auto& envelope : fresh) {
    envelopes.push_back(std::move(envelope));
  }
  std::vector<link::Submission> submissions;
  for (const auto& envelope : envelopes) {
    ASSIGN_OR_RETURN(auto submission, link::SubmitMessage(envelope));
    in_flight_.insert(submission.subject);
    submissions.push_back(std::move(submission));
  }
  return submissions;
}

Result<void> Outbox::Settle(const std::vector<link::Receipted>& receipted,
                            const std::vector<link::Refusal>& refused,
                            const KeyId& signer,
                            UnixMillis now) {
  if (receipted.empty() && refused.empty()) {
    return {};
  }
  const auto written = store_.Write([&](Tables& tables) -> Result<void> {
    for (const auto& item : receipted) {
      RETURN_IF_ERROR(SettleReceipt(tables, item, now));
    }
    for (const auto& item : refused) {
      RETURN_IF_ERROR(SettleRefusal(tables, item, signer, now));
    }
    return {};
  });
  RETURN_IF_ERROR(written);
  for (const auto& item : receipted) {
    if (item.kind == v1::Subject::MESSAGE) {
      in_flight_.erase(item.subject);
    }
  }
  for (const auto& item : refused) {
    if (item.kind == v1::Subject::MESSAGE && item.final) {
      in_flight_.erase(item.subject);
    }
  }
  return {};
}

}  // namespace rujukan::agency
