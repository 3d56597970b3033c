#include "ledger/witness.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/limits.h"
#include "ledger/tree.h"

namespace rujukan::ledger {
namespace {

constexpr std::string_view kOld = "old ";

constexpr int kBadRequest = 400;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr int kConflict = 409;
constexpr int kInternal = 500;
constexpr int kUnprocessable = 422;

// Takes the first line, without its newline, off `text`; kInvalid when it is cut off.
Result<std::string_view> TakeLine(std::string_view& text) {
  const size_t end = text.find('\n');
  if (end == std::string_view::npos) {
    return Fail(Errc::kInvalid, "the request is cut off");
  }
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

// Hash lines up to and with the blank line.
Result<std::vector<Digest>> TakeProof(std::string_view& text) {
  std::vector<Digest> proof;
  ASSIGN_OR_RETURN(std::string_view line, TakeLine(text));
  while (!line.empty()) {
    if (proof.size() == limits::kProofHashesMax) {
      return Fail(Errc::kInvalid,
                  "the proof has over " + std::to_string(limits::kProofHashesMax) + " hashes");
    }
    ASSIGN_OR_RETURN(const std::string raw, FromBase64(line));
    ASSIGN_OR_RETURN(const Digest hash, Digest::FromBytes(raw));
    proof.push_back(hash);
    ASSIGN_OR_RETURN(line, TakeLine(text));
  }
  return proof;
}

WitnessAnswer Sized(TreeSize size) {
  WitnessAnswer answer;
  answer.status = kConflict;
  answer.content_type = kTlogSizeType;
  answer.body = std::to_string(size) + "\n";
  return answer;
}

// What was persisted is our own; size 0 before the first. A witness that cannot read what it has
// cosigned knows nothing, which is not the same as having cosigned nothing.
Result<Checkpoint> Latest(const WitnessedLog& log) {
  if (log.cosigned.empty()) {
    return Checkpoint{log.origin, 0, EmptyRoot()};
  }
  ASSIGN_OR_RETURN(const Note note, ParseNote(log.cosigned));
  return Checkpoint::Parse(note.text);
}

// nullopt: it follows. Sizes match by now.
std::optional<WitnessAnswer> RefuseUnproven(const AddCheckpointRequest& request,
                                            const Checkpoint& latest,
                                            const Checkpoint& next) {
  if (next.size == 0 && next.root != EmptyRoot()) {
    return WitnessRefusal(kUnprocessable, "a tree of size 0 has the root of the empty tree");
  }
  if (request.old_size == 0) {
    return request.proof.empty()
               ? std::optional<WitnessAnswer>()
               : WitnessRefusal(kUnprocessable, "from size 0 there is nothing to prove: no hashes");
  }
  if (!VerifyConsistency(latest.size, latest.root, next.size, next.root, request.proof)) {
    WitnessAnswer answer =
        WitnessRefusal(kUnprocessable,
                       "the checkpoint does not follow, by this proof, from the one of size " +
                           std::to_string(latest.size) + " that was cosigned");
    answer.contradicts = next.size == latest.size && next.root != latest.root;
    return answer;
  }
  return std::nullopt;
}

WitnessAnswer DecideAuthentic(const AddCheckpointRequest& request,
                              const WitnessedLog& log,
                              const Checkpoint& next) {
  if (!log.refused.empty()) {
    return WitnessRefusal(kForbidden, "not cosigned: " + log.refused);
  }
  if (request.old_size > next.size) {
    return WitnessRefusal(kBadRequest, "the old size is over the checkpoint's size");
  }
  const auto latest = Latest(log);
  if (!latest) {
    return WitnessRefusal(kInternal, "the witness cannot read what it has cosigned");
  }
  if (request.old_size != latest->size) {
    return Sized(latest->size);
  }
  return RefuseUnproven(request, *latest, next).value_or(WitnessAnswer());
}

// The log's own signatures, one a key and without those of strangers, so that what is persisted has
// room: anybody may repeat a line that is public.
Note OwnPart(const Note& note, const WitnessedLog& log) {
  Note own;
  own.text = note.text;
  for (const NoteSignature& signature : note.signatures) {
    const bool trusted = std::any_of(log.keys.begin(), log.keys.end(), [&](const auto& key) {
      return key.key_id == signature.key_id && key.name == signature.name;
    });
    const bool again =
        std::any_of(own.signatures.begin(), own.signatures.end(), [&](const auto& kept) {
          return kept.key_id == signature.key_id && kept.name == signature.name;
        });
    if (trusted && !again) {
      own.signatures.push_back(signature);
    }
  }
  return own;
}

}  // namespace

std::string AddCheckpointRequest::Body() const {
  std::string body = std::string(kOld) + std::to_string(old_size) + "\n";
  for (const Digest& hash : proof) {
    AppendBase64(hash.view(), body);
    body.append("\n");
  }
  return body.append("\n").append(checkpoint);
}

Result<AddCheckpointRequest> AddCheckpointRequest::Parse(std::string_view body) {
  if (body.size() > limits::kWitnessRequestBytesMax) {
    return Fail(
        Errc::kLimit,
        "the request is over " + std::to_string(limits::kWitnessRequestBytesMax) + " bytes");
  }
  AddCheckpointRequest request;
  ASSIGN_OR_RETURN(const std::string_view old, TakeLine(body));
  if (!old.starts_with(kOld)) {
    return Fail(Errc::kInvalid, "the request does not begin with a line `old <size>`");
  }
  ASSIGN_OR_RETURN(request.old_size, ParseDecimal(old.substr(kOld.size())));
  ASSIGN_OR_RETURN(request.proof, TakeProof(body));
  request.checkpoint = body;
  return request;
}

Result<std::string> OriginOfRequest(const AddCheckpointRequest& request) {
  ASSIGN_OR_RETURN(const Note note, ParseNote(request.checkpoint));
  ASSIGN_OR_RETURN(Checkpoint checkpoint, Checkpoint::Parse(note.text));
  return std::move(checkpoint.origin);
}

WitnessAnswer WitnessRefusal(int status, std::string_view sentence) {
  WitnessAnswer answer;
  answer.status = status;
  answer.body = std::string(sentence) + "\n";
  return answer;
}

WitnessAnswer DecideAddCheckpoint(const AddCheckpointRequest& request,
                                  const WitnessedLog* log,
                                  const Cosigner& cosigner,
                                  int64_t time_s) {
  const auto note = ParseNote(request.checkpoint);
  if (!note) {
    return WitnessRefusal(kBadRequest, note.error().context);
  }
  const auto next = Checkpoint::Parse(note->text);
  if (!next) {
    return WitnessRefusal(kBadRequest, next.error().context);
  }
  if (log == nullptr || log->origin != next->origin) {
    return WitnessRefusal(kNotFound, "this origin is not witnessed here");
  }
  if (const auto opened = OpenNote(request.checkpoint, log->keys); !opened) {
    return WitnessRefusal(kForbidden, opened.error().context);
  }
  WitnessAnswer answer = DecideAuthentic(request, *log, *next);
  answer.authentic = *next;
  if (answer.status != 200) {
    return answer;
  }
  answer.body = cosigner.Cosign(note->text, time_s);
  answer.cosigned = OwnPart(*note, *log).Text() + answer.body;
  if (!ParseNote(answer.cosigned)) {  // it would be forgotten: nothing may be cosigned after it
    return WitnessRefusal(kUnprocessable, "the checkpoint leaves no room for a cosignature");
  }
  return answer;
}

}  // namespace rujukan::ledger
