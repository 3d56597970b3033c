#include "agents/agency/compose.h"

#include <algorithm>

#include "agents/agency/validate.h"
#include "certs/random.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kHourMs = 60 * kMinuteMs;
constexpr int64_t kDayMs = 24 * kHourMs;
// Longer than any outage planned for (72 h), shorter than a referral stays meaningful.
constexpr int64_t kMessageLifeMs = 30 * kDayMs;
constexpr int32_t kUtcOffsetMinutes = 7 * 60;  // WIB

// Clocks of a referral by urgency (docs/states.md). Working hours are not modelled yet: these are
// calendar hours, which are never later.
struct Clocks {
  int64_t confirm_ms;
  int64_t decide_ms;
};

Clocks ClocksOf(v1::Urgency::Code urgency, bool emergency) {
  if (emergency) {
    return {30 * kMinuteMs, kHourMs};
  }
  switch (urgency) {
    case v1::Urgency::AMAT_SEGERA:
      return {kHourMs, 6 * kHourMs};
    case v1::Urgency::SEGERA:
      return {4 * kHourMs, kDayMs};
    default:
      return {kDayMs, 3 * kDayMs};
  }
}

v1::Header DraftHeader(const Sender& sender, v1::Kind::Code kind, const v1::Content& content) {
  v1::Header header;
  header.set_version(1);
  header.set_message_id(certs::NewMessageId(sender.now).str());
  header.set_kind(kind);
  header.set_from(sender.address);
  header.set_classification(ClassOf(kind, content));
  header.set_created_at_ms(sender.now);
  header.set_utc_offset_minutes(kUtcOffsetMinutes);
  header.set_expires_at_ms(sender.now + kMessageLifeMs);
  return header;
}

Result<MessageId> InsertQueued(Tables& tables,
                               const v1::Header& header,
                               const v1::Content& content,
                               UnixMillis now) {
  MessageRow row;
  ASSIGN_OR_RETURN(row.id, MessageId::FromBytes(header.message_id()));
  row.outgoing = true;
  row.leg = header.leg_id();
  row.kind = header.kind();
  row.header = header.SerializeAsString();
  row.content = content.SerializeAsString();
  row.stored_at = now;
  RETURN_IF_ERROR(tables.Insert(row));
  return row.id;
}

Result<void> OpenOwnLeg(Tables& tables, const v1::Header& header, UnixMillis now) {
  LegRow leg;
  ASSIGN_OR_RETURN(leg.id, LegId::FromBytes(header.leg_id()));
  leg.side = ledger::Side::kSender;
  leg.peer = header.to(0);
  leg.next_sequence = header.sequence() + 1;
  leg.opened_at = now;
  leg.changed_at = now;
  return tables.OpenLeg(leg);
}

Result<void> HoldStageTwo(Tables& tables, const LegId& leg, const NewMessage& message) {
  if (message.held.ByteSizeLong() == 0) {
    return {};
  }
  v1::Content content;
  content.set_id_episode(message.content.id_episode());
  *content.mutable_petugas() = message.content.petugas();
  *content.mutable_rincian()->mutable_t2() = message.held;
  for (const auto& field : DisclosedFields(content.rincian())) {
    content.mutable_rincian()->add_daftar_pengungkapan(field);
  }
  return tables.Hold(leg, content.SerializeAsString());
}

// The header of a message in a leg of ours: as urgent as its opening, which is its cause.
Result<v1::Header> DraftInLeg(Tables& tables,
                              const Sender& sender,
                              const LegRow& leg,
                              v1::Kind::Code kind,
                              const v1::Content& content) {
  v1::Header header = DraftHeader(sender, kind, content);
  header.set_leg_id(leg.id.str());
  header.add_to(leg.peer);
  header.set_urgency(v1::Urgency::BIASA);
  ASSIGN_OR_RETURN(const auto messages, tables.ListLeg(leg.id));
  for (const auto& message : messages) {
    v1::Header earlier;
    if (message.kind == v1::Kind::RUJUKAN && earlier.ParseFromString(message.header)) {
      header.set_urgency(earlier.urgency());  // an answer is as urgent as what it answers
      header.set_cause(earlier.message_id());
    }
  }
  ASSIGN_OR_RETURN(const auto sequence, tables.TakeSequence(leg.id));
  header.set_sequence(sequence);
  return header;
}

Result<MessageId> InsertStep(Tables& tables,
                             const Sender& sender,
                             const LegRow& leg,
                             v1::Kind::Code kind,
                             const v1::Content& content) {
  ASSIGN_OR_RETURN(const auto header, DraftInLeg(tables, sender, leg, kind, content));
  ASSIGN_OR_RETURN(const auto id, InsertQueued(tables, header, content, sender.now));
  RETURN_IF_ERROR(tables.RefoldLeg(leg.id, sender.now));
  return id;
}

