// Which auditors' readings covered what a trail shows. Whether one did is known only at the end:
// a reading may be open towards what comes. Pure; thread: one owner.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agents/audit/trail.h"
#include "ledger/view.h"
#include "rujukan/v1/audit.pb.h"
#include "rujukan/v1/directory.pb.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::audit {

class ReadingWatch {
 public:
  // A reading that was recorded; `view` as it was then, for the auditor's scope.
  Result<void> Add(const v1::Entry& entry, LogIndex index, const ledger::View& view);
  // A message of the trail.
  void Cover(const v1::MessageAccepted& message,
             const std::string& thread,
             LogIndex index,
             UnixMillis time);

  // The readings that covered a message of the trail, in order. `view` as of the end.
  Result<std::vector<TrailEvent>> Covering(const ledger::View& view) const;

 private:
  struct Reading {
    TrailEvent event;
    v1::AuditRead read;
    v1::Scope scope;
  };
  struct Message {
    std::string header;  // of the first of its thread: all of a thread is in scope or none of it
    LogIndex index = 0;
    UnixMillis time = 0;
  };
  Result<bool> IsCovered(const Reading& reading, const ledger::View& view) const;

  std::vector<Reading> readings_;
  std::map<std::string, std::vector<Message>> threads_;
};

}  // namespace rujukan::audit
