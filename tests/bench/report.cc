#include "tests/bench/report.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/check.h"

namespace rujukan::bench {
namespace {

std::string FirstField(const std::string& path, const std::string& key) {
  std::ifstream in(path);
  std::string line;
  while (std::getline(in, line)) {
    if (line.rfind(key, 0) == 0) {
      return line.substr(line.find_first_not_of(" \t", line.find(':') + 1));
    }
  }
  return "unknown";
}

std::string DescribeMachine() {
  utsname name{};
  CHECK(::uname(&name) == 0);
  return fmt::format("{}, {} cores, {} memory, Linux {}",
                     FirstField("/proc/cpuinfo", "model name"),
                     std::thread::hardware_concurrency(),
                     FirstField("/proc/meminfo", "MemTotal"),
                     name.release);
}

// Three figures that count, thousands kept readable.
std::string Figure(double value) {
  return value >= 100 ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}", value);
}

}  // namespace

Report::Report() : machine_(DescribeMachine()) {
  fmt::print("Machine: {}\n", machine_);
}

void Report::Section(const std::string& title) {
  section_ = title;
  fmt::print("\n{}\n", title);
  std::fflush(stdout);
}

void Report::Row(const std::string& name,
                 double value,
                 const std::string& unit,
                 const std::string& note) {
  lines_.push_back({section_, name, value, unit, note});
  fmt::print("  {:<58} {:>10} {:<10} {}\n", name, Figure(value), unit, note);
  std::fflush(stdout);
}

void Report::WriteJson(const std::string& path) const {
  nlohmann::json rows = nlohmann::json::array();
  for (const Line& line : lines_) {
    rows.push_back({{"section", line.section},
                    {"name", line.name},
                    {"value", line.value},
                    {"unit", line.unit},
                    {"note", line.note}});
  }
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream out(path);
  out << nlohmann::json{{"machine", machine_}, {"results", rows}}.dump(2) << "\n";
  CHECK(out.good());
}

}  // namespace rujukan::bench
