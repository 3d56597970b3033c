#include "ledger/opened.h"

#include "base/ids.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "certs/seal.h"

namespace rujukan::ledger {

Result<v1::OpenedContent> ParseOpened(std::string_view bytes) {
  if (bytes.size() > limits::kOpenedContentBytesMax) {
    return Fail(Errc::kLimit, "larger than any opened message; this is something else");
  }
  v1::OpenedContent opened;
  if (!opened.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      !opened.GetReflection()->GetUnknownFields(opened).empty() || opened.version() != 1 ||
      opened.message_id().size() != MessageId::kSize || opened.opening().empty()) {
    return Fail(Errc::kInvalid, "not a rujukan.v1.OpenedContent of version 1");
  }
  return opened;
}

Result<std::string> ProveOpened(const v1::OpenedContent& opened, const v1::Header& header) {
  if (opened.message_id() != header.message_id()) {
    return Fail(Errc::kDenied, "it is about another message");
  }
  if (certs::Sha256(opened.opening()).view() != header.content_commitment()) {
    return Fail(Errc::kDenied,
                "this is NOT what was sent: the header in the ledger commits to another text");
  }
  ASSIGN_OR_RETURN(certs::Opened content, certs::ReadOpening(opened.opening()));
  return std::move(content.content);
}

}  // namespace rujukan::ledger
