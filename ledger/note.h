// C2SP signed notes (c2sp.org/signed-note): text with signature lines. docs/formats/checkpoint.md.
//   <text, ends with \n>
//   \n
//   U+2014 SP <key name> SP base64(big-endian u32 key id || signature) \n      (one or more)
// What is signed is the text with its final \n. Nothing else separates a note from other things the
// same key might sign, so a log key signs checkpoints only. Pure; all types are values, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "certs/ed25519.h"

namespace rujukan::ledger {

// What a key signs: plain Ed25519 of a log's own word, or a cosignature (ledger/cosignature.h).
inline constexpr uint8_t kNoteEd25519 = 0x01;
inline constexpr uint8_t kNoteCosignature = 0x04;

// `<name>+<8 hex key id>+<base64(type || key)>`. The key id, first four bytes of
// SHA-256(name || 0x0A || type || key), only finds the key: it is too short to identify one.
struct NoteVerifier {
  std::string name;
  uint32_t key_id = 0;
  std::string public_key;  // 32 bytes
  uint8_t type = kNoteEd25519;

  // kInvalid: malformed, not of this type, or a key id that is not the key's. A log's key is never
  // taken for a cosigner's or the other way round.
  static Result<NoteVerifier> Parse(std::string_view vkey, uint8_t type = kNoteEd25519);
  // kInvalid: a name that a note cannot carry, a key that is not 32 bytes.
  static Result<NoteVerifier> Of(uint8_t type, std::string name, std::string public_key);
  std::string ToVkey() const;
};

class NoteSigner {
 public:
  // kInvalid when the name is empty or has a space or '+'.
  static Result<NoteSigner> Make(std::string name, certs::Ed25519Key key);
  const NoteVerifier& verifier() const { return verifier_; }
  // The signed note: text, blank line, one signature line. CHECK: text is valid (ends with \n).
  // Deterministic: the same text gives the same note.
  std::string Sign(std::string_view text) const;

 private:
  NoteSigner(certs::Ed25519Key key, NoteVerifier verifier);

  certs::Ed25519Key key_;
  NoteVerifier verifier_;
};

struct NoteSignature {
  std::string name;
  uint32_t key_id = 0;
  std::string bytes;  // after the key id
};
struct Note {
  std::string text;
  std::vector<NoteSignature> signatures;

  std::string Text() const;  // as it was parsed
};
// With its newline.
std::string SignatureLine(const NoteSignature& signature);
// One or more signature lines, as a witness answers. kInvalid: malformed, or over
// limits::kNoteSignaturesMax.
Result<std::vector<NoteSignature>> ParseSignatureLines(std::string_view lines);

// Form only, nothing verified. Split at the last blank line; valid UTF-8, no control characters but
// \n, at most limits::kNoteSignaturesMax signatures and limits::kCheckpointBytesMax bytes.
// kInvalid.
Result<Note> ParseNote(std::string_view note);

// The text, if at least one signature is by a known verifier and every signature by a known
// verifier is good (unknown ones, and verifiers of another type than kNoteEd25519, are ignored).
// kDenied otherwise; kInvalid for what ParseNote refuses.
Result<std::string> OpenNote(std::string_view note, std::span<const NoteVerifier> known);

}  // namespace rujukan::ledger
