// A certification authority that is not the domain's, with its leaves and its CRLs, in the
// simulated time of a World. (tests/unit/certs/government.h is one made by openssl, in real time.)
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/clock.h"
#include "certs/crl.h"
#include "certs/hash.h"
#include "certs/issue.h"

namespace rujukan::testing {

class OutsideCa {
 public:
  // Two of one name differ in their key alone.
  OutsideCa(UnixMillis now, std::string_view name)
      : name_(name),
        key_(certs::PrivateKey::Generate()),
        certificate_(
            certs::MakeRoot(key_, name, {now - kHourMs, now + 3650 * 24 * kHourMs}).value()) {}

  const std::string& der() const { return certificate_.der(); }
  std::string id() const { return certs::Sha256(der()).str(); }  // as anchors are named

  // A signing certificate as FromOutsideDer reads it.
  certs::Certificate Leaf(const certs::PrivateKey& key, UnixMillis now) const {
    const auto leaf = certs::IssueLeaf({certificate_, key_},
                                       {key.Public(),
                                        "orang@" + name_,
                                        certs::Usage::kSigning,
                                        {now - kHourMs, now + 365 * 24 * kHourMs}});
    return certs::Certificate::FromOutsideDer(leaf.value().der()).value();
  }
  std::string Crl(uint64_t number,
                  UnixMillis now,
                  const std::vector<std::string>& serials = {},
                  UnixMillis life_ms = 30 * 24 * kHourMs) const {
    return CrlOf({certificate_, key_}, number, now, serials, life_ms);
  }
  static std::string CrlOf(const certs::Issuer& issuer,
                           uint64_t number,
                           UnixMillis now,
                           const std::vector<std::string>& serials = {},
                           UnixMillis life_ms = 30 * 24 * kHourMs) {
    certs::CrlDraft draft{number, now, now + life_ms, {}};
    for (const std::string& serial : serials) {
      draft.revoked.push_back({serial, now, 0});
    }
    return certs::IssueCrl(issuer, draft).value();
  }

 private:
  static constexpr UnixMillis kHourMs = 3'600'000;

  std::string name_;
  certs::PrivateKey key_;
  certs::Certificate certificate_;
};

}  // namespace rujukan::testing
