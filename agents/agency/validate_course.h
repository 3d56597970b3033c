// What is said while a referral is under way, and how it ends: one check a part of Content.
#pragma once

#include "agents/agency/checker.h"
#include "rujukan/v1/content.pb.h"

namespace rujukan::agency {

void CheckContact(Checker check, const v1::FirstContact& contact);
void CheckAppointment(Checker check, const v1::Appointment& appointment);
void CheckAbsence(Checker check, const v1::Absence& absence);
void CheckHandover(Checker check, const v1::Handover& handover);
void CheckProgress(Checker check, const v1::ProgressReport& report);
void CheckPause(Checker check, const v1::Pause& pause, UnixMillis now);
void CheckFailure(Checker check, const v1::Failure& failure);
void CheckFinal(Checker check, const v1::FinalReport& report);
void CheckAlert(Checker check, const v1::Alert& alert);
void CheckAlertResponse(Checker check, const v1::AlertResponse& response);
void CheckRiskChange(Checker check, const v1::RiskChange& change, const LegFacts& facts);
void CheckCorrection(Checker check, const v1::Correction& correction, const LegFacts& facts);
void CheckWithdrawal(Checker check, const v1::ConsentWithdrawal& withdrawal);
void CheckWithdrawalResponse(Checker check, const v1::WithdrawalResponse& response);
void CheckAttachment(Checker check, const v1::Attachment& attachment);

// GAGAL for one of these raises an alert.
bool RaisesAlert(v1::FailureReason::Code reason);
// When a paused leg is looked at again: the beginning of the day named; 0: no date.
UnixMillis ReviewOf(const v1::Pause& pause);
// The class an attachment has at least: what belongs to the third stage is SR, all else R.
v1::Classification::Code LeastClassOf(v1::AttachmentType::Code type);

}  // namespace rujukan::agency
