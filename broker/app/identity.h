// Who this broker is: the directory `rujukan-admin init` made for it. Without it the broker has a
// ledger key and a transport key, and no power to make identities.
#pragma once

#include <string>

#include "base/result.h"
#include "certs/ed25519.h"
#include "ledger/note.h"

namespace rujukan::broker {

struct Identity {
  ledger::NoteSigner signer;          // log.key: signs checkpoints; name rujukan/<domain>
  certs::TransportKeyPair transport;  // transport.key: CURVE
  std::string genesis;                // genesis.pb: GenesisRecorded bytes
  std::string domain;
};

// kDenied: a secret can be read by others. kInvalid, kNotFound: which file, and what is wrong. The
// keys are those the genesis names: a key file of another domain is noticed here.
Result<Identity> ReadIdentity(const std::string& directory);

// The operator's own token for the entries (net/entry_routes.h): the first word of a file, which is
// made, with 32 random bytes in hex, when it is not there. kDenied: others can read it. kInvalid:
// it is empty.
Result<std::string> ReadOrMakeOperatorToken(const std::string& path);

// Only what a verifier needs, from genesis.pb: no secret is read.
Result<ledger::NoteVerifier> ReadLogVerifier(const std::string& directory);

}  // namespace rujukan::broker
