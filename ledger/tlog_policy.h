// C2SP tlog-policy (c2sp.org/tlog-policy): which logs are believed, and whose cosignatures a
// checkpoint needs. docs/formats/tlog-policy.md.
//   log <vkey> [<url>]
//   witness <name> <vkey> [<url>]
//   group <name> all|any|<k> <member>...
//   quorum <name>|none
// Pure; a value, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ledger/checkpoint.h"
#include "ledger/cosignature.h"

namespace rujukan::ledger {

class TlogPolicy {
 public:
  struct Log {
    NoteVerifier key;  // type kNoteEd25519
    std::string url;   // "": none given
  };
  struct Witness {
    std::string name;  // within this policy only
    NoteVerifier key;  // type kNoteCosignature
    std::string url;   // submission prefix; "": none given
  };
  struct Group {
    std::string name;
    size_t threshold = 1;              // that many of the members
    std::vector<std::string> members;  // witnesses or groups above it
  };

  // kInvalid with the line: what the format refuses (also a key twice, a member of two groups, an
  // undefined name, no quorum or two). kLimit: over limits::kTlogPolicyBytesMax, or over
  // limits::kWitnessesMax logs, witnesses or groups.
  static Result<TlogPolicy> Parse(std::string_view text);

  const std::vector<Log>& logs() const { return logs_; }
  const std::vector<Witness>& witnesses() const { return witnesses_; }
  const std::vector<Group>& groups() const { return groups_; }
  const std::string& quorum() const { return quorum_; }  // a name, or "none"
  std::vector<NoteVerifier> WitnessKeys() const;

  struct Verdict {
    bool met = false;
    std::vector<Cosignature> good;     // by witnesses of this policy
    std::vector<std::string> missing;  // names of the quorum's witnesses that have not cosigned
  };
  // Whether the cosignatures of `note` are a quorum; not whether a log of the policy signed it (see
  // Open). `oldest_s`: cosignatures before this (POSIX seconds) do not count; 0: all do. kDenied,
  // kInvalid: as VerifyCosignatures.
  Result<Verdict> Evaluate(std::string_view note, int64_t oldest_s = 0) const;

  // The checkpoint, when a log of the policy signed it and the quorum is met. kDenied otherwise,
  // naming who is missing; kInvalid: malformed.
  Result<Checkpoint> Open(std::string_view note, int64_t oldest_s = 0) const;

 private:
  friend class TlogPolicyParser;

  std::vector<Log> logs_;
  std::vector<Witness> witnesses_;
  std::vector<Group> groups_;
  std::string quorum_;
};

}  // namespace rujukan::ledger
