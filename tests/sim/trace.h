// What happened in a run, a line an event: its digest tells whether two runs were the same, its
// tail is printed with a failure. Lines hold nothing that differs between runs of one seed: no key,
// no signature, no address of memory.
#pragma once

#include <cstdint>
#include <cstdio>
#include <deque>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace rujukan::sim {

class Trace {
 public:
  explicit Trace(bool verbose) : verbose_(verbose) {}

  void Line(UnixMillis since_start, std::string_view text) {
    std::string line = "+" + std::to_string(since_start) + "ms " + std::string(text);
    for (const char c : line) {
      digest_ = (digest_ ^ static_cast<uint8_t>(c)) * 0x100000001B3ULL;  // FNV-1a
    }
    if (verbose_) {
      std::printf("%s\n", line.c_str());
    }
    tail_.push_back(std::move(line));
    if (tail_.size() > kTailLines) {
      tail_.pop_front();
    }
  }
  uint64_t digest() const { return digest_; }
  std::string Tail() const {
    std::string all;
    for (const std::string& line : tail_) {
      all += "  " + line + "\n";
    }
    return all;
  }

 private:
  static constexpr size_t kTailLines = 40;
  bool verbose_;
  uint64_t digest_ = 0xCBF29CE484222325ULL;
  std::deque<std::string> tail_;
};

// The last four bytes of an id, which are random: enough to follow it through a trace.
inline std::string Short(std::string_view id) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (const char c : id.substr(id.size() < 4 ? 0 : id.size() - 4)) {
    text += kHex[static_cast<uint8_t>(c) >> 4];
    text += kHex[static_cast<uint8_t>(c) & 15];
  }
  return text;
}

}  // namespace rujukan::sim
