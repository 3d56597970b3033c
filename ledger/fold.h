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
#include "ledger/refusal.h"
#include "ledger/view.h"
#include "rujukan/v1/directory.pb.h"
#include "rujukan/v1/entry.pb.h"
#include "rujukan/v1/ledger.pb.h"

namespace rujukan::ledger {

// Applies `entry` as entry number `index`, writing to `view`. On a refusal or an error the view is
// as it was before (writes of a refused entry are never left behind).
//  - index must be the head's size, time_ms not below the head's, directory_previous the head's
//    directory chain (CHECK in the broker's own use; ACT_INVALID / MALFORMED for a foreign entry).
//  - Refusal: the entry is illegal in this state. The broker answers the sender with it and records
//  a
//    MessageRefused; an auditor who gets one has found a broken ledger.
//  - Error kFatal: the view could not be read.
Verdict<void> Apply(const v1::Entry& entry, LogIndex index, Overlay& view);

// As Apply, for an agent that follows only the directory: accepts gaps in the index (each directory
// entry names the one before, so an omitted directory entry is refused) and ignores other entries'
// absence.
Verdict<void> ApplyDirectory(const v1::Entry& entry, LogIndex index, Overlay& view);

// Reading the view. nullopt: none. kCorrupt: the stored value does not parse.
Result<v1::FoldHead> ReadHead(const View& view);        // all zero before the genesis entry
Result<v1::DomainRecord> ReadDomain(const View& view);  // kNotFound before the genesis entry
Result<std::optional<v1::AgencyRecord>> ReadAgency(const View& view, std::string_view address);
Result<std::optional<v1::KeyRecord>> ReadKey(const View& view, std::string_view key_id);
Result<std::optional<v1::MessageRecord>> ReadMessage(const View& view, std::string_view message_id);
Result<std::optional<v1::LegRecord>> ReadLeg(const View& view, std::string_view leg_id);
Result<std::optional<v1::InvitationRecord>> ReadInvitation(const View& view, std::string_view key);
Result<std::optional<v1::EnrolmentRecord>> ReadEnrolment(const View& view,
                                                         std::string_view enrolment_id);
Result<v1::CounterRecord> ReadCounter(const View& view, std::string_view address);

std::string MailboxKey(std::string_view address, LogIndex index);
std::string MailboxPrefix(std::string_view address);
std::string IndexKey(LogIndex index);  // big-endian u64

}  // namespace rujukan::ledger
