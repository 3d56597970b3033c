#include "agents/agency/redirect.h"

#include <algorithm>

#include "base/limits.h"
#include "certs/random.h"

namespace rujukan::agency {
namespace {

using K = v1::Kind;
using S = v1::LegState;
using ledger::Side;

// Who has had the child's referral along this chain of legs, as far as it is here.
Result<std::vector<std::string>> HadBefore(Tables& tables, const LegRow& leg) {
  std::vector<std::string> had;
  std::optional<LegRow> at = leg;
  for (uint32_t hops = 0; at && hops <= limits::kRedirectHopsMax; ++hops) {
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

bool HasEnded(S::Code state) {
  return state == S::DIALIHKAN || state == S::DITOLAK || state == S::GAGAL ||
         state == S::DIBATALKAN;
}

// As the fold has it (ledger/fold_legs.cc).
bool MayContinue(const LegRow& leg) {
  const S::Code state = leg.plan.state();
  if (state == S::DITUTUP) {
    return leg.plan.reopened();
  }
  const bool emergency = state == S::DIALIHKAN && leg.plan.clock_class() == v1::ClockClass::DARURAT;
  return HasEnded(state) && (leg.side == Side::kSender || emergency);
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

Result<void> CheckContinuation(Tables& tables,
                               [[maybe_unused]] const Sender& sender,
                               const NewMessage& message,
                               Findings& findings) {
  const v1::Referral& referral = message.content.rujukan();
  if (!referral.has_lanjutan_dari()) {
    return {};
  }
  const std::string field = "isi.rujukan.lanjutan_dari.id_rujukan";
  ASSIGN_OR_RETURN(const auto bytes, ParseUuid(referral.lanjutan_dari().id_rujukan()));
  ASSIGN_OR_RETURN(const auto id, LegId::FromBytes(bytes));
  ASSIGN_OR_RETURN(const auto leg, tables.FindLeg(id));
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
  ASSIGN_OR_RETURN(const auto next, tables.ContinuationOf(id));
  if (next && next->view() != message.leg) {
    findings.push_back({field, "sudah dilanjutkan oleh rujukan lain / another leg continues it"});
  }
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
                            const v1::Officer& officer) {
  ASSIGN_OR_RETURN(const auto opening, OpeningContent(tables, leg.id));
  if (!opening.has_rujukan()) {
    return Fail(
        Errc::kConflict,
        "isi rujukan ini telah dihapus atau tidak terbaca / the content of this leg is gone");
  }
  NewMessage message;
  message.kind = K::RUJUKAN;
  message.content = opening;
  *message.content.mutable_petugas() = officer;
  v1::Referral& referral = *message.content.mutable_rujukan();
  referral.mutable_lanjutan_dari()->set_id_rujukan(FormatUuid(leg.id.view()));
  referral.mutable_lanjutan_dari()->set_alasan(v1::LegState::Code_Name(leg.plan.state()));
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
                     leg.plan.clock_class() == v1::ClockClass::DARURAT;
  return opens ? certs::NewLegId(now).str() : std::string();
}

}  // namespace rujukan::agency
