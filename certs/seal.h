// Sealing: CMS AuthEnvelopedData (RFC 5083), AES-256-GCM, key agreement ECDH P-256 with a SHA-256
// KDF (RFC 5753 dhSinglePass-stdDH-sha256kdf-scheme). `openssl cms -decrypt` opens it.
//
// Plaintext framing before encryption (docs/formats/sealed-content.md):
//   salt (32 random bytes) || big-endian u32 length || content || zeros up to the Padmé length
// so the ciphertext's length tells at most O(log log n) bits. The header's content_commitment is
// SHA-256(salt || framed plaintext without the salt), which lets a reader prove later what was
// said.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "certs/certificate.h"
#include "certs/key.h"

namespace rujukan::certs {

// Padmé (Nikitin et al., PETS 2019, algorithm 1): the padded length of `length` bytes, at most
// 12 % more. PadmeLength(0) = 0.
uint64_t PadmeLength(uint64_t length);

struct Sealed {
  std::string ciphertext;  // CMS ContentInfo, DER
  Digest digest;           // SHA-256 of the ciphertext
  Digest commitment;
};

// Seals to 1..limits::kRecipientKeysMax encryption certificates. kLimit when the ciphertext would
// be over limits::kContentBytesMax: shorten the content or split it.
Result<Sealed> Seal(std::string_view content, std::span<const Certificate> recipients);

struct Opened {
  std::string content;
  Digest commitment;  // compare with the header's before believing the content
};
// kDenied: this key opens nothing in it. kCorrupt: authentication failed; nothing of the plaintext
// is returned. kInvalid: not CMS AuthEnvelopedData of the shape above.
Result<Opened> Open(std::string_view ciphertext,
                    const Certificate& certificate,
                    const PrivateKey& key);

// The opening: the framed plaintext that the commitment is about. Who hands it over proves what was
// sent. Whoever asked for it wipes it. Errors as Open, but the framing is not looked at.
Result<std::string> OpenFramed(std::string_view ciphertext,
                               const Certificate& certificate,
                               const PrivateKey& key);
// What an opening holds and commits to. kInvalid: bad framing.
Result<Opened> ReadOpening(std::string_view framed);

}  // namespace rujukan::certs
