#include "ledger/note.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "ledger/note_text.h"

namespace rujukan::ledger {
namespace {

constexpr std::string_view kSignaturePrefix = "\xE2\x80\x94 ";  // U+2014 EM DASH, space
constexpr size_t kEd25519KeyBytes = 32;
constexpr size_t kKeyIdBytes = 4;
constexpr size_t kKeyIdHexDigits = 8;

std::string TypedKey(uint8_t type, std::string_view public_key) {
  std::string typed(1, static_cast<char>(type));
  typed.append(public_key);
  return typed;
}

uint32_t KeyIdOf(std::string_view name, std::string_view typed_key) {
  return ReadBigEndian32(certs::Sha256({name, "\n", typed_key}).view());
}

std::string KeyIdHex(uint32_t key_id) {
  std::string bytes;
  AppendBigEndian32(key_id, bytes);
  return ToHex(bytes);
}

// `rest` is a signature line without its prefix and newline: "<name> <base64>".
Result<NoteSignature> ParseSignature(std::string_view rest) {
  const size_t space = rest.find(' ');
  if (space == std::string_view::npos || !IsKeyName(rest.substr(0, space))) {
    return Fail(Errc::kInvalid, "a signature line of the note has no valid key name");
  }
  ASSIGN_OR_RETURN(const std::string raw, FromBase64(rest.substr(space + 1)));
  if (raw.size() <= kKeyIdBytes) {
    return Fail(Errc::kInvalid, "a signature line of the note holds no signature");
  }
  NoteSignature signature;
  signature.name = rest.substr(0, space);
  signature.key_id = ReadBigEndian32(raw);
  signature.bytes = raw.substr(kKeyIdBytes);
  return signature;
}

const NoteVerifier* FindVerifier(const NoteSignature& signature,
                                 std::span<const NoteVerifier> known) {
  for (const NoteVerifier& verifier : known) {
    if (verifier.type == kNoteEd25519 && verifier.key_id == signature.key_id &&
        verifier.name == signature.name) {
      return &verifier;
    }
  }
  return nullptr;
}

}  // namespace

Result<NoteVerifier> NoteVerifier::Of(uint8_t type, std::string name, std::string public_key) {
  if (!IsKeyName(name)) {
    return Fail(Errc::kInvalid, "a note key's name is not empty and has no space and no '+'");
  }
  if (public_key.size() != kEd25519KeyBytes) {
    return Fail(Errc::kInvalid, "an Ed25519 key has 32 bytes");
  }
  NoteVerifier verifier;
  verifier.key_id = KeyIdOf(name, TypedKey(type, public_key));
  verifier.name = std::move(name);
  verifier.public_key = std::move(public_key);
  verifier.type = type;
  return verifier;
}

Result<NoteVerifier> NoteVerifier::Parse(std::string_view vkey, uint8_t type) {
  // A name has no '+', base64 may: split at the first two.
  const size_t first = vkey.find('+');
  const size_t second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
  if (second == std::string_view::npos || second - first - 1 != kKeyIdHexDigits) {
    return Fail(Errc::kInvalid, "a verifier key has the form <name>+<8 hex digits>+<base64>");
  }
  ASSIGN_OR_RETURN(const std::string key_id, FromHex(vkey.substr(first + 1, kKeyIdHexDigits)));
  ASSIGN_OR_RETURN(const std::string typed, FromBase64(vkey.substr(second + 1)));
  if (typed.size() != 1 + kEd25519KeyBytes || static_cast<uint8_t>(typed[0]) != type) {
    return Fail(Errc::kInvalid,
                type == kNoteEd25519
                    ? "the verifier key is not an Ed25519 key (type 1, 32 bytes)"
                    : "the verifier key is not a cosigner's Ed25519 key (type 4, 32 bytes)");
  }
  ASSIGN_OR_RETURN(NoteVerifier verifier,
                   Of(type, std::string(vkey.substr(0, first)), typed.substr(1)));
  if (verifier.key_id != ReadBigEndian32(key_id)) {
    return Fail(Errc::kInvalid, "the key id in the verifier key is not this key's; copy it again");
  }
  return verifier;
}

std::string NoteVerifier::ToVkey() const {
  return name + "+" + KeyIdHex(key_id) + "+" + ToBase64(TypedKey(type, public_key));
}

Result<NoteSigner> NoteSigner::Make(std::string name, certs::Ed25519Key key) {
  ASSIGN_OR_RETURN(NoteVerifier verifier,
                   NoteVerifier::Of(kNoteEd25519, std::move(name), key.public_bytes()));
  return NoteSigner(std::move(key), std::move(verifier));
}

NoteSigner::NoteSigner(certs::Ed25519Key key, NoteVerifier verifier)
    : key_(std::move(key)), verifier_(std::move(verifier)) {}

std::string NoteSigner::Sign(std::string_view text) const {
  CHECK(IsNoteText(text));
  Note note;
  note.text = text;
  note.signatures.push_back({verifier_.name, verifier_.key_id, key_.Sign(text)});
  return note.Text();
}

std::string SignatureLine(const NoteSignature& signature) {
  std::string bytes;
  AppendBigEndian32(signature.key_id, bytes);
  bytes.append(signature.bytes);
  std::string line(kSignaturePrefix);
  line.append(signature.name).append(" ");
  AppendBase64(bytes, line);
  return line.append("\n");
}

std::string Note::Text() const {
  std::string note = text + "\n";
  for (const NoteSignature& signature : signatures) {
    note.append(SignatureLine(signature));
  }
  return note;
}

Result<std::vector<NoteSignature>> ParseSignatureLines(std::string_view lines) {
  if (lines.empty() || lines.back() != '\n') {
    return Fail(Errc::kInvalid, "the note has no signature, or its last line is cut off");
  }
  std::vector<NoteSignature> signatures;
  while (!lines.empty()) {
    const size_t end = lines.find('\n');
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end + 1);
    if (line.substr(0, kSignaturePrefix.size()) != kSignaturePrefix) {
      return Fail(Errc::kInvalid, "a signature line of the note does not begin with a long dash");
    }
    if (signatures.size() == limits::kNoteSignaturesMax) {
      return Fail(
          Errc::kInvalid,
          "the note has over " + std::to_string(limits::kNoteSignaturesMax) + " signatures");
    }
    ASSIGN_OR_RETURN(NoteSignature signature, ParseSignature(line.substr(kSignaturePrefix.size())));
    signatures.push_back(std::move(signature));
  }
  return signatures;
}

