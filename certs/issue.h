// Issuing: root, issuing CA, agency certificates, and the requests (PKCS#10) they answer.
// Only admins link what uses this; the broker has no issuing key.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "certs/certificate.h"
#include "certs/key.h"

namespace rujukan::certs {

struct Validity {
  UnixMillis not_before;
  UnixMillis not_after;
};

// Self-signed root: CA, pathlen 1, critical nameConstraints permitted;email:<domain>.
Result<Certificate> MakeRoot(const PrivateKey& key,
                             std::string_view domain,
                             const Validity& validity);

struct Issuer {
  const Certificate& certificate;
  const PrivateKey& key;
};
// kInvalid unless it is a CA with its own key.
Result<void> CheckIssuer(const Issuer& issuer);

// Issuing CA: pathlen 0.
Result<Certificate> MakeIssuing(const Issuer& root,
                                const PublicKey& subject,
                                std::string_view domain,
                                const Validity& validity);

// Agency certificate with SAN rfc822Name = address and one critical keyUsage.
struct LeafRequest {
  PublicKey subject;
  std::string address;
  Usage usage;
  Validity validity;
};
Result<Certificate> IssueLeaf(const Issuer& issuer, const LeafRequest& request);

// PKCS#10 request: proves possession of the key. The address goes into a requested SAN.
std::string MakeCsr(const PrivateKey& key, std::string_view address);

struct Csr {
  PublicKey key;
  std::string address;
};
// Checks the self-signature and that it asks for exactly one rfc822Name. kInvalid / kDenied.
Result<Csr> ParseCsr(std::string_view der);

}  // namespace rujukan::certs
