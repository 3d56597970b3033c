// Bulk import over the API, and the verivali mark.
#include <algorithm>

#include "agents/agency/api.h"
#include "agents/agency/child_case.h"
#include "agents/agency/import.h"
#include "agents/agency/render.h"

namespace rujukan::agency {
namespace {

constexpr size_t kLegsAtOnce = 200;
constexpr size_t kUnreportedMax = 200;  // named one by one; further ones are counted

std::string QueryText(const ApiRequest& request, const char* name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? "" : found->second;
}

Result<ImportOptions> ReadImportOptions(const ApiRequest& request) {
  ImportOptions options;
  ASSIGN_OR_RETURN(options.kind, ParseImportKind(QueryText(request, "jenis")));
  ASSIGN_OR_RETURN(options.mode, ParseImportMode(QueryText(request, "mode")));
  const auto type = request.headers.find("content-type");
  const std::string given = type == request.headers.end() ? "" : type->second;
  const bool lines = given.starts_with("application/x-ndjson");
  if (!lines && !given.empty() && !given.starts_with("text/csv")) {
    return Fail(Errc::kInvalid, "Content-Type: text/csv atau / or application/x-ndjson");
  }
  options.format = lines ? ImportFormat::kNdjson : ImportFormat::kCsv;
  options.reader = request.reader;
  return options;
}

// Legs by the ref_anak of their openings: those we received for reports, all for marks.
Result<ImportLegs> ReadImportLegs(Store& store, ImportKind kind) {
  ImportLegs legs;
  if (kind == ImportKind::kReferrals) {
    return legs;
  }
  std::string after;
  while (true) {
    const auto read = store.Read([&](Tables& tables) -> Result<bool> {
      ASSIGN_OR_RETURN(const auto ids, tables.ListLegIds({after, 0, INT64_MAX, kLegsAtOnce}));
      for (const LegId& id : ids) {
        after = id.str();
        ASSIGN_OR_RETURN(const ChildCase child, ReadCase(tables, id));
        const bool received = child.leg.side == ledger::Side::kReceiver;
        if (!child.readable || (!received && kind == ImportKind::kProgress)) {
          continue;
        }
        const bool takes =
            kind == ImportKind::kVerification ||
            ledger::MaySend(child.leg.planned, v1::Kind::LAPORAN_KEMAJUAN, child.leg.side);
        legs.emplace(child.referral.t1().ref_anak(),
                     ImportLeg{FormatUuid(id.view()), child.leg.peer, takes});
      }
      return !ids.empty();
    });
    if (!read) {
      return Fail(read.error());
    }
    if (!*read) {
      return legs;
    }
  }
}

// Children in care of whom this file says nothing: for a person to ask after, each by its leg.
Json UnreportedJson(const ImportLegs& legs, const std::vector<std::string>& reported) {
  Json list = Json::array();
  int64_t count = 0;
  for (const auto& [ref, leg] : legs) {
    if (leg.takes && !std::binary_search(reported.begin(), reported.end(), leg.leg)) {
      ++count;
      if (list.size() < kUnreportedMax) {
        list.push_back(leg.leg);
      }
    }
  }
  return {{"count", count}, {"leg_ids", std::move(list)}};
}

Json ReportJson(const ImportOptions& options, const ImportReport& report) {
  Json errors = Json::array();
  for (const ImportError& error : report.errors) {
    errors.push_back({{"row", error.line}, {"column", error.column}, {"detail", error.message}});
  }
  return {{"jenis", ImportKindName(options.kind)},
          {"rows", report.rows},
          {"valid", report.rows - report.failed},
          {"queued", report.queued},
          {"repeated", report.repeated},
          {"failed", report.failed},
          {"errors", std::move(errors)},
          {"errors_left_off", report.errors_left_off}};
}

ApiReply ImportReply(const ImportOptions& options, Json json) {
  const bool failed = json["failed"].get<size_t>() > 0;
  if (!failed || options.mode == ImportMode::kSkip) {
    return ReplyOf(json["queued"].get<size_t>() > 0 ? 202 : 200, json);
  }
  // Nothing was queued; or, in the rare case that a leg moved on meanwhile, what "queued" says.
  const Json& first = json["errors"][0];
  ApiReply reply = ProblemNamed("invalid",
                                "baris " + std::to_string(first["row"].get<size_t>()) + ", kolom " +
                                    first["column"].get<std::string>() + ": " +
                                    first["detail"].get<std::string>());
  Json problem = Json::parse(reply.body);
  problem.update(json);
  reply.body = problem.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  return reply;
}

const char* PhaseName(ImportProgress::Phase phase) {
  switch (phase) {
    case ImportProgress::Phase::kChecking:
      return "CHECKING";
    case ImportProgress::Phase::kQueueing:
      return "QUEUEING";
    case ImportProgress::Phase::kIdle:
      break;
  }
  return "IDLE";
}

}  // namespace

bool TakesUpload(const std::string& method, const std::string& path) {
  return method == "POST" && path == "/v1/import";
}

bool CheckOnly(const ApiRequest& request) {
  return QueryText(request, "check") == "1";
}

Result<std::shared_ptr<Spool>> Api::UploadOf(const ApiRequest& request) {
  if (request.upload) {
    return request.upload;
  }
  ASSIGN_OR_RETURN(std::shared_ptr<Spool> spool, Spool::Make());
  RETURN_IF_ERROR(spool->Append(request.body));
  return spool;
}

ApiReply Api::PostImport(const ApiRequest& request) {
  auto options = ReadImportOptions(request);
  if (!options) {
    return ProblemOf(options.error());
  }
  const std::unique_lock<std::mutex> running(import_.running, std::try_to_lock);
  if (!running.owns_lock()) {
    return ProblemNamed("conflict",
                        "impor lain sedang berjalan; lihat GET /v1/import / another import runs");
  }
  const auto spool = UploadOf(request);
  auto legs = ReadImportLegs(context_.store, options->kind);
  if (!spool || !legs) {
    return ProblemOf(!spool ? spool.error() : legs.error());
  }
  const ImportPorts ports{
      [this](const ApiRequest& row) { return Handle(row); },
      [this](const std::function<Result<void>()>& work) { return context_.store.Group(work); }};
  Import import(*options, *legs, ports, import_);
  const auto report = import.Run(**spool);
  import_.phase = ImportProgress::Phase::kIdle;
  if (!report) {
    return ProblemOf(report.error());
  }
  Json json = ReportJson(*options, *report);
  if (options->kind == ImportKind::kProgress) {
    json["without_report"] = UnreportedJson(*legs, report->legs);
  }
  return ImportReply(*options, std::move(json));
}

ApiReply Api::GetImport() {
  return ReplyOf(200,
                 {{"phase", PhaseName(import_.phase)},
                  {"done", import_.done.load()},
                  {"of", import_.of.load()}});
}

ApiReply Api::GetImportTemplate(const ApiRequest& request) {
  const auto kind = ParseImportKind(QueryText(request, "jenis"));
  if (!kind) {
    return ProblemOf(kind.error());
  }
  return ApiReply{200, "text/csv; charset=utf-8", ImportTemplate(*kind)};
}

ApiReply Api::PostVerification(const ApiRequest& request, const std::string& text) {
  const auto bytes = ParseUuid(text);
  const auto leg = bytes ? LegId::FromBytes(*bytes) : Result<LegId>(Fail(bytes.error()));
  const auto body = ParseJson(request.body);
  if (!leg || !body) {
    return ProblemOf(leg ? body.error() : leg.error());
  }
  Findings findings;
  const std::string today = TimeOf(context_.clock.Now()).get<std::string>().substr(0, 10);
  const Verification mark = ReadVerification(*body, today, findings);
  if (!findings.empty()) {
    return ProblemOf(findings);
  }
  const auto keep = [&](Tables& tables) -> Result<bool> {
    ASSIGN_OR_RETURN(const ChildCase child, ReadCase(tables, *leg));
    if (child.mark && *child.mark == mark) {
      return false;
    }
    RETURN_IF_ERROR(tables.PutVerification(*leg, PackVerification(mark)));
    return true;
  };
  const auto fresh = CheckOnly(request) ? context_.store.Try(keep) : context_.store.Write(keep);
  return fresh ? ReplyOf(200, {{"leg_id", text}, {"new", *fresh}}) : ProblemOf(fresh.error());
}

}  // namespace rujukan::agency
