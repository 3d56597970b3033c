// The fold: the one pure function from entries to state. The broker runs it to decide what becomes
// an entry, the auditor to check that it decided rightly, the agent (directory entries only) to
// know whom to trust. Same view + same entry = same writes, on every machine.
//
// Division of labour: ledger/authenticate.h checks signatures, certificates and digests of an entry
// (costly, stateless, parallel); the fold checks rights, states, ids, limits and time (cheap, in
// order). An entry is valid when both accept it.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "ledger/directory_root.h"
#include "ledger/effects.h"
#include "ledger/records.h"
#include "ledger/refusal.h"
#include "ledger/view.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::ledger {

// Applies `entry` as entry number `index`, writing to `view`. On a refusal or an error the view is
// as it was before (writes of a refused entry are never left behind).
//  - index must be the head's size, time_ms not below the head's, directory_previous and
//    directory_root the head's (CHECK in the broker's own use; ACT_INVALID / MALFORMED for a
//    foreign entry).
//  - Refusal: the entry is illegal in this state. The broker answers the sender with it and records
//    a MessageRefused; an auditor who gets one has found a broken ledger.
//  - Error kFatal: the view could not be read.
Verdict<Effects> Apply(const v1::Entry& entry, LogIndex index, Overlay& view);

// As Apply, for an agent that follows only the directory: accepts gaps in the index (each directory
// entry names the one before, so an omitted directory entry is refused) and ignores other entries'
// absence.
Verdict<Effects> ApplyDirectory(const v1::Entry& entry, LogIndex index, Overlay& view);

// As ApplyDirectory, with the entries of some messages too: for an auditor who may read a part of
// the ledger, and for evidence of one leg. All directory entries are needed, and of a leg or a
// message that is read every entry. What other messages could have decided (ids used, room in
// mailboxes, the state root) is not checked.
Verdict<Effects> ApplyVisible(const v1::Entry& entry, LogIndex index, Overlay& view);

// Whether a request under this invitation could be recorded now: a look at the view, for who wants
// to know it before checking signatures.
Verdict<void> CheckInvitation(const View& view, std::string_view invitation_key, UnixMillis time);

// Whether whoever signed this act may do it at all, as Apply will ask again: a look at the view,
// for who wants to know it before checking what the act holds.
Verdict<void> CheckActor(const View& view, const v1::ActRecorded& act, UnixMillis time);

}  // namespace rujukan::ledger
