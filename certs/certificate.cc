#include "certs/certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "certs/hash.h"
#include "certs/openssl_ptr.h"
#include "certs/subject_name.h"
#include "certs/x509_read.h"

namespace rujukan::certs {
namespace {

tl::unexpected<Error> Bad(const std::string& what, Errc code = Errc::kInvalid) {
  ERR_clear_error();
  return Fail(code, "certificate: " + what);
}

// One usage a certificate: a key that signs never decrypts, so losing one loses one.
Result<Usage> UsageOf(X509* x509) {
  const bool authority = X509_check_ca(x509) == 1;
  switch (X509_get_key_usage(x509)) {
    case KU_DIGITAL_SIGNATURE:
      if (!authority) {
        return Usage::kSigning;
      }
      break;
    case KU_KEY_AGREEMENT:
      if (!authority) {
        return Usage::kEncryption;
      }
      break;
    case KU_KEY_CERT_SIGN:
    case KU_KEY_CERT_SIGN | KU_CRL_SIGN:
      if (authority) {
        return Usage::kAuthority;
      }
      break;
    default:
      break;
  }
  return Bad("keyUsage must be digitalSignature or keyAgreement alone, or keyCertSign for a CA");
}

Result<std::string> AddressOf(const X509* x509) {
  const GeneralNamesPtr names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr)));
  Result<std::string> address = OnlyAddress(names.get());
  return address ? std::move(address) : Bad(address.error().context);
}

}  // namespace

// What does not depend on whose certificate it is.
Result<Certificate> Certificate::Read(std::string_view der) {
  ASSIGN_OR_RETURN(X509Ptr x509, ReadX509(der));
  Certificate certificate;
  certificate.key_ = ShareKey(X509_get_pubkey(x509.get()));
  if (certificate.key_ == nullptr || !IsP256(certificate.key_.get())) {
    return Fail(Errc::kInvalid, "its key is not on the curve P-256");
  }
  ASSIGN_OR_RETURN(certificate.serial_, ReadSerial(X509_get0_serialNumber(x509.get())));
  ASSIGN_OR_RETURN(certificate.subject_, ReadName(X509_get_subject_name(x509.get())));
  ASSIGN_OR_RETURN(certificate.not_before_, ReadTime(X509_get0_notBefore(x509.get())));
  ASSIGN_OR_RETURN(certificate.not_after_, ReadTime(X509_get0_notAfter(x509.get())));
  certificate.der_ = der;
  certificate.key_id_ = *KeyId::FromBytes(Sha256(der).view());
  certificate.x509_ = std::shared_ptr<X509>(x509.release(), X509_free);
  return certificate;
}

Result<Certificate> Certificate::FromDer(std::string_view der) {
  Result<Certificate> certificate = Read(der);
  if (!certificate) {
    return Bad(certificate.error().context, certificate.error().code);
  }
  ASSIGN_OR_RETURN(certificate->usage_, UsageOf(certificate->x509()));
  if (certificate->usage_ != Usage::kAuthority) {
    ASSIGN_OR_RETURN(certificate->address_, AddressOf(certificate->x509()));
  }
  return certificate;
}

Result<Certificate> Certificate::FromPem(std::string_view pem) {
  const BioPtr bio = ReadBio(pem);
  const X509Ptr x509(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (x509 == nullptr) {
    return Bad("no PEM block of type CERTIFICATE");
  }
  return FromDer(ToDer<i2d_X509>(x509.get()));
}

std::string Certificate::Pem() const {
  const BioPtr bio = WriteBio();
  CHECK(PEM_write_bio_X509(bio.get(), x509_.get()) == 1);
  return TakeBio(bio.get());
}

}  // namespace rujukan::certs
