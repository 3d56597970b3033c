#include "tests/scenarios/real_stage.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>

#include "agents/agency/apiclient.h"
#include "agents/agency/json.h"
#include "base/check.h"
#include "base/test_clock.h"
#include "tests/harness/wait.h"
#include "tests/scenarios/record.h"

namespace rujukan::scenarios {
namespace {

constexpr std::chrono::milliseconds kDeliveryPatience{90'000};
constexpr int kLooksMax = 600;
constexpr int kLookAgainMs = 20;

// Which clock a program that starts now maps.
void UseClock(const std::string& path) {
  CHECK(::setenv(kTestClockVariable, path.c_str(), /*overwrite=*/1) == 0);
}

Json JsonOf(const std::string& text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return json.is_discarded() ? Json::object() : json;
}

std::string TextOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

MovedClock::MovedClock(const std::string& path) : path_(path) {
  testing::WriteWholeFile(path, std::string(sizeof(int64_t), '\0'));
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  CHECK(file >= 0);
  mapped_ = ::mmap(nullptr, sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  CHECK(mapped_ != MAP_FAILED);
  ::close(file);
}

MovedClock::~MovedClock() {
  ::munmap(mapped_, sizeof(int64_t));
}

void MovedClock::Set(int64_t offset_ms) {
  static_cast<std::atomic<int64_t>*>(mapped_)->store(offset_ms);
}

RealStage::RealStage() : broker_clock_(clocks_.path() + "/broker") {}

RealStage::~RealStage() {
  ears_.reset();
  deployment_.reset();
  CHECK(::unsetenv(kTestClockVariable) == 0);
}

void RealStage::StopAll() {
  for (const auto& [name, actor] : actors_) {
    deployment_->KillAgent(name);
  }
  deployment_->KillBroker();
}

Result<void> RealStage::Open(const Script& script, UnixMillis begins) {
  UseClock(broker_clock_.path());
  offset_ms_ = begins - SystemClock().Now() + TestClockOffset();
  SetClocks();
  deployment_ = std::make_unique<testing::Deployment>();
  std::vector<testing::Deployment::Guest> guests;
  for (const Agency& agency : script.agencies) {
    guests.push_back({agency.name, RegionOf(agency.name), "", ""});
  }
  deployment_->JoinAll(guests);
  ears_ = std::make_unique<OutsideEars>(deployment_->path(""));
  for (const Agency& agency : script.agencies) {
    Actor& actor = actors_[agency.name];
    actor.clock = std::make_unique<MovedClock>(clocks_.path() + "/" + agency.name);
    actor.link = std::make_unique<testing::CuttableLink>(deployment_->main_port());
    RETURN_IF_ERROR(Configure(agency.name, actor.link->port()));
  }
  SetClocks();
  for (const Agency& agency : script.agencies) {
    StartAgent(agency.name);
    RETURN_IF_ERROR(AskForWebhook(agency.name));
  }
  RETURN_IF_ERROR(Describe(script));
  return Settle();
}

Result<void> RealStage::AskForWebhook(const std::string& name) {
  const Json body = {{"url", ears_->WebhookFor(name)}};
  ASSIGN_OR_RETURN(const Reply reply, Call(name, "POST", "/v1/webhooks", body.dump()));
  return reply.status == 201 ? Result<void>() : Fail(Errc::kInvalid, name + ": " + reply.body);
}

// The agent calls its broker over a link that can be cut, and tells people of its news.
Result<void> RealStage::Configure(const std::string& name, int port) {
  const std::string path = deployment_->home(name) + "/config.json";
  Json config = JsonOf(testing::ReadWholeFile(path));
  config["pemberitahuan"] = ears_->Notices();
  const std::string before = deployment_->endpoint();
  const std::string after = "tcp://127.0.0.1:" + std::to_string(port);
  std::string text = config.dump(2);
  const size_t at = text.find("\"" + before + "\"");
  if (at == std::string::npos) {
    return Fail(Errc::kNotFound, "no broker's endpoint in " + path);
  }
  text.replace(at + 1, before.size(), after);
  testing::WriteWholeFile(path, text);
  return {};
}

void RealStage::StartAgent(const std::string& name) {
  UseClock(actors_.at(name).clock->path());
  deployment_->StartAgent(name);
  UseClock(broker_clock_.path());
}

Result<void> RealStage::Describe(const Script& script) {
  for (const Agency& agency : script.agencies) {
    ASSIGN_OR_RETURN(const Record record, RecordOf(script, agency, 0));
    const v1::AgencyStanding& standing = record.standing;
    std::vector<std::string> args = {"standing", AddressOf(agency.name)};
    const auto add = [&args](const char* flag, const std::string& value) {
      if (!value.empty()) {
        args.insert(args.end(), {flag, value});
      }
    };
    add("--supervisor", standing.pengawas());
    add("--parent", standing.induk());
    add("--top-secret", standing.izin_sangat_rahasia() ? "yes" : "");
    add("--office-type",
        standing.tipe_dinas() == 0 ? "" : v1::OfficeType::Code_Name(standing.tipe_dinas()));
    if (args.size() > 2) {
      RETURN_IF_ERROR(Admin(std::move(args)));
    }
    if (record.profile.ByteSizeLong() > 0) {
      const Json body = {{"profile", Json::parse(agency::FromMessage(record.profile).dump())}};
      ASSIGN_OR_RETURN(
          const Reply reply,
          Call(agency.name, "PUT", "/v1/directory/" + AddressOf(agency.name), body.dump()));
      if (reply.status >= 300) {
        return Fail(Errc::kInvalid, agency.name + ": " + reply.body);
      }
    }
  }
  return {};
}

Result<void> RealStage::Admin(std::vector<std::string> args) {
  const std::string what = args[0];
  const testing::Output output = deployment_->Admin(std::move(args));
  if (output.exit_code != 0) {
    return Fail(Errc::kUnavailable, "rujukan-admin " + what + ": " + output.out + output.err);
  }
  return {};
}

Result<RealStage::Actor*> RealStage::Find(const std::string& who) {
  const auto found = actors_.find(who);
  if (found == actors_.end()) {
    return Fail(Errc::kInvalid, "no agency " + who);
  }
  return &found->second;
}

void RealStage::SetClocks() {
  broker_clock_.Set(offset_ms_);
  for (auto& [name, actor] : actors_) {
    actor.clock->Set(offset_ms_ + actor.skew_ms);
  }
}

Result<void> RealStage::AdvanceTo(UnixMillis time) {
  RETURN_IF_ERROR(Settle());
  // This process maps the broker's clock as well, when it looked at it first.
  const UnixMillis real_now = SystemClock().Now() - TestClockOffset();
  if (time - real_now > offset_ms_) {
    offset_ms_ = time - real_now;
    SetClocks();
  }
  return {};
}

// Connected, and nothing left to send.
bool RealStage::IsQuiet(const std::string& name) {
  const auto reply = Call(name, "GET", "/v1/status", "");
  const Json status = reply ? JsonOf(reply->body) : Json::object();
  return TextOf(status, "link") == "LIVE" && status.value("queued", -1) == 0;
}

// What was sent to who is there has arrived; what was sent to others waits for them.
RealStage::Arrival RealStage::AwaitDelivery(const std::string& who, const std::string& message_id) {
  const std::string path = "/v1/messages/" + message_id + "?isi=0";
  Json message;
  bool everywhere = false;
  const auto arrived = [&] {
    const auto reply = Call(who, "GET", path, "");
    message = reply ? JsonOf(reply->body) : Json::object();
    if (TextOf(message, "stage") == "REFUSED") {
      everywhere = true;
      return true;
    }
    size_t expected = 0;
    for (const Json& to : message.value("to", Json::array())) {
      const std::string address = to.get<std::string>();
      const auto actor = actors_.find(address.substr(0, address.find('@')));
      const bool there = actor != actors_.end() && actor->second.online && !actor->second.suspended;
      expected += there ? 1U : 0U;
    }
    const size_t receipts = message.value("delivery_receipts", Json::array()).size();
    everywhere = receipts >= message.value("to", Json::array()).size();
    return TextOf(message, "stage") == "ACCEPTED" && receipts >= expected;
  };
  if (!testing::Eventually(arrived, kDeliveryPatience)) {
    return Arrival::kNot;
  }
  return everywhere ? Arrival::kEverywhere : Arrival::kWhereSomebodyIs;
}

Result<void> RealStage::Settle() {
  if (!broker_runs_) {
    return {};
  }
  std::vector<std::pair<std::string, std::string>> later;
  for (const auto& [who, message_id] : std::exchange(sent_, {})) {
    const Actor& actor = actors_.at(who);
    const bool there = actor.online && !actor.suspended;
    const Arrival arrival = there ? AwaitDelivery(who, message_id) : Arrival::kWhereSomebodyIs;
    if (arrival == Arrival::kNot) {
      return Fail(Errc::kUnavailable, "a message of " + who + " does not arrive");
    }
    if (arrival == Arrival::kWhereSomebodyIs) {
      later.emplace_back(who, message_id);
    }
  }
  for (auto& sent : later) {
    sent_.push_back(std::move(sent));
  }
  for (const auto& [name, actor] : actors_) {
    if (!actor.online || actor.suspended) {
      continue;
    }
    const std::string& who = name;
    if (!testing::Eventually([&] { return IsQuiet(who); }, kDeliveryPatience)) {
      return Fail(Errc::kUnavailable, name + " does not come to rest");
    }
  }
  return {};
}

bool RealStage::LookAgain(int looks) {
  ::poll(nullptr, 0, kLookAgainMs);
  return looks < kLooksMax;
}

Result<Reply> RealStage::Call(const std::string& who,
                              const std::string& method,
                              const std::string& path,
                              const std::string& body) {
  ASSIGN_OR_RETURN([[maybe_unused]] Actor * actor, Find(who));
  ASSIGN_OR_RETURN(const agency::ApiReply reply,
                   agency::CallApi(deployment_->home(who) + "/agent.sock", {method, path, body}));
  const std::string message_id = TextOf(JsonOf(reply.body), "message_id");
  if (method == "POST" && reply.status < 300 && !message_id.empty()) {
    sent_.emplace_back(who, message_id);
  }
  return Reply{reply.status, reply.body};
}

Result<void> RealStage::SetOnline(const std::string& who, bool online) {
  ASSIGN_OR_RETURN(Actor * actor, Find(who));
  actor->online = online;
  online ? actor->link->Join() : actor->link->Cut();
  return {};
}

Result<void> RealStage::Skew(const std::string& who, int64_t ms) {
  ASSIGN_OR_RETURN(Actor * actor, Find(who));
  actor->skew_ms = ms;
  SetClocks();
  return {};
}

Result<void> RealStage::RenewKeys(const std::string& who) {
  ASSIGN_OR_RETURN(const Reply before, Call(who, "GET", "/v1/keys", ""));
  ASSIGN_OR_RETURN(const Reply asked, Call(who, "POST", "/v1/keys/rotate", ""));
  if (asked.status >= 300) {
    return Fail(Errc::kUnavailable, asked.body);
  }
  std::string seen;
  const auto changed = [&] {
    const testing::Output approved = deployment_->Admin({"approve", "--all"});
    const auto now = Call(who, "GET", "/v1/keys", "");
    seen = approved.out + approved.err + (now ? now->body : "");
    return now && JsonOf(now->body)["certificates"] != JsonOf(before.body)["certificates"] &&
           TextOf(JsonOf(now->body).value("rotation", Json::object()), "state") == "NONE";
  };
  return testing::Eventually(changed, kDeliveryPatience)
             ? Result<void>()
             : Fail(Errc::kUnavailable, who + " has no new keys: " + seen);
}

Result<void> RealStage::Restart(const std::string& who) {
  deployment_->KillAgent(who);
  StartAgent(who);
  return {};
}

Result<void> RealStage::SetSuspended(const std::string& who, bool suspended) {
  ASSIGN_OR_RETURN(Actor * actor, Find(who));
  std::vector<std::string> act = {
      suspended ? "suspend" : "resume", AddressOf(who), "--note", "CONTOH"};
  if (suspended) {
    act.emplace_back("--hold");
  }
  RETURN_IF_ERROR(Admin(std::move(act)));
  actor->suspended = suspended;
  return LookAtDirectory();
}

Result<void> RealStage::Permit(const std::string& from, const std::string& to) {
  RETURN_IF_ERROR(
      Admin({"permit", AddressOf(from), AddressOf(to), "--for", "1d", "--note", "CONTOH"}));
  return LookAtDirectory();
}

// What an agent does every half minute it does at once for an address that it does not know.
Result<void> RealStage::LookAtDirectory() {
  const Json body = {
      {"kepada", AddressOf("dinsos.99")},
      {"isi",
       {{"petugas", {{"peran", "petugas"}, {"nama", "CONTOH"}, {"telepon", "+62-000-555-0101"}}},
        {"keluhan_layanan", {{"lembaga", AddressOf("dinsos.99")}, {"fakta", "CONTOH"}}}}}};
  for (const auto& [name, actor] : actors_) {
    if (!actor.online || actor.suspended) {
      continue;
    }
    ASSIGN_OR_RETURN(const Reply reply, Call(name, "POST", "/v1/messages?check=1", body.dump()));
    if (reply.status != 422 || reply.body.find("direktori") == std::string::npos) {
      return Fail(Errc::kInvalid, name + " did not look: " + reply.body);
    }
  }
  return {};
}

Result<void> RealStage::SetBroker(bool running) {
  if (running) {
    deployment_->StartBroker({"--accept-clock"});
  } else {
    deployment_->KillBroker();
  }
  broker_runs_ = running;
  return {};
}

}  // namespace rujukan::scenarios
