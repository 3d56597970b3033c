// attach, attachments, fetch: the command line for files. Exit codes as in cli.h. Thread: main.
#pragma once

#include <string>

#include "agents/agency/cli.h"

namespace rujukan::agency {

struct AttachOptions {
  std::string leg;
  std::string file;
  std::string type;   // VISUM, AKTA, ...
  std::string name;   // "": the file's own
  std::string media;  // "": what its bytes show
  std::string note;
  std::string classification;
  std::string keep_until;
  bool wait = false;  // until its LAMPIRAN is queued
  int64_t timeout_s = 3600;
};
int Attach(const Terminal& terminal, const AttachOptions& options);

int ListAttachments(const Terminal& terminal, const std::string& leg);

struct FetchOptions {
  std::string id;
  std::string out;
  int64_t timeout_s = 3600;  // for its chunks to arrive
};
// Goes on where an earlier one stopped: FILE.part is what came so far.
int Fetch(const Terminal& terminal, const FetchOptions& options);

}  // namespace rujukan::agency
