// The home of a member without a mailbox: an admin, a steward, an auditor or a registrar. What
// every such home has, whoever made it:
//
//   domain.json            pins and doors              transport.key   CURVE
//   admin.key admin.crt    what the member signs with  root.crt issuing.crt
// Key files are 0600, the folder 0700. Thread: any; one writer a home.
#pragma once

#include <string>
#include <string_view>

#include "agents/link/domain_file.h"
#include "base/result.h"
#include "certs/certificate.h"
#include "certs/ed25519.h"
#include "certs/key.h"

namespace rujukan::link {

inline constexpr std::string_view kTransportKeyLabel = "rujukan transport key";

// What a home needs to reach its broker.
struct Caller {
  DomainFile domain;
  certs::TransportKeyPair transport;
};
// kNotFound, kInvalid: not a member's home. kDenied: transport.key is open to others.
Result<Caller> LoadCaller(const std::string& home);

// What its member signs with.
struct MemberKeys {
  certs::Certificate certificate;
  certs::PrivateKey key;
};
// kDenied: the key file is open to others, or the passphrase is wrong. kNotFound: the member is not
// admitted yet. kConflict: key and certificate do not belong together.
Result<MemberKeys> LoadMemberKeys(const std::string& home, const std::string& passphrase);

// PEM. kNotFound: it cannot be read; kInvalid: it holds no certificate of ours.
Result<certs::Certificate> ReadHomeCertificate(const std::string& path);

// Out of `passphrase_file` (0600) or, when that is "", RUJUKAN_PASSPHRASE; "" when neither is
// given.
Result<std::string> ReadPassphrase(const std::string& passphrase_file);

// The folder exists and is for its owner alone. kUnavailable.
Result<void> MakePrivateFolder(const std::string& path);

}  // namespace rujukan::link
