#include "tests/support/world.h"

#include "base/check.h"
#include "certs/batch.h"
#include "certs/hash.h"
#include "certs/issue.h"
#include "certs/random.h"
#include "ledger/authenticate.h"
#include "ledger/checkpoint.h"
#include "ledger/transition.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::testing {
namespace {

constexpr UnixMillis kHour = 3'600'000;
constexpr UnixMillis kDay = 24 * kHour;

template <class T>
T Must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().ToString().c_str());
  }
  CHECK(result.has_value());
  return std::move(*result);
}

certs::Validity ValidFor(UnixMillis now, int days) {
  return {now - kHour, now + days * kDay};
}

// "dinsos.18.71" serves kemendagri:18.71; a number of its own behind the region does not count.
std::string RegionOf(std::string_view name) {
  std::string region = "kemendagri:";
  size_t at = name.find('.');
  for (int part = 0; part < 2 && at != std::string_view::npos; ++part) {
    const size_t next = name.find('.', at + 1);
    const std::string_view code = name.substr(at + 1, next - at - 1);
    if (code.size() != 2) {
      break;
    }
    region += (part == 0 ? "" : ".") + std::string(code);
    at = next;
  }
  return region;
}

}  // namespace

v1::BatchSignature SignOne(const Member& signer,
                           std::string_view context,
                           const std::string& statement) {
  const std::vector<std::string> statements = {statement};
  return certs::SignBatch(
             signer.signing_key, signer.signing_certificate.key_id(), context, statements)
      .front();
}

World::World(const std::string& policy)
    : root_key_(certs::PrivateKey::Generate()), issuing_key_(certs::PrivateKey::Generate()) {
  root_ = std::make_unique<certs::Certificate>(
      Must(certs::MakeRoot(root_key_, kDomain, ValidFor(now_, 3650))));
  issuing_ = std::make_unique<certs::Certificate>(Must(certs::MakeIssuing(
      {*root_, root_key_}, issuing_key_.Public(), kDomain, ValidFor(now_, 1825))));
  log_ = std::make_unique<ledger::NoteSigner>(
      Must(ledger::NoteSigner::Make(ledger::OriginOf(kDomain), certs::Ed25519Key::Generate())));
  admin_ = std::make_unique<Member>(NewKeys("admin.01"));
  admin_->role = v1::Role::ADMIN;
  MakeGenesis(policy);
}

std::string World::Address(std::string_view name) {
  return std::string(name) + "@" + std::string(kDomain);
}

void World::MakeGenesis(const std::string& policy) {
  v1::Genesis genesis;
  genesis.set_version(1);
  genesis.set_domain(std::string(kDomain));
  genesis.set_created_at_ms(now_);
  genesis.set_root_certificate(root_->der());
  genesis.set_issuing_certificate(issuing_->der());
  genesis.set_log_vkey(log_->verifier().ToVkey());
  genesis.set_broker_transport_key(certs::GenerateTransportKeyPair().public_key.str());
  genesis.set_policy(policy);
  v1::Admit& admin = *genesis.mutable_first_admin();
  admin.set_address(admin_->address);
  admin.set_official_name("Admin (CONTOH)");
  admin.set_region("kemendagri:18");
  admin.set_signing_certificate(admin_->signing_certificate.der());
  admin.set_transport_key(admin_->transport.public_key.str());
  genesis_.set_genesis(genesis.SerializeAsString());
  genesis_.set_signature(root_key_.Sign(std::string(certs::kGenesisContext) + genesis_.genesis()));
  v1::Entry entry;
  *entry.mutable_genesis() = genesis_;
  Append(std::move(entry));
}

v1::Entry World::Placed(v1::Entry entry) const {
  const v1::FoldHead head = Must(ledger::ReadHead(view_));
  if (entry.time_ms() == 0) {
    entry.set_time_ms(now_);
  }
  if (entry.directory_previous() == 0) {
    entry.set_directory_previous(head.directory_head());
  }
  if (ledger::IsDirectoryEntry(entry) && entry.directory_root().empty()) {
    entry.set_directory_root(head.directory_root());
  }
  return entry;
}

