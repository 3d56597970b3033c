#include "agents/agency/leg.h"

#include <algorithm>

#include "agents/agency/validate.h"
#include "agents/agency/validate_course.h"
#include "agents/link/content_fits.h"
#include "ledger/leg_machine.h"

namespace rujukan::agency {
namespace {

using K = v1::Kind;
using S = v1::LegState;
using ledger::Side;

constexpr int64_t kHourMs = 3'600'000;
constexpr uint32_t kAbsencesToTell = 2;

bool IsErasureKind(K::Code kind) {
  return kind == K::PERINTAH_HAPUS || kind == K::ATESTASI_HAPUS || kind == K::KEBERATAN_HAPUS;
}

void Apply(FoldedLeg& leg, const LegStep& step, uint32_t hops) {
  v1::LegRecord& record = leg.record;
  if (step.what == LegStep::What::kArrived) {
    ledger::ArriveLeg(record, step.index, step.time);
  } else if (step.what == LegStep::What::kBounced) {
    ledger::BounceLeg(record, step.index, step.time);
  } else if (step.what == LegStep::What::kClosed) {
    (void)ledger::CloseLeg(record, step.index, step.time);
  } else if (step.what == LegStep::What::kMissed) {
    return;  // moves nothing
  } else if (step.header.kind() == K::RUJUKAN) {
    record = ledger::OpenedLeg(step.header, step.index, step.time);
    record.set_hops(hops);
  } else if (!IsErasureKind(step.header.kind())) {
    // An answer proves arrival even when the notice of it is still on its way.
    if (step.side == Side::kReceiver) {
      ledger::ArriveLeg(record, step.index, step.time);
    }
    (void)ledger::MoveLeg(record, {step.header, step.side, step.index, step.time});
  }
}

// The clocks run on with the leg, as the fold runs them.
void RunOn(const v1::LegRecord& before,
           const LegStep& step,
           const ledger::ClockSetting& clocks,
           v1::LegRecord& record) {
  if (step.what == LegStep::What::kMissed) {
    const auto* due = ledger::FindDeadline(record, step.deadline);
    if (due != nullptr &&
        ledger::ConsequenceOf(record, *due, clocks) != ledger::Consequence::kCloses) {
      ledger::RecordMiss(step.deadline, step.time, clocks, record);
    }
    return;
  }
  const bool message = step.what == LegStep::What::kMessage;
  const bool opens = message && step.header.kind() == K::RUJUKAN;
  const ledger::LegChange change{
      opens ? nullptr : &before, message ? &step.header : nullptr, step.time};
  if (record.state() != S::UNSPECIFIED && ledger::TouchesClocks(change, record)) {
    ledger::RunClocks(change, clocks, record);
  }
}

// The oldest that the other side said and that waits for an answer; "": none.
std::string OldestOpen(const google::protobuf::RepeatedPtrField<v1::Unanswered>& open, Side side) {
  const auto found = std::find_if(open.begin(), open.end(), [side](const v1::Unanswered& one) {
    return one.by_sender() != (side == Side::kSender);
  });
  return found == open.end() ? std::string() : found->message_id();
}

// The message that a step answers by its nature; "": it answers none.
std::string CauseOf(K::Code kind, const v1::LegRecord& leg, Side side) {
  switch (kind) {
    case K::SERAH_TERIMA:
      return leg.has_handover() && leg.handover().by_sender() != (side == Side::kSender)
                 ? leg.handover().message_id()
                 : std::string();
    case K::SETUJU_BATAL:
    case K::TOLAK_BATAL:
      return leg.cancel_request();
    case K::TANGGAPAN_PERINGATAN:
      return OldestOpen(leg.alerts(), side);
    case K::TANGGAPAN_PENARIKAN:
      return OldestOpen(leg.withdrawals(), side);
    default:
      return "";
  }
}

// A step as it would be if its content were in order, for asking what is possible.
v1::Header ProbeOf(K::Code kind, const v1::LegRecord& leg, Side side) {
  v1::Header header;
  header.set_kind(kind);
  FillStep(header, leg, side, v1::Content());
  if (kind == K::TUNDA) {
    header.set_due_ms(kHourMs);  // of a probe at time 0
  }
  if (kind == K::PERUBAHAN_RISIKO) {
    header.set_clock_class(leg.clock_class());
  }
  return header;
}

}  // namespace

FoldedLeg FoldLeg(const std::vector<LegStep>& steps,
                  uint32_t hops,
                  const ledger::ClockSetting* clocks) {
  FoldedLeg leg;
  for (const LegStep& step : steps) {
    const v1::LegRecord before = leg.record;
    Apply(leg, step, hops);
    if (clocks != nullptr) {
      RunOn(before, step, *clocks, leg.record);
    }
    if (before.receiver_responsible() != leg.record.receiver_responsible()) {
      leg.handed_over = step.index;
    }
  }
  return leg;
}

std::span<const Action> Actions() {
  static const std::vector<Action> kActions = {
      {"ack", K::KONFIRMASI},
      {"accept", K::TERIMA},
      {"decline", K::TOLAK},
      {"redirect", K::ALIHKAN},
      {"ask", K::PERMINTAAN_INFO},
      {"answer", K::JAWABAN_INFO},
      {"details", K::RINCIAN},
      {"request-details", K::PERMINTAAN_RINCIAN},
      {"schedule", K::JADWAL},
      {"no-show", K::TIDAK_HADIR},
      {"unschedule", K::JADWAL_BATAL},
      {"handover", K::SERAH_TERIMA},
      {"contact", K::KONTAK_PERTAMA},
      {"progress", K::LAPORAN_KEMAJUAN},
      {"pause", K::TUNDA},
      {"resume", K::LANJUT},
      {"fail", K::GAGAL},
      {"finish", K::LAPORAN_AKHIR},
      {"close", K::KONFIRMASI_TUTUP},
      {"object", K::KEBERATAN_TUTUP},
      {"cancel", K::BATAL},
      {"request-cancel", K::PERMINTAAN_BATAL},
      {"agree-cancel", K::SETUJU_BATAL},
      {"refuse-cancel", K::TOLAK_BATAL},
      {"recall", K::SALAH_INPUT},
      {"reopen", K::BUKA_KEMBALI},
      {"sign-off", K::PENGESAHAN},
      {"alert", K::PERINGATAN_DARURAT},
      {"respond", K::TANGGAPAN_PERINGATAN},
      {"risk", K::PERUBAHAN_RISIKO},
      {"correct", K::KOREKSI},
      {"withdraw", K::PENARIKAN_PERSETUJUAN},
      {"answer-withdrawal", K::TANGGAPAN_PENARIKAN},
      {"attach", K::LAMPIRAN},
  };
  return kActions;
}

const Action* FindAction(std::string_view name) {
  const auto actions = Actions();
  const auto found = std::find_if(
      actions.begin(), actions.end(), [name](const Action& action) { return action.name == name; });
  return found == actions.end() ? nullptr : &*found;
}

void FillStep(v1::Header& header, const v1::LegRecord& leg, Side side, const v1::Content& content) {
  if (header.cause().empty()) {
    header.set_cause(CauseOf(header.kind(), leg, side));
  }
  if (content.has_tunda()) {
    header.set_due_ms(ReviewOf(content.tunda()));
  }
  if (content.has_perubahan_risiko()) {
    const v1::RiskChange& change = content.perubahan_risiko();
    header.set_clock_class(link::ClockClassOf(change.tingkat_risiko(), change.bahaya_langsung()));
    header.set_urgency(UrgencyOf(change.tingkat_risiko()));
    header.set_signed_off(!change.disetujui_supervisor().empty());
  }
}

tl::expected<void, ledger::Refusal> MayStep(const v1::LegRecord& leg,
                                            Side side,
                                            const v1::Header& header,
                                            UnixMillis now) {
  v1::LegRecord copy = leg;
  return ledger::MoveLeg(copy, {header, side, 0, now});
}

std::string ActionsFor(const v1::LegRecord& leg, Side side) {
  std::string names;
  for (const Action& action : Actions()) {
    // Most are out of the question already by the state.
    if (ledger::MaySend(leg.state(), action.kind, side) &&
        MayStep(leg, side, ProbeOf(action.kind, leg, side), /*now=*/0)) {
      names += (names.empty() ? "" : ", ") + std::string(action.name);
    }
  }
  return names.empty() ? "-" : names;
}

std::vector<std::string_view> NeedsOf(const v1::LegRecord& leg, Side side) {
  std::vector<std::string_view> needs;
  const auto add = [&needs](bool so, std::string_view code) {
    if (so) {
      needs.push_back(code);
    }
  };
  const bool sending = side == Side::kSender;
  const S::Code state = leg.state();
  const bool ended_short = state == S::DITOLAK || state == S::DIALIHKAN || state == S::GAGAL;
  // Responsibility fell back to the sender: somebody else has to be found.
  add(sending && ended_short && leg.continued_by().empty(), "CARI_PENERIMA_LAIN");
  add(sending && state == S::SELESAI, "TUTUP_ATAU_KEBERATAN");
  add(sending && state == S::MENUNGGU_INFO, "JAWAB_PERTANYAAN");
  add(sending && leg.absences() >= kAbsencesToTell && ledger::IsOpen(state),
      "DUA_KALI_TIDAK_HADIR");
  add(sending && !leg.signed_off() && ledger::IsOpen(state), "SAHKAN");
  add(!sending && (state == S::SAMPAI || state == S::DIKAJI), "PUTUSKAN");
  add(!sending && !leg.cancel_request().empty(), "JAWAB_PERMINTAAN_BATAL");
  add(!CauseOf(K::SERAH_TERIMA, leg, side).empty(), "TANDA_TANGANI_SERAH_TERIMA");
  add(!OldestOpen(leg.alerts(), side).empty(), "TANGGAPI_PERINGATAN");
  add(!OldestOpen(leg.withdrawals(), side).empty(), "TANGGAPI_PENARIKAN");
  add(leg.escalation() > 0 && ledger::IsOpen(state), "TENGGAT_TERLEWAT");
  return needs;
}

}  // namespace rujukan::agency
