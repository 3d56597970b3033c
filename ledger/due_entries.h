// What the broker has to put on record about clocks: the entries that are due, as the fold will ask
// for them. Pure, over any view; the broker's chore hands them to the sequencer.
#pragma once

#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "ledger/view.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::ledger {

// DeadlineMissed and LegClosed bodies that are due at `now`, the longest due first, at most `most`.
// Several of one leg follow each other as if each were on record already. kCorrupt, kFatal: the
// view.
Result<std::vector<v1::Entry>> DueEntries(const View& view,
                                          UnixMillis now,
                                          size_t most,
                                          Memo& memo);

}  // namespace rujukan::ledger
