// How every program of Rujukan ends (sysexits where they fit). docs/architecture.md, "Errors".
#pragma once

#include "base/result.h"

namespace rujukan {

enum ExitCode : int {
  kExitOk = 0,
  kExitFailed = 1,        // refused, or a check failed
  kExitUsage = 2,         // the command line is wrong
  kExitNotVerified = 3,   // what somebody showed does not verify
  kExitUnavailable = 69,  // the other side cannot be reached
  kExitInternal = 70,     // durable state unknown
  kExitPermission = 77,   // a key file that others can read, or a wrong passphrase
};

// For an error that came from outside; a denial by our own files is kExitPermission, which only the
// caller can tell.
constexpr ExitCode ExitCodeOf(Errc code) {
  switch (code) {
    case Errc::kCorrupt:
      return kExitNotVerified;
    case Errc::kUnavailable:
      return kExitUnavailable;
    case Errc::kFatal:
      return kExitInternal;
    case Errc::kInvalid:
    case Errc::kLimit:
    case Errc::kNotFound:
    case Errc::kDenied:
    case Errc::kConflict:
    case Errc::kExpired:
      break;
  }
  return kExitFailed;
}

}  // namespace rujukan
