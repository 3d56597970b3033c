// The fold's rules for outside CAs and for revocation lists. ledger/authenticate.h has checked that
// anchors are CAs and that a list is signed by the CA it is published for.

#include "base/limits.h"
#include "certs/crl.h"
#include "certs/hash.h"
#include "ledger/fold_rules.h"

namespace rujukan::ledger::rules {
namespace {

using R = v1::RefusalReason;

bool IsInForce(const std::string& key_id, const v1::AgencyRecord& member) {
  return member.signing_key() == key_id || member.encryption_key() == key_id;
}

// An agency whose certificate is no longer vouched for cannot sign, or must not be sealed to; until
// an admin has looked at it, it is suspended and its mail is held. Nothing has left its mailbox, so
// no sender is told.
Result<void> EndKey(const std::string& key_id, const std::string& why, const Context& at) {
  ASSIGN_OR_RETURN(const auto key, ReadKey(at.view, key_id));
  if (!key || key->revoked_at_index() != 0) {
    return {};
  }
  RETURN_IF_ERROR(RevokeKey(key_id, at));
  ASSIGN_OR_RETURN(auto member, ReadAgency(at.view, key->address()));
  if (!member || member->status() != v1::AgencyStatus::AKTIF || !IsInForce(key_id, *member)) {
    return {};
  }
  RETURN_IF_ERROR(RequireAdminLeft(*member, at));
  return SuspendMember(std::move(*member), why, at);
}

// A registrar has the issuing key. Stolen, it must not take out whomever the thief likes: in the
// domain's own list it names what admins have ended already.
Result<void> RequireEnded(const std::string& key_id, const Context& at) {
  ASSIGN_OR_RETURN(const auto key, ReadKey(at.view, key_id));
  if (key && key->revoked_at_index() == 0) {
    return Refuse(R::NO_RIGHT,
                  "crl: it ends a key of " + key->address() + ": an admin has to publish it");
  }
  return {};
}

Result<std::vector<std::string>> KeysUnder(const std::string& anchor, const Context& at) {
  std::vector<std::string> keys;
  RETURN_IF_ERROR(
      at.view.Scan(Table::kKey, "", "", [&](std::string_view id, std::string_view value) {
        v1::KeyRecord key;
        if (key.ParseFromArray(value.data(), static_cast<int>(value.size())) &&
            key.anchor() == anchor) {
          keys.emplace_back(id);
        }
        return true;
      }));
  return keys;
}

Result<void> RequireNewer(const certs::Crl& crl, const std::string& issuer_id, const Context& at) {
  if (crl.this_update() > at.time + limits::kClockSkewMsMax || crl.next_update() <= at.time) {
    return Refuse(R::CERTIFICATE_INVALID, "crl: not valid at this time; fetch the current one");
  }
  ASSIGN_OR_RETURN(const auto last, ReadCrl(at.view, issuer_id));
  if (last && crl.number() <= last->number()) {
    return Refuse(R::CRL_OLDER,
                  "this CRL has number " + std::to_string(crl.number()) + ", the ledger has " +
                      std::to_string(last->number()) + ": fetch the current one");
  }
  return {};
}

Result<std::string> IssuerDerOf(const v1::PublishCrl& publish, const Context& at) {
  if (!publish.anchor().empty()) {
    return publish.issuer();
  }
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ReadDomain(at.view));
  return domain.issuing_certificate();
}

}  // namespace

Result<void> ApplyAddAnchor(const v1::AddAnchor& add, const Context& at) {
  RETURN_IF_ERROR(RequireText(add.name(), "name"));
  const std::string id = certs::Sha256(add.certificate()).str();
  ASSIGN_OR_RETURN(const auto known, ReadAnchor(at.view, id));
  if (known && known->removed_at_index() == 0) {
    return Contradicts("this CA is an anchor already, under the name " + known->name());
  }
  v1::AnchorRecord anchor;
  anchor.set_name(add.name());
  anchor.set_certificate(add.certificate());
  anchor.set_since_index(at.index);
  Write(at.view, Table::kAnchor, id, anchor);
  return {};
}

Result<void> ApplyRemoveAnchor(const v1::RemoveAnchor& remove, const Context& at) {
  RETURN_IF_ERROR(RequireText(remove.note(), "note"));
  ASSIGN_OR_RETURN(auto anchor, ReadAnchor(at.view, remove.anchor()));
  if (!anchor || anchor->removed_at_index() != 0) {
    return Contradicts("no such anchor is in force: list them with rujukan-admin anchors");
  }
  anchor->set_removed_at_index(at.index);
  Write(at.view, Table::kAnchor, remove.anchor(), *anchor);
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, KeysUnder(remove.anchor(), at));
  for (const std::string& key_id : keys) {
    RETURN_IF_ERROR(EndKey(key_id, "its certification authority is no longer trusted", at));
  }
  return {};
}

Result<void> ApplyPublishCrl(const v1::PublishCrl& publish, v1::Role::Code by, const Context& at) {
  const auto crl = certs::Crl::FromDer(publish.crl());
  if (!crl) {
    return Refuse(R::CERTIFICATE_INVALID, "crl: " + crl.error().context);
  }
  ASSIGN_OR_RETURN(const std::string issuer, IssuerDerOf(publish, at));
  const std::string issuer_id = certs::Sha256(issuer).str();
  RETURN_IF_ERROR(RequireNewer(*crl, issuer_id, at));
  v1::CrlRecord record;
  record.set_crl(publish.crl());
  record.set_number(crl->number());
  record.set_this_update_ms(crl->this_update());
  record.set_next_update_ms(crl->next_update());
  record.set_issuer(issuer);
  record.set_anchor(publish.anchor());
  record.set_index(at.index);
  Write(at.view, Table::kCrl, issuer_id, record);
  for (const std::string& serial : crl->serials()) {
    ASSIGN_OR_RETURN(const auto key_id, at.view.Get(Table::kSerial, issuer_id + serial));
    if (!key_id) {
      continue;
    }
    if (by == v1::Role::REGISTRAR && publish.anchor().empty()) {
      RETURN_IF_ERROR(RequireEnded(*key_id, at));
    }
    RETURN_IF_ERROR(EndKey(*key_id, "its certificate was revoked by its CA", at));
  }
  return {};
}

}  // namespace rujukan::ledger::rules
