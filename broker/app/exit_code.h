// How rujukan-broker ends: as every program (base/exit_code.h); what is denied to a broker is
// always one of its own files.
#pragma once

#include "base/exit_code.h"

namespace rujukan::broker {

inline ExitCode ExitCodeOf(const Error& error) {
  return error.code == Errc::kDenied ? kExitPermission : rujukan::ExitCodeOf(error.code);
}

}  // namespace rujukan::broker
