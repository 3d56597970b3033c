// Certificate revocation lists (RFC 5280 s5): what a CA no longer stands for, readable without us.
// Thread: immutable after parsing.
//
// A CRL is only as good as it is new, and OpenSSL, like any verifier that keeps no state, accepts
// an old one with a signature. Whoever publishes or keeps CRLs must refuse a number() that is not
// above the last one of the same issuer; nothing in this room remembers it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "certs/certificate.h"
#include "certs/issue.h"

struct X509_crl_st;

namespace rujukan::certs {

class Crl {
 public:
  // DER, at most limits::kCrlBytesMax (kLimit), complete: neither a delta, nor indirect, nor for a
  // part of its CA's certificates only; with a cRLNumber of at most 64 bits and a nextUpdate;
  // signed with SHA-256 or longer; no critical extension but those. kInvalid says what is wrong.
  // Parsing proves nothing about who issued it: see VerifyCrl.
  static Result<Crl> FromDer(std::string_view der);

  const std::string& der() const { return der_; }
  const std::string& issuer() const { return issuer_; }  // RFC 4514, for people
  uint64_t number() const { return number_; }            // cRLNumber: grows with each of an issuer
  UnixMillis this_update() const { return this_update_; }
  UnixMillis next_update() const { return next_update_; }  // from then on it says nothing

  bool Lists(std::string_view serial) const;                            // see Certificate::serial()
  const std::vector<std::string>& serials() const { return serials_; }  // sorted
  // Whether the names are equal, which a forger can arrange.
  bool IsNamedBy(const Certificate& issuer) const;
  X509_crl_st* x509() const { return crl_.get(); }

 private:
  Crl() = default;
  std::shared_ptr<X509_crl_st> crl_;
  std::string der_;
  std::string issuer_;
  uint64_t number_ = 0;
  UnixMillis this_update_ = 0;
  UnixMillis next_update_ = 0;
  std::vector<std::string> serials_;
};

// kDenied unless `issuer` has the CRL's name, may sign CRLs, and its key signed this one. Says
// nothing about time and number. For a CA that is not one of ours: VerifyCrlBy (outside.h).
Result<void> VerifyCrl(const Crl& crl, const Certificate& issuer);

struct RevokedSerial {
  std::string serial;
  UnixMillis at;
  int reason;  // CRLReason, RFC 5280 s5.3.1; 0: unspecified
};
struct CrlDraft {
  uint64_t number;
  UnixMillis this_update;
  UnixMillis next_update;
  std::vector<RevokedSerial> revoked;  // any order, no serial twice
};
// DER that Crl::FromDer accepts. kInvalid: the draft, or a CA without cRLSign; kLimit: over
// limits::kCrlBytesMax, so leave out certificates that have expired; kUnavailable: the key's token.
Result<std::string> IssueCrl(const Issuer& issuer, const CrlDraft& draft);

}  // namespace rujukan::certs
