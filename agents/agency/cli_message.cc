#include "agents/agency/cli_message.h"

#include "agents/agency/command_fields.h"
#include "agents/agency/print.h"
#include "base/bytes.h"
#include "certs/hash.h"

namespace rujukan::agency {
namespace {

// The answer to a GET as JSON. kNotFound: it says so; kUnavailable: no agent answers.
Result<Json> Look(const Terminal& terminal, const std::string& path) {
  ASSIGN_OR_RETURN(const auto reply, CallApi(terminal.socket_path, {"GET", path, ""}));
  const Json json = Json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
  if (reply.status >= 400 || !json.is_object()) {
    return Fail(Errc::kNotFound, JsonText(json, "detail"));
  }
  return json;
}

// Who supervises the agency complained about: never that agency.
Result<std::string> SupervisorOf(const Terminal& terminal, const std::string& agency) {
  ASSIGN_OR_RETURN(const auto record, Look(terminal, "/v1/directory/" + agency));
  const std::string supervisor = record.value("standing", Json::object()).value("pengawas", "");
  if (supervisor.empty() || supervisor == agency) {
    return Fail(
        Errc::kNotFound,
        "direktori tidak menyebut pengawas lembaga ini; tulis --to / the directory names no "
        "supervisor of this agency: give --to");
  }
  return supervisor;
}

Result<std::string> WriterOf(const Terminal& terminal, const std::string& message) {
  ASSIGN_OR_RETURN(const auto found, Look(terminal, "/v1/messages/" + message + "?isi=0"));
  return found.value("from", "");
}

Result<void> FindRecipient(const Terminal& terminal, MessageOptions& options) {
  if (!options.to.empty()) {
    return {};
  }
  if (options.kind == v1::Kind::KELUHAN_LAYANAN) {
    ASSIGN_OR_RETURN(auto supervisor, SupervisorOf(terminal, options.isi.value("lembaga", "")));
    options.to.push_back(std::move(supervisor));
    return {};
  }
  ASSIGN_OR_RETURN(auto writer, WriterOf(terminal, options.cause));
  options.to.push_back(std::move(writer));
  return {};
}

}  // namespace

Json BodyOf(const MessageOptions& options) {
  Json isi = options.isi;
  if (options.kind == v1::Kind::UNDANGAN_KONFERENSI_KASUS) {
    Json invited = Json::array();
    for (const auto& address : options.to) {
      invited.push_back({{"alamat", address}});
    }
    for (const auto& guest : isi.value("undangan", Json::array())) {
      invited.push_back(guest);
    }
    isi["undangan"] = std::move(invited);
  }
  Json body = {{"jenis", v1::Kind::Code_Name(options.kind)},
               {"kepada", options.to},
               {"isi", {{ContentFieldOf(options.kind), std::move(isi)}}}};
  for (const auto& [name, value] : {std::pair(kCauseMember, &options.cause),
                                    std::pair("urgensi", &options.urgency),
                                    std::pair("klasifikasi", &options.classification)}) {
    if (!value->empty()) {
      body[name] = *value;
    }
  }
  body["kunci_idempoten"] =
      options.key.empty() ? ToHex(certs::Sha256(body.dump()).view()) : options.key;
  return body;
}

int SendMessage(const Terminal& terminal, MessageOptions options) {
  if (auto merged = MergeFile(options.file, options.isi); !merged) {
    return Report(terminal, merged.error());
  }
  if (const auto found = FindRecipient(terminal, options); !found) {
    return Report(terminal, found.error());
  }
  return PostAndPrint(terminal,
                      {"/v1/messages",
                       BodyOf(options),
                       options.wait ? WaitFor::kReceipt : WaitFor::kNothing,
                       options.timeout_s});
}

}  // namespace rujukan::agency
