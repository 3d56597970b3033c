// Plays a scenario on a stage, step by step, and stops at the first thing that is not as it says.
// Thread: one owner.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/scenarios/body.h"
#include "tests/scenarios/stage.h"

namespace rujukan::scenarios {

// What a play came to: figures for a report.
struct Tally {
  size_t deeds = 0;
  size_t refusals = 0;  // deeds that had to be refused, and were
  size_t claims = 0;
  size_t legs = 0;
  UnixMillis begins = 0;
  UnixMillis ends = 0;
};

class Player {
 public:
  Player(const Script& script, Stage& stage) : script_(script), stage_(stage) {}

  // Called before each line is played: the time there, and the line.
  void OnStep(std::function<void(const std::string& when, const std::string& text)> tell) {
    tell_ = std::move(tell);
  }

  // kInvalid: "sc5.txt:31: TEXT OF THE STEP: what is different". Other codes: the stage broke.
  Result<Tally> Play();

  // Whom the message or leg of that name went to; empty: it was not sent.
  std::vector<std::string> RecipientsOf(const std::string& name) const;

  // The final state of every leg as each of its sides has it: "A uppa.18.01 DITUTUP", sorted. Ids
  // and times are left out, so that two plays can be compared.
  Result<std::vector<std::string>> FinalStates();

 private:
  struct Sent {
    std::string from;
    std::vector<std::string> to;
    std::string message_id;
    std::string leg_id;  // "": it belongs to none
  };

  Result<void> PlayStep(const Step& step);
  Result<void> Do(const Deed& deed);
  Result<void> Send(const Deed& deed);
  Result<void> Act(const Deed& deed);
  Result<void> Erase(const Deed& deed);
  Result<void> Request(const Deed& deed, const std::string& path, Sent* sent);
  Result<void> CheckReply(const Deed& deed, const Reply& reply);
  Result<void> CheckFate(const Deed& deed, const std::string& message_id);

  // player_claims.cc
  Result<void> Check(const Claim& claim);
  Result<void> CheckOnce(const Claim& claim);
  Result<void> CheckState(const Claim& claim);
  Result<void> CheckCount(const Claim& claim);
  Result<void> CheckResponsible(const Claim& claim);
  Result<void> CheckEscalation(const Claim& claim);
  Result<void> CheckTold(const Claim& claim);
  Result<void> CheckSees(const Claim& claim);
  Result<void> CheckKnows(const Claim& claim);
  Result<void> CheckInbox(const Claim& claim);
  Result<void> CheckAnswers(const Claim& claim);
  Result<Json> LegAt(const std::string& who, const std::string& name, bool content);
  std::vector<std::string> Matching(const std::vector<std::string>& names) const;

  Meanings MeaningsNow() const;

  const Script& script_;
  Stage& stage_;
  UnixMillis now_ = 0;
  std::map<std::string, Sent> sent_;
  Tally tally_;
  std::function<void(const std::string&, const std::string&)> tell_ = [](const auto&, const auto&) {
  };
};

}  // namespace rujukan::scenarios
