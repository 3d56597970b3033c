// A broker in memory: the real fold, the real authenticity checks, a real tree and signed receipts;
// only the wire is missing. It serves a domain that `InitDomain` made on disk.
#pragma once

#include <string>
#include <vector>

#include "agents/admin/broker.h"
#include "certs/batch.h"
#include "certs/key.h"
#include "ledger/authenticate.h"
#include "ledger/note.h"
#include "ledger/tree.h"
#include "rujukan/v1/invitation.pb.h"

namespace rujukan::admin::testing {

class FakeBroker {
 public:
  // From BROKER_DIR, with the genesis recorded at `now`.
  FakeBroker(const std::string& identity, UnixMillis now);

  Result<link::Proven> Submit(const v1::SubmitAct& act);
  Result<v1::DirectoryPage> DirectoryFrom(LogIndex from);

  // What an agency would send over the enrolment door.
  Result<link::Proven> Record(v1::Entry entry);

  // Lies about one entry from now on: the page carries other bytes than its proof.
  void FalsifyEntry(LogIndex index) { falsified_ = index; }
  // As a broker that is out of disk.
  void RefuseSubmissions(bool refuse) { refuses_ = refuse; }
  void Advance(UnixMillis ms) { now_ += ms; }
  UnixMillis now() const { return now_; }
  const ledger::MemoryView& view() const { return view_; }

 private:
  Result<void> CheckSignature(const v1::Entry& entry);
  v1::ProvenEntry Prove(LogIndex index) const;

  UnixMillis now_;
  std::unique_ptr<ledger::NoteSigner> signer_;
  ledger::MemoryView view_;
  ledger::KeyRing ring_;
  std::vector<std::string> entries_;
  std::vector<LogIndex> directory_;
  std::optional<LogIndex> falsified_;
  bool refuses_ = false;
};

// The same as a Broker that does not own it: one a command.
class Line : public Broker {
 public:
  explicit Line(FakeBroker& broker) : broker_(broker) {}
  Result<link::Proven> Submit(const v1::SubmitAct& act) override { return broker_.Submit(act); }
  Result<v1::DirectoryPage> DirectoryFrom(LogIndex from) override {
    return broker_.DirectoryFrom(from);
  }

 private:
  FakeBroker& broker_;
};

// The keys that somebody asks to join with.
struct Applicant {
  certs::PrivateKey signing = certs::PrivateKey::Generate();
  certs::PrivateKey encryption = certs::PrivateKey::Generate();
  certs::TransportKeyPair transport = certs::GenerateTransportKeyPair();
};
// What an agency's `join` makes of an invitation, asking for `address`.
v1::Entry Enrolment(const v1::Invitation& invitation,
                    const std::string& address,
                    UnixMillis now,
                    const Applicant& applicant = Applicant());

std::string ReadBytes(const std::string& path);

}  // namespace rujukan::admin::testing
