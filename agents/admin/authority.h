// The authority of a domain: root, issuing CA and admin keys, and the genesis entry that founds the
// ledger. The broker receives what it needs to run (its ledger key, its CURVE key, the genesis),
// and never a key that could make an identity.
//
// ADMIN_DIR                                  BROKER_DIR
//   root.key  root.crt      10 years           log.key        signs checkpoints
//   issuing.key issuing.crt  5 years           transport.key  CURVE
//   admin.key admin.crt      1 year            genesis.pb     GenesisRecorded
//   transport.key            CURVE             vkey           public half of log.key
//   domain.json              not secret
// Keys are 0600, the folders 0700. After `init` root.key belongs offline: only a new
// issuing CA needs it. A key file may be a reference to a token (certs/token.h). The home of an
// admin who joined later (join.h) has no root.key, and no issuing.key until somebody brings it.
#pragma once

#include <optional>
#include <string>

#include "agents/link/member_home.h"
#include "base/clock.h"
#include "base/result.h"
#include "certs/certificate.h"
#include "certs/ed25519.h"
#include "certs/issue.h"
#include "certs/key.h"
#include "ledger/view.h"

namespace rujukan::admin {

inline constexpr std::string_view kLogKeyLabel = "rujukan log key";

struct NewDomain {
  std::string domain;
  std::string home;             // ADMIN_DIR
  std::string broker_identity;  // BROKER_DIR
  std::string official_name;    // of the first admin
  std::string passphrase;       // "" leaves the admin's keys unencrypted; a token's PIN
  std::string policy = {};      // document in force from the start; "": none
  std::string token = {};       // "pkcs11:token=NAME": the three keys are made in it; "": in files
};

// Makes a domain. kConflict: one of the folders holds one already (nothing is overwritten, ever).
// kInvalid: the domain is not a DNS-like name, or the policy does not parse or contradicts its own
// examples. Token: as certs::GenerateInToken. A crash leaves folders without domain.json: remove
// both and start again.
Result<link::DomainFile> InitDomain(const NewDomain& request, UnixMillis now);

// What an admin signs and issues with. Loaded once per command.
struct Authority : link::Caller {
  certs::Certificate root;
  certs::Certificate issuing;                    // as this home has it; see IssuingCaOf
  std::optional<certs::PrivateKey> issuing_key;  // nullopt: not in this home
  certs::Certificate admin;
  certs::PrivateKey admin_key;
};
// kDenied: a key file is open to others, or the passphrase is wrong. kNotFound: not an admin's
// home, or one whose admin is not admitted yet.
Result<Authority> LoadAuthority(const std::string& home, const std::string& passphrase);

// What issues certificates and CRLs now: a root act may have replaced the CA of `init`, so the
// certificate is the one in force in the directory.
struct IssuingCa {
  certs::Certificate certificate;
  certs::PrivateKey key;
  certs::Issuer issuer() const { return {certificate, key}; }
};
// kNotFound: this home has no issuing key. kConflict: it has one, of a CA that is not in force any
// more. The text says which files to bring from where.
Result<IssuingCa> IssuingCaOf(const Authority& authority, const ledger::View& directory);

}  // namespace rujukan::admin
