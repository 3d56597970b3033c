#include "agents/agency/api.h"

#include "agents/agency/erasure.h"
#include "agents/agency/expiry.h"
#include "agents/agency/read_anchor.h"
#include "agents/agency/render.h"
#include "agents/agency/rotation.h"
#include "base/bytes.h"
#include "ledger/fold.h"

namespace rujukan::agency {
namespace {

// A decimal of the query, at most `max`; `otherwise` when absent or malformed.
int64_t QueryNumber(const ApiRequest& request, const char* name, int64_t max, int64_t otherwise) {
  const auto found = request.query.find(name);
  const auto value = found == request.query.end() ? Result<uint64_t>(Fail(Errc::kNotFound, ""))
                                                  : ParseDecimal(found->second);
  return value ? static_cast<int64_t>(std::min<uint64_t>(*value, static_cast<uint64_t>(max)))
               : otherwise;
}

template <class Id>
Result<Id> IdOf(const std::string& text) {
  ASSIGN_OR_RETURN(const auto bytes, ParseUuid(text));
  return Id::FromBytes(bytes);
}

bool WithoutContent(const ApiRequest& request) {
  const auto found = request.query.find("isi");
  return found != request.query.end() && found->second == "0";
}

Json WitnessesJson(const WitnessStatus& witnesses) {
  return {{"diikuti", witnesses.followed},
          {"wajib", witnesses.required},
          {"terpenuhi", witnesses.met},
          {"kurang", witnesses.missing},
          {"masalah", witnesses.problem}};
}

}  // namespace

bool Api::WaitUntil(int64_t wait_ms, const std::function<bool()>& done) const {
  const UnixMillis until = context_.clock.Now() + wait_ms;
  while (true) {
    const uint64_t seen = context_.board.version();
    if (done()) {
      return true;
    }
    const int64_t left = until - context_.clock.Now();
    if (left <= 0 || context_.board.stopped()) {
      return false;
    }
    context_.board.WaitPast(seen, left);
  }
}

int64_t Api::WaitMsOf(const ApiRequest& request) {
  return QueryNumber(request, "wait", kApiWaitMsMax / 1000, 0) * 1000;
}

ApiReply Api::Handle(const ApiRequest& request) {
  const auto match = FindRoute(request.method, request.path);
  if (match) {
    return AnswerOnce(*match, request);
  }
  const std::string methods = MethodsOf(request.path);
  if (methods.empty()) {
    return ProblemNamed("not-found",
                        "alamat ini tidak ada; lihat GET /v1/openapi.json / no such path");
  }
  ApiReply reply = ProblemNamed("method-not-allowed", "yang ada / there are: " + methods);
  reply.headers.emplace_back("Allow", methods);
  return reply;
}

ApiReply Api::GetHealth() {
  return ApiReply{200, "text/plain", "ok\n"};
}

ApiReply Api::GetStatus() {
  const auto status = context_.board.status();
  const auto counts = context_.store.Read([](Tables& tables) { return tables.CountMessages(); });
  if (!counts) {
    return ProblemOf(counts.error());
  }
  const auto endings =
      ListEndings(context_.store.directory(), context_.config.address, context_.clock.Now());
  const auto rotation = context_.store.Read(&ReadRotation);
  const auto trail = context_.store.Read(&ReadTrailStatusOf);
  if (!endings || !rotation || !trail) {
    return ProblemOf(!endings ? endings.error() : !rotation ? rotation.error() : trail.error());
  }
  return ReplyOf(
      200,
      {{"address", context_.config.address},
       {"official_name", context_.config.official_name},
       {"broker", context_.config.endpoint},
       {"link", status.state},
       {"last_error", status.last_error},
       {"alarm", status.alarm},
       {"saksi", WitnessesJson(status.witnesses)},
       {"tree_size", status.tree_size},
       {"clock_offset_ms", status.clock_offset_ms},
       {"queued", counts->queued},
       {"accepted", counts->accepted},
       {"refused", counts->refused},
       {"held", counts->held},
       {"bounced", counts->bounced},
       {"received", counts->received},
       {"reads_logged", trail->logged},
       {"reads_anchored", trail->anchored},
       {"pemberitahuan", NotifyJson(context_.notices())},
       {"certificates", EndingsJson(*endings)},
       {"rotation", {{"state", RotationName(rotation->state)}, {"note", rotation->note}}}});
}

ApiReply Api::GetMessage(const ApiRequest& request, const std::string& text) {
  const auto id = IdOf<MessageId>(text);
  if (!id) {
    return ProblemOf(id.error());
  }
  const auto until = request.query.find("until");
  const bool delivered = until != request.query.end() && until->second == "delivered";
  const bool receipted = until != request.query.end() && until->second == "receipted";
  Result<void> found;
  WaitUntil(WaitMsOf(request), [&] {
    bool done = !delivered && !receipted;
    found = context_.store.Read([&](Tables& tables) -> Result<void> {
      ASSIGN_OR_RETURN(const auto row, tables.Find(*id));
      if (!row) {
        return Fail(Errc::kNotFound, "tidak ada pesan dengan id ini / no such message here");
      }
      ASSIGN_OR_RETURN(const auto fate, ReadFate(tables, *id));
      v1::Header header;
      header.ParseFromString(row->header);
      const bool all = fate.Settled(header.to_size()) || fate.Held();
      done = done || !row->outgoing || row->stage == Stage::kRefused ||
             (row->stage == Stage::kAccepted && (receipted || all));
      return {};
    });
    return done || !found;
  });
  if (!found) {
    return ProblemOf(found.error());
  }
  const auto json = HandOut(request, [&](Tables& tables, std::vector<Reading>& seen) {
    return TellMessage(tables, *id, request, seen);
  });
  return json ? ReplyOf(200, *json) : ProblemOf(json.error());
}

// Content leaves only after its reading is on disk.
template <class Work>
Result<Json> Api::HandOut(const ApiRequest& request, const Work& work) {
  std::vector<Reading> seen;
  const auto tell = [&](Tables& tables) -> Result<Json> {
    seen.clear();
    ASSIGN_OR_RETURN(Json json, work(tables, seen));
    RETURN_IF_ERROR(LogReads(tables, seen, context_.clock.Now()));
    return json;
  };
  return WithoutContent(request) ? context_.store.Read(tell) : context_.store.Write(tell);
}

Result<Json> Api::TellMessage(Tables& tables,
                              const MessageId& id,
                              const ApiRequest& request,
                              std::vector<Reading>& seen) const {
  ASSIGN_OR_RETURN(auto row, tables.Find(id));
  if (!row) {
    return Fail(Errc::kNotFound, "tidak ada pesan dengan id ini / no such message here");
  }
  ASSIGN_OR_RETURN(const auto fate, ReadFate(tables, id));
  if (WithoutContent(request)) {
    row->content.clear();
  } else if (!row->content.empty()) {
    seen.push_back(ReadingOf(*row, v1::ReadAction::VIEWED, request.reader));
  }
  return DetailOf(*row, fate, context_.log);
}

ApiReply Api::GetLeg(const ApiRequest& request, const std::string& text) {
  const auto id = IdOf<LegId>(text);
  if (!id) {
    return ProblemOf(id.error());
  }
  const auto domain_hold = DomainHold(context_.store.directory(), *id);
  if (!domain_hold) {
    return ProblemOf(domain_hold.error());
  }
  const auto json =
      HandOut(request, [&](Tables& tables, std::vector<Reading>& seen) -> Result<Json> {
        ASSIGN_OR_RETURN(const auto leg, tables.FindLeg(*id));
        if (!leg) {
          return Fail(Errc::kNotFound, "tidak ada rujukan dengan id ini / no such leg here");
        }
        Json result = LegSummaryOf(*leg);
        ASSIGN_OR_RETURN(const auto hold, tables.FindLocalHold(*id));
        if (hold || *domain_hold) {
          result["hold"] = {{"here", hold ? Json(hold->reason) : Json(nullptr)},
                            {"domain", *domain_hold ? Json(**domain_hold) : Json(nullptr)}};
        }
        ASSIGN_OR_RETURN(const auto rows, tables.ListLeg(*id));
        Json messages = Json::array();
        for (const auto& listed : rows) {
          ASSIGN_OR_RETURN(Json one, TellMessage(tables, listed.id, request, seen));
          messages.push_back(std::move(one));
        }
        result["messages"] = std::move(messages);
        return result;
      });
  return json ? ReplyOf(200, *json) : ProblemOf(json.error());
}

}  // namespace rujukan::agency
