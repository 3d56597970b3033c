#include "agents/agency/run.h"

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "agents/agency/daemon.h"
#include "agents/agency/enrol.h"
#include "agents/link/invitation.h"
#include "base/limits.h"
#include "certs/keyfile.h"

namespace rujukan::agency {
namespace {

Result<std::string> PassphraseOf(const CommonOptions& common) {
  if (common.passphrase_file.empty()) {
    const char* given = std::getenv("RUJUKAN_PASSPHRASE");
    return std::string(given == nullptr ? "" : given);
  }
  ASSIGN_OR_RETURN(auto text, certs::ReadSecretFile(common.passphrase_file));
  return text.substr(0, text.find('\n'));
}

// Keys and sockets of the home: what is denied there is a matter of file modes.
int ReportStart(const Terminal& terminal, const Error& error) {
  const int code = Report(terminal, error);
  return error.code == Errc::kDenied ? kExitPermission : code;
}

void PrintJoined(const Terminal& terminal, const Joined& joined) {
  if (terminal.json) {
    return;
  }
  terminal.err << joined.address << ": permintaan tercatat / the request is recorded\n"
               << "  sidik jari / fingerprint: " << joined.fingerprint << "\n"
               << "  bacakan kepada admin lewat telepon / read it to the admin by phone\n";
}

int PrintJoinResult(const Terminal& terminal, const Joined& joined) {
  const bool approved = joined.state == JoinState::kApproved;
  if (terminal.json) {
    terminal.out << Json{{"address", joined.address},
                         {"fingerprint", joined.fingerprint},
                         {"state", approved ? "APPROVED" : "PENDING"}}
                        .dump(2)
                 << "\n";
  } else if (approved) {
    terminal.out << joined.address
                 << " diterima; jalankan / approved; now run: rujukan-agent run\n";
  } else {
    terminal.out << joined.address << " menunggu persetujuan / waiting for approval\n";
  }
  return kExitOk;
}

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

// One thread waits for the stop signals; everywhere else they are blocked, so that no handler ever
// runs in the middle of anything.
Result<void> RunUntilSignalled(Daemon& daemon) {
  const sigset_t signals = StopSignals();
  std::thread waiter([&daemon, signals] {
    int received = 0;
    sigwait(&signals, &received);
    daemon.Stop();
  });
  auto result = daemon.Run();
  pthread_kill(waiter.native_handle(), SIGTERM);  // when Run ended by itself
  waiter.join();
  return result;
}

}  // namespace

int RunJoin(const CommonOptions& common, const JoinOptions& options) {
  const Terminal terminal = TerminalOf(common);
  const auto passphrase = PassphraseOf(common);
  if (!passphrase) {
    return ReportStart(terminal, passphrase.error());
  }
  auto invitation = link::LoadInvitation(options.invitation);
  if (!invitation) {
    return ReportStart(terminal, invitation.error());
  }
  const Home home(common.home);
  const int64_t wait_ms = options.no_wait ? 0 : options.timeout_s * 1000;
  const auto joined = Join(JoinRequest{home, std::move(*invitation), *passphrase, wait_ms},
                           SystemClock(),
                           [&](const Joined& so_far) { PrintJoined(terminal, so_far); });
  return joined ? PrintJoinResult(terminal, *joined) : Report(terminal, joined.error());
}

int RunDaemon(const CommonOptions& common, const std::string& api) {
  const Terminal terminal = TerminalOf(common);
  const auto passphrase = PassphraseOf(common);
  if (!passphrase) {
    return ReportStart(terminal, passphrase.error());
  }
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread: all inherit it
  const SystemClock clock;
  auto daemon = Daemon::Open(DaemonOptions{Home(common.home), *passphrase, api}, clock);
  if (!daemon) {
    return ReportStart(terminal, daemon.error());
  }
  const auto result = RunUntilSignalled(**daemon);
  if (result) {
    return kExitOk;
  }
  Report(terminal, result.error());
  return result.error().code == Errc::kCorrupt ? kExitVerification : kExitInternal;
}

}  // namespace rujukan::agency
