#include "ledger/scope.h"

#include "ledger/header.h"
#include "ledger/records.h"
#include "ledger/rights.h"
#include "ledger/statement.h"

namespace rujukan::ledger {
namespace {

bool InTime(const v1::Scope& scope, UnixMillis time) {
  return time >= scope.from_ms() && (scope.until_ms() == 0 || time <= scope.until_ms());
}

// The agency's present region decides: who moves takes its history along.
Result<bool> Covers(const v1::Scope& scope, const std::string& address, const View& view) {
  if (scope.regions().empty() && scope.agencies().empty()) {
    return true;
  }
  ASSIGN_OR_RETURN(const auto agency, ReadAgency(view, address));
  if (!agency) {
    return false;
  }
  v1::Scope timeless = scope;
  timeless.clear_from_ms();
  timeless.clear_until_ms();
  return InScope(timeless, *agency, 0);
}

template <class Addresses>
Result<bool> CoversOne(const v1::Scope& scope,
                       const std::string& first,
                       const Addresses& others,
                       const View& view) {
  ASSIGN_OR_RETURN(bool covered, Covers(scope, first, view));
  for (auto other = others.begin(); !covered && other != others.end(); ++other) {
    ASSIGN_OR_RETURN(covered, Covers(scope, *other, view));
  }
  return covered;
}

// When the leg was opened that a message is part of.
Result<UnixMillis> ThreadTime(const v1::MessageRecord& message, const View& view) {
  if (message.leg_id().empty()) {
    return message.time_ms();
  }
  ASSIGN_OR_RETURN(const auto leg, ReadLeg(view, message.leg_id()));
  return leg ? leg->opened_at_ms() : message.time_ms();
}

Result<bool> MayReadMessage(const v1::Scope& scope, const std::string& id, const View& view) {
  ASSIGN_OR_RETURN(const auto message, ReadMessage(view, id));
  if (!message) {
    return Fail(Errc::kCorrupt, "an entry is about a message that the view does not have");
  }
  ASSIGN_OR_RETURN(const UnixMillis time, ThreadTime(*message, view));
  if (!InTime(scope, time)) {
    return false;
  }
  std::vector<std::string> recipients;
  for (const v1::DeliveryState& delivery : message->deliveries()) {
    recipients.push_back(delivery.recipient());
  }
  return CoversOne(scope, message->from(), recipients, view);
}

// As its messages: the parties' auditors see the clocks of their legs.
Result<bool> MayReadClock(const v1::Scope& scope, const std::string& leg_id, const View& view) {
  ASSIGN_OR_RETURN(const auto leg, ReadLeg(view, leg_id));
  if (!leg) {
    return Fail(Errc::kCorrupt, "an entry is about a leg that the view does not have");
  }
  if (!InTime(scope, leg->opened_at_ms())) {
    return false;
  }
  return CoversOne(scope, leg->sender(), std::vector<std::string>{leg->receiver()}, view);
}

Result<bool> MayReadRefusal(const v1::Scope& scope,
                            const v1::MessageRefused& refused,
                            UnixMillis time,
                            const View& view) {
  if (!InTime(scope, time)) {
    return false;
  }
  v1::Header header;
  if (!refused.header().empty() && !header.ParseFromString(refused.header())) {
    header.Clear();  // the digest alone names it
  }
  return CoversOne(scope, refused.sender(), header.to(), view);
}

template <class Parsed>
Result<Parsed> OrCorrupt(tl::expected<Parsed, Refusal> parsed) {
  if (!parsed) {
    return Fail(Errc::kCorrupt, "an entry of the ledger does not parse: " + parsed.error().advice);
  }
  return std::move(*parsed);
}

}  // namespace

bool IsWholeDomain(const v1::Scope& scope) {
  return scope.regions().empty() && scope.agencies().empty() && scope.from_ms() == 0 &&
         scope.until_ms() == 0;
}

Result<bool> MayRead(const v1::Scope& scope, const v1::Entry& entry, const View& view) {
  if (IsWholeDomain(scope)) {
    return true;
  }
  if (entry.has_accepted()) {
    ASSIGN_OR_RETURN(const v1::Header header, OrCorrupt(ParseHeader(entry.accepted().header())));
    return MayReadMessage(scope, header.message_id(), view);
  }
  if (entry.has_delivery()) {
    ASSIGN_OR_RETURN(const v1::DeliveryReceipt receipt,
                     OrCorrupt(ParseDeliveryReceipt(entry.delivery().receipt())));
    return MayReadMessage(scope, receipt.message_id(), view);
  }
  if (entry.has_refused()) {
    return MayReadRefusal(scope, entry.refused(), entry.time_ms(), view);
  }
  if (entry.has_deadline_missed()) {
    return MayReadClock(scope, entry.deadline_missed().leg_id(), view);
  }
  if (entry.has_leg_closed()) {
    return MayReadClock(scope, entry.leg_closed().leg_id(), view);
  }
  if (entry.has_read_trail()) {
    ASSIGN_OR_RETURN(const v1::ReadTrailAnchor anchor,
                     OrCorrupt(ParseReadTrailAnchor(entry.read_trail().anchor())));
    return Covers(scope, anchor.agency(), view);
  }
  return true;
}

}  // namespace rujukan::ledger
