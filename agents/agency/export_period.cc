#include "agents/agency/export_period.h"

#include "agents/agency/codes.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kDayMs = 24LL * 3600 * 1000;
constexpr int64_t kWibMs = 7LL * 3600 * 1000;

int64_t NumberAt(const std::string& date, size_t at, size_t size) {
  int64_t value = 0;
  for (const char c : date.substr(at, size)) {
    value = value * 10 + (c - '0');
  }
  return value;
}

// Days since 1970-01-01 of a date that exists (days_from_civil of Howard Hinnant's algorithms).
int64_t DaysOf(const std::string& date) {
  const int64_t month = NumberAt(date, 5, 2);
  const int64_t year = NumberAt(date, 0, 4) - (month <= 2 ? 1 : 0);
  const int64_t era = year / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year =
      (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + NumberAt(date, 8, 2) - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719'468;
}

bool IsLastOfMonth(const std::string& date) {
  return !IsDate(date.substr(0, 8) + std::to_string(NumberAt(date, 8, 2) + 1)) &&
         NumberAt(date, 8, 2) >= 28;
}

}  // namespace

Result<ExportPeriod> ExportPeriod::Parse(const std::string& from, const std::string& to) {
  ExportPeriod period{from, to};
  for (const std::string& date : {from, to}) {
    if (!date.empty() && !IsDate(date)) {
      return Fail(Errc::kInvalid,
                  "from, to: tulis tanggal, contoh 2026-11-01 / write dates, for example that");
    }
  }
  if (!from.empty()) {
    period.begin = DaysOf(from) * kDayMs - kWibMs;
  }
  if (!to.empty()) {
    period.end = (DaysOf(to) + 1) * kDayMs - kWibMs;
  }
  if (period.begin >= period.end) {
    return Fail(Errc::kInvalid, "to: tidak boleh sebelum from / must not be before from");
  }
  return period;
}

Result<void> ExportPeriod::RequireWholeMonths() const {
  if (from.empty() || to.empty() || from.substr(8) != "01" || !IsLastOfMonth(to)) {
    return Fail(Errc::kInvalid,
                "from, to: bulan utuh, contoh from=2026-10-01 to=2026-10-31, agar selisih dua "
                "ekspor tidak membuka satu anak / whole months, so that the difference of two "
                "exports gives no child away");
  }
  return {};
}

}  // namespace rujukan::agency
