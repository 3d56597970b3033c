#include "broker/outward/cosign_chore.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/limits.h"
#include "base/printable.h"
#include "ledger/cosignature.h"
#include "ledger/tree.h"
#include "ledger/witness.h"

namespace rujukan::broker {
namespace {

using ledger::NoteVerifier;

constexpr int64_t kRenewEveryMs = limits::kCosignedAgeMsMax / 3;
constexpr int64_t kFewerAfterMs = 60'000;  // README.md: which one is kept
constexpr int64_t kBackoffMsMax = 60'000;
constexpr int kBackoffDoublingsMax = 6;
constexpr long kOk = 200;
constexpr long kConflict = 409;

// What we know of one witness. `size`: of the checkpoint it cosigned last, as far as we know.
struct Witness {
  WitnessTarget target;
  TreeSize size = 0;
  UnixMillis cosigned_at = 0;
  UnixMillis retry_at = 0;
  int failures = 0;
};

// "<size>\n", with the content type that says that it is one.
Result<TreeSize> ParseSize(const PostAnswer& answer) {
  std::string_view digits = answer.body;
  const bool newline = digits.ends_with('\n');
  digits.remove_suffix(newline ? 1 : 0);
  const bool typed = answer.content_type.starts_with(ledger::kTlogSizeType);
  const bool decimal =
      !digits.empty() && digits.size() <= 18 &&
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!typed || !newline || !decimal) {
    return Fail(Errc::kInvalid, "it answers 409 without the size it has");
  }
  return std::stoull(std::string(digits));
}

// What a witness says to its refusal, short enough for a log.
std::string FirstLine(const std::string& body) {
  constexpr size_t kShown = 160;
  return body.substr(0, std::min(body.find('\n'), kShown));
}

class CosignChore : public Chore {
 public:
  CosignChore(CosignPorts ports, CosignOptions options)
      : ports_(std::move(ports)), every_ms_(std::max(options.every_ms, limits::kCosignEveryMsMin)) {
    for (WitnessTarget& target : options.witnesses) {
      ports_.status.AddWitness(target.key.name);
      keys_.push_back(target.key);
      witnesses_.push_back({std::move(target)});
    }
  }

  std::string_view name() const override { return "cosign"; }

  Result<UnixMillis> Run(UnixMillis now, const std::atomic<bool>& stopping) override {
    ASSIGN_OR_RETURN(const auto newest, ports_.store.LatestCheckpoint());
    if (!newest.has_value() || newest->size == 0) {
      return now + every_ms_;
    }
    RETURN_IF_ERROR(Recall());
    const std::vector<Witness*> due = Due(newest->size, now);
    if (!due.empty()) {
      RETURN_IF_ERROR(Round(due, *newest, now, stopping));
    }
    return now + every_ms_;
  }

 private:
  // After a restart: whose cosignatures the kept checkpoint has, and how old they are.
  Result<void> Recall() {
    if (std::exchange(recalled_, true)) {
      return {};
    }
    ASSIGN_OR_RETURN(const auto kept, ports_.store.LatestCosigned());
    if (!kept.has_value()) {
      return {};
    }
    const auto good = ledger::VerifyCosignatures(kept->note, keys_);
    if (!good) {
      return {};  // by witnesses of another configuration: replaced by the next round
    }
    for (const ledger::Cosignature& cosignature : *good) {
      for (Witness& witness : witnesses_) {
        if (witness.target.key.public_key == cosignature.key.public_key) {
          witness.size = kept->size;
          witness.cosigned_at = cosignature.time_s * 1000;
        }
      }
    }
    TellStatus(kept->size, *good);
    return {};
  }

  std::vector<Witness*> Due(TreeSize newest, UnixMillis now) {
    std::vector<Witness*> due;
    for (Witness& witness : witnesses_) {
      const bool wanted = witness.size != newest || now - witness.cosigned_at >= kRenewEveryMs;
      if (wanted && now >= witness.retry_at) {
        due.push_back(&witness);
      }
    }
    return due;
  }

  // Asks all; asks those once more who have cosigned another size than we thought.
  Result<void> Round(const std::vector<Witness*>& due,
                     const Journal::KeptCheckpoint& newest,
                     UnixMillis now,
                     const std::atomic<bool>& stopping) {
    std::string lines;
    std::vector<Witness*> again;
    RETURN_IF_ERROR(Ask(due, newest, now, stopping, lines, &again));
    if (!again.empty() && !stopping) {
      RETURN_IF_ERROR(Ask(again, newest, now, stopping, lines, nullptr));
    }
    return lines.empty() ? Result<void>() : Keep(newest, lines, now);
  }

  Result<void> Ask(const std::vector<Witness*>& asked,
                   const Journal::KeptCheckpoint& newest,
                   UnixMillis now,
                   const std::atomic<bool>& stopping,
                   std::string& lines,
                   std::vector<Witness*>* again) {
    std::vector<HttpCall> calls;
    for (const Witness* witness : asked) {
      ASSIGN_OR_RETURN(HttpCall call, CallTo(*witness, newest));
      calls.push_back(std::move(call));
    }
    const auto answers = ports_.http.Post(calls, stopping);
    if (stopping) {
      return {};  // no answer is nobody's fault
    }
    for (size_t i = 0; i < asked.size(); ++i) {
      Take(*asked[i], answers[i], newest, now, lines, again);
    }
    return {};
  }

  Result<HttpCall> CallTo(const Witness& witness, const Journal::KeptCheckpoint& newest) const {
    ledger::AddCheckpointRequest request;
    request.old_size = witness.size;
    request.checkpoint = newest.note;
    if (witness.size > 0 && witness.size < newest.size) {
      ASSIGN_OR_RETURN(request.proof,
                       ledger::ConsistencyProof(witness.size, newest.size, ports_.store));
    }
    return HttpCall{witness.target.base,
                    "/add-checkpoint",
                    "text/plain; charset=utf-8",
                    request.Body(),
                    limits::kCosignatureLinesBytesMax};
  }

