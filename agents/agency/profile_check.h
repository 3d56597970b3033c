// Checks of what goes into a directory record, before it is signed: code lists, regions, ages,
// beds, dates. Findings as in validate.h. Pure; any thread.
#pragma once

#include "agents/agency/validate.h"
#include "base/clock.h"
#include "rujukan/v1/profile.pb.h"

namespace rujukan::agency {

// Who takes emergencies (an offer of PENJANGKAUAN, PENAMPUNGAN_SEMENTARA or KESEHATAN) needs
// kontak_24jam.
Findings ValidateProfile(const v1::AgencyProfile& profile, UnixMillis now);
Findings ValidateStanding(const v1::AgencyStanding& standing);

// What an editor need not write: a capacity without its times was counted now, and is true for as
// long as may be said.
void FillCapacityTimes(v1::AgencyProfile& profile, UnixMillis now);

}  // namespace rujukan::agency
