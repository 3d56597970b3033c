// Goal: a command and a mail server get the notice and nothing else, and one that refuses, hangs or
// is not there is a failure in time. Method: scripts in a scratch folder, a mail server on
// loopback.
#include "agents/agency/notify_send.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "agents/agency/hook.h"
#include "certs/keyfile.h"
#include "tests/support/smtp_stub.h"
#include "tests/unit/agency/scratch.h"

namespace rujukan::agency {
namespace {

using testing::SmtpStub;
const auto kGoOn = [] { return false; };

class NotifySendTest : public ::testing::Test {
 protected:
  std::string Script(const std::string& body) {
    const std::string path = scratch_.file("script");
    std::ofstream(path) << "#!/bin/sh\n" << body << "\n";
    chmod(path.c_str(), 0700);
    return path;
  }
  std::string Read(const std::string& name) {
    std::ifstream file(scratch_.file(name));
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  static NotifySetting Command(const std::string& path) {
    NotifySetting setting;
    setting.command = path;
    return setting;
  }
  static NotifySetting Mail(const SmtpStub& stub) {
    NotifySetting setting;
    setting.server = stub.url();
    setting.from = "rujukan@kantor.example";
    setting.to = {"piket@kantor.example", "kabid@kantor.example"};
    return setting;
  }

  Scratch scratch_;
};

TEST_F(NotifySendTest, ACommandGetsTwoWordsAndNoEnvironment) {
  setenv("RUJUKAN_PASSPHRASE", "rahasia", 1);
  const auto path = Script("printf '%s|%s|%s|' \"$1\" \"$2\" \"$#\" >" + scratch_.file("heard") +
                           "; env >>" + scratch_.file("heard"));
  EXPECT_EQ(TellByCommand(Command(path), NotifyKind::kNewReferral, kGoOn), "");
  unsetenv("RUJUKAN_PASSPHRASE");
  const std::string heard = Read("heard");
  EXPECT_TRUE(heard.starts_with("rujukan_baru|" +
                                std::string(NotifyText(NotifyKind::kNewReferral)) + "|2|"))
      << heard;
  EXPECT_EQ(heard.find("rahasia"), std::string::npos);
}

TEST_F(NotifySendTest, ACommandThatFailsIsAFailure) {
  EXPECT_EQ(TellByCommand(Command(Script("exit 3")), NotifyKind::kAlert, kGoOn), "it ended with 3");
  EXPECT_NE(TellByCommand(Command("/no/such/command"), NotifyKind::kAlert, kGoOn), "");
}

TEST_F(NotifySendTest, ACommandThatHangsIsEndedByTheClockOrWithTheAgent) {
  const auto path = Script("exec sleep 600");
  EXPECT_EQ(TellByCommand(Command(path), NotifyKind::kAlert, kGoOn, /*timeout_ms=*/200),
            "it took too long and was ended");
  EXPECT_EQ(TellByCommand(Command(path), NotifyKind::kAlert, [] { return true; }),
            "it took too long and was ended");
}

TEST_F(NotifySendTest, RunHookTakesAnAbsolutePathOnly) {
  EXPECT_FALSE(RunHook({{"true"}, 1000}));
  EXPECT_FALSE(RunHook({{}, 1000}));
  EXPECT_EQ(RunHook({{"/bin/sh", "-c", "exit 7"}, 30'000}), 7);
}

TEST_F(NotifySendTest, AMailGoesToEveryRecipientAndNamesNone) {
  SmtpStub stub;
  EXPECT_EQ(TellByMail(Mail(stub), NotifyKind::kNewReferral, kGoOn), "");
  const auto mails = stub.Await(1);
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_EQ(mails[0].from, "rujukan@kantor.example");
  EXPECT_EQ(mails[0].to,
            (std::vector<std::string>{"piket@kantor.example", "kabid@kantor.example"}));
  EXPECT_NE(mails[0].text.find(NotifyText(NotifyKind::kNewReferral)), std::string::npos);
  EXPECT_EQ(mails[0].text.find("piket@"), std::string::npos);
}

TEST_F(NotifySendTest, AServerThatRefusesHangsOrIsNotThereIsAFailureInTime) {
  SmtpStub refusing(SmtpStub::Manner::kRefuses);
  EXPECT_NE(TellByMail(Mail(refusing), NotifyKind::kAlert, kGoOn), "");
  SmtpStub silent(SmtpStub::Manner::kSaysNothing);
  EXPECT_NE(TellByMail(Mail(silent), NotifyKind::kAlert, kGoOn, /*timeout_ms=*/200), "");
  auto gone = Mail(silent);
  gone.server = "smtp://127.0.0.1:1";
  EXPECT_NE(TellByMail(gone, NotifyKind::kAlert, kGoOn), "");
}

TEST_F(NotifySendTest, AMailThatMustBeEncryptedIsNotSentInClear) {
  SmtpStub stub;
  auto setting = Mail(stub);
  setting.starttls = true;
  EXPECT_NE(TellByMail(setting, NotifyKind::kAlert, kGoOn), "");
}

TEST_F(NotifySendTest, APasswordThatOthersCanReadIsNotUsed) {
  SmtpStub stub;
  auto setting = Mail(stub);
  setting.user = "rujukan";
  setting.password_file = scratch_.file("sandi");
  std::ofstream(setting.password_file) << "rahasia\n";
  chmod(setting.password_file.c_str(), 0644);
  const auto failure = TellByMail(setting, NotifyKind::kAlert, kGoOn);
  EXPECT_NE(failure.find("open to others"), std::string::npos);
  EXPECT_EQ(failure.find("rahasia"), std::string::npos);
}

nlohmann::json Example() {
  return nlohmann::json::parse(R"([{"perintah": "/usr/local/bin/beri-tahu"},
    {"surel": {"server": "smtp://127.0.0.1:25", "dari": "a@x.example", "kepada": ["b@x.example"],
               "pengguna": "a", "sandi": "/etc/sandi", "starttls": true}}])");
}

TEST(NotifySettings, AreReadAndWrittenAlike) {
  const auto settings = ReadNotifySettings(Example());
  ASSERT_TRUE(settings) << settings.error().context;
  EXPECT_EQ(nlohmann::json(NotifySettingsJson(*settings)), Example());
  const auto targets = NotifyTargetsOf(*settings);
  ASSERT_EQ(targets.size(), 2U);
  EXPECT_EQ(targets[0].name, "perintah");
  EXPECT_EQ(targets[1].name, "surel");
}

TEST(NotifySettings, WhatIsWrongIsNamed) {
  for (const char* wrong :
       {R"({})",
        R"([{}])",
        R"([{"perintah": "beri-tahu"}])",
        R"([{"perintah": 7}])",
        R"([{"perintah": "/a", "surel": {}}])",
        R"([{"surel": []}])",
        R"([{"surel": {"server": "http://x", "dari": "a@x", "kepada": ["b@x"]}}])",
        R"([{"surel": {"server": "smtp://x", "dari": "a", "kepada": ["b@x"]}}])",
        R"([{"surel": {"server": "smtp://x", "dari": "a@x", "kepada": []}}])",
        R"([{"surel": {"server": "smtp://x", "dari": "a@x>",
                                           "kepada": ["b@x"]}}])",
        R"([{"surel": {"server": "smtp://x", "dari": "a@x", "kepada": ["b@x"],
                                           "pengguna": "a"}}])"}) {
    const auto settings = ReadNotifySettings(nlohmann::json::parse(wrong));
    ASSERT_FALSE(settings) << wrong;
    EXPECT_NE(settings.error().context.find("pemberitahuan"), std::string::npos) << wrong;
  }
}

TEST(NotifySettings, SixteenTargetsAndNotOneMore) {
  auto list = nlohmann::json::array();
  for (size_t i = 0; i < limits::kNotifyTargetsMax; ++i) {
    list.push_back({{"perintah", "/a"}});
  }
  EXPECT_TRUE(ReadNotifySettings(list));
  list.push_back({{"perintah", "/a"}});
  EXPECT_EQ(ReadNotifySettings(list).error().code, Errc::kLimit);
}

}  // namespace
}  // namespace rujukan::agency
