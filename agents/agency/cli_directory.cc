#include "agents/agency/cli_directory.h"

#include <functional>
#include <ostream>

#include "agents/agency/directory_copy.h"
#include "agents/agency/directory_json.h"
#include "agents/agency/phrases.h"
#include "agents/agency/policy_question.h"
#include "agents/agency/print_directory.h"

namespace rujukan::agency {
namespace {

// RFC 3986 s2.3: everything but unreserved characters is written as %XX.
std::string Encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~' || c == '@';
    if (plain) {
      encoded.push_back(c);
    } else {
      encoded.push_back('%');
      encoded.push_back(kHex[byte >> 4U]);
      encoded.push_back(kHex[byte & 15U]);
    }
  }
  return encoded;
}

std::string WithQuery(std::string path, const QueryOptions& options) {
  char separator = '?';
  for (const auto& [name, value] : options) {
    path += separator + name + "=" + Encoded(value);
    separator = '&';
  }
  return path;
}

using Offline = std::function<ApiReply(const ledger::View&)>;

// The daemon's answer, or the same answer out of the copy it left.
int AskOrRead(const Terminal& terminal,
              const std::string& home,
              const std::string& path,
              const Offline& offline,
              Printer print) {
  const auto reply = CallApi(terminal.socket_path, {"GET", path, ""});
  if (reply) {
    return PrintReply(terminal, *reply, print);
  }
  const auto copy = DirectoryCopy::Open(Home(home).database_path());
  if (!copy) {
    return Report(terminal, copy.error());
  }
  if (!terminal.json) {
    terminal.err << "(" << Phrase::kFromCopy << ")\n";
  }
  return PrintReply(terminal, offline(**copy), print);
}

ApiReply ReplyFrom(const Result<Json>& json) {
  return json ? ReplyOf(200, *json) : ProblemOf(json.error());
}

Result<Json> Fetch(const Terminal& terminal, const std::string& path) {
  ASSIGN_OR_RETURN(const auto reply, CallApi(terminal.socket_path, {"GET", path, ""}));
  Json json = Json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
  if (reply.status >= 400) {
    return Fail(Errc::kInvalid, json.is_object() ? json.value("detail", "") : "no answer");
  }
  return json;
}

Result<Json> ReadJsonFile(const std::string& file) {
  ASSIGN_OR_RETURN(const auto text, ReadInput(file));
  auto json = ParseJson(text);
  return json ? json : Fail(Errc::kInvalid, file + ": " + json.error().context);
}

// The profile as it is, with what the options change.
Result<Json> EditedProfile(const Terminal& terminal,
                           const std::string& address,
                           const EditOptions& options) {
  Json profile = Json::object();
  if (options.profile.empty()) {
    ASSIGN_OR_RETURN(const auto record, Fetch(terminal, "/v1/directory/" + Encoded(address)));
    profile = record.value("profile", Json::object());
  } else {
    ASSIGN_OR_RETURN(profile, ReadJsonFile(options.profile));
  }
  if (!options.contact_24h.empty()) {
    profile["kontak_24jam"] = options.contact_24h;
  }
  if (!options.capacity.empty()) {
    Json capacity = {{"status", options.capacity}};
    if (options.beds >= 0) {
      capacity["tempat_tidur"] = {
          {{"jumlah", options.beds}, {"terisi", std::max<int64_t>(options.taken, 0)}}};
    }
    profile["kapasitas"] = std::move(capacity);
  }
  return profile;
}

Result<Json> EditBody(const Terminal& terminal,
                      const std::string& address,
                      const EditOptions& options) {
  Json body = Json::object();
  if (!options.profile.empty() || !options.capacity.empty() || !options.contact_24h.empty()) {
    ASSIGN_OR_RETURN(body["profile"], EditedProfile(terminal, address, options));
  }
  if (!options.standing.empty()) {
    ASSIGN_OR_RETURN(body["standing"], ReadJsonFile(options.standing));
  }
  return body;
}

}  // namespace

int SearchDirectoryRecords(const Terminal& terminal,
                           const std::string& home,
                           const QueryOptions& options) {
  const auto offline = [&](const ledger::View& view) {
    Findings findings;
    const auto json = SearchJson(view, options, SystemClock().Now(), findings);
    return findings.empty() ? ReplyFrom(json) : ProblemOf(findings);
  };
  return AskOrRead(
      terminal, home, WithQuery("/v1/directory", options), offline, PrintDirectorySearch);
}

int ShowDirectoryRecord(const Terminal& terminal,
                        const std::string& home,
                        const std::string& address) {
  const bool root = address == "root";
  const auto offline = [&](const ledger::View& view) {
    return ReplyFrom(root ? RootJson(view) : RecordJson(view, address, SystemClock().Now()));
  };
  return AskOrRead(terminal,
                   home,
                   "/v1/directory/" + Encoded(address),
                   offline,
                   root ? PrintDirectoryRoot : PrintDirectoryRecord);
}

int EditDirectoryRecord(const Terminal& terminal, const EditOptions& options) {
  const auto status = Fetch(terminal, "/v1/status");
  if (!status) {
    return Report(terminal, status.error());
  }
  const std::string address =
      options.address.empty() ? status->value("address", "") : options.address;
  const auto body = EditBody(terminal, address, options);
  if (!body) {
    return Report(terminal, body.error());
  }
  const auto reply =
      CallApi(terminal.socket_path, {"PUT", "/v1/directory/" + Encoded(address), body->dump()});
  return reply ? PrintReply(terminal, *reply, PrintDirectoryEdited)
               : Report(terminal, reply.error());
}

int TestPolicy(const Terminal& terminal,
               const std::string& home,
               const PolicyTestOptions& options) {
  const auto config = Home(home).ReadConfig();
  if (!config) {
    return Report(terminal, config.error());
  }
  const auto offline = [&](const ledger::View& view) {
    return ReplyFrom(RunPolicyTest(view, config->address, options.query, SystemClock().Now()));
  };
  return AskOrRead(terminal,
                   home,
                   WithQuery("/v1/policy/test", options.query),
                   offline,
                   options.explain ? PrintPolicyExplained : PrintPolicyAnswer);
}

}  // namespace rujukan::agency
