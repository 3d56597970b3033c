// What libFuzzer hands over, as the project's own kind of bytes.
#pragma once

#include <cstdint>
#include <string_view>

namespace rujukan::fuzz {

inline std::string_view Bytes(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace rujukan::fuzz
