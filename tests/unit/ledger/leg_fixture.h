// Legs for the tests of the state machine: one in any state, and one in which a row's guard holds.
#pragma once

#include <string>
#include <utility>

#include "ledger/leg_machine.h"

namespace rujukan::ledger {

inline constexpr UnixMillis kLegNow = 1'800'000'000'000;
inline constexpr int64_t kLegDay = 24LL * 3600 * 1000;

// Test ids: 16 bytes of one letter.
inline std::string IdOf(char letter) {
  return std::string(16, letter);
}

inline bool IsErasureTable(v1::Kind::Code kind) {
  return kind == v1::Kind::PERINTAH_HAPUS || kind == v1::Kind::ATESTASI_HAPUS ||
         kind == v1::Kind::KEBERATAN_HAPUS;
}

inline v1::LegRecord LegIn(v1::LegState::Code state) {
  v1::LegRecord leg;
  leg.set_sender("uppa.18.01@lampung.example");
  leg.set_receiver("dinsos.18@lampung.example");
  leg.set_state(state);
  leg.set_clock_class(v1::ClockClass::TINGGI);
  return leg;
}

inline v1::Header HeaderOf(v1::Kind::Code kind) {
  v1::Header header;
  header.set_message_id(IdOf('m'));
  header.set_kind(kind);
  if (kind == v1::Kind::TUNDA) {
    header.set_due_ms(kLegNow + kLegDay);
  }
  if (kind == v1::Kind::PERUBAHAN_RISIKO) {
    header.set_clock_class(v1::ClockClass::DARURAT);
  }
  return header;
}

// UNSPECIFIED: it was legal.
inline v1::RefusalReason::Code Step(v1::LegRecord& leg, const v1::Header& header, Side side) {
  const auto moved = MoveLeg(leg, {header, side, 7, kLegNow});
  return moved ? v1::RefusalReason::UNSPECIFIED : moved.error().reason;
}

inline void AddOpen(google::protobuf::RepeatedPtrField<v1::Unanswered>& open, Side by) {
  auto* one = open.Add();
  one->set_message_id(IdOf('a'));
  one->set_by_sender(by == Side::kSender);
}

inline std::pair<v1::LegRecord, v1::Header> Satisfying(const Transition& row,
                                                       v1::LegState::Code state,
                                                       Side side) {
  v1::LegRecord leg = LegIn(state);
  v1::Header header = HeaderOf(row.kind);
  switch (row.guard) {
    case Guard::kReport:
      leg.set_contact_takes_over(true);
      [[fallthrough]];
    case Guard::kTransfer:
      leg.set_moves_responsibility(true);
      break;
    case Guard::kHandBackFirst:
      leg.set_moves_responsibility(true);
      leg.set_receiver_responsible(true);
      break;
    case Guard::kHandBackSecond:
      leg.set_moves_responsibility(true);
      leg.set_receiver_responsible(true);
      [[fallthrough]];
    case Guard::kSecondSignature:
      leg.mutable_handover()->set_message_id(IdOf('h'));
      leg.mutable_handover()->set_by_sender(side == Side::kReceiver);
      header.set_cause(IdOf('h'));
      break;
    case Guard::kCancelAsked:
    case Guard::kCancelAskedCustody:
      leg.set_cancel_request(IdOf('c'));
      break;
    case Guard::kAlertOpen:
      AddOpen(*leg.mutable_alerts(), Other(side));
      header.set_cause(IdOf('a'));
      break;
    case Guard::kWithdrawalOpen:
      AddOpen(*leg.mutable_withdrawals(), Other(side));
      header.set_cause(IdOf('a'));
      break;
    default:
      break;
  }
  return {std::move(leg), std::move(header)};
}

}  // namespace rujukan::ledger
