// What the two sides say to each other until a referral is accepted, and how it is taken back: one
// check a part of Content.
#pragma once

#include "agents/agency/checker.h"
#include "rujukan/v1/content.pb.h"

namespace rujukan::agency {

void CheckOfficer(Checker check, const v1::Officer& officer, bool with_phone);
void CheckAcceptance(Checker check, const v1::Acceptance& acceptance);
void CheckDecline(Checker check, const v1::Decline& decline, const LegFacts& facts);
void CheckRedirect(Checker check, const v1::Redirect& redirect, const LegFacts& facts);
void CheckQuestions(Checker check, const v1::InformationRequest& request, const LegFacts& facts);
void CheckAnswers(Checker check, const v1::InformationAnswer& answer, const LegFacts& facts);
void CheckDisclosure(Checker check, const v1::Disclosure& disclosure);
void CheckCompartmentRequest(Checker check, const v1::CompartmentRequest& request);
void CheckSignOff(Checker check, const v1::SignOff& sign_off);
void CheckCancellationRequest(Checker check, const v1::CancellationRequest& request);
// SETUJU_BATAL says how custody is settled, TOLAK_BATAL why not.
void CheckCancellationAnswer(Checker check, const v1::CancellationAnswer& answer, bool agrees);

}  // namespace rujukan::agency
