// Randomness at the rim. The pure rooms take random bytes as arguments.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/ids.h"

namespace rujukan::certs {

// From OpenSSL's generator; ends the process if it fails, since nothing safe can follow. Any
// thread.
std::string RandomBytes(size_t count);

MessageId NewMessageId(UnixMillis now);
LegId NewLegId(UnixMillis now);

}  // namespace rujukan::certs
