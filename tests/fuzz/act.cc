// Acts, by whomever they name as their actor: no crash, no error of the broker's own; asking
// whether the actor may says no only to what the fold refuses too.
#include "tests/fuzz/fold_entry.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const auto& world = fuzz::SmallDomain();
  v1::Entry entry;
  entry.mutable_act()->set_act(std::string(fuzz::Bytes(data, size)));
  for (const auto* signer :
       {&world.admin(), &world.member("uppa.18.01"), &world.member("dinsos.18")}) {
    entry.mutable_act()->mutable_signature()->set_signer_key(
        signer->signing_certificate.key_id().str());
    const auto may = ledger::CheckActor(world.view(), entry.act(), world.now());
    CHECK(may.has_value());
    if (!*may) {
      ledger::Overlay view(world.view());
      const auto applied = ledger::Apply(world.Placed(entry), world.size(), view);
      CHECK(applied.has_value() && !applied->has_value());
    }
    fuzz::FoldEntry(entry);
  }
  return 0;
}
