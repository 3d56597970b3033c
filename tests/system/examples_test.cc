// Goal: what a developer copies from examples/ works: a referral is sent, received by webhook,
// accepted, finished and closed in each language, and a webhook that nobody signed is refused.
// Method: a real broker and two real agents with their API on loopback; at both the same example
// receives webhooks; the test only looks, and forges.
#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "agents/agency/webhook_delivery.h"
#include "tests/harness/deployment.h"
#include "tests/harness/wait.h"

namespace rujukan::testing {
namespace {

using nlohmann::json;

struct Language {
  const char* name;
  std::vector<std::string> run;    // `run send FILE`
  std::vector<std::string> serve;  // `serve`, then how the port is given
  bool serves_address = false;     // 127.0.0.1:PORT FILE, as php -S
};

std::string Example(const std::string& file) {
  return std::string(RUJUKAN_SOURCE_DIR) + "/examples/" + file;
}

std::vector<Language> Languages() {
  const std::string php = Example("php/rujukan.php");
  const std::string python = Example("python/rujukan.py");
  const std::string javascript = Example("javascript/rujukan.js");
  const std::string sh = Example("sh/rujukan.sh");
  return {{"python", {"python3", python}, {"python3", python, "serve"}},
          {"javascript", {"node", javascript}, {"node", javascript, "serve"}},
          {"php", {"php", php}, {"php", "-S"}, true},
          {"sh", {"sh", sh}, {"sh", sh, "serve"}}};
}

std::string PathOf(const std::string& program) {
  for (const char* folder : {"/usr/bin/", "/usr/local/bin/", "/bin/"}) {
    if (access((folder + program).c_str(), X_OK) == 0) {
      return folder + program;
    }
  }
  return "";
}

// An agency whose system is an example: its agent with a loopback API, the example's receiver.
class Office {
 public:
  Office(Deployment& deployment, std::string name)
      : deployment_(deployment), name_(std::move(name)) {
    deployment_.Join(name_);
    const std::string api = "127.0.0.1:" + std::to_string(port_);
    agent_ = std::make_unique<Process>(
        std::vector<std::string>{
            Program("rujukan-agent"), "run", "--home", deployment_.home(name_), "--api", api},
        deployment_.path(name_ + ".log"));
    EXPECT_TRUE(Eventually([&] {
      return deployment_.Agent(name_, {"status", "--json"}).exit_code == 0;
    })) << ReadWholeFile(deployment_.path(name_ + ".log"));
  }

  // A command in the example's environment.
  std::vector<std::string> InEnvironment(std::vector<std::string> command) const {
    std::vector<std::string> all = {"/usr/bin/env",
                                    "RUJUKAN_API=" + Api(),
                                    "RUJUKAN_TOKEN_FILE=" + deployment_.home(name_) + "/api.token",
                                    "RUJUKAN_SECRET_FILE=" + secret_file()};
    command[0] = PathOf(command[0]);
    all.insert(all.end(), command.begin(), command.end());
    return all;
  }
  Output Run(const Language& language, const std::vector<std::string>& arguments) const {
    auto command = language.run;
    command.insert(command.end(), arguments.begin(), arguments.end());
    return rujukan::testing::Run(InEnvironment(command));
  }

  void Serve(const Language& language) {
    hook_port_ = FreePort();
    auto command = language.serve;
    if (language.serves_address) {
      command.push_back("127.0.0.1:" + std::to_string(hook_port_));
      command.push_back(language.run[1]);
    } else {
      command.push_back(std::to_string(hook_port_));
    }
    log_ = deployment_.path(name_ + "." + language.name + ".log");
    receiver_ = std::make_unique<Process>(InEnvironment(command), log_);
    // It listens when it answers anything at all, as it must to somebody unknown.
    EXPECT_TRUE(Eventually([&] { return Post({}, "{}") == "401"; })) << ReadWholeFile(log_);
    const Output registered = Run(language, {"register", HookUrl()});
    EXPECT_EQ(registered.exit_code, 0) << registered.out << registered.err;
  }
  // Its webhooks end with its receiver.
  void Close(const Language& language) {
    const json hooks = json::parse(Curl({Api() + "/v1/webhooks"}));
    for (const auto& hook : hooks["webhooks"]) {
      Curl({"-X", "DELETE", Api() + "/v1/webhooks/" + hook["id"].get<std::string>()});
    }
    EXPECT_TRUE(receiver_->Running()) << language.name << ReadWholeFile(log_);
    receiver_.reset();
  }

  // What the example's receiver answers to a webhook of ours.
  std::string Post(const std::vector<std::string>& headers, const std::string& body) const {
    std::vector<std::string> command = {PathOf("curl"),
                                        "-s",
                                        "-o",
                                        "/dev/null",
                                        "-w",
                                        "%{http_code}",
                                        "--max-time",
                                        "10",
                                        "--data-binary",
                                        body};
    for (const auto& header : headers) {
      command.insert(command.end(), {"-H", header});
    }
    command.push_back(HookUrl());
    return rujukan::testing::Run(command).out;
  }

