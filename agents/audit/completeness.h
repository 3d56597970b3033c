// "These are all entries of this leg, or of this agency between A and B": what an auditor states
// after it has replayed the whole ledger up to a checkpoint, in a form that another auditor comes
// to by itself and that a signature keeps. docs/formats/evidence.md.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agents/audit/source.h"
#include "agents/audit/span.h"
#include "agents/audit/subject.h"
#include "agents/audit/verify.h"
#include "certs/hash.h"
#include "ledger/checkpoint.h"
#include "ledger/note.h"

namespace rujukan::audit {

// How many entries a subject has, and which: the digest is SHA-256 over their leaf hashes in order.
struct ListingSummary {
  uint64_t messages = 0;
  uint64_t refusals = 0;
  uint64_t receipts = 0;
  std::string digest;  // hex

  bool operator==(const ListingSummary&) const = default;
};

// Counts a subject's entries within a span. Entries in the order of the ledger. Thread: one owner.
class Listing {
 public:
  Listing(Subject subject, Span span) : filter_(std::move(subject)), span_(span) {}

  // Whether this entry is listed.
  bool Visit(const v1::Entry& entry, const std::string& bytes);
  ListingSummary Finish();  // once

 private:
  SubjectFilter filter_;
  const Span span_;
  ListingSummary summary_;
  certs::Sha256Stream hashes_;
};

struct Completeness {
  std::string subject;  // Subject::Text()
  Span span;
  ledger::Checkpoint checkpoint;        // up to which the ledger was replayed
  UnixMillis as_of = 0;                 // time of its last entry
  std::string state_root;               // hex, ledger/state_root.h, after its last entry
  std::optional<LogIndex> state_entry;  // newest entry in which the broker put that root on record
  ListingSummary listing;

  // The text that is signed: its first line is "<origin>/completeness", then JSON.
  std::string Text() const;
};

// Form only: the signature is for ledger::OpenNote. kInvalid.
Result<Completeness> ParseCompleteness(std::string_view note);

struct ListedEntry {
  LogIndex index = 0;
  UnixMillis time = 0;
  std::string what;  // RUJUKAN, TANDA_TERIMA, ...
};
struct CompletenessResult {
  Completeness statement;
  std::vector<ListedEntry> entries;
};

// Replays everything: root, signatures, certificates, transitions, the broker's own state roots.
// kNotFound: no such subject. kCorrupt: something does not hold; `verify` names it. kDenied:
// some entries are withheld from this reader. kLimit: over
// limits::kTrailEventsMax entries are listed.
Result<CompletenessResult> ProveComplete(Source& source,
                                         const std::string& vkey,
                                         const std::string& subject,
                                         Span span,
                                         const Progress& progress);

}  // namespace rujukan::audit
