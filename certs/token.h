// Private keys in a PKCS#11 token (a smart card, an HSM, SoftHSM2): they sign and never leave it.
// Thread: any; opening and making keys is serialised, since PKCS#11 is one state of the process.
//
// A key file that begins with "pkcs11:" is a reference and no key: an RFC 7512 URI with exactly the
// attributes token and object, and type=private if any. It holds no PIN and no path. The module is
// named by the environment variable RUJUKAN_PKCS11_MODULE, else p11-kit's proxy finds it.
//
// Known gap: PKCS#11 logs a process in, not a caller. Once a key of a token is open, a wrong PIN
// for another key of that token goes unnoticed until the process ends.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "certs/key.h"

namespace rujukan::certs {

bool IsTokenReference(std::string_view file);

// The P-256 key that `uri` names. The PIN is tried once (cards lock after three wrong ones).
//   kDenied       wrong or locked PIN: stop, do not retry
//   kNotFound     no such token, or no such private key in it
//   kUnavailable  the module or OpenSSL's engine is not installed (says which package), or the
//   token
//                 does not answer
//   kInvalid      no such URI, or a key that is not on P-256
Result<PrivateKey> OpenTokenKey(std::string_view uri, std::string_view pin);

// Makes a key pair inside the token, labelled as the URI's object, sensitive and not extractable,
// for signing only; durable when it returns. kConflict when the label is taken. Others as above.
Result<PrivateKey> GenerateInToken(std::string_view uri, std::string_view pin);

// As WriteSecretFile, though the reference is no secret: a key file is never overwritten.
Result<void> WriteTokenReference(const std::string& path, std::string_view uri);

}  // namespace rujukan::certs
