// Schema, meta, directory, requests and held second stages. The read trail: tables_reads.cc.
#include "agents/agency/tables.h"

namespace rujukan::agency {
namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS directory(tbl INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY(tbl, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS requests(key BLOB PRIMARY KEY, body BLOB NOT NULL,
  message BLOB NOT NULL)
  WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages(
  local INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, outgoing INTEGER NOT NULL,
  leg BLOB NOT NULL, kind INTEGER NOT NULL, urgency INTEGER NOT NULL, stage INTEGER NOT NULL,
  header BLOB NOT NULL, signature BLOB, ciphertext BLOB, content BLOB, recipients INTEGER NOT NULL,
  outcome INTEGER NOT NULL, reason TEXT NOT NULL, stored_ms INTEGER NOT NULL,
  entry_index INTEGER, entry_size INTEGER, entry BLOB, proof BLOB,
  delivery BLOB, recorded_index INTEGER, recorded_size INTEGER, recorded_entry BLOB,
  recorded_proof BLOB);
CREATE INDEX IF NOT EXISTS messages_by_leg ON messages(leg, local) WHERE leg != x'';
CREATE INDEX IF NOT EXISTS messages_to_send ON messages(urgency, local)
  WHERE outgoing=1 AND stage<2;
CREATE INDEX IF NOT EXISTS messages_unrecorded ON messages(local) WHERE stage=10;
CREATE INDEX IF NOT EXISTS messages_accepted ON messages(local) WHERE stage=2;
CREATE TABLE IF NOT EXISTS deliveries(message BLOB NOT NULL, recipient TEXT NOT NULL,
  outcome INTEGER NOT NULL, received_ms INTEGER NOT NULL, entry_index INTEGER NOT NULL,
  entry_size INTEGER NOT NULL, entry BLOB NOT NULL, proof BLOB NOT NULL,
  PRIMARY KEY(message, recipient)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS withheld(message BLOB NOT NULL, recipient TEXT NOT NULL,
  bounced INTEGER NOT NULL, entry_index INTEGER NOT NULL, entry_size INTEGER NOT NULL,
  entry BLOB NOT NULL, proof BLOB NOT NULL, PRIMARY KEY(message, recipient)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS withheld_by_recipient ON withheld(recipient) WHERE bounced=0;
CREATE TABLE IF NOT EXISTS legs(id BLOB PRIMARY KEY, side INTEGER NOT NULL, peer TEXT NOT NULL,
  state INTEGER NOT NULL, planned INTEGER NOT NULL, next_sequence INTEGER NOT NULL,
  opened_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reads(number INTEGER PRIMARY KEY, leaf BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS read_tiles(level INTEGER NOT NULL, number INTEGER NOT NULL,
  hashes BLOB NOT NULL, PRIMARY KEY(level, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS read_anchors(size INTEGER PRIMARY KEY, root BLOB NOT NULL,
  anchored_ms INTEGER NOT NULL, entry_index INTEGER NOT NULL, entry_size INTEGER NOT NULL,
  entry BLOB NOT NULL, proof BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS erasures(request BLOB PRIMARY KEY, leg BLOB NOT NULL,
  target BLOB NOT NULL, incoming INTEGER NOT NULL, stage INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS erasures_by_leg ON erasures(leg);
CREATE TABLE IF NOT EXISTS erased(message BLOB PRIMARY KEY, request BLOB NOT NULL,
  erased_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS erased_by_request ON erased(request);
CREATE TABLE IF NOT EXISTS holds(leg BLOB PRIMARY KEY, reason BLOB NOT NULL, reader TEXT NOT NULL,
  held_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS replies(name BLOB PRIMARY KEY, body BLOB NOT NULL,
  status INTEGER NOT NULL, reply BLOB NOT NULL, at_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events(seq INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE,
  type INTEGER NOT NULL, at_ms INTEGER NOT NULL, message BLOB NOT NULL, leg BLOB NOT NULL,
  kind INTEGER NOT NULL, code TEXT NOT NULL, subject BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS events_by_time ON events(at_ms);
CREATE TABLE IF NOT EXISTS webhooks(id TEXT PRIMARY KEY, url TEXT NOT NULL, events TEXT NOT NULL,
  secret BLOB NOT NULL, active INTEGER NOT NULL, created_ms INTEGER NOT NULL,
  cursor INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_ms INTEGER NOT NULL DEFAULT 0,
  dead_in_row INTEGER NOT NULL DEFAULT 0, last_error TEXT NOT NULL DEFAULT '',
  last_ok_ms INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dead_letters(webhook TEXT NOT NULL, seq INTEGER NOT NULL,
  event BLOB NOT NULL, type INTEGER NOT NULL, attempts INTEGER NOT NULL, reason TEXT NOT NULL,
  died_ms INTEGER NOT NULL, UNIQUE(webhook, seq));
CREATE TABLE IF NOT EXISTS replays(webhook TEXT NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY(webhook, seq)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notices(entry_index INTEGER PRIMARY KEY, entry_size INTEGER NOT NULL,
  leg BLOB NOT NULL, entry BLOB NOT NULL, proof BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS notices_by_leg ON notices(leg, entry_index);
CREATE TABLE IF NOT EXISTS attachments(
  local INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, leg BLOB NOT NULL,
  outgoing INTEGER NOT NULL, stage INTEGER NOT NULL, root BLOB NOT NULL, chunks INTEGER NOT NULL,
  bytes INTEGER NOT NULL, message BLOB NOT NULL, content BLOB, note TEXT NOT NULL,
  stored_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS attachments_by_leg ON attachments(leg);
CREATE INDEX IF NOT EXISTS attachments_by_message ON attachments(message);
CREATE INDEX IF NOT EXISTS attachments_open ON attachments(stage) WHERE stage IN (0,10,11);
CREATE TABLE IF NOT EXISTS drops(root BLOB PRIMARY KEY, leg BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS timers(id BLOB PRIMARY KEY, leg BLOB NOT NULL, body BLOB NOT NULL)
  WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held(leg BLOB PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS verifications(leg BLOB PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS leg_records(leg BLOB PRIMARY KEY, proven BLOB NOT NULL,
  planned BLOB NOT NULL, handed_over INTEGER NOT NULL, continues BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS leg_records_continuing ON leg_records(continues) WHERE continues!=x'';
CREATE TABLE IF NOT EXISTS episodes(leg BLOB PRIMARY KEY, mark BLOB NOT NULL, id BLOB NOT NULL)
  WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS episodes_by_mark ON episodes(mark);
CREATE TABLE IF NOT EXISTS restrictions(leg BLOB PRIMARY KEY, message BLOB NOT NULL,
  since_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS waits(message BLOB PRIMARY KEY, leg BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS disclosures(message BLOB PRIMARY KEY, leg BLOB NOT NULL,
  stage INTEGER NOT NULL, fields BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS disclosures_by_leg ON disclosures(leg);
CREATE TABLE IF NOT EXISTS continuations(leg BLOB PRIMARY KEY, next BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tasks(message BLOB NOT NULL, number INTEGER NOT NULL,
  due_ms INTEGER NOT NULL, since_ms INTEGER NOT NULL, done_ms INTEGER NOT NULL,
  done_by TEXT NOT NULL, PRIMARY KEY(message, number)) WITHOUT ROWID;
)sql";

constexpr std::string_view kKeyCheckName = "store_key_check";
constexpr std::string_view kKeyCheckText = "rujukan store key";
constexpr std::string_view kKeyCheckPlace = "meta/value/store_key_check";

std::string HeldPlace(const LegId& leg) {
  return "held/content/" + FormatUuid(leg.view());
}

}  // namespace

Tables::Tables(std::unique_ptr<Database> database, certs::ColumnKey key)
    : database_(std::move(database)), key_(std::move(key)) {}

Result<void> Tables::Prepare() {
  RETURN_IF_ERROR(database_->Script(kSchema));
  ASSIGN_OR_RETURN(const auto check, GetMeta(kKeyCheckName));
  if (check.empty()) {
    return PutMeta(kKeyCheckName, key_.Seal(kKeyCheckText, kKeyCheckPlace));
  }
  if (!key_.Open(check, kKeyCheckPlace)) {
    return Fail(Errc::kDenied,
                "store.key is not the key this database was made with; restore both together");
  }
  return FillEpisodes();
}

Result<std::string> Tables::GetMeta(std::string_view name) {
  std::string value;
  RETURN_IF_ERROR(
      database_->Query("SELECT value FROM meta WHERE name=?", {Text{name}}, [&](const Row& row) {
        value = row.Bytes(0);
        return false;
      }));
  return value;
}

Result<void> Tables::PutMeta(std::string_view name, std::string_view value) {
  return database_->Run("INSERT OR REPLACE INTO meta(name,value) VALUES(?,?)",
                        {Text{name}, Blob{value}});
}

Result<std::optional<std::string>> Tables::GetRecord(ledger::Table table, std::string_view key) {
  return GetDirectoryRecord(*database_, table, key);
}

Result<DirectoryRecords> Tables::ScanRecords(ledger::Table table,
                                             std::string_view prefix,
                                             std::string_view from) {
  return ScanDirectoryRecords(*database_, table, prefix, from);
}

Result<void> Tables::ApplyRecords(const ledger::Overlay::Writes& writes) {
  for (const auto& [place, value] : writes) {
    const auto table = static_cast<int64_t>(place.first);
    if (value) {
      RETURN_IF_ERROR(
          database_->Run("INSERT OR REPLACE INTO directory(tbl,key,value) VALUES(?,?,?)",
                         {table, Blob{place.second}, Blob{*value}}));
    } else {
      RETURN_IF_ERROR(database_->Run("DELETE FROM directory WHERE tbl=? AND key=?",
                                     {table, Blob{place.second}}));
    }
  }
  return {};
}

Result<std::optional<Tables::Request>> Tables::FindRequest(const Digest& key) {
  std::optional<Request> found;
  std::string message;
  RETURN_IF_ERROR(database_->Query(
      "SELECT body,message FROM requests WHERE key=?", {Blob{key.view()}}, [&](const Row& row) {
        found = Request{row.Bytes(0), MessageId()};
        message = row.Bytes(1);
        return false;
      }));
  if (found) {
    ASSIGN_OR_RETURN(found->message, MessageId::FromBytes(message));
  }
  return found;
}

Result<void> Tables::PutRequest(const Digest& key, const Digest& body, const MessageId& message) {
  return database_->Run("INSERT OR REPLACE INTO requests(key,body,message) VALUES(?,?,?)",
                        {Blob{key.view()}, Blob{body.view()}, Blob{message.view()}});
}

Result<void> Tables::MoveRequest(const MessageId& from, const MessageId& to) {
  return database_->Run("UPDATE requests SET message=? WHERE message=?",
                        {Blob{to.view()}, Blob{from.view()}});
}

Result<void> Tables::Hold(const LegId& leg, std::string_view content) {
  return database_->Run("INSERT INTO held(leg,content) VALUES(?,?)",
                        {Blob{leg.view()}, Blob{key_.Seal(content, HeldPlace(leg))}});
}

Result<std::string> Tables::FindHeld(const LegId& leg) {
  std::string sealed;
  RETURN_IF_ERROR(database_->Query(
      "SELECT content FROM held WHERE leg=?", {Blob{leg.view()}}, [&](const Row& row) {
        sealed = row.Bytes(0);
        return false;
      }));
  if (sealed.empty()) {
    return std::string();
  }
  return key_.Open(sealed, HeldPlace(leg));
}

Result<void> Tables::DropHeld(const LegId& leg) {
  return database_->Run("DELETE FROM held WHERE leg=?", {Blob{leg.view()}});
}

}  // namespace rujukan::agency
