// Members of a founded domain, made by acts and not by commands: of any role and region, with keys
// that the test holds, and with a home of their own where they need one.
#pragma once

#include <string>

#include "certs/ed25519.h"
#include "certs/key.h"
#include "rujukan/v1/act.pb.h"
#include "tests/unit/admin/fake_broker.h"

namespace rujukan::admin::testing {

struct MemberKeys {
  std::string address;
  certs::PrivateKey signing = certs::PrivateKey::Generate();
  certs::PrivateKey encryption = certs::PrivateKey::Generate();
  certs::TransportKeyPair transport = certs::GenerateTransportKeyPair();
};

// `act`, signed with `home`'s admin key; CHECKs nothing, so that refusals can be looked at.
Result<link::Proven> SubmitFrom(const std::string& home, FakeBroker& broker, v1::Act act);

// Invited and admitted by the admin of `home`, which has the issuing key; CHECKs that it works.
// Certificates last `days` from the broker's time.
struct NewMember {
  std::string address;
  v1::Role::Code role = v1::Role::AGENCY;
  std::string region = "kemendagri:18.71";
  int days = 365;
};
MemberKeys BringInMember(const std::string& home, FakeBroker& broker, const NewMember& member);

// Up to where an admin has to decide: invited, and asked to join.
struct WaitingMember {
  MemberKeys keys;
  v1::Admit admit;  // the act that would admit it
};
WaitingMember AskToJoin(const std::string& home, FakeBroker& broker, const NewMember& member);

// A home for an admin or a registrar who is a member, like the one of `home`.
void WriteHomeOf(const MemberKeys& keys,
                 const std::string& home,
                 const FakeBroker& broker,
                 const std::string& new_home);

// A request for new keys by a member, signed with the keys it has.
v1::Act KeyRequest(const MemberKeys& renewed);
Result<link::Proven> SubmitAs(const MemberKeys& member, FakeBroker& broker, v1::Act act);

}  // namespace rujukan::admin::testing
