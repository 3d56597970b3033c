#include "agents/audit/evidence_walk.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "ledger/directory_root.h"
#include "ledger/header.h"
#include "ledger/records.h"
#include "rujukan/v1/act.pb.h"

namespace rujukan::audit {
namespace {

using C = EvidenceCheck;
using R = v1::RefusalReason;

std::string Words(const ledger::Refusal& refusal) {
  return v1::RefusalReason::Code_Name(refusal.reason) + ": " + refusal.advice;
}

C CheckOf(R::Code reason) {
  switch (reason) {
    case R::CERTIFICATE_INVALID:
      return C::kCertificates;
    case R::BAD_SIGNATURE:
    case R::KEY_UNKNOWN:
      return C::kSignatures;
    default:
      return C::kTransitions;
  }
}

// Equal bytes are equal wherever in the entry they lie, so the first place will do.
Place PlaceOf(const std::string& entry, const std::string& part) {
  return {std::min(entry.find(part), entry.size()), part.size()};
}

struct Signature {
  SignatureForm form;
  std::string context;
  const std::string* statement;
  const v1::BatchSignature* batch;  // of a batch
  const std::string* plain;         // else
};

std::optional<Signature> SignatureOf(const v1::Entry& entry) {
  const auto batch =
      [](const char* context, const std::string& statement, const v1::BatchSignature& made) {
        return Signature{SignatureForm::kBatch, context, &statement, &made, nullptr};
      };
  switch (entry.body_case()) {
    case v1::Entry::kGenesis:
      return Signature{SignatureForm::kRoot,
                       "genesis",
                       &entry.genesis().genesis(),
                       nullptr,
                       &entry.genesis().signature()};
    case v1::Entry::kRootAct:
      return Signature{SignatureForm::kRoot,
                       "root-act",
                       &entry.root_act().act(),
                       nullptr,
                       &entry.root_act().signature()};
    case v1::Entry::kEnrolment:
      return Signature{SignatureForm::kInvitation,
                       "enrolment",
                       &entry.enrolment().request(),
                       nullptr,
                       &entry.enrolment().signature()};
    case v1::Entry::kAct:
      return batch("act", entry.act().act(), entry.act().signature());
    case v1::Entry::kAccepted:
      return batch("header", entry.accepted().header(), entry.accepted().signature());
    case v1::Entry::kDelivery:
      return batch("delivery", entry.delivery().receipt(), entry.delivery().signature());
    case v1::Entry::kRefused:
      return entry.refused().has_signature()
                 ? std::optional<Signature>(
                       batch("header", entry.refused().header(), entry.refused().signature()))
                 : std::nullopt;
    default:
      return std::nullopt;
  }
}

class Walk {
 public:
  Walk(const Evidence& evidence, EvidenceReport& report)
      : evidence_(evidence),
        report_(report),
        overlay_(base_),
        filter_(evidence.subject),
        cache_(limits::kReplayCachedBatchesMax) {}

  Result<EvidenceFacts> Run() {
    for (const auto& [index, bytes] : evidence_.entries) {
      v1::Entry entry;
      if (!entry.ParseFromString(bytes)) {
        report_.Fail(C::kTransitions, EntryFile(index), "is not a rujukan.v1.Entry");
        continue;
      }
      RETURN_IF_ERROR(Step(index, bytes, entry));
      base_.Apply(overlay_.TakeWrites());
    }
    if (facts_.root_certificate.empty()) {
      report_.Fail(C::kDirectory, EntryFile(0), "there is no legal genesis entry");
    }
    return std::move(facts_);
  }

 private:
  Result<void> Step(LogIndex index, const std::string& bytes, const v1::Entry& entry) {
    CheckTime(index, entry);
    CheckDirectory(index, bytes, entry);
    RETURN_IF_ERROR(CheckAdmission(index, entry));
    RETURN_IF_ERROR(CheckSignature(index, bytes, entry));
    const auto part = filter_.PartOf(entry);
    if (part) {
      facts_.subject.push_back(index);
      CheckReceipt(index, *part);
    }
    if (part && part->kind == Part::Kind::kMessage) {
      facts_.messages.emplace(part->message_id, index);
    }
    RETURN_IF_ERROR(Fold(index, entry));
    report_.as_of = std::max(report_.as_of, entry.time_ms());
    return NoteDirectory(index, entry);
  }

