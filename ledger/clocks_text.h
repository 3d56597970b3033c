// The clocks out of their document. The document is for people, its bytes are what is signed and
// kept: it is never written again from what was parsed. Grammar: docs/formats/clocks.md. Pure, any
// thread.
#pragma once

#include <string_view>

#include "base/result.h"
#include "ledger/clocks.h"

namespace rujukan::ledger {

// Strict: one spelling, one space between words, every class with all its limits. kInvalid and
// kLimit name the line and say what to write there.
Result<Clocks> ParseClocks(std::string_view document);

// What counts in a domain that has set none (default.clocks); it parses.
std::string_view DefaultClocksText();
const Clocks& DefaultClocks();

}  // namespace rujukan::ledger