std::optional<ledger::Refusal> World::Try(v1::Entry entry) {
  ledger::Overlay overlay(view_);
  entry = Placed(std::move(entry));
  auto verdict = ledger::Apply(entry, entries_.size(), overlay);
  CHECK(verdict.has_value());
  if (!*verdict) {
    CHECK(overlay.writes().empty());
    return verdict->error();
  }
  view_.Apply(overlay.TakeWrites());
  entries_.push_back(entry.SerializeAsString());
  return std::nullopt;
}

std::optional<ledger::Refusal> World::TryWhole(v1::Entry entry) {
  entry = Placed(std::move(entry));
  const auto authentic = Must(ledger::AuthenticateDirectoryEntry(entry, view_));
  if (!authentic) {
    return authentic.error();
  }
  ledger::KeyRing ring;
  const auto claim = Must(ledger::ClaimOfEntry(entry, view_, ring));
  if (!claim) {
    return claim.error();
  }
  certs::VerifiedClaims cache(1);
  if (*claim && !certs::VerifyClaim((*claim)->key, (*claim)->claim, (*claim)->batch_size, cache)) {
    return ledger::MakeRefusal(v1::RefusalReason::BAD_SIGNATURE);
  }
  return Try(std::move(entry));
}

LogIndex World::AppendUnchecked(v1::Entry entry) {
  entries_.push_back(Placed(std::move(entry)).SerializeAsString());
  return entries_.size() - 1;
}

LogIndex World::Append(v1::Entry entry) {
  const auto refusal = Try(std::move(entry));
  if (refusal) {
    std::fprintf(stderr, "refused: %s\n", refusal->advice.c_str());
  }
  CHECK(!refusal.has_value());
  return entries_.size() - 1;
}

const Member& World::SignerOf(const std::string& address) const {
  const auto member = members_.find(address);
  return member == members_.end() ? *admin_ : *member->second;
}

Signed World::SignAct(v1::Act act) const {
  act.set_version(1);
  if (act.act_id().empty()) {
    act.set_act_id(certs::NewMessageId(now_).str());
  }
  if (act.actor().empty()) {
    act.set_actor(admin_->address);
  }
  if (act.created_at_ms() == 0) {
    act.set_created_at_ms(now_);
  }
  std::string bytes = act.SerializeAsString();
  v1::BatchSignature signature = SignOne(SignerOf(act.actor()), certs::kActContext, bytes);
  return {std::move(bytes), std::move(signature)};
}

v1::Entry World::ActEntry(v1::Act act) const {
  Signed made = SignAct(std::move(act));
  v1::Entry entry;
  entry.mutable_act()->set_act(std::move(made.bytes));
  *entry.mutable_act()->mutable_signature() = std::move(made.signature);
  return entry;
}

v1::Entry World::ActEntryBy(std::string_view name, v1::Act act) const {
  act.set_actor(Address(name));
  return ActEntry(std::move(act));
}

v1::Entry World::ActEntryBy(const Member& signer, v1::Act act) const {
  act.set_actor(signer.address);
  v1::Entry entry = ActEntry(std::move(act));
  *entry.mutable_act()->mutable_signature() =
      SignOne(signer, certs::kActContext, entry.act().act());
  return entry;
}

v1::Act World::InviteAct(std::string_view name, const certs::Ed25519Key& invitation) const {
  v1::Act act;
  v1::Invite& invite = *act.mutable_invite();
  invite.set_invitation_key(invitation.public_bytes());
  invite.set_address(Address(name));
  invite.set_official_name(std::string(name) + " (CONTOH)");
  invite.set_region(RegionOf(name));
  invite.set_expires_at_ms(now_ + kDay);
  return act;
}

v1::Entry World::EnrolmentEntry(std::string_view name, const certs::Ed25519Key& invitation) const {
  const Member& applicant = *members_.at(Address(name));
  v1::EnrolmentRequest request;
  request.set_version(1);
  request.set_invitation_key(invitation.public_bytes());
  request.set_address(applicant.address);
  request.set_created_at_ms(now_);
  request.set_signing_csr(certs::MakeCsr(applicant.signing_key, applicant.address));
  if (applicant.role == v1::Role::AGENCY) {
    request.set_encryption_csr(certs::MakeCsr(applicant.encryption_key, applicant.address));
  }
  request.set_transport_key(applicant.transport.public_key.str());
  v1::Entry entry;
  entry.mutable_enrolment()->set_request(request.SerializeAsString());
  entry.mutable_enrolment()->set_signature(
      invitation.Sign(std::string(certs::kEnrolmentContext) + entry.enrolment().request()));
  return entry;
}

