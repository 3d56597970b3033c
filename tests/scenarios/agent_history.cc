#include "tests/scenarios/agent_history.h"

#include <algorithm>

#include "ledger/records.h"

namespace rujukan::scenarios {
namespace {

constexpr const char* kActions[] = {
    "ack",      "accept", "decline",        "redirect", "contact", "handover",
    "progress", "pause",  "resume",         "fail",     "finish",  "close",
    "object",   "cancel", "recall",         "details",  "alert",   "risk",
    "ask",      "answer", "request-cancel", "schedule", "reopen",  "agree-cancel"};

constexpr const char* kReport = "LAPORAN_AWAL";
constexpr const char* kTypes[] = {"PELIMPAHAN_KASUS", "RUJUKAN_LAYANAN", kReport};
constexpr const char* kAnyOffice = "peran:lks@18.01";  // the silent agency is one

tl::unexpected<Error> Broken(const std::string& what) {
  return Fail(Errc::kInvalid, what);
}

Json JsonOf(const std::string& text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return json.is_discarded() ? Json::object() : json;
}

std::string TextOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

Field Of(const std::string& path, const Json& value) {
  return {0, path, value, false};
}

}  // namespace

AgentHistory::AgentHistory(const Script& script,
                           uint64_t seed,
                           std::string silent,
                           std::string accused)
    : script_(script),
      random_(seed),
      stage_(Weather{.seed = seed, .duplicates_per_mille = 100, .delay_ms_max = 50}),
      silent_(std::move(silent)),
      accused_(std::move(accused)) {}

Result<void> AgentHistory::Open() {
  now_ = Resolve(script_.begins, 0, script_.zone_minutes);
  return stage_.Open(script_, now_);
}

const std::string& AgentHistory::Anybody() {
  return script_.agencies[random_.Below(script_.agencies.size())].name;
}

Result<Json> AgentHistory::Get(const std::string& who, const std::string& path) {
  ASSIGN_OR_RETURN(const Reply reply, stage_.Call(who, "GET", path, ""));
  return JsonOf(reply.body);
}

Result<Reply> AgentHistory::Ask(const Deed& deed, const std::string& path) {
  Meanings meanings;
  meanings.now = now_;
  meanings.zone_minutes = script_.zone_minutes;
  meanings.name = [this](const std::string& name) -> std::optional<std::string> {
    return script_.FindAgency(name) == nullptr ? std::nullopt
                                               : std::optional(Stage::AddressOf(name));
  };
  ASSIGN_OR_RETURN(const Json body, BodyOf(script_, deed, meanings));
  ++figures_.requests;
  ASSIGN_OR_RETURN(Reply reply, stage_.Call(deed.who, "POST", path, body.dump()));
  RETURN_IF_ERROR(stage_.Settle());
  figures_.taken += reply.status < 300 ? 1U : 0U;
  return reply;
}

Result<void> AgentHistory::Refer() {
  Deed deed;
  deed.kind = Deed::Kind::kRefer;
  deed.verb = "RUJUKAN";
  deed.who = Anybody();
  deed.to = {random_.Chance(150) ? kAnyOffice : Anybody()};
  // An episode's id is known to its parties only.
  const bool knows = legs_.empty() || std::any_of(legs_.begin(), legs_.end(), [&](const Leg& one) {
                       return one.from == deed.who || one.to == deed.who;
                     });
  if (deed.who == deed.to[0] || deed.who == silent_ || !knows) {
    return {};
  }
  Leg leg{deed.who, deed.to[0], "", "", random_.Chance(300), false};
  // A word that nothing else has.
  leg.secret = "Rahasia" + std::to_string(random_.Next());
  deed.templates = {"kepentingan_terbaik", "anak"};
  if (leg.emergency) {
    deed.templates.insert(deed.templates.begin(), "darurat");
  }
  const char* const type = kTypes[random_.Below(std::size(kTypes))];
  deed.fields = {Of("t2.nama", leg.secret), Of("jenis_rujukan", type)};
  if (type == kReport) {
    deed.fields.push_back(Of("pelapor_saja", random_.Chance(700)));
  }
  if (!legs_.empty() && random_.Chance(200)) {
    deed.fields.push_back(Of("lanjutan_dari.id_rujukan", legs_[random_.Below(legs_.size())].id));
  }
  if (!IsRole(deed.to[0]) && random_.Chance(700)) {  // the policy allows few pairs by itself
    RETURN_IF_ERROR(stage_.Permit(deed.who, deed.to[0]));
  }
  ASSIGN_OR_RETURN(const Reply reply, Ask(deed, "/v1/messages"));
  if (reply.status < 300) {
    const std::string to = JsonOf(reply.body)["to"][0];
    leg.to = to.substr(0, to.find('@'));  // of a role: whom the agent found
    if (leg.to == silent_) {
      return Broken("I6: a referral to who must not be told was taken");
    }
    leg.id = TextOf(JsonOf(reply.body), "leg_id");
    legs_.push_back(std::move(leg));
    ++figures_.legs;
  }
  return {};
}

// Mostly one that the leg's state allows, and often one by which a child changes hands: else little
// would ever happen to it.
Result<std::string> AgentHistory::AnyAction(const std::string& who, const std::string& leg) {
  std::vector<std::string> verbs(std::begin(kActions), std::end(kActions));
  if (random_.Chance(800)) {
    ASSIGN_OR_RETURN(const Json seen, Get(who, "/v1/legs/" + leg + "?isi=0"));
    const std::string allowed = ", " + TextOf(seen, "actions") + ",";
    std::erase_if(verbs, [&](const std::string& verb) {
      return allowed.find(", " + verb + ",") == allowed.npos;
    });
    for (const char* moves : {"handover", "contact", "accept"}) {
      const bool may = std::find(verbs.begin(), verbs.end(), moves) != verbs.end();
      if (may && random_.Chance(500)) {
        return std::string(moves);
      }
    }
  }
  return verbs.empty() ? std::string("ack") : verbs[random_.Below(verbs.size())];
}

Result<void> AgentHistory::Act() {
  if (legs_.empty()) {
    return Refer();
  }
  Leg& leg = legs_[random_.Below(legs_.size())];
  Deed deed;
  deed.who = random_.Chance(500) ? leg.from : leg.to;
  ASSIGN_OR_RETURN(deed.verb, AnyAction(deed.who, leg.id));
  if (deed.verb == "redirect") {
    const std::string& target = random_.Chance(300) ? silent_ : Anybody();
    deed.fields.push_back(Of("tujuan", "{" + target + "}"));
  }
  ASSIGN_OR_RETURN(const Reply reply, Ask(deed, "/v1/legs/" + leg.id + "/" + deed.verb));
  if (reply.status < 300 && deed.verb == "accept") {
    leg.accepted = true;
  }
  if (reply.status < 300 && deed.verb == "redirect" &&
      deed.fields[0].value == "{" + silent_ + "}") {
    return Broken("I6: a redirect to who must not be told was taken");
  }
  return {};
}

Result<void> AgentHistory::Complain() {
  Deed deed;
  deed.kind = Deed::Kind::kSend;
  deed.verb = "KELUHAN_LAYANAN";
  deed.who = Anybody();
  deed.to = {Anybody()};
  if (deed.who == accused_ || deed.who == deed.to[0]) {
    return {};
  }
  deed.fields = {Of("lembaga", "{" + accused_ + "}"), Of("fakta", "keluhan"), Of("anonim", true)};
  ASSIGN_OR_RETURN(const Reply reply, Ask(deed, "/v1/messages"));
  if (reply.status < 300) {
    if (deed.to[0] == accused_) {
      return Broken("I7: a complaint was sent to whom it is about");
    }
    complaints_.push_back(TextOf(JsonOf(reply.body), "message_id"));
    ++figures_.complaints;
  }
  return {};
}

Result<void> AgentHistory::Step() {
  now_ += random_.Between(1, 180) * 60'000;
  RETURN_IF_ERROR(stage_.AdvanceTo(now_));
  const uint64_t what = random_.Below(100);
  RETURN_IF_ERROR(what < 20 ? Refer() : what < 30 ? Complain() : Act());
  RETURN_IF_ERROR(CheckStages());
  RETURN_IF_ERROR(CheckSilence());
  RETURN_IF_ERROR(CheckComplaints());
  RETURN_IF_ERROR(CheckReadings());
  return CheckResponsible();
}

// I4: nothing of the second stage is with the receiver before it has accepted, but in an emergency.
Result<void> AgentHistory::CheckStages() {
  for (const Leg& leg : legs_) {
    ASSIGN_OR_RETURN(const Json seen, Get(leg.to, "/v1/legs/" + leg.id));
    ++figures_.readings;
    const bool knows = seen.dump().find(leg.secret) != std::string::npos;
    figures_.known += knows ? 1U : 0U;
    if (knows && !leg.accepted && !leg.emergency) {
      return Broken("I4: " + leg.to + " has the second stage of a leg that it has not accepted");
    }
  }
  return {};
}

// I6: whoever must not be told is in no header, as recipient or as somebody to escalate to, and has
// no message.
Result<void> AgentHistory::CheckSilence() {
  const std::string address = Stage::AddressOf(silent_);
  const broker::MemoryStore& store = stage_.store();
  ASSIGN_OR_RETURN(const auto size, store.Size());
  ASSIGN_OR_RETURN(const auto entries, store.ReadEntries(0, size));
  for (const std::string& bytes : entries) {
    v1::Entry entry;
    v1::Header header;
    if (!entry.ParseFromString(bytes) || !entry.has_accepted() ||
        !header.ParseFromString(entry.accepted().header()) || header.leg_id().empty()) {
      continue;
    }
    const auto names = [&address](const auto& list) {
      return std::find(list.begin(), list.end(), address) != list.end();
    };
    if (names(header.to()) || names(header.escalate_to())) {
      return Broken("I6: a message names who must not be told");
    }
  }
  return {};
}

// I7: the agency complained about has nothing of a complaint.
Result<void> AgentHistory::CheckComplaints() {
  ASSIGN_OR_RETURN(const Json inbox, Get(accused_, "/v1/inbox?limit=200"));
  const std::string text = inbox.dump();
  for (const std::string& complaint : complaints_) {
    if (text.find(complaint) != std::string::npos) {
      return Broken("I7: the agency complained about has the complaint");
    }
  }
  return {};
}

// I8: a reading of content is in the trail before it is shown.
Result<void> AgentHistory::CheckReadings() {
  if (legs_.empty()) {
    return {};
  }
  const Leg& leg = legs_[random_.Below(legs_.size())];
  ASSIGN_OR_RETURN(const Json before, Get(leg.to, "/v1/status"));
  ASSIGN_OR_RETURN(const Json seen, Get(leg.to, "/v1/legs/" + leg.id));
  ASSIGN_OR_RETURN(const Json after, Get(leg.to, "/v1/status"));
  size_t contents = 0;
  for (const Json& message : seen.value("messages", Json::array())) {
    contents += message.value("isi", Json()).is_null() ? 0U : 1U;
  }
  ++figures_.readings;
  figures_.contents += contents;
  const auto logged = after.value("reads_logged", 0U) - before.value("reads_logged", 0U);
  if (logged < contents) {
    return Broken("I8: " + std::to_string(contents) + " contents were shown, " +
                  std::to_string(logged) + " readings logged");
  }
  return {};
}

// I1, I2: all legs are of one child's episode. Who began it is responsible; a leg handed over takes
// that from its sender and gives it to its receiver. Exactly one agency has it.
Result<void> AgentHistory::CheckResponsible() {
  std::map<std::string, int> claims;
  for (const Leg& leg : legs_) {
    claims.emplace(leg.from, &leg == &legs_.front() ? 1 : 0);
  }
  for (const Leg& leg : legs_) {
    ASSIGN_OR_RETURN(const auto bytes, ParseUuid(leg.id));
    ASSIGN_OR_RETURN(const auto record, ledger::ReadLeg(stage_.store(), bytes));
    if (record && record->receiver_responsible()) {
      --claims[leg.from];
      ++claims[leg.to];
    }
  }
  int holders = 0;
  for (const auto& [agency, count] : claims) {
    if (count != 0 && count != 1) {
      return Broken("I1: " + agency + " has " + std::to_string(count) + " claims");
    }
    holders += count;
  }
  return legs_.empty() || holders == 1 ? Result<void>()
                                       : Broken("I1: " + std::to_string(holders) + " responsible");
}

}  // namespace rujukan::scenarios
