#include "ledger/authenticate.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "certs/certificate.h"
#include "certs/ed25519.h"
#include "certs/hash.h"
#include "certs/issue.h"
#include "ledger/fold.h"

namespace rujukan::ledger {
namespace {

using R = v1::RefusalReason;
using certs::Certificate;
using certs::Usage;

tl::unexpected<Error> BadCertificate(std::string advice) {
  return Refuse(R::CERTIFICATE_INVALID, std::move(advice));
}

Result<Certificate> ParseCertificate(const std::string& der) {
  auto certificate = Certificate::FromDer(der);
  if (!certificate) {
    return BadCertificate(certificate.error().context);
  }
  return std::move(*certificate);
}

Result<void> CheckChain(const certs::ChainRequest& request) {
  if (const auto chain = certs::VerifyChain(request); !chain) {
    return BadCertificate(chain.error().context);
  }
  return {};
}

struct Anchors {
  Certificate root;
  Certificate issuing;
};

Result<Anchors> ParseAnchors(const std::string& root, const std::string& issuing) {
  ASSIGN_OR_RETURN(Certificate root_certificate, ParseCertificate(root));
  ASSIGN_OR_RETURN(Certificate issuing_certificate, ParseCertificate(issuing));
  return Anchors{std::move(root_certificate), std::move(issuing_certificate)};
}

Result<Certificate> CheckLeaf(const std::string& der,
                              Usage usage,
                              const std::string& address,
                              const Anchors& anchors,
                              UnixMillis time) {
  ASSIGN_OR_RETURN(Certificate leaf, ParseCertificate(der));
  RETURN_IF_ERROR(CheckChain({leaf, anchors.issuing, anchors.root, time, usage, address}));
  return leaf;
}

Result<void> AuthenticateGenesis(const v1::Entry& entry) {
  v1::Genesis genesis;
  if (!genesis.ParseFromString(entry.genesis().genesis())) {
    return Refuse(R::MALFORMED, "not a rujukan.v1.Genesis");
  }
  ASSIGN_OR_RETURN(const Anchors anchors,
                   ParseAnchors(genesis.root_certificate(), genesis.issuing_certificate()));
  const std::string statement = std::string(certs::kGenesisContext) + entry.genesis().genesis();
  if (!anchors.root.public_key().Verify(statement, entry.genesis().signature())) {
    return Refuse(R::BAD_SIGNATURE, "the genesis is not signed by its root key");
  }
  const v1::Admit& admin = genesis.first_admin();
  RETURN_IF_ERROR(CheckLeaf(
      admin.signing_certificate(), Usage::kSigning, admin.address(), anchors, entry.time_ms()));
  return {};
}

Result<certs::Csr> CheckCsr(const std::string& der,
                            const std::string& address,
                            std::string_view field) {
  if (der.size() > limits::kCsrBytesMax) {
    return Refuse(R::MALFORMED, std::string(field) + ": over 8 KiB");
  }
  auto csr = certs::ParseCsr(der);
  if (!csr) {
    return BadCertificate(std::string(field) + ": " + csr.error().context);
  }
  if (csr->address != address) {
    return BadCertificate(std::string(field) + ": asks for another address than the invitation's");
  }
  return std::move(*csr);
}

Result<void> AuthenticateEnrolment(const v1::EnrolmentRecorded& recorded) {
  v1::EnrolmentRequest request;
  if (!request.ParseFromString(recorded.request())) {
    return Refuse(R::MALFORMED, "not a rujukan.v1.EnrolmentRequest");
  }
  const std::string statement = std::string(certs::kEnrolmentContext) + recorded.request();
  if (!certs::Ed25519Verify(request.invitation_key(), statement, recorded.signature())) {
    return Refuse(R::BAD_SIGNATURE, "the request is not signed with the invitation's key");
  }
  RETURN_IF_ERROR(CheckCsr(request.signing_csr(), request.address(), "signing_csr"));
  RETURN_IF_ERROR(CheckCsr(request.encryption_csr(), request.address(), "encryption_csr"));
  return {};
}

// The admitted certificates are for the very keys the applicant proved to hold, and chain to the
// root.
Result<void> AuthenticateAdmit(const v1::Admit& admit, UnixMillis time, const View& view) {
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ReadDomain(view));
  ASSIGN_OR_RETURN(const Anchors anchors,
                   ParseAnchors(domain.root_certificate(), domain.issuing_certificate()));
  ASSIGN_OR_RETURN(
      const Certificate signing,
      CheckLeaf(admit.signing_certificate(), Usage::kSigning, admit.address(), anchors, time));
  ASSIGN_OR_RETURN(
      const Certificate encryption,
      CheckLeaf(
          admit.encryption_certificate(), Usage::kEncryption, admit.address(), anchors, time));
  ASSIGN_OR_RETURN(const auto enrolment, ReadEnrolment(view, admit.enrolment_id()));
  v1::EnrolmentRequest request;
  if (!enrolment || !request.ParseFromString(enrolment->request())) {
    return Refuse(R::ACT_INVALID, "the admission answers no known request");
  }
  ASSIGN_OR_RETURN(const auto signing_csr,
                   CheckCsr(request.signing_csr(), request.address(), "signing_csr"));
  ASSIGN_OR_RETURN(const auto encryption_csr,
                   CheckCsr(request.encryption_csr(), request.address(), "encryption_csr"));
  if (signing.public_key().Spki() != signing_csr.key.Spki() ||
      encryption.public_key().Spki() != encryption_csr.key.Spki()) {
    return BadCertificate("a certificate is not for the key that was asked for");
  }
  return {};
}

Result<void> AuthenticateAct(const v1::Entry& entry, const View& view) {
  v1::AdminAct act;
  if (!act.ParseFromString(entry.act().act())) {
    return Refuse(R::MALFORMED, "not a rujukan.v1.AdminAct");
  }
  if (act.has_admit()) {
    return AuthenticateAdmit(act.admit(), entry.time_ms(), view);
  }
  return {};
}

Result<void> Authenticate(const v1::Entry& entry, const View& view) {
  if (entry.has_genesis()) {
    return AuthenticateGenesis(entry);
  }
  if (entry.has_enrolment()) {
    return AuthenticateEnrolment(entry.enrolment());
  }
  if (entry.has_act()) {
    return AuthenticateAct(entry, view);
  }
  return {};
}

// What an entry has signed, as it lies in the entry.
struct Signed {
  std::string_view context;
  const std::string* statement = nullptr;
  const v1::BatchSignature* signature = nullptr;
};

std::optional<Signed> SignedPartOf(const v1::Entry& entry) {
  if (entry.has_accepted()) {
    return Signed{certs::kHeaderContext, &entry.accepted().header(), &entry.accepted().signature()};
  }
  // What was refused is evidence against its sender only while the sender's signature holds.
  if (entry.has_refused() && entry.refused().has_signature()) {
    return Signed{certs::kHeaderContext, &entry.refused().header(), &entry.refused().signature()};
  }
  if (entry.has_delivery()) {
    return Signed{
        certs::kDeliveryContext, &entry.delivery().receipt(), &entry.delivery().signature()};
  }
  if (entry.has_act()) {
    return Signed{certs::kActContext, &entry.act().act(), &entry.act().signature()};
  }
  return std::nullopt;
}

Result<std::optional<PendingClaim>> Claim(const v1::Entry& entry, const View& view, KeyRing& ring) {
  const std::optional<Signed> part = SignedPartOf(entry);
  if (!part) {
    return std::optional<PendingClaim>();
  }
  auto claim = certs::ClaimOf(part->context, *part->statement, *part->signature);
  if (!claim) {
    return Refuse(R::MALFORMED, claim.error().context);
  }
  ASSIGN_OR_RETURN(auto key, ring.Find(claim->signer.view(), view));
  if (!key) {
    return Refuse(key.error().reason, key.error().advice);
  }
  return std::optional<PendingClaim>(
      PendingClaim{std::move(*key), std::move(*claim), part->signature->batch_size()});
}

}  // namespace

