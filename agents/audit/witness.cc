#include "agents/audit/witness.h"

#include "agents/audit/source.h"
#include "agents/link/durable_file.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "certs/keyfile.h"

namespace rujukan::audit {
namespace {

constexpr char kKeyLabel[] = "rujukan witness key";

}  // namespace

std::string OriginHash(const std::string& origin) {
  return ToHex(certs::Sha256(origin).view());
}

Result<ledger::Cosigner> Witness::LoadKey(const std::string& path, const std::string& name) {
  auto seed = certs::ReadRawKeyFile(path, kKeyLabel);
  if (!seed && seed.error().code == Errc::kNotFound) {
    const certs::Ed25519Key key = certs::Ed25519Key::Generate();
    ASSIGN_OR_RETURN(ledger::Cosigner made, ledger::Cosigner::Make(name, key));
    RETURN_IF_ERROR(certs::WriteRawKeyFile(path, kKeyLabel, key.seed()));
    return made;
  }
  RETURN_IF_ERROR(seed);
  ASSIGN_OR_RETURN(certs::Ed25519Key key, certs::Ed25519Key::FromSeed(*seed));
  return ledger::Cosigner::Make(name, std::move(key));
}

Witness::Witness(ledger::Cosigner cosigner, std::string folder)
    : cosigner_(std::move(cosigner)), folder_(std::move(folder)) {}

Result<void> Witness::Know(const ledger::NoteVerifier& log, std::function<std::string()> refusal) {
  Log known;
  known.path = folder_ + "/" + OriginHash(log.name) + "/cosigned";
  known.refusal = std::move(refusal);
  known.state.origin = log.name;
  known.state.keys = {log};
  const auto note = ReadFile(known.path, limits::kCheckpointBytesMax);
  if (note) {
    if (!ledger::OpenCheckpoint(*note, log)) {
      return Fail(Errc::kCorrupt,
                  known.path + " is not a checkpoint of " + log.name +
                      ": without knowing what was cosigned, nothing may be");
    }
    known.state.cosigned = *note;
  } else if (note.error().code != Errc::kNotFound) {
    return Fail(note.error());
  }
  const std::lock_guard lock(mutex_);
  logs_[log.name] = std::move(known);
  return {};
}

ledger::WitnessAnswer Witness::Decide(const ledger::AddCheckpointRequest& request,
                                      Log* log,
                                      int64_t time_s) {
  if (log == nullptr) {
    return ledger::DecideAddCheckpoint(request, nullptr, cosigner_, time_s);
  }
  if (log->unsure) {
    return ledger::WitnessRefusal(500, "the witness could not write its state and has to restart");
  }
  log->state.refused = log->refusal();
  ledger::WitnessAnswer answer =
      ledger::DecideAddCheckpoint(request, &log->state, cosigner_, time_s);
  if (answer.status != 200) {
    return answer;
  }
  // Durable first: after this line a crash leaves a checkpoint that nobody got a cosignature for,
  // which harms nobody; the other order would let a restart cosign another history.
  if (!link::WriteDurably(log->path, answer.cosigned)) {
    log->unsure = true;
    return ledger::WitnessRefusal(500, "the witness could not write its state and has to restart");
  }
  log->state.cosigned = answer.cosigned;
  return answer;
}

ledger::WitnessAnswer Witness::AddCheckpoint(std::string_view body, int64_t time_s) {
  const auto request = ledger::AddCheckpointRequest::Parse(body);
  const auto origin = request ? ledger::OriginOfRequest(*request) : Fail(request.error());
  ledger::WitnessAnswer answer;
  std::string before;
  {
    const std::lock_guard lock(mutex_);
    if (origin) {
      const auto log = logs_.find(*origin);
      Log* const known = log == logs_.end() ? nullptr : &log->second;
      before = known == nullptr ? "" : known->state.cosigned;
      answer = Decide(*request, known, time_s);
    } else {
      answer = ledger::WitnessRefusal(400, origin.error().context);
    }
    ++counts_.answers[answer.status];
  }
  if (answer.authentic && observer_) {
    observer_(*origin, request->checkpoint, *answer.authentic, answer.contradicts ? before : "");
  }
  return answer;
}

Result<std::string> Witness::Latest(const std::string& origin_hash) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [origin, log] : logs_) {
    if (OriginHash(origin) == origin_hash && !log.state.cosigned.empty()) {
      return log.state.cosigned;
    }
  }
  return Fail(Errc::kNotFound, "nothing was cosigned for this origin");
}

Witness::Counts Witness::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace rujukan::audit
