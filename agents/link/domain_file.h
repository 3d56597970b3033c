// domain.json: what the tools of an admin, a steward, an auditor or a registrar know of their
// domain. Nothing in it is secret; what is trusted in it (the ledger's key, the root's fingerprint,
// the broker's key) was written by `init` or comes out of an invitation, not from a broker.
#pragma once

#include <string>

#include "base/ids.h"
#include "base/result.h"
#include "ledger/note.h"

namespace rujukan::link {

struct DomainFile {
  std::string domain;
  std::string admin;  // address of the member whose home this is
  std::string log_vkey;
  Digest root_fingerprint;            // SHA-256 of the root certificate's DER
  TransportKey broker_transport_key;  // CURVE
  std::string broker;                 // tcp://host:port of the main door; "" until first told
  std::string enrol;                  // of the enrolment door

  std::string ToJson() const;
  static Result<DomainFile> FromJson(const std::string& text);
};

// Durable on return; replaces the file.
Result<void> WriteDomainFile(const std::string& home, const DomainFile& domain);
// kNotFound: `home` was not made by `rujukan-admin init`. kInvalid: edited by hand, badly.
Result<DomainFile> ReadDomainFile(const std::string& home);

// Where the broker listens, as told on the command line; "" where nothing was said.
struct Endpoints {
  std::string broker;
  std::string enrol;
};
// Reads a broker's DATA_DIR/endpoints.json.
Result<Endpoints> ReadEndpointsFile(const std::string& path);

}  // namespace rujukan::link
