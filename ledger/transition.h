// The state machine of a leg as one table: from which states which side may send which kind, and
// where that leads. docs/states.md shows the same table; a test compares them.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "rujukan/v1/codes.pb.h"

namespace rujukan::ledger {

enum class Side { kSender, kReceiver };  // perujuk, penerima

struct Transition {
  v1::LegState::Code from;
  v1::Kind::Code kind;
  Side side;
  v1::LegState::Code to;
};

// All legal transitions by message, opening (RUJUKAN) and TANDA_TERIMA excluded: opening has no
// state to come from, and the machine receipt is not a message (TERKIRIM -> SAMPAI in fold.cc).
std::span<const Transition> Transitions();

// Where `kind` from `side` leads from `from`; nullopt: illegal.
std::optional<v1::LegState::Code> NextState(v1::LegState::Code from,
                                            v1::Kind::Code kind,
                                            Side side);

bool IsOpen(v1::LegState::Code state);  // not DITUTUP, DITOLAK or DIBATALKAN
std::string_view StateName(v1::LegState::Code state);
std::string_view KindName(v1::Kind::Code kind);

}  // namespace rujukan::ledger
