#include "agents/audit/stamp_copy.h"

#include "agents/audit/anchor.h"
#include "agents/audit/http_post.h"
#include "agents/audit/stamps.h"
#include "agents/link/durable_file.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "certs/random.h"
#include "certs/timestamp.h"

namespace rujukan::audit {
namespace {

constexpr size_t kNonceBytes = 8;
constexpr size_t kIndexBytesMax = 1 << 20;

struct Answer {
  std::string response;
  certs::TimestampToken token;
};

Result<Answer> Ask(const std::string& note,
                   const std::string& url,
                   const std::vector<std::string>& tsa_anchors) {
  const Digest imprint = certs::Sha256(note);
  const std::string nonce = certs::RandomBytes(kNonceBytes);
  Answer answer;
  ASSIGN_OR_RETURN(answer.response,
                   Post(url,
                        "application/timestamp-query",
                        certs::MakeTimestampRequest(imprint, nonce),
                        limits::kTimestampTokenBytesMax));
  ASSIGN_OR_RETURN(const std::string token,
                   certs::TokenOfResponse(answer.response, imprint, nonce));
  ASSIGN_OR_RETURN(answer.token,
                   tsa_anchors.empty() ? certs::ParseTimestampToken(token)
                                       : certs::VerifyTimestamp(token, imprint, tsa_anchors));
  return answer;
}

}  // namespace

Result<StampedCopy> StampCopy(const std::string& directory,
                              const std::string& vkey,
                              const std::string& url,
                              const std::vector<std::string>& tsa_anchors) {
  if (IsHttpAddress(directory)) {
    return Fail(Errc::kInvalid, "a stamp is kept beside a copy: name the folder of one");
  }
  ASSIGN_OR_RETURN(const auto source, OpenSource(directory, ""));
  ASSIGN_OR_RETURN(const Anchor anchor, ReadSignedAnchor(LogFiles(*source), vkey));
  const TreeSize size = anchor.checkpoint.size;
  const std::string file = StampFile(size, "tsr");
  if (source->Read(file, limits::kTimestampTokenBytesMax)) {
    return Fail(Errc::kConflict,
                directory + "/" + file + " is there already; export what is newer, then stamp it");
  }
  ASSIGN_OR_RETURN(const Answer answer, Ask(anchor.note, url, tsa_anchors));
  const auto index = source->Read(std::string(kStampIndex), kIndexBytesMax);
  if (!index && index.error().code != Errc::kNotFound) {
    return Fail(index.error());
  }
  const auto write = [&](const std::string& name, std::string_view bytes) {
    return link::WriteDurably(directory + "/" + name, bytes);
  };
  RETURN_IF_ERROR(write(StampFile(size, "checkpoint"), anchor.note));
  RETURN_IF_ERROR(write(file, answer.response));
  RETURN_IF_ERROR(
      write(std::string(kStampIndex), index.value_or("") + std::to_string(size) + "\n"));
  return StampedCopy{size, answer.token.time, answer.token.authority, file};
}

}  // namespace rujukan::audit
