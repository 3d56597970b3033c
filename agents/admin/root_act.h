// Root acts: what the root key alone can say, sent over the enrolment door, since whoever sends one
// may have no admitted key left. Thread: one.
#pragma once

#include <functional>
#include <string>

#include "agents/admin/authority.h"
#include "agents/link/submission.h"
#include "base/clock.h"
#include "certs/certificate.h"
#include "certs/issue.h"
#include "certs/key.h"
#include "rujukan/v1/act.pb.h"
#include "rujukan/v1/wire.pb.h"

namespace rujukan::admin {

struct RootKey {
  certs::PrivateKey key;
  certs::Certificate certificate;
};
// `path`: a folder with root.key and root.crt, or a key file (which may be a reference to a token)
// with root.crt beside it. kDenied: passphrase, PIN or file mode, or not the root that
// `fingerprint` pins. kNotFound: one of the files is missing.
Result<RootKey> LoadRoot(const std::string& path,
                         const std::string& passphrase,
                         const Digest& fingerprint);

// How a root act reaches the broker of `domain`; tests give another one.
using RootDoor = std::function<Result<link::Proven>(const link::DomainFile& domain,
                                                    const v1::SubmitRootAct& act)>;
// The enrolment door. Errors as link::Client.
Result<link::Proven> SubmitOverEnrolment(const link::DomainFile& domain,
                                         const v1::SubmitRootAct& act);

// Dates `act`, gives it an id, and signs it.
v1::SubmitRootAct SignRootAct(const RootKey& root,
                              const std::string& domain,
                              v1::RootAct act,
                              UnixMillis now);

// For five years, with a new key.
Result<IssuingCa> MakeIssuingCa(const RootKey& root, const std::string& domain, UnixMillis now);

// From a day ago, so that a broker whose clock lags finds it valid; nothing outlives its issuer.
certs::Validity ValidUntil(const certs::Certificate& issuer, int years, UnixMillis now);

}  // namespace rujukan::admin
