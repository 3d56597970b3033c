// The fold's rules for legs: opening one, also as the continuation of another, and moving it by the
// machine of leg_machine.h.

#include <algorithm>
#include <vector>

#include "base/limits.h"
#include "ledger/fold_rules.h"
#include "ledger/leg_machine.h"

namespace rujukan::ledger::rules {
namespace {

using R = v1::RefusalReason;
using S = v1::LegState;

tl::unexpected<Error> Illegal(std::string advice) {
  return Refuse(R::ILLEGAL_TRANSITION, std::move(advice));
}

// The agencies a redirected child has been sent to already, this leg's included.
Result<std::vector<std::string>> TriedBefore(v1::LegRecord leg, const Context& at) {
  std::vector<std::string> tried;
  while (tried.size() < limits::kContinuedLegsMax) {
    tried.push_back(leg.receiver());
    ASSIGN_OR_RETURN(auto earlier, ReadLeg(at.view, leg.continues_leg()));
    if (!earlier || earlier->state() == S::DITUTUP) {  // the first of this way
      tried.push_back(leg.sender());
      return tried;
    }
    leg = std::move(*earlier);
  }
  return Refuse(R::REDIRECT_LOOP);
}

Result<uint32_t> RequireHop(const v1::LegRecord& before,
                            const v1::Header& header,
                            const Context& at) {
  if (before.state() != S::DIALIHKAN) {
    return before.state() == S::DITUTUP ? 0 : before.hops();
  }
  ASSIGN_OR_RETURN(const auto tried, TriedBefore(before, at));
  if (before.hops() >= limits::kRedirectHopsMax ||
      std::find(tried.begin(), tried.end(), header.to(0)) != tried.end()) {
    return Refuse(R::REDIRECT_LOOP);
  }
  return before.hops() + 1;
}

struct Continued {
  v1::LegRecord before;
  uint32_t hops = 0;  // of the leg that continues it
};
// nullopt: the leg continues none, or one that is not to be seen in this part of the ledger.
Result<std::optional<Continued>> RequireContinued(const v1::Header& header, const Context& at) {
  if (header.continues_leg().empty()) {
    return std::optional<Continued>();
  }
  ASSIGN_OR_RETURN(auto before, ReadLeg(at.view, header.continues_leg()));
  if (!before) {
    if (!IsWhole(at)) {
      return std::optional<Continued>();
    }
    return Refuse(R::UNKNOWN_LEG, "continues_leg: no referral has this leg id");
  }
  if (!before->continued_by().empty()) {
    return Illegal("continues_leg: another leg continues it already");
  }
  if (auto may = MayContinueLeg(*before, header.from()); !may) {
    return Refuse(may.error().reason, std::move(may.error().advice));
  }
  ASSIGN_OR_RETURN(const uint32_t hops, RequireHop(*before, header, at));
  return std::optional<Continued>(Continued{std::move(*before), hops});
}

Result<void> OpenLeg(const v1::Header& header, const Context& at) {
  ASSIGN_OR_RETURN(const std::optional<v1::LegRecord> known, ReadLeg(at.view, header.leg_id()));
  if (known) {
    return Illegal("this leg is open already: a new referral needs a new leg id");
  }
  ASSIGN_OR_RETURN(auto continued, RequireContinued(header, at));
  v1::LegRecord leg = OpenedLeg(header, at.index, at.time);
  if (continued) {
    leg.set_hops(continued->hops);
    v1::LegRecord after = continued->before;
    after.set_continued_by(header.leg_id());
    RETURN_IF_ERROR(WriteLeg(header.continues_leg(), &continued->before, after, at, nullptr));
  }
  return WriteLeg(header.leg_id(), nullptr, leg, at, &header);
}

Result<Side> SideOf(const v1::LegRecord& leg, const v1::Header& header) {
  if (leg.sender() == header.from() && leg.receiver() == header.to(0)) {
    return Side::kSender;
  }
  if (leg.receiver() == header.from() && leg.sender() == header.to(0)) {
    return Side::kReceiver;
  }
  return Refuse(R::NOT_A_PARTY);
}

// What a correction corrects is an earlier message of the same side in the same leg.
Result<void> RequireOwnMessage(const v1::Header& header, const Context& at) {
  ASSIGN_OR_RETURN(const auto message, ReadMessage(at.view, header.cause()));
  if (!message || message->leg_id() != header.leg_id() || message->from() != header.from()) {
    return Refuse(R::UNKNOWN_MESSAGE, "cause: no such message of this side in this leg");
  }
  return {};
}

Result<void> StepLeg(const v1::Header& header, const Context& at) {
  ASSIGN_OR_RETURN(LegStep step, RequireLegStep(header, at));
  if (header.kind() == v1::Kind::KOREKSI) {
    RETURN_IF_ERROR(RequireOwnMessage(header, at));
  }
  const v1::LegRecord before = step.leg;
  if (auto moved = MoveLeg(step.leg, {header, step.side, at.index, at.time}); !moved) {
    return Refuse(moved.error().reason, std::move(moved.error().advice));
  }
  if (header.kind() == v1::Kind::SALAH_INPUT) {
    RETURN_IF_ERROR(AskToPurge(header, at));
  }
  return WriteLeg(header.leg_id(), &before, step.leg, at, &header);
}

}  // namespace

bool IsWhole(const Context& at) {
  return !at.state_root.empty();
}

Result<LegStep> RequireLegStep(const v1::Header& header, const Context& at) {
  ASSIGN_OR_RETURN(std::optional<v1::LegRecord> leg, ReadLeg(at.view, header.leg_id()));
  if (!leg) {
    return Refuse(R::UNKNOWN_LEG);
  }
  ASSIGN_OR_RETURN(const Side side, SideOf(*leg, header));
  const bool sending = side == Side::kSender;
  const uint64_t last = sending ? leg->last_sequence_sender() : leg->last_sequence_receiver();
  if (header.sequence() <= last) {
    return Refuse(R::OUT_OF_SEQUENCE,
                  "sequence " + std::to_string(header.sequence()) + " is not above " +
                      std::to_string(last) + ": use the next number");
  }
  if (sending) {
    leg->set_last_sequence_sender(header.sequence());
  } else {
    leg->set_last_sequence_receiver(header.sequence());
  }
  return LegStep{std::move(*leg), side};
}

Result<void> ApplyToLeg(const v1::Header& header, const Context& at) {
  if (IsErasureKind(header.kind())) {
    return ApplyErasure(header, at);
  }
  return header.kind() == v1::Kind::RUJUKAN ? OpenLeg(header, at) : StepLeg(header, at);
}

}  // namespace rujukan::ledger::rules
