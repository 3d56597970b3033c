#include "ledger/cosignature.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "ledger/note_text.h"

namespace rujukan::ledger {
namespace {

constexpr size_t kTimeBytes = 8;
constexpr size_t kSignatureBytes = 64;

std::string SignedMessage(std::string_view text, uint64_t time_s) {
  return "cosignature/v1\ntime " + std::to_string(time_s) + "\n" + std::string(text);
}

// The time a cosignature line states, or nullopt when it is not this key's over this text.
std::optional<int64_t> Verify(const NoteVerifier& key,
                              std::string_view text,
                              std::string_view bytes) {
  if (bytes.size() != kTimeBytes + kSignatureBytes) {
    return std::nullopt;
  }
  const uint64_t time_s = ReadBigEndian64(bytes);
  // Times are reckoned with in milliseconds: no later than that allows.
  if (time_s > uint64_t{std::numeric_limits<int64_t>::max()} / 1000 ||
      !certs::Ed25519Verify(
          key.public_key, SignedMessage(text, time_s), bytes.substr(kTimeBytes))) {
    return std::nullopt;
  }
  return static_cast<int64_t>(time_s);
}

bool IsBy(const NoteSignature& signature, const NoteVerifier& key) {
  return key.type == kNoteCosignature && signature.key_id == key.key_id &&
         signature.name == key.name;
}

// The newest good cosignature of `key`; nullopt: none. kDenied: a bad one.
Result<std::optional<Cosignature>> Newest(const Note& note, const NoteVerifier& key) {
  std::optional<Cosignature> newest;
  for (const NoteSignature& signature : note.signatures) {
    if (!IsBy(signature, key)) {
      continue;
    }
    const auto time_s = Verify(key, note.text, signature.bytes);
    if (!time_s) {
      return Fail(Errc::kDenied, "the cosignature by " + key.name + " is not good");
    }
    if (!newest || newest->time_s < *time_s) {
      newest = Cosignature{key, *time_s};
    }
  }
  return newest;
}

Result<std::vector<Cosignature>> Collect(const Note& note, std::span<const NoteVerifier> known) {
  std::vector<Cosignature> good;
  for (const NoteVerifier& key : known) {
    ASSIGN_OR_RETURN(auto newest, Newest(note, key));
    if (newest) {
      good.push_back(std::move(*newest));
    }
  }
  return good;
}

const NoteVerifier* KeyOf(const NoteSignature& signature, std::span<const NoteVerifier> known) {
  const auto key = std::find_if(known.begin(), known.end(), [&](const auto& candidate) {
    return IsBy(signature, candidate);
  });
  return key == known.end() ? nullptr : &*key;
}

// Puts `added` in place of an older one by the same key, or behind all.
void Put(const NoteSignature& added, std::vector<NoteSignature>& signatures) {
  for (NoteSignature& present : signatures) {
    if (present.name == added.name && present.key_id == added.key_id) {
      const bool newer = present.bytes.size() < kTimeBytes ||
                         ReadBigEndian64(present.bytes) < ReadBigEndian64(added.bytes);
      if (newer) {
        present = added;
      }
      return;
    }
  }
  signatures.push_back(added);
}

}  // namespace

Result<Cosigner> Cosigner::Make(std::string name, certs::Ed25519Key key) {
  ASSIGN_OR_RETURN(NoteVerifier verifier,
                   NoteVerifier::Of(kNoteCosignature, std::move(name), key.public_bytes()));
  return Cosigner(std::move(key), std::move(verifier));
}

Cosigner::Cosigner(certs::Ed25519Key key, NoteVerifier verifier)
    : key_(std::move(key)), verifier_(std::move(verifier)) {}

std::string Cosigner::Cosign(std::string_view text, int64_t time_s) const {
  CHECK(IsNoteText(text) && time_s >= 0);
  const auto seconds = static_cast<uint64_t>(time_s);
  NoteSignature signature{verifier_.name, verifier_.key_id, ""};
  AppendBigEndian64(seconds, signature.bytes);
  signature.bytes.append(key_.Sign(SignedMessage(text, seconds)));
  return SignatureLine(signature);
}

Result<std::vector<Cosignature>> VerifyCosignatures(std::string_view note,
                                                    std::span<const NoteVerifier> known) {
  ASSIGN_OR_RETURN(const Note parsed, ParseNote(note));
  return Collect(parsed, known);
}

Result<std::string> MergeCosignatures(std::string_view note,
                                      std::string_view lines,
                                      std::span<const NoteVerifier> known) {
  if (lines.size() > limits::kCosignatureLinesBytesMax) {
    return Fail(Errc::kInvalid,
                "the answer is " + std::to_string(lines.size()) +
                    " bytes of signature lines; the "
                    "limit is " +
                    std::to_string(limits::kCosignatureLinesBytesMax));
  }
  ASSIGN_OR_RETURN(Note merged, ParseNote(note));
  ASSIGN_OR_RETURN(const std::vector<NoteSignature> answered, ParseSignatureLines(lines));
  for (const NoteSignature& signature : answered) {
    const NoteVerifier* key = KeyOf(signature, known);
    if (key == nullptr) {
      continue;
    }
    if (!Verify(*key, merged.text, signature.bytes)) {
      return Fail(Errc::kDenied, "the cosignature by " + key->name + " is not good");
    }
    Put(signature, merged.signatures);
  }
  std::string text = merged.Text();
  if (merged.signatures.size() > limits::kNoteSignaturesMax ||
      text.size() > limits::kCheckpointBytesMax) {
    return Fail(Errc::kLimit, "the checkpoint has no room for another cosignature");
  }
  return text;
}

}  // namespace rujukan::ledger
