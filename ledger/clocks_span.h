// Inside the parser of clocks: stretches of time, times of day and dates out of a line's words. Not
// for use outside ledger/.
#pragma once

#include <limits>

#include "ledger/clocks.h"
#include "ledger/document_line.h"

namespace rujukan::ledger {

inline constexpr Day kAlways = std::numeric_limits<Day>::min();

// "30 min", "4 working-h", "14 d next-work". kInvalid: another word; nothing, or over a year.
Result<Span> TakeSpan(DocumentLine& line);
// "07:30-12:00, 13:00-16:00" or "none".
Result<Shifts> TakeShifts(DocumentLine& line);
Result<Day> TakeDate(DocumentLine& line);
// "from 2026-01-01", or nothing: kAlways.
Result<Day> TakeFrom(DocumentLine& line);

}  // namespace rujukan::ledger
