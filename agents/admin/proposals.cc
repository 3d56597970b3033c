#include "agents/admin/proposals.h"

#include <algorithm>

#include "base/bytes.h"

namespace rujukan::admin {
namespace {

constexpr size_t kTypedMin = 6;
// Twelve digits of an act id are its time in milliseconds, those behind are random (UUIDv7).
constexpr size_t kShownDigits = 16;

Result<Proposal> Read(const ledger::View& directory, std::string id, v1::ProposalRecord record) {
  Proposal proposal{std::move(id), std::move(record), {}, {}};
  if (!proposal.act.ParseFromString(proposal.record.act())) {
    return Fail(Errc::kCorrupt, "a proposal in the directory does not parse");
  }
  ASSIGN_OR_RETURN(proposal.words, InWords(proposal.act, directory));
  return proposal;
}

bool IsHex(const std::string& text) {
  return text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

std::string Proposal::ShortId() const {
  return ToHex(id).substr(0, kShownDigits);
}

Result<std::vector<Proposal>> ListProposals(const ledger::View& directory) {
  std::vector<std::pair<std::string, v1::ProposalRecord>> found;
  bool damaged = false;
  RETURN_IF_ERROR(directory.Scan(
      ledger::Table::kProposal, "", "", [&](std::string_view id, std::string_view value) {
        v1::ProposalRecord record;
        damaged = damaged || !record.ParseFromString(std::string(value));
        found.emplace_back(std::string(id), std::move(record));
        return true;
      }));
  if (damaged) {
    return Fail(Errc::kCorrupt, "a proposal in the directory does not parse");
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return a.second.index() < b.second.index();
  });
  std::vector<Proposal> proposals;
  for (auto& [id, record] : found) {
    ASSIGN_OR_RETURN(Proposal proposal, Read(directory, id, std::move(record)));
    proposals.push_back(std::move(proposal));
  }
  return proposals;
}

Result<Proposal> FindProposal(const std::vector<Proposal>& proposals, const std::string& typed) {
  if (typed.size() < kTypedMin || !IsHex(typed)) {
    return Fail(Errc::kInvalid, "a proposal is named by at least 6 digits of its id, 0-9 and a-f");
  }
  const auto meant = [&](const Proposal& proposal) {
    const std::string id = ToHex(proposal.id);
    return id.compare(0, typed.size(), typed) == 0;
  };
  const auto found = std::find_if(proposals.begin(), proposals.end(), meant);
  if (found == proposals.end()) {
    return Fail(Errc::kNotFound,
                "no proposal " + typed + " waits; list them with rujukan-admin proposals");
  }
  if (std::find_if(found + 1, proposals.end(), meant) != proposals.end()) {
    return Fail(Errc::kConflict, "several proposals begin with " + typed + "; type more of the id");
  }
  return *found;
}

}  // namespace rujukan::admin
