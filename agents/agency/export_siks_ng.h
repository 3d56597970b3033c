// Rows that are ready to be put into SIKS-NG: children of whom this agency knows the identity,
// whose data may be processed for it, and whom the social office has verified. All others are left
// out and counted by the reason. docs/formats/siks-ng.md. Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "agents/agency/child_case.h"

namespace rujukan::agency {

// Why a leg gives no row, in the order in which it is asked.
enum class LeftOut {
  kNo,
  kRecalled,     // SALAH_INPUT
  kUnreadable,   // erased, or never opened here
  kNoBasis,      // no basis that covers registration
  kNotVerified,  // no verivali mark
  kNoIdentity,   // no second stage here
  kDuplicate,    // the same child, by another leg
};
std::string LeftOutName(LeftOut why);

struct SiksContext {
  std::string address;        // ours
  std::string official_name;  // ours
  std::string today;          // ISO 8601
};

// Whether the child's data may go into the register on `today`. A legal duty or a public task
// covers it; consent does unless it was withdrawn or has ended; vital interest does not, as it
// covers the emergency and nothing after.
bool CoversRegistration(const ChildCase& child, const std::string& today);

// One child; duplicates are told by the caller.
LeftOut JudgeForSiks(const ChildCase& child, const std::string& today);

std::vector<std::string> SiksHeader();
// Requires JudgeForSiks to be kNo.
std::vector<std::string> SiksRow(const ChildCase& child, const SiksContext& context);

// Class of the ministry's list of people in need (PPKS), and target of its programme, by the main
// category and the age. Coarse on purpose: no row says HIV, terrorism or sexual violence.
std::string PpksClassOf(const v1::StageOne& t1);

// Counts what becomes of the legs of one export.
class SiksCount {
 public:
  // kDuplicate when the child had a row already.
  LeftOut Judge(const ChildCase& child, const std::string& today);
  Json Summary() const;  // {"baris", "dikeluarkan": {reason: count}}

 private:
  std::set<std::string> seen_;
  std::map<LeftOut, int64_t> counts_;
};

}  // namespace rujukan::agency
