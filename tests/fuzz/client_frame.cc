// Whole frames through admission, from a peer that CURVE has proven but who holds no admitted
// signing key: whatever it sends, nothing signed becomes an entry.
#include "base/check.h"
#include "broker/core/admission.h"
#include "tests/fuzz/input.h"

namespace {

using namespace rujukan;

constexpr const char* kPeer = "lpa.31@contoh.test";

std::shared_ptr<const broker::DirectorySnapshot> Directory() {
  v1::AgencyRecord agency;
  agency.set_address(kPeer);
  agency.set_role(v1::Role::AGENCY);
  agency.set_status(v1::AgencyStatus::AKTIF);
  agency.set_transport_key(std::string(32, 'k'));
  ledger::MemoryView view;
  ledger::Overlay writes(view);
  writes.Put(ledger::Table::kAgency, kPeer, agency.SerializeAsString());
  view.Apply(writes.TakeWrites());
  auto snapshot = broker::DirectorySnapshot::Load(view);
  CHECK(snapshot);
  return *snapshot;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto kDirectory = Directory();
  broker::Examiner examiner;
  broker::Inbound inbound{{broker::Door::kMain, kPeer, "route"},
                          std::string(fuzz::Bytes(data, size))};
  const broker::Examined examined = examiner.Examine(
      std::move(inbound), {*kDirectory, 1'795'000'000'000, broker::Allowance::kGranted});
  if (const auto* submission = std::get_if<broker::Submission>(&examined)) {
    CHECK(submission->refusal.has_value());
    CHECK(!submission->refusal->advice.empty());
  }
  return 0;
}
