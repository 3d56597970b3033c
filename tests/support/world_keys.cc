// New keys for the members of a World: made, asked for, granted.

#include "base/check.h"
#include "certs/batch.h"
#include "certs/issue.h"
#include "certs/random.h"
#include "rujukan/v1/entry.pb.h"
#include "tests/support/world.h"

namespace rujukan::testing {
namespace {

constexpr UnixMillis kHour = 3'600'000;
constexpr UnixMillis kDay = 24 * kHour;

}  // namespace

Member World::NewKeys(std::string_view name, int days) const {
  const std::string address = Address(name);
  auto signing = certs::PrivateKey::Generate();
  auto encryption = certs::PrivateKey::Generate();
  const certs::Validity validity{now_ - kHour, now_ + days * kDay};
  auto signing_certificate =
      certs::IssueLeaf(issuer(), {signing.Public(), address, certs::Usage::kSigning, validity});
  auto encryption_certificate = certs::IssueLeaf(
      issuer(), {encryption.Public(), address, certs::Usage::kEncryption, validity});
  CHECK(signing_certificate.has_value() && encryption_certificate.has_value());
  const auto known = members_.find(address);
  return Member{address,
                known == members_.end() ? v1::Role::AGENCY : known->second->role,
                std::move(signing),
                std::move(encryption),
                std::move(*signing_certificate),
                std::move(*encryption_certificate),
                certs::GenerateTransportKeyPair()};
}

v1::Act World::RequestKeysAct(const Member& next) {
  v1::Act act;
  v1::RequestKeys& request = *act.mutable_request_keys();
  request.set_signing_csr(certs::MakeCsr(next.signing_key, next.address));
  if (next.role == v1::Role::AGENCY) {
    request.set_encryption_csr(certs::MakeCsr(next.encryption_key, next.address));
  }
  request.set_transport_key(next.transport.public_key.str());
  act.set_actor(next.address);
  return act;
}

v1::Act World::GrantKeysAct(const Member& next, const v1::Entry& request) const {
  v1::Act asked;
  CHECK(asked.ParseFromString(request.act().act()));
  v1::Act act;
  v1::GrantKeys& grant = *act.mutable_grant_keys();
  grant.set_address(next.address);
  grant.set_request_act(asked.act_id());
  grant.set_signing_certificate(next.signing_certificate.der());
  if (next.role == v1::Role::AGENCY) {
    grant.set_encryption_certificate(next.encryption_certificate.der());
  }
  return act;
}

Member World::Rotate(std::string_view name) {
  Member former = member(name);
  Member next = NewKeys(name);
  const v1::Entry request = ActEntry(RequestKeysAct(next));
  Append(request);
  Append(ActEntry(GrantKeysAct(next, request)));
  Equip(std::move(next));
  return former;
}

v1::Entry World::RootActEntry(v1::RootAct act) const {
  act.set_version(1);
  if (act.act_id().empty()) {
    act.set_act_id(certs::NewMessageId(now_).str());
  }
  if (act.domain().empty()) {
    act.set_domain(std::string(kDomain));
  }
  if (act.created_at_ms() == 0) {
    act.set_created_at_ms(now_);
  }
  v1::Entry entry;
  entry.mutable_root_act()->set_act(act.SerializeAsString());
  entry.mutable_root_act()->set_signature(
      root_key_.Sign(std::string(certs::kRootActContext) + entry.root_act().act()));
  return entry;
}

void World::UseIssuing(certs::Certificate issuing, certs::PrivateKey key) {
  issuing_ = std::make_unique<certs::Certificate>(std::move(issuing));
  issuing_key_ = std::move(key);
}

}  // namespace rujukan::testing
