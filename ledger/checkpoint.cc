#include "ledger/checkpoint.h"

#include <limits>

#include "base/bytes.h"
#include "base/check.h"
#include "ledger/note_text.h"

namespace rujukan::ledger {
namespace {

// Takes the first line, without its newline, off `text`; kInvalid when it is empty or unfinished.
Result<std::string_view> TakeLine(std::string_view& text) {
  const size_t end = text.find('\n');
  if (end == std::string_view::npos || end == 0) {
    return Fail(Errc::kInvalid, "the checkpoint has fewer than three lines, or an empty one");
  }
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

std::string Checkpoint::Text() const {
  std::string text = origin + "\n" + std::to_string(size) + "\n";
  AppendBase64(root.view(), text);
  text.append("\n");
  return text;
}

Result<Checkpoint> Checkpoint::Parse(std::string_view text) {
  if (!IsNoteText(text)) {
    return Fail(Errc::kInvalid, "the checkpoint is not UTF-8 text free of control characters");
  }
  Checkpoint parsed;
  ASSIGN_OR_RETURN(parsed.origin, TakeLine(text));
  ASSIGN_OR_RETURN(const std::string_view size, TakeLine(text));
  ASSIGN_OR_RETURN(parsed.size, ParseDecimal(size));
  if (parsed.size > uint64_t{std::numeric_limits<int64_t>::max()}) {
    return Fail(Errc::kInvalid, "the checkpoint's tree size is over 2^63 - 1");
  }
  ASSIGN_OR_RETURN(const std::string_view root, TakeLine(text));
  ASSIGN_OR_RETURN(const std::string root_bytes, FromBase64(root));
  ASSIGN_OR_RETURN(parsed.root, Digest::FromBytes(root_bytes));
  while (!text.empty()) {
    RETURN_IF_ERROR(TakeLine(text));
  }
  return parsed;
}

std::string OriginOf(std::string_view domain) {
  return "rujukan/" + std::string(domain);
}

std::string SignCheckpoint(const Checkpoint& checkpoint, const NoteSigner& signer) {
  CHECK(checkpoint.origin == signer.verifier().name);
  return signer.Sign(checkpoint.Text());
}

Result<Checkpoint> OpenCheckpoint(std::string_view note, const NoteVerifier& log) {
  ASSIGN_OR_RETURN(const std::string text, OpenNote(note, std::span(&log, 1)));
  ASSIGN_OR_RETURN(Checkpoint checkpoint, Checkpoint::Parse(text));
  if (checkpoint.origin != log.name) {
    return Fail(Errc::kConflict,
                "the checkpoint speaks for " + checkpoint.origin + ", its key for " + log.name);
  }
  return checkpoint;
}

}  // namespace rujukan::ledger
