// A leg as this agency knows it: folded from the messages it holds proof of, in the ledger's order,
// by the ledger's own transition table. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ledger/transition.h"
#include "rujukan/v1/codes.pb.h"

namespace rujukan::agency {

// One message of the leg, in order: proven ones by entry index, then queued ones as they were
// queued.
struct LegStep {
  v1::Kind::Code kind = v1::Kind::UNSPECIFIED;
  ledger::Side side = ledger::Side::kSender;
  bool bounced = false;  // no message: the opening came back, nobody had got it

  static LegStep Bounce() { return {v1::Kind::UNSPECIFIED, ledger::Side::kReceiver, true}; }
};

// Where the steps lead. A step that is not legal in its place changes nothing: the broker refused
// it, or will. `arrived`: the opening RUJUKAN is known to have been opened at its receiver.
v1::LegState::Code FoldLeg(const std::vector<LegStep>& steps, bool arrived);

// What a caller may do with a leg, and the kind of message it sends.
struct Action {
  std::string_view name;  // as in the API and on the command line
  v1::Kind::Code kind;
};
std::span<const Action> Actions();
// nullptr: no such action.
const Action* FindAction(std::string_view name);

// Names of the actions `side` may take in `state`, comma separated: for advice.
std::string ActionsFor(v1::LegState::Code state, ledger::Side side);

}  // namespace rujukan::agency
