// The player's looks at what must be true.
#include <algorithm>

#include "tests/scenarios/player.h"

namespace rujukan::scenarios {
namespace {

tl::unexpected<Error> Not(const std::string& what) {
  return Fail(Errc::kInvalid, what);
}

std::string TextOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

// What is claimed may still be on its way; what is denied is looked at when all has come to rest.
Result<void> Player::Check(const Claim& claim) {
  for (int looks = 1;; ++looks) {
    const auto checked = CheckOnce(claim);
    if (checked || checked.error().code != Errc::kInvalid || claim.negated ||
        !stage_.LookAgain(looks)) {
      return checked;
    }
  }
}

Result<void> Player::CheckOnce(const Claim& claim) {
  switch (claim.kind) {
    case Claim::Kind::kState:
      return CheckState(claim);
    case Claim::Kind::kExactlyOne:
    case Claim::Kind::kCount:
      return CheckCount(claim);
    case Claim::Kind::kResponsible:
      return CheckResponsible(claim);
    case Claim::Kind::kEscalation:
      return CheckEscalation(claim);
    case Claim::Kind::kTold:
      return CheckTold(claim);
    case Claim::Kind::kSees:
      return CheckSees(claim);
    case Claim::Kind::kKnows:
      return CheckKnows(claim);
    case Claim::Kind::kInbox:
      return CheckInbox(claim);
    case Claim::Kind::kAnswers:
      return CheckAnswers(claim);
  }
  return {};
}

// "A*" stands for every name that begins so.
std::vector<std::string> Player::Matching(const std::vector<std::string>& names) const {
  std::vector<std::string> matching;
  for (const std::string& name : names) {
    const bool star = name.ends_with('*');
    const std::string begin = star ? name.substr(0, name.size() - 1) : name;
    for (const auto& [sent, what] : sent_) {
      if (star ? sent.starts_with(begin) : sent == name) {
        matching.push_back(sent);
      }
    }
  }
  return matching;
}

// kNotFound: the agency has no such leg.
Result<Json> Player::LegAt(const std::string& who, const std::string& name, bool content) {
  const auto sent = sent_.find(name);
  if (sent == sent_.end()) {
    return Fail(Errc::kNotFound, name + " belum dikirim / was not sent");
  }
  const std::string& leg = sent->second.leg_id;
  const std::string path =
      leg.empty() ? "/v1/messages/" + sent->second.message_id : "/v1/legs/" + leg;
  ASSIGN_OR_RETURN(const Reply reply,
                   stage_.Call(who, "GET", path + (content ? "" : "?isi=0"), ""));
  if (reply.status != 200) {
    return Fail(Errc::kNotFound, who + ": " + std::to_string(reply.status));
  }
  return Json::parse(reply.body);
}

Result<void> Player::CheckState(const Claim& claim) {
  const std::string& name = claim.names.front();
  const auto& sent = sent_.at(name);
  std::vector<std::string> sides = {sent.from, sent.to.front()};
  if (!claim.who.empty()) {
    sides = {claim.who};
  }
  for (const std::string& who : sides) {
    const auto leg = LegAt(who, name, /*content=*/false);
    const std::string state = leg ? TextOf(*leg, "state") : leg.error().context;
    if (state != claim.value) {
      return Not(name + " di " + who + ": " + state);
    }
  }
  return {};
}

// By the sender's knowledge: it is who asked.
Result<void> Player::CheckCount(const Claim& claim) {
  std::string seen;
  int count = 0;
  for (const std::string& name : Matching(claim.names)) {
    ASSIGN_OR_RETURN(const Json leg, LegAt(sent_.at(name).from, name, /*content=*/false));
    const std::string state = TextOf(leg, "state");
    count += state == claim.value ? 1 : 0;
    seen += " " + name + ":" + state;
  }
  return count == claim.number ? Result<void>() : Not(std::to_string(count) + ":" + seen);
}

Result<void> Player::CheckResponsible(const Claim& claim) {
  const std::string& name = claim.names.front();
  const auto& sent = sent_.at(name);
  for (const std::string& who : {sent.from, sent.to.front()}) {
    ASSIGN_OR_RETURN(const Json leg, LegAt(who, name, /*content=*/false));
    if (TextOf(leg, "tanggung_jawab") != (who == claim.value ? "KAMI" : "MEREKA")) {
      return Not(name + " di " + who + ": " + TextOf(leg, "tanggung_jawab"));
    }
  }
  return {};
}

Result<void> Player::CheckEscalation(const Claim& claim) {
  const std::string& name = claim.names.front();
  const auto& sent = sent_.at(name);
  for (const std::string& who : {sent.from, sent.to.front()}) {
    ASSIGN_OR_RETURN(const Json leg, LegAt(who, name, /*content=*/false));
    const Json level = leg.value("eskalasi", Json(-1));
    if (level != claim.number) {
      return Not(name + " di " + who + ": eskalasi " + level.dump());
    }
  }
  return {};
}

Result<void> Player::CheckTold(const Claim& claim) {
  const std::string& leg = sent_.at(claim.names.front()).leg_id;
  ASSIGN_OR_RETURN(const Reply reply, stage_.Call(claim.who, "GET", "/v1/notices", ""));
  const Json list = Json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
  bool told = false;
  for (const Json& notice : list.value("notices", Json::array())) {
    told = told || (TextOf(notice, "leg_id") == leg &&
                    (claim.value.empty() || TextOf(notice, "deadline") == claim.value));
  }
  return told != claim.negated ? Result<void>() : Not(claim.who + ": " + reply.body.substr(0, 900));
}

Result<void> Player::CheckSees(const Claim& claim) {
  const auto leg = LegAt(claim.who, claim.names.front(), /*content=*/true);
  const bool sees = leg && leg->dump().find(claim.value) != std::string::npos;
  if (sees != claim.negated) {
    return {};
  }
  return Not(claim.who + (sees ? " melihatnya / sees it" : " tidak melihatnya / does not see it"));
}

// Neither the leg nor a message of it, nor its id in anything that is listed.
Result<void> Player::CheckKnows(const Claim& claim) {
  const auto& sent = sent_.at(claim.names.front());
  for (const char* path : {"/v1/legs", "/v1/inbox?limit=200", "/v1/outbox?limit=200"}) {
    ASSIGN_OR_RETURN(const Reply reply, stage_.Call(claim.who, "GET", path, ""));
    const bool leg = !sent.leg_id.empty() && reply.body.find(sent.leg_id) != std::string::npos;
    if (leg || reply.body.find(sent.message_id) != std::string::npos) {
      return Not(claim.who + " tahu dari / knows by " + path);
    }
  }
  const auto known = LegAt(claim.who, claim.names.front(), /*content=*/false);
  return known ? Result<void>(Not(claim.who + " tahu / knows")) : Result<void>();
}

Result<void> Player::CheckInbox(const Claim& claim) {
  ASSIGN_OR_RETURN(const Reply reply, stage_.Call(claim.who, "GET", "/v1/inbox?limit=200", ""));
  const Json list = Json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
  const size_t count = list.value("messages", Json::array()).size();
  if (count != static_cast<size_t>(claim.number)) {
    return Not(claim.who + ": " + std::to_string(count) + " pesan / messages");
  }
  return {};
}

Result<void> Player::CheckAnswers(const Claim& claim) {
  ASSIGN_OR_RETURN(const std::string path, FillText(claim.path, MeaningsNow()));
  ASSIGN_OR_RETURN(const std::string text, FillText(claim.value, MeaningsNow()));
  ASSIGN_OR_RETURN(Reply reply, stage_.Call(claim.who, "GET", path, ""));
  std::erase(reply.body, '"');  // a scenario's texts have none
  const bool holds = reply.body.find(text) != std::string::npos;
  if (reply.status >= 300 || holds == claim.negated) {
    return Not(std::to_string(reply.status) + " " + reply.body.substr(0, 900));
  }
  return {};
}

}  // namespace rujukan::scenarios
