// Goal: command line and TOML file mean the same, the command line wins, wrong usage ends with 2.
// Method: parse what a user would type.
#include "broker/app/config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "broker/app/log.h"
#include "broker/app/outward.h"

namespace rujukan::broker {
namespace {

Command Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "rujukan-broker");
  return ParseCommandLine(static_cast<int>(arguments.size()), arguments.data());
}

class ConfigTest : public testing::Test {
 protected:
  void SetUp() override {
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
  }
  void TearDown() override {
    ::testing::internal::GetCapturedStdout();
    ::testing::internal::GetCapturedStderr();
  }
  std::string directory_ = ::testing::TempDir();
};

TEST_F(ConfigTest, RunHasLoopbackDefaults) {
  const Command command = Parse({"run", "--identity", directory_.c_str(), "--data", "d"});
  const auto* run = std::get_if<RunConfig>(&command);
  ASSERT_NE(run, nullptr);
  EXPECT_EQ(run->listen, "tcp://127.0.0.1:7400");
  EXPECT_EQ(run->enrol, "tcp://127.0.0.1:7401");
  EXPECT_EQ(run->http, "127.0.0.1:7402");
  EXPECT_EQ(run->data, "d");
}

TEST_F(ConfigTest, TheGraceIsSevenDaysAtMostThirtyAndInSecondsToTryItOut) {
  const auto grace = [&](std::vector<const char*> more) {
    more.insert(more.begin(), {"run", "--identity", directory_.c_str(), "--data", "d"});
    const Command command = Parse(more);
    const auto* run = std::get_if<RunConfig>(&command);
    return run == nullptr ? -1 : run->content_grace_ms;
  };
  EXPECT_EQ(grace({}), limits::kContentGraceMsDefault);
  EXPECT_EQ(grace({"--content-grace-days", "30"}), limits::kContentGraceMsMax);
  EXPECT_EQ(grace({"--content-grace-days", "31"}), -1);
  EXPECT_EQ(grace({"--content-grace-seconds", "2"}), 2'000);
  EXPECT_EQ(grace({"--content-grace-seconds", "2592001"}), -1);
  EXPECT_EQ(grace({"--content-grace-seconds", "2", "--content-grace-days", "1"}), -1);
}

TEST_F(ConfigTest, ArchiveFilesHoldWholePowersOfTwo) {
  const auto parsed = [&](const char* entries) {
    const Command command = Parse({"archive",
                                   "--identity",
                                   directory_.c_str(),
                                   "--data",
                                   "d",
                                   "--to",
                                   "a",
                                   "--archive-file-entries",
                                   entries});
    return std::holds_alternative<ArchiveConfig>(command);
  };
  EXPECT_TRUE(parsed("65536"));
  EXPECT_FALSE(parsed("131072"));
  EXPECT_FALSE(parsed("300"));
}

TEST_F(ConfigTest, AFileSetsAndTheCommandLineWins) {
  const std::string path = directory_ + "/rujukan-broker-config-test.toml";
  std::ofstream(path) << "[run]\nidentity = \"" << directory_
                      << "\"\ndata = \"from-file\"\nhttp = \"127.0.0.1:9\"\n"
                         "http-host = [\"a.example\", \"b.example\"]\n";
  const Command command = Parse({"run", "--config", path.c_str(), "--data", "from-line"});
  std::filesystem::remove(path);
  const auto* run = std::get_if<RunConfig>(&command);
  ASSERT_NE(run, nullptr);
  EXPECT_EQ(run->data, "from-line");
  EXPECT_EQ(run->http, "127.0.0.1:9");
  EXPECT_EQ(run->http_hosts, (std::vector<std::string>{"a.example", "b.example"}));
}

TEST_F(ConfigTest, WitnessesAndTheAuthorityAreNamedInTheFileOrOnTheLine) {
  const std::string path = directory_ + "/rujukan-broker-witness-test.toml";
  std::ofstream(path) << "[run]\nidentity = \"" << directory_
                      << "\"\ndata = \"d\"\nwitness = [\"a+00+AA http://a\", \"b+00+AA unix:/b\"]\n"
                         "tsa = \"http://waktu\"\ntimestamp-every = 60\ncosign-every = 1\n";
  const Command command = Parse({"run", "--config", path.c_str()});
  std::filesystem::remove(path);
  const auto* run = std::get_if<RunConfig>(&command);
  ASSERT_NE(run, nullptr);
  EXPECT_EQ(run->witnesses, (std::vector<std::string>{"a+00+AA http://a", "b+00+AA unix:/b"}));
  EXPECT_EQ(run->tsa, "http://waktu");
  EXPECT_EQ(run->timestamp_every_s, 60);
  EXPECT_EQ(run->cosign_every_s, 1);
  const Command line = Parse({"run",
                              "--identity",
                              directory_.c_str(),
                              "--data",
                              "d",
                              "--witness",
                              "a+00+AA http://a",
                              "--witness",
                              "b+00+AA unix:/b"});
  ASSERT_NE(std::get_if<RunConfig>(&line), nullptr);
  EXPECT_EQ(std::get_if<RunConfig>(&line)->witnesses.size(), 2U);
}

TEST_F(ConfigTest, RoundsOfAskingAreAtLeastASecondApart) {
  const auto parse = [this](const char* option, const char* value) {
    return Parse({"run", "--identity", directory_.c_str(), "--data", "d", option, value});
  };
  EXPECT_EQ(std::get<ExitCode>(parse("--cosign-every", "0")), kExitUsage);
  EXPECT_TRUE(std::holds_alternative<RunConfig>(parse("--cosign-every", "1")));
  EXPECT_EQ(std::get<ExitCode>(parse("--timestamp-every", "0")), kExitUsage);
  EXPECT_EQ(std::get<ExitCode>(parse("--witnesses", "/nowhere")), kExitUsage);
}

TEST_F(ConfigTest, ABadWitnessOrAuthorityIsNamed) {
  RunConfig run;
  run.witnesses = {"not a witness"};
  EXPECT_EQ(Outward::Make(run).error().code, Errc::kInvalid);
  run.witnesses.clear();
  run.tsa = "waktu.test";
  EXPECT_NE(Outward::Make(run).error().context.find("waktu.test"), std::string::npos);
  run.tsa = "http://waktu.test";
  EXPECT_TRUE(Outward::Make(run));
  const std::string path = directory_ + "/rujukan-broker-tsa-test.pem";
  std::ofstream(path) << "no certificate\n";
  run.tsa_ca = path;
  EXPECT_EQ(Outward::Make(run).error().code, Errc::kInvalid);
  std::filesystem::remove(path);
}

TEST_F(ConfigTest, CheckTakesJson) {
  const Command command =
      Parse({"check", "--identity", directory_.c_str(), "--data", "d", "--json"});
  const auto* check = std::get_if<CheckConfig>(&command);
  ASSERT_NE(check, nullptr);
  EXPECT_TRUE(check->json);
}

TEST_F(ConfigTest, HelpEndsWellAndWrongUsageWithTwo) {
  EXPECT_EQ(std::get<ExitCode>(Parse({"--help"})), kExitOk);
  EXPECT_EQ(std::get<ExitCode>(Parse({"run", "--help"})), kExitOk);
  EXPECT_EQ(std::get<ExitCode>(Parse({})), kExitUsage);
  EXPECT_EQ(std::get<ExitCode>(Parse({"serve"})), kExitUsage);
  EXPECT_EQ(std::get<ExitCode>(Parse({"run", "--data", "d"})), kExitUsage);
  EXPECT_EQ(std::get<ExitCode>(Parse({"run", "--identity", "/nowhere", "--data", "d"})),
            kExitUsage);
}

TEST(Log, ALineIsOneJsonObjectWhateverIsInIt) {
  EXPECT_EQ(LogLine("t", "info", "say \"hi\"\nand go"),
            R"({"time":"t","level":"info","message":"say \"hi\"\nand go"})");
  EXPECT_EQ(LogLine("t", "info", "\xff").find('\xff'), std::string::npos);
}

}  // namespace
}  // namespace rujukan::broker
