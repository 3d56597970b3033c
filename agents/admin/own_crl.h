// The domain's own revocation list: what the ledger says of certificates, for those who verify
// signatures without it (RFC 5280 s5). The ledger does not need it; a court with openssl does.
#pragma once

#include "agents/admin/office.h"

namespace rujukan::admin {

struct PublishedCrl {
  uint64_t number = 0;
  size_t revoked = 0;
  UnixMillis next_update = 0;
  LogIndex index = 0;
};

// Lists every revoked certificate of the issuing CA in force that has not expired, with the time of
// the entry that ended it, and publishes it under the next number. `desk` is refreshed first.
// kNotFound, kConflict: as IssuingCaOf. kLimit: it does not fit an entry.
Result<PublishedCrl> PublishOwnCrl(Desk& desk);

// Entry `index`, proven to be in the ledger. kCorrupt, kDenied: the broker lies.
Result<link::Proven> FetchEntry(const Desk& desk, LogIndex index);

}  // namespace rujukan::admin
