// The first bytes of a file: what passes is of the list, and never what was stated falsely.
#include "agents/agency/media_type.h"

#include "base/check.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const std::string_view bytes = fuzz::Bytes(data, size);
  const auto kind = v1::AttachmentType::PERSETUJUAN;
  const auto type = agency::CheckMediaType(kind, "", bytes);
  CHECK(type.has_value() == !agency::MediaTypeOf(bytes).empty());
  if (type) {
    CHECK(agency::AllowedMediaTypes(kind).find(*type) != std::string::npos);
    CHECK(!agency::CheckMediaType(kind, "text/html", bytes));
  }
  return 0;
}
