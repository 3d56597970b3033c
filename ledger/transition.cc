#include "ledger/transition.h"

#include <array>

namespace rujukan::ledger {
namespace {

using K = v1::Kind;
using S = v1::LegState;

constexpr auto kTransitions = std::to_array<Transition>({
    {S::SAMPAI, K::KONFIRMASI, Side::kReceiver, S::DIKAJI},
    {S::DIKAJI, K::PERMINTAAN_INFO, Side::kReceiver, S::MENUNGGU_INFO},
    {S::MENUNGGU_INFO, K::JAWABAN_INFO, Side::kSender, S::DIKAJI},
    {S::SAMPAI, K::TERIMA, Side::kReceiver, S::DITERIMA},
    {S::DIKAJI, K::TERIMA, Side::kReceiver, S::DITERIMA},
    {S::MENUNGGU_INFO, K::TERIMA, Side::kReceiver, S::DITERIMA},
    {S::SAMPAI, K::TOLAK, Side::kReceiver, S::DITOLAK},
    {S::DIKAJI, K::TOLAK, Side::kReceiver, S::DITOLAK},
    {S::MENUNGGU_INFO, K::TOLAK, Side::kReceiver, S::DITOLAK},
    {S::TERKIRIM, K::BATAL, Side::kSender, S::DIBATALKAN},
    {S::SAMPAI, K::BATAL, Side::kSender, S::DIBATALKAN},
    {S::DIKAJI, K::BATAL, Side::kSender, S::DIBATALKAN},
    {S::DITERIMA, K::RINCIAN, Side::kSender, S::DITERIMA},
    {S::BERJALAN, K::RINCIAN, Side::kSender, S::BERJALAN},
    {S::DITERIMA, K::KONTAK_PERTAMA, Side::kReceiver, S::BERJALAN},
    {S::BERJALAN, K::LAPORAN_KEMAJUAN, Side::kReceiver, S::BERJALAN},
    {S::BERJALAN, K::LAPORAN_AKHIR, Side::kReceiver, S::SELESAI},
    {S::SELESAI, K::KONFIRMASI_TUTUP, Side::kSender, S::DITUTUP},
    {S::SELESAI, K::KEBERATAN_TUTUP, Side::kSender, S::BERJALAN},
});

}  // namespace

std::span<const Transition> Transitions() {
  return kTransitions;
}

std::optional<v1::LegState::Code> NextState(v1::LegState::Code from,
                                            v1::Kind::Code kind,
                                            Side side) {
  for (const Transition& row : kTransitions) {
    if (row.from == from && row.kind == kind && row.side == side) {
      return row.to;
    }
  }
  return std::nullopt;
}

bool IsOpen(v1::LegState::Code state) {
  return state != S::DITUTUP && state != S::DITOLAK && state != S::DIBATALKAN && state != S::GAGAL;
}

std::string_view StateName(v1::LegState::Code state) {
  return v1::LegState::Code_Name(state);
}

std::string_view KindName(v1::Kind::Code kind) {
  return v1::Kind::Code_Name(kind);
}

}  // namespace rujukan::ledger
