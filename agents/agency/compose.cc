#include "agents/agency/compose.h"

#include <algorithm>

#include "agents/agency/disclosure.h"
#include "agents/agency/duties.h"
#include "agents/agency/escalation_targets.h"
#include "agents/agency/sending_rules.h"
#include "agents/agency/tables_view.h"
#include "certs/random.h"

namespace rujukan::agency {
namespace {

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
  RETURN_IF_ERROR(NoteDisclosure(tables, row, content));
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
  ListDisclosed(content);
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

// By the ledger's own table and guards, as far as this agency knows the leg.
Result<void> RequireLegal(const LegRow& leg, const NewStep& step, UnixMillis now) {
  if ((step.kind == v1::Kind::LAMPIRAN) != step.attachment.has_value()) {
    return Fail(Errc::kConflict,
                "berkas dilampirkan lewat POST /v1/legs/{id}/attachments / a file is attached by "
                "POST /v1/legs/{id}/attachments");
  }
  v1::Header header;
  header.set_kind(step.kind);
  header.set_cause(step.cause);
  FillStep(header, leg.plan, leg.side, step.content);
  if (const auto may = MayStep(leg.plan, leg.side, header, now); !may) {
    return Fail(Errc::kConflict,
                v1::Kind::Code_Name(step.kind) + " tidak dapat dikirim saat rujukan " +
                    v1::LegState::Code_Name(leg.planned) + " / " + may.error().advice +
                    "; yang mungkin / possible now: " + ActionsFor(leg.plan, leg.side));
  }
  return {};
}

Result<MessageId> InsertStep(Tables& tables,
                             const Sender& sender,
                             const LegRow& leg,
                             const NewStep& step) {
  ASSIGN_OR_RETURN(auto header, DraftInLeg(tables, sender, leg, step.kind, step.content));
  const std::string opening = header.cause();
  header.set_cause(step.cause);
  FillStep(header, leg.plan, leg.side, step.content);
  if (header.cause().empty()) {
    header.set_cause(opening);
  }
  if (step.attachment) {
    *header.mutable_attachment() = *step.attachment;
  }
  ASSIGN_OR_RETURN(const auto id, InsertQueued(tables, header, step.content, sender.now));
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
  ASSIGN_OR_RETURN(const bool may, MayReleaseHeld(tables, *leg, content.rincian().t2()));
  if (!may) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto silent, IsSilenced(tables, *leg));
  if (silent) {
    return {};  // put on the list since: nothing more goes there
  }
  RETURN_IF_ERROR(tables.DropHeld(leg_id));
  const NewStep release{v1::Kind::RINCIAN, std::move(content)};
  ASSIGN_OR_RETURN([[maybe_unused]] const auto id,
                   InsertStep(tables, Sender{opening->from(), now}, *leg, release));
  return {};
}

// Which episode a new message is of: the one it names, that of the leg it continues, or a new one.
Result<std::string> EpisodeFor(Tables& tables, const v1::Content& content, UnixMillis now) {
  if (!content.id_episode().empty() || !content.has_rujukan()) {
    return content.id_episode();
  }
  const auto before = ParseUuid(content.rujukan().lanjutan_dari().id_rujukan());
  if (before) {
    ASSIGN_OR_RETURN(const auto leg, LegId::FromBytes(*before));
    ASSIGN_OR_RETURN(const auto episode, tables.EpisodeOf(leg));
    if (!episode.empty()) {
      return episode;
    }
  }
  return FormatUuid(certs::NewLegId(now).view());
}

Result<void> FillEscalation(Tables& tables, v1::Header& header, const NewMessage& message) {
  ASSIGN_OR_RETURN(
      const Silence silence,
      SilenceAround(tables, message.content.id_episode(), message.content, message.held));
  ASSIGN_OR_RETURN(const auto targets,
                   EscalationTargets(TablesView(tables), header.from(), header.to(0), silence));
  for (const auto& target : targets) {
    header.add_escalate_to(target);
  }
  return {};
}

// The leg of a RUJUKAN: opened in our tables with its episode and its held second stage.
Result<void> OpenLegFor(Tables& tables,
                        const Sender& sender,
                        v1::Header& header,
                        const NewMessage& message) {
  header.set_leg_id(message.leg.empty() ? certs::NewLegId(sender.now).str() : message.leg);
  header.set_sequence(1);
  FillOpening(header, message.content.rujukan(), sender.now);
  RETURN_IF_ERROR(FillEscalation(tables, header, message));
  ASSIGN_OR_RETURN(const auto leg, LegId::FromBytes(header.leg_id()));
  RETURN_IF_ERROR(OpenOwnLeg(tables, header, sender.now));
  RETURN_IF_ERROR(tables.PutEpisode(leg, message.content.id_episode()));
  return HoldStageTwo(tables, leg, message);
}

// The leg that a new one continues shows so, and the new one leaves after what is queued in it.
Result<void> NoteContinued(Tables& tables, const v1::Header& header, UnixMillis now) {
  const auto before = LegId::FromBytes(header.continues_leg());
  if (!before) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto id, MessageId::FromBytes(header.message_id()));
  RETURN_IF_ERROR(tables.PutWait(id, *before));
  return tables.RefoldLeg(*before, now);
}

}  // namespace

