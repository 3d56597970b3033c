// The certificates of a ledger as PEM files, so that `openssl x509` can show them: root.pem,
// issuing.pem, <address>-signing-<first 8 hex digits of the key id>.pem, ...-encryption-....pem.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "rujukan/v1/act.pb.h"

namespace rujukan::audit {

class CertificateFiles {
 public:
  explicit CertificateFiles(const std::string& export_directory)
      : folder_(export_directory + "/certificates") {}

  // Writes those of genesis and admissions among `entries`. An entry or certificate that does not
  // parse is left to the verification to report.
  Result<void> WriteFound(const std::vector<std::string>& entries);
  size_t count() const { return count_; }

 private:
  Result<void> WriteAdmitted(const v1::Admit& admit);
  Result<void> WriteOfAct(const v1::Act& act);
  Result<void> WriteOne(const std::string& der, const std::string& name, bool numbered);

  const std::string folder_;
  size_t count_ = 0;
};

}  // namespace rujukan::audit
