#include "certs/random.h"

#include <openssl/rand.h>

#include <array>
#include <cstring>

#include "base/check.h"

namespace rujukan::certs {
namespace {

std::array<uint8_t, 16> NewUuid(UnixMillis now) {
  std::array<uint8_t, 10> random{};
  CHECK(RAND_bytes(random.data(), static_cast<int>(random.size())) == 1);
  return MakeUuid7(now, random);
}

}  // namespace

std::string RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  CHECK(count == 0 ||
        RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) == 1);
  return bytes;
}

MessageId NewMessageId(UnixMillis now) {
  return MessageId(NewUuid(now));
}
LegId NewLegId(UnixMillis now) {
  return LegId(NewUuid(now));
}

}  // namespace rujukan::certs
