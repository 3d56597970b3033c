// How rujukan-broker ends, as all programs of the project do; 69, 70 and 77 as in sysexits.h.
#pragma once

#include "base/result.h"

namespace rujukan::broker {

enum ExitCode : int {
  kExitOk = 0,
  kExitFailed = 1,
  kExitUsage = 2,
  kExitVerificationFailed = 3,
  kExitUnavailable = 69,
  kExitFatal = 70,
  kExitPermission = 77,
};

inline ExitCode ExitCodeOf(const Error& error) {
  switch (error.code) {
    case Errc::kInvalid:
    case Errc::kLimit:
    case Errc::kNotFound:
    case Errc::kConflict:
    case Errc::kExpired:
      return kExitFailed;
    case Errc::kDenied:
      return kExitPermission;
    case Errc::kUnavailable:
      return kExitUnavailable;
    case Errc::kCorrupt:
      return kExitVerificationFailed;
    case Errc::kFatal:
      return kExitFatal;
  }
  return kExitFatal;
}

}  // namespace rujukan::broker
