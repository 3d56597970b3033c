// Renewing this agency's keys without a pause (issue: certificates end, messages must not).
//
//   kNone     | nothing asked
//   kAsked    | new keys are in the home, the signed request is in the store; sent until receipted
//   kWaiting  | the request is in the ledger; an admin or a registrar decides
//   kRefused  | decided against, or finally refused by the broker: `note` says why
//
// Order of duties: new keys durable (keychain.h) -> request durable -> send. Granted is what the
// directory says, not what anybody remembers: the keys in force there are looked for among all of
// the home's, so kill -9 at any moment loses nothing. The broker admits for limits::kKeyOverlapMs
// what was sealed and signed with the keys of before.
//
// Thread: the link thread; ReadRotation from any, inside Store::Read.
#pragma once

#include <optional>
#include <string>

#include "agents/agency/identity.h"
#include "agents/agency/store.h"
#include "agents/link/event.h"

namespace rujukan::agency {

enum class RotationState { kNone, kAsked, kWaiting, kRefused };
const char* RotationName(RotationState state);  // "NONE", "ASKED", "WAITING", "REFUSED"

struct RotationStatus {
  RotationState state = RotationState::kNone;
  std::string act;     // SubmitAct bytes as signed
  LogIndex index = 0;  // of its entry, from kWaiting on
  UnixMillis asked_at = 0;
  std::string note;  // of kRefused
  bool open() const { return state == RotationState::kAsked || state == RotationState::kWaiting; }
};
// kCorrupt: the stored state does not parse.
Result<RotationStatus> ReadRotation(Tables& tables);

class Rotation {
 public:
  // kCorrupt, kFatal: the store.
  static Result<Rotation> Open(Store& store, const Home& home, std::string passphrase);

  const RotationStatus& status() const { return current_; }

  // Makes keys and request; asked for while one is open, that one goes on. What to send is
  // Unanswered(). kInvalid: a key is in a token. kUnavailable: the home or the store.
  Result<void> Begin(const Identity& identity, UnixMillis now);
  // Once for each signing key: true when `identity`'s ends within kRenewBeforeMs, nothing is open
  // and this was not asked before for this key. Remembers that it was asked.
  Result<bool> TakeDue(const Identity& identity, UnixMillis now);

  // The request while it has no receipt.
  Result<std::optional<link::Submission>> Unanswered() const;
  Result<void> TakeReceipt(const link::Receipted& receipted);
  // A clock that was wrong is no reason to give up: dated and signed anew.
  Result<void> TakeRefusal(const link::Refusal& refusal,
                           const std::optional<Identity>& identity,
                           UnixMillis now);

  // In the transaction that takes `page` into the directory: keeps the reason of a RefuseKeys.
  Result<void> Observe(const v1::DirectoryPage& page, Tables& tables);
  // After it: whether the open request was granted (nothing is open any more) or refused.
  Result<void> Review(const Identity& identity);

 private:
  Rotation(Store& store, const Home& home, std::string passphrase)
      : store_(store), home_(home), passphrase_(std::move(passphrase)) {}
  Result<void> Ask(const Identity& identity, UnixMillis now);
  Result<void> Keep(RotationStatus status);
  Result<void> KeepIn(Tables& tables, RotationStatus status);
  std::string ActId() const;

  Store& store_;
  const Home& home_;
  std::string passphrase_;
  RotationStatus current_;
};

// Unattended renewal starts so long before the end: the registrar's window is open since a month,
// and an admin who has to be called has a month left.
inline constexpr int64_t kRenewBeforeMs = 30LL * 24 * 3600 * 1000;

// The act as an agency submits it.
v1::SubmitAct SignAct(v1::Act act, const Identity& identity, UnixMillis now);

}  // namespace rujukan::agency
