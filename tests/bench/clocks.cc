#include "tests/bench/clocks.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

#include "base/check.h"
#include "ledger/clocks_text.h"
#include "ledger/leg_clocks.h"
#include "ledger/leg_machine.h"

namespace rujukan::bench {
namespace {

using K = v1::Kind;
using ledger::Side;

constexpr UnixMillis kBegin = 1'795'000'000'000;
constexpr size_t kLegs = 20'000;

struct Said {
  K::Code kind;
  Side side;
};
// An ordinary leg from its opening to its end.
constexpr auto kCourse = std::to_array<Said>({{K::KONFIRMASI, Side::kReceiver},
                                              {K::TERIMA, Side::kReceiver},
                                              {K::RINCIAN, Side::kSender},
                                              {K::KONTAK_PERTAMA, Side::kReceiver},
                                              {K::LAPORAN_KEMAJUAN, Side::kReceiver},
                                              {K::LAPORAN_AKHIR, Side::kReceiver},
                                              {K::KONFIRMASI_TUTUP, Side::kSender}});
constexpr size_t kChanges = kCourse.size() + 2;  // and the opening, and the arrival

v1::Header HeaderOf(K::Code kind) {
  v1::Header header;
  header.set_kind(kind);
  header.set_from("uppa.18.01@lampung.example");
  header.add_to("dinsos.18@lampung.example");
  header.set_urgency(v1::Urgency::SEGERA);
  header.set_clock_class(v1::ClockClass::SEDANG);
  header.set_signed_off(true);
  return header;
}

void Settle(const ledger::LegChange& change,
            const ledger::ClockSetting* setting,
            v1::LegRecord& leg) {
  if (setting != nullptr && ledger::TouchesClocks(change, leg)) {
    ledger::RunClocks(change, *setting, leg);
  }
}

// Microseconds a change of a leg.
double CostOf(const std::vector<v1::Header>& headers, const ledger::ClockSetting* setting) {
  const auto start = std::chrono::steady_clock::now();
  for (size_t i = 0; i < kLegs; ++i) {
    UnixMillis time = kBegin + static_cast<int64_t>(i) * 60'000;
    v1::LegRecord leg = ledger::OpenedLeg(headers[0], 1, time);
    Settle({nullptr, &headers[0], time}, setting, leg);
    CHECK((leg.deadlines_size() > 0) == (setting != nullptr));
    v1::LegRecord before = leg;
    CHECK(ledger::ArriveLeg(leg, 2, time));
    Settle({&before, nullptr, time}, setting, leg);
    for (size_t step = 0; step < kCourse.size(); ++step) {
      time += 600'000;
      before = leg;
      const v1::Header& header = headers[step + 1];
      CHECK(ledger::MoveLeg(leg, {header, kCourse[step].side, step + 3, time}).has_value());
      Settle({&before, &header, time}, setting, leg);
    }
    CHECK(leg.state() == v1::LegState::DITUTUP);
  }
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
  return took.count() / static_cast<double>(kLegs * kChanges);
}

}  // namespace

void MeasureClocks(Report& report, double verify_one_core) {
  report.Section("The clocks of a leg, in the fold");
  std::vector<v1::Header> headers = {HeaderOf(K::RUJUKAN)};
  for (const Said& said : kCourse) {
    headers.push_back(HeaderOf(said.kind));
  }
  auto clocks = ledger::ParseClocks(ledger::DefaultClocksText());
  CHECK(clocks.has_value());
  ledger::ClockSetting setting;
  setting.clocks = std::make_shared<const ledger::Clocks>(std::move(*clocks));
  const double without = CostOf(headers, nullptr);
  const double with = CostOf(headers, &setting);
  report.Row("a change of a leg, without its clocks", without, "us");
  report.Row("a change of a leg, with them",
             with,
             "us",
             fmt::format("{:.1f} % of a verification more",
                         100 * (with - without) * verify_one_core / 1e6));
}

}  // namespace rujukan::bench
