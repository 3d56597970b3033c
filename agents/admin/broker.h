// What an admin needs of a broker, and the broker reached over the wire. Every answer is verified
// before it is believed: receipts by inclusion proof, the directory entry by entry from the
// genesis.
#pragma once

#include <memory>
#include <string>

#include "agents/admin/authority.h"
#include "agents/link/client.h"
#include "agents/link/directory.h"
#include "ledger/view.h"
#include "rujukan/v1/wire.pb.h"

namespace rujukan::admin {

class Broker {
 public:
  virtual ~Broker() = default;
  // Durable in the ledger on return, and proven to be. Refused: the broker's reason. kUnavailable:
  // no answer in time; it may have been recorded all the same, so look before doing it again.
  virtual Result<link::Proven> Submit(const v1::SubmitAct& act) = 0;
  // Unverified: for FollowDirectory.
  virtual Result<v1::DirectoryPage> DirectoryFrom(LogIndex from) = 0;
};

// The whole directory, verified against `domain`'s pins. kCorrupt, kDenied: the broker lies: stop
// and call the auditor.
Result<void> FollowDirectory(Broker& broker, const DomainFile& domain, ledger::MemoryView& view);

// Connects as the admin. Remembers the newest checkpoint in home/checkpoint, so that a broker that
// shows another history to the next command is found out.
class LinkedBroker : public Broker {
 public:
  static Result<std::unique_ptr<LinkedBroker>> Connect(const std::string& home,
                                                       const Authority& authority);
  Result<link::Proven> Submit(const v1::SubmitAct& act) override;
  Result<v1::DirectoryPage> DirectoryFrom(LogIndex from) override;

 private:
  explicit LinkedBroker(std::unique_ptr<link::Client> client) : client_(std::move(client)) {}
  const std::unique_ptr<link::Client> client_;
};

}  // namespace rujukan::admin
