// Making CRLs (RFC 5280 s5).
#include <openssl/err.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "certs/crl.h"
#include "certs/openssl_ptr.h"

namespace rujukan::certs {
namespace {

using IntegerPtr = OpensslPtr<ASN1_INTEGER, ASN1_INTEGER_free>;
using TimePtr = OpensslPtr<ASN1_TIME, ASN1_TIME_free>;
using RevokedPtr = OpensslPtr<X509_REVOKED, X509_REVOKED_free>;

constexpr UnixMillis kYear10000 = 253'402'300'800'000;

tl::unexpected<Error> Bad(const std::string& what) {
  ERR_clear_error();
  return Fail(Errc::kInvalid, "CRL: " + what);
}

Result<TimePtr> MakeTime(UnixMillis time) {
  if (time < 0 || time >= kYear10000) {  // OpenSSL would write a year of five digits
    return Bad("a time is not between the years 1970 and 9999");
  }
  TimePtr made(ASN1_TIME_set(nullptr, time / 1000));
  CHECK(made != nullptr);
  return made;
}

// RFC 5280 s5.3.1: 7 is not used, 8 (removeFromCRL) is for delta CRLs.
bool IsReason(int reason) {
  return reason >= CRL_REASON_UNSPECIFIED && reason <= CRL_REASON_AA_COMPROMISE && reason != 7 &&
         reason != CRL_REASON_REMOVE_FROM_CRL;
}

Result<IntegerPtr> MakeSerial(std::string_view serial) {
  if (serial.empty() || serial.size() > limits::kSerialBytesMax || serial.front() == '\0') {
    return Bad("a serial number is 1 to " + std::to_string(limits::kSerialBytesMax) +
               " bytes without leading zeros");
  }
  const OpensslPtr<BIGNUM, BN_free> number(
      BN_bin2bn(Raw(serial), static_cast<int>(serial.size()), nullptr));
  CHECK(number != nullptr);
  IntegerPtr made(BN_to_ASN1_INTEGER(number.get(), nullptr));
  CHECK(made != nullptr);
  return made;
}

void AddReason(X509_REVOKED* entry, int reason) {
  const OpensslPtr<ASN1_ENUMERATED, ASN1_ENUMERATED_free> code(ASN1_ENUMERATED_new());
  CHECK(code != nullptr && ASN1_ENUMERATED_set(code.get(), reason) == 1);
  CHECK(X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, code.get(), 0, 0) == 1);
}

Result<RevokedPtr> MakeEntry(const RevokedSerial& revoked) {
  if (!IsReason(revoked.reason)) {
    return Bad("reason " + std::to_string(revoked.reason) + " is none of a complete CRL");
  }
  ASSIGN_OR_RETURN(const IntegerPtr serial, MakeSerial(revoked.serial));
  ASSIGN_OR_RETURN(const TimePtr at, MakeTime(revoked.at));
  RevokedPtr entry(X509_REVOKED_new());
  CHECK(entry != nullptr && X509_REVOKED_set_serialNumber(entry.get(), serial.get()) == 1);
  CHECK(X509_REVOKED_set_revocationDate(entry.get(), at.get()) == 1);
  if (revoked.reason != CRL_REASON_UNSPECIFIED) {  // RFC 5280: then better absent
    AddReason(entry.get(), revoked.reason);
  }
  return entry;
}

Result<void> AddEntries(X509_CRL* crl, std::vector<RevokedSerial> revoked) {
  std::ranges::sort(revoked, {}, &RevokedSerial::serial);
  const auto twice = std::ranges::adjacent_find(revoked, {}, &RevokedSerial::serial);
  if (twice != revoked.end()) {
    return Bad("serial number " + ToHex(twice->serial) + " is revoked twice");
  }
  for (const RevokedSerial& one : revoked) {
    ASSIGN_OR_RETURN(RevokedPtr entry, MakeEntry(one));
    CHECK(X509_CRL_add0_revoked(crl, entry.get()) == 1);
    entry.release();  // NOLINT(bugprone-unused-return-value): the CRL owns it now
  }
  return {};
}

Result<void> SetUpdates(X509_CRL* crl, const CrlDraft& draft) {
  if (draft.this_update / 1000 >= draft.next_update / 1000) {
    return Bad("the next update must come after this one");
  }
  ASSIGN_OR_RETURN(const TimePtr now, MakeTime(draft.this_update));
  ASSIGN_OR_RETURN(const TimePtr next, MakeTime(draft.next_update));
  CHECK(X509_CRL_set1_lastUpdate(crl, now.get()) == 1);
  CHECK(X509_CRL_set1_nextUpdate(crl, next.get()) == 1);
  return {};
}

void AddExtensions(X509_CRL* crl, X509* issuer, uint64_t number) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, nullptr, nullptr, crl, 0);
  const ExtensionPtr key(
      X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid:always"));
  CHECK(key != nullptr && X509_CRL_add_ext(crl, key.get(), -1) == 1);
  const IntegerPtr value(ASN1_INTEGER_new());
  CHECK(value != nullptr && ASN1_INTEGER_set_uint64(value.get(), number) == 1);
  CHECK(X509_CRL_add1_ext_i2d(crl, NID_crl_number, value.get(), 0, 0) == 1);
}

}  // namespace

Result<std::string> IssueCrl(const Issuer& issuer, const CrlDraft& draft) {
  RETURN_IF_ERROR(CheckIssuer(issuer));
  X509* by = issuer.certificate.x509();
  if ((X509_get_key_usage(by) & KU_CRL_SIGN) == 0) {
    return Bad("this CA may not sign one: its keyUsage lacks cRLSign; make a new issuing CA");
  }
  const CrlPtr crl(X509_CRL_new());
  CHECK(crl != nullptr && X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2) == 1);
  CHECK(X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(by)) == 1);
  RETURN_IF_ERROR(SetUpdates(crl.get(), draft));
  RETURN_IF_ERROR(AddEntries(crl.get(), draft.revoked));
  AddExtensions(crl.get(), by, draft.number);
  if (X509_CRL_sign(crl.get(), issuer.key.evp().get(), EVP_sha256()) <= 0) {
    return Fail(Errc::kUnavailable, "the issuing key does not sign: " + TakeOpensslReason());
  }
  std::string der = ToDer<i2d_X509_CRL>(crl.get());
  if (der.size() > limits::kCrlBytesMax) {
    return Fail(Errc::kLimit,
                "a CRL has at most " + std::to_string(limits::kCrlBytesMax) + " bytes, this one " +
                    std::to_string(der.size()) + ": leave out certificates that have expired");
  }
  return der;
}

}  // namespace rujukan::certs