Result<MessageId> InsertMessage(Tables& tables, const Sender& sender, NewMessage message) {
  ASSIGN_OR_RETURN(const std::string episode, EpisodeFor(tables, message.content, sender.now));
  message.content.set_id_episode(episode);
  ListDisclosed(message.content);
  RETURN_IF_ERROR(CheckNewMessage(tables, sender, message));
  v1::Header header = DraftHeader(sender, message.kind, message.content);
  header.set_urgency(message.urgency);
  header.set_classification(std::max(header.classification(), message.classification));
  header.set_cause(message.cause);
  for (const auto& to : message.to) {
    header.add_to(to);
  }
  if (message.kind != v1::Kind::RUJUKAN) {
    ASSIGN_OR_RETURN(const auto id, InsertQueued(tables, header, message.content, sender.now));
    RETURN_IF_ERROR(NoteOwnMinutes(tables, sender, id, message.content));
    return id;
  }
  RETURN_IF_ERROR(OpenLegFor(tables, sender, header, message));
  ASSIGN_OR_RETURN(const auto id, InsertQueued(tables, header, message.content, sender.now));
  ASSIGN_OR_RETURN(const auto leg, LegId::FromBytes(header.leg_id()));
  RETURN_IF_ERROR(tables.RefoldLeg(leg, sender.now));
  RETURN_IF_ERROR(NoteContinued(tables, header, sender.now));
  return id;
}

Result<Composed> QueueMessage(Tables& tables,
                              const Sender& sender,
                              const RequestId& request,
                              NewMessage message) {
  ASSIGN_OR_RETURN(const auto repeated, FindRepeated(tables, request));
  if (repeated) {
    return *repeated;
  }
  ASSIGN_OR_RETURN(const auto id, InsertMessage(tables, sender, std::move(message)));
  RETURN_IF_ERROR(tables.PutRequest(request.key, request.body, id));
  return Composed{id, /*fresh=*/true};
}

Result<MessageId> InsertAction(Tables& tables,
                               const Sender& sender,
                               const LegId& leg_id,
                               NewStep step) {
  ASSIGN_OR_RETURN(const auto leg, tables.FindLeg(leg_id));
  if (!leg) {
    return Fail(Errc::kNotFound, "tidak ada rujukan dengan id ini / no such leg here");
  }
  ASSIGN_OR_RETURN(const auto episode, tables.EpisodeOf(leg_id));
  step.content.set_id_episode(episode);
  ListDisclosed(step.content);
  RETURN_IF_ERROR(RequireLegal(*leg, step, sender.now));
  RETURN_IF_ERROR(CheckNewStep(tables, *leg, step));
  RETURN_IF_ERROR(DoBefore(tables, sender, *leg, step));
  ASSIGN_OR_RETURN(const auto now, tables.FindLeg(leg_id));
  ASSIGN_OR_RETURN(const auto id, InsertStep(tables, sender, *now, step));
  RETURN_IF_ERROR(DoAfter(tables, sender, *leg, step, id));
  return id;
}

Result<Composed> QueueAction(Tables& tables,
                             const Sender& sender,
                             const RequestId& request,
                             const LegId& leg_id,
                             NewStep step) {
  ASSIGN_OR_RETURN(const auto repeated, FindRepeated(tables, request));
  if (repeated) {
    return *repeated;
  }
  ASSIGN_OR_RETURN(const auto id, InsertAction(tables, sender, leg_id, std::move(step)));
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
  RETURN_IF_ERROR(tables.MoveDisclosure(refused.id, id));
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

}  // namespace rujukan::agency
