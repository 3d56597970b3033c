// What the ledger's key, witnesses and time-stamping authorities vouch for.

#include "agents/audit/evidence_claims.h"
#include "base/bytes.h"
#include "certs/hash.h"
#include "certs/timestamp.h"
#include "ledger/cosignature.h"
#include "ledger/tree.h"

namespace rujukan::audit {
namespace {

using C = EvidenceCheck;

std::string ProofFile(LogIndex index) {
  return "proofs/" + std::to_string(index) + ".path";
}

class ClaimChecker {
 public:
  ClaimChecker(const EvidenceCase& about, const std::vector<ledger::NoteVerifier>& witnesses)
      : evidence_(about.evidence),
        facts_(about.facts),
        anchors_(about.anchors),
        report_(about.report),
        witnesses_(witnesses) {}

  std::optional<ledger::Checkpoint> Run() {
    CheckAnchors();
    CheckCheckpoint();
    CheckCosignatures();
    CheckInclusion();
    CheckStamp();
    return std::move(checkpoint_);
  }

 private:
  void Judge(bool holds, C check, const std::string& file, const std::string& problem) {
    if (holds) {
      report_.Pass(check);
    } else {
      report_.Fail(check, file, problem);
    }
  }

  // One of the two is enough: the genesis, signed by the root, names the ledger's key.
  void CheckAnchors() {
    if (!facts_.root_certificate.empty()) {
      report_.root_fingerprint = ToHex(certs::Sha256(facts_.root_certificate).view());
    }
    if (anchors_.vkey.empty() && anchors_.root_fingerprint.empty()) {
      report_.Skip(C::kAnchors, "neither --vkey nor --root was given; compare by eye");
      return;
    }
    if (!anchors_.vkey.empty()) {
      Judge(anchors_.vkey == evidence_.vkey,
            C::kAnchors,
            "log.vkey",
            "is not the key that you were given");
    }
    if (!anchors_.root_fingerprint.empty()) {
      Judge(anchors_.root_fingerprint == report_.root_fingerprint,
            C::kAnchors,
            "certificates/root.pem",
            "is not the root that you were given");
    }
  }

  void CheckCheckpoint() {
    checkpoint_ = OpenedBy(evidence_.checkpoint, evidence_.vkey, "checkpoint");
    if (!checkpoint_) {
      return;
    }
    report_.origin = checkpoint_->origin;
    report_.size = checkpoint_->size;
    if (facts_.root_certificate.empty()) {
      report_.Skip(C::kCheckpoint, "whether its key is the domain's: no legal genesis entry");
    } else if (facts_.log_vkey != evidence_.vkey) {
      report_.Fail(C::kCheckpoint, EntryFile(0), "the genesis names another ledger key");
    } else if (ledger::OriginOf(facts_.domain) != checkpoint_->origin) {
      report_.Fail(C::kCheckpoint, EntryFile(0), "the genesis founds another domain");
    }
  }

  std::optional<ledger::Checkpoint> OpenedBy(const std::string& note,
                                             const std::string& vkey,
                                             const std::string& file) {
    const auto log = ledger::NoteVerifier::Parse(vkey);
    auto opened =
        log ? ledger::OpenCheckpoint(note, *log) : Result<ledger::Checkpoint>(Fail(log.error()));
    if (!opened) {
      report_.Fail(C::kCheckpoint, file, opened.error().context);
      return std::nullopt;
    }
    report_.Pass(C::kCheckpoint);
    return std::move(*opened);
  }

  void CheckCosignatures() {
    if (witnesses_.empty()) {
      report_.Skip(C::kCosignatures, "no --witness was given");
      return;
    }
    const auto cosigned = ledger::VerifyCosignatures(evidence_.checkpoint, witnesses_);
    if (!cosigned) {
      report_.Fail(C::kCosignatures, "checkpoint", cosigned.error().context);
      return;
    }
    for (const ledger::Cosignature& cosignature : *cosigned) {
      report_.Pass(C::kCosignatures);
      report_.notes.push_back("Cosigned by " + cosignature.key.name + " at " +
                              FormatTime(cosignature.time_s * 1000));
    }
    if (cosigned->empty()) {  // who names witnesses does not want it without any
      report_.Fail(C::kCosignatures, "checkpoint", "none of your witnesses has cosigned it");
    } else if (cosigned->size() < witnesses_.size()) {
      report_.Skip(C::kCosignatures,
                   std::to_string(witnesses_.size() - cosigned->size()) +
                       " of your witnesses have not cosigned it");
    }
  }

