// The replay as a trail: every entry goes through the fold; what concerns the subject is kept with
// what was in force then. Pure; thread: one owner.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "agents/audit/deadlines.h"
#include "agents/audit/replay.h"
#include "agents/audit/subject.h"
#include "agents/audit/trail.h"
#include "agents/audit/trail_acts.h"
#include "agents/audit/trail_readings.h"
#include "ledger/scoped_bundle.h"

namespace rujukan::audit {

class Timeline {
 public:
  Timeline(Subject subject, const TrailRequest& request);

  // Leaves in order, from 0; withheld ones are passed over. kLimit: over the request's events.
  Result<void> Visit(LogIndex index, const ledger::GivenLeaf& leaf);

  // After the last entry; once. kNotFound: the agency never was in the directory.
  Result<Trail> Finish();

 private:
  Result<void> VisitEntry(LogIndex index, const std::string& bytes);
  // Messages, refusals and receipts of the subject.
  Result<void> AddPart(const Part& part, const v1::Entry& entry, TrailEvent event, bool legal);
  void Remember(const Part& part, const v1::Entry& entry, const TrailEvent& event, bool legal);
  void ObserveClocks(const Part& part,
                     const v1::Entry& entry,
                     const v1::LegRecord& leg,
                     const TrailEvent& event,
                     bool legal);
  Result<void> Describe();  // parties, policy and directory as they are now
  // What the broker, auditors and agencies put on record.
  Result<void> AddOther(const v1::Entry& entry, TrailEvent event);
  void DescribeReadTrail(const v1::ReadTrailRecorded& entry, TrailEvent& event) const;
  void DescribeRemoval(const v1::ContentsRemoved& entry, TrailEvent& event);
  void DescribeTimestamp(const v1::TimestampRecorded& entry, TrailEvent& event);
  Result<void> AddChanges(const v1::Entry& entry, const TrailEvent& place);

  Result<void> FillIn(TrailEvent& event) const;
  Result<void> Append(TrailEvent event);
  void AddMissed();
  void UseOneZone();

  SubjectFilter filter_;
  const size_t events_max_;
  Report report_;
  Replay replay_;
  Trail trail_;
  DeadlineBook deadlines_;
  ActWatch acts_;
  ReadingWatch readings_;
  std::set<std::string> addresses_;            // whose standing is told
  std::map<std::string, int> offsets_;         // leg or message id to its sender's zone
  std::map<std::string, UnixMillis> settled_;  // messages with the broker: id to last receipt
  std::optional<LogIndex> unstamped_;          // last entry of the subject without a time-stamp
  uint64_t directory_head_ = 0;
  bool described_ = false;
};

}  // namespace rujukan::audit
