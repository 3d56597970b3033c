#include "certs/issue.h"

#include <openssl/err.h>

#include <vector>

#include "base/address.h"
#include "base/check.h"
#include "certs/openssl_ptr.h"
#include "certs/random.h"
#include "certs/subject_name.h"

namespace rujukan::certs {
namespace {

constexpr int kVersion3 = 2;  // X.509 counts versions from 0

// What every certificate made here is made of.
struct Draft {
  const X509_NAME* subject;
  const EVP_PKEY* subject_key;
  Validity validity;
  X509* issuer;  // nullptr: self-signed
  const PrivateKey& issuer_key;
};

using NamePtr = OpensslPtr<X509_NAME, X509_NAME_free>;

void AddPart(X509_NAME* name, int nid, std::string_view text) {
  CHECK(X509_NAME_add_entry_by_NID(
            name, nid, MBSTRING_UTF8, Raw(text), static_cast<int>(text.size()), -1, 0) == 1);
}

// DC=example, DC=lampung, <nid>=text (RFC 4519). CN and O stop at 64 characters; these do not, and
// an address may have 128.
NamePtr MakeName(std::string_view domain, int nid, std::string_view text) {
  NamePtr name(X509_NAME_new());
  CHECK(name != nullptr);
  while (true) {
    const size_t dot = domain.rfind('.');
    AddPart(name.get(), NID_domainComponent, domain.substr(dot + 1));  // npos + 1 is 0: all of it
    if (dot == std::string_view::npos) {
      break;
    }
    domain = domain.substr(0, dot);
  }
  AddPart(name.get(), nid, text);
  return name;
}

void SetRandomSerial(X509* x509) {
  std::string bytes = RandomBytes(16);
  bytes[0] = static_cast<char>((static_cast<unsigned char>(bytes[0]) & 0x3f) | 0x40);  // positive
  const OpensslPtr<BIGNUM, BN_free> number(
      BN_bin2bn(Raw(bytes), static_cast<int>(bytes.size()), nullptr));
  CHECK(number != nullptr);
  CHECK(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x509)) != nullptr);
}

Result<void> SetValidity(X509* x509, const Validity& validity) {
  if (validity.not_before >= validity.not_after) {
    return Fail(Errc::kInvalid, "a certificate must end after it begins");
  }
  const bool set =
      ASN1_TIME_set(X509_getm_notBefore(x509), validity.not_before / 1000) != nullptr &&
      ASN1_TIME_set(X509_getm_notAfter(x509), validity.not_after / 1000) != nullptr;
  if (!set) {
    ERR_clear_error();
    return Fail(Errc::kInvalid, "a certificate's validity is beyond the year 9999");
  }
  return {};
}

// `value` is OpenSSL's extension syntax: constants of this file, or a domain that was parsed.
void AddExtension(X509* x509, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer == nullptr ? x509 : issuer, x509, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  CHECK(extension != nullptr && X509_add_ext(x509, extension.get(), -1) == 1);
}

Result<X509Ptr> Begin(const Draft& draft) {
  X509Ptr x509(X509_new());
  CHECK(x509 != nullptr);
  const X509_NAME* issuer =
      draft.issuer == nullptr ? draft.subject : X509_get_subject_name(draft.issuer);
  CHECK(X509_set_version(x509.get(), kVersion3) == 1);
  SetRandomSerial(x509.get());
  RETURN_IF_ERROR(SetValidity(x509.get(), draft.validity));
  CHECK(X509_set_subject_name(x509.get(), draft.subject) == 1);
  CHECK(X509_set_issuer_name(x509.get(), issuer) == 1);
  CHECK(X509_set_pubkey(x509.get(), const_cast<EVP_PKEY*>(draft.subject_key)) == 1);
  AddExtension(x509.get(), draft.issuer, NID_subject_key_identifier, "hash");
  if (draft.issuer != nullptr) {
    AddExtension(x509.get(), draft.issuer, NID_authority_key_identifier, "keyid:always");
  }
  return x509;
}

Result<Certificate> SignAndParse(X509* x509, const Draft& draft) {
  if (X509_sign(x509, draft.issuer_key.evp().get(), EVP_sha256()) <= 0) {
    return Fail(Errc::kUnavailable, "the issuing key does not sign: " + TakeOpensslReason());
  }
  return Certificate::FromDer(ToDer<i2d_X509>(x509));
}

