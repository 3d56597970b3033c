// Whether an opened content and its signed header say the same. The broker sees the header alone,
// so a header that says something else (a looser clock, a leg that moves no responsibility) would
// make it run the wrong clocks and tell the wrong agencies: the receiver answers such a message
// with BAD_CONTENT. Pure; any thread.
#pragma once

#include <string>

#include "rujukan/v1/content.pb.h"
#include "rujukan/v1/header.pb.h"

namespace rujukan::link {

// True when `content` is the kind of Content that messages of `kind` carry: the part of the oneof
// has the kind's name in small letters.
bool ContentFits(v1::Kind::Code kind, const v1::Content& content);

// "" when the header says of the content what is so, else which field does not, for the log: never
// content.
std::string HeaderMisfit(const v1::Header& header, const v1::Content& content);

// A case transfer or a placement makes the receiver responsible by handover, a report of somebody
// who only reports by the first contact.
bool MovesResponsibility(const v1::Referral& referral);
bool ContactTakesOver(const v1::Referral& referral);
// The class of clocks a risk asks for; UNSPECIFIED: no risk is given.
v1::ClockClass::Code ClockClassOf(v1::RiskLevel::Code risk, bool immediate_danger);

}  // namespace rujukan::link
