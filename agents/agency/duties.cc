#include "agents/agency/duties.h"

#include "agents/agency/codes.h"
#include "agents/agency/disclosure.h"
#include "agents/agency/redirect.h"
#include "agents/agency/sending_rules.h"
#include "agents/agency/validate_course.h"
#include "base/limits.h"
#include "ledger/leg_machine.h"

namespace rujukan::agency {
namespace {

using K = v1::Kind;
using ledger::Side;

constexpr int kUtcOffsetMinutes = 7 * 60;  // WIB

v1::AlertType::Code AlertFor(v1::FailureReason::Code reason) {
  switch (reason) {
    case v1::FailureReason::KABUR:
      return v1::AlertType::KABUR;
    case v1::FailureReason::HILANG:
      return v1::AlertType::HILANG;
    default:
      return v1::AlertType::MENINGGAL;
  }
}

// The other side hears of a lost child as an alert that wants an answer, before the leg ends.
Result<void> RaiseAlert(Tables& tables,
                        const Sender& sender,
                        const LegRow& leg,
                        const v1::Content& failed) {
  ASSIGN_OR_RETURN(const bool silenced, IsSilenced(tables, leg));
  if (silenced) {
    return {};  // it is to forget the child, not to be alarmed about it
  }
  ASSIGN_OR_RETURN(const auto opening, OpeningContent(tables, leg.id));
  NewStep step{K::PERINGATAN_DARURAT, {}};
  *step.content.mutable_petugas() = failed.petugas();
  v1::Alert& alert = *step.content.mutable_peringatan_darurat();
  alert.set_jenis(AlertFor(failed.gagal().alasan()));
  alert.set_terakhir_terlihat(opening.rujukan().t1().wilayah_berada());
  alert.set_tindakan_diminta(failed.gagal().tindakan());
  alert.set_keterangan(failed.gagal().keterangan());
  const auto raised = InsertAction(tables, sender, leg.id, std::move(step));
  // With eight alerts open already, one more changes nothing; the failure itself is told.
  const bool full = static_cast<size_t>(leg.plan.alerts_size()) >= limits::kOpenAlertsMax;
  return raised || full ? Result<void>() : Fail(raised.error());
}

Result<void> OpenNext(Tables& tables,
                      const Sender& sender,
                      const LegRow& leg,
                      const NewStep& step) {
  const v1::Redirect& redirect = step.content.alihkan();
  if (redirect.id_rujukan_baru().empty()) {
    return {};
  }
  ASSIGN_OR_RETURN(NewMessage message,
                   Continue(tables, leg, redirect.tujuan(), step.content.petugas(), sender.now));
  ASSIGN_OR_RETURN(message.leg, ParseUuid(redirect.id_rujukan_baru()));
  const auto opened = InsertMessage(tables, sender, std::move(message));
  return opened ? Result<void>() : Fail(opened.error());
}

Result<void> ExpectPurge(Tables& tables,
                         const Sender& sender,
                         const LegRow& leg,
                         const MessageId& id) {
  return tables.PutErasure({id, leg.id, "", false, ErasureStage::kAsked, sender.now});
}

// To the agencies that we have told: they have it on the same consent. A rule of ours that is
// against telling one of them does not undo what a peer has said: that leg is restricted all the
// same.
Result<void> PassOnWithdrawal(Tables& tables,
                              const Sender& sender,
                              const LegId& from_leg,
                              const MessageId& by,
                              const v1::Content& withdrawn) {
  ASSIGN_OR_RETURN(const auto episode, tables.EpisodeOf(from_leg));
  ASSIGN_OR_RETURN(const auto legs, tables.LegsOfEpisode(episode));
  for (const LegRow& leg : legs) {
    if (leg.id == from_leg || leg.side != Side::kSender || !ledger::IsOpen(leg.plan.state()) ||
        leg.restricted_at != 0) {
      continue;
    }
    NewStep step{K::PENARIKAN_PERSETUJUAN, {}};
    *step.content.mutable_petugas() = withdrawn.petugas();
    *step.content.mutable_penarikan_persetujuan() = withdrawn.penarikan_persetujuan();
    const auto told = InsertAction(tables, sender, leg.id, std::move(step));
    if (!told && told.error().code != Errc::kConflict && told.error().code != Errc::kInvalid) {
      return Fail(told.error());
    }
    RETURN_IF_ERROR(tables.RestrictLeg(leg.id, by, sender.now));
  }
  return {};
}

Result<void> NoteTasks(Tables& tables,
                       const std::string& own,
                       const MessageId& id,
                       const v1::ConferenceMinutes& minutes,
                       UnixMillis now) {
  for (int i = 0; i < minutes.tugas_size(); ++i) {
    const v1::Task& task = minutes.tugas(i);
    if (task.penanggung_jawab() == own) {
      const UnixMillis due = DayOfText(task.batas(), kUtcOffsetMinutes).value_or(0);
      RETURN_IF_ERROR(tables.PutTask({id, i, due, now, 0, ""}));
    }
  }
  return {};
}

}  // namespace

Result<void> DoBefore(Tables& tables, const Sender& sender, const LegRow& leg, NewStep& step) {
  if (step.content.has_alihkan()) {
    const std::string next = LegToOpen(leg, step, sender.now);
    step.content.mutable_alihkan()->set_id_rujukan_baru(next.empty() ? "" : FormatUuid(next));
  }
  if (step.content.has_gagal() && RaisesAlert(step.content.gagal().alasan())) {
    return RaiseAlert(tables, sender, leg, step.content);
  }
  return {};
}

Result<void> DoAfter(Tables& tables,
                     const Sender& sender,
                     const LegRow& leg,
                     const NewStep& step,
                     const MessageId& id) {
  switch (step.kind) {
    case K::ALIHKAN: {
      ASSIGN_OR_RETURN(const auto redirected, tables.FindLeg(leg.id));
      return OpenNext(tables, sender, *redirected, step);
    }
    case K::SALAH_INPUT:
      return ExpectPurge(tables, sender, leg, id);
    case K::PENARIKAN_PERSETUJUAN:
      return tables.RestrictLeg(leg.id, id, sender.now);
    default:
      return {};
  }
}

Result<void> NoteOwnMinutes(Tables& tables,
                            const Sender& sender,
                            const MessageId& id,
                            const v1::Content& content) {
  return NoteTasks(tables, sender.address, id, content.notula(), sender.now);
}

Result<void> TakeDuties(Tables& tables,
                        const MessageRow& row,
                        const std::string& own,
                        UnixMillis now) {
  v1::Content content;
  if (row.outcome != v1::DeliveryOutcome::DELIVERED || !content.ParseFromString(row.content)) {
    return {};
  }
  RETURN_IF_ERROR(NoteDisclosure(tables, row, content));
  if (row.kind == K::NOTULA) {
    return NoteTasks(tables, own, row.id, content.notula(), now);
  }
  const auto leg = LegId::FromBytes(row.leg);
  if (!leg) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto known, tables.FindLeg(*leg));
  v1::Header header;
  if (!known || !header.ParseFromString(row.header) || header.from() != known->peer) {
    return {};
  }
  if (row.kind == K::PENARIKAN_PERSETUJUAN) {
    RETURN_IF_ERROR(tables.RestrictLeg(*leg, row.id, now));
    return PassOnWithdrawal(tables, {own, now}, *leg, row.id, content);
  }
  if (row.kind == K::ALIHKAN) {
    const auto next = ParseUuid(content.alihkan().id_rujukan_baru());
    const auto next_leg = next ? LegId::FromBytes(*next) : Result<LegId>(Fail(next.error()));
    return next_leg ? tables.PutContinuation(*leg, *next_leg, now) : Result<void>();
  }
  return {};
}

}  // namespace rujukan::agency
