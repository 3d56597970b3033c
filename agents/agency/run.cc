#include "agents/agency/run.h"

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "agents/agency/daemon.h"
#include "agents/agency/enrol.h"
#include "agents/agency/file.h"
#include "agents/agency/phrases.h"
#include "agents/link/invitation.h"
#include "base/limits.h"
#include "certs/keyfile.h"
#include "certs/pem.h"

namespace rujukan::agency {
namespace {

constexpr size_t kPemBytesMax = 64 * 1024;

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
  terminal.err << joined.address << ": " << Phrase::kJoinRecorded << "\n  " << Phrase::kFingerprint
               << ": " << joined.fingerprint << "\n  " << Phrase::kReadFingerprint << "\n";
}

// One line, now and then: over a telephone "still nothing" is worth knowing, a scroll of it is not.
void PrintWaiting(const Terminal& terminal, int64_t waited_ms) {
  constexpr int64_t kEveryMs = 15'000;
  if (!terminal.json && waited_ms % kEveryMs == 0 && waited_ms > 0) {
    terminal.err << "  " << Phrase::kWaitsForAdmin << ": " << waited_ms / 1000 << " s\n";
  }
}

Result<std::optional<OutsideIdentity>> ReadOutside(const JoinOptions& options) {
  if (options.certificate.empty()) {
    return std::optional<OutsideIdentity>();
  }
  if (options.key.empty()) {
    return Fail(Errc::kInvalid,
                "--certificate perlu --key, kunci privatnya / --certificate needs --key, its "
                "private key");
  }
  OutsideIdentity outside;
  outside.key_file = options.key;
  ASSIGN_OR_RETURN(const auto certificate, ReadFile(options.certificate, kPemBytesMax));
  ASSIGN_OR_RETURN(const auto leaf, certs::CertificatesIn(certificate, options.certificate));
  outside.certificate = leaf.front();
  outside.intermediates.assign(leaf.begin() + 1, leaf.end());
  if (!options.chain.empty()) {
    ASSIGN_OR_RETURN(const auto chain, ReadFile(options.chain, kPemBytesMax));
    ASSIGN_OR_RETURN(const auto more, certs::CertificatesIn(chain, options.chain));
    outside.intermediates.insert(outside.intermediates.end(), more.begin(), more.end());
  }
  return std::optional<OutsideIdentity>(std::move(outside));
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
    terminal.out << joined.address << " " << Phrase::kJoined << "\n";
  } else {
    terminal.out << joined.address << " " << Phrase::kJoinPending << "\n";
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
  const auto outside = ReadOutside(options);
  if (!outside) {
    return ReportStart(terminal, outside.error());
  }
  const Home home(common.home);
  const int64_t wait_ms = options.no_wait ? 0 : options.timeout_s * 1000;
  JoinRequest request{home, std::move(*invitation), *passphrase, wait_ms, *outside, {}};
  request.progress = [&](int64_t waited_ms) { PrintWaiting(terminal, waited_ms); };
  const auto joined =
      Join(request, SystemClock(), [&](const Joined& so_far) { PrintJoined(terminal, so_far); });
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
