// Checks of what people and systems write, before it is sealed: required fields, code lists,
// lengths, and the rule of stages (no identity before acceptance). Each finding names the field and
// says what to do, in Indonesian and English. Pure; any thread. Values of fields are never quoted:
// findings may be logged.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "rujukan/v1/codes.pb.h"
#include "rujukan/v1/content.pb.h"

namespace rujukan::agency {

struct Finding {
  std::string field;    // "isi.rujukan.t1.ringkasan"
  std::string message;  // "paling banyak 280 huruf ... / at most 280 characters ..."
};
using Findings = std::vector<Finding>;

inline constexpr size_t kSummaryCharactersMax = 280;
inline constexpr size_t kChronologyCharactersMax = 4000;
inline constexpr size_t kTextCharactersMax = 4000;  // any other free text
inline constexpr size_t kNikDigits = 16;

// What a rule has to know besides the content. Left at its defaults, the rules that need it are not
// applied: a document can be looked at without its leg.
struct LegFacts {
  v1::ClockClass::Code clock_class = v1::ClockClass::UNSPECIFIED;  // the leg's, as it is now
  bool before_acceptance = false;  // the leg is not accepted yet: nothing may identify the child
  UnixMillis now = 0;              // dates are compared with it
};

// `content` as the Content of a message of `kind`.
Findings ValidateContent(v1::Kind::Code kind,
                         const v1::Content& content,
                         const LegFacts& facts = {});
Findings ValidateStageTwo(const std::string& path, const v1::StageTwo& t2);
// What the stages of one referral owe each other: whoever cannot be asked is not asked for consent,
// and a best-interest decision stands in its place. `t2` is the held one or the one inside.
Findings ValidateConsent(const v1::Referral& referral, const v1::StageTwo& t2);

// The urgency the risk asks for; a referral may not be sent with less.
v1::Urgency::Code UrgencyOf(v1::RiskLevel::Code risk);
bool IsEmergency(const v1::Referral& referral);  // DARURAT: TINGGI and bahaya_langsung

}  // namespace rujukan::agency
