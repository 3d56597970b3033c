// Acts that wait for a second admin, as the verified directory has them. Pure, any thread.
#pragma once

#include <string>
#include <vector>

#include "agents/admin/act_words.h"
#include "rujukan/v1/membership.pb.h"

namespace rujukan::admin {

struct Proposal {
  std::string id;  // act id, 16 bytes
  v1::ProposalRecord record;
  v1::Act act;
  ActWords words;

  std::string ShortId() const;  // 16 hex digits, enough for FindProposal
};

// All that wait, oldest first, expired ones included. kCorrupt: the directory.
Result<std::vector<Proposal>> ListProposals(const ledger::View& directory);

// `typed`: an id in hex, or the beginning of one. kNotFound: none begins so; kConflict: several do;
// kInvalid: not hex, or under 6 digits.
Result<Proposal> FindProposal(const std::vector<Proposal>& proposals, const std::string& typed);

}  // namespace rujukan::admin
