#include "tests/unit/admin/fake_broker.h"

#include <fstream>
#include <sstream>

#include "agents/admin/authority.h"
#include "base/check.h"
#include "certs/issue.h"
#include "certs/keyfile.h"
#include "ledger/checkpoint.h"
#include "ledger/fold.h"
#include "ledger/receipt.h"

namespace rujukan::admin::testing {
namespace {

template <class T>
Result<T> OrFail(Result<tl::expected<T, ledger::Refusal>> verdict) {
  if (!verdict) {
    return Fail(verdict.error());
  }
  if (!*verdict) {
    return Fail(
        Errc::kConflict,
        v1::RefusalReason::Code_Name(verdict->error().reason) + ": " + verdict->error().advice);
  }
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    return std::move(**verdict);
  }
}

}  // namespace

std::string ReadBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

FakeBroker::FakeBroker(const std::string& identity, UnixMillis now) : now_(now) {
  v1::Entry entry;
  CHECK(entry.mutable_genesis()->ParseFromString(ReadBytes(identity + "/genesis.pb")));
  v1::Genesis genesis;
  CHECK(genesis.ParseFromString(entry.genesis().genesis()));
  const auto seed = certs::ReadRawKeyFile(identity + "/log.key", kLogKeyLabel);
  CHECK(seed.has_value());
  signer_ = std::make_unique<ledger::NoteSigner>(*ledger::NoteSigner::Make(
      ledger::OriginOf(genesis.domain()), *certs::Ed25519Key::FromSeed(*seed)));
  const auto recorded = Record(std::move(entry));
  CHECK(recorded.has_value());
}

Result<void> FakeBroker::CheckSignature(const v1::Entry& entry) {
  ASSIGN_OR_RETURN(const auto claim, OrFail(ledger::ClaimOfEntry(entry, view_, ring_)));
  certs::VerifiedClaims none(1);
  if (claim && !certs::VerifyClaim(claim->key, claim->claim, claim->batch_size, none)) {
    return Fail(Errc::kDenied, "bad signature");
  }
  return OrFail(ledger::AuthenticateDirectoryEntry(entry, view_));
}

Result<link::Proven> FakeBroker::Record(v1::Entry entry) {
  entry.set_time_ms(now_);
  ASSIGN_OR_RETURN(const auto head, ledger::ReadHead(view_));
  entry.set_directory_previous(head.directory_head());
  if (ledger::IsDirectoryEntry(entry)) {
    entry.set_directory_root(head.directory_root());
  }
  RETURN_IF_ERROR(CheckSignature(entry));
  ledger::Overlay overlay(view_);
  RETURN_IF_ERROR(OrFail(ledger::Apply(entry, entries_.size(), overlay)));
  view_.Apply(overlay.TakeWrites());
  const LogIndex index = entries_.size();
  directory_.push_back(index);
  entries_.push_back(entry.SerializeAsString());
  link::Proven proven;
  proven.index = index;
  proven.entry_bytes = entries_.back();
  proven.proof = Prove(index).proof();
  return proven;
}

v1::ProvenEntry FakeBroker::Prove(LogIndex index) const {
  std::vector<Digest> leaves;
  ledger::Tree tree;
  for (const std::string& entry : entries_) {
    leaves.push_back(ledger::LeafHash(entry));
    tree.Append(leaves.back());
  }
  ledger::Receipt receipt;
  receipt.index = index;
  receipt.path = certs::MerklePath(leaves, index);
  receipt.checkpoint =
      ledger::SignCheckpoint({signer_->verifier().name, tree.size(), tree.Root()}, *signer_);
  v1::ProvenEntry proven;
  proven.set_entry(entries_[index]);
  proven.set_proof(receipt.Text());
  return proven;
}

Result<link::Proven> FakeBroker::Submit(const v1::SubmitAct& act) {
  if (refuses_) {
    return Fail(Errc::kLimit, "STORAGE_FULL: wait");
  }
  v1::Entry entry;
  entry.mutable_act()->set_act(act.act());
  *entry.mutable_act()->mutable_signature() = act.signature();
  return Record(std::move(entry));
}

Result<v1::DirectoryPage> FakeBroker::DirectoryFrom(LogIndex from) {
  constexpr int kPageEntries = 3;  // small, so that following takes several pages
  v1::DirectoryPage page;
  for (const LogIndex index : directory_) {
    if (index < from) {
      continue;
    }
    if (page.entries_size() == kPageEntries) {
      page.set_more(true);
      page.set_next_index(index);
      break;
    }
    *page.add_entries() = Prove(index);
    if (falsified_ == index) {
      page.mutable_entries(page.entries_size() - 1)->mutable_entry()->back() ^= 1;
    }
  }
  if (!page.more()) {
    *page.mutable_newest() = Prove(entries_.size() - 1);
  }
  return page;
}

v1::Entry Enrolment(const v1::Invitation& invitation,
                    const std::string& address,
                    UnixMillis now,
                    const Applicant& applicant) {
  const auto key = certs::Ed25519Key::FromSeed(invitation.invitation_seed());
  v1::EnrolmentRequest request;
  request.set_version(1);
  request.set_invitation_key(key->public_bytes());
  request.set_address(address);
  request.set_created_at_ms(now);
  request.set_signing_csr(certs::MakeCsr(applicant.signing, address));
  request.set_encryption_csr(certs::MakeCsr(applicant.encryption, address));
  request.set_transport_key(applicant.transport.public_key.str());
  v1::Entry entry;
  entry.mutable_enrolment()->set_request(request.SerializeAsString());
  entry.mutable_enrolment()->set_signature(
      key->Sign(std::string(certs::kEnrolmentContext) + entry.enrolment().request()));
  return entry;
}

}  // namespace rujukan::admin::testing
