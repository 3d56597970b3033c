// Staged disclosure: which fields a message gives away, and whether it may now. T1 with the
// referral, T2 after acceptance, T3 one compartment at a time to who asked for it and may read
// class SR; an emergency may carry T1 and T2 together. Consent that was withdrawn stops what stands
// on it alone.
#pragma once

#include <string>
#include <vector>

#include "agents/agency/tables.h"
#include "agents/agency/validate.h"
#include "ledger/view.h"

namespace rujukan::agency {

// The names of the fields that a content gives away: "t1.kategori", "t2.nama",
// "laporan_kemajuan.perkembangan". Never a value.
std::vector<std::string> DisclosedFields(const v1::Content& content);

// Writes the machine's list into a content that has a place for it; what was in it is replaced.
void ListDisclosed(v1::Content& content);

// Notes in the register what a message that was just written gives away. Inside Store::Write.
Result<void> NoteDisclosure(Tables& tables, const MessageRow& row, const v1::Content& content);

// A finding for `field` when `address` is not cleared for class SR in the directory.
Result<void> CheckClearance(const ledger::View& directory,
                            const std::string& address,
                            const std::string& field,
                            Findings& findings);

// Not accepted yet by anybody: only the first stage is known to the receiver.
bool IsBeforeAcceptance(v1::LegState::Code state);

// Whether a content may leave in this leg now; findings name the field. Inside a transaction.
Result<void> CheckMayDisclose(Tables& tables,
                              const ledger::View& directory,
                              const LegRow& leg,
                              const v1::Content& content,
                              Findings& findings);

// The part of it that can change while a message waits to be sent: a finding when what it gives
// away stands on nothing but a consent that was withdrawn.
Result<void> CheckConsentStands(Tables& tables,
                                const LegRow& leg,
                                const v1::Content& content,
                                Findings& findings);

// Consent was withdrawn in some leg of the episode: it was the child's, not the leg's.
Result<bool> IsRestricted(Tables& tables, const std::string& episode);

// A finding when a new referral stands on nothing but a consent that was withdrawn.
Result<void> CheckConsentOfReferral(Tables& tables,
                                    const std::string& episode,
                                    const v1::Referral& referral,
                                    Findings& findings);

// The held second stage may still be released: consent stands, or another basis does.
Result<bool> MayReleaseHeld(Tables& tables, const LegRow& leg, const v1::StageTwo& t2);

}  // namespace rujukan::agency
