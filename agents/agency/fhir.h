// A leg as HL7 FHIR R4: a Bundle (collection) of ServiceRequest, Task, Patient and the two
// Organizations. The Task's businessStatus has the codes that BSeR shares with 360X, so a health
// system that closes its loops by them reads ours. docs/formats/fhir.md has the mapping. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agents/agency/child_case.h"
#include "agents/agency/json.h"

namespace rujukan::agency {

inline constexpr std::string_view kBusinessStatusSystem =
    "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS";

// Where a leg stands in the loop, in FHIR's words.
struct FhirStatus {
  std::string_view task;      // Task.status
  std::string_view business;  // "3.0"; "": not sent yet
  std::string_view request;   // ServiceRequest.status
};

// `moments`: the leg's messages in order; they tell of appointments and of a request to cancel that
// waits for its answer.
FhirStatus FhirStatusOf(v1::LegState::Code state, const std::vector<LegMoment>& moments);

struct FhirParty {
  std::string address;
  std::string name;  // "": not in the directory
};

struct FhirLeg {
  const ChildCase& child;
  const std::vector<LegMoment>& moments;
  FhirParty own;
  FhirParty peer;
  std::string generated_at;    // RFC 3339
  bool with_identity = false;  // requires child.t2
};

Json FhirBundleOf(const FhirLeg& leg);

}  // namespace rujukan::agency
