#include "base/result.h"

namespace rujukan {

std::string_view ErrcName(Errc code) {
  switch (code) {
    case Errc::kInvalid:
      return "invalid";
    case Errc::kLimit:
      return "limit";
    case Errc::kNotFound:
      return "not found";
    case Errc::kDenied:
      return "denied";
    case Errc::kConflict:
      return "conflict";
    case Errc::kExpired:
      return "expired";
    case Errc::kUnavailable:
      return "unavailable";
    case Errc::kCorrupt:
      return "corrupt";
    case Errc::kFatal:
      return "fatal";
  }
  return "unknown";
}

std::string Error::ToString() const {
  return std::string(ErrcName(code)) + ": " + context;
}

}  // namespace rujukan
