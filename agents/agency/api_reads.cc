// The API's answers about reading: the read trail, its anchors, and content opened to an auditor.
#include "agents/agency/api.h"
#include "agents/agency/read_anchor.h"
#include "agents/agency/read_log.h"
#include "agents/agency/render.h"
#include "agents/link/envelope.h"
#include "base/address.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "ledger/opened.h"
#include "ledger/records.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kAnchorWaitMs = 15'000;

uint64_t NumberIn(const ApiRequest& request, const char* name, uint64_t otherwise) {
  const auto found = request.query.find(name);
  const auto value = found == request.query.end() ? Result<uint64_t>(Fail(Errc::kNotFound, ""))
                                                  : ParseDecimal(found->second);
  return value ? std::min<uint64_t>(*value, INT64_MAX) : otherwise;
}

Json UuidOrNull(const std::string& bytes) {
  return bytes.size() == MessageId::kSize ? Json(FormatUuid(bytes)) : Json(nullptr);
}

Json LeafJson(const ledger::ReadLeaf& leaf, bool raw) {
  if (raw) {
    return {{"number", leaf.number},
            {"hash", ToBase64(leaf.hash.view())},
            {"leaf", ToBase64(leaf.event)}};
  }
  v1::ReadEvent event;
  event.ParseFromString(leaf.event);
  Json json = {{"number", leaf.number},
               {"time", TimeOf(event.time_ms())},
               {"action", v1::ReadAction::Code_Name(event.action())},
               {"stage", v1::DisclosureStage::Code_Name(event.stage())},
               {"reader", event.reader()},
               {"message_id", UuidOrNull(event.message_id())},
               {"leg_id", UuidOrNull(event.leg_id())}};
  if (!event.reason().empty()) {
    json["reason"] = event.reason();
  }
  if (!event.given_to().empty()) {
    json["given_to"] = event.given_to();
  }
  return json;
}

Json TrailJson(const ReadTrailStatus& trail) {
  return {{"logged", trail.logged},
          {"anchored", trail.anchored},
          {"anchored_at", TimeOf(trail.anchored_at)},
          {"entry", trail.anchored == 0 ? Json(nullptr) : Json(trail.index)},
          {"alarm", trail.alarm}};
}

struct Disclosing {
  std::string to;
  std::string reason;
};

Findings ReadDisclosing(const Json& body, const ledger::View& directory, Disclosing& disclosing) {
  Findings findings;
  const auto to = StringMember(body, "kepada");
  const auto reason = StringMember(body, "alasan");
  const auto auditor = to ? ledger::ReadAgency(directory, *to)
                          : Result<std::optional<v1::AgencyRecord>>(std::nullopt);
  if (!auditor || !*auditor || (*auditor)->role() != v1::Role::AUDITOR ||
      (*auditor)->status() != v1::AgencyStatus::AKTIF) {
    findings.push_back({"kepada",
                        "alamat auditor yang aktif dalam direktori / the address of an active "
                        "auditor of the directory"});
  }
  if (!reason || reason->empty() || reason->size() > kReadReasonBytesMax) {
    findings.push_back({"alasan", "1 sampai 500 bita / 1 to 500 bytes: why it is opened"});
  }
  if (findings.empty()) {
    disclosing = {*to, *reason};
  }
  return findings;
}

// Whether there is anything to open, and to prove it with.
Result<MessageRow> RequireOpenable(const Result<std::optional<MessageRow>>& found) {
  if (!found) {
    return Fail(found.error());
  }
  const auto& row = *found;
  if (!row) {
    return Fail(Errc::kNotFound, "tidak ada pesan dengan id ini / no such message here");
  }
  if (row->erased_at != 0) {
    return Fail(Errc::kConflict, "isi telah dihapus / the content was erased");
  }
  const bool readable = row->outgoing || row->outcome == v1::DeliveryOutcome::DELIVERED;
  if (row->accepted.entry.empty() || row->ciphertext.empty() || !readable) {
    return Fail(Errc::kConflict,
                "pesan ini belum tercatat di buku besar, atau tidak terbaca / this message is not "
                "in the ledger yet, or could not be read");
  }
  return *row;
}

}  // namespace

