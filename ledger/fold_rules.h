// Inside the fold: the checks that its three files share. Not for use outside ledger/.
#pragma once

#include <string>
#include <string_view>

#include "ledger/fold.h"

namespace rujukan::ledger::rules {

// An entry in its place: what every rule may look at.
struct Context {
  LogIndex index = 0;
  UnixMillis time = 0;
  Overlay& view;
};

// The agency exists and is active; otherwise `unknown` or `inactive` refuses.
struct AgencyRule {
  v1::RefusalReason::Code unknown;
  v1::RefusalReason::Code inactive;
};
Result<v1::AgencyRecord> RequireActive(const View& view,
                                       std::string_view address,
                                       const AgencyRule& rule);

// The key is a signing key of `address`, not revoked, valid at `time`.
Result<void> RequireSigningKey(const View& view,
                               std::string_view key_id,
                               std::string_view address,
                               UnixMillis time);

// Refuses what is dated further in the future than clocks may differ. The past is not limited here:
// an agency may have been offline for days.
Result<void> RequireNotFromFuture(UnixMillis created, UnixMillis now);

template <class T>
void Write(Overlay& view, Table table, std::string_view key, const T& record) {
  view.Put(table, key, record.SerializeAsString());
}

// fold_messages.cc
Result<void> ApplyAccepted(const v1::MessageAccepted& entry, const Context& at);
Result<void> ApplyRefused(const v1::MessageRefused& entry, const Context& at);
Result<void> ApplyDelivery(const v1::DeliveryRecorded& entry, const Context& at);

// fold_directory.cc
Result<void> ApplyGenesis(const v1::GenesisRecorded& entry, const Context& at);
Result<void> ApplyAct(const v1::ActRecorded& entry, const Context& at);
Result<void> ApplyEnrolment(const v1::EnrolmentRecorded& entry, const Context& at);

}  // namespace rujukan::ledger::rules
