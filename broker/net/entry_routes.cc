#include "broker/net/entry_routes.h"

#include <utility>

#include "certs/hash.h"

namespace rujukan::broker {
namespace {

constexpr std::string_view kScheme = "Bearer ";

// "" when there is none.
std::string_view TokenIn(std::string_view authorization) {
  return authorization.starts_with(kScheme) ? authorization.substr(kScheme.size())
                                            : std::string_view();
}

// The operator's token does not change and may be short, so guessing it byte by byte must not pay.
bool EqualInConstantTime(const Digest& a, const Digest& b) {
  unsigned difference = 0;
  for (size_t i = 0; i < Digest::kSize; ++i) {
    difference |= static_cast<unsigned>(a.data()[i] ^ b.data()[i]);
  }
  return difference == 0;
}

HttpResponse AskForToken(std::string_view sentence) {
  HttpResponse response = HttpText(401, sentence);
  response.extra_header = "WWW-Authenticate";
  response.extra_value = "Bearer realm=\"rujukan ledger entries\"";
  return response;
}

}  // namespace

EntryRoutes::EntryRoutes(const LogReader& log, OperatorAccess access)
    : log_(log), access_(std::move(access)), operator_digest_(certs::Sha256(access_.token)) {}

HttpResponse EntryRoutes::Plain(const ledger::TileId& bundle,
                                std::string_view authorization) const {
  const auto caller = Admit(authorization);
  if (!caller) {
    return caller.error();
  }
  const Reading& reading = caller->reading;
  const LogIndex first = bundle.number * ledger::kTileWidth;
  if (!CoversAll(reading, first, first + bundle.width)) {
    const bool in_range = reading.InRange(first) && reading.InRange(first + bundle.width - 1);
    return Refuse(in_range ? kOutOfScope : kOutOfRange);
  }
  return Give(log_.EntryBundle(bundle.number, bundle.width),
              caller->is_operator ? kOperator : kGiven);
}

HttpResponse EntryRoutes::Scoped(const ledger::TileId& bundle,
                                 std::string_view authorization) const {
  const auto caller = Admit(authorization);
  if (!caller) {
    return caller.error();
  }
  HttpResponse response = Give(log_.ScopedBundle(caller->reading, bundle.number, bundle.width),
                               caller->is_operator ? kOperator : kGivenScoped);
  response.cache_control = "no-store";  // under another reading the same path is another answer
  return response;
}

tl::expected<EntryRoutes::Caller, HttpResponse> EntryRoutes::Admit(
    std::string_view authorization) const {
  const std::string_view token = TokenIn(authorization);
  if (token.empty()) {
    return tl::unexpected<HttpResponse>(Refuse(kNoToken));
  }
  auto caller = CallerOf(token);
  if (!caller) {
    return tl::unexpected<HttpResponse>(Give(Fail(caller.error()), kFailed));
  }
  switch (caller->reading.state) {
    case ReadingState::kUnknown:
      return tl::unexpected<HttpResponse>(Refuse(kUnknownToken));
    case ReadingState::kExpired:
      return tl::unexpected<HttpResponse>(Refuse(kExpired));
    case ReadingState::kInactive:
      return tl::unexpected<HttpResponse>(Refuse(kInactive));
    case ReadingState::kOpen:
      break;
  }
  return std::move(*caller);
}

Result<EntryRoutes::Caller> EntryRoutes::CallerOf(std::string_view token) const {
  const Digest digest = certs::Sha256(token);
  if (!access_.token.empty() && EqualInConstantTime(digest, operator_digest_)) {
    if (access_.on_use) {
      access_.on_use();
    }
    return Caller{WholeReading(), /*is_operator=*/true};
  }
  ASSIGN_OR_RETURN(Reading reading, log_.ReadingOf(digest));
  return Caller{std::move(reading), /*is_operator=*/false};
}

HttpResponse EntryRoutes::Refuse(Outcome outcome) const {
  Count(outcome);
  switch (outcome) {
    case kExpired:
      return AskForToken("this reading has expired: open another one with rujukan-audit read");
    case kInactive:
      return HttpText(403, "this auditor is suspended or has left the domain: ask an admin");
    case kOutOfRange:
      return HttpText(403,
                      "this reading was opened for another range of entries: see "
                      "/scoped/entries/<N> for what it covers, or open another one");
    case kOutOfScope:
      return HttpText(403,
                      "not all entries are in this auditor's scope: see /scoped/entries/<N>, which "
                      "gives the leaf hash in the place of each that is not");
    default:  // no token and a wrong one are answered alike
      return AskForToken(
          "entries are for accredited auditors: open a reading with rujukan-audit read, and send "
          "Authorization: Bearer <its token>");
  }
}

HttpResponse EntryRoutes::Give(const Result<std::string>& bundle, Outcome outcome) const {
  if (!bundle) {
    Count(kFailed);
    // Where they are: behind the newest checkpoint, or in an archive file.
    return bundle.error().code == Errc::kNotFound ? HttpText(404, bundle.error().context)
                                                  : HttpFailure(bundle.error());
  }
  Count(outcome);
  HttpResponse response;
  response.content_type = kOctets;
  // A shared cache must not hand an auditor's answer to others.
  response.cache_control = std::string("private, ").append(kForever);
  response.body = *bundle;
  return response;
}

const char* EntryRoutes::Label(size_t outcome) {
  constexpr std::array<const char*, kOutcomeCount> kLabels = {"given",
                                                              "given_scoped",
                                                              "operator",
                                                              "no_token",
                                                              "unknown_token",
                                                              "expired",
                                                              "inactive",
                                                              "out_of_range",
                                                              "out_of_scope",
                                                              "failed"};
  return kLabels[outcome];
}

std::string EntryRoutes::MetricsText() const {
  std::string text = "# TYPE rujukan_entry_reads_total counter\n";
  for (size_t outcome = 0; outcome < kOutcomeCount; ++outcome) {
    text.append("rujukan_entry_reads_total{outcome=\"")
        .append(Label(outcome))
        .append("\"} ")
        .append(std::to_string(counts_[outcome]))
        .append("\n");
  }
  return text;
}

}  // namespace rujukan::broker
