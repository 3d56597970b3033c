// What every online command of an admin begins with: keys out of the home, a connection to the
// broker, the directory followed and verified, and a way to sign. Commands are functions of an
// Office; tests give it a broker in memory and a stopped clock. Thread: one.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agents/admin/broker.h"
#include "base/clock.h"
#include "ledger/view.h"
#include "rujukan/v1/act.pb.h"

namespace rujukan::admin {

// What every command line may say.
struct CommonOptions {
  std::string home;
  std::string passphrase_file;
  std::string endpoints_file;  // the broker's DATA_DIR/endpoints.json
  std::string broker;          // tcp://host:port
  std::string enrol;
  bool json = false;
};

// How a command reaches its broker; tests give another one.
using Connector =
    std::function<Result<std::unique_ptr<Broker>>(const std::string& home, const link::Caller&)>;

// An open office. The directory is as new as the moment it was opened, or refreshed.
struct Desk {
  Authority authority;
  std::unique_ptr<Broker> broker;
  ledger::MemoryView directory;
  const Clock& clock;

  // Signs `act` as this admin and returns once it is durable, and proven to be. Under the two-admin
  // rule it may be a proposal then: see IsProposal. Refused: kDenied, kConflict... with the reason.
  Result<link::Proven> Submit(v1::Act act) const;
  // As Submit, for many under one signature; see Broker::SubmitAll.
  Result<std::vector<Result<link::Proven>>> SubmitAll(const std::vector<v1::SubmitAct>& acts,
                                                      const Broker::Progress& progress) const;
  // Whether `act` would wait for a second admin.
  Result<bool> WouldWait(const v1::Act& act) const;
  // Follows the directory again. As Office::Open.
  Result<void> Refresh();
};

class Office {
 public:
  Office(CommonOptions options, const Clock& clock, Connector connect)
      : options_(std::move(options)), clock_(clock), connect_(std::move(connect)) {}

  const CommonOptions& options() const { return options_; }
  bool json() const { return options_.json; }
  const Clock& clock() const { return clock_; }
  UnixMillis Now() const { return clock_.Now(); }

  // From --passphrase-file or RUJUKAN_PASSPHRASE; "" when neither is given.
  Result<std::string> Passphrase() const;
  // kDenied with detail kDeniedHere: a key file is open to others, or the passphrase is wrong.
  Result<Authority> LoadKeys() const;
  // As LoadKeys; kUnavailable: no broker; kCorrupt, kDenied: the broker lies. Keeps a copy of the
  // directory in the home (directory_copy.h).
  Result<Desk> Open() const;
  // To the broker's main door, for who is no admin yet.
  Result<std::unique_ptr<Broker>> Connect(const link::Caller& caller) const {
    return connect_(options_.home, caller);
  }

 private:
  Result<void> LearnEndpoints(link::DomainFile& domain) const;

  const CommonOptions options_;
  const Clock& clock_;
  const Connector connect_;
};

// Tells a denial by our own files from a broker's, whose `detail` is a reason of the ledger and
// never negative.
inline constexpr int kDeniedHere = -1;

struct Output {
  int exit_code = 0;
  std::string text;
  std::string error;
};
Output OutputOf(Result<std::string> result);

}  // namespace rujukan::admin
