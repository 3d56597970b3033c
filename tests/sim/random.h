// The one source of chance in a run: splitmix64 with a bounded draw of our own. The standard
// distributions differ between libraries, and a seed must give the same run everywhere.
#pragma once

#include <array>
#include <cstdint>

#include "base/check.h"

namespace rujukan::sim {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  // 0 to bound - 1, every value equally likely.
  uint64_t Below(uint64_t bound) {
    CHECK(bound > 0);
    const uint64_t over =
        (UINT64_MAX % bound + 1) % bound;  // values that would favour the low ones
    uint64_t drawn = Next();
    while (drawn > UINT64_MAX - over) {
      drawn = Next();
    }
    return drawn % bound;
  }
  int64_t Between(int64_t least, int64_t most) {
    return least + static_cast<int64_t>(Below(static_cast<uint64_t>(most - least) + 1));
  }
  bool Chance(uint64_t per_mille) { return Below(1000) < per_mille; }
  std::array<uint8_t, 10> TenBytes() {
    std::array<uint8_t, 10> bytes{};
    for (uint8_t& byte : bytes) {
      byte = static_cast<uint8_t>(Next() >> 56);
    }
    return bytes;
  }

 private:
  uint64_t state_;
};

}  // namespace rujukan::sim
