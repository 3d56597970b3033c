// ZIP files as nobody's library would write them: for what a reader must refuse.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rujukan::audit::testing {

struct ZipMember {
  std::string name;
  std::string bytes;
  uint32_t claimed_size = 0;  // 0: the truth
  uint16_t flags = 0;
  uint16_t method = 0;  // stored
  uint32_t attributes = 0100644U << 16U;
};

// Stored members, one after the other, with a central directory.
std::string ZipOf(const std::vector<ZipMember>& members);

}  // namespace rujukan::audit::testing
