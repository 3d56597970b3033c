#include "agents/link/directory.h"

#include <algorithm>

#include "base/limits.h"
#include "certs/hash.h"
#include "rujukan/v1/act.pb.h"

namespace rujukan::link {
namespace {

// A verified log that breaks its own rules: the broker recorded what the fold refuses.
tl::unexpected<Error> Broken(LogIndex index, const ledger::Refusal& refusal) {
  return Fail(Errc::kCorrupt,
              "directory entry " + std::to_string(index) + " is not legal: " + refusal.advice +
                  "; do not use this broker, call the auditor");
}

constexpr size_t kClaimsRemembered = 16;

Prover PinnedProver(const ledger::NoteVerifier& log) {
  return std::move(*Prover::Make(log, ""));  // cannot fail: there is no note to check
}

}  // namespace

Directory::Directory(const ledger::View& view, TrustPins pins)
    : view_(view),
      pins_(std::move(pins)),
      prover_(PinnedProver(pins_.log)),
      verified_(kClaimsRemembered) {}

Result<LogIndex> Directory::NextIndex() const {
  ASSIGN_OR_RETURN(const auto head, ledger::ReadHead(view_));
  return head.directory_head();
}

Result<ledger::Overlay::Writes> Directory::Check(const v1::DirectoryPage& page) {
  if (static_cast<size_t>(page.entries_size()) > limits::kDirectoryPageEntriesMax) {
    return Fail(Errc::kInvalid, "the broker sent a directory page over the limit");
  }
  if (page.more() && page.entries().empty()) {
    return Fail(Errc::kInvalid, "the broker says there is more of the directory and shows nothing");
  }
  ledger::Overlay overlay(view_);
  for (const auto& entry : page.entries()) {
    RETURN_IF_ERROR(ApplyOne(entry, overlay));
  }
  if (!page.more()) {
    RETURN_IF_ERROR(CheckComplete(page, overlay));
  }
  return overlay.TakeWrites();
}

// The last entry of the ledger names the last directory entry. A broker that leaves the end of the
// directory out (a revocation, say) cannot show it.
Result<void> Directory::CheckComplete(const v1::DirectoryPage& page, const ledger::View& view) {
  if (!page.has_newest()) {
    return Fail(Errc::kInvalid, "the broker does not show that its directory page is complete");
  }
  ASSIGN_OR_RETURN(const Proven newest, prover_.Prove(page.newest()));
  if (newest.index + 1 != newest.size) {
    return Fail(Errc::kCorrupt, "the broker shows an older entry as the ledger's last one");
  }
  ASSIGN_OR_RETURN(const auto head, ledger::ReadHead(view));
  const TreeSize shown = prover_.seen() ? prover_.seen()->checkpoint.size : 0;
  if (newest.size < std::max<TreeSize>(shown, head.directory_head())) {
    return Fail(Errc::kCorrupt,
                "the broker shows an older end of its ledger than it had shown before: do not use "
                "it, call the auditor");
  }
  return CheckHead(newest, view);
}

Result<void> Directory::CheckHead(const Proven& proven, const ledger::View& view) {
  ASSIGN_OR_RETURN(const auto head, ledger::ReadHead(view));
  const bool directory = ledger::IsDirectoryEntry(proven.entry);
  const uint64_t said = directory ? proven.index + 1 : proven.entry.directory_previous();
  if (said > head.directory_head()) {
    return Fail(Errc::kCorrupt,
                "entry " + std::to_string(said - 1) +
                    " of the directory was left out: do not use this broker, call the auditor");
  }
  return {};
}

Result<void> Directory::ApplyOne(const v1::ProvenEntry& proven, ledger::Overlay& view) {
  ASSIGN_OR_RETURN(const Proven entry, prover_.Prove(proven));
  ASSIGN_OR_RETURN(const auto head, ledger::ReadHead(view));
  if (entry.index < head.directory_head()) {
    return {};  // asked twice, answered twice
  }
  if (entry.entry.has_genesis()) {
    RETURN_IF_ERROR(CheckGenesis(entry.entry));
  }
  ASSIGN_OR_RETURN(auto authentic, ledger::AuthenticateDirectoryEntry(entry.entry, view));
  if (!authentic) {
    return Broken(entry.index, authentic.error());
  }
  ASSIGN_OR_RETURN(auto claim, ledger::ClaimOfEntry(entry.entry, view, ring_));
  if (!claim) {
    return Broken(entry.index, claim.error());
  }
  if (*claim &&
      !certs::VerifyClaim((*claim)->key, (*claim)->claim, (*claim)->batch_size, verified_)) {
    return Broken(entry.index, ledger::MakeRefusal(v1::RefusalReason::BAD_SIGNATURE));
  }
  ASSIGN_OR_RETURN(auto applied, ledger::ApplyDirectory(entry.entry, entry.index, view));
  if (!applied) {
    return Broken(entry.index, applied.error());
  }
  return {};
}

Result<void> Directory::CheckGenesis(const v1::Entry& entry) const {
  v1::Genesis genesis;
  if (!genesis.ParseFromString(entry.genesis().genesis())) {
    return Fail(Errc::kCorrupt, "the genesis entry does not parse");
  }
  if (certs::Sha256(genesis.root_certificate()) != pins_.root_fingerprint) {
    return Fail(
        Errc::kDenied,
        "the ledger begins with another root certificate than the invitation names: this is "
        "not the domain you were invited to");
  }
  if (genesis.log_vkey() != pins_.log.ToVkey()) {
    return Fail(Errc::kDenied, "the genesis names another log key than the invitation");
  }
  return {};
}

Result<Contact> FindContact(const ledger::View& view, const std::string& address) {
  ASSIGN_OR_RETURN(auto agency, ledger::ReadAgency(view, address));
  if (!agency) {
    return Fail(Errc::kNotFound,
                "no agency " + address + " in the directory; check the spelling or ask the admin");
  }
  if (agency->status() != v1::AgencyStatus::AKTIF) {
    return Fail(Errc::kDenied, address + " is not active; choose another recipient");
  }
  if (agency->encryption_key().empty()) {
    return Fail(Errc::kDenied, address + " takes no messages (it is not an agency)");
  }
  ASSIGN_OR_RETURN(const auto key, ledger::ReadKey(view, agency->encryption_key()));
  if (!key) {
    return Fail(Errc::kCorrupt, "the directory lacks the encryption key of " + address);
  }
  ASSIGN_OR_RETURN(auto certificate, ledger::CertificateOf(*key));
  return Contact{std::move(*agency), std::move(certificate)};
}

Result<certs::Certificate> FindSigner(const ledger::View& view,
                                      const std::string& address,
                                      std::string_view key_id,
                                      LogIndex at) {
  ASSIGN_OR_RETURN(const auto key, ledger::ReadKey(view, key_id));
  if (!key) {
    return Fail(Errc::kNotFound, "the signing key of " + address + " is not in the directory");
  }
  if (key->address() != address || key->usage() != v1::KeyUsage::SIGNING) {
    return Fail(Errc::kDenied, "the key is not a signing key of " + address);
  }
  if (key->since_index() > at || (key->revoked_at_index() != 0 && key->revoked_at_index() <= at)) {
    return Fail(Errc::kDenied, "the signing key of " + address + " was not valid at that entry");
  }
  return ledger::CertificateOf(*key);
}

}  // namespace rujukan::link
