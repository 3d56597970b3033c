// Evidence files: no crash, and bytes that somebody made up never verify. Small limits, so that the
// fuzzer's inputs reach them.
#include "agents/audit/evidence_check.h"
#include "base/check.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  constexpr audit::ContainerLimits kSmall{200, 1 << 20};
  const std::string_view bytes = fuzz::Bytes(data, size);
  const auto unpacked = audit::UnpackContainer(bytes, kSmall);
  if (unpacked) {
    size_t total = 0;
    for (const auto& [path, file] : unpacked->files) {
      CHECK(audit::IsContainerPath(path));
      total += file.size();
    }
    CHECK(unpacked->files.size() <= kSmall.files && total <= kSmall.bytes);
  }
  const audit::TrustAnchors anchors;
  const auto report = audit::CheckEvidence(bytes, anchors, kSmall);
  CHECK(report && report->outcome() != audit::Outcome::kPass);
  CHECK(!audit::EvidenceReportAsHtml(*report, "F").empty());
  return 0;
}
