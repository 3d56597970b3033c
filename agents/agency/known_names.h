// Names that this agency knows from second stages: a text that must not identify a child is held
// against them, since no rule of form could tell a name from a word. Thread: any, inside
// Store::Read or Write.
#pragma once

#include <string>

#include "agents/agency/tables.h"
#include "agents/agency/validate.h"

namespace rujukan::agency {

// A finding for `field` when `text` has a word of the name of a child or a caregiver; the word is
// not quoted.
Result<void> CheckNoKnownName(Tables& tables,
                              const std::string& text,
                              const std::string& field,
                              Findings& findings);

}  // namespace rujukan::agency
