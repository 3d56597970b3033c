// On which basis a child's data is processed (UU 27/2022 pasal 20-25): the records, consent, and
// the best-interest decision where nobody can be asked. Also who must not be told. Validators of
// their own, since both stages and the withdrawal of consent need them.
#pragma once

#include <string_view>

#include "agents/agency/checker.h"
#include "rujukan/v1/content.pb.h"

namespace rujukan::agency {

using BasisRecords = google::protobuf::RepeatedPtrField<v1::BasisRecord>;

void CheckBasis(Checker check, const BasisRecords& records);
bool HasBasis(const BasisRecords& records, v1::ProcessingBasis::Code code);
// A basis that stands when consent is withdrawn: a legal duty, a vital interest, a public task.
bool HasOtherBasis(const BasisRecords& records);

// Complete and, when `now` is known, not past its end.
void CheckConsent(Checker check, const v1::Consent& consent, UnixMillis now);
// `countersigned`: a supervisor's word is needed before it is sent; in an emergency it follows.
void CheckDecision(Checker check, const v1::BestInterestDecision& decision, bool countersigned);

using WithheldItems = google::protobuf::RepeatedPtrField<v1::WithheldItem>;
using DoNotInforms = google::protobuf::RepeatedPtrField<v1::DoNotInform>;
void CheckWithholding(Checker check, const WithheldItems& withheld, const DoNotInforms& silent);

}  // namespace rujukan::agency
