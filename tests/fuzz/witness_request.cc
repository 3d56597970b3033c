// add-checkpoint requests: one spelling each, and a witness that trusts no key of the sender's
// never cosigns.
#include "ledger/witness.h"

#include "base/check.h"
#include "tests/fuzz/input.h"

namespace {

using namespace rujukan;

const ledger::Cosigner& Witness() {
  static const ledger::Cosigner kWitness =
      *ledger::Cosigner::Make("witness", *certs::Ed25519Key::FromSeed(std::string(32, 'w')));
  return kWitness;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes = fuzz::Bytes(data, size);
  const auto request = ledger::AddCheckpointRequest::Parse(bytes);
  if (!request) {
    return 0;
  }
  CHECK(request->Body() == bytes);
  const auto origin = ledger::OriginOfRequest(*request);
  ledger::WitnessedLog log;
  log.origin = origin.value_or("");
  log.keys = {{log.origin, 1, std::string(32, '\x09')}};
  const auto answer = ledger::DecideAddCheckpoint(*request, &log, Witness(), /*time_s=*/1);
  CHECK(answer.status == (origin ? 403 : 400));
  CHECK(answer.cosigned.empty() && !answer.authentic);
  return 0;
}
