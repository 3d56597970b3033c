// A leg moves: the table of transition.h with its guards, over one LegRecord. The fold uses it for
// every message, an agent for what it has proof of, so both come to the same. Pure.
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "ledger/refusal.h"
#include "ledger/transition.h"
#include "rujukan/v1/header.pb.h"
#include "rujukan/v1/ledger.pb.h"

namespace rujukan::ledger {

// A message in its place.
struct LegMove {
  const v1::Header& header;
  Side side;
  LogIndex index = 0;
  UnixMillis time = 0;  // of its entry
};

// A leg as the RUJUKAN opens it, in TERKIRIM. `header` has passed ParseHeader. What it continues is
// checked by the fold, which sees the other leg.
v1::LegRecord OpenedLeg(const v1::Header& header, LogIndex index, UnixMillis time);

// Moves `leg` by a message that is no RUJUKAN and no erasure; as it was on a refusal:
// ILLEGAL_TRANSITION, REDIRECT_LOOP, CUSTODY_OPEN, RATE_LIMITED. Sequences are not looked at.
tl::expected<void, Refusal> MoveLeg(v1::LegRecord& leg, const LegMove& move);

// The receiver's machine has opened the RUJUKAN: TERKIRIM to SAMPAI. False: it was past that.
bool ArriveLeg(v1::LegRecord& leg, LogIndex index, UnixMillis time);
// Nobody got the RUJUKAN and nobody will: TERKIRIM to GAGAL. False: it was past that.
bool BounceLeg(v1::LegRecord& leg, LogIndex index, UnixMillis time);
// By the broker (LegClosed): SELESAI to DITUTUP. NOT_DUE in any other state.
tl::expected<void, Refusal> CloseLeg(v1::LegRecord& leg, LogIndex index, UnixMillis time);

// Whether `from` may open a leg that continues `before`: its sender, whose consent a redirect
// needs; in an emergency whoever redirects it, at once, if there is no child to hand over; after
// closing either party, once one has said why. ILLEGAL_TRANSITION, NOT_A_PARTY.
tl::expected<void, Refusal> MayContinueLeg(const v1::LegRecord& before, const std::string& from);

// A transfer: the child changes hands by two signatures. In a report the first contact is enough.
inline bool MovesByHandover(const v1::LegRecord& leg) {
  return leg.moves_responsibility() && !leg.contact_takes_over();
}

// Who answers for the child as far as this leg goes.
inline Side ResponsibleOf(const v1::LegRecord& leg) {
  return leg.receiver_responsible() ? Side::kReceiver : Side::kSender;
}

}  // namespace rujukan::ledger
