// The clocks of one leg: which deadlines begin and end as it moves, what a missed one does to it,
// and when there is something to put on record next. docs/formats/clocks.md says what is meant. The
// fold keeps them with it for every leg; an agent for its own, to know offline what is overdue.
// Pure.
#pragma once

#include <memory>
#include <optional>

#include "base/clock.h"
#include "ledger/clocks.h"
#include "rujukan/v1/directory.pb.h"
#include "rujukan/v1/header.pb.h"
#include "rujukan/v1/ledger.pb.h"
#include "rujukan/v1/profile.pb.h"

namespace rujukan::ledger {

// What a leg's clocks are counted by.
struct ClockSetting {
  std::shared_ptr<const Clocks> clocks;  // in force now
  Zone zone = Zone::kWib;                // the receiver's
  bool covered_early = false;            // the receiver is an office of type C
};

// A change of a leg, in its place.
struct LegChange {
  const v1::LegRecord* before;  // nullptr: it opens
  const v1::Header* header;     // of the message that changed it; nullptr: none did
  UnixMillis time = 0;          // of the entry
};

// Whether RunClocks has anything to do: most messages start and end no clock, and then nobody looks
// for the setting.
bool TouchesClocks(const LegChange& change, const v1::LegRecord& leg);

// Starts, stops and counts anew the deadlines of `leg`, which the state machine has moved already.
void RunClocks(const LegChange& change, const ClockSetting& setting, v1::LegRecord& leg);

// When something of this leg is to be put on record next; nullopt: nothing is waited for.
std::optional<UnixMillis> NextDue(const v1::LegRecord& leg);
// The running deadline that has been due longest at `time`; nullptr: none is.
const v1::RunningDeadline* FindDue(const v1::LegRecord& leg, UnixMillis time);
const v1::RunningDeadline* FindDeadline(const v1::LegRecord& leg, v1::Deadline::Code deadline);

// What putting it on record means.
enum class Consequence : uint8_t {
  kTold,   // the parties are told, nothing rises: PENERIMAAN, and the notice before closing
  kRises,  // goes to the next tier
  kCloses  // no miss: the notice was given its time, the leg is closed
};
Consequence ConsequenceOf(const v1::LegRecord& leg,
                          const v1::RunningDeadline& due,
                          const ClockSetting& setting);
// DeadlineMissed.level of the next record of this deadline: what the leg's escalation is then.
uint32_t LevelOf(const v1::LegRecord& leg, const v1::RunningDeadline& due, Consequence miss);

// It is on record at `time` that `deadline`, which runs, was missed (kTold or kRises).
void RecordMiss(v1::Deadline::Code deadline,
                UnixMillis time,
                const ClockSetting& setting,
                v1::LegRecord& leg);

}  // namespace rujukan::ledger
