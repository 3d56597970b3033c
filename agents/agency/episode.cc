#include "agents/agency/episode.h"

#include <algorithm>

namespace rujukan::agency {
namespace {

// What is not in the ledger yet comes after all that is.
LogIndex OpenedAt(const LegRow& leg) {
  const bool proven = leg.record.state() != v1::LegState::UNSPECIFIED;
  return proven ? leg.record.opened_at_index() : UINT64_MAX;
}

}  // namespace

std::string ResponsibleFor(const std::vector<LegRow>& legs) {
  const auto first =
      std::min_element(legs.begin(), legs.end(), [](const LegRow& one, const LegRow& other) {
        return OpenedAt(one) < OpenedAt(other);
      });
  if (first == legs.end()) {
    return "";
  }
  std::vector<const LegRow*> handovers;
  for (const LegRow& leg : legs) {
    if (leg.record.receiver_responsible()) {
      handovers.push_back(&leg);
    }
  }
  std::sort(handovers.begin(), handovers.end(), [](const LegRow* one, const LegRow* other) {
    return one->handed_over < other->handed_over;
  });
  std::string who = first->plan.sender();
  for (const LegRow* leg : handovers) {
    // Nobody hands over what it does not have.
    who = leg->record.sender() == who ? leg->record.receiver() : who;
  }
  return who;
}

bool IsEpisodeOpen(const std::vector<LegRow>& legs) {
  return std::any_of(legs.begin(), legs.end(), [](const LegRow& leg) {
    const auto needs = NeedsOf(leg.record, leg.side);
    const bool left = std::find(needs.begin(), needs.end(), "CARI_PENERIMA_LAIN") != needs.end();
    return left || ledger::IsOpen(leg.plan.state());
  });
}

}  // namespace rujukan::agency