Result<Note> ParseNote(std::string_view note) {
  if (note.size() > limits::kCheckpointBytesMax) {
    return Fail(Errc::kInvalid,
                "the note is " + std::to_string(note.size()) + " bytes; the limit is " +
                    std::to_string(limits::kCheckpointBytesMax));
  }
  if (!IsNoteCharacters(note)) {
    return Fail(Errc::kInvalid, "the note is not UTF-8 text free of control characters");
  }
  const size_t blank = note.rfind("\n\n");
  if (blank == std::string_view::npos) {
    return Fail(Errc::kInvalid, "the note has no blank line between its text and its signatures");
  }
  Note parsed;
  parsed.text = note.substr(0, blank + 1);
  ASSIGN_OR_RETURN(parsed.signatures, ParseSignatureLines(note.substr(blank + 2)));
  return parsed;
}

Result<std::string> OpenNote(std::string_view note, std::span<const NoteVerifier> known) {
  ASSIGN_OR_RETURN(Note parsed, ParseNote(note));
  bool vouched = false;
  for (const NoteSignature& signature : parsed.signatures) {
    const NoteVerifier* verifier = FindVerifier(signature, known);
    if (verifier == nullptr) {
      continue;
    }
    if (!certs::Ed25519Verify(verifier->public_key, parsed.text, signature.bytes)) {
      return Fail(Errc::kDenied, "the note's signature by " + verifier->name + " is not good");
    }
    vouched = true;
  }
  if (!vouched) {
    return Fail(Errc::kDenied, "the note has no signature by a key that is trusted here");
  }
  return std::move(parsed.text);
}

}  // namespace rujukan::ledger