Result<void> CheckDomain(std::string_view domain) {
  if (!AgencyAddress::Parse("a@" + std::string(domain))) {
    return Fail(Errc::kInvalid, "a domain is lower case with a dot, like lampung.example");
  }
  return {};
}

Result<void> CheckIssuing(const Issuer& issuer, const Validity& validity) {
  RETURN_IF_ERROR(CheckIssuer(issuer));
  if (validity.not_after / 1000 * 1000 > issuer.certificate.not_after()) {
    return Fail(Errc::kInvalid,
                "a certificate cannot outlive its CA, which ends " +
                    FormatTime(issuer.certificate.not_after()));
  }
  return {};
}

}  // namespace

Result<void> CheckIssuer(const Issuer& issuer) {
  if (issuer.certificate.usage() != Usage::kAuthority) {
    return Fail(Errc::kInvalid, "only a CA certificate issues certificates and CRLs");
  }
  // By their encoding: OpenSSL does not compare a key in a token with one in a certificate.
  if (issuer.certificate.public_key().Spki() != issuer.key.Public().Spki()) {
    return Fail(Errc::kInvalid, "this key is not the key of the CA certificate");
  }
  return {};
}

Result<Certificate> MakeRoot(const PrivateKey& key,
                             std::string_view domain,
                             const Validity& validity) {
  RETURN_IF_ERROR(CheckDomain(domain));
  const NamePtr name = MakeName(domain, NID_commonName, "Rujukan root CA");
  const Draft draft{name.get(), key.evp().get(), validity, nullptr, key};
  ASSIGN_OR_RETURN(const X509Ptr x509, Begin(draft));
  AddExtension(x509.get(), nullptr, NID_basic_constraints, "critical,CA:TRUE,pathlen:1");
  AddExtension(x509.get(), nullptr, NID_key_usage, "critical,keyCertSign,cRLSign");
  AddExtension(
      x509.get(), nullptr, NID_name_constraints, "critical,permitted;email:" + std::string(domain));
  return SignAndParse(x509.get(), draft);
}

Result<Certificate> MakeIssuing(const Issuer& root,
                                const PublicKey& subject,
                                std::string_view domain,
                                const Validity& validity) {
  RETURN_IF_ERROR(CheckDomain(domain));
  RETURN_IF_ERROR(CheckIssuing(root, validity));
  const NamePtr name = MakeName(domain, NID_commonName, "Rujukan issuing CA");
  X509* issuer = root.certificate.x509();
  const Draft draft{name.get(), subject.evp().get(), validity, issuer, root.key};
  ASSIGN_OR_RETURN(const X509Ptr x509, Begin(draft));
  AddExtension(x509.get(), issuer, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  AddExtension(x509.get(), issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
  return SignAndParse(x509.get(), draft);
}

Result<Certificate> IssueLeaf(const Issuer& issuer, const LeafRequest& request) {
  ASSIGN_OR_RETURN(const AgencyAddress address, AgencyAddress::Parse(request.address));
  RETURN_IF_ERROR(CheckIssuing(issuer, request.validity));
  if (request.usage == Usage::kAuthority) {
    return Fail(Errc::kInvalid, "an agency certificate is for signing or for encryption");
  }
  const NamePtr name = MakeName(address.domain(), NID_userId, address.name());
  X509* by = issuer.certificate.x509();
  const Draft draft{name.get(), request.subject.evp().get(), request.validity, by, issuer.key};
  ASSIGN_OR_RETURN(const X509Ptr x509, Begin(draft));
  const bool signing = request.usage == Usage::kSigning;
  AddExtension(x509.get(), by, NID_basic_constraints, "critical,CA:FALSE");
  AddExtension(x509.get(),
               by,
               NID_key_usage,
               signing ? "critical,digitalSignature" : "critical,keyAgreement");
  const GeneralNamesPtr names = NamesOf(address.text());
  CHECK(X509_add1_ext_i2d(x509.get(), NID_subject_alt_name, names.get(), 0, 0) == 1);
  return SignAndParse(x509.get(), draft);
}

}  // namespace rujukan::certs
