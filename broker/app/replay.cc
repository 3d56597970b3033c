#include "broker/app/replay.h"

#include <vector>

#include "ledger/fold.h"
#include "ledger/refusal.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::broker {
namespace {

template <class T>
Replay::Objection ObjectionOf(const tl::expected<T, ledger::Refusal>& verdict) {
  if (verdict) {
    return std::nullopt;
  }
  return v1::RefusalReason::Code_Name(verdict.error().reason) + ", " + verdict.error().advice;
}

}  // namespace

Result<Replay::Objection> Replay::Take(std::string_view entry_bytes) {
  v1::Entry entry;
  if (!entry.ParseFromArray(entry_bytes.data(), static_cast<int>(entry_bytes.size()))) {
    return Objection("its bytes are no entry");
  }
  ASSIGN_OR_RETURN(Objection forged, Authenticate(entry));
  if (forged) {
    return forged;
  }
  ledger::Overlay overlay(view_);
  ASSIGN_OR_RETURN(const auto applied, ledger::Apply(entry, tree_.size(), overlay));
  if (!applied) {
    return ObjectionOf(applied);
  }
  view_.Apply(overlay.TakeWrites());
  tree_.Append(ledger::LeafHash(entry_bytes));
  return Objection();
}

Result<Replay::Objection> Replay::Authenticate(const v1::Entry& entry) {
  ASSIGN_OR_RETURN(const auto rest, ledger::AuthenticateDirectoryEntry(entry, view_));
  if (!rest) {
    return ObjectionOf(rest);
  }
  ASSIGN_OR_RETURN(const auto claim, ledger::ClaimOfEntry(entry, view_, keys_));
  if (!claim) {
    return ObjectionOf(claim);
  }
  const std::optional<ledger::PendingClaim>& pending = *claim;
  if (pending && !certs::VerifyClaim(pending->key, pending->claim, pending->batch_size, claims_)) {
    return Objection("its signature does not verify");
  }
  return Objection();
}

}  // namespace rujukan::broker
