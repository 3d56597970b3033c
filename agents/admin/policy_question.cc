#include "agents/admin/policy_question.h"

#include <algorithm>

#include "ledger/party.h"
#include "ledger/policy_example.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

using ledger::Effect;
using ledger::Party;
using ledger::PolicyQuery;

constexpr char kPermit[] = "permit";

bool IsAddress(const std::string& text) {
  return text.find('@') != std::string::npos;
}

std::string NameOf(const std::string& text) {
  return text.substr(0, text.find('@'));
}

Result<v1::AgencyRecord> ReadMember(const ledger::View& directory, const std::string& address) {
  ASSIGN_OR_RETURN(auto agency, ledger::ReadAgency(directory, address));
  if (!agency || agency->role() != v1::Role::AGENCY) {
    return Fail(Errc::kNotFound,
                address + " is no agency of this domain: list them with rujukan-admin agencies");
  }
  return std::move(*agency);
}

Result<Party> MemberParty(const ledger::View& directory, const std::string& address) {
  ASSIGN_OR_RETURN(const v1::AgencyRecord agency, ReadMember(directory, address));
  Party party = ledger::PartyOf(agency);
  ASSIGN_OR_RETURN(const auto profile, ledger::ReadProfile(directory, address));
  if (profile) {
    ledger::AddCatchment(profile->profile(), party);
  }
  return party;
}

// What the directory says of members is not to be said otherwise on the command line.
Result<void> RequireOpenFacts(const Question& question) {
  for (const char* word :
       {"agreement", "agreement-expired", "catchment", "top-secret-with-clearance"}) {
    if (std::find(question.facts.begin(), question.facts.end(), word) != question.facts.end()) {
      return Fail(Errc::kInvalid,
                  std::string(word) +
                      " is in the directory of members: leave it out, or ask about names like "
                      "dinsos.18.71");
    }
  }
  return {};
}

// "secret" is a word of ours: the class SR, whoever may read it.
Result<PolicyQuery> ParseWords(const Question& question) {
  const std::string from = NameOf(question.from);
  const std::string to = NameOf(question.to);
  std::vector<std::string_view> words = {from, to, question.kind};
  bool secret = false;
  for (const std::string& fact : question.facts) {
    if (fact == "secret") {
      secret = true;
    } else {
      words.emplace_back(fact);
    }
  }
  ASSIGN_OR_RETURN(PolicyQuery query, ledger::ParseQuestion(words));
  if (secret) {
    query.classification = v1::Classification::SR;
  }
  return query;
}

Result<void> TakeMembers(const Question& question,
                         const ledger::View* directory,
                         UnixMillis now,
                         PolicyQuery& query) {
  for (const auto& [name, party] :
       {std::pair(&question.from, &query.from), std::pair(&question.to, &query.to)}) {
    if (!IsAddress(*name)) {
      continue;
    }
    if (directory == nullptr) {
      return Fail(
          Errc::kInvalid,
          *name + " can only be asked about with --home DIR; offline ask about " + NameOf(*name));
    }
    RETURN_IF_ERROR(RequireOpenFacts(question));
    const bool suspended = party->suspended;
    ASSIGN_OR_RETURN(*party, MemberParty(*directory, *name));
    party->suspended |= suspended;
    query.now = now;
  }
  return {};
}

// As the fold: what nobody decides a supervisor may have permitted.
Result<void> LookForPermit(const Question& question,
                           const ledger::View& directory,
                           UnixMillis now,
                           PolicyAnswer& answer) {
  ASSIGN_OR_RETURN(const auto permit, ledger::ReadPermit(directory, question.from, question.to));
  if (permit && permit->expires_at_ms() > now) {
    const std::string because =
        permit->by() + " permitted it" + (permit->note().empty() ? "" : ": " + permit->note());
    answer.decision = {Effect::kAllowed, kPermit, because};
    answer.steps.push_back({kPermit, ledger::Miss::kNone, because});
  }
  return {};
}

}  // namespace

Result<PolicyAnswer> AskPolicy(const ledger::Policy& policy,
                               const Question& question,
                               const ledger::View* directory,
                               UnixMillis now) {
  ASSIGN_OR_RETURN(PolicyQuery query, ParseWords(question));
  RETURN_IF_ERROR(TakeMembers(question, directory, now, query));
  PolicyAnswer answer{policy.Evaluate(query), policy.Explain(query)};
  if (answer.decision.effect == Effect::kNeedsSupervisor && directory != nullptr) {
    RETURN_IF_ERROR(LookForPermit(question, *directory, now, answer));
  }
  return answer;
}

}  // namespace rujukan::admin
