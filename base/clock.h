// Time as a parameter: the core never reads a clock, it is told the time. Milliseconds since the
// Unix epoch, UTC. Adapters at the rim own a Clock.
#pragma once

#include <cstdint>
#include <string>

namespace rujukan {

using UnixMillis = int64_t;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual UnixMillis Now()
      const = 0;  // any thread; may step backwards when the machine's clock does
};

// The machine's clock (in builds for tests, moved by base/test_clock.h). The only place of the
// project that reads it for protocol purposes.
class SystemClock : public Clock {
 public:
  UnixMillis Now() const override;
};

// RFC 3339 with milliseconds and offset: "2026-11-21T23:58:04.000+07:00".
std::string FormatTime(UnixMillis time, int offset_minutes = 0);

}  // namespace rujukan