  void CheckTime(LogIndex index, const v1::Entry& entry) {
    if (entry.time_ms() < time_) {
      report_.Fail(C::kTime, EntryFile(index), "is dated before the entry ahead of it");
      return;
    }
    time_ = entry.time_ms();
    report_.Pass(C::kTime);
  }

  // Every entry names the last directory entry before it, every directory entry what the directory
  // had come to.
  void CheckDirectory(LogIndex index, const std::string& bytes, const v1::Entry& entry) {
    const bool directory = ledger::IsDirectoryEntry(entry);
    if (entry.directory_previous() != directory_head_) {
      report_.Fail(
          C::kDirectory,
          EntryFile(index),
          "the directory entry before it is " +
              (entry.directory_previous() == 0 ? std::string("none")
                                               : std::to_string(entry.directory_previous() - 1)) +
              ", which is not the one here");
    } else if (directory && entry.directory_root() != directory_root_) {
      report_.Fail(C::kDirectory, EntryFile(index), "the directory here does not come to its root");
    } else {
      report_.Pass(C::kDirectory);
    }
    if (!directory) {
      return;
    }
    DirectoryLink link{index, entry.time_ms(), std::nullopt, {}};
    if (!entry.directory_root().empty()) {
      link.root = PlaceOf(bytes, entry.directory_root());
    }
    link.statement = PlaceOf(bytes, std::string(ledger::DirectoryStatementOf(entry)));
    facts_.directory.push_back(link);
    directory_root_ = ledger::NextDirectoryRoot(directory_root_, entry, index);
    directory_head_ = index + 1;
    directory_times_[index] = entry.time_ms();
  }

  // Root signatures, invitations, and the certificates that an act puts in force.
  Result<void> CheckAdmission(LogIndex index, const v1::Entry& entry) {
    if (!ledger::IsDirectoryEntry(entry)) {
      return {};
    }
    ASSIGN_OR_RETURN(const auto verdict, ledger::AuthenticateDirectoryEntry(entry, overlay_));
    if (!verdict) {
      report_.Fail(CheckOf(verdict.error().reason), EntryFile(index), Words(verdict.error()));
      return {};
    }
    report_.Pass(C::kSignatures, entry.has_act() ? 0 : 1);
    report_.Pass(C::kCertificates);
    return {};
  }

  Result<void> CheckSignature(LogIndex index, const std::string& bytes, const v1::Entry& entry) {
    const auto made = SignatureOf(entry);
    if (!made) {
      return {};
    }
    SignedEntry row;
    row.index = index;
    row.form = made->form;
    row.context = made->context;
    row.statement = PlaceOf(bytes, *made->statement);
    if (made->batch == nullptr) {
      row.signature = PlaceOf(bytes, *made->plain);
      row.key = made->form == SignatureForm::kInvitation ? InvitationKeyOf(*made->statement) : "";
      facts_.signatures.push_back(std::move(row));
      return {};
    }
    row.signature = PlaceOf(bytes, made->batch->signature());
    row.key = ToHex(made->batch->signer_key());
    row.batch_index = made->batch->batch_index();
    row.batch_size = made->batch->batch_size();
    for (const std::string& hash : made->batch->path()) {
      row.batch_path += hash;
    }
    facts_.signatures.push_back(std::move(row));
    RETURN_IF_ERROR(NoteCertificate(made->batch->signer_key()));
    return VerifyBatch(index, entry);
  }

  Result<void> VerifyBatch(LogIndex index, const v1::Entry& entry) {
    ASSIGN_OR_RETURN(const auto verdict, ledger::ClaimOfEntry(entry, overlay_, ring_));
    if (!verdict) {
      report_.Fail(C::kSignatures, EntryFile(index), Words(verdict.error()));
    } else if (*verdict &&
               !certs::VerifyClaim(
                   (*verdict)->key, (*verdict)->claim, (*verdict)->batch_size, cache_)) {
      report_.Fail(C::kSignatures,
                   EntryFile(index),
                   "the signature is not the signer's over these bytes: forged or altered");
    } else {
      report_.Pass(C::kSignatures);
    }
    return {};
  }

  static std::string InvitationKeyOf(const std::string& statement) {
    v1::EnrolmentRequest request;
    return request.ParseFromString(statement) ? request.invitation_key() : std::string();
  }