Verdict<certs::PublicKey> KeyRing::Find(std::string_view key_id, const View& view) {
  if (const auto known = keys_.find(std::string(key_id)); known != keys_.end()) {
    return tl::expected<certs::PublicKey, Refusal>(known->second);
  }
  ASSIGN_OR_RETURN(const std::optional<v1::KeyRecord> record, ReadKey(view, key_id));
  if (!record) {
    return tl::expected<certs::PublicKey, Refusal>(tl::unexpect, MakeRefusal(R::KEY_UNKNOWN));
  }
  const auto certificate = Certificate::FromDer(record->certificate());
  if (!certificate) {
    return Fail(Errc::kCorrupt, "an admitted certificate does not parse");
  }
  const auto added = keys_.emplace(std::string(key_id), certificate->public_key()).first;
  return tl::expected<certs::PublicKey, Refusal>(added->second);
}

Verdict<std::optional<PendingClaim>> ClaimOfEntry(const v1::Entry& entry,
                                                  const View& view,
                                                  KeyRing& ring) {
  return ToVerdict(Claim(entry, view, ring));
}

Verdict<void> AuthenticateDirectoryEntry(const v1::Entry& entry, const View& view) {
  return ToVerdict(Authenticate(entry, view));
}

std::string EnrolmentId(std::string_view request) {
  return certs::Sha256(request).str();
}

std::string ShortFingerprint(std::string_view enrolment_id) {
  constexpr uint64_t kTwelveDigits = 1'000'000'000'000;
  std::string digits = std::to_string(ReadBigEndian64(enrolment_id) % kTwelveDigits);
  digits.insert(0, 12 - digits.size(), '0');
  digits.insert(8, " ");
  digits.insert(4, " ");
  return digits;
}

}  // namespace rujukan::ledger
