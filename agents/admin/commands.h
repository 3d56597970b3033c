// The admin's commands: options in, text and exit code out. main.cc parses and prints.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agents/admin/office.h"
#include "base/exit_code.h"

namespace rujukan::admin {

struct Options {
  std::string home;
  std::string passphrase_file;
  std::string endpoints_file;  // the broker's DATA_DIR/endpoints.json
  std::string broker;          // tcp://host:port
  std::string enrol;
  bool json = false;

  std::string domain;                   // init
  std::string broker_identity;          // init
  std::string name;                     // init, invite
  std::string address;                  // invite, revoke
  std::string region;                   // invite
  std::string expires_in;               // invite
  std::string out;                      // invite: file
  std::vector<std::string> enrolments;  // approve, reject: ids, fingerprints or addresses
  bool all = false;                     // approve
  std::string reason;                   // revoke
  std::string note;                     // reject, revoke
};

class Commands {
 public:
  Commands(Options options, const Clock& clock, Connector connect)
      : options_(std::move(options)), clock_(clock), connect_(std::move(connect)) {}

  Output Init();
  Output Invite();
  Output Requests();
  Output Approve();
  Output Reject();
  Output Revoke();
  Output Agencies();

 private:
  Office OfficeOf() const;

  Result<std::string> DoInit() const;
  Result<std::string> DoInvite() const;
  Result<std::string> DoRequests() const;
  Result<std::string> DoApprove() const;
  Result<std::string> DoReject() const;
  Result<std::string> DoRevoke() const;
  Result<std::string> DoAgencies() const;

  const Options options_;
  const Clock& clock_;
  const Connector connect_;
};

}  // namespace rujukan::admin
