// Invitations pasted by people: no crash, and what is accepted survives being written again.
#include "agents/link/invitation.h"

#include "base/check.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const auto invitation = link::DecodeInvitation(fuzz::Bytes(data, size));
  if (!invitation) {
    return 0;
  }
  const auto again = link::DecodeInvitation(link::EncodeInvitation(*invitation));
  CHECK(again && again->address() == invitation->address());
  return 0;
}
