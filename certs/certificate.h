// X.509 certificates of agencies (RFC 5280): who, which key, what for, how long.
// Thread: immutable after parsing.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "certs/key.h"

struct x509_st;

namespace rujukan::certs {

enum class Usage { kSigning, kEncryption, kAuthority };

class Certificate {
 public:
  // DER, at most limits::kCertificateBytesMax, P-256 key, nothing after the certificate. kInvalid
  // says what is wrong. Parsing proves nothing about who issued it: see VerifyChain.
  static Result<Certificate> FromDer(std::string_view der);
  static Result<Certificate> FromPem(std::string_view pem);
  // A signing certificate of a CA that is not ours, whatever its names: address() is "", usage()
  // is kSigning. Not a CA's; keyUsage has digitalSignature, and may have other bits of a leaf's.
  // Limits as above. To be checked with VerifyOutside (outside.h), never with VerifyChain.
  static Result<Certificate> FromOutsideDer(std::string_view der);

  const std::string& der() const { return der_; }
  std::string Pem() const;
  const KeyId& key_id() const { return key_id_; }  // SHA-256 of the DER
  // Big-endian, no leading zeros: what a CRL lists. Unique for one issuer only.
  const std::string& serial() const { return serial_; }
  // One line of UTF-8 (RFC 4514), for people. Never to decide who it is: see address().
  const std::string& subject() const { return subject_; }
  // The only SAN rfc822Name; "" for an authority and for an outside certificate.
  const std::string& address() const { return address_; }
  // From keyUsage: digitalSignature, keyAgreement or keyCertSign.
  Usage usage() const { return usage_; }
  UnixMillis not_before() const { return not_before_; }
  UnixMillis not_after() const { return not_after_; }
  PublicKey public_key() const { return PublicKey(key_); }
  x509_st* x509() const { return x509_.get(); }

 private:
  Certificate() = default;
  static Result<Certificate> Read(std::string_view der);

  std::shared_ptr<x509_st> x509_;
  std::string der_;
  KeyId key_id_;
  std::string serial_;
  std::string subject_;
  std::string address_;
  Usage usage_ = Usage::kSigning;
  UnixMillis not_before_ = 0;
  UnixMillis not_after_ = 0;
  EvpKey key_;
};

// Checks leaf <- issuing <- root at time `at` with OpenSSL's own path validation: signatures,
// validity, basicConstraints, path length, name constraints (so a domain cannot vouch for an
// address outside it), and that the leaf has exactly `usage` and address `address`. kDenied with
// OpenSSL's reason.
struct ChainRequest {
  const Certificate& leaf;
  const Certificate& issuing;
  const Certificate& root;
  UnixMillis at;
  Usage usage;
  std::string_view address;
};
Result<void> VerifyChain(const ChainRequest& request);

}  // namespace rujukan::certs
