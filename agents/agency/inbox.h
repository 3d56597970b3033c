// What arrives: checked, opened, stored, and only then receipted. Also the receipts for what we
// sent.
//
// Order of duties: verify and open -> one transaction (messages, legs, our signed receipts, the
// read trail) -> hand the receipts to the link. A crash before the transaction: the broker still
// has everything and delivers again. A crash after it: Unrecorded() finds the receipts that were
// not sent. A message that comes again is known by its id and only its receipt is repeated, so the
// application sees it once.
//
// Thread: the link thread.
#pragma once

#include <unordered_set>
#include <vector>

#include "agents/agency/identity.h"
#include "agents/agency/store.h"
#include "agents/link/event.h"
#include "certs/batch.h"

namespace rujukan::agency {

class Inbox {
 public:
  explicit Inbox(Store& store);

  struct Taken {
    std::vector<link::Submission> receipts;  // send these
    // Senders our directory does not know yet: refresh it, then Take them again with final_try.
    std::vector<link::Delivered> deferred;
    size_t stored = 0;
    size_t unreadable = 0;
    size_t referrals = 0;  // of the stored: RUJUKAN
    size_t alerts = 0;     // of the stored: PERINGATAN_DARURAT
  };
  // kFatal, kUnavailable, kCorrupt: the store failed, nothing was taken; stop, the broker delivers
  // again.
  Result<Taken> Take(std::vector<link::Delivered> batch,
                     bool final_try,
                     const Identity& identity,
                     UnixMillis now);

  // Receipts of earlier runs that may not have arrived.
  Result<std::vector<link::Submission>> Unrecorded(size_t max);

  // Receipts of ours that were finally refused for their date (a clock that was wrong) or for the
  // key that signed them, dated and signed anew: stored, then to be sent. Each at most once until
  // Reconnected, so that a clock that stays wrong is not asked again and again.
  Result<std::vector<link::Submission>> SignAnew(const std::vector<link::Refusal>& refused,
                                                 const Identity& identity,
                                                 UnixMillis now);
  void Reconnected() { signed_anew_.clear(); }

  // In the transaction that takes a directory page: who is active again holds no mail back.
  static Result<void> TakeRecords(Tables& tables, const ledger::Overlay::Writes& writes);

  // A machine receipt for a message of ours, or the act that bounced or holds it. False: its signer
  // is not in the directory yet, ask again after a refresh. kDenied / kCorrupt: a false receipt,
  // not stored.
  Result<bool> TakeNotice(const link::Noticed& notice, UnixMillis now);

 private:
  struct Read {
    link::Delivered delivered;
    link::ReadResult result;
  };
  Result<std::vector<Read>> ReadAll(std::vector<link::Delivered> batch,
                                    bool final_try,
                                    const Identity& identity,
                                    Taken& taken);

  Result<bool> TakeAct(const link::Noticed& notice, const MessageRow& row, UnixMillis now);

  Store& store_;
  certs::VerifiedClaims verified_;
  std::unordered_set<std::string> signed_anew_;  // message ids
};

}  // namespace rujukan::agency
