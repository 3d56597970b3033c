#include "base/clock.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>

#include "base/test_clock.h"

namespace rujukan {

UnixMillis SystemClock::Now() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count() + TestClockOffset();
}

std::string FormatTime(UnixMillis time, int offset_minutes) {
  using namespace std::chrono;
  const sys_time<milliseconds> local{milliseconds(time) + minutes(offset_minutes)};
  const auto day = floor<days>(local);
  const year_month_day date{day};
  const hh_mm_ss clock{local - day};
  const int offset = std::abs(offset_minutes);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}{}{:02}:{:02}",
                     static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()),
                     clock.hours().count(),
                     clock.minutes().count(),
                     clock.seconds().count(),
                     clock.subseconds().count(),
                     offset_minutes < 0 ? '-' : '+',
                     offset / 60,
                     offset % 60);
}

}  // namespace rujukan
