#include "agents/admin/present.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agents/link/invitation.h"
#include "base/bytes.h"

namespace rujukan::admin {
namespace {

using Json = nlohmann::ordered_json;

std::string Dump(const Json& json) {
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

constexpr size_t kAddressColumnMin = 24;

size_t AddressWidth(const std::vector<std::string>& addresses) {
  size_t width = kAddressColumnMin;
  for (const std::string& address : addresses) {
    width = std::max(width, address.size());
  }
  return width;
}

}  // namespace

std::string PresentInit(const DomainFile& domain,
                        const std::string& home,
                        const std::string& broker_identity,
                        bool json) {
  if (json) {
    return Dump(Json{{"domain", domain.domain},
                     {"admin", domain.admin},
                     {"home", home},
                     {"broker_identity", broker_identity},
                     {"log_vkey", domain.log_vkey},
                     {"root_fingerprint", ToHex(domain.root_fingerprint.view())}});
  }
  return fmt::format(
      "Domain {} exists. Admin: {}\n"
      "  {}  your keys; move root.key offline, keep a copy of the rest\n"
      "  {}  for the machine that runs the broker; it can make no identity\n"
      "Publish these, so that auditors and agencies can compare them:\n"
      "  ledger key  {}\n"
      "  root        {} (SHA-256)\n"
      "Next:  rujukan-broker run --identity {} --data DATA_DIR\n"
      "       rujukan-admin invite ADDRESS --name NAME --region kemendagri:CODE --home {} \\\n"
      "         --endpoints DATA_DIR/endpoints.json\n",
      domain.domain,
      domain.admin,
      home,
      broker_identity,
      domain.log_vkey,
      ToHex(domain.root_fingerprint.view()),
      broker_identity,
      home);
}

std::string PresentInvitation(const v1::Invitation& invitation,
                              const std::string& file,
                              LogIndex index,
                              bool json) {
  if (json) {
    Json answer{{"address", invitation.address()},
                {"expires_at", FormatTime(invitation.expires_at_ms())},
                {"index", index}};
    if (file.empty()) {
      answer["invitation"] = link::EncodeInvitation(invitation);
    } else {
      answer["file"] = file;
    }
    return Dump(answer);
  }
  const std::string what = file.empty() ? link::EncodeInvitation(invitation) : file;
  return fmt::format(
      "Invited {} (entry {}), until {}.\n"
      "Give this to the agency, and to nobody else: whoever has it can ask to join in its name.\n"
      "  {}\n"
      "There:  rujukan-agent join {} --home DIR\n"
      "Here:   rujukan-admin requests --home DIR\n",
      invitation.address(),
      index,
      FormatTime(invitation.expires_at_ms()),
      what,
      file.empty() ? "INVITATION" : file);
}

std::string PresentRequests(const std::vector<PendingRequest>& requests, bool json) {
  if (json) {
    Json list = Json::array();
    for (const PendingRequest& pending : requests) {
      list.push_back(Json{{"enrolment_id", ToHex(pending.enrolment_id)},
                          {"fingerprint", pending.fingerprint},
                          {"address", pending.invitation.address()},
                          {"official_name", pending.invitation.official_name()},
                          {"region", pending.invitation.region()},
                          {"requested_at", FormatTime(pending.request.created_at_ms())}});
    }
    return Dump(list);
  }
  if (requests.empty()) {
    return "Nobody waits to be admitted.\n";
  }
  std::vector<std::string> addresses;
  for (const PendingRequest& pending : requests) {
    addresses.push_back(pending.invitation.address());
  }
  const size_t width = AddressWidth(addresses);
  std::string text = fmt::format("{:<14}  {:<{}}  {}\n", "FINGERPRINT", "ADDRESS", width, "NAME");
  for (const PendingRequest& pending : requests) {
    text += fmt::format("{:<14}  {:<{}}  {}\n",
                        pending.fingerprint,
                        pending.invitation.address(),
                        width,
                        pending.invitation.official_name());
  }
  return text +
         "Call the agency on a number you know already, and let it read out its fingerprint. If it "
         "is the\nsame:  rujukan-admin approve FINGERPRINT --home DIR\n";
}

std::string PresentDecisions(const std::vector<Decision>& decisions, bool json) {
  Json list = Json::array();
  std::string text;
  for (const Decision& decision : decisions) {
    list.push_back(Json{{"decision", decision.verb},
                        {"address", decision.address},
                        {"fingerprint", decision.fingerprint},
                        {"index", decision.index}});
    text += fmt::format(
        "{} {}: entry {} of the ledger\n", decision.address, decision.verb, decision.index);
  }
  return json ? Dump(list) : text;
}

std::string PresentAgencies(const std::vector<v1::AgencyRecord>& agencies, bool json) {
  Json list = Json::array();
  std::vector<std::string> addresses;
  for (const v1::AgencyRecord& agency : agencies) {
    addresses.push_back(agency.address());
    list.push_back(Json{{"address", agency.address()},
                        {"role", v1::Role::Code_Name(agency.role())},
                        {"status", v1::AgencyStatus::Code_Name(agency.status())},
                        {"official_name", agency.official_name()},
                        {"region", agency.region()},
                        {"admitted_at", FormatTime(agency.admitted_at_ms())},
                        {"admitted_at_index", agency.admitted_at_index()}});
  }
  if (json) {
    return Dump(list);
  }
  const size_t width = AddressWidth(addresses);
  std::string text = fmt::format(
      "{:<{}}  {:<7} {:<10} {:<18} {}\n", "ADDRESS", width, "ROLE", "STATUS", "REGION", "NAME");
  for (const v1::AgencyRecord& agency : agencies) {
    text += fmt::format("{:<{}}  {:<7} {:<10} {:<18} {}\n",
                        agency.address(),
                        width,
                        v1::Role::Code_Name(agency.role()),
                        v1::AgencyStatus::Code_Name(agency.status()),
                        agency.region(),
                        agency.official_name());
  }
  return text;
}

}  // namespace rujukan::admin
