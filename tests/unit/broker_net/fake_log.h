// A LogReader with one of everything.
#pragma once

#include <map>
#include <string>

#include "broker/core/port.h"

namespace rujukan::broker {

class FakeLog : public LogReader {
 public:
  Result<std::string> CheckpointNote() const override {
    if (!has_checkpoint) {
      return Fail(Errc::kNotFound, "no checkpoint yet");
    }
    return std::string("rujukan/lampung.example\n");
  }
  Result<std::string> CosignedNote() const override {
    if (!has_cosigned) {
      return Fail(Errc::kNotFound, "none yet");
    }
    return std::string("rujukan/lampung.example\n5\n");
  }
  Result<std::string> HashTile(uint32_t level, uint64_t number, uint32_t width) const override {
    if (broken) {
      return Fail(Errc::kFatal, "secret path /var/lib/rujukan cannot be read");
    }
    if (level != 0 || number != 273 || width != 112) {
      return Fail(Errc::kNotFound, "no such tile");
    }
    return std::string(width * 32, 'h');
  }
  Result<std::string> EntryBundle(uint64_t number, uint32_t width) const override {
    if (number != 0 || width != 256) {
      return Fail(Errc::kNotFound, "no such bundle");
    }
    return std::string("bundle");
  }
  Result<Reading> ReadingOf(const Digest& token_digest) const override {
    const auto found = readings.find(token_digest.str());
    return found == readings.end() ? Reading() : found->second;
  }
  Result<std::string> ScopedBundle(const Reading& reading,
                                   uint64_t number,
                                   uint32_t width) const override {
    ASSIGN_OR_RETURN(const std::string whole, EntryBundle(number, width));
    return CoversAll(reading, 0, width) ? whole : "scoped " + whole;
  }
  bool Ready() const override { return ready; }
  std::string MetricsText() const override { return "entries 1\n"; }

  std::map<std::string, Reading> readings;  // by the digest of their token
  bool has_checkpoint = true;
  bool has_cosigned = true;
  bool ready = true;
  bool broken = false;
};

}  // namespace rujukan::broker
