// The fold's rules for erasing and keeping: a party of a leg may ask the other to erase content,
// who answers that it is done or why not; a hold stops the asking. None of it moves the leg.

#include <algorithm>

#include "base/limits.h"
#include "ledger/fold_rules.h"

namespace rujukan::ledger::rules {
namespace {

using R = v1::RefusalReason;

Result<void> RequireNoHold(const std::string& leg_id, const Context& at) {
  ASSIGN_OR_RETURN(const auto hold, ReadHold(at.view, leg_id));
  if (hold) {
    return Refuse(R::LEGAL_HOLD,
                  "the leg is under a legal hold by " + hold->by() + ": " + hold->note());
  }
  return {};
}

// What it names is a message of the same leg.
Result<void> RequireTarget(const v1::Header& header, const Context& at) {
  if (header.cause().empty()) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto target, ReadMessage(at.view, header.cause()));
  if (!target || target->leg_id() != header.leg_id()) {
    return Refuse(R::UNKNOWN_MESSAGE, "cause: no such message in this leg");
  }
  return {};
}

void WriteRequest(const v1::Header& header, const std::string& target, const Context& at) {
  v1::ErasureRecord record;
  record.set_requester(header.from());
  record.set_asked(header.to(0));
  record.set_target(target);
  record.set_index(at.index);
  Write(at.view, Table::kErasure, PairKey(header.leg_id(), header.message_id()), record);
  at.effects.erasure = true;
}

Result<void> Ask(const v1::Header& header, const Context& at) {
  RETURN_IF_ERROR(RequireNoHold(header.leg_id(), at));
  RETURN_IF_ERROR(RequireTarget(header, at));
  ASSIGN_OR_RETURN(const auto erasures, ListErasures(at.view, header.leg_id()));
  const auto waiting = std::count_if(erasures.begin(), erasures.end(), [](const LegErasure& one) {
    return one.record.answered_at_index() == 0;
  });
  if (static_cast<size_t>(waiting) >= limits::kErasuresPerLegMax) {
    return Refuse(R::RATE_LIMITED, "16 erasures of this leg wait for an answer: wait for those");
  }
  WriteRequest(header, header.cause(), at);
  return {};
}

Result<void> Answer(const v1::Header& header, const Context& at) {
  ASSIGN_OR_RETURN(auto record, ReadErasure(at.view, header.leg_id(), header.cause()));
  if (!record || record->asked() != header.from()) {
    return Refuse(R::UNKNOWN_MESSAGE, "cause: this side was not asked to erase by that message");
  }
  if (record->answered_at_index() != 0) {
    return Refuse(R::ILLEGAL_TRANSITION, "this request to erase has its answer already");
  }
  record->set_answered_at_index(at.index);
  record->set_carried_out(header.kind() == v1::Kind::ATESTASI_HAPUS);
  Write(at.view, Table::kErasure, PairKey(header.leg_id(), header.cause()), *record);
  return {};
}

// Directory entries are read by agents that hold no legs, so whether the leg exists is not asked.
Result<void> RequireLegId(const std::string& leg_id) {
  if (leg_id.size() != LegId::kSize) {
    return Refuse(R::MALFORMED, "leg_id: must be 16 bytes");
  }
  return {};
}

}  // namespace

bool IsErasureKind(v1::Kind::Code kind) {
  return kind == v1::Kind::PERINTAH_HAPUS || kind == v1::Kind::ATESTASI_HAPUS ||
         kind == v1::Kind::KEBERATAN_HAPUS;
}

Result<void> AskToPurge(const v1::Header& recall, const Context& at) {
  RETURN_IF_ERROR(RequireNoHold(recall.leg_id(), at));
  WriteRequest(recall, "", at);
  return {};
}

Result<void> ApplyErasure(const v1::Header& header, const Context& at) {
  ASSIGN_OR_RETURN(const LegStep step, RequireLegStep(header, at));
  RETURN_IF_ERROR(header.kind() == v1::Kind::PERINTAH_HAPUS ? Ask(header, at) : Answer(header, at));
  return WriteLeg(header.leg_id(), &step.leg, step.leg, at, &header);
}

Result<void> ApplyPlaceHold(const v1::Act& act, const Context& at) {
  const v1::PlaceHold& hold = act.place_hold();
  RETURN_IF_ERROR(RequireLegId(hold.leg_id()));
  RETURN_IF_ERROR(RequireText(hold.note(), "note"));
  if (hold.note().empty()) {
    return Refuse(R::MALFORMED, "note: a hold says why");
  }
  ASSIGN_OR_RETURN(const auto present, ReadHold(at.view, hold.leg_id()));
  if (present) {
    return Contradicts("this leg is under a hold already, by " + present->by());
  }
  v1::HoldRecord record;
  record.set_by(act.actor());
  record.set_note(hold.note());
  record.set_index(at.index);
  record.set_time_ms(at.time);
  Write(at.view, Table::kHold, hold.leg_id(), record);
  return {};
}

Result<void> ApplyLiftHold(const v1::LiftHold& lift, const Context& at) {
  RETURN_IF_ERROR(RequireLegId(lift.leg_id()));
  RETURN_IF_ERROR(RequireText(lift.note(), "note"));
  ASSIGN_OR_RETURN(const auto present, ReadHold(at.view, lift.leg_id()));
  if (!present) {
    return Contradicts("this leg is under no hold");
  }
  at.view.Delete(Table::kHold, lift.leg_id());
  return {};
}

}  // namespace rujukan::ledger::rules
