// The directory, the policy and the keys for people: Indonesian first, English beside it.
#pragma once

#include <ostream>

#include "agents/agency/json.h"

namespace rujukan::agency {

void PrintDirectorySearch(const Json& answer, std::ostream& out);
void PrintDirectoryRecord(const Json& record, std::ostream& out);
void PrintDirectoryRoot(const Json& root, std::ostream& out);
void PrintDirectoryEdited(const Json& answer, std::ostream& out);
void PrintPolicyAnswer(const Json& answer, std::ostream& out);
void PrintPolicyExplained(const Json& answer, std::ostream& out);
void PrintKeys(const Json& keys, std::ostream& out);
void PrintCertificates(const Json& certificates, std::ostream& out);

}  // namespace rujukan::agency
