// Signing certificates of CAs that are not ours: a domain may admit an agency whose certificate a
// government CA issued (RFC 5280). Certificate::FromOutsideDer reads such a certificate; this is
// what it is checked against. Thread: pure functions, any thread.
//
// An outside certificate says nothing about which of our addresses it belongs to: its names are
// never interpreted. Whoever admits it says so, and answers for it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "certs/certificate.h"
#include "certs/crl.h"

namespace rujukan::certs {

// What an admin is shown before a domain trusts a CA.
struct AnchorFacts {
  KeyId key_id;         // SHA-256 of the DER
  std::string subject;  // RFC 4514, one line
  UnixMillis not_before;
  UnixMillis not_after;
};
// DER, at most limits::kCertificateBytesMax, a CA by its basicConstraints, with an RSA key of at
// least limits::kOutsideRsaBitsMin or a key on P-256 or P-384. kInvalid, kLimit.
Result<AnchorFacts> ParseAnchor(std::string_view der);

// leaf <- intermediates, if any <- anchor, at time `at`.
struct OutsideChain {
  const Certificate& leaf;                 // from FromOutsideDer
  std::vector<std::string> intermediates;  // DER, at most limits::kOutsideIntermediatesMax
  std::string anchor;                      // DER; self-signed, or a CA below some root
  UnixMillis at;
  // Of the CA that issued the leaf, and, if at hand, of the CAs above it. Each verified
  // (VerifyCrlBy) when it was published: of two for one CA OpenSSL looks at the newer, forged or
  // not.
  std::vector<const Crl*> crls;
};
// OpenSSL's path validation in strict mode at 112 bits, and the leaf not on a CRL that its issuer
// signed and that holds at `at`; nor a CA of the chain on a CRL given of its issuer.
//   kDenied    the chain does not hold (OpenSSL's reason), or something in it is revoked: refuse
//   kNotFound  no CRL of the leaf's issuer, or one of that name only: get its CRL
//   kExpired   that CRL's time is over: get a newer one
//   kLimit, kInvalid  too many intermediates; one of them, or the anchor, is not a sound CA
Result<void> VerifyOutside(const OutsideChain& chain);

// The DER of the CA among `intermediates` and `anchor` whose key signed the leaf: its CRL counts.
// kDenied: none of them did.
Result<std::string> IssuerOf(const Certificate& leaf,
                             const std::vector<std::string>& intermediates,
                             const std::string& anchor);

// `ca` is `above` itself, or a CA that `above` issued and that holds at `at`. kInvalid, kDenied
// with OpenSSL's reason.
Result<void> VerifyAuthority(std::string_view ca, std::string_view above, UnixMillis at);

// As VerifyCrl, for an anchor or intermediate: kDenied unless this CA signed the CRL; kInvalid when
// `ca_der` is none that ParseAnchor accepts.
Result<void> VerifyCrlBy(const Crl& crl, std::string_view ca_der);

}  // namespace rujukan::certs
