// The authority of a domain: root, issuing CA and admin keys, and the genesis entry that founds the
// ledger. The broker receives what it needs to run (its ledger key, its CURVE key, the genesis),
// and never a key that could make an identity.
//
// ADMIN_DIR                                  BROKER_DIR
//   root.key  root.crt      10 years           log.key        signs checkpoints
//   issuing.key issuing.crt  5 years           transport.key  CURVE
//   admin.key admin.crt      1 year            genesis.pb     GenesisRecorded
//   transport.key            CURVE             auditor.token  read access to entries
//   domain.json              not secret        vkey           public half of log.key
// Keys and token are 0600, the folders 0700. After `init` root.key belongs offline: only a new
// issuing CA needs it.
#pragma once

#include <string>

#include "agents/admin/domain_file.h"
#include "base/clock.h"
#include "base/result.h"
#include "certs/certificate.h"
#include "certs/ed25519.h"
#include "certs/key.h"

namespace rujukan::admin {

inline constexpr std::string_view kLogKeyLabel = "rujukan log key";
inline constexpr std::string_view kTransportKeyLabel = "rujukan transport key";

struct NewDomain {
  std::string domain;
  std::string home;             // ADMIN_DIR
  std::string broker_identity;  // BROKER_DIR
  std::string official_name;    // of the first admin
  std::string passphrase;       // "" leaves the admin's keys unencrypted
};

// Makes a domain. kConflict: one of the folders holds one already (nothing is overwritten, ever).
// kInvalid: the domain is not a DNS-like name. A crash leaves folders without domain.json: remove
// both and start again.
Result<DomainFile> InitDomain(const NewDomain& request, UnixMillis now);

// What an admin signs and issues with. Loaded once per command.
struct Authority {
  DomainFile domain;
  certs::Certificate root;
  certs::Certificate issuing;
  certs::PrivateKey issuing_key;
  certs::Certificate admin;
  certs::PrivateKey admin_key;
  certs::TransportKeyPair transport;
};
// kDenied: a key file is open to others, or the passphrase is wrong. kNotFound: not an admin's
// home.
Result<Authority> LoadAuthority(const std::string& home, const std::string& passphrase);

}  // namespace rujukan::admin
