// A leg with everything that evidence can hold: refused and accepted messages, receipts, a
// checkpoint that was cosigned, a time-stamp, opened content and an auditor's statement. Made once
// for a test program: openssl is asked for the authority.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agents/audit/container.h"
#include "agents/audit/evidence_check.h"
#include "ledger/cosignature.h"
#include "ledger/note.h"
#include "tests/support/tsa.h"
#include "tests/unit/audit/log_image.h"

namespace rujukan::audit::testing {

class EvidenceStory {
 public:
  static const EvidenceStory& Get();

  // The evidence file of the leg, and what checks it in full.
  const std::string& container() const { return container_; }
  const TrustAnchors& anchors() const { return anchors_; }
  std::string Container(const std::string& subject) const;

  // The files changed, and both manifests made anew, as somebody who forges would.
  std::string Forged(const std::function<void(FileMap&)>& change) const;

  const rujukan::testing::World& world() const { return world_; }
  const Files& log() const { return log_; }
  const v1::Header& referral() const { return referral_; }
  LogIndex referral_index() const { return referral_index_; }
  LogIndex refusal_index() const { return refusal_index_; }
  LogIndex receipt_index() const { return receipt_index_; }
  LogIndex acceptance_index() const { return acceptance_index_; }
  const std::string& opened() const { return opened_; }
  const std::string& statement() const { return statement_; }
  const std::string& auditor_vkey() const { return anchors_.auditors.front(); }
  const std::string& tsa_file() const { return tsa_file_; }
  const ledger::Cosigner& witness() const { return witness_; }

 private:
  EvidenceStory();
  void Tell();
  void Refuse(const v1::Header& header);
  void Stamp(const rujukan::testing::Tsa& tsa);
  void Publish();

  rujukan::testing::World world_;
  ledger::Cosigner witness_;
  v1::Header referral_;
  std::string opened_;
  LogIndex referral_index_ = 0;
  LogIndex refusal_index_ = 0;
  LogIndex receipt_index_ = 0;
  LogIndex acceptance_index_ = 0;
  Files log_;
  std::string statement_;
  std::string tsa_file_;
  TrustAnchors anchors_;
  std::string container_;
};

}  // namespace rujukan::audit::testing
