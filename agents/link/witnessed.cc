#include "agents/link/witnessed.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/limits.h"

namespace rujukan::link {
namespace {

constexpr int64_t kMsPerS = 1000;
constexpr size_t kTimeBytes = 8;  // in front of the signature (ledger/cosignature.h)

// Without the cosignatures of witnesses whose clock is ahead: they would count for longer than they
// are worth.
Result<std::string> WithoutFuture(const std::string& cosigned,
                                  const std::vector<ledger::NoteVerifier>& keys,
                                  UnixMillis now) {
  ASSIGN_OR_RETURN(ledger::Note note, ledger::ParseNote(cosigned));
  const auto latest = static_cast<uint64_t>((now + limits::kClockSkewMsMax) / kMsPerS);
  const auto ahead = [&](const ledger::NoteSignature& signature) {
    const bool witness = std::any_of(keys.begin(), keys.end(), [&](const auto& key) {
      return key.key_id == signature.key_id && key.name == signature.name;
    });
    return witness && signature.bytes.size() >= kTimeBytes &&
           ReadBigEndian64(signature.bytes) > latest;
  };
  std::erase_if(note.signatures, ahead);
  return note.Text();
}

std::string Listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text.append(text.empty() ? "" : ", ").append(name);
  }
  return text;
}

}  // namespace

Result<WitnessRule> WitnessRule::Make(std::string_view policy, const ledger::NoteVerifier& log) {
  ASSIGN_OR_RETURN(ledger::TlogPolicy parsed, ledger::TlogPolicy::Parse(policy));
  const auto& logs = parsed.logs();
  const bool ours = std::any_of(logs.begin(), logs.end(), [&](const auto& known) {
    return known.key.ToVkey() == log.ToVkey();
  });
  if (!logs.empty() && !ours) {
    return Fail(Errc::kInvalid,
                "the witness policy is for another ledger than " + log.ToVkey() +
                    "; put a `log` line of this one into it");
  }
  return WitnessRule(std::move(parsed));
}

WitnessRule::Verdict WitnessRule::Judge(const std::string& cosigned, UnixMillis now) const {
  Verdict verdict;
  if (cosigned.empty() && policy_.quorum() != "none") {
    for (const auto& witness : policy_.witnesses()) {
      verdict.missing.push_back(witness.name);
    }
    verdict.problem = "the broker shows no cosigned checkpoint";
    return verdict;
  }
  if (cosigned.empty()) {
    verdict.met = true;
    return verdict;
  }
  const int64_t oldest_s = std::max<int64_t>((now - limits::kCosignedAgeMsMax) / kMsPerS, 1);
  const auto timely = WithoutFuture(cosigned, policy_.WitnessKeys(), now);
  const auto evaluated = timely ? policy_.Evaluate(*timely, oldest_s)
                                : Result<ledger::TlogPolicy::Verdict>(Fail(timely.error()));
  if (!evaluated) {
    verdict.problem = "the cosigned checkpoint is worth nothing: " + evaluated.error().context;
    return verdict;
  }
  verdict.met = evaluated->met;
  verdict.good = evaluated->good.size();
  verdict.missing = evaluated->missing;
  if (!verdict.met) {
    verdict.problem = "no cosignature of the last " +
                      std::to_string(limits::kCosignedAgeMsMax / 60 / kMsPerS) +
                      " minutes by: " + Listed(verdict.missing);
  }
  return verdict;
}

}  // namespace rujukan::link