  void CheckInclusion() {
    if (!checkpoint_) {
      report_.Skip(C::kInclusion, "the checkpoint is not signed by the ledger's key");
      return;
    }
    for (const auto& [index, bytes] : evidence_.entries) {
      const auto proof = evidence_.proofs.find(index);
      if (proof == evidence_.proofs.end()) {
        report_.Fail(C::kInclusion, ProofFile(index), "is missing");
        continue;
      }
      const auto holds = ledger::VerifyInclusion(
          ledger::LeafHash(bytes), index, checkpoint_->size, proof->second, checkpoint_->root);
      Judge(holds.has_value(),
            C::kInclusion,
            EntryFile(index),
            "is not entry " + std::to_string(index) + " of the ledger: altered, moved or made up");
    }
  }

  void CheckStamp() {
    if (!evidence_.stamp && !anchors_.tsa.empty()) {  // asked for, and not there
      report_.Fail(C::kTimestamp, "timestamp", "no time-stamp covers it");
      return;
    }
    if (!evidence_.stamp) {
      report_.Skip(C::kTimestamp, "no time-stamp covers it");
      return;
    }
    const std::string file = EntryFile(evidence_.stamp->entry);
    const auto found = evidence_.entries.find(evidence_.stamp->entry);
    v1::Entry entry;
    if (found == evidence_.entries.end() || !entry.ParseFromString(found->second) ||
        !entry.has_timestamp()) {
      report_.Fail(C::kTimestamp, file, "is not the entry of a time-stamp");
      return;
    }
    const auto stamped = OpenedBy(entry.timestamp().checkpoint(), evidence_.vkey, file);
    if (stamped) {
      CheckStamped(*stamped);
    }
    CheckToken(entry.timestamp(), file);
  }

  void CheckStamped(const ledger::Checkpoint& stamped) {
    size_t covered = 0;
    for (const LogIndex index : facts_.subject) {
      if (index >= stamped.size) {
        continue;
      }
      const std::string file = "timestamp/proofs/" + std::to_string(index) + ".path";
      const auto proof = evidence_.stamp->proofs.find(index);
      const bool holds = proof != evidence_.stamp->proofs.end() &&
                         ledger::VerifyInclusion(ledger::LeafHash(evidence_.entries.at(index)),
                                                 index,
                                                 stamped.size,
                                                 proof->second,
                                                 stamped.root)
                             .has_value();
      Judge(holds, C::kTimestamp, file, "does not lead to the checkpoint that was stamped");
      covered += holds ? 1 : 0;
    }
    if (covered < facts_.subject.size()) {
      report_.notes.push_back("The time-stamp covers " + std::to_string(covered) + " of " +
                              std::to_string(facts_.subject.size()) + " entries of the subject.");
    }
  }

  void CheckToken(const v1::TimestampRecorded& stamp, const std::string& file) {
    const Digest imprint = certs::Sha256(stamp.checkpoint());
    const auto said = certs::ParseTimestampToken(stamp.token());
    if (!said || said->imprint != imprint) {
      report_.Fail(C::kTimestamp, file, "the token is not over this checkpoint");
      return;
    }
    if (anchors_.tsa.empty()) {
      report_.Skip(C::kTimestamp,
                   "whose word " + FormatTime(said->time) + " is: no --tsa was given");
      return;
    }
    const auto verified = certs::VerifyTimestamp(stamp.token(), imprint, anchors_.tsa);
    if (!verified) {
      report_.Fail(C::kTimestamp, file, verified.error().context);
      return;
    }
    report_.Pass(C::kTimestamp);
    report_.notes.push_back("Time-stamped " + FormatTime(verified->time) + " by " +
                            verified->authority);
  }

  const Evidence& evidence_;
  const EvidenceFacts& facts_;
  const TrustAnchors& anchors_;
  EvidenceReport& report_;
  const std::vector<ledger::NoteVerifier>& witnesses_;
  std::optional<ledger::Checkpoint> checkpoint_;
};

}  // namespace

std::optional<ledger::Checkpoint> CheckLedgerClaims(
    const EvidenceCase& about, const std::vector<ledger::NoteVerifier>& witnesses) {
  return ClaimChecker(about, witnesses).Run();
}

}  // namespace rujukan::audit
