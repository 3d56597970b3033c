#include "agents/audit/trail_acts.h"

#include <algorithm>

#include "agents/audit/subject.h"
#include "base/bytes.h"
#include "ledger/records.h"
#include "ledger/transition.h"
#include "rujukan/v1/act.pb.h"

namespace rujukan::audit {
namespace {

constexpr size_t kShortKeyDigits = 8;

std::string ShortKey(const std::string& key_id) {
  return ToHex(key_id).substr(0, kShortKeyDigits);
}

std::string StatusName(v1::AgencyStatus::Code status) {
  return v1::AgencyStatus::Code_Name(status);
}

std::string Upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  return text;
}

}  // namespace

ActName NameOfAct(const v1::Entry& entry) {
  if (!entry.has_act()) {
    return {entry.has_root_act()    ? "ROOT_ACT"
            : entry.has_enrolment() ? "ENROLMENT"
                                    : "GENESIS",
            ""};
  }
  v1::Act act;
  if (!act.ParseFromString(entry.act().act()) || act.act_case() == v1::Act::ACT_NOT_SET) {
    return {"ACT", ""};
  }
  const auto* field = v1::Act::descriptor()->FindFieldByNumber(static_cast<int>(act.act_case()));
  return {Upper(field->name()), act.actor()};
}

void ActWatch::LegStands(const std::string& leg, v1::LegState::Code state) {
  if (state == v1::LegState::TERKIRIM) {
    undelivered_.insert(leg);
  } else {
    undelivered_.erase(leg);
  }
}

Result<void> ActWatch::Look(const ledger::View& before) {
  records_.clear();
  held_.clear();
  for (const std::string& party : parties_) {
    ASSIGN_OR_RETURN(const auto record, ledger::ReadAgency(before, party));
    if (record) {
      records_[party] = *record;
    }
  }
  for (const std::string& leg : legs_) {
    ASSIGN_OR_RETURN(const auto hold, ledger::ReadHold(before, leg));
    if (hold) {
      held_.insert(leg);
    }
  }
  ASSIGN_OR_RETURN(const auto policy, ledger::ReadPolicyRecord(before));
  policy_version_ = policy ? policy->version() : 0;
  return {};
}

Result<std::vector<TrailEvent>> ActWatch::Compare(const v1::Entry& entry,
                                                  const ledger::View& after) {
  const ActName name = NameOfAct(entry);
  act_ = TrailEvent();
  act_.type = TrailClass::kDirectory;
  act_.kind = name.kind;
  act_.who = name.actor;
  act_.signer_key = ToHex(entry.act().signature().signer_key());
  events_.clear();
  failed_.clear();
  for (const std::string& party : parties_) {
    RETURN_IF_ERROR(CompareParty(party, after));
  }
  for (const std::string& leg : legs_) {
    RETURN_IF_ERROR(CompareHold(leg, after));
  }
  const std::set<std::string> waiting = undelivered_;
  for (const std::string& leg : waiting) {
    RETURN_IF_ERROR(CompareLeg(leg, after));
  }
  RETURN_IF_ERROR(ComparePolicy(after));
  return std::move(events_);
}

Result<void> ActWatch::CompareParty(const std::string& address, const ledger::View& after) {
  ASSIGN_OR_RETURN(const auto now, ledger::ReadAgency(after, address));
  const auto before = records_.find(address);
  if (!now) {
    return {};
  }
  if (before == records_.end()) {
    Say(address + ": admitted, key " + ShortKey(now->signing_key()));
    return {};
  }
  if (now->status() != before->second.status()) {
    const std::string note = now->status_note().empty() ? "" : ": " + now->status_note();
    Say(address + ": " + StatusName(before->second.status()) + " -> " + StatusName(now->status()) +
        note);
  }
  if (now->signing_key() != before->second.signing_key()) {
    Say(address + ": signing key " + ShortKey(before->second.signing_key()) + " -> " +
        ShortKey(now->signing_key()));
  }
  return {};
}

Result<void> ActWatch::CompareHold(const std::string& leg, const ledger::View& after) {
  ASSIGN_OR_RETURN(const auto hold, ledger::ReadHold(after, leg));
  if (hold && held_.count(leg) == 0) {
    Say("legal hold by " + hold->by() + ": " + hold->note(), leg);
  } else if (!hold && held_.count(leg) > 0) {
    Say("legal hold lifted", leg);
  }
  return {};
}

Result<void> ActWatch::CompareLeg(const std::string& leg, const ledger::View& after) {
  ASSIGN_OR_RETURN(const auto record, ledger::ReadLeg(after, leg));
  if (!record || record->state() == v1::LegState::TERKIRIM) {
    return {};
  }
  const std::string state(ledger::StateName(record->state()));
  Say("its mail came back undelivered", leg, state);
  failed_.push_back(leg);
  undelivered_.erase(leg);
  return {};
}

Result<void> ActWatch::ComparePolicy(const ledger::View& after) {
  ASSIGN_OR_RETURN(const auto policy, ledger::ReadPolicyRecord(after));
  if (policy && policy->version() != policy_version_) {
    Say("policy version " + std::to_string(policy->version()) + " in force, sha256 " +
        ToHex(policy->digest()));
  }
  return {};
}

void ActWatch::Say(std::string note, const std::string& leg, const std::string& state) {
  TrailEvent event = act_;
  event.note = std::move(note);
  event.leg_id = UuidOrNothing(leg);
  event.state = state;
  events_.push_back(std::move(event));
}

}  // namespace rujukan::audit