// The message that opened a leg of ours, when `leg` may have its second stage: the peer's own
// acceptance, which we could read, is in the ledger.
Result<std::optional<v1::Header>> AcceptedOpening(Tables& tables, const LegRow& leg) {
  ASSIGN_OR_RETURN(const auto messages, tables.ListLeg(leg.id));
  std::optional<v1::Header> opening;
  bool accepted = false;
  for (const auto& message : messages) {
    v1::Header header;
    if (!header.ParseFromString(message.header)) {
      continue;
    }
    if (message.outgoing && message.kind == v1::Kind::RUJUKAN) {
      opening = std::move(header);
    } else if (!message.outgoing && message.kind == v1::Kind::TERIMA) {
      accepted = accepted ||
                 (message.outcome == v1::DeliveryOutcome::DELIVERED && header.from() == leg.peer);
    }
  }
  return accepted ? opening : std::nullopt;
}

Result<void> ReleaseHeld(Tables& tables, const LegId& leg_id, UnixMillis now) {
  ASSIGN_OR_RETURN(const auto leg, tables.FindLeg(leg_id));
  if (!leg || leg->side != ledger::Side::kSender || leg->state != v1::LegState::DITERIMA) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto held, tables.FindHeld(leg_id));
  if (held.empty()) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto opening, AcceptedOpening(tables, *leg));
  if (!opening) {
    return {};
  }
  v1::Content content;
  if (!content.ParseFromString(held)) {
    return Fail(Errc::kCorrupt, "the held second stage of a leg does not parse");
  }
  RETURN_IF_ERROR(tables.DropHeld(leg_id));
  ASSIGN_OR_RETURN(
      [[maybe_unused]] const auto id,
      InsertStep(tables, Sender{opening->from(), now}, *leg, v1::Kind::RINCIAN, content));
  return {};
}

}  // namespace

v1::Classification::Code ClassOf(v1::Kind::Code kind, const v1::Content& content) {
  if (kind == v1::Kind::PEMBERITAHUAN) {
    return v1::Classification::T;
  }
  return content.rincian().has_t3() ? v1::Classification::SR : v1::Classification::R;
}

Result<Composed> QueueMessage(Tables& tables,
                              const Sender& sender,
                              const RequestId& request,
                              NewMessage message) {
  ASSIGN_OR_RETURN(const auto repeated, FindRepeated(tables, request));
  if (repeated) {
    return *repeated;
  }
  v1::Header header = DraftHeader(sender, message.kind, message.content);
  header.set_urgency(message.urgency);
  header.set_classification(std::max(header.classification(), message.classification));
  for (const auto& to : message.to) {
    header.add_to(to);
  }
  if (message.kind == v1::Kind::RUJUKAN) {
    const LegId leg = certs::NewLegId(sender.now);
    const auto clocks = ClocksOf(message.urgency, IsEmergency(message.content.rujukan()));
    header.set_leg_id(leg.str());
    header.set_sequence(1);
    header.set_confirm_by_ms(sender.now + clocks.confirm_ms);
    header.set_decide_by_ms(sender.now + clocks.decide_ms);
    if (message.content.id_episode().empty()) {
      message.content.set_id_episode(FormatUuid(certs::NewLegId(sender.now).view()));
    }
    RETURN_IF_ERROR(OpenOwnLeg(tables, header, sender.now));
    RETURN_IF_ERROR(HoldStageTwo(tables, leg, message));
  }
  ASSIGN_OR_RETURN(const auto id, InsertQueued(tables, header, message.content, sender.now));
  if (message.kind == v1::Kind::RUJUKAN) {
    RETURN_IF_ERROR(tables.RefoldLeg(LegId::FromBytes(header.leg_id()).value(), sender.now));
  }
  RETURN_IF_ERROR(tables.PutRequest(request.key, request.body, id));
  return Composed{id, /*fresh=*/true};
}

Result<Composed> QueueAction(Tables& tables,
                             const Sender& sender,
                             const RequestId& request,
                             const LegId& leg_id,
                             v1::Kind::Code kind,
                             v1::Content content) {
  ASSIGN_OR_RETURN(const auto repeated, FindRepeated(tables, request));
  if (repeated) {
    return *repeated;
  }
  ASSIGN_OR_RETURN(const auto leg, tables.FindLeg(leg_id));
  if (!leg) {
    return Fail(Errc::kNotFound, "tidak ada rujukan dengan id ini / no such leg here");
  }
  if (!ledger::MaySend(leg->planned, kind, leg->side)) {
    return Fail(Errc::kConflict,
                v1::Kind::Code_Name(kind) + " tidak dapat dikirim saat rujukan " +
                    v1::LegState::Code_Name(leg->planned) +
                    "; yang mungkin / possible now: " + ActionsFor(leg->planned, leg->side));
  }
  if (kind == v1::Kind::RINCIAN) {
    for (const auto& field : DisclosedFields(content.rincian())) {
      content.mutable_rincian()->add_daftar_pengungkapan(field);
    }
  }
  ASSIGN_OR_RETURN(const auto opening, OpeningContent(tables, leg_id));
  content.set_id_episode(opening.id_episode());
  ASSIGN_OR_RETURN(const auto id, InsertStep(tables, sender, *leg, kind, content));
  RETURN_IF_ERROR(tables.PutRequest(request.key, request.body, id));
  return Composed{id, /*fresh=*/true};
}

