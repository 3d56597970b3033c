#include "certs/outside.h"

#include <openssl/err.h>

#include <array>

#include "base/limits.h"
#include "certs/crl_signature.h"
#include "certs/hash.h"
#include "certs/openssl_ptr.h"
#include "certs/x509_read.h"

namespace rujukan::certs {
namespace {

constexpr int kSecurityLevel = 2;  // 112 bits: RSA 2048 with SHA-256 passes, SHA-1 does not

tl::unexpected<Error> Bad(const char* whose, const std::string& what, Errc code = Errc::kInvalid) {
  ERR_clear_error();
  return Fail(code, std::string(whose) + what);
}

bool IsStrongCaKey(const EVP_PKEY* key) {
  if (key != nullptr && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
    return EVP_PKEY_get_bits(key) >= limits::kOutsideRsaBitsMin;
  }
  return key != nullptr && (IsP256(key) || IsP384(key));
}

// `whose` begins each error text: "anchor: ".
Result<X509Ptr> ReadCa(std::string_view der, const char* whose) {
  Result<X509Ptr> ca = ReadX509(der);
  if (!ca) {
    return Bad(whose, ca.error().context, ca.error().code);
  }
  if (X509_check_ca(ca->get()) != 1) {
    return Bad(whose, "it is not the certificate of a CA");
  }
  if (!IsStrongCaKey(X509_get0_pubkey(ca->get()))) {
    return Bad(whose, "its key must be RSA of at least 2048 bits, P-256 or P-384");
  }
  return ca;
}

// One of many bits may be ours; none may be a CA's.
bool MaySign(X509* x509) {
  const uint32_t usage = X509_get_key_usage(x509);
  const bool stated = (X509_get_extension_flags(x509) & EXFLAG_KUSAGE) != 0;
  return stated && (usage & KU_DIGITAL_SIGNATURE) != 0 &&
         (usage & (KU_KEY_CERT_SIGN | KU_CRL_SIGN)) == 0;
}

// What OpenSSL borrows while it validates.
struct Material {
  X509Ptr anchor;
  std::vector<X509Ptr> intermediates;
};

Result<Material> ReadMaterial(const OutsideChain& chain) {
  if (chain.intermediates.size() > limits::kOutsideIntermediatesMax) {
    return Fail(Errc::kLimit,
                "an outside chain has at most " + std::to_string(limits::kOutsideIntermediatesMax) +
                    " intermediates");
  }
  Material material;
  ASSIGN_OR_RETURN(material.anchor, ReadCa(chain.anchor, "anchor: "));
  for (const std::string& der : chain.intermediates) {
    ASSIGN_OR_RETURN(X509Ptr intermediate, ReadCa(der, "intermediate: "));
    material.intermediates.push_back(std::move(intermediate));
  }
  return material;
}

constexpr unsigned long kStrict =
    X509_V_FLAG_X509_STRICT | X509_V_FLAG_CHECK_SS_SIGNATURE | X509_V_FLAG_PARTIAL_CHAIN;

void Configure(X509_STORE_CTX* context, UnixMillis at, unsigned long flags) {
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_time(param, static_cast<time_t>(at / 1000));
  X509_VERIFY_PARAM_set_depth(param, static_cast<int>(limits::kOutsideIntermediatesMax));
  X509_VERIFY_PARAM_set_auth_level(param, kSecurityLevel);
  CHECK(X509_VERIFY_PARAM_set_flags(param, flags) == 1);
}

Result<void> ToResult(int reason) {
  const std::string text = X509_verify_cert_error_string(reason);
  switch (reason) {
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
      return Fail(Errc::kNotFound, "there is no CRL of the certificate's issuer: get its CRL");
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID:
      return Fail(Errc::kExpired,
                  "the CRL of the certificate's issuer does not hold at this time: " + text +
                      "; get a newer one");
    case X509_V_ERR_CERT_REVOKED:
      return Fail(Errc::kDenied, "the certificate is revoked by its issuer's CRL");
    default:
      return Fail(Errc::kDenied, "the outside certificate chain does not hold: " + text);
  }
}

// OpenSSL has looked at the leaf. A CA above it needs no CRL, but what is known counts, and a CA
// stays revoked when the list that says so is old.
Result<void> CheckCasNotRevoked(X509_STORE_CTX* context, const std::vector<const Crl*>& crls) {
  const STACK_OF(X509)* path = X509_STORE_CTX_get0_chain(context);
  for (int i = 1; i + 1 < sk_X509_num(path); ++i) {
    ASSIGN_OR_RETURN(const std::string serial,
                     ReadSerial(X509_get0_serialNumber(sk_X509_value(path, i))));
    for (const Crl* crl : crls) {
      if (crl->Lists(serial) && CheckCrlSignature(crl->x509(), sk_X509_value(path, i + 1))) {
        return Fail(Errc::kDenied, "a CA of the outside certificate chain is revoked");
      }
    }
  }
  return {};
}

}  // namespace

Result<Certificate> Certificate::FromOutsideDer(std::string_view der) {
  constexpr char kWhose[] = "outside certificate: ";
  Result<Certificate> certificate = Read(der);
  if (!certificate) {
    return Bad(kWhose, certificate.error().context, certificate.error().code);
  }
  X509* x509 = certificate->x509();
  if (X509_check_ca(x509) != 0) {
    return Bad(kWhose, "a CA's certificate does not sign messages");
  }
  if (!MaySign(x509)) {
    return Bad(kWhose, "its keyUsage must have digitalSignature and none of a CA's bits");
  }
  if ((X509_get_extension_flags(x509) & EXFLAG_CRITICAL) != 0) {
    return Bad(kWhose, "it has a critical extension of an unknown kind");
  }
  certificate->usage_ = Usage::kSigning;
  return certificate;
}

Result<AnchorFacts> ParseAnchor(std::string_view der) {
  constexpr char kWhose[] = "anchor: ";
  ASSIGN_OR_RETURN(const X509Ptr ca, ReadCa(der, kWhose));
  Result<std::string> subject = ReadName(X509_get_subject_name(ca.get()));
  const Result<UnixMillis> not_before = ReadTime(X509_get0_notBefore(ca.get()));
  const Result<UnixMillis> not_after = ReadTime(X509_get0_notAfter(ca.get()));
  if (!subject || !not_before || !not_after) {
    return Bad(kWhose, "its subject is not text, or its validity not a time");
  }
  return AnchorFacts{
      *KeyId::FromBytes(Sha256(der).view()), *std::move(subject), *not_before, *not_after};
}

Result<void> VerifyOutside(const OutsideChain& chain) {
  ASSIGN_OR_RETURN(const Material material, ReadMaterial(chain));
  const StorePtr anchors(X509_STORE_new());
  const BorrowedX509sPtr others(sk_X509_new_null());
  const BorrowedCrlsPtr crls(sk_X509_CRL_new_null());
  const StoreContextPtr context(X509_STORE_CTX_new());
  CHECK(anchors != nullptr && others != nullptr && crls != nullptr && context != nullptr);
  CHECK(X509_STORE_add_cert(anchors.get(), material.anchor.get()) == 1);
  for (const X509Ptr& intermediate : material.intermediates) {
    CHECK(sk_X509_push(others.get(), intermediate.get()) > 0);
  }
  for (const Crl* crl : chain.crls) {
    CHECK(sk_X509_CRL_push(crls.get(), crl->x509()) > 0);
  }
  CHECK(X509_STORE_CTX_init(context.get(), anchors.get(), chain.leaf.x509(), others.get()) == 1);
  X509_STORE_CTX_set0_crls(context.get(), crls.get());
  // CRL_CHECK: the leaf's issuer alone owes a CRL. Roots rarely publish theirs in time.
  Configure(context.get(), chain.at, kStrict | X509_V_FLAG_CRL_CHECK);
  const bool valid = X509_verify_cert(context.get()) == 1;
  ERR_clear_error();
  if (!valid) {
    return ToResult(X509_STORE_CTX_get_error(context.get()));
  }
  return CheckCasNotRevoked(context.get(), chain.crls);
}

Result<std::string> IssuerOf(const Certificate& leaf,
                             const std::vector<std::string>& intermediates,
                             const std::string& anchor) {
  std::vector<std::string> candidates = intermediates;
  candidates.push_back(anchor);
  for (const std::string& der : candidates) {
    ASSIGN_OR_RETURN(const X509Ptr ca, ReadCa(der, "CA: "));
    const bool named = X509_check_issued(ca.get(), leaf.x509()) == X509_V_OK;
    const bool signed_by_it = named && X509_verify(leaf.x509(), X509_get0_pubkey(ca.get())) == 1;
    ERR_clear_error();
    if (signed_by_it) {
      return der;
    }
  }
  return Fail(Errc::kDenied, "none of the CAs given issued the outside certificate");
}

Result<void> VerifyAuthority(std::string_view ca, std::string_view above, UnixMillis at) {
  ASSIGN_OR_RETURN(const X509Ptr below, ReadCa(ca, "CA: "));
  ASSIGN_OR_RETURN(const X509Ptr anchor, ReadCa(above, "anchor: "));
  const StorePtr anchors(X509_STORE_new());
  const StoreContextPtr context(X509_STORE_CTX_new());
  CHECK(anchors != nullptr && context != nullptr);
  CHECK(X509_STORE_add_cert(anchors.get(), anchor.get()) == 1);
  CHECK(X509_STORE_CTX_init(context.get(), anchors.get(), below.get(), nullptr) == 1);
  Configure(context.get(), at, kStrict);
  const bool valid = X509_verify_cert(context.get()) == 1;
  ERR_clear_error();
  if (!valid) {
    return Fail(Errc::kDenied,
                std::string("the CA is not below the one it is claimed to be below: ") +
                    X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())));
  }
  return {};
}

Result<void> VerifyCrlBy(const Crl& crl, std::string_view ca_der) {
  ASSIGN_OR_RETURN(const X509Ptr ca, ReadCa(ca_der, "CA of a CRL: "));
  return CheckCrlSignature(crl.x509(), ca.get());
}

}  // namespace rujukan::certs
