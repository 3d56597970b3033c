#include "agents/admin/invite.h"

#include <algorithm>

#include "base/address.h"
#include "base/limits.h"
#include "base/region.h"
#include "certs/ed25519.h"
#include "ledger/policy_example.h"

namespace rujukan::admin {
namespace {

Result<v1::Role::Code> ParseRole(const std::string& word) {
  std::string name = word.empty() ? "AGENCY" : word;
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  v1::Role::Code role = v1::Role::UNSPECIFIED;
  if (!v1::Role::Code_Parse(name, &role) || role == v1::Role::UNSPECIFIED) {
    return Fail(Errc::kInvalid, "a role is agency, admin, steward, auditor or registrar");
  }
  return role;
}

Result<v1::OfficeType::Code> ParseOfficeType(const std::string& word) {
  v1::OfficeType::Code type = v1::OfficeType::UNSPECIFIED;
  if (!word.empty() &&
      (!v1::OfficeType::Code_Parse(word, &type) || type == v1::OfficeType::UNSPECIFIED)) {
    return Fail(Errc::kInvalid, "an office type is A, B or C (Permensos 14/2016)");
  }
  return type;
}

Result<void> CheckAddress(const std::string& text, const std::string& domain) {
  ASSIGN_OR_RETURN(const AgencyAddress address, AgencyAddress::Parse(text));
  if (address.domain() != domain) {
    return Fail(Errc::kInvalid,
                text + " is not in this domain; the address must end in @" + domain);
  }
  return {};
}

Result<void> CheckOther(const std::string& address, const std::string& domain, const char* option) {
  if (address.empty()) {
    return {};
  }
  const auto checked = CheckAddress(address, domain);
  return checked ? Result<void>()
                 : Fail(Errc::kInvalid, std::string(option) + ": " + checked.error().context);
}

// An address says where its agency is, so a letter to it finds its way; a record that said another
// place would decide by another place's rules.
Result<void> CheckRegion(const Guest& guest, v1::Role::Code role) {
  if (guest.region.empty() && role != v1::Role::AGENCY) {
    return {};
  }
  ASSIGN_OR_RETURN(const RegionCode region, RegionCode::Parse(guest.region));
  if (role != v1::Role::AGENCY) {
    return {};
  }
  ASSIGN_OR_RETURN(const AgencyAddress address, AgencyAddress::Parse(guest.address));
  const ledger::Area named = ledger::PartyOfName(address.name()).area;
  const ledger::Area said = ledger::Area::OfRecord(guest.region);
  // lksa.18.71.003 may lie in a district of 18.71; a name without a region may lie anywhere.
  const bool national = named.tier() == ledger::Tier::kNational;
  if (!national && (!named.Covers(said) || named.tier() != said.tier())) {
    return Fail(Errc::kInvalid,
                guest.address + " names another place than " + region.text() + " (" +
                    std::string(region.name()) +
                    "); an address is TYPE.REGION[.NUMBER], like dinsos.18.71 for "
                    "kemendagri:18.71");
  }
  return {};
}

Result<void> CheckScope(const Guest& guest, v1::Role::Code role, const std::string& domain) {
  if (guest.scope.ByteSizeLong() == 0) {
    return {};
  }
  if (role != v1::Role::STEWARD && role != v1::Role::AUDITOR) {
    return Fail(Errc::kInvalid, "only a steward or an auditor has a scope: leave --scope-* out");
  }
  if (static_cast<size_t>(guest.scope.regions_size() + guest.scope.agencies_size()) >
      limits::kScopeItemsMax) {
    return Fail(Errc::kLimit,
                "a scope has at most " + std::to_string(limits::kScopeItemsMax) +
                    " regions and agencies; name a wider region instead");
  }
  for (const std::string& region : guest.scope.regions()) {
    RETURN_IF_ERROR(RegionCode::Parse(region));
  }
  for (const std::string& agency : guest.scope.agencies()) {
    RETURN_IF_ERROR(CheckOther(agency, domain, "--scope-agency"));
  }
  return {};
}

Result<void> CheckGuest(const Guest& guest, v1::Role::Code role, const std::string& domain) {
  RETURN_IF_ERROR(CheckAddress(guest.address, domain));
  if (guest.official_name.empty()) {
    return Fail(Errc::kInvalid, "the agency needs its official name: --name \"Dinas Sosial ...\"");
  }
  RETURN_IF_ERROR(CheckText(guest.official_name, "the name"));
  RETURN_IF_ERROR(CheckRegion(guest, role));
  RETURN_IF_ERROR(CheckOther(guest.steward, domain, "--steward"));
  RETURN_IF_ERROR(CheckOther(guest.supervisor, domain, "--supervisor"));
  return CheckScope(guest, role, domain);
}

Result<void> CheckLife(UnixMillis expires_at, UnixMillis now) {
  if (expires_at <= now || expires_at - now > limits::kInvitationLifeMsMax) {
    return Fail(Errc::kLimit, "an invitation lives from 1 minute to 30 days: --expires-in 7d");
  }
  return {};
}

v1::Invitation SecretHalf(const link::DomainFile& domain, const v1::Invite& invite) {
  v1::Invitation invitation;
  invitation.set_version(1);
  invitation.set_address(invite.address());
  invitation.set_official_name(invite.official_name());
  invitation.set_region(invite.region());
  invitation.set_expires_at_ms(invite.expires_at_ms());
  invitation.set_role(invite.role());
  invitation.set_endpoint(domain.broker);
  invitation.set_enrolment_endpoint(domain.enrol);
  invitation.set_broker_transport_key(domain.broker_transport_key.str());
  invitation.set_log_vkey(domain.log_vkey);
  invitation.set_root_fingerprint(domain.root_fingerprint.str());
  return invitation;
}

}  // namespace

std::string RoleWord(v1::Role::Code role) {
  std::string name = v1::Role::Code_Name(role == v1::Role::UNSPECIFIED ? v1::Role::AGENCY : role);
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return name;
}

Result<v1::Act> InviteActFor(const Guest& guest,
                             const std::string& domain,
                             UnixMillis expires_at,
                             UnixMillis now) {
  ASSIGN_OR_RETURN(const v1::Role::Code role, ParseRole(guest.role));
  RETURN_IF_ERROR(CheckGuest(guest, role, domain));
  ASSIGN_OR_RETURN(const v1::OfficeType::Code office_type, ParseOfficeType(guest.office_type));
  RETURN_IF_ERROR(CheckLife(expires_at, now));
  v1::Act act;
  v1::Invite& invite = *act.mutable_invite();
  invite.set_address(guest.address);
  invite.set_official_name(guest.official_name);
  invite.set_region(guest.region);
  invite.set_expires_at_ms(expires_at);
  invite.set_role(role);
  invite.set_steward(guest.steward);
  invite.set_replace(guest.replace);
  if (guest.scope.ByteSizeLong() != 0) {
    *invite.mutable_scope() = guest.scope;
  }
  if (!guest.supervisor.empty() || office_type != v1::OfficeType::UNSPECIFIED) {
    invite.mutable_standing()->set_pengawas(guest.supervisor);
    invite.mutable_standing()->set_tipe_dinas(office_type);
  }
  return act;
}

Result<NewInvitation> MakeInvitation(const link::DomainFile& domain,
                                     const Guest& guest,
                                     UnixMillis expires_at,
                                     UnixMillis now) {
  NewInvitation made;
  ASSIGN_OR_RETURN(made.act, InviteActFor(guest, domain.domain, expires_at, now));
  if (domain.broker.empty() || domain.enrol.empty()) {
    return Fail(Errc::kInvalid,
                "where the broker listens is not known yet: pass --broker tcp://... and "
                "--enrol tcp://... once");
  }
  const auto key = certs::Ed25519Key::Generate();
  made.act.mutable_invite()->set_invitation_key(key.public_bytes());
  made.invitation = SecretHalf(domain, made.act.invite());
  made.invitation.set_invitation_seed(std::string(key.seed()));
  return made;
}

Result<v1::Act> InviteActAgain(const v1::Invitation& invitation,
                               const Guest& guest,
                               const std::string& domain,
                               UnixMillis now) {
  ASSIGN_OR_RETURN(v1::Act act, InviteActFor(guest, domain, invitation.expires_at_ms(), now));
  ASSIGN_OR_RETURN(const auto key, certs::Ed25519Key::FromSeed(invitation.invitation_seed()));
  act.mutable_invite()->set_invitation_key(key.public_bytes());
  return act;
}

}  // namespace rujukan::admin
