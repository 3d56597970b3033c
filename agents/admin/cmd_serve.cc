// `serve`: the registrar, a small unattended service that renews keys and tells what ends.

#include <signal.h>

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <memory>

#include "agents/admin/acts.h"
#include "agents/admin/governing.h"
#include "agents/admin/registrar_service.h"
#include "agents/admin/webhook.h"

namespace rujukan::admin {
namespace {

constexpr int kGrantsPerHourMax = 10'000;

struct ServeOptions {
  ServiceOptions service;
  std::string every = "10m";
  std::string webhook;
  bool once = false;
};

// Blocked for this thread and those it starts, so that a round is never cut in the middle.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  ~StopSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // True as soon as one has come; false when `ms` have passed.
  bool Wait(int64_t ms) const {
    constexpr int64_t kMsPerSecond = 1000;
    constexpr int64_t kNsPerMs = 1'000'000;
    const timespec timeout{ms / kMsPerSecond, ms % kMsPerSecond * kNsPerMs};
    int signal = -1;
    do {
      signal = sigtimedwait(&set_, nullptr, &timeout);
    } while (signal < 0 && errno == EINTR);
    return signal > 0;
  }

 private:
  sigset_t set_;
  sigset_t before_;
};

void WriteLine(const Json& line) {
  const std::string text =
      line.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
  std::fputs(text.c_str(), stderr);
}

// Another round would fail alike, or must not be tried: a person has to look.
bool IsFinal(const Error& error) {
  return error.code == Errc::kCorrupt || error.code == Errc::kDenied ||
         error.code == Errc::kInvalid || error.code == Errc::kFatal;
}

Result<Answer> Serve(const Office& office, const ServeOptions& options) {
  ASSIGN_OR_RETURN(const UnixMillis pause, ParseDuration(options.every));
  RegistrarService::Tell tell;
  if (!options.webhook.empty()) {
    tell = [&options](const std::string& json) { return PostJson(options.webhook, json); };
  }
  RegistrarService service(office, options.service, WriteLine, tell);
  const StopSignals stop;
  while (true) {
    const auto done = service.Round();
    if (!done && (options.once || IsFinal(done.error()))) {
      return Fail(done.error());
    }
    if (options.once || stop.Wait(pause)) {
      return Answer();
    }
  }
}

}  // namespace

void AddRegistrarCommands(CommandSet& set) {
  const auto options = std::make_shared<ServeOptions>();
  CLI::App* serve = set.AddOnline(
      "serve",
      "Renew keys that are about to end, keep the domain's CRL current, and warn of what ends\n"
      "at 60, 30, 14, 7 and 1 days. Runs until SIGTERM; logs JSON lines on standard error\n"
      "  rujukan-admin serve --home registrar --metrics-file /var/lib/node-exporter/rujukan.prom",
      [options](const Office& office) { return Serve(office, *options); });
  serve->add_flag("--once", options->once, "One round, then end: for cron");
  serve->add_option("--every", options->every, "Between rounds: 10m, 1h")->capture_default_str();
  serve
      ->add_option(
          "--per-hour", options->service.grants_per_hour, "Keys it renews an hour, at most")
      ->check(CLI::Range(1, kGrantsPerHourMax))
      ->capture_default_str();
  serve->add_option("--metrics-file",
                    options->service.metrics_file,
                    "Prometheus text, replaced after each round");
  serve->add_option("--webhook", options->webhook, "POST warnings as JSON to this address");
}

}  // namespace rujukan::admin
