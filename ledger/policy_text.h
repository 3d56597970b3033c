// A policy out of its document. The document is for people, its bytes are what is signed and kept:
// it is never written again from what was parsed. Grammar: docs/formats/policy.md. Pure, any
// thread.
#pragma once

#include <string_view>

#include "base/result.h"
#include "ledger/policy.h"

namespace rujukan::ledger {

// Strict: no synonyms, one space between words, clauses in one order, every type declared.
// kInvalid and kLimit name the line and say what to write there. Examples are read, not checked:
// CheckExamples.
Result<Policy> ParsePolicy(std::string_view document);

// The document that a new domain begins with (default.policy); it parses and its examples hold.
std::string_view DefaultPolicyText();

}  // namespace rujukan::ledger
