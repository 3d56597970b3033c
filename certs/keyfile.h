// Secrets in files: written 0600 and durably, refused when anybody else can read them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "certs/ed25519.h"
#include "certs/key.h"

namespace rujukan::certs {

// Writes temp + fsync + rename + fsync of the directory, mode 0600. kConflict when `path` exists
// (a key is never overwritten); kUnavailable on I/O errors.
Result<void> WriteSecretFile(const std::string& path, std::string_view secret);
// kDenied when group or others can read or write the file, or when it belongs to another user (and
// we are not root); the text says which chmod mends it. kNotFound when it is absent.
Result<std::string> ReadSecretFile(const std::string& path);

// PEM key files with an optional passphrase. What holds a reference to a token (token.h) is opened
// there, the passphrase being its PIN; a key that is in a token is not written (kInvalid).
Result<void> WriteKeyFile(const std::string& path,
                          const PrivateKey& key,
                          std::string_view passphrase);
Result<PrivateKey> ReadKeyFile(const std::string& path, std::string_view passphrase);

// Raw 32-byte keys as one line of base64 under a one-line label ("rujukan log key", ...), so that a
// file put in the wrong place is noticed (kInvalid).
Result<void> WriteRawKeyFile(const std::string& path,
                             std::string_view label,
                             std::string_view raw32);
Result<std::string> ReadRawKeyFile(const std::string& path, std::string_view label);

}  // namespace rujukan::certs
