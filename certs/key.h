// P-256 keys: signing (ECDSA with SHA-256) and key agreement. Raw private bytes never leave
// OpenSSL. Thread: immutable after construction, shared by const reference from any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct evp_pkey_st;

namespace rujukan::certs {

// Shared ownership of an OpenSSL key: cheap to copy, immutable.
using EvpKey = std::shared_ptr<evp_pkey_st>;

class PublicKey {
 public:
  explicit PublicKey(EvpKey key) : key_(std::move(key)) {}
  // DER SubjectPublicKeyInfo of a P-256 key; kInvalid for any other kind of key or curve.
  static Result<PublicKey> FromSpki(std::string_view der);
  std::string Spki() const;

  // True when `signature` (DER ECDSA-Sig-Value) is this key's over `message`. An attacker without
  // the private key cannot make one; whoever has a valid one can make another for the SAME message
  // (ECDSA is malleable), so signatures are never identifiers.
  bool Verify(std::string_view message, std::string_view signature) const;

  const EvpKey& evp() const { return key_; }

 private:
  EvpKey key_;
};

class PrivateKey {
 public:
  explicit PrivateKey(EvpKey key) : key_(std::move(key)) {}
  // A key that OpenSSL uses and does not hold: see token.h.
  static PrivateKey InToken(EvpKey key);
  static PrivateKey Generate();
  // PKCS#8 PEM, encrypted when `passphrase` is not empty. kDenied: wrong passphrase; kInvalid: not
  // P-256.
  static Result<PrivateKey> FromPem(std::string_view pem, std::string_view passphrase);
  // Requires: exportable() (CHECK).
  std::string ToPem(std::string_view passphrase) const;
  bool exportable() const { return exportable_; }  // false in a token

  // DER ECDSA-Sig-Value over SHA-256(message). A token that no longer answers ends the process
  // (CHECK), as a failing OpenSSL would: nothing can be promised without the key.
  std::string Sign(std::string_view message) const;
  PublicKey Public() const;

  const EvpKey& evp() const { return key_; }

 private:
  EvpKey key_;
  bool exportable_ = true;
};

}  // namespace rujukan::certs
