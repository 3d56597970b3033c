// The commands about reading, disclosing, erasing and keeping. All ask the daemon, which holds the
// keys and the read trail. Thread: main.
#pragma once

#include <string>

#include "agents/agency/cli.h"

namespace rujukan::agency {

struct ReadsOptions {
  uint64_t from = 0;
  uint64_t limit = 100;
  bool anchor = false;
  std::string export_file;  // "": none
};
int Reads(const Terminal& terminal, const ReadsOptions& options);

struct DiscloseOptions {
  std::string message;
  std::string to;
  std::string reason;
  std::string file;  // made with mode 0600; must not exist
};
int Disclose(const Terminal& terminal, const DiscloseOptions& options);

struct EraseOptions {
  std::string leg;
  std::string message;  // "": all of the leg
  std::string basis;
  std::string reason;
  bool own_copy_too = false;
  std::string key;
};
int Erase(const Terminal& terminal, const EraseOptions& options);
int ListErasures(const Terminal& terminal);

struct DecideOptions {
  std::string request;
  bool carry_out = false;
  std::string basis;
  std::string reason;
};
int DecideErasure(const Terminal& terminal, const DecideOptions& options);
int HoldLeg(const Terminal& terminal, const std::string& leg, const std::string& reason);
int UnholdLeg(const Terminal& terminal, const std::string& leg);

}  // namespace rujukan::agency
