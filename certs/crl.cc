// Reading and checking CRLs; issue_crl.cc makes them.
#include "certs/crl.h"

#include <openssl/err.h>

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "certs/crl_signature.h"
#include "certs/openssl_ptr.h"
#include "certs/x509_read.h"

namespace rujukan::certs {
namespace {

constexpr int kAbsent = -1;  // what OpenSSL's *_get_ext_d2i reports; -2 is "more than one"

tl::unexpected<Error> Bad(const std::string& what, Errc code = Errc::kInvalid) {
  ERR_clear_error();
  return Fail(code, "CRL: " + what);
}

Result<CrlPtr> ReadCrl(std::string_view der) {
  if (der.size() > limits::kCrlBytesMax) {
    return Bad("it has more than " + std::to_string(limits::kCrlBytesMax) + " bytes", Errc::kLimit);
  }
  const unsigned char* at = Raw(der);
  CrlPtr crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
  if (crl == nullptr) {
    return Bad("not a CRL in DER form");
  }
  if (ToDer<i2d_X509_CRL>(crl.get()) != der) {
    return Bad("bytes after its end, or not in DER form");
  }
  if (X509_CRL_get_version(crl.get()) != X509_CRL_VERSION_2) {
    return Bad("it must be of version 2");
  }
  return crl;
}

bool Has(const X509_CRL* crl, int nid) {
  return X509_CRL_get_ext_by_NID(crl, nid, -1) >= 0;
}

// A list that is silent about a certificate must mean that the certificate stands.
Result<void> CheckIsComplete(const X509_CRL* crl) {
  if (Has(crl, NID_delta_crl)) {
    return Bad("it is a delta CRL; publish a complete one");
  }
  if (Has(crl, NID_issuing_distribution_point)) {
    return Bad("it is indirect, or for a part of the CA's certificates; publish a complete one");
  }
  for (int i = 0; i < X509_CRL_get_ext_count(crl); ++i) {
    X509_EXTENSION* extension = X509_CRL_get_ext(crl, i);
    const int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
    const bool known = nid == NID_crl_number || nid == NID_authority_key_identifier;
    if (X509_EXTENSION_get_critical(extension) != 0 && !known) {
      return Bad("it has a critical extension of an unknown kind");
    }
  }
  return {};
}

Result<uint64_t> NumberOf(const X509_CRL* crl) {
  const OpensslPtr<ASN1_INTEGER, ASN1_INTEGER_free> number(
      static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(crl, NID_crl_number, nullptr, nullptr)));
  uint64_t value = 0;
  if (number == nullptr || ASN1_INTEGER_get_uint64(&value, number.get()) != 1) {
    return Bad("it must have one cRLNumber of at most 64 bits");
  }
  return value;
}

Result<void> CheckKeyIdentifier(const X509_CRL* crl) {
  int found = 0;
  const OpensslPtr<AUTHORITY_KEYID, AUTHORITY_KEYID_free> identifier(static_cast<AUTHORITY_KEYID*>(
      X509_CRL_get_ext_d2i(crl, NID_authority_key_identifier, &found, nullptr)));
  if (identifier == nullptr && found != kAbsent) {
    return Bad("its authorityKeyIdentifier does not parse");
  }
  return {};
}

Result<void> CheckReason(const X509_REVOKED* entry) {
  int found = 0;
  const OpensslPtr<ASN1_ENUMERATED, ASN1_ENUMERATED_free> reason(static_cast<ASN1_ENUMERATED*>(
      X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, &found, nullptr)));
  if (reason == nullptr && found != kAbsent) {
    return Bad("a reason does not parse");
  }
  // It would take a certificate off a list of which this one is a delta.
  if (reason != nullptr && ASN1_ENUMERATED_get(reason.get()) == CRL_REASON_REMOVE_FROM_CRL) {
    return Bad("an entry says removeFromCRL, which only a delta CRL may");
  }
  return {};
}

Result<std::string> RevokedSerialOf(const X509_REVOKED* entry) {
  for (int i = 0; i < X509_REVOKED_get_ext_count(entry); ++i) {
    X509_EXTENSION* extension = X509_REVOKED_get_ext(entry, i);
    const int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
    if (nid == NID_certificate_issuer) {
      return Bad("it is indirect: an entry is about another CA's certificate");
    }
    if (X509_EXTENSION_get_critical(extension) != 0 && nid != NID_crl_reason) {
      return Bad("an entry has a critical extension of an unknown kind");
    }
  }
  RETURN_IF_ERROR(CheckReason(entry));
  Result<std::string> serial = ReadSerial(X509_REVOKED_get0_serialNumber(entry));
  return serial ? std::move(serial) : Bad(serial.error().context);
}

Result<std::vector<std::string>> SerialsOf(X509_CRL* crl) {
  const STACK_OF(X509_REVOKED)* entries = X509_CRL_get_REVOKED(crl);
  std::vector<std::string> serials;
  for (int i = 0; i < sk_X509_REVOKED_num(entries); ++i) {
    ASSIGN_OR_RETURN(std::string serial, RevokedSerialOf(sk_X509_REVOKED_value(entries, i)));
    serials.push_back(std::move(serial));
  }
  std::ranges::sort(serials);
  return serials;
}

Result<UnixMillis> UpdateOf(const ASN1_TIME* time, const char* what) {
  Result<UnixMillis> update = time == nullptr ? Fail(Errc::kInvalid, "") : ReadTime(time);
  return update ? std::move(update) : Bad(std::string("its ") + what + " is missing or no time");
}

}  // namespace

Result<Crl> Crl::FromDer(std::string_view der) {
  ASSIGN_OR_RETURN(CrlPtr parsed, ReadCrl(der));
  RETURN_IF_ERROR(CheckIsComplete(parsed.get()));
  RETURN_IF_ERROR(CheckKeyIdentifier(parsed.get()));
  if (!IsSignedWithStrongHash(parsed.get())) {
    return Bad("it must be signed with ECDSA or RSA, with SHA-256 or longer");
  }
  Result<std::string> issuer = ReadName(X509_CRL_get_issuer(parsed.get()));
  if (!issuer) {
    return Bad(issuer.error().context);
  }
  Crl crl;
  crl.issuer_ = *std::move(issuer);
  ASSIGN_OR_RETURN(crl.number_, NumberOf(parsed.get()));
  ASSIGN_OR_RETURN(crl.this_update_,
                   UpdateOf(X509_CRL_get0_lastUpdate(parsed.get()), "thisUpdate"));
  ASSIGN_OR_RETURN(crl.next_update_,
                   UpdateOf(X509_CRL_get0_nextUpdate(parsed.get()), "nextUpdate"));
  if (crl.this_update_ >= crl.next_update_) {
    return Bad("its nextUpdate is not after its thisUpdate");
  }
  ASSIGN_OR_RETURN(crl.serials_, SerialsOf(parsed.get()));
  crl.der_ = der;
  crl.crl_ = std::shared_ptr<X509_CRL>(parsed.release(), X509_CRL_free);
  return crl;
}

bool Crl::Lists(std::string_view serial) const {
  return std::ranges::binary_search(serials_, serial, std::ranges::less{});
}

bool Crl::IsNamedBy(const Certificate& issuer) const {
  return X509_NAME_cmp(X509_CRL_get_issuer(crl_.get()), X509_get_subject_name(issuer.x509())) == 0;
}

Result<void> VerifyCrl(const Crl& crl, const Certificate& issuer) {
  return CheckCrlSignature(crl.x509(), issuer.x509());
}

}  // namespace rujukan::certs
