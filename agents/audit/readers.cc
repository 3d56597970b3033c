#include "agents/audit/readers.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agents/audit/anchor.h"
#include "agents/audit/signed_entries.h"
#include "base/limits.h"
#include "base/printable.h"
#include "rujukan/v1/audit.pb.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;

std::string RangeOf(const ReaderEvent& event) {
  return event.end == 0 ? fmt::format("{}-", event.first)
                        : fmt::format("{}-{}", event.first, event.end - 1);
}

}  // namespace

Result<Readers> ReadReaders(Source& source, const std::string& vkey, const std::string& auditor) {
  const LogFiles files(source);
  ASSIGN_OR_RETURN(const Anchor anchor, ReadSignedAnchor(files, vkey));
  Readers readers;
  const auto look = [&](LogIndex index, const ledger::GivenLeaf& leaf) -> Result<void> {
    v1::Entry entry;
    v1::AuditRead read;
    if (leaf.withheld || !entry.ParseFromString(leaf.entry) || !entry.has_audit_read() ||
        !read.ParseFromString(entry.audit_read().read()) ||
        (!auditor.empty() && read.auditor() != auditor)) {
      return {};
    }
    if (readers.events.size() == limits::kTrailEventsMax) {
      return Fail(Errc::kLimit, "over 100,000 readings: name one auditor with --auditor");
    }
    readers.events.push_back({index,
                              entry.time_ms(),
                              read.auditor(),
                              read.first(),
                              read.end(),
                              read.expires_at_ms(),
                              read.purpose()});
    return {};
  };
  ASSIGN_OR_RETURN(readers.withheld, ForEachSignedLeaf(files, anchor.checkpoint, look));
  return readers;
}

std::string ReadersAsText(const Readers& readers) {
  std::string text;
  for (const ReaderEvent& event : readers.events) {
    text += fmt::format("  {}  {}  entries {}, until {}  #{}  {}\n",
                        FormatTime(event.time),
                        Printable(event.auditor),
                        RangeOf(event),
                        FormatTime(event.expires_at),
                        event.index,
                        Printable(event.purpose));
  }
  if (readers.events.empty()) {
    text = "Nobody has opened a reading.\n";
  }
  if (readers.withheld > 0) {
    text += fmt::format("{} entries were withheld; readings among them are not listed.\n",
                        readers.withheld);
  }
  return text;
}

std::string ReadersAsJson(const Readers& readers) {
  Json json;
  json["withheld"] = readers.withheld;
  json["readings"] = Json::array();
  for (const ReaderEvent& event : readers.events) {
    json["readings"].push_back({{"index", event.index},
                                {"time", FormatTime(event.time)},
                                {"auditor", event.auditor},
                                {"first", event.first},
                                {"end", event.end == 0 ? Json(nullptr) : Json(event.end)},
                                {"expires_at", FormatTime(event.expires_at)},
                                {"purpose", event.purpose}});
  }
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rujukan::audit
