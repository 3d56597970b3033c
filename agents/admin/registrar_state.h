// registrar.json: what the registrar has done, so that a restart neither warns twice nor grants
// more than an hour allows. Nothing in it is secret. Thread: one.
#pragma once

#include <string>

#include "agents/admin/registrar.h"

namespace rujukan::admin {

// Empty when there is none yet. kInvalid: it is damaged; the text says what losing it means.
Result<RegistrarState> ReadRegistrarState(const std::string& home);
// Durable on return. kUnavailable: I/O.
Result<void> WriteRegistrarState(const std::string& home, const RegistrarState& state);

}  // namespace rujukan::admin
