// A small domain in memory: real keys, real certificates, the real fold, simulated time. Tests say
// what happens ("the police unit sends", "the office accepts") and look at what the fold made of
// it. Thread: one owner.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "certs/certificate.h"
#include "certs/ed25519.h"
#include "certs/issue.h"
#include "certs/key.h"
#include "ledger/fold.h"
#include "ledger/note.h"
#include "rujukan/v1/act.pb.h"
#include "rujukan/v1/audit.pb.h"

namespace rujukan::testing {

// One admitted agency or admin, with everything it signs with.
struct Member {
  std::string address;
  v1::Role::Code role = v1::Role::AGENCY;
  certs::PrivateKey signing_key;
  certs::PrivateKey encryption_key;
  certs::Certificate signing_certificate;
  certs::Certificate encryption_certificate;
  certs::TransportKeyPair transport;
};

// A batch of one.
v1::BatchSignature SignOne(const Member& signer,
                           std::string_view context,
                           const std::string& statement);

// A signed statement, ready for an entry.
struct Signed {
  std::string bytes;
  v1::BatchSignature signature;
};

class World {
 public:
  static constexpr std::string_view kDomain = "lampung.example";
  static constexpr UnixMillis kStart = 1'795'000'000'000;  // November 2026

  // With the genesis entry and the admin admin.01 applied; `policy` is in force from the start.
  explicit World(const std::string& policy = "");

  // Full address of a name in this domain.
  static std::string Address(std::string_view name);

  // Somebody with keys and certificates who is no member (yet), or a member's new keys.
  const Member& AddApplicant(std::string_view name, v1::Role::Code role = v1::Role::AGENCY);
  // Invites, enrols and admits, each as an entry.
  const Member& AddAgency(std::string_view name);
  const Member& AddMember(std::string_view name, v1::Role::Code role, const v1::Scope& scope = {});
  // From now on it signs with these.
  void Equip(Member member) { *members_.at(member.address) = std::move(member); }
  const Member& admin() const { return *admin_; }
  const Member& member(std::string_view name) const { return *members_.at(Address(name)); }

  // What the ledger itself says of an entry, where it is unset: time, directory link and root.
  v1::Entry Placed(v1::Entry entry) const;
  // Applies an entry made of `body` at the present time; CHECKs that it is accepted.
  LogIndex Append(v1::Entry entry);
  // The same, returning the refusal or nullopt.
  std::optional<ledger::Refusal> Try(v1::Entry entry);
  // As the broker and the auditor do: what it is signed with and what it admits is checked first.
  std::optional<ledger::Refusal> TryWhole(v1::Entry entry);
  // As a dishonest broker does: whatever it says, without a look by the fold.
  LogIndex AppendUnchecked(v1::Entry entry);

  // Signing, as agents do it.
  // Fills version, id, actor (the admin) and time when unset; signed by the actor.
  Signed SignAct(v1::Act act) const;
  v1::Entry ActEntry(v1::Act act) const;
  v1::Entry ActEntryBy(std::string_view name, v1::Act act) const;
  v1::Entry ActEntryBy(const Member& signer, v1::Act act) const;
  // Fills version, id, domain and time when unset; signed with the root key.
  v1::Entry RootActEntry(v1::RootAct act) const;
  v1::Header HeaderTo(std::string_view from, std::string_view to, v1::Kind::Code kind) const;
  Signed SignHeader(const v1::Header& header, const Member& signer) const;
  v1::Entry MessageEntry(const v1::Header& header) const;  // signed by header.from
  v1::Entry DeliveryEntry(const v1::Header& header, v1::DeliveryOutcome::Code outcome) const;
  v1::Entry EnrolmentEntry(std::string_view name, const certs::Ed25519Key& invitation) const;
  v1::Act AdmitAct(std::string_view name, const v1::Entry& enrolment) const;
  v1::Act InviteAct(std::string_view name, const certs::Ed25519Key& invitation) const;

  // Statements that are no acts (world_statements.cc), signed by whom they name. Version, id,
  // names and times are filled in when unset.
  v1::Entry AuditReadEntry(std::string_view auditor, v1::AuditRead read) const;
  v1::Entry ReadTrailEntry(std::string_view agency, v1::ReadTrailAnchor anchor) const;

  // New keys (world_keys.cc). What a member asks with, and what an admin grants for it.
  Member NewKeys(std::string_view name, int days = 365) const;
  static v1::Act RequestKeysAct(const Member& next);
  v1::Act GrantKeysAct(const Member& next, const v1::Entry& request) const;
  // Asks and grants; the former keys are returned, the new ones in use.
  Member Rotate(std::string_view name);
  certs::Issuer issuer() const { return {*issuing_, issuing_key_}; }
  certs::Issuer root() const { return {*root_, root_key_}; }
  // Certificates are issued by this CA from now on; the ledger is told by a root act.
  void UseIssuing(certs::Certificate issuing, certs::PrivateKey key);

  void Advance(UnixMillis ms) { now_ += ms; }
  UnixMillis now() const { return now_; }
  const ledger::MemoryView& view() const { return view_; }
  const std::vector<std::string>& entries() const { return entries_; }
  const ledger::NoteSigner& log() const { return *log_; }
  const v1::GenesisRecorded& genesis() const { return genesis_; }
  LogIndex size() const { return entries_.size(); }

 private:
  void MakeGenesis(const std::string& policy);
  const Member& SignerOf(const std::string& address) const;

  UnixMillis now_ = kStart;
  certs::PrivateKey root_key_;
  certs::PrivateKey issuing_key_;
  std::unique_ptr<certs::Certificate> root_;
  std::unique_ptr<certs::Certificate> issuing_;
  std::unique_ptr<ledger::NoteSigner> log_;
  std::unique_ptr<Member> admin_;
  std::map<std::string, std::unique_ptr<Member>, std::less<>> members_;
  v1::GenesisRecorded genesis_;
  ledger::MemoryView view_;
  std::vector<std::string> entries_;
};

}  // namespace rujukan::testing
