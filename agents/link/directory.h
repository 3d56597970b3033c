// Follows the directory part of the ledger: who is admitted, with which keys. Every entry is proven
// to be in the ledger, authenticated (root, admin and invitation signatures, certificate chains)
// and folded before anybody is looked up by it, so the broker cannot hand out a false key unseen.
//
// Pure but for the view it reads; one owner. The owner persists the writes, then asks for the next
// page.
#pragma once

#include <optional>
#include <string>

#include "agents/link/prover.h"
#include "base/clock.h"
#include "certs/batch.h"
#include "certs/certificate.h"
#include "ledger/authenticate.h"
#include "ledger/fold.h"
#include "ledger/view.h"

namespace rujukan::link {

// Pins taken from the invitation (or the admin's own files): out of the broker's hands.
struct TrustPins {
  ledger::NoteVerifier log;
  Digest root_fingerprint;  // SHA-256 of the root certificate's DER
};

class Directory {
 public:
  // `view` holds the directory as followed so far and must outlive this.
  Directory(const ledger::View& view, TrustPins pins);

  // Where to ask from: one past the last directory entry applied.
  Result<LogIndex> NextIndex() const;

  // Verifies a page in order and returns what to write to the view, all or nothing. Entries known
  // already are skipped. The last page must also show that nothing was left out at the end.
  // kCorrupt / kDenied: the broker's page is false (alarm, do not use); kInvalid: malformed.
  Result<ledger::Overlay::Writes> Check(const v1::DirectoryPage& page);

 private:
  Result<void> ApplyOne(const v1::ProvenEntry& proven, ledger::Overlay& view);
  Result<void> CheckGenesis(const v1::Entry& entry) const;
  Result<void> CheckComplete(const v1::DirectoryPage& page, const ledger::View& view);
  static Result<void> CheckHead(const Proven& proven, const ledger::View& view);

  const ledger::View& view_;
  TrustPins pins_;
  Prover prover_;
  ledger::KeyRing ring_;
  certs::VerifiedClaims verified_;  // acts that were signed together cost one verification
};

// An active agency and the certificates to use for it now.
struct Contact {
  v1::AgencyRecord agency;
  certs::Certificate encryption;
};
// kNotFound: unknown address. kDenied: not active, or it takes no messages (an admin).
Result<Contact> FindContact(const ledger::View& view, const std::string& address);

// The certificate a statement of `address` was signed with, if the directory has it as a signing
// key of that address that was not revoked before entry `at`. kNotFound: the directory does not
// know the key (it may be behind: refresh, then ask again). kDenied: another's key, another usage,
// or revoked by then.
Result<certs::Certificate> FindSigner(const ledger::View& view,
                                      const std::string& address,
                                      std::string_view key_id,
                                      LogIndex at);

}  // namespace rujukan::link
