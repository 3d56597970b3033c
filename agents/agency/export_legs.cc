#include "agents/agency/export_legs.h"

#include <algorithm>
#include <array>

#include "agents/agency/render.h"

namespace rujukan::agency {
namespace {

using K = v1::Kind;

struct TimeColumn {
  const char* name;
  K::Code kind;
  bool last;  // of several: the last, not the first
};

constexpr auto kTimes = std::to_array<TimeColumn>({{"dikonfirmasi", K::KONFIRMASI, false},
                                                   {"diterima", K::TERIMA, false},
                                                   {"ditolak", K::TOLAK, false},
                                                   {"dialihkan", K::ALIHKAN, false},
                                                   {"kontak_pertama", K::KONTAK_PERTAMA, false},
                                                   {"serah_terima", K::SERAH_TERIMA, true},
                                                   {"kemajuan_terakhir", K::LAPORAN_KEMAJUAN, true},
                                                   {"laporan_akhir", K::LAPORAN_AKHIR, true},
                                                   {"ditutup", K::KONFIRMASI_TUTUP, true}});

std::string TextOf(UnixMillis time) {
  const Json text = TimeOf(time);
  return text.is_string() ? text.get<std::string>() : "";
}

UnixMillis TimeOfKind(const std::vector<LegMoment>& moments, const TimeColumn& column) {
  UnixMillis time = 0;
  for (const LegMoment& moment : moments) {
    if (moment.kind == column.kind && (time == 0 || column.last)) {
      time = moment.at;
    }
  }
  return time;
}

std::string StateOf(v1::LegState::Code state) {
  return state == v1::LegState::UNSPECIFIED ? "DRAF" : v1::LegState::Code_Name(state);
}

}  // namespace

std::vector<std::string> LegsHeader() {
  std::vector<std::string> header = {
      "id_rujukan", "peran", "lembaga_lain", "keadaan", "dibuka", "berubah", "laporan_kemajuan"};
  for (const TimeColumn& column : kTimes) {
    header.emplace_back(column.name);
  }
  return header;
}

std::vector<std::string> LegsRow(const LegRow& leg, const std::vector<LegMoment>& moments) {
  const auto reports = std::count_if(moments.begin(), moments.end(), [](const LegMoment& moment) {
    return moment.kind == K::LAPORAN_KEMAJUAN;
  });
  std::vector<std::string> row = {FormatUuid(leg.id.view()),
                                  leg.side == ledger::Side::kSender ? "PERUJUK" : "PENERIMA",
                                  leg.peer,
                                  StateOf(leg.state),
                                  TextOf(leg.opened_at),
                                  TextOf(leg.changed_at),
                                  std::to_string(reports)};
  for (const TimeColumn& column : kTimes) {
    row.push_back(TextOf(TimeOfKind(moments, column)));
  }
  return row;
}

}  // namespace rujukan::agency
