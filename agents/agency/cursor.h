// Opaque cursors of lists, and the link to the next page. A cursor names its list, so that one of
// another list is refused instead of leading somewhere. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace rujukan::agency {

struct ApiReply;
struct ApiRequest;

struct ListCursor {
  int64_t number = 0;  // of the last row, or its time
  std::string id;      // of the last row, where the number is not its own; may be empty
};

std::string CursorText(char list, const ListCursor& cursor);
// kInvalid: not a cursor of this list.
Result<ListCursor> ParseCursor(char list, const std::string& text);

// Link: </v1/legs?cursor=...&limit=50>; rel="next" (RFC 8288): the same request, from `cursor` on.
void AddNextLink(const ApiRequest& request, const std::string& cursor, ApiReply& reply);

}  // namespace rujukan::agency
