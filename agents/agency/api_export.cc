// Exports over the API: streamed by the page, so that memory does not grow with them. What has
// content is logged, a page at a time, before the page leaves.
#include "agents/agency/api.h"
#include "agents/agency/child_case.h"
#include "agents/agency/csv_text.h"
#include "agents/agency/export_legs.h"
#include "agents/agency/export_siks_ng.h"
#include "agents/agency/export_simfoni.h"
#include "agents/agency/fhir.h"
#include "agents/agency/leg_pages.h"
#include "agents/agency/render.h"
#include "ledger/records.h"

namespace rujukan::agency {
namespace {

constexpr const char* kCsvType = "text/csv; charset=utf-8";

std::string QueryText(const ApiRequest& request, const char* name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? "" : found->second;
}

Result<ExportPeriod> PeriodOf(const ApiRequest& request) {
  return ExportPeriod::Parse(QueryText(request, "from"), QueryText(request, "to"));
}

std::string TodayOf(UnixMillis now) {
  return TimeOf(now).get<std::string>().substr(0, 10);
}

std::vector<Reading> ReadingsOf(const ChildCase& child,
                                const std::string& reader,
                                const std::string& reason) {
  std::vector<Reading> readings;
  for (const CaseMessage& shown : child.shown) {
    readings.push_back(
        {shown.id, child.leg.id.str(), v1::ReadAction::VIEWED, shown.stage, reader, reason});
  }
  return readings;
}

// A page of rows; nullopt: there was none left.
using NextPage = std::function<Result<std::optional<std::string>>()>;

// The first page is made before the answer begins, so that an error there is a proper answer. One
// behind it ends the table with a line that is no row.
ApiReply StreamCsv(const std::vector<std::string>& header, const NextPage& next) {
  const auto first = next();
  if (!first) {
    return ProblemOf(first.error());
  }
  ApiReply reply{200, kCsvType, CsvLine(header) + first->value_or("")};
  if (!*first) {
    return reply;
  }
  reply.stream = [next, broken = false]() mutable -> std::optional<std::string> {
    if (broken) {
      return std::nullopt;
    }
    const auto page = next();
    broken = !page;
    return page ? *page : kExportBrokenOff + page.error().context + "\r\n";
  };
  return reply;
}

Json WithPeriod(const char* name, const ExportPeriod& period, UnixMillis now, Json summary) {
  Json json = {{"ekspor", name},
               {"versi", 1},
               {"from", period.from},
               {"to", period.to},
               {"dibuat", TimeOf(now)}};
  json.update(summary);
  return json;
}

}  // namespace

ApiReply Api::ExportLegs(const ApiRequest& request) {
  const auto period = PeriodOf(request);
  if (!period) {
    return ProblemOf(period.error());
  }
  const auto pages = std::make_shared<LegPages>(context_.store, *period);
  return StreamCsv(LegsHeader(), [pages]() -> Result<std::optional<std::string>> {
    std::string text;
    const auto row = [&](Tables& tables, const LegId& id) -> Result<void> {
      ASSIGN_OR_RETURN(const auto leg, tables.FindLeg(id));
      ASSIGN_OR_RETURN(const auto moments, tables.MomentsOfLeg(id));
      text += CsvLine(LegsRow(*leg, moments));
      return {};
    };
    ASSIGN_OR_RETURN(const bool more, pages->Next(/*writes=*/false, row));
    return more ? std::optional(std::move(text)) : std::nullopt;
  });
}

ApiReply Api::ExportSiks(const ApiRequest& request) {
  const auto period = PeriodOf(request);
  if (!period) {
    return ProblemOf(period.error());
  }
  const auto pages = std::make_shared<LegPages>(context_.store, *period);
  const auto count = std::make_shared<SiksCount>();
  const SiksContext siks{
      context_.config.address, context_.config.official_name, TodayOf(context_.clock.Now())};
  const auto next =
      [this, pages, count, siks, reader = request.reader]() -> Result<std::optional<std::string>> {
    std::string text;
    const auto row = [&](Tables& tables, const LegId& id) -> Result<void> {
      ASSIGN_OR_RETURN(const ChildCase child, ReadCase(tables, id));
      if (count->Judge(child, siks.today) != LeftOut::kNo) {
        return {};
      }
      text += CsvLine(SiksRow(child, siks));
      return LogReads(tables, ReadingsOf(child, reader, "ekspor siks-ng"), context_.clock.Now());
    };
    ASSIGN_OR_RETURN(const bool more, pages->Next(/*writes=*/true, row));
    return more ? std::optional(std::move(text)) : std::nullopt;
  };
  return StreamCsv(SiksHeader(), next);
}

ApiReply Api::SummarizeSiks(const ApiRequest& request) {
  const auto period = PeriodOf(request);
  if (!period) {
    return ProblemOf(period.error());
  }
  const std::string today = TodayOf(context_.clock.Now());
  SiksCount count;
  LegPages pages(context_.store, *period);
  const auto done = pages.All([&](Tables& tables, const LegId& id) -> Result<void> {
    ASSIGN_OR_RETURN(const ChildCase child, ReadCase(tables, id));
    count.Judge(child, today);
    return {};
  });
  return done ? ReplyOf(200, WithPeriod("siks-ng", *period, context_.clock.Now(), count.Summary()))
              : ProblemOf(done.error());
}

Result<std::vector<CountTable>> Api::CountSimfoni(const ApiRequest& request) {
  ASSIGN_OR_RETURN(const ExportPeriod period, PeriodOf(request));
  RETURN_IF_ERROR(period.RequireWholeMonths());
  SimfoniCount count;
  LegPages pages(context_.store, period);
  RETURN_IF_ERROR(pages.All([&](Tables& tables, const LegId& id) -> Result<void> {
    ASSIGN_OR_RETURN(const ChildCase child, ReadCase(tables, id));
    count.Add(child);
    return {};
  }));
  return count.Tables();
}

ApiReply Api::ExportSimfoni(const ApiRequest& request) {
  const auto tables = CountSimfoni(request);
  return tables ? ApiReply{200, kCsvType, SimfoniCsv(*tables)} : ProblemOf(tables.error());
}

ApiReply Api::SummarizeSimfoni(const ApiRequest& request) {
  const auto tables = CountSimfoni(request);
  if (!tables) {
    return ProblemOf(tables.error());
  }
  return ReplyOf(
      200, WithPeriod("simfoni", *PeriodOf(request), context_.clock.Now(), SimfoniJson(*tables)));
}

FhirParty Api::PartyOf(const std::string& address) const {
  const auto record = ledger::ReadAgency(context_.store.directory(), address);
  return {address, record && *record ? (*record)->official_name() : ""};
}

ApiReply Api::GetFhir(const ApiRequest& request, const std::string& text) {
  const auto bytes = ParseUuid(text);
  const auto id = bytes ? LegId::FromBytes(*bytes) : Result<LegId>(Fail(bytes.error()));
  const auto child = id ? context_.store.Read([&](Tables& tables) { return ReadCase(tables, *id); })
                        : Result<ChildCase>(Fail(id.error()));
  if (!child) {
    return ProblemOf(child.error());
  }
  const bool identity = QueryText(request, "identitas") == "1";
  if (!child->readable || (identity && !child->t2)) {
    return ProblemNamed("conflict",
                        child->readable
                            ? "identitas (T2) belum dibuka dalam rujukan ini / the identity was "
                              "not disclosed in this leg"
                            : "isi rujukan tidak ada atau telah dihapus / the content is not here, "
                              "or was erased");
  }
  const FhirParty own = PartyOf(context_.config.address);
  const FhirParty peer = PartyOf(child->leg.peer);
  const auto bundle = context_.store.Write([&](Tables& tables) -> Result<Json> {
    ASSIGN_OR_RETURN(const auto moments, tables.MomentsOfLeg(*id));
    ChildCase shown = *child;
    if (!identity) {  // only the opening is shown
      std::erase_if(shown.shown,
                    [](const CaseMessage& message) { return message.kind != v1::Kind::RUJUKAN; });
    }
    RETURN_IF_ERROR(
        LogReads(tables, ReadingsOf(shown, request.reader, "fhir"), context_.clock.Now()));
    const std::string now = TimeOf(context_.clock.Now()).get<std::string>();
    return FhirBundleOf({*child, moments, own, peer, now, identity});
  });
  if (!bundle) {
    return ProblemOf(bundle.error());
  }
  ApiReply reply = ReplyOf(200, *bundle);
  reply.content_type = "application/fhir+json";
  return reply;
}

}  // namespace rujukan::agency
