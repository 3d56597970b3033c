#include "ledger/party.h"

namespace rujukan::ledger {

Party PartyOf(const v1::AgencyRecord& agency) {
  Party party;
  party.type = agency.address().substr(0, agency.address().find_first_of(".@"));
  party.area = Area::OfRecord(agency.region());
  party.suspended = agency.status() != v1::AgencyStatus::AKTIF;
  party.sr_clearance = agency.standing().izin_sangat_rahasia();
  for (const v1::Agreement& agreement : agency.standing().perjanjian()) {
    party.agreements.push_back({agreement.id(), agreement.berlaku_sampai_ms()});
  }
  return party;
}

void AddCatchment(const v1::AgencyProfile& profile, Party& party) {
  for (const std::string& region : profile.wilayah_kerja()) {
    party.catchment.push_back(Area::OfRecord(region));
  }
}

}  // namespace rujukan::ledger
