// Documents of clocks: no crash, an error says something, what parses keeps its limits, has an
// answer for every class and deadline, and no clock of it ends before it began.
#include "base/check.h"
#include "base/limits.h"
#include "ledger/clocks_text.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const auto clocks = ledger::ParseClocks(fuzz::Bytes(data, size));
  if (!clocks) {
    CHECK(clocks.error().code == Errc::kInvalid || clocks.error().code == Errc::kLimit);
    CHECK(!clocks.error().context.empty());
    return 0;
  }
  CHECK(size <= limits::kClocksBytesMax);
  CHECK(clocks->parts().holidays.size() <= limits::kHolidaysMax);
  constexpr UnixMillis kNow = 1'795'000'000'000;
  for (const auto& [place, dated] : clocks->parts().limits) {
    for (const auto& [from, limit] : dated) {
      CHECK(clocks->After(kNow, limit.within, ledger::Zone::kWit) > kNow);
    }
    CHECK(clocks->LimitFor(place.first, place.second, kNow, ledger::Zone::kWib) != nullptr);
    CHECK(clocks->EscalationFor(place.first, kNow, ledger::Zone::kWib).second.amount > 0);
  }
  return 0;
}
