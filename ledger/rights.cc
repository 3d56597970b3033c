#include "ledger/rights.h"

#include <algorithm>
#include <array>
#include <string>

#include "ledger/records.h"

namespace rujukan::ledger {
namespace {

using A = v1::Act;

constexpr bool kYes = true;
constexpr bool kNo = false;

constexpr auto kRights = std::to_array<Right>({
    // act                 admin steward itself registrar root act
    {A::kInvite, kYes, kNo, kNo, kNo, kNo},        {A::kCancelInvitation, kYes, kNo, kNo, kNo, kNo},
    {A::kAdmit, kYes, kNo, kNo, kNo, kNo},  // of an admin or a registrar: a root act
    {A::kReject, kYes, kNo, kNo, kNo, kNo},        {A::kSuspend, kYes, kNo, kNo, kNo, kNo},
    {A::kResume, kYes, kNo, kNo, kNo, kNo},        {A::kRevoke, kYes, kNo, kNo, kNo, kNo},
    {A::kDescribe, kYes, kYes, kYes, kNo, kNo},    {A::kSetStanding, kYes, kYes, kNo, kNo, kNo},
    {A::kRequestKeys, kNo, kNo, kYes, kNo, kNo},   {A::kGrantKeys, kYes, kNo, kNo, kYes, kNo},
    {A::kRefuseKeys, kYes, kNo, kNo, kYes, kNo},   {A::kSetPolicy, kYes, kNo, kNo, kNo, kYes},
    {A::kPermit, kYes, kYes, kNo, kNo, kNo},       {A::kAddAnchor, kYes, kNo, kNo, kNo, kYes},
    {A::kRemoveAnchor, kYes, kNo, kNo, kNo, kYes}, {A::kPublishCrl, kYes, kNo, kNo, kYes, kNo},
    {A::kSetRules, kYes, kNo, kNo, kNo, kYes},     {A::kConfirm, kYes, kNo, kNo, kNo, kNo},
    {A::kDecline, kYes, kNo, kNo, kNo, kNo},       {A::kPlaceHold, kYes, kNo, kNo, kNo, kNo},
    {A::kLiftHold, kYes, kNo, kNo, kNo, kYes},     {A::kSetClocks, kYes, kNo, kNo, kNo, kYes},
});

bool IsPowerful(v1::Role::Code role) {
  return role == v1::Role::ADMIN || role == v1::Role::REGISTRAR;
}

Result<v1::Role::Code> RoleAdmitted(const v1::Admit& admit, const View& view) {
  ASSIGN_OR_RETURN(const auto enrolment, ReadEnrolment(view, admit.enrolment_id()));
  v1::EnrolmentRequest request;
  if (!enrolment || !request.ParseFromString(enrolment->request())) {
    return v1::Role::UNSPECIFIED;  // the rule itself refuses it
  }
  ASSIGN_OR_RETURN(const auto invitation, ReadInvitation(view, request.invitation_key()));
  return invitation ? invitation->invite().role() : v1::Role::UNSPECIFIED;
}

}  // namespace

Result<bool> IsRootAct(const v1::Act& act, const View& view) {
  if (act.has_admit()) {
    ASSIGN_OR_RETURN(const v1::Role::Code role, RoleAdmitted(act.admit(), view));
    return IsPowerful(role);
  }
  if (act.has_resume()) {
    ASSIGN_OR_RETURN(const auto member, ReadAgency(view, act.resume().address()));
    return member && IsPowerful(member->role());
  }
  const Right* right = RightFor(act.act_case());
  return right != nullptr && right->root_act;
}

std::span<const Right> Rights() {
  return kRights;
}

const Right* RightFor(v1::Act::ActCase act) {
  const auto found = std::find_if(
      kRights.begin(), kRights.end(), [act](const Right& right) { return right.act == act; });
  return found == kRights.end() ? nullptr : &*found;
}

std::string ActName(v1::Act::ActCase act) {
  const auto* field = v1::Act::descriptor()->FindFieldByNumber(static_cast<int>(act));
  std::string name = field == nullptr ? "nothing" : field->name();
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return name;
}

std::string_view SubjectOf(const v1::Act& act) {
  switch (act.act_case()) {
    case A::kInvite:
      return act.invite().address();
    case A::kAdmit:
      return act.admit().address();
    case A::kRevoke:
      return act.revoke().address();
    case A::kSuspend:
      return act.suspend().address();
    case A::kResume:
      return act.resume().address();
    case A::kDescribe:
      return act.describe().address();
    case A::kSetStanding:
      return act.set_standing().address();
    case A::kRequestKeys:
      return act.actor();
    case A::kGrantKeys:
      return act.grant_keys().address();
    case A::kRefuseKeys:
      return act.refuse_keys().address();
    case A::kPermit:
      return act.permit().from();
    case A::kReject:
    case A::kCancelInvitation:
    case A::kSetPolicy:
    case A::kAddAnchor:
    case A::kRemoveAnchor:
    case A::kPublishCrl:
    case A::kSetRules:
    case A::kSetClocks:
    case A::kConfirm:
    case A::kDecline:
    case A::kPlaceHold:
    case A::kLiftHold:
    case A::ACT_NOT_SET:
      break;
  }
  return "";
}

bool RegionCovers(std::string_view wide, std::string_view narrow) {
  return narrow.substr(0, wide.size()) == wide &&
         (narrow.size() == wide.size() || narrow[wide.size()] == '.');
}

bool InScope(const v1::Scope& scope, const v1::AgencyRecord& agency, UnixMillis time) {
  if (time < scope.from_ms() || (scope.until_ms() != 0 && time > scope.until_ms())) {
    return false;
  }
  if (scope.regions().empty() && scope.agencies().empty()) {
    return true;
  }
  const auto& agencies = scope.agencies();
  const auto& regions = scope.regions();
  return std::find(agencies.begin(), agencies.end(), agency.address()) != agencies.end() ||
         std::any_of(regions.begin(), regions.end(), [&](const std::string& region) {
           return RegionCovers(region, agency.region());
         });
}

}  // namespace rujukan::ledger
