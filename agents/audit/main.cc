// rujukan-audit: verify the trail of referrals from outside, offline, trusting nobody's word.

#include <cstdio>

#include "agents/audit/commands.h"

int main(int argc, char** argv) {
  const rujukan::audit::Output output = rujukan::audit::RunLine(argc, argv);
  std::fputs(output.text.c_str(), stdout);
  std::fputs(output.error.c_str(), stderr);
  return output.exit_code;
}
