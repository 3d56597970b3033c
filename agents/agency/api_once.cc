// Idempotency-Key (IETF draft-ietf-httpapi-idempotency-key-header): a request that comes again
// under its key is done once. How, is each route's to say (routes.h). The key of a message is its
// kunci_idempoten and kept with it; other replies are kept, sealed, for limits::kEventKeepMs. Only
// what succeeded is kept: after an error the same key may be used again.
#include <algorithm>

#include "agents/agency/api.h"
#include "agents/agency/request.h"
#include "base/limits.h"
#include "certs/hash.h"

namespace rujukan::agency {
namespace {

constexpr const char* kHeader = "idempotency-key";

bool Succeeded(const ApiReply& reply) {
  return reply.status < 300;
}

// The draft writes a string of RFC 8941, in quotation marks; most clients write it bare.
std::string Unquoted(const std::string& text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

bool IsKey(const std::string& key) {
  return !key.empty() && key.size() <= limits::kIdempotencyKeyBytesMax &&
         std::all_of(key.begin(), key.end(), [](char c) { return c >= ' ' && c < '\x7f'; });
}

ApiReply Refused(const std::string& message) {
  return ProblemOfQuery({{"Idempotency-Key", message}});
}

// Names a reply: the same key at another path is another key.
Digest NameOf(const ApiRequest& request, const std::string& key) {
  return certs::Sha256({request.method, " ", request.path, "\n", key});
}

Digest DigestOf(const ApiRequest& request) {
  std::string query;
  for (const auto& [name, value] : request.query) {
    query += name + "=" + value + "\n";
  }
  return certs::Sha256({query, "\n", request.body});
}

ApiReply Reused() {
  return ProblemNamed("idempotency-key-reused", KeyReusedText());
}

}  // namespace

ApiReply Api::AnswerOnce(const RouteMatch& match, const ApiRequest& request) {
  const auto given = request.headers.find(kHeader);
  if (given == request.headers.end() || match.route->repeat == Repeat::kHarmless) {
    return match.route->answer(*this, request, match.values);
  }
  const std::string key = Unquoted(given->second);
  if (!IsKey(key)) {
    return Refused("1 sampai 128 huruf ASCII / 1 to 128 characters of ASCII");
  }
  return match.route->repeat == Repeat::kByMessage ? AnswerByMessage(match, request, key)
                                                   : AnswerByReply(match, request, key);
}

// The header is another way to give kunci_idempoten.
ApiReply Api::AnswerByMessage(const RouteMatch& match,
                              const ApiRequest& request,
                              const std::string& key) {
  auto body = ParseJson(request.body.empty() ? "{}" : request.body);
  if (!body) {
    return match.route->answer(*this, request, match.values);  // which says what is wrong with it
  }
  if (body->contains("kunci_idempoten") && (*body)["kunci_idempoten"] != key) {
    return Refused("berbeda dari kunci_idempoten / not the kunci_idempoten of the body: give one");
  }
  (*body)["kunci_idempoten"] = key;
  ApiRequest named = request;
  named.body = body->dump();
  return match.route->answer(*this, named, match.values);
}

ApiReply Api::AnswerByReply(const RouteMatch& match,
                            const ApiRequest& request,
                            const std::string& key) {
  const Digest name = NameOf(request, key);
  const UnderWay here(under_way_, name.str());
  if (!here.alone()) {
    ApiReply reply = ProblemNamed("idempotency-in-progress",
                                  "tunggu jawabannya, lalu ulangi / wait for its answer, then ask "
                                  "again");
    reply.headers.emplace_back("Retry-After", "1");
    return reply;
  }
  const auto earlier = context_.store.Read([&](Tables& tables) { return tables.FindReply(name); });
  if (!earlier) {
    return ProblemOf(earlier.error());
  }
  const Digest body = DigestOf(request);
  if (*earlier && (*earlier)->body != body.view()) {
    return Reused();
  }
  if (*earlier && match.route->repeat == Repeat::kByReply) {
    ApiReply reply{(*earlier)->status, "application/json", (*earlier)->reply};
    reply.headers.emplace_back("Idempotency-Replayed", "true");
    return reply;
  }
  ApiReply reply = match.route->answer(*this, request, match.values);
  if (Succeeded(reply)) {
    const bool keep = match.route->repeat == Repeat::kByReply;
    const auto kept = context_.store.Write([&](Tables& tables) {
      return tables.PutReply(
          name, {body.str(), reply.status, keep ? reply.body : ""}, context_.clock.Now());
    });
    // It was done all the same: the answer is worth more than the key.
    static_cast<void>(kept);
  }
  return reply;
}

}  // namespace rujukan::agency
