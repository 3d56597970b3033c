// What an admin needs of a broker, and the broker reached over the wire. Every answer is verified
// before it is believed: receipts by inclusion proof, the directory entry by entry from the
// genesis.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/admin/authority.h"
#include "agents/link/client.h"
#include "agents/link/member_link.h"
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

  // As Submit, for many, with an answer for each in their order: one after the other here, as many
  // at once as the broker takes over the wire. The outer error: the broker lies, nothing counts.
  using Progress = std::function<void(size_t answered)>;
  virtual Result<std::vector<Result<link::Proven>>> SubmitAll(
      const std::vector<v1::SubmitAct>& acts, const Progress& progress);
  // The directory entry with this index, unverified: for link::Prover. kCorrupt: another one came.
  virtual Result<v1::ProvenEntry> EntryAt(LogIndex index);
  // By how much the broker's clock was ahead of ours when it greeted us; nullopt: not known.
  virtual std::optional<int64_t> ClockAheadMs() const { return std::nullopt; }
};

// As link::FollowDirectory, with the pages of this broker.
Result<void> FollowDirectory(Broker& broker,
                             const link::DomainFile& domain,
                             ledger::MemoryView& view);

// Connects as the admin; see link::ConnectMember.
class LinkedBroker : public Broker {
 public:
  static Result<std::unique_ptr<LinkedBroker>> Connect(const std::string& home,
                                                       const link::Caller& caller);
  Result<link::Proven> Submit(const v1::SubmitAct& act) override;
  Result<v1::DirectoryPage> DirectoryFrom(LogIndex from) override;
  Result<std::vector<Result<link::Proven>>> SubmitAll(const std::vector<v1::SubmitAct>& acts,
                                                      const Progress& progress) override;
  Result<v1::ProvenEntry> EntryAt(LogIndex index) override;
  std::optional<int64_t> ClockAheadMs() const override { return clock_ahead_ms_; }

 private:
  LinkedBroker(std::unique_ptr<link::Client> client, std::optional<int64_t> clock_ahead_ms)
      : client_(std::move(client)), clock_ahead_ms_(clock_ahead_ms) {}
  const std::unique_ptr<link::Client> client_;
  const std::optional<int64_t> clock_ahead_ms_;
};

}  // namespace rujukan::admin
