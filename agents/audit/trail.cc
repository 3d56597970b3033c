#include "agents/audit/trail.h"

#include <map>

#include "agents/audit/anchor.h"
#include "agents/audit/signed_entries.h"
#include "agents/audit/timeline.h"
#include "base/check.h"

namespace rujukan::audit {

std::string_view TrailClassName(TrailClass type) {
  switch (type) {
    case TrailClass::kMessage:
      return "message";
    case TrailClass::kDelivery:
      return "delivery";
    case TrailClass::kRefusal:
      return "refusal";
    case TrailClass::kDeadline:
      return "deadline";
    case TrailClass::kDirectory:
      return "directory";
    case TrailClass::kReading:
      return "reading";
    case TrailClass::kBroker:
      return "broker";
  }
  CHECK(false);
}

Result<Trail> ReadTrail(Source& source, const std::string& vkey, const TrailRequest& request) {
  const LogFiles files(source);
  ASSIGN_OR_RETURN(const Anchor anchor, ReadSignedAnchor(files, vkey));
  ASSIGN_OR_RETURN(Subject subject, FindSubject(files, anchor.checkpoint, request.subject));
  Timeline timeline(std::move(subject), request);
  // Again from the source, which may now say something else: checked again, too.
  const auto follow = [&timeline](LogIndex index, const ledger::GivenLeaf& leaf) {
    return timeline.Visit(index, leaf);
  };
  ASSIGN_OR_RETURN(const uint64_t withheld, ForEachSignedLeaf(files, anchor.checkpoint, follow));
  ASSIGN_OR_RETURN(Trail trail, timeline.Finish());
  trail.origin = anchor.checkpoint.origin;
  trail.size = anchor.checkpoint.size;
  trail.withheld = withheld;
  return trail;
}

std::vector<TrailThread> ThreadsOf(const Trail& trail) {
  std::vector<TrailThread> threads;
  std::map<std::string, size_t> places;
  const bool single = trail.agency.empty();
  for (const TrailEvent& event : trail.events) {
    const std::string& key = single ? trail.leg_id : event.leg_id;
    const auto [place, added] = places.emplace(key, threads.size());
    if (added) {
      threads.push_back({key, {}});
    }
    threads[place->second].events.push_back(&event);
  }
  return threads;
}

}  // namespace rujukan::audit
