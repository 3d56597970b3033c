#include "broker/net/http_message.h"

namespace rujukan::broker {

HttpResponse HttpText(unsigned status, std::string_view sentence) {
  HttpResponse response;
  response.status = status;
  response.body = std::string(sentence) + "\n";
  return response;
}

HttpResponse HttpFailure(const Error& error) {
  if (error.code == Errc::kNotFound) {
    return HttpText(
        404,
        "not in the ledger as it stands; a partial tile may be gone: ask for the full tile, "
        "and see /checkpoint for the size");
  }
  if (error.code == Errc::kInvalid) {
    return HttpText(400,
                    "no such tile can exist; see c2sp.org/tlog-tiles for the form of the path");
  }
  if (error.code == Errc::kUnavailable) {
    return HttpText(503, "the store does not answer; try again in a few seconds");
  }
  // The reason is in the broker's log; an outsider has no use for it.
  return HttpText(500,
                  "the broker could not read its store; its operator finds the reason in the log");
}

}  // namespace rujukan::broker
