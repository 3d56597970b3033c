#include "tests/scenarios/player.h"

#include <algorithm>

namespace rujukan::scenarios {
namespace {

// What a reply says, short enough for a report; fictional persons only, so it may be shown.
std::string Shown(const Reply& reply) {
  constexpr size_t kShownMax = 900;
  return std::to_string(reply.status) + " " + reply.body.substr(0, kShownMax);
}

Json JsonOf(const Reply& reply) {
  Json json = Json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
  return json.is_discarded() ? Json::object() : json;
}

std::string TextOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

Meanings Player::MeaningsNow() const {
  Meanings meanings;
  meanings.now = now_;
  meanings.zone_minutes = script_.zone_minutes;
  meanings.name = [this](const std::string& name) -> std::optional<std::string> {
    const auto sent = sent_.find(name);
    if (sent != sent_.end()) {
      return sent->second.leg_id.empty() ? sent->second.message_id : sent->second.leg_id;
    }
    // {A.pesan}: the message that opened leg A.
    constexpr std::string_view kMessage = ".pesan";
    if (name.ends_with(kMessage)) {
      const auto of = sent_.find(name.substr(0, name.size() - kMessage.size()));
      return of == sent_.end() ? std::nullopt : std::optional(of->second.message_id);
    }
    return script_.FindAgency(name) == nullptr ? std::nullopt
                                               : std::optional(Stage::AddressOf(name));
  };
  return meanings;
}

Result<Tally> Player::Play() {
  now_ = Resolve(script_.begins, 0, script_.zone_minutes);
  tally_.begins = now_;
  RETURN_IF_ERROR(stage_.Open(script_, now_));
  for (const Step& step : script_.steps) {
    const UnixMillis at = step.deed ? Resolve(step.when, now_, script_.zone_minutes) : now_;
    tell_(FormatTime(at, script_.zone_minutes).substr(0, 16), step.text);
    if (const auto played = PlayStep(step); !played) {
      return Fail(played.error().code,
                  script_.file + ":" + std::to_string(step.line) + ": " + step.text + "\n  " +
                      played.error().context);
    }
  }
  tally_.ends = now_;
  for (const auto& [name, sent] : sent_) {
    tally_.legs += sent.leg_id.empty() ? 0U : 1U;
  }
  return tally_;
}

Result<void> Player::PlayStep(const Step& step) {
  if (step.claim) {
    ++tally_.claims;
    return Check(*step.claim);
  }
  const UnixMillis at = Resolve(step.when, now_, script_.zone_minutes);
  if (at < now_) {
    return Fail(Errc::kInvalid, "waktu berjalan mundur / time runs backwards");
  }
  if (at > now_) {
    now_ = at;
    RETURN_IF_ERROR(stage_.AdvanceTo(at));
  }
  ++tally_.deeds;
  RETURN_IF_ERROR(Do(*step.deed));
  return stage_.Settle();
}

Result<void> Player::Do(const Deed& deed) {
  switch (deed.kind) {
    case Deed::Kind::kRefer:
    case Deed::Kind::kSend:
      return Send(deed);
    case Deed::Kind::kAct:
      return Act(deed);
    case Deed::Kind::kCall: {
      ASSIGN_OR_RETURN(const std::string path, FillText(deed.path, MeaningsNow()));
      return Request(deed, path, nullptr);
    }
    case Deed::Kind::kProfile:
      return Request(deed, "/v1/directory/" + Stage::AddressOf(deed.who), nullptr);
    case Deed::Kind::kCut:
    case Deed::Kind::kJoin:
      return stage_.SetOnline(deed.who, deed.kind == Deed::Kind::kJoin);
    case Deed::Kind::kSkew:
      return stage_.Skew(deed.who, deed.ms);
    case Deed::Kind::kRenewKeys:
      return stage_.RenewKeys(deed.who);
    case Deed::Kind::kRestart:
      return stage_.Restart(deed.who);
    case Deed::Kind::kSuspend:
    case Deed::Kind::kResume:
      return stage_.SetSuspended(deed.name, deed.kind == Deed::Kind::kSuspend);
    case Deed::Kind::kErase:
      return Erase(deed);
    case Deed::Kind::kPermit:
      return stage_.Permit(deed.name, deed.to.front());
    case Deed::Kind::kBroker:
      return stage_.SetBroker(deed.verb == "hidup");
  }
  return {};
}

Result<void> Player::Send(const Deed& deed) {
  Sent sent;
  sent.from = deed.who;
  RETURN_IF_ERROR(Request(deed, "/v1/messages", &sent));
  if (!sent.message_id.empty()) {
    sent_[deed.name] = std::move(sent);
  }
  return {};
}

Result<void> Player::Act(const Deed& deed) {
  const auto leg = sent_.find(deed.name);
  if (leg == sent_.end() || leg->second.leg_id.empty()) {
    return Fail(Errc::kInvalid, deed.name + " bukan rujukan yang terkirim / is no leg");
  }
  return Request(deed, "/v1/legs/" + leg->second.leg_id + "/" + deed.verb, nullptr);
}

// What it was asked to erase of this leg and has not decided yet.
Result<void> Player::Erase(const Deed& deed) {
  ASSIGN_OR_RETURN(const Reply reply, stage_.Call(deed.who, "GET", "/v1/erasures", ""));
  const std::string& leg = sent_.at(deed.name).leg_id;
  const Json list = JsonOf(reply).value("erasures", Json::array());
  for (const Json& erasure : list) {
    if (TextOf(erasure, "leg_id") == leg && TextOf(erasure, "state") == "ASKED") {
      const std::string path = "/v1/erasures/" + TextOf(erasure, "request") + "/" + deed.verb;
      return Request(deed, path, nullptr);
    }
  }
  return Fail(Errc::kInvalid, "tidak diminta menghapus / nothing to erase: " + Shown(reply));
}

Result<void> Player::Request(const Deed& deed, const std::string& path, Sent* sent) {
  ASSIGN_OR_RETURN(const Json body, BodyOf(script_, deed, MeaningsNow()));
  std::string method = deed.kind == Deed::Kind::kProfile ? "PUT" : "POST";
  method = deed.kind == Deed::Kind::kCall ? deed.verb : method;
  ASSIGN_OR_RETURN(const Reply reply, stage_.Call(deed.who, method, path, body.dump()));
  RETURN_IF_ERROR(CheckReply(deed, reply));
  if (reply.status >= 300) {
    return {};
  }
  const Json answer = JsonOf(reply);
  const std::string message_id = TextOf(answer, "message_id");
  if (sent != nullptr) {
    sent->message_id = message_id;
    sent->leg_id = TextOf(answer, "leg_id");
    sent->to.clear();
    for (const Json& to : answer.value("to", Json::array())) {
      const std::string address = to.get<std::string>();
      sent->to.push_back(address.substr(0, address.find('@')));
    }
  }
  if (message_id.empty()) {
    return {};
  }
  RETURN_IF_ERROR(stage_.Settle());
  return CheckFate(deed, message_id);
}

Result<void> Player::CheckReply(const Deed& deed, const Reply& reply) {
  const bool refused = reply.status >= 300;
  if (!deed.refused || deed.status == 0) {
    return refused ? Result<void>(Fail(Errc::kInvalid, "ditolak / refused: " + Shown(reply)))
                   : Result<void>();
  }
  if (reply.status != deed.status || reply.body.find(deed.because) == std::string::npos) {
    return Fail(Errc::kInvalid, "jawaban lain / another answer: " + Shown(reply));
  }
  ++tally_.refusals;
  return {};
}

// A message that was taken is accepted by the broker unless the scenario says otherwise.
Result<void> Player::CheckFate(const Deed& deed, const std::string& message_id) {
  ASSIGN_OR_RETURN(const Reply reply,
                   stage_.Call(deed.who, "GET", "/v1/messages/" + message_id + "?isi=0", ""));
  const Json message = JsonOf(reply);
  const bool refused = TextOf(message, "stage") == "REFUSED";
  if (refused != (deed.refused && deed.status == 0)) {
    return Fail(Errc::kInvalid,
                refused ? "broker menolak / the broker refused: " + TextOf(message, "reason")
                        : "broker tidak menolak / the broker did not refuse");
  }
  if (refused && TextOf(message, "reason").find(deed.because) == std::string::npos) {
    return Fail(Errc::kInvalid, "alasan lain / another reason: " + TextOf(message, "reason"));
  }
  tally_.refusals += refused ? 1U : 0U;
  return {};
}

std::vector<std::string> Player::RecipientsOf(const std::string& name) const {
  const auto sent = sent_.find(name);
  return sent == sent_.end() ? std::vector<std::string>() : sent->second.to;
}

Result<std::vector<std::string>> Player::FinalStates() {
  std::vector<std::string> states;
  for (const auto& [name, sent] : sent_) {
    if (sent.leg_id.empty()) {
      continue;
    }
    for (const std::string& who : {sent.from, sent.to.front()}) {
      ASSIGN_OR_RETURN(const Json leg, LegAt(who, name, /*content=*/false));
      states.push_back(name + " " + who + " " + TextOf(leg, "state"));
    }
  }
  return states;
}

}  // namespace rujukan::scenarios
