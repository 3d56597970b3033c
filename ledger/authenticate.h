// The costly, stateless checks of an entry: signatures, certificate chains, digests. Pure, and safe
// to run on any thread: what they need from the directory is passed in.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "certs/batch.h"
#include "certs/certificate.h"
#include "certs/key.h"
#include "ledger/refusal.h"
#include "ledger/view.h"
#include "rujukan/v1/act.pb.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::ledger {

// A signature that remains to be verified: by whom (P-256 key of an admitted certificate), over
// what.
struct PendingClaim {
  certs::PublicKey key;
  certs::BatchClaim claim;
  uint32_t batch_size = 1;
};

// Resolves key ids to parsed public keys, remembering them: parsing a certificate costs more than a
// hash. One owner thread.
class KeyRing {
 public:
  // KEY_UNKNOWN when the view has no such key.
  Verdict<certs::PublicKey> Find(std::string_view key_id, const View& view);

 private:
  std::unordered_map<std::string, certs::PublicKey> keys_;
};

// What of `entry` is signed with an agency's or admin's batch signature, resolved against the view
// as it was BEFORE the entry; nullopt for genesis, root act, enrolment, refusals without a
// signature and what the broker itself puts on record. Malformed shape, unknown keys: refusals. The
// caller verifies the claim, on any thread, with certs::VerifyClaim.
Verdict<std::optional<PendingClaim>> ClaimOfEntry(const v1::Entry& entry,
                                                  const View& view,
                                                  KeyRing& ring);

// The rest of an entry's authenticity: root signature of a genesis or a root act, invitation
// signature of an enrolment and its CSRs, chain and keys of the certificates an act admits, CRLs.
// Rare entries; checked in line.
Verdict<void> AuthenticateDirectoryEntry(const v1::Entry& entry, const View& view);

// The certificate of an admitted key, of the domain's own CA or of an outside one. kInvalid: the
// record is damaged.
Result<certs::Certificate> CertificateOf(const v1::KeyRecord& key);

// Id of an enrolment: SHA-256 of the request's bytes. Its short form is what both sides read out by
// phone.
std::string EnrolmentId(std::string_view request);
std::string ShortFingerprint(std::string_view enrolment_id);  // "4821 0937 5562": 12 decimal digits

}  // namespace rujukan::ledger
