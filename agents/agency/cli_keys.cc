// rotate and keys on the command line.
#include <algorithm>
#include <ostream>

#include "agents/agency/cli_directory.h"
#include "agents/agency/phrases.h"
#include "agents/agency/print_directory.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kPollS = 15;  // one long poll; a line of progress after each

Result<ApiReply> Get(const Terminal& terminal, const std::string& path) {
  return CallApi(terminal.socket_path, {"GET", path, ""});
}

// Until other keys are in force than `before`, or the request was refused.
int WaitForKeys(const Terminal& terminal, const std::string& before, int64_t timeout_s) {
  for (int64_t waited = 0; waited < timeout_s; waited += kPollS) {
    const int64_t wait = std::min(kPollS, timeout_s - waited);
    const auto reply = Get(terminal, "/v1/keys?after=" + before + "&wait=" + std::to_string(wait));
    if (!reply || reply->status >= 400) {
      return reply ? PrintReply(terminal, *reply, PrintKeys) : Report(terminal, reply.error());
    }
    const Json keys = Json::parse(reply->body, nullptr, /*allow_exceptions=*/false);
    if (keys.value("signing_key", "") != before) {
      return PrintReply(terminal, *reply, PrintKeys);
    }
    if (keys.value("rotation", Json::object()).value("state", "") == "REFUSED") {
      PrintReply(terminal, *reply, PrintKeys);
      return kExitFailed;
    }
    if (!terminal.json) {
      terminal.err << "  " << Phrase::kWaitsForKeys << ": " << waited + wait << " s\n";
    }
  }
  return Report(
      terminal,
      Error{Errc::kUnavailable,
            "kunci baru belum diberikan; agen terus menunggu, lihat `rujukan-agent keys` / "
            "not granted yet: the agent goes on waiting, see rujukan-agent keys"});
}

}  // namespace

int ShowKeys(const Terminal& terminal) {
  const auto reply = Get(terminal, "/v1/keys");
  return reply ? PrintReply(terminal, *reply, PrintKeys) : Report(terminal, reply.error());
}

int Rotate(const Terminal& terminal, const RotateOptions& options) {
  const auto present = Get(terminal, "/v1/keys");
  if (!present || present->status >= 400) {
    return present ? PrintReply(terminal, *present, PrintKeys) : Report(terminal, present.error());
  }
  const Json keys = Json::parse(present->body, nullptr, /*allow_exceptions=*/false);
  const auto asked = CallApi(terminal.socket_path, {"POST", "/v1/keys/rotate", "{}"});
  if (!asked || asked->status >= 400 || !options.wait) {
    return asked ? PrintReply(terminal, *asked, PrintKeys) : Report(terminal, asked.error());
  }
  return WaitForKeys(terminal, keys.value("signing_key", ""), options.timeout_s);
}

}  // namespace rujukan::agency
