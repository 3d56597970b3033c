// The stages of a referral, validated one file apart from the answers (validate.cc).
#pragma once

#include "agents/agency/checker.h"
#include "rujukan/v1/content.pb.h"

namespace rujukan::agency {

void CheckReferral(Checker check, const v1::Referral& referral, const LegFacts& facts);
void CheckStageTwo(Checker check, const v1::StageTwo& t2);
void CheckStageThree(Checker check, const v1::StageThree& t3);

// Compartments of the third stage: each is one field, asked for and released by itself.
bool IsCompartment(std::string_view name);
std::string CompartmentNames();  // "medis, visum, ..."

}  // namespace rujukan::agency
