#include "agents/agency/redirect.h"

#include <algorithm>

#include "agents/agency/codes.h"
#include "agents/agency/escalation_targets.h"
#include "agents/agency/tables_view.h"
#include "agents/agency/worklist.h"
#include "base/limits.h"
#include "certs/random.h"
#include "ledger/leg_machine.h"
#include "ledger/records.h"

namespace rujukan::agency {
namespace {

using K = v1::Kind;
using S = v1::LegState;
using ledger::Side;

// Who has had the child's referral along this chain of legs, as far as it is here.
Result<std::vector<std::string>> HadBefore(Tables& tables, const LegRow& leg) {
  std::vector<std::string> had;
  std::optional<LegRow> at = leg;
  for (uint32_t hops = 0; at && hops < limits::kContinuedLegsMax; ++hops) {
    had.push_back(at->plan.sender());
    had.push_back(at->plan.receiver());
    const auto before = LegId::FromBytes(at->plan.continues_leg());
    if (!before) {
      break;
    }
    ASSIGN_OR_RETURN(at, tables.FindLeg(*before));
  }
  return had;
}

// As the fold will have it, on our side of the leg.
bool MayContinue(const LegRow& leg) {
  const std::string& own = leg.side == Side::kSender ? leg.plan.sender() : leg.plan.receiver();
  return ledger::MayContinueLeg(leg.plan, own).has_value();
}

// The receiver of a leg missed a deadline of its own.
Result<bool> LetEscalationPass(Tables& tables, const LegId& leg) {
  ASSIGN_OR_RETURN(const auto notices, tables.NoticesOfLeg(leg));
  return std::any_of(notices.begin(), notices.end(), [](const NoticeRow& notice) {
    const v1::DeadlineMissed& missed = notice.entry.deadline_missed();
    return missed.level() > 0 && WhoseDuty(missed.deadline()) == Side::kReceiver;
  });
}

// Type C: its province may act in its place from the first escalation on (docs/formats/clocks.md).
Result<void> CheckCover(Tables& tables,
                        const Sender& sender,
                        const LegRow& leg,
                        const v1::Continuation& continuation,
                        Findings& findings) {
  const std::string& office = continuation.bertindak_atas_nama();
  if (office.empty()) {
    return {};
  }
  const TablesView directory(tables);
  ASSIGN_OR_RETURN(const auto record, ledger::ReadAgency(directory, office));
  ASSIGN_OR_RETURN(const auto above, SupervisorsOf(directory, office));
  const bool is_below = std::find(above.begin(), above.end(), sender.address) != above.end();
  ASSIGN_OR_RETURN(const bool silent, LetEscalationPass(tables, leg.id));
  const bool may = record && record->standing().tipe_dinas() == v1::OfficeType::C && is_below &&
                   leg.side == Side::kSender && leg.peer == office && silent;
  if (!may) {
    findings.push_back(
        {"isi.rujukan.lanjutan_dari.bertindak_atas_nama",
         "hanya pengawas atas nama dinas tipe C di bawahnya yang melewatkan eskalasi pertama "
         "rujukan ini / only a supervisor may, for an office of type C below it that let the first "
         "escalation of this leg pass"});
  }
  return {};
}

// The last message of that kind in the leg, with its content.
Result<std::optional<v1::Content>> LastOf(Tables& tables, const LegId& leg, K::Code kind) {
  ASSIGN_OR_RETURN(const auto messages, tables.ListLeg(leg));
  std::optional<v1::Content> found;
  for (const auto& listed : messages) {
    if (listed.kind != kind || listed.stage == Stage::kRefused) {
      continue;
    }
    ASSIGN_OR_RETURN(const auto row, tables.Find(listed.id));
    v1::Content content;
    if (row && !row->content.empty() && content.ParseFromString(row->content)) {
      found = std::move(content);
    }
  }
  return found;
}

// The second stage of a leg of ours, if it never left; else the one that did.
Result<v1::StageTwo> StageTwoOf(Tables& tables, const LegId& leg) {
  ASSIGN_OR_RETURN(const auto held, tables.FindHeld(leg));
  v1::Content content;
  if (!held.empty() && content.ParseFromString(held)) {
    return content.rincian().t2();
  }
  ASSIGN_OR_RETURN(const auto released, LastOf(tables, leg, K::RINCIAN));
  return released ? released->rincian().t2() : v1::StageTwo();
}

}  // namespace

Result<void> CheckRedirectTarget(Tables& tables,
                                 const LegRow& leg,
                                 const std::string& to,
                                 const std::string& field,
                                 Findings& findings) {
  ASSIGN_OR_RETURN(const auto had, HadBefore(tables, leg));
  if (std::find(had.begin(), had.end(), to) != had.end()) {
    findings.push_back(
        {field,
         "lembaga ini sudah pernah menerima rujukan ini: pilih yang lain / this agency "
         "has had this referral already: choose another"});
  }
  return {};
}

Result<std::optional<LegRow>> ContinuedLeg(Tables& tables, const v1::Referral& referral) {
  const auto bytes = ParseUuid(referral.lanjutan_dari().id_rujukan());
  if (!bytes) {
    return std::optional<LegRow>();
  }
  ASSIGN_OR_RETURN(const auto id, LegId::FromBytes(*bytes));
  return tables.FindLeg(id);
}

Result<void> CheckContinuation(Tables& tables,
                               const Sender& sender,
                               const NewMessage& message,
                               Findings& findings) {
  const v1::Referral& referral = message.content.rujukan();
  if (!referral.has_lanjutan_dari()) {
    return {};
  }
  const std::string field = "isi.rujukan.lanjutan_dari.id_rujukan";
  ASSIGN_OR_RETURN(const auto leg, ContinuedLeg(tables, referral));
  if (!leg) {
    findings.push_back({field, "tidak ada rujukan dengan id ini / no such leg here"});
    return {};
  }
  if (!MayContinue(*leg)) {
    findings.push_back(
        {field,
         "rujukan ini belum berakhir, atau bukan sisi ini yang melanjutkan; yang sudah DITUTUP "
         "dibuka dulu dengan `reopen` / that leg has not ended, or it is not this side's to "
         "continue; a closed one is reopened first"});
  }
  ASSIGN_OR_RETURN(const auto next, tables.ContinuationOf(leg->id));
  if (next && next->view() != message.leg) {
    findings.push_back({field, "sudah dilanjutkan oleh rujukan lain / another leg continues it"});
  }
  RETURN_IF_ERROR(CheckCover(tables, sender, *leg, referral.lanjutan_dari(), findings));
  if (leg->plan.state() != S::DIALIHKAN) {
    return {};
  }
  if (leg->plan.hops() >= limits::kRedirectHopsMax) {
    findings.push_back({field,
                        "sudah dialihkan tiga kali: telepon, sepakati siapa yang menerima / it was "
                        "redirected three times: call, and agree who takes it"});
  }
  for (const auto& to : message.to) {
    RETURN_IF_ERROR(CheckRedirectTarget(tables, *leg, to, "kepada", findings));
  }
  return {};
}

Result<NewMessage> Continue(Tables& tables,
                            const LegRow& leg,
                            const std::string& to,
                            const v1::Officer& officer,
                            UnixMillis now) {
  ASSIGN_OR_RETURN(const auto opening, OpeningContent(tables, leg.id));
  if (!opening.has_rujukan()) {
    return Fail(
        Errc::kConflict,
        "isi rujukan ini telah dihapus atau tidak terbaca / the content of this leg is gone");
  }
  NewMessage message;
  message.kind = K::RUJUKAN;
  message.content = opening;
  // Another office's officer does not sign for this one; our own stays where nobody else is named.
  if (leg.side == Side::kReceiver || !officer.telepon().empty()) {
    *message.content.mutable_petugas() = officer;
  }
  v1::Referral& referral = *message.content.mutable_rujukan();
  referral.mutable_lanjutan_dari()->set_id_rujukan(FormatUuid(leg.id.view()));
  referral.mutable_lanjutan_dari()->set_alasan(v1::LegState::Code_Name(leg.plan.state()));
  referral.mutable_lanjutan_dari()->clear_bertindak_atas_nama();
  // Who has met the child is no mere reporter any more, nor is who passes a report on.
  if (leg.side == Side::kReceiver || leg.plan.state() == S::DITUTUP) {
    referral.clear_pelapor_saja();
  }
  for (v1::RequestedService& service : *referral.mutable_t1()->mutable_layanan_diminta()) {
    if (const auto end = TimeOfText(service.batas()); end && *end <= now) {
      service.clear_batas();
    }
  }
  if (leg.side == Side::kReceiver) {
    referral.clear_penandatangan();  // another office's word; ours follows
  }
  message.urgency = UrgencyOf(referral.t1().tingkat_risiko());
  message.to = {to};
  if (to.empty()) {
    ASSIGN_OR_RETURN(const auto redirect, LastOf(tables, leg.id, K::ALIHKAN));
    message.to = {redirect ? redirect->alihkan().tujuan() : std::string()};
  }
  if (message.to.front().empty()) {
    return Fail(
        Errc::kInvalid,
        "kepada: tidak ada tujuan yang diusulkan; isi alamat / nobody was proposed: give an "
        "address");
  }
  // What the receiver of a leg knows of the second stage is not its own to hold back or to give,
  // but in an emergency.
  if (leg.side == Side::kSender && !referral.has_t2()) {
    ASSIGN_OR_RETURN(message.held, StageTwoOf(tables, leg.id));
  }
  return message;
}

std::string LegToOpen(const LegRow& leg, const NewStep& step, UnixMillis now) {
  const bool opens = step.kind == K::ALIHKAN && leg.side == Side::kReceiver &&
                     leg.plan.clock_class() == v1::ClockClass::DARURAT &&
                     !ledger::MovesByHandover(leg.plan);
  return opens ? certs::NewLegId(now).str() : std::string();
}

}  // namespace rujukan::agency
