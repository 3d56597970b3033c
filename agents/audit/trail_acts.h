// What directory entries change for a trail: standing and keys of its parties, the policy, holds on
// its legs, and legs that end because their mail came back. It compares the view before an entry
// with the view after, so a proposal shows when it takes effect, whoever confirmed it. Pure;
// thread: one owner.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "agents/audit/trail.h"
#include "ledger/view.h"
#include "rujukan/v1/directory.pb.h"
#include "rujukan/v1/entry.pb.h"
#include "rujukan/v1/ledger.pb.h"

namespace rujukan::audit {

class ActWatch {
 public:
  void Follow(const std::string& party) { parties_.insert(party); }
  // `leg` in 16 bytes. Holds are followed for every leg, ends for those not yet delivered.
  void FollowLeg(const std::string& leg) { legs_.insert(leg); }
  void LegStands(const std::string& leg, v1::LegState::Code state);

  // Before the directory entry is applied, and after: the events it made. `leg_id`, `who`, `kind`,
  // `state` and `note` of each are filled in.
  Result<void> Look(const ledger::View& before);
  Result<std::vector<TrailEvent>> Compare(const v1::Entry& entry, const ledger::View& after);
  // Of these events, legs that failed: their deadlines are moot.
  const std::vector<std::string>& failed() const { return failed_; }

 private:
  Result<void> CompareParty(const std::string& address, const ledger::View& after);
  Result<void> CompareHold(const std::string& leg, const ledger::View& after);
  Result<void> CompareLeg(const std::string& leg, const ledger::View& after);
  Result<void> ComparePolicy(const ledger::View& after);
  void Say(std::string note, const std::string& leg = "", const std::string& state = "");

  std::set<std::string> parties_;
  std::set<std::string> legs_;
  std::set<std::string> undelivered_;
  std::map<std::string, v1::AgencyRecord> records_;  // of parties, before
  std::set<std::string> held_;                       // before
  uint64_t policy_version_ = 0;                      // before
  TrailEvent act_;                                   // of the entry at hand
  std::vector<TrailEvent> events_;
  std::vector<std::string> failed_;
};

// "SUSPEND", "CONFIRM", "ROOT_ACT", "ENROLMENT"; and who signed it, "" for the root's key.
struct ActName {
  std::string kind;
  std::string actor;
};
ActName NameOfAct(const v1::Entry& entry);

}  // namespace rujukan::audit
