// A domain for tests: root, issuing CA, and certificates on demand. Keys are new each time.
#pragma once

#include <string>

#include "certs/issue.h"

namespace rujukan::certs::testing {

inline constexpr UnixMillis kNow = 1'763'769'600'000;  // 2025-11-22T00:00:00Z
inline constexpr UnixMillis kDay = 24LL * 3600 * 1000;
inline constexpr char kDomain[] = "lampung.example";
inline constexpr char kAgency[] = "dinsos.18.71@lampung.example";

struct SmallDomain {
  PrivateKey root_key = PrivateKey::Generate();
  PrivateKey issuing_key = PrivateKey::Generate();
  Certificate root = MakeRoot(root_key, kDomain, {kNow - 10 * kDay, kNow + 3650 * kDay}).value();
  Certificate issuing =
      MakeIssuing(
          {root, root_key}, issuing_key.Public(), kDomain, {kNow - 10 * kDay, kNow + 1000 * kDay})
          .value();

  Result<Certificate> Issue(const PublicKey& subject,
                            Usage usage,
                            const std::string& address = kAgency,
                            Validity validity = {kNow - kDay, kNow + 365 * kDay}) const {
    return IssueLeaf({issuing, issuing_key}, {subject, address, usage, validity});
  }

  Result<void> Verify(const Certificate& leaf,
                      Usage usage = Usage::kSigning,
                      std::string_view address = kAgency,
                      UnixMillis at = kNow) const {
    return VerifyChain({leaf, issuing, root, at, usage, address});
  }
};

// A key pair with its encryption certificate.
struct Reader {
  explicit Reader(const SmallDomain& domain, const std::string& address = kAgency)
      : key(PrivateKey::Generate()),
        certificate(domain.Issue(key.Public(), Usage::kEncryption, address).value()) {}
  PrivateKey key;
  Certificate certificate;
};

}  // namespace rujukan::certs::testing
