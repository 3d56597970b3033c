// Admission: everything about a frame that needs no order, only the directory. Pure; one Examiner a
// worker thread, any number of them on one snapshot.
//
// Cheap checks come first, so that junk costs a parse and not an elliptic curve:
//   parse -> sender active -> header form and limits -> sender is the connection's -> key -> batch
//   path
//   -> content digest -> signature.
// The fold checks rights and keys again in order: a snapshot may be one commit behind.
#pragma once

#include "base/clock.h"
#include "broker/core/directory_snapshot.h"
#include "broker/core/limiter.h"
#include "broker/core/port.h"
#include "broker/core/submission.h"
#include "certs/batch.h"

namespace rujukan::broker {

class Examiner {
 public:
  Examiner();

  // What to examine a frame against.
  struct Context {
    const DirectorySnapshot& directory;
    UnixMillis now = 0;
    Allowance allowance = Allowance::kGranted;
  };
  // A refused frame is a Submission with `refusal` set; only its subject and sender are sure then.
  // A signature is kept in a refused entry only after it verified, so evidence never carries a
  // forgery.
  Examined Examine(Inbound inbound, const Context& context);

 private:
  certs::VerifiedClaims verified_;  // equal batches cost one verification
};

}  // namespace rujukan::broker
