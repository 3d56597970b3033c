// The evidence of one leg, notification or agency: what has to be in the file for somebody without
// a ledger, a network or trust in us to check it. Only what cannot be computed from the rest is
// here; every other file is rendered from it (evidence_files.h), so a checker renders it again and
// compares. docs/formats/evidence.md. Values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agents/audit/container.h"
#include "agents/audit/source.h"
#include "agents/audit/subject.h"
#include "base/ids.h"

namespace rujukan::audit {

using Path = std::vector<Digest>;  // of an inclusion or consistency proof

// A time-stamp of RFC 3161: it lies in an entry of the ledger, with the checkpoint it is over.
struct EvidenceStamp {
  LogIndex entry = 0;
  std::map<LogIndex, Path> proofs;  // of the subject's entries in the stamped checkpoint
};

// What an auditor who has read all of the ledger says of it: completeness.h.
struct EvidenceStatement {
  std::string note;
  std::string vkey;  // of the auditor's key
  Path consistency;  // from its checkpoint to this one; empty when it is the same
};

struct Evidence {
  Subject subject;
  std::string vkey;        // of the ledger
  std::string checkpoint;  // signed note, with cosignatures if any
  std::map<LogIndex, std::string> entries;
  std::map<LogIndex, Path> proofs;  // of each entry in the checkpoint
  std::optional<EvidenceStamp> stamp;
  std::optional<EvidenceStatement> statement;
  std::map<std::string, std::string> opened;  // message UUID to OpenedContent bytes
};

struct EvidenceRequest {
  std::string subject;                         // address, or UUID of a leg or a message
  std::vector<std::string> opened;             // OpenedContent bytes that the auditor was given
  std::optional<EvidenceStatement> statement;  // its consistency is filled in
};

// Reads all of the ledger, or what of it this reader may see: whole legs, and the directory.
// kNotFound: no such subject. kCorrupt: the entries are not those the
// checkpoint signs. kInvalid: an opened content of no message of the subject, or a statement about
// something else.
Result<Evidence> CollectEvidence(Source& source,
                                 const std::string& vkey,
                                 const EvidenceRequest& request);

}  // namespace rujukan::audit
