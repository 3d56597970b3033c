#include "agents/agency/rotation.h"

#include <algorithm>

#include "agents/agency/json.h"
#include "base/bytes.h"
#include "certs/batch.h"
#include "certs/issue.h"
#include "certs/keyfile.h"
#include "certs/random.h"
#include "ledger/records.h"

namespace rujukan::agency {
namespace {

constexpr std::string_view kStateName = "rotation";
constexpr std::string_view kAskedForName = "rotation_asked_for";

Result<RotationState> StateOf(const std::string& name) {
  for (const auto state : {RotationState::kNone,
                           RotationState::kAsked,
                           RotationState::kWaiting,
                           RotationState::kRefused}) {
    if (name == RotationName(state)) {
      return state;
    }
  }
  return Fail(Errc::kCorrupt, "the stored state of a key renewal is not known");
}

Json ToJson(const RotationStatus& status) {
  return {{"state", RotationName(status.state)},
          {"act", ToHex(status.act)},
          {"index", status.index},
          {"asked_at", status.asked_at},
          {"note", status.note}};
}

v1::Act ActOf(const RotationStatus& status) {
  v1::SubmitAct submit;
  v1::Act act;
  if (submit.ParseFromString(status.act)) {
    act.ParseFromString(submit.act());
  }
  return act;
}

}  // namespace

const char* RotationName(RotationState state) {
  switch (state) {
    case RotationState::kNone:
      return "NONE";
    case RotationState::kAsked:
      return "ASKED";
    case RotationState::kWaiting:
      return "WAITING";
    case RotationState::kRefused:
      return "REFUSED";
  }
  return "NONE";
}

Result<RotationStatus> ReadRotation(Tables& tables) {
  RotationStatus status;
  ASSIGN_OR_RETURN(const auto text, tables.GetMeta(kStateName));
  if (text.empty()) {
    return status;
  }
  ASSIGN_OR_RETURN(const auto json, ParseJson(text));
  ASSIGN_OR_RETURN(const auto state, StringMember(json, "state"));
  ASSIGN_OR_RETURN(status.state, StateOf(state));
  ASSIGN_OR_RETURN(const auto act, StringMember(json, "act"));
  ASSIGN_OR_RETURN(status.act, FromHex(act));
  ASSIGN_OR_RETURN(status.note, StringMember(json, "note"));
  status.index = json.value("index", LogIndex{0});
  status.asked_at = json.value("asked_at", int64_t{0});
  return status;
}

v1::SubmitAct SignAct(v1::Act act, const Identity& identity, UnixMillis now) {
  act.set_version(1);
  act.set_act_id(certs::NewMessageId(now).str());
  act.set_actor(identity.address);
  act.set_created_at_ms(now);
  v1::SubmitAct submit;
  submit.set_act(act.SerializeAsString());
  const std::vector<std::string> statements{submit.act()};
  const auto key = identity.signing_key();
  *submit.mutable_signature() =
      certs::SignBatch(key.key, key.id, certs::kActContext, statements).at(0);
  return submit;
}

Result<Rotation> Rotation::Open(Store& store, const Home& home, std::string passphrase) {
  Rotation rotation(store, home, std::move(passphrase));
  ASSIGN_OR_RETURN(rotation.current_, store.Read(&ReadRotation));
  return rotation;
}

Result<void> Rotation::KeepIn(Tables& tables, RotationStatus status) {
  const bool none = status.state == RotationState::kNone;
  RETURN_IF_ERROR(tables.PutMeta(kStateName, none ? std::string() : ToJson(status).dump()));
  current_ = std::move(status);
  return {};
}

Result<void> Rotation::Keep(RotationStatus status) {
  return store_.Write([&](Tables& tables) { return KeepIn(tables, std::move(status)); });
}

std::string Rotation::ActId() const {
  return ActOf(current_).act_id();
}

Result<void> Rotation::Begin(const Identity& identity, UnixMillis now) {
  return current_.open() ? Result<void>() : Ask(identity, now);
}

// The keys first: a request for keys that a crash has lost would lock the agency out.
Result<void> Rotation::Ask(const Identity& identity, UnixMillis now) {
  RETURN_IF_ERROR(MakeNextKeys(home_, passphrase_));
  const auto path = [&](std::string_view name) {
    return home_.PathOf(std::string(name) + std::string(kNextSuffix));
  };
  ASSIGN_OR_RETURN(const auto signing, certs::ReadKeyFile(path(kSigningFile), passphrase_));
  ASSIGN_OR_RETURN(const auto encryption, certs::ReadKeyFile(path(kEncryptionFile), passphrase_));
  ASSIGN_OR_RETURN(const auto transport, ReadTransportKey(path(kTransportFile)));
  v1::Act act;
  v1::RequestKeys& request = *act.mutable_request_keys();
  request.set_signing_csr(certs::MakeCsr(signing, identity.address));
  request.set_encryption_csr(certs::MakeCsr(encryption, identity.address));
  request.set_transport_key(transport.public_key.str());
  RotationStatus status;
  status.state = RotationState::kAsked;
  status.act = SignAct(std::move(act), identity, now).SerializeAsString();
  status.asked_at = now;
  return Keep(std::move(status));
}

Result<bool> Rotation::TakeDue(const Identity& identity, UnixMillis now) {
  const UnixMillis end = std::min(identity.signing.not_after(), identity.encryption().not_after());
  if (current_.open() || end - now > kRenewBeforeMs) {
    return false;
  }
  const std::string key = ToHex(identity.signing.key_id().view());
  ASSIGN_OR_RETURN(const auto before,
                   store_.Read([](Tables& tables) { return tables.GetMeta(kAskedForName); }));
  if (before == key) {
    return false;  // asked about at every turn: no transaction for it
  }
  return store_.Write([&](Tables& tables) -> Result<bool> {
    RETURN_IF_ERROR(tables.PutMeta(kAskedForName, key));
    return true;
  });
}

Result<std::optional<link::Submission>> Rotation::Unanswered() const {
  if (current_.state != RotationState::kAsked) {
    return std::optional<link::Submission>();
  }
  v1::SubmitAct submit;
  submit.ParseFromString(current_.act);
  ASSIGN_OR_RETURN(auto submission, link::SubmitAct(submit));
  return std::optional<link::Submission>(std::move(submission));
}

Result<void> Rotation::TakeReceipt(const link::Receipted& receipted) {
  if (receipted.kind != v1::Subject::ACT || current_.state != RotationState::kAsked ||
      receipted.subject != ActId()) {
    return {};
  }
  RotationStatus status = current_;
  status.state = RotationState::kWaiting;
  status.index = receipted.proven.index;
  return Keep(std::move(status));
}

Result<void> Rotation::TakeRefusal(const link::Refusal& refusal,
                                   const std::optional<Identity>& identity,
                                   UnixMillis now) {
  if (refusal.kind != v1::Subject::ACT || !refusal.final || !current_.open() ||
      refusal.subject != ActId()) {
    return {};
  }
  // Dated in the future by a clock that has been set right since.
  if (refusal.reason == v1::RefusalReason::CLOCK_SKEW && identity &&
      ActOf(current_).created_at_ms() > now) {
    return Ask(*identity, now);
  }
  RotationStatus status = current_;
  status.state = RotationState::kRefused;
  status.note = link::ErrorOf(refusal).context;
  return Keep(std::move(status));
}

Result<void> Rotation::Observe(const v1::DirectoryPage& page, Tables& tables) {
  const std::string wanted = current_.open() ? ActId() : std::string();
  for (const auto& proven : page.entries()) {
    v1::Entry entry;
    v1::Act act;
    if (wanted.empty() || !entry.ParseFromString(proven.entry()) ||
        !act.ParseFromString(entry.act().act()) || act.refuse_keys().request_act() != wanted) {
      continue;
    }
    RotationStatus status = current_;
    status.state = RotationState::kRefused;
    status.note = act.refuse_keys().note();
    return KeepIn(tables, std::move(status));
  }
  return {};
}

Result<void> Rotation::Review(const Identity& identity) {
  if (current_.state == RotationState::kNone) {
    return {};
  }
  const v1::Act act = ActOf(current_);
  const auto csr = certs::ParseCsr(act.request_keys().signing_csr());
  if (csr && csr->key.Spki() == identity.signing.public_key().Spki()) {
    return Keep(RotationStatus());
  }
  ASSIGN_OR_RETURN(const auto head, ledger::ReadHead(store_.directory()));
  ASSIGN_OR_RETURN(const auto record, ledger::ReadRotation(store_.directory(), identity.address));
  const bool waits = record && record->request_act() == act.act_id();
  if (current_.state != RotationState::kWaiting || waits ||
      head.directory_head() <= current_.index) {
    return {};
  }
  RotationStatus status = current_;
  status.state = RotationState::kRefused;
  status.note =
      "the request no longer waits (the agency joined anew, or asked again elsewhere): "
      "run rujukan-agent rotate again";
  return Keep(std::move(status));
}

}  // namespace rujukan::agency
