#include "agents/link/envelope.h"

#include <algorithm>

#include "agents/link/content_fits.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "certs/seal.h"
#include "ledger/header.h"
#include "rujukan/v1/act.pb.h"

namespace rujukan::link {
namespace {

using Outcome = v1::DeliveryOutcome;

// ECDSA over the batch the statement is part of. False for a malformed claim too.
bool SignatureHolds(const certs::Certificate& certificate,
                    std::string_view context,
                    std::string_view statement,
                    const v1::BatchSignature& signature,
                    certs::VerifiedClaims& cache) {
  const auto claim = certs::ClaimOf(context, statement, signature);
  return claim &&
         certs::VerifyClaim(certificate.public_key(), *claim, signature.batch_size(), cache);
}

ReadResult Bad(ReadResult result, Outcome::Code outcome, std::string reason) {
  result.outcome = outcome;
  result.reason = std::move(reason);
  return result;
}

}  // namespace

Result<Unsigned> SealMessage(v1::Header header,
                             std::string_view plaintext,
                             std::span<const certs::Certificate> recipients) {
  ASSIGN_OR_RETURN(auto sealed, certs::Seal(plaintext, recipients));
  header.set_version(1);
  header.set_content_size(sealed.ciphertext.size());
  header.set_content_digest(sealed.digest.str());
  header.set_content_commitment(sealed.commitment.str());
  header.clear_recipient_keys();
  for (const auto& recipient : recipients) {
    header.add_recipient_keys(recipient.key_id().str());
  }
  Unsigned message{header.SerializeAsString(), std::move(sealed.ciphertext)};
  // The broker's own check, made before the trip.
  if (auto checked = ledger::ParseHeader(message.header); !checked) {
    const bool size = message.header.size() > limits::kHeaderBytesMax;
    return Fail(size ? Errc::kLimit : Errc::kInvalid, checked.error().advice);
  }
  return message;
}

std::vector<v1::Envelope> SignMessages(const SigningKey& signer, std::vector<Unsigned> messages) {
  std::vector<std::string> statements;
  statements.reserve(messages.size());
  for (const auto& message : messages) {
    statements.push_back(message.header);
  }
  auto signatures = certs::SignBatch(signer.key, signer.id, certs::kHeaderContext, statements);
  std::vector<v1::Envelope> envelopes(messages.size());
  for (size_t i = 0; i < messages.size(); ++i) {
    envelopes[i].set_header(std::move(messages[i].header));
    *envelopes[i].mutable_signature() = std::move(signatures[i]);
    envelopes[i].set_content(std::move(messages[i].content));
  }
  return envelopes;
}

std::vector<v1::SubmitDelivery> SignReceipts(const SigningKey& signer,
                                             const std::vector<v1::DeliveryReceipt>& receipts) {
  std::vector<std::string> statements;
  statements.reserve(receipts.size());
  for (const auto& receipt : receipts) {
    statements.push_back(receipt.SerializeAsString());
  }
  auto signatures = certs::SignBatch(signer.key, signer.id, certs::kDeliveryContext, statements);
  std::vector<v1::SubmitDelivery> deliveries(receipts.size());
  for (size_t i = 0; i < receipts.size(); ++i) {
    deliveries[i].set_receipt(std::move(statements[i]));
    *deliveries[i].mutable_signature() = std::move(signatures[i]);
  }
  return deliveries;
}

v1::SubmitStatement SignReadTrail(const SigningKey& signer, const v1::ReadTrailAnchor& anchor) {
  v1::SubmitStatement submitted;
  submitted.set_statement(anchor.SerializeAsString());
  const std::vector<std::string> statements{submitted.statement()};
  *submitted.mutable_signature() =
      certs::SignBatch(signer.key, signer.id, certs::kReadTrailContext, statements).front();
  return submitted;
}

namespace {

// Whether the sender signed this header, by our own directory. An Error: kNotFound or kFatal.
Result<bool> SenderSigned(const ReadRequest& request,
                          const v1::Header& header,
                          const ledger::View& directory,
                          certs::VerifiedClaims& cache) {
  const auto& signature = request.envelope.signature();
  auto signer = FindSigner(directory, header.from(), signature.signer_key(), request.at);
  if (!signer) {
    const Errc code = signer.error().code;
    if (code == Errc::kDenied || (code == Errc::kNotFound && request.final_try)) {
      return false;
    }
    return Fail(signer.error());
  }
  return SignatureHolds(
      *signer, certs::kHeaderContext, request.envelope.header(), signature, cache);
}

bool IsSealedTo(const v1::Header& header, const certs::Certificate& certificate) {
  const auto& keys = header.recipient_keys();
  return std::find(keys.begin(), keys.end(), certificate.key_id().view()) != keys.end();
}

// With the key that the header names; failing that, with whichever opens it: the list in the header
// is the sender's word, the recipients in the ciphertext are what counts.
template <class T>
using Opener = Result<T> (*)(std::string_view, const certs::Certificate&, const certs::PrivateKey&);

template <class T>
Result<T> OpenWithAny(Opener<T> open,
                      const v1::Header& header,
                      const std::string& ciphertext,
                      std::span<const OpeningKey> openings) {
  for (const OpeningKey& opening : openings) {
    if (IsSealedTo(header, opening.certificate)) {
      return open(ciphertext, opening.certificate, opening.key);
    }
  }
  Result<T> opened = Fail(Errc::kDenied, "this agency has no key that opens it");
  for (size_t i = 0; i < openings.size() && !opened; ++i) {
    opened = open(ciphertext, openings[i].certificate, openings[i].key);
  }
  return opened;
}

ReadResult OpenContent(ReadResult result,
                       const std::string& ciphertext,
                       std::span<const OpeningKey> openings) {
  auto opened = OpenWithAny(&certs::Open, result.header, ciphertext, openings);
  if (!opened) {
    return Bad(std::move(result), Outcome::UNREADABLE, opened.error().context);
  }
  if (opened->commitment.view() != result.header.content_commitment()) {
    return Bad(std::move(result),
               Outcome::DIGEST_MISMATCH,
               "the plaintext is not what the header commits to");
  }
  if (!result.content.ParseFromString(opened->content)) {
    result.content.Clear();
    return Bad(std::move(result), Outcome::BAD_CONTENT, "the plaintext is not a Content");
  }
  if (auto misfit = HeaderMisfit(result.header, result.content); !misfit.empty()) {
    result.content.Clear();
    return Bad(std::move(result), Outcome::BAD_CONTENT, std::move(misfit));
  }
  result.plaintext = std::move(opened->content);
  result.outcome = Outcome::DELIVERED;
  return result;
}

bool IsAddressedTo(const v1::Header& header, const std::string& address) {
  for (const auto& to : header.to()) {
    if (to == address) {
      return true;
    }
  }
  return false;
}

}  // namespace

Result<std::string> OpenToDisclose(const v1::Header& header,
                                   const std::string& ciphertext,
                                   std::span<const OpeningKey> openings) {
  return OpenWithAny(&certs::OpenFramed, header, ciphertext, openings);
}

Result<ReadResult> ReadEnvelope(const ReadRequest& request,
                                std::span<const OpeningKey> openings,
                                const ledger::View& directory,
                                certs::VerifiedClaims& cache) {
  ReadResult result;
  auto header = ledger::ParseHeader(request.envelope.header());
  if (!header || !IsAddressedTo(*header, request.own_address)) {
    result.header.ParseFromString(request.envelope.header());
    return Bad(std::move(result), Outcome::BAD_CONTENT, "the header is not valid here");
  }
  result.header = std::move(*header);
  ASSIGN_OR_RETURN(const bool sender_signed,
                   SenderSigned(request, result.header, directory, cache));
  if (!sender_signed) {
    return Bad(std::move(result), Outcome::BAD_SIGNATURE, "not signed with the sender's key");
  }
  if (auto same = ledger::CheckContent(result.header, request.envelope.content()); !same) {
    return Bad(std::move(result), Outcome::DIGEST_MISMATCH, same.error().advice);
  }
  return OpenContent(std::move(result), request.envelope.content(), openings);
}

Result<v1::DeliveryReceipt> CheckDelivery(const Proven& proven,
                                          std::string_view header_bytes,
                                          const ledger::View& directory,
                                          certs::VerifiedClaims& cache) {
  const auto& recorded = proven.entry.delivery();
  auto receipt = ledger::ParseDeliveryReceipt(recorded.receipt());
  if (!receipt) {
    return Fail(Errc::kCorrupt, "the delivery receipt does not parse: " + receipt.error().advice);
  }
  if (receipt->header_digest() != certs::Sha256(header_bytes).view()) {
    return Fail(Errc::kCorrupt, "the delivery receipt is about another header");
  }
  ASSIGN_OR_RETURN(
      const auto signer,
      FindSigner(directory, receipt->recipient(), recorded.signature().signer_key(), proven.index));
  if (!SignatureHolds(
          signer, certs::kDeliveryContext, recorded.receipt(), recorded.signature(), cache)) {
    return Fail(Errc::kDenied, "the delivery receipt is not signed by its recipient");
  }
  return std::move(*receipt);
}

namespace {

// A revocation by the root key, among others in its act perhaps.
Result<WithheldMail> CheckWithheldByRoot(const v1::RootActRecorded& recorded,
                                         const v1::Header& header,
                                         const ledger::View& directory) {
  v1::RootAct act;
  if (!act.ParseFromString(recorded.act())) {
    return Fail(Errc::kCorrupt, "the root act does not parse");
  }
  ASSIGN_OR_RETURN(const auto domain, ledger::ReadDomain(directory));
  ASSIGN_OR_RETURN(const auto root, certs::Certificate::FromDer(domain.root_certificate()));
  const std::string statement = std::string(certs::kRootActContext) + recorded.act();
  if (!root.public_key().Verify(statement, recorded.signature())) {
    return Fail(Errc::kDenied, "the root act is not signed by the domain's root key");
  }
  for (const v1::Revoke& revoke : act.revoke()) {
    if (IsAddressedTo(header, revoke.address())) {
      return WithheldMail{revoke.address(), revoke.pending_mail() == v1::PendingMail::BOUNCE};
    }
  }
  return Fail(Errc::kCorrupt, "the root act takes out nobody this message is addressed to");
}

}  // namespace

Result<WithheldMail> CheckWithheld(const Proven& proven,
                                   const std::string& message_id,
                                   const v1::Header& header,
                                   const ledger::View& directory,
                                   certs::VerifiedClaims& cache) {
  if (header.message_id() != message_id) {
    return Fail(Errc::kCorrupt, "the notice is about another message");
  }
  if (proven.entry.has_root_act()) {
    return CheckWithheldByRoot(proven.entry.root_act(), header, directory);
  }
  const auto& recorded = proven.entry.act();
  v1::Act act;
  if (!act.ParseFromString(recorded.act()) || (!act.has_suspend() && !act.has_revoke())) {
    return Fail(Errc::kCorrupt, "the act does not suspend or revoke anybody");
  }
  WithheldMail withheld;
  withheld.recipient = act.has_suspend() ? act.suspend().address() : act.revoke().address();
  withheld.bounced = (act.has_suspend() ? act.suspend().pending_mail()
                                        : act.revoke().pending_mail()) == v1::PendingMail::BOUNCE;
  if (!IsAddressedTo(header, withheld.recipient)) {
    return Fail(Errc::kCorrupt, "the act is about somebody this message is not addressed to");
  }
  ASSIGN_OR_RETURN(
      const auto signer,
      FindSigner(directory, act.actor(), recorded.signature().signer_key(), proven.index));
  if (!SignatureHolds(signer, certs::kActContext, recorded.act(), recorded.signature(), cache)) {
    return Fail(Errc::kDenied, "the act is not signed by the admin it names");
  }
  ASSIGN_OR_RETURN(const auto actor, ledger::ReadAgency(directory, act.actor()));
  if (!actor || actor->role() != v1::Role::ADMIN) {
    return Fail(Errc::kDenied, act.actor() + " is no admin: it cannot take anybody out");
  }
  return withheld;
}

}  // namespace rujukan::link
