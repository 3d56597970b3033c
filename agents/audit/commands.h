// The auditor's commands: options in, text and exit code out. main.cc parses and prints.
#pragma once

#include <string>

#include "base/exit_code.h"
#include "base/result.h"

namespace rujukan::audit {

struct Options {
  std::string from;        // folder or http address
  std::string token_file;  // auditor's token, 0600
  std::string vkey;        // ledger key or its file
  std::string root;        // root certificate's SHA-256, hex
  std::string out;
  std::string subject;  // message or leg id, or the proof file of check-proof
  std::string message;  // check-proof: the message id it should be about
  size_t threads = 0;
  bool json = false;
};

struct Output {
  int exit_code = kExitOk;
  std::string text;   // standard output
  std::string error;  // standard error
};

Output RunExport(const Options& options);
Output RunVerify(const Options& options);
Output RunProof(const Options& options);
Output RunCheckProof(const Options& options);
Output RunTrail(const Options& options);

}  // namespace rujukan::audit
