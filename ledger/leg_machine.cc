#include "ledger/leg_machine.h"

#include <algorithm>
#include <string>

#include "base/limits.h"

namespace rujukan::ledger {
namespace {

using G = Guard;
using K = v1::Kind;
using R = v1::RefusalReason;
using S = v1::LegState;

using Held = tl::expected<void, Refusal>;  // a guard holds, or why not

tl::unexpected<Refusal> No(R::Code reason, std::string advice) {
  return tl::unexpected<Refusal>(MakeRefusal(reason, std::move(advice)));
}

tl::unexpected<Refusal> Illegal(std::string advice) {
  return No(R::ILLEGAL_TRANSITION, std::move(advice));
}

bool OtherHalfIsThere(const v1::LegRecord& leg, const LegMove& move) {
  return leg.has_handover() && leg.handover().by_sender() != (move.side == Side::kSender);
}

bool NamesOtherHalf(const v1::LegRecord& leg, const LegMove& move) {
  return OtherHalfIsThere(leg, move) && move.header.cause() == leg.handover().message_id();
}

Held Signature(const v1::LegRecord& leg, const LegMove& move) {
  if (OtherHalfIsThere(leg, move) && !NamesOtherHalf(leg, move)) {
    return Illegal(
        "the other side has signed a handover: name its message in cause, or agree anew");
  }
  return {};
}

Held HandBack(const v1::LegRecord& leg, const LegMove& move) {
  if (!leg.receiver_responsible()) {
    return Illegal("the child was not handed over: there is nothing to hand back");
  }
  return Signature(leg, move);
}

Held Custody(const v1::LegRecord& leg) {
  if (leg.receiver_responsible()) {
    return tl::unexpected<Refusal>(MakeRefusal(R::CUSTODY_OPEN));
  }
  return {};
}

Held Pause(const v1::LegRecord& leg, const LegMove& move) {
  if (leg.clock_class() == v1::ClockClass::DARURAT) {
    return Illegal("an emergency is not paused: hand it over, or finish it");
  }
  const UnixMillis due = move.header.due_ms();
  if (due <= move.time || due > move.time + limits::kPauseMsMax) {
    return Illegal("due_ms: a pause is looked at again within 30 days");
  }
  return {};
}

// Classes in their order: DARURAT is the tightest. Whose clock runs does not loosen it, and what is
// finished is closed under the risk it had.
Held Risk(const v1::LegRecord& leg, const LegMove& move) {
  const bool looser = move.header.clock_class() > leg.clock_class();
  const bool may =
      move.header.signed_off() && move.side == Side::kSender && leg.state() != S::SELESAI;
  if (looser && !may) {
    return Illegal(
        "a lower risk loosens the clocks: the sender says so, signed off by its supervisor, "
        "before the leg is finished");
  }
  return {};
}

using Open = google::protobuf::RepeatedPtrField<v1::Unanswered>;

auto FindOpen(const Open& open, const LegMove& move) {
  return std::find_if(open.begin(), open.end(), [&](const v1::Unanswered& one) {
    return one.message_id() == move.header.cause() &&
           one.by_sender() != (move.side == Side::kSender);
  });
}

Held Answers(const Open& open, const LegMove& move) {
  if (FindOpen(open, move) == open.end()) {
    return Illegal("cause: nothing of the other side waits for an answer under this id");
  }
  return {};
}

Held Cancel(const v1::LegRecord& leg, bool asked) {
  if (leg.cancel_request().empty() == asked) {
    return Illegal(asked ? "nobody has asked to cancel this leg"
                         : "a request to cancel waits for its answer already");
  }
  return {};
}

Held CheckGuard(Guard guard, const v1::LegRecord& leg, const LegMove& move) {
  switch (guard) {
    case G::kNone:
    case G::kErasure:  // ledger/fold_erasure.cc
      return {};
    case G::kHopsLeft:
      return leg.hops() < limits::kRedirectHopsMax
                 ? Held()
                 : Held(tl::unexpect, MakeRefusal(R::REDIRECT_LOOP));
    case G::kService:
    case G::kReport:
    case G::kTransfer:  // chosen by Applies: one of the three always holds
      return {};
    case G::kFirstSignature:
    case G::kSecondSignature:
      return Signature(leg, move);
    case G::kHandBackFirst:
    case G::kHandBackSecond:
      return HandBack(leg, move);
    case G::kNoCancelAsked:
      return Cancel(leg, /*asked=*/false);
    case G::kCancelAsked:
      return Cancel(leg, /*asked=*/true);
    case G::kCancelAskedCustody:
      return Cancel(leg, /*asked=*/true).and_then([&] { return Custody(leg); });
    case G::kNotEmergency:
      return Pause(leg, move);
    case G::kCustody:
      return Custody(leg);
    case G::kNotSignedOff:
      return leg.signed_off() ? Held(Illegal("the signing official has agreed already")) : Held();
    case G::kRisk:
      return Risk(leg, move);
    case G::kAlertsLeft:
      return static_cast<size_t>(leg.alerts_size()) < limits::kOpenAlertsMax
                 ? Held()
                 : Held(No(R::RATE_LIMITED, "8 alerts of this leg wait for an answer: call"));
    case G::kAlertOpen:
      return Answers(leg.alerts(), move);
    case G::kWithdrawalsLeft:
      return static_cast<size_t>(leg.withdrawals_size()) < limits::kOpenWithdrawalsMax
                 ? Held()
                 : Held(No(R::RATE_LIMITED, "8 withdrawals of this leg wait for an answer"));
    case G::kWithdrawalOpen:
      return Answers(leg.withdrawals(), move);
  }
  return Illegal("no such guard");
}

// Rows that stand together exclude each other by this.
bool Applies(Guard guard, const v1::LegRecord& leg, const LegMove& move) {
  switch (guard) {
    case G::kService:
      return !leg.moves_responsibility();
    case G::kReport:
      return leg.contact_takes_over();
    case G::kTransfer:
      return MovesByHandover(leg);
    case G::kFirstSignature:
      return !leg.contact_takes_over() && !NamesOtherHalf(leg, move);
    case G::kSecondSignature:
      return !leg.contact_takes_over() && NamesOtherHalf(leg, move);
    case G::kHandBackFirst:
      return !NamesOtherHalf(leg, move);
    case G::kHandBackSecond:
      return NamesOtherHalf(leg, move);
    default:
      return true;
  }
}

const Transition* ChooseRow(const v1::LegRecord& leg, const LegMove& move) {
  for (const Transition* row : RowsFor(leg.state(), move.header.kind(), move.side)) {
    if (Applies(row->guard, leg, move)) {
      return row;
    }
  }
  return nullptr;
}

void EnterState(v1::LegRecord& leg, S::Code to, LogIndex index, UnixMillis time) {
  leg.set_state(to);
  leg.set_changed_at_index(index);
  leg.set_changed_at_ms(time);
  // Nobody is left without somebody responsible: what ends short of its aim falls back to the
  // sender. A closed transfer stays where it was handed to.
  if (to == S::GAGAL || to == S::DIBATALKAN || to == S::DITOLAK || to == S::DIALIHKAN ||
      to == S::SALAH_INPUT) {
    leg.set_receiver_responsible(false);
  }
  if (!IsOpen(to)) {
    leg.clear_handover();
    leg.clear_cancel_request();
  }
}

void SignHandover(v1::LegRecord& leg, const LegMove& move, bool second, bool back) {
  if (!second) {
    leg.mutable_handover()->set_message_id(move.header.message_id());
    leg.mutable_handover()->set_by_sender(move.side == Side::kSender);
    return;
  }
  leg.clear_handover();
  if (leg.moves_responsibility()) {
    leg.set_receiver_responsible(!back);
  }
}

void Ask(Open& open, const LegMove& move) {
  auto* one = open.Add();
  one->set_message_id(move.header.message_id());
  one->set_by_sender(move.side == Side::kSender);
}

// What a message leaves in the record beside the state.
void Note(v1::LegRecord& leg, const LegMove& move, Guard guard) {
  switch (move.header.kind()) {
    case K::SERAH_TERIMA:
      return SignHandover(leg,
                          move,
                          guard == G::kSecondSignature || guard == G::kHandBackSecond,
                          guard == G::kHandBackSecond);
    case K::PERMINTAAN_BATAL:
      return leg.set_cancel_request(move.header.message_id());
    case K::TOLAK_BATAL:
      return leg.clear_cancel_request();
    case K::TIDAK_HADIR:
      return leg.set_absences(leg.absences() + 1);
    case K::KONTAK_PERTAMA:
      leg.set_receiver_responsible(leg.contact_takes_over());
      return leg.set_absences(0);
    case K::BUKA_KEMBALI:
      return leg.set_reopened(true);
    case K::PENGESAHAN:
      return leg.set_signed_off(true);
    case K::PERUBAHAN_RISIKO:
      return leg.set_clock_class(move.header.clock_class());
    case K::PERINGATAN_DARURAT:
      return Ask(*leg.mutable_alerts(), move);
    case K::TANGGAPAN_PERINGATAN:
      leg.mutable_alerts()->erase(FindOpen(leg.alerts(), move));
      return;
    case K::PENARIKAN_PERSETUJUAN:
      return Ask(*leg.mutable_withdrawals(), move);
    case K::TANGGAPAN_PENARIKAN:
      leg.mutable_withdrawals()->erase(FindOpen(leg.withdrawals(), move));
      return;
    default:
      return;
  }
}

}  // namespace

v1::LegRecord OpenedLeg(const v1::Header& header, LogIndex index, UnixMillis time) {
  v1::LegRecord leg;
  leg.set_sender(header.from());
  leg.set_receiver(header.to(0));
  leg.set_opened_at_index(index);
  leg.set_opened_at_ms(time);
  leg.set_last_sequence_sender(header.sequence());
  leg.set_clock_class(ClassOf(header.clock_class(), header.urgency()));
  leg.set_moves_responsibility(header.moves_responsibility());
  leg.set_contact_takes_over(header.contact_takes_over());
  leg.set_continues_leg(header.continues_leg());
  leg.set_signed_off(header.signed_off());
  *leg.mutable_escalate_to() = header.escalate_to();
  EnterState(leg, S::TERKIRIM, index, time);
  return leg;
}

tl::expected<void, Refusal> MoveLeg(v1::LegRecord& leg, const LegMove& move) {
  const Transition* row = ChooseRow(leg, move);
  if (row == nullptr) {
    return Illegal(std::string(KindName(move.header.kind())) +
                   " is not allowed to this side while the leg is " +
                   std::string(StateName(leg.state())));
  }
  if (const Held held = CheckGuard(row->guard, leg, move); !held) {
    return held;
  }
  Note(leg, move, row->guard);
  if (row->to != S::UNSPECIFIED) {
    EnterState(leg, row->to, move.index, move.time);
  }
  return {};
}

bool ArriveLeg(v1::LegRecord& leg, LogIndex index, UnixMillis time) {
  if (leg.state() != S::TERKIRIM) {
    return false;
  }
  EnterState(leg, S::SAMPAI, index, time);
  return true;
}

bool BounceLeg(v1::LegRecord& leg, LogIndex index, UnixMillis time) {
  if (leg.state() != S::TERKIRIM) {
    return false;
  }
  EnterState(leg, S::GAGAL, index, time);
  return true;
}

tl::expected<void, Refusal> CloseLeg(v1::LegRecord& leg, LogIndex index, UnixMillis time) {
  if (leg.state() != S::SELESAI) {
    return No(R::NOT_DUE, "only a finished leg is closed by time");
  }
  EnterState(leg, S::DITUTUP, index, time);
  return {};
}

tl::expected<void, Refusal> MayContinueLeg(const v1::LegRecord& before, const std::string& from) {
  switch (before.state()) {
    case S::DIALIHKAN:
      if (before.clock_class() == v1::ClockClass::DARURAT && before.receiver() == from &&
          !MovesByHandover(before)) {
        return {};
      }
      break;
    case S::DITOLAK:
    case S::DIBATALKAN:
    case S::GAGAL:
      break;
    case S::DITUTUP:
      if (!before.reopened()) {
        return Illegal("continues_leg: that leg is closed: send BUKA_KEMBALI in it first");
      }
      return before.sender() == from || before.receiver() == from
                 ? Held()
                 : Held(tl::unexpect, MakeRefusal(R::NOT_A_PARTY));
    default:
      return Illegal("continues_leg: that leg is " + std::string(StateName(before.state())) +
                     " and has not ended");
  }
  return before.sender() == from
             ? Held()
             : Held(No(R::NOT_A_PARTY, "continues_leg: its sender decides who is asked next"));
}

}  // namespace rujukan::ledger
