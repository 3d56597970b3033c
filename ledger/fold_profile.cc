// The fold's rules for the directory record: what an agency says of itself, and what its steward
// says of it. Who may say it is decided in fold_acts.cc.

#include "base/limits.h"
#include "ledger/fold_rules.h"

namespace rujukan::ledger::rules {
namespace {

using R = v1::RefusalReason;

constexpr std::string_view kNobody = "-";  // clears the steward

Result<v1::AgencyRecord> RequireAgencyRecord(const std::string& address, const Context& at) {
  ASSIGN_OR_RETURN(std::optional<v1::AgencyRecord> agency, ReadAgency(at.view, address));
  if (!agency || agency->status() == v1::AgencyStatus::NONAKTIF) {
    return Contradicts(address + " is not a member");
  }
  if (agency->role() != v1::Role::AGENCY) {
    return Contradicts(address + " is no agency: it has no directory record to edit");
  }
  return std::move(*agency);
}

// How full an agency is, is true for a day at most, or people are sent to full houses.
Result<void> RequireCapacity(const v1::Capacity& capacity, const Context& at) {
  if (capacity.berlaku_sampai_ms() > at.time + limits::kCapacityLifeMsMax ||
      (capacity.status() != v1::CapacityStatus::UNSPECIFIED && capacity.berlaku_sampai_ms() == 0)) {
    return Contradicts("kapasitas.berlaku_sampai_ms: at most 24 hours from now; say it anew daily");
  }
  for (const v1::Beds& beds : capacity.tempat_tidur()) {
    if (beds.terisi() > beds.jumlah()) {
      return Contradicts("kapasitas.tempat_tidur: more are taken than there are");
    }
  }
  return {};
}

Result<void> RequireRegions(const google::protobuf::RepeatedPtrField<std::string>& regions) {
  for (const std::string& region : regions) {
    if (region.substr(0, 11) != "kemendagri:") {
      return Contradicts("wilayah_kerja: a region carries its scheme, like kemendagri:18.71");
    }
  }
  return {};
}

}  // namespace

Result<void> ApplyDescribe(const v1::Act& act, const Context& at) {
  const v1::Describe& describe = act.describe();
  RETURN_IF_ERROR(RequireAgencyRecord(describe.address(), at));
  const v1::AgencyProfile& profile = describe.profile();
  if (profile.ByteSizeLong() > limits::kProfileBytesMax) {
    return Refuse(R::MALFORMED, "profile: over 16 KiB: list fewer services or shorten the texts");
  }
  RETURN_IF_ERROR(RequireCapacity(profile.kapasitas(), at));
  RETURN_IF_ERROR(RequireRegions(profile.wilayah_kerja()));
  v1::ProfileRecord record;
  *record.mutable_profile() = profile;
  record.set_by(act.actor());
  record.set_changed_at_index(at.index);
  record.set_changed_at_ms(at.time);
  Write(at.view, Table::kProfile, describe.address(), record);
  return {};
}

Result<void> ApplySetStanding(const v1::SetStanding& set, const Context& at) {
  RETURN_IF_ERROR(RequireText(set.official_name(), "official_name"));
  RETURN_IF_ERROR(RequireText(set.steward(), "steward"));
  if (set.standing().ByteSizeLong() > limits::kStandingBytesMax) {
    return Refuse(R::MALFORMED, "standing: over 4 KiB");
  }
  ASSIGN_OR_RETURN(v1::AgencyRecord agency, RequireAgencyRecord(set.address(), at));
  *agency.mutable_standing() = set.standing();
  if (!set.official_name().empty()) {
    agency.set_official_name(set.official_name());
  }
  if (!set.steward().empty()) {
    agency.set_steward(set.steward() == kNobody ? std::string() : set.steward());
  }
  agency.set_changed_at_index(at.index);
  Write(at.view, Table::kAgency, set.address(), agency);
  return {};
}

}  // namespace rujukan::ledger::rules