ApiReply Api::GetReads(const ApiRequest& request) {
  const bool raw = request.query.count("raw") != 0;
  const uint64_t from = NumberIn(request, "from", 0);
  const size_t max = std::min<uint64_t>(NumberIn(request, "limit", limits::kReadTrailPageEvents),
                                        limits::kReadTrailPageEvents);
  const auto json = context_.store.Read([&](Tables& tables) -> Result<Json> {
    ASSIGN_OR_RETURN(const ReadTrailStatus trail, ReadTrailStatusOf(tables));
    ASSIGN_OR_RETURN(const auto leaves, tables.ListReads(from, max));
    Json list = Json::array();
    for (const ledger::ReadLeaf& leaf : leaves) {
      list.push_back(LeafJson(leaf, raw));
    }
    Json result = TrailJson(trail);
    result["agency"] = context_.config.address;
    result["reads"] = std::move(list);
    return result;
  });
  return json ? ReplyOf(200, *json) : ProblemOf(json.error());
}

// Until the ledger has all that is logged now.
ApiReply Api::PostAnchor() {
  const auto status = [&] { return context_.store.Read(&ReadTrailStatusOf); };
  const auto before = status();
  if (!before) {
    return ProblemOf(before.error());
  }
  context_.anchor();
  ApiReply reply;
  const bool anchored = WaitUntil(kAnchorWaitMs, [&] {
    const auto now = status();
    reply = now ? ReplyOf(200, TrailJson(*now)) : ProblemOf(now.error());
    return !now || now->anchored >= before->logged || !now->alarm.empty();
  });
  if (!anchored) {
    return ProblemOf(
        503,
        "not anchored yet",
        "broker belum menjawab; agen terus mencoba / no answer from the broker yet: the "
        "agent goes on trying (see rujukan-agent reads)");
  }
  const auto after = status();
  return after && !after->alarm.empty() ? ProblemOf(409, "read trail alarm", after->alarm) : reply;
}

Result<std::string> Api::OpenFor(const MessageRow& row,
                                 const std::string& to,
                                 const std::string& reason) {
  const auto identity = context_.identity();
  if (!identity) {
    return Fail(
        Errc::kUnavailable,
        "agen belum mengenal kuncinya dalam direktori; tunggu sampai tersambung / the agent "
        "does not know its keys in the directory yet: wait until it is connected");
  }
  v1::Header header;
  if (!header.ParseFromString(row.header)) {
    return Fail(Errc::kCorrupt, "a stored header does not parse");
  }
  v1::OpenedContent opened;
  opened.set_version(1);
  opened.set_message_id(row.id.str());
  ASSIGN_OR_RETURN(*opened.mutable_opening(),
                   link::OpenToDisclose(header, row.ciphertext, identity->openings));
  opened.set_given_by(context_.config.address);
  opened.set_given_to(to);
  opened.set_reason(reason);
  opened.set_opened_at_ms(context_.clock.Now());
  // What we could not prove is not handed out.
  const auto proven = ledger::ProveOpened(opened, header);
  return proven ? Result<std::string>(opened.SerializeAsString()) : Fail(proven.error());
}

ApiReply Api::PostDisclose(const ApiRequest& request, const std::string& text) {
  const auto bytes = ParseUuid(text);
  const auto id = bytes ? MessageId::FromBytes(*bytes) : Result<MessageId>(Fail(bytes.error()));
  const auto body = ParseJson(request.body);
  if (!id || !body) {
    return id ? ProblemNamed("bad-request", body.error().context) : ProblemOf(id.error());
  }
  Disclosing disclosing;
  const Findings findings = ReadDisclosing(*body, context_.store.directory(), disclosing);
  if (!findings.empty()) {
    return ProblemOf(findings);
  }
  const auto row =
      RequireOpenable(context_.store.Read([&](Tables& tables) { return tables.Find(*id); }));
  const auto opened = row ? OpenFor(*row, disclosing.to, disclosing.reason)
                          : Result<std::string>(Fail(row.error()));
  if (!opened) {
    return ProblemOf(opened.error());
  }
  Reading reading = ReadingOf(*row, v1::ReadAction::DISCLOSED, request.reader);
  reading.reason = disclosing.reason;
  reading.given_to = disclosing.to;
  const auto logged = context_.store.Write([&](Tables& tables) -> Result<void> {
    const UnixMillis now = context_.clock.Now();
    RETURN_IF_ERROR(LogReads(tables, {&reading, 1}, now));
    return tables.PutEvent({EventType::kContentDisclosed, now, row->id.str(), row->leg, row->kind});
  });
  if (!logged) {
    return ProblemOf(logged.error());
  }
  context_.anchor();
  return ReplyOf(
      200, {{"message_id", text}, {"given_to", disclosing.to}, {"opened", ToBase64(*opened)}});
}

}  // namespace rujukan::agency
