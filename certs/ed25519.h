// Ed25519 (RFC 8032) for the ledger's checkpoints and for invitations, and X25519 pairs for CURVE.
// Deterministic: the same key and message always give the same signature.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"

struct evp_pkey_st;

namespace rujukan::certs {

class Ed25519Key {
 public:
  static Ed25519Key Generate();
  static Result<Ed25519Key> FromSeed(std::string_view seed);  // 32 bytes
  ~Ed25519Key();                                              // wipes the seed
  Ed25519Key(const Ed25519Key&) = default;
  Ed25519Key& operator=(const Ed25519Key&) = default;

  std::string Sign(std::string_view message) const;            // 64 bytes
  const std::string& public_bytes() const { return public_; }  // 32 bytes
  std::string_view seed() const;  // secret: for writing a key file or an invitation only

 private:
  Ed25519Key() = default;
  std::array<char, 32> seed_{};
  std::string public_;
  std::shared_ptr<evp_pkey_st> key_;  // made once: deriving it costs as much as signing
};

// False for a wrong signature or for keys and signatures of the wrong length.
bool Ed25519Verify(std::string_view public_key,
                   std::string_view message,
                   std::string_view signature);

// A CURVE (X25519) pair in ZeroMQ's raw binary form.
struct TransportKeyPair {
  TransportKey public_key;
  std::string secret_key;  // 32 bytes, secret
};
TransportKeyPair GenerateTransportKeyPair();
// The public half of a raw secret key read from a file. kInvalid when not 32 bytes.
Result<TransportKeyPair> TransportKeyPairFromSecret(std::string_view secret_key);

}  // namespace rujukan::certs
