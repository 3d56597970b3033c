// Where a ledger is read from: a folder (an export) or a broker's HTTP address, both in the C2SP
// tlog-tiles layout. Nothing read here is trusted; every read has a limit.
// Thread: one owner.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace rujukan::audit {

class Source {
 public:
  virtual ~Source() = default;

  // The bytes at `path` ("checkpoint", "tile/0/000", "vkey"). kNotFound: not there. kLimit: more
  // than `bytes_max`. kDenied: an auditor's token is needed, or this one is wrong. kUnavailable:
  // try again.
  virtual Result<std::string> Read(const std::string& path, size_t bytes_max) = 0;

  // What is wrong with where it is read from, by file: archive files that are damaged and not used.
  struct Fault {
    std::string file;
    std::string problem;
  };
  virtual std::vector<Fault> Faults() const { return {}; }

  // For messages to people: the folder or the address.
  virtual const std::string& name() const = 0;
};

// `where` is a folder, or an address that starts with http:// or https://. `token` (may be empty)
// is sent as a bearer token, to that address only: redirects are not followed. kNotFound: no such
// folder. kInvalid: the address does not parse.
Result<std::unique_ptr<Source>> OpenSource(const std::string& where, const std::string& token);

bool IsHttpAddress(const std::string& where);

// A file of at most `bytes_max` bytes. kNotFound, kLimit, kUnavailable.
Result<std::string> ReadFile(const std::string& path, size_t bytes_max);

}  // namespace rujukan::audit
