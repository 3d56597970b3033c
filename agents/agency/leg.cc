#include "agents/agency/leg.h"

#include <array>

namespace rujukan::agency {
namespace {

using K = v1::Kind;

constexpr auto kActions = std::to_array<Action>({
    {"ack", K::KONFIRMASI},
    {"accept", K::TERIMA},
    {"decline", K::TOLAK},
    {"ask", K::PERMINTAAN_INFO},
    {"answer", K::JAWABAN_INFO},
    {"details", K::RINCIAN},
    {"contact", K::KONTAK_PERTAMA},
    {"progress", K::LAPORAN_KEMAJUAN},
    {"finish", K::LAPORAN_AKHIR},
    {"close", K::KONFIRMASI_TUTUP},
    {"object", K::KEBERATAN_TUTUP},
    {"cancel", K::BATAL},
});

}  // namespace

v1::LegState::Code FoldLeg(const std::vector<LegStep>& steps, bool arrived) {
  auto state = v1::LegState::UNSPECIFIED;
  for (const LegStep& step : steps) {
    if (step.bounced) {
      // As ledger/fold_status.cc: only what nobody ever opened has failed.
      state = state == v1::LegState::TERKIRIM ? v1::LegState::GAGAL : state;
      continue;
    }
    if (step.kind == K::RUJUKAN) {
      state = arrived ? v1::LegState::SAMPAI : v1::LegState::TERKIRIM;
      continue;
    }
    // An answer proves arrival even when the notice of it is still on its way.
    if (state == v1::LegState::TERKIRIM && step.side == ledger::Side::kReceiver) {
      state = v1::LegState::SAMPAI;
    }
    const auto rows = ledger::RowsFor(state, step.kind, step.side);
    state = rows.empty() || rows[0]->to == v1::LegState::UNSPECIFIED ? state : rows[0]->to;
  }
  return state;
}

std::span<const Action> Actions() {
  return kActions;
}

const Action* FindAction(std::string_view name) {
  for (const Action& action : kActions) {
    if (action.name == name) {
      return &action;
    }
  }
  return nullptr;
}

std::string ActionsFor(v1::LegState::Code state, ledger::Side side) {
  std::string names;
  for (const Action& action : kActions) {
    if (ledger::MaySend(state, action.kind, side)) {
      names += (names.empty() ? "" : ", ") + std::string(action.name);
    }
  }
  return names.empty() ? "-" : names;
}

}  // namespace rujukan::agency
