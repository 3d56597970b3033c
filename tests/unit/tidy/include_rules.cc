#include "tests/unit/tidy/include_rules.h"

#include <algorithm>
#include <array>
#include <string>

namespace rujukan::tidy {
namespace {

using Names = std::vector<std::string_view>;

struct Room {
  std::string_view folder;
  Names may_include;  // besides itself
};

// Longest folder first where one lies in another.
const std::vector<Room>& Rooms() {
  static const std::vector<Room> kRooms = {
      {"base/", {}},
      {"certs/", {"base/", "rujukan/v1/"}},
      {"ledger/", {"base/", "rujukan/v1/", "certs/"}},
      {"broker/core/", {"base/", "rujukan/v1/", "certs/", "ledger/"}},
      {"broker/store/", {"base/", "rujukan/v1/", "certs/", "ledger/", "broker/core/"}},
      {"broker/engine/", {"base/", "rujukan/v1/", "certs/", "ledger/", "broker/core/"}},
      {"broker/net/", {"base/", "rujukan/v1/", "certs/", "ledger/", "broker/core/"}},
      {"broker/outward/",
       {"base/", "rujukan/v1/", "certs/", "ledger/", "broker/core/", "broker/engine/"}},
      {"broker/app/", {"base/", "rujukan/v1/", "certs/", "ledger/", "broker/"}},
      {"broker/", {"base/", "rujukan/v1/", "certs/", "ledger/"}},
      {"agents/link/", {"base/", "rujukan/v1/", "certs/", "ledger/"}},
      {"agents/agency/", {"base/", "rujukan/v1/", "certs/", "ledger/", "agents/link/"}},
      {"agents/admin/", {"base/", "rujukan/v1/", "certs/", "ledger/", "agents/link/"}},
      {"agents/audit/", {"base/", "rujukan/v1/", "certs/", "ledger/", "agents/link/"}},
  };
  return kRooms;
}

struct LibraryHome {
  std::string_view header;  // how the include begins
  Names homes;
};

const std::vector<LibraryHome>& LibraryHomes() {
  static const std::vector<LibraryHome> kHomes = {
      {"<openssl/", {"certs/", "tests/unit/certs/", "tests/bench/"}},
      {"<p11-kit/", {"certs/"}},
      {"<rocksdb/", {"broker/store/", "tests/unit/broker_store/", "tests/bench/"}},
      {"<sqlite3.h>", {"agents/agency/", "agents/audit/", "tests/unit/agency/"}},
      {"<zmq.h", {"broker/net/", "agents/link/", "tests/"}},
      {"<microhttpd.h>", {"broker/net/", "agents/agency/", "agents/audit/", "tests/"}},
      {"<curl/", {"broker/outward/", "agents/", "tests/"}},
      {"<qrencode.h>", {"agents/admin/"}},
      {"<zip.h>", {"agents/audit/", "tests/unit/audit/"}},
  };
  return kHomes;
}

// Standard headers that know time, threads, randomness, files or sockets.
const Names& ImpureHeaders() {
  static const Names kHeaders = {
      "<zmq",      "<rocksdb/", "<sqlite3",   "<openssl/",   "<curl/",   "<microhttpd", "<spdlog/",
      "<chrono>",  "<thread>",  "<mutex>",    "<shared_mut", "<atomic>", "<condition_", "<future>",
      "<random>",  "<fstream>", "<iostream>", "<filesystem", "<ctime>",  "<time.h>",    "<sys/",
      "<unistd.h", "<fcntl.h>", "<netinet/",  "<arpa/",      "<poll.h>", "<pthread.h>", "<cstdio>"};
  return kHeaders;
}

constexpr std::array<std::string_view, 6> kImpureWords = {
    "system_clock", "steady_clock", "SystemClock", "jthread", "getenv(", "std::rand"};

struct Include {
  size_t line = 0;
  std::string_view name;  // with its quotes or angle brackets in front: "<zmq.h>" or "\"base/x.h\""
};

std::vector<Include> IncludesOf(const SourceFile& file) {
  std::vector<Include> includes;
  size_t number = 0;
  for (const std::string_view line : file.Lines()) {
    ++number;
    if (line.starts_with("#include ")) {
      includes.push_back({number, line.substr(9)});
    }
  }
  return includes;
}

const Room* RoomOf(const SourceFile& file) {
  const auto& rooms = Rooms();
  const auto room = std::find_if(rooms.begin(), rooms.end(), [&file](const Room& candidate) {
    return file.Under(candidate.folder);
  });
  return room == rooms.end() ? nullptr : &*room;
}

bool BeginsWithAny(std::string_view text, const Names& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [text](std::string_view beginning) {
    return text.starts_with(beginning);
  });
}

}  // namespace

std::vector<Finding> CheckIncludeDirection(const SourceFile& file) {
  std::vector<Finding> findings;
  const Room* room = RoomOf(file);
  if (room == nullptr) {
    return findings;
  }
  for (const Include& include : IncludesOf(file)) {
    if (include.name.front() != '"') {
      continue;
    }
    const std::string_view target = include.name.substr(1);
    if (!target.starts_with(room->folder) && !BeginsWithAny(target, room->may_include)) {
      findings.push_back({file.path,
                          include.line,
                          std::string(room->folder) + " may not include " +
                              std::string(include.name) +
                              ": arrows point down (include_rules.cc)"});
    }
  }
  return findings;
}

std::vector<Finding> CheckLibraryHomes(const SourceFile& file) {
  std::vector<Finding> findings;
  for (const Include& include : IncludesOf(file)) {
    for (const LibraryHome& library : LibraryHomes()) {
      if (include.name.starts_with(library.header) && !BeginsWithAny(file.path, library.homes)) {
        findings.push_back({file.path,
                            include.line,
                            std::string(include.name) + " belongs in " +
                                std::string(library.homes.front()) + " only: call that room"});
      }
    }
  }
  return findings;
}

std::vector<Finding> CheckPurity(const SourceFile& file) {
  std::vector<Finding> findings;
  if (!file.Under("ledger/") && !file.Under("broker/core/")) {
    return findings;
  }
  for (const Include& include : IncludesOf(file)) {
    if (BeginsWithAny(include.name, ImpureHeaders())) {
      findings.push_back(
          {file.path, include.line, "pure room includes " + std::string(include.name)});
    }
  }
  const SourceFile code{file.path, CodeOnly(file.text)};
  size_t number = 0;
  for (const std::string_view line : code.Lines()) {
    ++number;
    for (const std::string_view word : kImpureWords) {
      if (line.find(word) != std::string_view::npos) {
        findings.push_back({file.path, number, "pure room uses " + std::string(word)});
      }
    }
  }
  return findings;
}

}  // namespace rujukan::tidy
