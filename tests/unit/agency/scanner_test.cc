// Goal: the scanner gets the whole file, its exit code decides, and whatever it does, it holds
// nothing up for ever and leaves nothing behind. Method: small shell commands as scanners.
#include "agents/agency/scanner.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/unit/agency/scratch.h"

namespace rujukan::agency {
namespace {

FileBytes Parts(std::vector<std::string> parts) {
  auto next = std::make_shared<size_t>(0);
  return [parts = std::move(parts), next]() -> Result<std::string> {
    return *next < parts.size() ? parts[(*next)++] : std::string();
  };
}

ScannerSettings Shell(const std::string& script) {
  return {.command = {"sh", "-c", script}};
}

TEST(Scanner, TheExitCodeDecides) {
  const Scratch scratch;
  const auto verdict = [&](const std::string& script) {
    return Scan(Shell(script), Parts({"a", "b"}), scratch.path());
  };
  EXPECT_EQ(verdict("cat >/dev/null; exit 0").value(), ScanVerdict::kClean);
  EXPECT_EQ(verdict("cat >/dev/null; exit 1").value(), ScanVerdict::kObjects);
  EXPECT_EQ(verdict("exit 2").error().code, Errc::kUnavailable);
  EXPECT_EQ(verdict("kill -9 $$").error().code, Errc::kUnavailable);
}

TEST(Scanner, ItReadsTheWholeFileFromItsInput) {
  const Scratch scratch;
  const std::string out = scratch.file("seen");
  const auto verdict =
      Scan(Shell("cat > " + out), Parts({std::string(300'000, 'x'), "y"}), scratch.path());
  EXPECT_EQ(verdict.value(), ScanVerdict::kClean);
  EXPECT_EQ(std::filesystem::file_size(out), 300'001U);
}

TEST(Scanner, OneThatKnowsEnoughAfterTheFirstBytesIsBelieved) {
  const Scratch scratch;
  const auto verdict = Scan(Shell("exit 1"), Parts({std::string(5'000'000, 'x')}), scratch.path());
  EXPECT_EQ(verdict.value(), ScanVerdict::kObjects);
}

TEST(Scanner, ByFileItGetsAPrivateOneThatIsGoneAfterwards) {
  const Scratch scratch;
  const std::string out = scratch.file("seen");
  ScannerSettings settings;
  settings.command = {"sh", "-c", "stat -c %a \"$0\" > " + out + "; cat \"$0\" >> " + out, "{}"};
  settings.by_file = true;
  EXPECT_EQ(Scan(settings, Parts({"isi", " berkas"}), scratch.path()).value(), ScanVerdict::kClean);
  std::ifstream seen(out);
  EXPECT_EQ(std::string((std::istreambuf_iterator<char>(seen)), {}), "600\nisi berkas");
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path())) {
    files += entry.path() == out ? 0U : 1U;
  }
  EXPECT_EQ(files, 0U);
}

// A zombie is gone too: whoever reaps orphans is late.
bool IsGone(pid_t pid) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < until) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    const std::string text((std::istreambuf_iterator<char>(stat)), {});
    const size_t end = text.rfind(')');
    if (end == std::string::npos || text.substr(end + 2, 1) == "Z") {
      return true;
    }
    poll(nullptr, 0, 10);
  }
  return false;
}

TEST(Scanner, OneThatHangsIsKilledWithAllItStarted) {
  const Scratch scratch;
  const std::string pid_file = scratch.file("pid");
  ScannerSettings settings =
      Shell("sleep 600 & echo $! > " + pid_file + "; cat >/dev/null; sleep 600");
  settings.timeout_ms = 1'000;
  EXPECT_EQ(Scan(settings, Parts({"x"}), scratch.path()).error().code, Errc::kUnavailable);
  pid_t started = 0;
  std::ifstream(pid_file) >> started;
  ASSERT_GT(started, 0);
  EXPECT_TRUE(IsGone(started));
}

TEST(Scanner, OneThatNeverReadsIsNotWaitedForBeyondItsTime) {
  const Scratch scratch;
  ScannerSettings settings = Shell("sleep 600");
  settings.timeout_ms = 200;
  const auto verdict = Scan(settings, Parts({std::string(5'000'000, 'x')}), scratch.path());
  EXPECT_EQ(verdict.error().code, Errc::kUnavailable);
}

TEST(Scanner, AProgramThatIsNotThereIsToldAndNothingIsShown) {
  const Scratch scratch;
  ScannerSettings settings;
  settings.command = {"no-such-scanner-anywhere"};
  EXPECT_EQ(Scan(settings, Parts({"x"}), scratch.path()).error().code, Errc::kUnavailable);
}

TEST(Scanner, WhatAKilledAgentLeftIsRemoved) {
  const Scratch scratch;
  std::ofstream(scratch.file("pindai-abcdef")) << "isi";
  std::ofstream(scratch.file("agent.db")) << "x";
  ASSERT_TRUE(RemoveScanLeftovers(scratch.path()).has_value());
  EXPECT_FALSE(std::filesystem::exists(scratch.file("pindai-abcdef")));
  EXPECT_TRUE(std::filesystem::exists(scratch.file("agent.db")));
}

}  // namespace
}  // namespace rujukan::agency
