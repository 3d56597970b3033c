#include "agents/agency/cursor.h"

#include "agents/agency/api.h"
#include "base/bytes.h"

namespace rujukan::agency {
namespace {

constexpr size_t kNumberEnd = 9;  // one for the list, eight for the number

std::string Escaped(const std::string& text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~,";
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      escaped += c;
    } else {
      const auto byte = static_cast<uint8_t>(c);
      escaped += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return escaped;
}

}  // namespace

std::string CursorText(char list, const ListCursor& cursor) {
  std::string bytes(1, list);
  AppendBigEndian64(static_cast<uint64_t>(cursor.number), bytes);
  return ToHex(bytes + cursor.id);
}

Result<ListCursor> ParseCursor(char list, const std::string& text) {
  const auto bytes = FromHex(text);
  if (!bytes || bytes->size() < kNumberEnd || bytes->front() != list) {
    return Fail(Errc::kInvalid,
                "kursor dari jawaban daftar ini / the cursor of an answer of this list");
  }
  return ListCursor{static_cast<int64_t>(ReadBigEndian64(bytes->substr(1))),
                    bytes->substr(kNumberEnd)};
}

void AddNextLink(const ApiRequest& request, const std::string& cursor, ApiReply& reply) {
  std::string link = "<" + request.path + "?cursor=" + cursor;
  for (const auto& [name, value] : request.query) {
    if (name != "cursor" && name != "after" && name != "wait") {
      link += "&" + Escaped(name) + "=" + Escaped(value);
    }
  }
  reply.headers.emplace_back("Link", link + ">; rel=\"next\"");
}

}  // namespace rujukan::agency
