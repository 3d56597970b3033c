// The API's answers about erasing and keeping: requests to erase, decisions on them, local holds.
#include <array>

#include "agents/agency/api.h"
#include "agents/agency/erasure.h"
#include "agents/agency/render.h"
#include "agents/agency/request.h"

namespace rujukan::agency {
namespace {

constexpr size_t kHoldReasonBytesMax = 500;

template <class Id>
Result<Id> IdOf(const std::string& text) {
  ASSIGN_OR_RETURN(const auto bytes, ParseUuid(text));
  return Id::FromBytes(bytes);
}

// The other side's words, or ours: basis and reason of the request.
Result<Json> ErasureJson(Tables& tables, const ErasureRow& row) {
  Json json = {{"request", FormatUuid(row.request.view())},
               {"leg_id", FormatUuid(row.leg.view())},
               {"message_id", row.target.empty() ? Json(nullptr) : Json(FormatUuid(row.target))},
               {"direction", row.incoming ? "in" : "out"},
               {"state", ErasureStageName(row.stage)},
               {"changed_at", TimeOf(row.changed_at)},
               {"erased", row.erased}};
  ASSIGN_OR_RETURN(const auto message, tables.Find(row.request));
  v1::Content content;
  if (message && content.ParseFromString(message->content)) {
    json["dasar"] = content.perintah_hapus().dasar();
    json["alasan"] = content.perintah_hapus().alasan();
  }
  if (message && message->stage == Stage::kRefused) {
    json["state"] = "REFUSED";
    json["refused_because"] = message->reason;
  }
  ASSIGN_OR_RETURN(const auto leg, tables.FindLeg(row.leg));
  json["peer"] = leg ? Json(leg->peer) : Json(nullptr);
  ASSIGN_OR_RETURN(const auto hold, tables.FindLocalHold(row.leg));
  if (hold) {
    json["hold"] = hold->reason;
  }
  return json;
}

// `name` of `body` as a text, taken out of it, so that the rest is read as of any action.
Result<std::string> TakeText(Json& body, const char* name) {
  ASSIGN_OR_RETURN(const std::string text, StringMember(body, name));
  body.erase(name);
  return text;
}

struct EraseRequest {
  std::string target;
  bool own_copy_too = false;
  v1::Content content;
};

Result<EraseRequest> ReadEraseRequest(Json body, const v1::Officer& officer, Findings& findings) {
  EraseRequest request;
  ASSIGN_OR_RETURN(const std::string message, TakeText(body, "pesan"));
  if (!message.empty()) {
    ASSIGN_OR_RETURN(request.target, ParseUuid(message));
  }
  if (const auto own = body.find("isi_sendiri"); own != body.end()) {
    if (!own->is_boolean()) {
      return Fail(Errc::kInvalid, "isi_sendiri: true atau false / true or false");
    }
    request.own_copy_too = own->get<bool>();
    body.erase("isi_sendiri");
  }
  request.content = ReadActionRequest(body, v1::Kind::PERINTAH_HAPUS, officer, findings);
  if (findings.empty()) {
    findings = ValidateContent(v1::Kind::PERINTAH_HAPUS, request.content);
  }
  return request;
}

}  // namespace

ApiReply Api::PostErase(const ApiRequest& request, const std::string& leg_text) {
  const auto leg = IdOf<LegId>(leg_text);
  const auto body = ParseJson(request.body);
  if (!leg || !body) {
    return leg ? ProblemNamed("bad-request", body.error().context) : ProblemOf(leg.error());
  }
  Findings findings;
  const auto read = ReadEraseRequest(*body, context_.config.officer, findings);
  if (!read || !findings.empty()) {
    return read ? ProblemOf(findings) : ProblemOf(read.error());
  }
  const auto hold = DomainHold(context_.store.directory(), *leg);
  if (!hold || *hold) {
    return hold ? ProblemOf(409,
                            "legal hold",
                            "LEGAL_HOLD: rujukan ini ditahan untuk pemeriksaan hukum / the leg is "
                            "under a legal hold by " +
                                **hold)
                : ProblemOf(hold.error());
  }
  const Sender sender{context_.config.address, context_.clock.Now()};
  const RequestId id = RequestIdOf(*body, request.body, leg_text + "/erase");
  const ErasureOrder order{*leg, read->target, read->content, read->own_copy_too, request.reader};
  const auto composed =
      context_.store.Write([&](Tables& tables) { return OrderErasure(tables, sender, id, order); });
  context_.review();
  context_.board.Notify();
  if (!composed) {
    return ProblemOf(composed.error());
  }
  return ReplyOf(composed->fresh ? 202 : 200,
                 {{"message_id", FormatUuid(composed->id.view())},
                  {"leg_id", leg_text},
                  {"new", composed->fresh}});
}

ApiReply Api::GetErasures() {
  const auto json = context_.store.Read([](Tables& tables) -> Result<Json> {
    ASSIGN_OR_RETURN(const auto rows, tables.ListErasures());
    Json list = Json::array();
    for (const ErasureRow& row : rows) {
      ASSIGN_OR_RETURN(auto one, ErasureJson(tables, row));
      list.push_back(std::move(one));
    }
    return Json{{"erasures", std::move(list)}};
  });
  return json ? ReplyOf(200, *json) : ProblemOf(json.error());
}

ApiReply Api::DecidedReply(const Result<void>& done, const std::string& id, const char* decision) {
  context_.review();
  context_.board.Notify();
  return done ? ReplyOf(202, {{"request", id}, {"decision", decision}}) : ProblemOf(done.error());
}

ApiReply Api::PostCarryOut(const ApiRequest& request, const std::string& id_text) {
  const auto id = IdOf<MessageId>(id_text);
  if (!id) {
    return ProblemOf(id.error());
  }
  return DecidedReply(CarryOutUnlessHeld(*id, request.reader), id_text, "carry-out");
}

ApiReply Api::PostObjection(const ApiRequest& request, const std::string& id_text) {
  const auto id = IdOf<MessageId>(id_text);
  const auto body = ParseJson(request.body.empty() ? "{}" : request.body);
  if (!id || !body) {
    return id ? ProblemNamed("bad-request", body.error().context) : ProblemOf(id.error());
  }
  Findings findings;
  v1::Content content =
      ReadActionRequest(*body, v1::Kind::KEBERATAN_HAPUS, context_.config.officer, findings);
  if (findings.empty()) {
    findings = ValidateContent(v1::Kind::KEBERATAN_HAPUS, content);
  }
  if (!findings.empty()) {
    return ProblemOf(findings);
  }
  const Sender sender{context_.config.address, context_.clock.Now()};
  const auto done = context_.store.Write([&](Tables& tables) -> Result<void> {
    const auto answer = Object(tables, sender, *id, std::move(content));
    return answer ? Result<void>() : Fail(answer.error());
  });
  return DecidedReply(done, id_text, "object");
}

// The domain's hold is the directory's to say, which is read outside of a transaction.
Result<void> Api::CarryOutUnlessHeld(const MessageId& id, const std::string& reader) {
  ASSIGN_OR_RETURN(const auto row,
                   context_.store.Read([&](Tables& tables) { return tables.FindErasure(id); }));
  if (row) {
    ASSIGN_OR_RETURN(const auto hold, DomainHold(context_.store.directory(), row->leg));
    if (hold) {
      return Fail(Errc::kConflict,
                  "LEGAL_HOLD: rujukan ini ditahan / the leg is under a legal hold by " + *hold +
                      "; agen mengajukan keberatan sendiri / the agent objects by itself");
    }
  }
  return context_.store.Write(
      [&](Tables& tables) { return CarryOut(tables, id, reader, context_.clock.Now()); });
}

ApiReply Api::PostHold(const ApiRequest& request, const std::string& leg_text, bool hold) {
  const auto leg = IdOf<LegId>(leg_text);
  const auto body = ParseJson(request.body.empty() ? "{}" : request.body);
  if (!leg || !body) {
    return leg ? ProblemNamed("bad-request", body.error().context) : ProblemOf(leg.error());
  }
  const auto reason = StringMember(*body, "alasan");
  if (hold && (!reason || reason->empty() || reason->size() > kHoldReasonBytesMax)) {
    return ProblemOf(Findings{{"alasan", "1 sampai 500 bita / 1 to 500 bytes: why it is kept"}});
  }
  const auto kept = context_.store.Write([&](Tables& tables) -> Result<void> {
    ASSIGN_OR_RETURN(const auto row, tables.FindLeg(*leg));
    if (!row) {
      return Fail(Errc::kNotFound, "tidak ada rujukan dengan id ini / no such leg here");
    }
    if (!hold) {
      return tables.DropLocalHold(*leg);
    }
    return tables.PutLocalHold(*leg, LocalHold{*reason, request.reader, context_.clock.Now()});
  });
  context_.review();
  return kept ? ReplyOf(200, {{"leg_id", leg_text}, {"held", hold}}) : ProblemOf(kept.error());
}

}  // namespace rujukan::agency
