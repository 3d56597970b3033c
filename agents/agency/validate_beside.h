// Messages that belong to no leg: one check a part of Content. Who may get them is
// beside.h's to say, since that needs the directory.
#pragma once

#include "agents/agency/checker.h"
#include "rujukan/v1/content.pb.h"

namespace rujukan::agency {

void CheckNotification(Checker check, const v1::Notification& notification);
void CheckInvitation(Checker check, const v1::ConferenceInvitation& invitation);
void CheckMinutes(Checker check, const v1::ConferenceMinutes& minutes);
void CheckComplaint(Checker check, const v1::Complaint& complaint);
void CheckExpertQuestion(Checker check, const v1::ExpertQuestion& question);
void CheckIncident(Checker check, const v1::DataIncident& incident);
void CheckAnswer(Checker check, const v1::Answer& answer);

}  // namespace rujukan::agency
