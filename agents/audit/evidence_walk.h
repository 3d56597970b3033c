// The entries of an evidence file, replayed in order (ledger::ApplyVisible): what holds and what
// does not, and the facts that the files for people are made of: where statement and signature lie
// in each entry, which certificate made it, who issued that. Pure; thread: one owner.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agents/audit/evidence.h"
#include "agents/audit/evidence_report.h"
#include "ledger/authenticate.h"
#include "ledger/fold.h"
#include "ledger/view.h"

namespace rujukan::audit {

// Bytes inside an entry, from 0.
struct Place {
  size_t offset = 0;
  size_t length = 0;
};

// How a statement is signed: with a certificate, over the root of a batch; with the domain's root
// key; with an invitation's key.
enum class SignatureForm { kBatch, kRoot, kInvitation };

struct SignedEntry {
  LogIndex index = 0;
  SignatureForm form = SignatureForm::kBatch;
  std::string context;  // "header", "act", ...: what stands between "rujukan/v1/" and its "\n"
  std::string key;      // hex of the key id; of an invitation the key itself, raw
  uint32_t batch_index = 0;
  uint32_t batch_size = 1;
  std::string batch_path;  // hashes, one after the other
  Place statement;
  Place signature;
};

// A certificate that signed something here.
struct SigningCertificate {
  std::string der;
  std::string address;
  LogIndex since = 0;  // entry that put it in force
  UnixMillis since_time = 0;
  std::string authority;                   // DER of the CA that is trusted: the root, or an anchor
  std::vector<std::string> intermediates;  // DER: the issuing CA, or those of an outside one
  bool outside = false;
};

struct DirectoryLink {
  LogIndex index = 0;
  UnixMillis time = 0;
  std::optional<Place> root;  // none in the genesis
  Place statement;
};

struct EvidenceFacts {
  std::vector<LogIndex> subject;  // its entries
  std::vector<SignedEntry> signatures;
  std::map<std::string, SigningCertificate> certificates;  // by hex key id
  std::vector<DirectoryLink> directory;
  std::string root_certificate;  // DER
  std::string log_vkey;          // as the genesis names it
  std::string domain;
  std::map<std::string, LogIndex> messages;  // accepted ones of the subject: id to entry
};

// Never stops at a fault; what is wrong goes to `report` (signatures, certificates, directory,
// transitions, receipts, time). An Error is a defect of this program.
Result<EvidenceFacts> WalkEvidence(const Evidence& evidence, EvidenceReport& report);

std::string EntryFile(LogIndex index);  // "entries/12.bin"

}  // namespace rujukan::audit