  // That the receipt is about a message here, word for word.
  void CheckReceipt(LogIndex index, const Part& part) {
    if (part.kind != Part::Kind::kDelivery) {
      return;
    }
    const auto message = facts_.messages.find(part.message_id);
    v1::Entry entry;
    if (message == facts_.messages.end() ||
        !entry.ParseFromString(evidence_.entries.at(message->second)) ||
        certs::Sha256(entry.accepted().header()).view() != part.receipt.header_digest()) {
      report_.Fail(
          C::kReceipts, EntryFile(index), "the receipt is not for the message that it names");
      return;
    }
    report_.Pass(C::kReceipts);
  }

  Result<void> Fold(LogIndex index, const v1::Entry& entry) {
    ASSIGN_OR_RETURN(v1::FoldHead before, ledger::ReadHead(overlay_));
    ASSIGN_OR_RETURN(const auto verdict, ledger::ApplyVisible(entry, index, overlay_));
    if (verdict) {
      report_.Pass(C::kTransitions);
      return {};
    }
    report_.Fail(C::kTransitions, EntryFile(index), Words(verdict.error()));
    // It is left out; the next one is judged as if it had been in its place.
    before.set_size(index + 1);
    before.set_time_ms(time_);
    before.set_directory_head(directory_head_);
    before.set_directory_root(directory_root_);
    overlay_.Put(ledger::Table::kHead, ledger::kHeadKey, before.SerializeAsString());
    return {};
  }

  // Which CA issues now, and what outside certificates came with.
  Result<void> NoteDirectory(LogIndex index, const v1::Entry& entry) {
    if (entry.has_enrolment()) {
      v1::EnrolmentRequest request;
      if (request.ParseFromString(entry.enrolment().request()) &&
          !request.outside_certificate().empty()) {
        const auto& more = request.outside_intermediates();
        outside_[ToHex(certs::Sha256(request.outside_certificate()).view())].assign(more.begin(),
                                                                                    more.end());
      }
    }
    if (!entry.has_genesis() && !entry.has_root_act()) {
      return {};
    }
    const auto domain = ledger::ReadDomain(overlay_);
    if (domain) {
      facts_.root_certificate = domain->root_certificate();
      facts_.log_vkey = domain->log_vkey();
      facts_.domain = domain->domain();
      issuing_[index] = domain->issuing_certificate();
    }
    return {};
  }

  Result<void> NoteCertificate(const std::string& key_id) {
    const std::string name = ToHex(key_id);
    if (facts_.certificates.count(name) > 0) {
      return {};
    }
    ASSIGN_OR_RETURN(const auto key, ledger::ReadKey(overlay_, key_id));
    if (!key) {
      return {};  // VerifyBatch says so
    }
    SigningCertificate certificate;
    certificate.der = key->certificate();
    certificate.address = key->address();
    certificate.since = key->since_index();
    certificate.since_time = directory_times_[key->since_index()];
    certificate.outside = !key->anchor().empty();
    if (certificate.outside) {
      ASSIGN_OR_RETURN(const auto anchor, ledger::ReadAnchor(overlay_, key->anchor()));
      certificate.authority = anchor ? anchor->certificate() : "";
      certificate.intermediates = outside_[name];
    } else {
      certificate.authority = facts_.root_certificate;
      auto issuing = issuing_.upper_bound(key->since_index());
      if (issuing != issuing_.begin()) {
        certificate.intermediates.push_back((--issuing)->second);
      }
    }
    facts_.certificates.emplace(name, std::move(certificate));
    return {};
  }

  const Evidence& evidence_;
  EvidenceReport& report_;
  EvidenceFacts facts_;
  ledger::MemoryView base_;
  ledger::Overlay overlay_;
  ledger::KeyRing ring_;
  SubjectFilter filter_;
  certs::VerifiedClaims cache_;
  UnixMillis time_ = 0;
  uint64_t directory_head_ = 0;
  std::string directory_root_;
  std::map<LogIndex, UnixMillis> directory_times_;
  std::map<LogIndex, std::string> issuing_;                  // from this entry on
  std::map<std::string, std::vector<std::string>> outside_;  // by hex key id
};

}  // namespace

std::string EntryFile(LogIndex index) {
  return "entries/" + std::to_string(index) + ".bin";
}

Result<EvidenceFacts> WalkEvidence(const Evidence& evidence, EvidenceReport& report) {
  return Walk(evidence, report).Run();
}

}  // namespace rujukan::audit
