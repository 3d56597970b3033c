#include "ledger/authenticate.h"

#include "base/bytes.h"
#include "certs/certificate.h"
#include "certs/hash.h"
#include "ledger/fold.h"

namespace rujukan::ledger {
namespace {

using R = v1::RefusalReason;
using certs::Certificate;

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
  if (entry.has_audit_read()) {
    return Signed{
        certs::kAuditReadContext, &entry.audit_read().read(), &entry.audit_read().signature()};
  }
  if (entry.has_read_trail()) {
    return Signed{
        certs::kReadTrailContext, &entry.read_trail().anchor(), &entry.read_trail().signature()};
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
  const auto certificate = CertificateOf(*record);
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

Result<certs::Certificate> CertificateOf(const v1::KeyRecord& key) {
  return key.anchor().empty() ? Certificate::FromDer(key.certificate())
                              : Certificate::FromOutsideDer(key.certificate());
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