const std::string& KeyReusedText() {
  static const std::string kText =
      "kunci_idempoten sudah dipakai untuk isi lain; pakai kunci baru / this idempotency key was "
      "used for another body; use a new one";
  return kText;
}

Result<std::optional<Composed>> FindRepeated(Tables& tables, const RequestId& request) {
  ASSIGN_OR_RETURN(const auto earlier, tables.FindRequest(request.key));
  if (!earlier) {
    return std::optional<Composed>();
  }
  ASSIGN_OR_RETURN(const auto stage, tables.StageOf(earlier->message));
  if (stage == Stage::kRefused) {
    return std::optional<Composed>();  // it came to nothing: the key is free again
  }
  if (earlier->body_digest != request.body.view()) {
    return Fail(Errc::kConflict, KeyReusedText());
  }
  return std::optional<Composed>(Composed{earlier->message, /*fresh=*/false});
}

Result<MessageId> InsertBeside(Tables& tables,
                               const Sender& sender,
                               const LegRow& leg,
                               v1::Kind::Code kind,
                               const std::string& cause,
                               const v1::Content& content) {
  ASSIGN_OR_RETURN(v1::Header header, DraftInLeg(tables, sender, leg, kind, content));
  header.set_cause(cause);
  header.set_urgency(v1::Urgency::BIASA);
  return InsertQueued(tables, header, content, sender.now);
}

Result<MessageId> InsertLampiran(Tables& tables,
                                 const Sender& sender,
                                 const LegRow& leg,
                                 const v1::AttachmentClaim& claim,
                                 v1::Content content) {
  ASSIGN_OR_RETURN(const auto opening, OpeningContent(tables, leg.id));
  content.set_id_episode(opening.id_episode());
  ASSIGN_OR_RETURN(v1::Header header, DraftInLeg(tables, sender, leg, v1::Kind::LAMPIRAN, content));
  *header.mutable_attachment() = claim;
  header.set_classification(std::max(header.classification(), content.lampiran().klasifikasi()));
  return InsertQueued(tables, header, content, sender.now);
}

Result<void> QueueAnew(Tables& tables,
                       const MessageRow& refused,
                       const std::string& reason,
                       UnixMillis now) {
  v1::Header header;
  if (!header.ParseFromString(refused.header)) {
    return Fail(Errc::kCorrupt, "a sealed message does not parse");
  }
  const MessageId id = certs::NewMessageId(now);
  header.set_message_id(id.str());
  for (auto* digest : {header.mutable_content_digest(), header.mutable_content_commitment()}) {
    digest->clear();
  }
  header.clear_content_size();
  header.clear_recipient_keys();
  const std::string told =
      reason + "; dikirim ulang sebagai / sent anew as " + FormatUuid(id.view());
  RETURN_IF_ERROR(tables.Requeue(refused, id, header.SerializeAsString(), told, now));
  RETURN_IF_ERROR(tables.MoveRequest(refused.id, id));
  return SettleLeg(tables, refused.leg, now);
}

Result<void> SettleLeg(Tables& tables, const std::string& leg_bytes, UnixMillis now) {
  const auto leg = LegId::FromBytes(leg_bytes);
  if (!leg) {
    return {};
  }
  RETURN_IF_ERROR(tables.RefoldLeg(*leg, now));
  return ReleaseHeld(tables, *leg, now);
}

Result<v1::Content> OpeningContent(Tables& tables, const LegId& leg) {
  ASSIGN_OR_RETURN(const auto messages, tables.ListLeg(leg));
  for (const auto& listed : messages) {
    if (listed.kind == v1::Kind::RUJUKAN) {
      ASSIGN_OR_RETURN(const auto opening, tables.Find(listed.id));
      v1::Content content;
      if (opening) {
        content.ParseFromString(opening->content);
      }
      return content;
    }
  }
  return Fail(Errc::kNotFound, "tidak ada rujukan dengan id ini / no such leg here");
}

std::vector<std::string> DisclosedFields(const v1::Disclosure& disclosure) {
  std::vector<std::string> names;
  const auto append = [&names](const std::string& stage, const google::protobuf::Message& message) {
    std::vector<const google::protobuf::FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    for (const auto* field : fields) {
      names.push_back(stage + "." + field->name());
    }
  };
  if (disclosure.has_t2()) {
    append("t2", disclosure.t2());
  }
  if (disclosure.has_t3()) {
    append("t3", disclosure.t3());
  }
  return names;
}

}  // namespace rujukan::agency