  void Take(Witness& witness,
            const Result<PostAnswer>& answer,
            const Journal::KeptCheckpoint& newest,
            UnixMillis now,
            std::string& lines,
            std::vector<Witness*>* again) {
    if (answer && answer->status == kConflict && again != nullptr) {
      const auto size = ParseSize(*answer);
      if (size && *size <= newest.size) {
        witness.size = *size;
        again->push_back(&witness);
        return;
      }
    }
    const auto cosigned = LinesOf(witness, answer, newest, now);
    if (!cosigned) {
      Failed(witness, cosigned.error(), now);
      return;
    }
    lines += *cosigned;
    witness.size = newest.size;
    witness.cosigned_at = now;
    witness.failures = 0;
    ports_.status.WitnessAnswered(witness.target.key.name, now);
  }

  // Its own line alone, once that is good and timely: whatever else a witness answers, above all in
  // the name of another, must not spoil what the others said.
  static Result<std::string> LinesOf(const Witness& witness,
                                     const Result<PostAnswer>& answer,
                                     const Journal::KeptCheckpoint& newest,
                                     UnixMillis now) {
    if (!answer) {
      return Fail(answer.error());
    }
    if (answer->status == kConflict) {
      ASSIGN_OR_RETURN(const TreeSize size, ParseSize(*answer));
      if (size > newest.size) {
        return Fail(
            Errc::kCorrupt,
            "it has cosigned " + std::to_string(size) + " entries of this ledger, which has only " +
                std::to_string(newest.size) +
                ": this ledger was rolled back; stop the broker and restore what is newest");
      }
    }
    if (answer->status != kOk) {
      return Fail(Errc::kUnavailable,
                  "it answers " + std::to_string(answer->status) + ": " + FirstLine(answer->body));
    }
    const std::vector<NoteVerifier> key = {witness.target.key};
    ASSIGN_OR_RETURN(const std::string merged,
                     ledger::MergeCosignatures(newest.note, answer->body, key));
    ASSIGN_OR_RETURN(const auto good, ledger::VerifyCosignatures(merged, key));
    if (good.empty()) {
      return Fail(Errc::kDenied, "its answer has no cosignature by the key configured for it");
    }
    if (std::abs(good.front().time_s * 1000 - now) > limits::kClockSkewMsMax) {
      return Fail(Errc::kExpired,
                  "it dates its cosignature " + FormatTime(good.front().time_s * 1000) +
                      ", our clock says " + FormatTime(now) + "; one of them is wrong");
    }
    ASSIGN_OR_RETURN(const ledger::Note note, ledger::ParseNote(merged));
    for (const ledger::NoteSignature& signature : note.signatures) {
      if (signature.name == witness.target.key.name &&
          signature.key_id == witness.target.key.key_id) {
        return ledger::SignatureLine(signature);
      }
    }
    return Fail(Errc::kDenied, "its answer has no cosignature by the key configured for it");
  }

  void Failed(Witness& witness, const Error& error, UnixMillis now) {
    const int doublings = std::min(witness.failures, kBackoffDoublingsMax);
    witness.retry_at = now + std::min(limits::kCosignEveryMsMin << doublings, kBackoffMsMax);
    ++witness.failures;
    ports_.status.WitnessFailed(witness.target.key.name, now);
    spdlog::warn("cosign: witness {}: {}", witness.target.key.name, Printable(error.context));
  }

  Result<void> Keep(const Journal::KeptCheckpoint& newest,
                    const std::string& lines,
                    UnixMillis now) {
    ASSIGN_OR_RETURN(const auto kept, ports_.store.LatestCosigned());
    const bool same = kept.has_value() && kept->size == newest.size;
    const auto merged = ledger::MergeCosignatures(same ? kept->note : newest.note, lines, keys_);
    if (!merged) {
      return Fail(merged.error());
    }
    ASSIGN_OR_RETURN(const auto good, ledger::VerifyCosignatures(*merged, keys_));
    if (!same && kept.has_value() && !Replaces(good, *kept, now)) {
      return {};
    }
    RETURN_IF_ERROR(ports_.keep({newest.size, *merged}));
    TellStatus(newest.size, good);
    return {};
  }

  bool Replaces(const std::vector<ledger::Cosignature>& good,
                const Journal::KeptCheckpoint& kept,
                UnixMillis now) const {
    const auto before = ledger::VerifyCosignatures(kept.note, keys_);
    if (!before || good.size() >= before->size()) {
      return true;
    }
    const UnixMillis newest = NewestOf(*before);
    return now - newest >= kFewerAfterMs || now < newest;
  }

  static UnixMillis NewestOf(const std::vector<ledger::Cosignature>& cosignatures) {
    int64_t newest = 0;
    for (const ledger::Cosignature& cosignature : cosignatures) {
      newest = std::max(newest, cosignature.time_s);
    }
    return newest * 1000;
  }

  void TellStatus(TreeSize size, const std::vector<ledger::Cosignature>& good) {
    ports_.status.Cosigned(size, NewestOf(good));
  }

  const CosignPorts ports_;
  const int64_t every_ms_;
  std::vector<NoteVerifier> keys_;
  std::vector<Witness> witnesses_;
  bool recalled_ = false;
};

}  // namespace

std::unique_ptr<Chore> MakeCosignChore(CosignPorts ports, CosignOptions options) {
  return std::make_unique<CosignChore>(std::move(ports), std::move(options));
}

}  // namespace rujukan::broker
