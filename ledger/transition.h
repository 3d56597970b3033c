// The state machine of a leg as one table: in which states which side may send which kind, under
// which guard, and where that leads. docs/states.md shows the same table; a test compares them.
// ledger/leg_machine.h carries it out.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rujukan/v1/codes.pb.h"

namespace rujukan::ledger {

enum class Side { kSender, kReceiver };  // perujuk, penerima
Side Other(Side side);

// A set of states, a bit each.
class StateSet {
 public:
  constexpr StateSet() = default;
  constexpr StateSet(std::initializer_list<v1::LegState::Code> states) {
    for (const v1::LegState::Code state : states) {
      bits_ |= 1U << state;
    }
  }
  constexpr StateSet operator|(StateSet other) const {
    other.bits_ |= bits_;
    return other;
  }
  constexpr bool Has(v1::LegState::Code state) const { return ((bits_ >> state) & 1U) != 0; }
  constexpr bool operator==(const StateSet&) const = default;

 private:
  uint32_t bits_ = 0;
};

enum class Who { kSender, kReceiver, kEither };

// What else must hold; each is explained where it is checked (leg_machine.cc) and in
// docs/states.md.
enum class Guard {
  kNone,
  kHopsLeft,         // redirected fewer than three times
  kService,          // responsibility does not move
  kReport,           // responsibility moves by the first contact
  kTransfer,         // responsibility moves by handover
  kFirstSignature,   // no half of this handover is there from the other side; not in a report
  kSecondSignature,  // names the other side's half; not in a report
  kHandBackFirst,    // the receiver is responsible; no half from the other side
  kHandBackSecond,   // the receiver is responsible; names the other side's half
  kNoCancelAsked,
  kCancelAsked,         // a PERMINTAAN_BATAL waits
  kCancelAskedCustody,  // and the child is with the sender
  kNotEmergency,        // not DARURAT, and due_ms says when it is looked at again
  kCustody,             // the child is with the sender
  kNotSignedOff,
  kRisk,  // tighter; lower by the sender alone, signed off by its supervisor
  kAlertsLeft,
  kAlertOpen,  // names an open alert of the other side
  kWithdrawalsLeft,
  kWithdrawalOpen,  // names an open withdrawal of the other side
  kErasure,         // ledger/fold_erasure.cc
};

struct Transition {
  std::string_view number;  // as in the domain's table
  StateSet from;
  v1::Kind::Code kind;
  Who who;
  v1::LegState::Code to;  // UNSPECIFIED: the state stays
  Guard guard;
};

// By message. Opening (RUJUKAN), the machine receipt and what the broker puts on record are no
// rows.
std::span<const Transition> Transitions();

// Rows for this kind by this side in this state: several differ by their guards only. Empty:
// illegal.
std::vector<const Transition*> RowsFor(v1::LegState::Code from, v1::Kind::Code kind, Side side);
// Whether some guard would let it pass.
bool MaySend(v1::LegState::Code from, v1::Kind::Code kind, Side side);

// Kinds that belong to no leg: PEMBERITAHUAN, invitations, minutes, complaints, questions to
// experts, data incidents and the answers to them.
bool IsLegless(v1::Kind::Code kind);

// Not DITUTUP, DITOLAK, DIBATALKAN, GAGAL, DIALIHKAN or SALAH_INPUT. SELESAI is open: the loop is
// not closed yet.
bool IsOpen(v1::LegState::Code state);
std::string_view StateName(v1::LegState::Code state);
std::string_view KindName(v1::Kind::Code kind);
std::string_view GuardName(Guard guard);  // as docs/states.md spells it

// The row of the deadlines table a leg is under: as its header says, or by its urgency.
v1::ClockClass::Code ClassOf(v1::ClockClass::Code said, v1::Urgency::Code urgency);

}  // namespace rujukan::ledger
