// This agency as the directory knows it: its certificates together with the private halves in the
// home.
#pragma once

#include <optional>
#include <string>

#include "agents/agency/home.h"
#include "agents/link/envelope.h"
#include "certs/certificate.h"
#include "ledger/view.h"

namespace rujukan::agency {

struct Identity {
  std::string address;
  certs::Certificate signing;
  certs::Certificate encryption;
  const Keys* keys;  // outlives this

  link::SigningKey signing_key() const { return {keys->signing, signing.key_id()}; }
  link::OpeningKey opening_key() const { return {encryption, keys->encryption}; }
};

// nullopt: not (or no longer) admitted as far as the directory has been followed. kDenied: admitted
// with other keys than the home's: a copied or mixed-up home.
Result<std::optional<Identity>> LoadIdentity(const ledger::View& directory,
                                             const std::string& address,
                                             const Keys& keys);

}  // namespace rujukan::agency