  // Headers of a webhook as the agent signs it at `seconds`.
  std::vector<std::string> Signed(int64_t seconds, const std::string& body) const {
    const std::string secret = ReadWholeFile(secret_file());
    const auto headers =
        agency::WebhookHeaders(secret.substr(0, secret.find('\n')), "uji-1", seconds * 1000, body);
    EXPECT_TRUE(headers.has_value());
    return headers.value_or(std::vector<std::string>());
  }

  std::string StateOf(const std::string& leg) const {
    const auto state = json::parse(Curl({Api() + "/v1/legs/" + leg + "?isi=0"}), nullptr, false);
    return state.is_object() ? state.value("state", "") : "";
  }
  std::string log() const {
    return ReadWholeFile(log_) + ReadWholeFile(deployment_.path(name_ + ".log"));
  }

 private:
  std::string Api() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::string HookUrl() const { return "http://127.0.0.1:" + std::to_string(hook_port_) + "/"; }
  std::string secret_file() const { return deployment_.home(name_) + "/webhook.secret"; }
  std::string Curl(std::vector<std::string> arguments) const {
    const std::string token = ReadWholeFile(deployment_.home(name_) + "/api.token");
    std::vector<std::string> command = {PathOf("curl"), "-sS", "-K", "-"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return rujukan::testing::Run(
               command,
               "header = \"Authorization: Bearer " + token.substr(0, token.find('\n')) + "\"\n")
        .out;
  }

  Deployment& deployment_;
  const std::string name_;
  const int port_ = FreePort();
  int hook_port_ = 0;
  std::string log_;
  std::unique_ptr<Process> agent_;
  std::unique_ptr<Process> receiver_;
};

class Examples : public ::testing::Test {
 protected:
  // The example referral to this domain's receiver, each language with a child of its own.
  std::string Referral(const Language& language) {
    json referral = json::parse(ReadWholeFile(Example("rujukan.json")));
    referral["kepada"] = Deployment::Address("dinsos.18");
    referral["isi"]["rujukan"]["t1"]["ref_anak"] = std::string("LS-") + language.name;
    const std::string path = deployment.path(std::string(language.name) + ".json");
    WriteWholeFile(path, referral.dump());
    return path;
  }

  void ExpectForgeriesRefused(const Office& office) {
    const std::string now = std::to_string(time(nullptr));
    const std::string signature = "webhook-signature: v1," + std::string(43, 'A') + "=";
    EXPECT_EQ(office.Post({"webhook-id: x", "webhook-timestamp: " + now, signature}, "{}"), "401");
    EXPECT_EQ(office.Post({"webhook-id: x", "webhook-timestamp: 1", signature}, "{}"), "401");
    EXPECT_EQ(office.Post({"webhook-id: x", "webhook-timestamp: " + now}, "{}"), "401");
    // A true signature counts for its own body and its own time only.
    const std::string body = R"({"type":"webhook.test","data":{}})";
    constexpr int64_t kTolerance = 300;
    EXPECT_EQ(office.Post(office.Signed(time(nullptr), body), body)[0], '2');
    EXPECT_EQ(office.Post(office.Signed(time(nullptr), body), body + " "), "401");
    EXPECT_EQ(office.Post(office.Signed(time(nullptr) - kTolerance - 60, body), body), "401");
  }

  Deployment deployment;
};

TEST_F(Examples, EachLanguageSendsReceivesAcceptsAndCloses) {
  Office sender(deployment, "uppa.18.01");
  Office receiver(deployment, "dinsos.18");
  for (const Language& language : Languages()) {
    SCOPED_TRACE(language.name);
    ASSERT_NE(PathOf(language.run[0]), "") << "not installed: packages.txt";
    sender.Serve(language);
    receiver.Serve(language);
    ExpectForgeriesRefused(receiver);
    const std::string file = Referral(language);
    const Output sent = sender.Run(language, {"send", file});
    ASSERT_EQ(sent.exit_code, 0) << sent.out << sent.err;
    const std::string leg = sent.out.substr(0, sent.out.find('\n'));
    EXPECT_EQ(sender.Run(language, {"send", file}).out, sent.out) << "sent once";
    EXPECT_TRUE(Eventually([&] { return sender.StateOf(leg) == "DITUTUP"; }))
        << sender.StateOf(leg) << "\n"
        << receiver.log() << sender.log();
    EXPECT_TRUE(Eventually([&] { return receiver.StateOf(leg) == "DITUTUP"; }));
    sender.Close(language);
    receiver.Close(language);
  }
}

}  // namespace
}  // namespace rujukan::testing
