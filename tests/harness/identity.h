// An agency as the wire knows it: its keys, read from the home that `rujukan-agent join` made, and
// its own copy of the directory, for tests that speak the protocol themselves. Thread: one owner.
#pragma once

#include <memory>
#include <string>

#include "agents/agency/home.h"
#include "agents/link/client.h"
#include "agents/link/envelope.h"
#include "certs/certificate.h"
#include "ledger/view.h"

namespace rujukan::testing {

class Identity {
 public:
  // Connects once to follow the directory. CHECKs that it works.
  explicit Identity(const std::string& home);

  const std::string& address() const { return config_.address; }
  link::SigningKey signer() const { return {keys_.signing, signing_key_id_}; }
  // A client with these keys, not yet connected.
  std::unique_ptr<link::Client> MakeClient(uint32_t window, uint32_t credit) const;

  certs::Certificate EncryptionCertificateOf(const std::string& address) const;

  // A referral to `to` that opens a leg of its own, not yet sealed.
  v1::Header ReferralTo(const std::string& to) const;
  // Sealed to `to`; signed alone.
  v1::Envelope Referral(const std::string& to, const v1::Content& content) const;

 private:
  agency::Config config_;
  agency::Keys keys_;
  KeyId signing_key_id_;
  ledger::MemoryView directory_;
};

// The id of a signed envelope's message.
std::string MessageIdOf(const v1::Envelope& envelope);

}  // namespace rujukan::testing
