#include "agents/audit/anchor.h"

#include "base/limits.h"
#include "rujukan/v1/act.pb.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::audit {
namespace {

constexpr size_t kVkeyBytesMax = 1024;

std::string FirstLine(const std::string& text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

Result<ledger::NoteVerifier> KeyFromGenesis(const LogFiles& files, TreeSize size) {
  if (size == 0) {
    return Fail(Errc::kInvalid, "an empty ledger does not say its key: pass --vkey");
  }
  ASSIGN_OR_RETURN(const auto leaves, files.ReadLeaves(BundleAt(0, size)));
  v1::Entry entry;
  v1::Genesis genesis;
  if (leaves.empty() || !entry.ParseFromString(leaves[0].entry) ||
      !genesis.ParseFromString(entry.genesis().genesis())) {
    return Fail(Errc::kInvalid, "entry 0 is not a genesis, so the key is unknown: pass --vkey");
  }
  return ledger::NoteVerifier::Parse(genesis.log_vkey());
}

struct Key {
  ledger::NoteVerifier log;
  bool pinned = false;
};

Result<Key> FindKey(const LogFiles& files, const std::string& vkey, TreeSize size) {
  if (!vkey.empty()) {
    ASSIGN_OR_RETURN(ledger::NoteVerifier log, ParseVkeyOrFile(vkey));
    return Key{std::move(log), /*pinned=*/true};
  }
  const auto own = files.source().Read("vkey", kVkeyBytesMax);
  if (own) {
    ASSIGN_OR_RETURN(ledger::NoteVerifier log, ledger::NoteVerifier::Parse(FirstLine(*own)));
    return Key{std::move(log), /*pinned=*/true};
  }
  ASSIGN_OR_RETURN(ledger::NoteVerifier log, KeyFromGenesis(files, size));
  return Key{std::move(log), /*pinned=*/false};
}

Result<void> CheckSignature(const std::string& note, const ledger::NoteVerifier& log) {
  RETURN_IF_ERROR(ledger::OpenCheckpoint(note, log));
  return {};
}

}  // namespace

Result<ledger::NoteVerifier> ParseVkeyOrFile(const std::string& vkey_or_path) {
  auto parsed = ledger::NoteVerifier::Parse(vkey_or_path);
  if (parsed) {
    return parsed;
  }
  const auto text = ReadFile(vkey_or_path, kVkeyBytesMax);
  if (!text) {
    return Fail(Errc::kInvalid, "--vkey is neither a ledger key nor a file that holds one");
  }
  return ledger::NoteVerifier::Parse(FirstLine(*text));
}

Result<Anchor> ReadAnchor(const LogFiles& files, const std::string& vkey) {
  Anchor anchor;
  ASSIGN_OR_RETURN(anchor.note, files.ReadCheckpoint());
  ASSIGN_OR_RETURN(const ledger::Note note, ledger::ParseNote(anchor.note));
  ASSIGN_OR_RETURN(anchor.checkpoint, ledger::Checkpoint::Parse(note.text));
  if (anchor.checkpoint.size > limits::kAuditEntriesMax) {
    return Fail(Errc::kLimit,
                "the checkpoint claims " + std::to_string(anchor.checkpoint.size) +
                    " entries; at most " + std::to_string(limits::kAuditEntriesMax) +
                    " are read: it is no honest ledger, or needs a newer rujukan-audit");
  }
  ASSIGN_OR_RETURN(Key key, FindKey(files, vkey, anchor.checkpoint.size));
  anchor.log = std::move(key.log);
  anchor.key_pinned = key.pinned;
  anchor.signature = CheckSignature(anchor.note, anchor.log);
  return anchor;
}

Result<Anchor> ReadSignedAnchor(const LogFiles& files, const std::string& vkey) {
  ASSIGN_OR_RETURN(Anchor anchor, ReadAnchor(files, vkey));
  RETURN_IF_ERROR(anchor.signature);
  return anchor;
}

}  // namespace rujukan::audit
