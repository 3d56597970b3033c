// Joining as a member without a mailbox (admin, steward, auditor, registrar): from an invitation to
// a home as member_home.h has it. Keys are made here and never leave.
//
//   domain.json    pins and doors out of the invitation       transport.key   CURVE
//   admin.key      made here; or a reference to a token       enrolment.pb    the request, as
//   signed root.crt issuing.crt admin.crt   once admitted, out of the verified directory; admin.crt
//   last
//
// Thread: the caller's. Interrupted at any point, calling again goes on with the same keys and the
// same request.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "agents/link/member_home.h"
#include "agents/link/submission.h"
#include "base/clock.h"
#include "ledger/view.h"
#include "rujukan/v1/invitation.pb.h"

namespace rujukan::link {

// The enrolment door of a broker; tests give another one.
class EnrolmentDoor {
 public:
  virtual ~EnrolmentDoor() = default;
  // Refused, kUnavailable: as Client::Call.
  virtual Result<Proven> Ask(const v1::SubmitEnrolment& enrolment) = 0;
  virtual Result<v1::EnrolmentStatus> StatusOf(const std::string& enrolment_id) = 0;
  virtual void Pause() = 0;  // between two questions for the status
};
using DoorOpener = std::function<Result<std::unique_ptr<EnrolmentDoor>>(const DomainFile&)>;
// Over the wire. kInvalid: the endpoint.
Result<std::unique_ptr<EnrolmentDoor>> OpenEnrolmentDoor(const DomainFile& domain);

struct Joining {
  std::string home;
  std::string passphrase;                    // of the keys; "": unencrypted
  std::optional<v1::Invitation> invitation;  // nullopt: go on with the request in the home
  int64_t wait_ms = 0;                       // for the decision; 0: ask once
};

struct JoinPorts {
  const Clock& clock;
  DoorOpener open;
  // Brings the directory up to date over the main door, as this caller.
  std::function<Result<void>(const Caller&, ledger::MemoryView& directory)> follow;
};
JoinPorts OverTheWire(const std::string& home, const Clock& clock);

struct Joined {
  std::string address;
  std::string fingerprint;  // "4821 0937 5562": to be read to the admin
  bool admitted = false;
};

// `announce` is called when the request is in the ledger, before any waiting. kConflict: the home
// belongs to another, or somebody else has used the invitation. kExpired: the invitation. kDenied:
// rejected, with the reason. kNotFound: there is neither an invitation nor a request to go on with.
// kInvalid: the invitation is an agency's.
Result<Joined> JoinAsMember(const Joining& joining,
                            const JoinPorts& ports,
                            const std::function<void(const Joined&)>& announce);

}  // namespace rujukan::link
