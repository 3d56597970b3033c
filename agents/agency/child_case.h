// What this agency knows of one child by one leg, put together from the leg's messages: the basis
// of exports. Pure but for ReadCase; the caller logs the reading of what it hands out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/agency/tables.h"
#include "agents/agency/verification.h"

namespace rujukan::agency {

struct ChildCase {
  LegRow leg;
  bool readable = false;  // the opening is here and was not erased
  std::string episode;
  v1::Referral referral;             // T1; its t2 is in `t2`
  std::optional<v1::StageTwo> t2;    // the latest that was disclosed
  bool withdrawn = false;            // consent was taken back
  bool corrected = false;            // a KOREKSI is in the leg: people look
  std::optional<Verification> mark;  // verivali
  std::vector<CaseMessage> shown;    // messages whose content is in the above; content dropped
};

// Puts messages together, in order.
ChildCase CaseOf(const LegRow& leg, std::vector<CaseMessage> messages);

// kNotFound: no such leg.
Result<ChildCase> ReadCase(Tables& tables, const LegId& leg);

}  // namespace rujukan::agency
