// Content that a party of a message has opened to somebody else: believed only when the header in
// the ledger commits to it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "rujukan/v1/audit.pb.h"
#include "rujukan/v1/header.pb.h"

namespace rujukan::ledger {

// The form alone. kLimit: over limits::kOpenedContentBytesMax. kInvalid: not an OpenedContent of
// version 1.
Result<v1::OpenedContent> ParseOpened(std::string_view bytes);

// The plaintext (Content bytes) that the sender of `header` sealed. kDenied: the file is about
// another message, or holds another text than the header commits to. kInvalid: it is the text, but
// it is not framed as docs/formats/sealed-content.md says, so its sender sent nonsense.
Result<std::string> ProveOpened(const v1::OpenedContent& opened, const v1::Header& header);

}  // namespace rujukan::ledger