const Member& World::AddApplicant(std::string_view name, v1::Role::Code role) {
  auto made = std::make_unique<Member>(NewKeys(name));
  made->role = role;
  auto& member = members_[made->address];
  member = std::move(made);
  return *member;
}

v1::Act World::AdmitAct(std::string_view name, const v1::Entry& enrolment) const {
  const Member& added = member(name);
  v1::Act act;
  v1::Admit& admit = *act.mutable_admit();
  admit.set_enrolment_id(ledger::EnrolmentId(enrolment.enrolment().request()));
  admit.set_address(added.address);
  admit.set_official_name(std::string(name) + " (CONTOH)");
  admit.set_region(RegionOf(name));
  admit.set_signing_certificate(added.signing_certificate.der());
  if (added.role == v1::Role::AGENCY) {
    admit.set_encryption_certificate(added.encryption_certificate.der());
  }
  admit.set_transport_key(added.transport.public_key.str());
  return act;
}

const Member& World::AddAgency(std::string_view name) {
  return AddMember(name, v1::Role::AGENCY);
}

const Member& World::AddMember(std::string_view name, v1::Role::Code role, const v1::Scope& scope) {
  const Member& added = AddApplicant(name, role);
  const auto invitation = certs::Ed25519Key::Generate();
  v1::Act invite = InviteAct(name, invitation);
  if (role != v1::Role::AGENCY) {
    invite.mutable_invite()->set_role(role);
  }
  if (role == v1::Role::STEWARD || role == v1::Role::AUDITOR) {
    *invite.mutable_invite()->mutable_scope() = scope;
  }
  Append(ActEntry(std::move(invite)));
  const v1::Entry enrolment = EnrolmentEntry(name, invitation);
  Append(enrolment);
  Append(ActEntry(AdmitAct(name, enrolment)));
  return added;
}

v1::Header World::HeaderTo(std::string_view from, std::string_view to, v1::Kind::Code kind) const {
  v1::Header header;
  header.set_version(1);
  header.set_message_id(certs::NewMessageId(now_).str());
  if (!ledger::IsLegless(kind)) {
    header.set_leg_id(certs::NewLegId(now_).str());
    header.set_sequence(1);
  }
  header.set_kind(kind);
  header.set_from(Address(from));
  header.add_to(Address(to));
  header.set_urgency(v1::Urgency::AMAT_SEGERA);
  header.set_classification(v1::Classification::T);
  header.set_created_at_ms(now_);
  header.set_utc_offset_minutes(420);
  header.set_expires_at_ms(now_ + kDay);
  header.set_content_size(1000);
  header.set_content_digest(certs::Sha256("ciphertext").str());
  header.set_content_commitment(certs::Sha256("plaintext").str());
  header.add_recipient_keys(members_.at(Address(to))->encryption_certificate.key_id().str());
  return header;
}

Signed World::SignHeader(const v1::Header& header, const Member& signer) const {
  std::string bytes = header.SerializeAsString();
  v1::BatchSignature signature = SignOne(signer, certs::kHeaderContext, bytes);
  return {std::move(bytes), std::move(signature)};
}

v1::Entry World::MessageEntry(const v1::Header& header) const {
  Signed made = SignHeader(header, *members_.at(header.from()));
  v1::Entry entry;
  entry.mutable_accepted()->set_header(std::move(made.bytes));
  *entry.mutable_accepted()->mutable_signature() = std::move(made.signature);
  return entry;
}

v1::Entry World::DeliveryEntry(const v1::Header& header, v1::DeliveryOutcome::Code outcome) const {
  v1::DeliveryReceipt receipt;
  receipt.set_version(1);
  receipt.set_message_id(header.message_id());
  receipt.set_header_digest(certs::Sha256(header.SerializeAsString()).str());
  receipt.set_recipient(header.to(0));
  receipt.set_received_at_ms(now_);
  receipt.set_outcome(outcome);
  v1::Entry entry;
  entry.mutable_delivery()->set_receipt(receipt.SerializeAsString());
  *entry.mutable_delivery()->mutable_signature() =
      SignOne(*members_.at(header.to(0)), certs::kDeliveryContext, entry.delivery().receipt());
  return entry;
}

}  // namespace rujukan::testing
