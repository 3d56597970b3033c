// Joining as an admin, steward, auditor or registrar: from an invitation to a home like the first
// admin's, without root.key and issuing.key. Keys are made here and never leave.
//
//   domain.json    pins and doors out of the invitation       transport.key   CURVE
//   admin.key      made here; or a reference to a token       enrolment.pb    the request, as
//   signed root.crt issuing.crt admin.crt   once admitted, out of the verified directory; admin.crt
//   last
// Thread: the caller's. Interrupted at any point, calling again goes on with the same keys and the
// same request.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "agents/admin/command_set.h"
#include "rujukan/v1/invitation.pb.h"

namespace rujukan::admin {

// The enrolment door of a broker; tests give another one.
class EnrolmentDoor {
 public:
  virtual ~EnrolmentDoor() = default;
  // Refused, kUnavailable: as link::Client::Call.
  virtual Result<link::Proven> Ask(const v1::SubmitEnrolment& enrolment) = 0;
  virtual Result<v1::EnrolmentStatus> StatusOf(const std::string& enrolment_id) = 0;
  virtual void Pause() = 0;  // between two questions for the status
};
using DoorOpener = std::function<Result<std::unique_ptr<EnrolmentDoor>>(const DomainFile&)>;
// Over the wire. kInvalid: the endpoint.
Result<std::unique_ptr<EnrolmentDoor>> OpenEnrolmentDoor(const DomainFile& domain);

struct Joining {
  std::optional<v1::Invitation> invitation;  // nullopt: go on with the request in the home
  int64_t wait_ms = 0;                       // for the decision; 0: ask once
};

struct Joined {
  std::string address;
  std::string fingerprint;  // "4821 0937 5562": to be read to the admin
  bool admitted = false;
};

// The command `join` with another door; AddJoinCommands(set) of commands.h opens the real one.
void AddJoinCommands(CommandSet& set, DoorOpener open);

// `announce` is called when the request is in the ledger, before any waiting. kConflict: the home
// belongs to another, or somebody else has used the invitation. kExpired: the invitation. kDenied:
// rejected, with the reason. kNotFound: there is neither an invitation nor a request to go on with.
Result<Joined> JoinDomain(const Office& office,
                          const Joining& joining,
                          const DoorOpener& open,
                          const std::function<void(const Joined&)>& announce);

}  // namespace rujukan::admin
