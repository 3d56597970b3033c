#include "ledger/transition.h"

#include <algorithm>
#include <array>

namespace rujukan::ledger {
namespace {

using K = v1::Kind;
using S = v1::LegState;
using G = Guard;

constexpr S::Code kStays = S::UNSPECIFIED;

constexpr StateSet kUndecided{S::SAMPAI, S::DIKAJI, S::MENUNGGU_INFO};
constexpr StateSet kTaken{S::DITERIMA, S::BERJALAN};
constexpr StateSet kHeld{S::DITERIMA, S::BERJALAN, S::DITUNDA};
constexpr StateSet kTakenOn{S::DITERIMA, S::BERJALAN, S::DITUNDA, S::SELESAI};
constexpr StateSet kOpen{S::TERKIRIM,
                         S::SAMPAI,
                         S::DIKAJI,
                         S::MENUNGGU_INFO,
                         S::DITERIMA,
                         S::BERJALAN,
                         S::DITUNDA,
                         S::SELESAI};
constexpr StateSet kEnded{S::DITUTUP, S::DITOLAK, S::DIBATALKAN, S::GAGAL, S::DIALIHKAN};
constexpr StateSet kNotRecalled = kOpen | kEnded;
constexpr StateSet kAny = kNotRecalled | StateSet{S::SALAH_INPUT};

constexpr Who P = Who::kSender;    // perujuk
constexpr Who T = Who::kReceiver;  // penerima
constexpr Who PT = Who::kEither;

// Numbers are those of the domain's table; "-" is a message that its list of kinds has and that
// table has not. Rows that differ by their guard only stand together, the guards exclude each
// other.
constexpr auto kTransitions = std::to_array<Transition>({
    {"3", {S::SAMPAI}, K::KONFIRMASI, T, S::DIKAJI, G::kNone},
    {"4", {S::DIKAJI}, K::PERMINTAAN_INFO, T, S::MENUNGGU_INFO, G::kNone},
    {"5", {S::MENUNGGU_INFO}, K::JAWABAN_INFO, P, S::DIKAJI, G::kNone},
    {"6", kUndecided, K::TERIMA, T, S::DITERIMA, G::kNone},
    {"7", kUndecided, K::TOLAK, T, S::DITOLAK, G::kNone},
    {"8", kUndecided, K::ALIHKAN, T, S::DIALIHKAN, G::kHopsLeft},
    {"9", {S::TERKIRIM, S::SAMPAI, S::DIKAJI}, K::BATAL, P, S::DIBATALKAN, G::kNone},
    {"10", kTaken, K::PERMINTAAN_BATAL, P, kStays, G::kNoCancelAsked},
    {"10", kTaken, K::SETUJU_BATAL, T, S::DIBATALKAN, G::kCancelAskedCustody},
    {"10", kTaken, K::TOLAK_BATAL, T, kStays, G::kCancelAsked},
    {"11", kTaken, K::JADWAL, T, kStays, G::kNone},
    {"11", kTaken, K::TIDAK_HADIR, T, kStays, G::kNone},
    {"11", kTaken, K::JADWAL_BATAL, T, kStays, G::kNone},
    {"12", {S::DITERIMA}, K::KONTAK_PERTAMA, T, S::BERJALAN, G::kService},
    {"12", {S::DITERIMA}, K::KONTAK_PERTAMA, T, S::BERJALAN, G::kReport},
    {"12", {S::DITERIMA}, K::KONTAK_PERTAMA, T, kStays, G::kTransfer},
    {"12", {S::DITERIMA}, K::SERAH_TERIMA, PT, kStays, G::kFirstSignature},
    {"12", {S::DITERIMA}, K::SERAH_TERIMA, PT, S::BERJALAN, G::kSecondSignature},
    {"10", {S::BERJALAN}, K::SERAH_TERIMA, PT, kStays, G::kHandBackFirst},
    {"10", {S::BERJALAN}, K::SERAH_TERIMA, PT, kStays, G::kHandBackSecond},
    {"13", {S::BERJALAN}, K::LAPORAN_KEMAJUAN, T, kStays, G::kNone},
    {"14", {S::BERJALAN}, K::TUNDA, T, S::DITUNDA, G::kNotEmergency},
    {"14", {S::DITUNDA}, K::LANJUT, T, S::BERJALAN, G::kNone},
    {"15", kHeld, K::GAGAL, T, S::GAGAL, G::kNone},
    {"16", {S::BERJALAN}, K::LAPORAN_AKHIR, T, S::SELESAI, G::kNone},
    {"17", {S::SELESAI}, K::KONFIRMASI_TUTUP, P, S::DITUTUP, G::kNone},
    {"18", {S::SELESAI}, K::KEBERATAN_TUTUP, P, S::BERJALAN, G::kNone},
    {"19", kNotRecalled, K::SALAH_INPUT, P, S::SALAH_INPUT, G::kCustody},
    {"20", {S::DITUTUP}, K::BUKA_KEMBALI, PT, kStays, G::kNone},
    {"1", kOpen, K::PENGESAHAN, P, kStays, G::kNotSignedOff},
    {"-", kHeld, K::RINCIAN, P, kStays, G::kNone},
    {"-", kHeld, K::PERMINTAAN_RINCIAN, T, kStays, G::kNone},
    {"-", kTakenOn, K::PERMINTAAN_INFO, PT, kStays, G::kNone},
    {"-", kTakenOn, K::JAWABAN_INFO, PT, kStays, G::kNone},
    {"-", kOpen, K::LAMPIRAN, PT, kStays, G::kNone},
    {"-", kOpen, K::PERUBAHAN_RISIKO, PT, kStays, G::kRisk},
    {"-", kNotRecalled, K::PERINGATAN_DARURAT, PT, kStays, G::kAlertsLeft},
    {"-", kNotRecalled, K::TANGGAPAN_PERINGATAN, PT, kStays, G::kAlertOpen},
    {"-", kNotRecalled, K::PENARIKAN_PERSETUJUAN, PT, kStays, G::kWithdrawalsLeft},
    {"-", kNotRecalled, K::TANGGAPAN_PENARIKAN, PT, kStays, G::kWithdrawalOpen},
    {"-", kNotRecalled, K::KOREKSI, PT, kStays, G::kNone},
    {"-", kAny, K::PERINTAH_HAPUS, PT, kStays, G::kErasure},
    {"-", kAny, K::ATESTASI_HAPUS, PT, kStays, G::kErasure},
    {"-", kAny, K::KEBERATAN_HAPUS, PT, kStays, G::kErasure},
});

constexpr auto kLegless = std::to_array<K::Code>({
    K::PEMBERITAHUAN,
    K::UNDANGAN_KONFERENSI_KASUS,
    K::NOTULA,
    K::KELUHAN_LAYANAN,
    K::KONSULTASI_AHLI,
    K::INSIDEN_DATA,
    K::TANGGAPAN,
});

struct NamedGuard {
  Guard guard;
  std::string_view name;
};
constexpr auto kGuards = std::to_array<NamedGuard>({
    {G::kNone, ""},
    {G::kHopsLeft, "redirected fewer than 3 times"},
    {G::kService, "responsibility does not move"},
    {G::kReport, "responsibility moves by it"},
    {G::kTransfer, "responsibility moves by handover"},
    {G::kFirstSignature, "no report; no half from the other side yet"},
    {G::kSecondSignature, "no report; names the other side's half"},
    {G::kHandBackFirst, "handing back: no half from the other side yet"},
    {G::kHandBackSecond, "handing back: names the other side's half"},
    {G::kNoCancelAsked, "no request waits"},
    {G::kCancelAsked, "a request waits"},
    {G::kCancelAskedCustody, "a request waits, the child is with the sender"},
    {G::kNotEmergency, "not DARURAT; looked at again within 30 days"},
    {G::kCustody, "the child is with the sender"},
    {G::kNotSignedOff, "not signed off yet"},
    {G::kRisk, "tighter; lower by the sender alone, signed off, before SELESAI"},
    {G::kAlertsLeft, "fewer than 8 open alerts"},
    {G::kAlertOpen, "names an open alert of the other side"},
    {G::kWithdrawalsLeft, "fewer than 8 open withdrawals"},
    {G::kWithdrawalOpen, "names an open withdrawal of the other side"},
    {G::kErasure, "as docs/audit-events.md says of erasing"},
});

bool Sends(Who who, Side side) {
  return who == Who::kEither || (who == Who::kSender) == (side == Side::kSender);
}

}  // namespace

Side Other(Side side) {
  return side == Side::kSender ? Side::kReceiver : Side::kSender;
}

std::span<const Transition> Transitions() {
  return kTransitions;
}

std::vector<const Transition*> RowsFor(v1::LegState::Code from, v1::Kind::Code kind, Side side) {
  std::vector<const Transition*> rows;
  for (const Transition& row : kTransitions) {
    if (row.kind == kind && row.from.Has(from) && Sends(row.who, side)) {
      rows.push_back(&row);
    }
  }
  return rows;
}

bool MaySend(v1::LegState::Code from, v1::Kind::Code kind, Side side) {
  return std::any_of(kTransitions.begin(), kTransitions.end(), [&](const Transition& row) {
    return row.kind == kind && row.from.Has(from) && Sends(row.who, side);
  });
}

bool IsLegless(v1::Kind::Code kind) {
  return std::find(kLegless.begin(), kLegless.end(), kind) != kLegless.end();
}

bool IsOpen(v1::LegState::Code state) {
  return kOpen.Has(state);
}

std::string_view StateName(v1::LegState::Code state) {
  return v1::LegState::Code_Name(state);
}

std::string_view KindName(v1::Kind::Code kind) {
  return v1::Kind::Code_Name(kind);
}

std::string_view GuardName(Guard guard) {
  const auto* named = std::find_if(kGuards.begin(), kGuards.end(), [guard](const NamedGuard& one) {
    return one.guard == guard;
  });
  return named == kGuards.end() ? std::string_view() : named->name;
}

v1::ClockClass::Code ClassOf(v1::ClockClass::Code said, v1::Urgency::Code urgency) {
  if (said != v1::ClockClass::UNSPECIFIED) {
    return said;
  }
  switch (urgency) {
    case v1::Urgency::AMAT_SEGERA:
      return v1::ClockClass::TINGGI;
    case v1::Urgency::SEGERA:
      return v1::ClockClass::SEDANG;
    default:
      return v1::ClockClass::RENDAH;
  }
}

}  // namespace rujukan::ledger
