// Making and reading messages: seal, header, sign; and the checks a receiver owes before it
// believes one. Pure apart from the randomness in sealing. Any thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "agents/link/directory.h"
#include "certs/batch.h"
#include "certs/certificate.h"
#include "certs/key.h"
#include "rujukan/v1/audit.pb.h"
#include "rujukan/v1/content.pb.h"
#include "rujukan/v1/header.pb.h"

namespace rujukan::link {

// A header whose content is sealed, not yet signed. The bytes are final: they are what is signed,
// sent, logged and proven.
struct Unsigned {
  std::string header;
  std::string content;  // ciphertext
};

// Fills version, content_size, digests and recipient_keys of `header` and seals `plaintext` to
// `recipients`. kLimit: header or content over its limit.
Result<Unsigned> SealMessage(v1::Header header,
                             std::string_view plaintext,
                             std::span<const certs::Certificate> recipients);

struct SigningKey {
  const certs::PrivateKey& key;
  const KeyId& id;
};
// One signature for all (1 to limits::kBatchStatementsMax), in their order.
std::vector<v1::Envelope> SignMessages(const SigningKey& signer, std::vector<Unsigned> messages);
std::vector<v1::SubmitDelivery> SignReceipts(const SigningKey& signer,
                                             const std::vector<v1::DeliveryReceipt>& receipts);
v1::SubmitStatement SignReadTrail(const SigningKey& signer, const v1::ReadTrailAnchor& anchor);

// One of the reader's encryption keys, in force or replaced: copies share the key.
struct OpeningKey {
  certs::Certificate certificate;
  certs::PrivateKey key;
};

// A message that was read and checked, or why it could not be.
struct ReadResult {
  v1::DeliveryOutcome::Code outcome = v1::DeliveryOutcome::UNSPECIFIED;  // for the receipt
  std::string reason;     // when not DELIVERED, for the log: never content
  v1::Header header;      // as far as it parsed
  v1::Content content;    // only when DELIVERED
  std::string plaintext;  // the exact bytes the commitment covers; only when DELIVERED
};

// Signature under the sender's certificate in our own directory, size and digest of the ciphertext,
// opening, commitment, and that the plaintext is a Content of which the header tells what is so
// (content_fits.h). `at` is the index of the message's entry. kNotFound: sender's key not in the
// directory yet: refresh and call again, and if it stays unknown the outcome is BAD_SIGNATURE
// (`final_try`). Other errors are of the view: kFatal.
struct ReadRequest {
  const v1::Envelope& envelope;
  const std::string& own_address;
  LogIndex at;
  bool final_try;
};
// `openings` are the reader's keys, the one in force first. What was sealed before a renewal opens
// with the key that the header names; UNREADABLE when it names none of them and none opens it.
Result<ReadResult> ReadEnvelope(const ReadRequest& request,
                                std::span<const OpeningKey> openings,
                                const ledger::View& directory,
                                certs::VerifiedClaims& cache);

// The opening of a message's content (certs::OpenFramed) with whichever of `openings` opens it:
// what proves to somebody else what was sent. kDenied: none does.
Result<std::string> OpenToDisclose(const v1::Header& header,
                                   const std::string& ciphertext,
                                   std::span<const OpeningKey> openings);

// The delivery receipt in a DeliveryRecorded entry, signed by the recipient and about this very
// header. kNotFound as above; kDenied: bad signature; kCorrupt: about something else.
Result<v1::DeliveryReceipt> CheckDelivery(const Proven& proven,
                                          std::string_view header_bytes,
                                          const ledger::View& directory,
                                          certs::VerifiedClaims& cache);

// A message that waited for somebody who was suspended or revoked: bounced, or held until then.
struct WithheldMail {
  std::string recipient;
  bool bounced = false;
};
// The act in an ActRecorded entry, signed by its admin, or in a RootActRecorded entry, signed by
// the root: about a recipient of this header. Errors as CheckDelivery.
Result<WithheldMail> CheckWithheld(const Proven& proven,
                                   const std::string& message_id,
                                   const v1::Header& header,
                                   const ledger::View& directory,
                                   certs::VerifiedClaims& cache);

}  // namespace rujukan::link
