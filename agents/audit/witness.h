// The witness on this machine: its key, and for each origin the checkpoint it cosigned last, as a
// file. docs/formats/witness.md. Thread-safe: one mutex from reading what was cosigned to having
// written the new one.
//   FOLDER/witness.key            0600
//   FOLDER/<hex SHA-256 of the origin>/cosigned    the note: the whole state of the witness
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ledger/witness.h"

namespace rujukan::audit {

class Witness {
 public:
  // Reads the key, or makes it (0600) when there is none. kDenied: others can read the file.
  // kInvalid: not a witness key, or a name that a note cannot carry.
  static Result<ledger::Cosigner> LoadKey(const std::string& path, const std::string& name);

  Witness(ledger::Cosigner cosigner, std::string folder);

  // Before the first request. `refusal`: why this log is not cosigned, "" when it is; called with
  // the mutex held. kCorrupt: what was cosigned before cannot be read, so nothing may be cosigned.
  Result<void> Know(const ledger::NoteVerifier& log, std::function<std::string()> refusal);

  // The answer; with 200 the new checkpoint is durable. 500 when it could not be written: then it
  // is not known which of the two a restart finds, and nothing is cosigned until that.
  ledger::WitnessAnswer AddCheckpoint(std::string_view body, int64_t time_s);
  // The note cosigned last. kNotFound. `origin_hash`: 64 hex digits.
  Result<std::string> Latest(const std::string& origin_hash) const;

  const ledger::NoteVerifier& verifier() const { return cosigner_.verifier(); }

  // What AddCheckpoint saw, for the watch: called after the mutex is released.
  using Observer = std::function<void(const std::string& origin,
                                      const std::string& note,
                                      const ledger::Checkpoint& checkpoint,
                                      const std::string& contradicts)>;
  void Observe(Observer observer) { observer_ = std::move(observer); }  // before the first request

  struct Counts {
    std::map<int, uint64_t> answers;  // by status
  };
  Counts counts() const;

 private:
  struct Log {
    ledger::WitnessedLog state;
    std::function<std::string()> refusal;
    std::string path;
    bool unsure = false;  // a write failed
  };

  ledger::WitnessAnswer Decide(const ledger::AddCheckpointRequest& request,
                               Log* log,
                               int64_t time_s);

  const ledger::Cosigner cosigner_;
  const std::string folder_;
  Observer observer_;

  mutable std::mutex mutex_;
  // State below is guarded by mutex_.
  std::map<std::string, Log> logs_;  // by origin
  Counts counts_;
};

// Lower-case hex SHA-256, as in the monitoring address of c2sp.org/tlog-witness.
std::string OriginHash(const std::string& origin);

}  // namespace rujukan::audit
