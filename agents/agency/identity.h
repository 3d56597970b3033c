// This agency as the directory knows it: its certificates in force together with the private halves
// in the home, and every older key that still opens mail.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/agency/keychain.h"
#include "agents/link/envelope.h"
#include "certs/certificate.h"
#include "ledger/view.h"

namespace rujukan::agency {

struct Identity {
  std::string address;
  certs::Certificate signing;
  certs::PrivateKey signing_private;
  std::vector<link::OpeningKey> openings;  // the key in force first
  std::string signing_file;                // which file of the home each is in
  std::string encryption_file;

  const certs::Certificate& encryption() const { return openings.front().certificate; }
  link::SigningKey signing_key() const { return {signing_private, signing.key_id()}; }
};

// nullopt: not (or no longer) admitted as far as the directory has been followed. kDenied: admitted
// with other keys than any of the home's: a copied or mixed-up home.
Result<std::optional<Identity>> LoadIdentity(const ledger::View& directory,
                                             const std::string& address,
                                             const KeyChain& chain);

}  // namespace rujukan::agency
