// An admin's home as files: made new and private, and read back. Thread: any.
#pragma once

#include <string>

#include "base/result.h"
#include "certs/certificate.h"

namespace rujukan::admin {

// kConflict: the folder holds something already. Keys are never overwritten, and a home is backed
// up as a whole.
Result<void> RequireEmptyHome(const std::string& home);

// PEM. kNotFound: it cannot be read; kInvalid: it holds no certificate of ours.
Result<certs::Certificate> ReadCertificateFile(const std::string& path);

}  // namespace rujukan::admin
