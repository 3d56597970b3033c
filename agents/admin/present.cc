#include "agents/admin/present.h"

#include <fmt/format.h>

#include <algorithm>

#include "agents/admin/invite.h"
#include "agents/link/invitation.h"
#include "base/bytes.h"
#include "base/printable.h"

namespace rujukan::admin {
namespace {

using Json = nlohmann::ordered_json;

constexpr UnixMillis kDay = 24LL * 3600 * 1000;

std::string Seconds(UnixMillis ms) {
  return fmt::format("{}.{:03} s", ms / 1000, ms % 1000);
}

Json ToJson(const Waiting& waiting) {
  const bool joins = waiting.kind == Waiting::Kind::kJoin;
  Json json{{joins ? "enrolment_id" : "request_act", ToHex(waiting.id)},
            {"kind", joins ? "join" : "keys"},
            {"fingerprint", waiting.fingerprint},
            {"address", waiting.address},
            {"role", RoleWord(waiting.role)},
            {"official_name", waiting.official_name},
            {"requested_at", FormatTime(waiting.since)},
            {"warning", WarningFor(waiting)}};
  if (joins) {
    json["region"] = waiting.invitation.region();
  }
  if (waiting.outside()) {
    const auto outside = certs::Certificate::FromOutsideDer(waiting.request.outside_certificate());
    json["subject"] = outside ? outside->subject() : "";
  }
  return json;
}

Json ToJson(const Decision& decision) {
  Json json{{"decision", decision.verb},
            {"address", decision.address},
            {"fingerprint", decision.fingerprint}};
  if (!decision.problem.empty()) {
    json["problem"] = decision.problem;
    return json;
  }
  json["index"] = decision.index;
  if (!decision.proposal.empty()) {
    json["proposal"] = decision.proposal;
  }
  return json;
}

std::string ToLine(const Decision& decision) {
  if (!decision.problem.empty()) {
    return fmt::format(
        "{} NOT {}: {}\n", decision.address, decision.verb, Printable(decision.problem));
  }
  if (!decision.proposal.empty()) {
    return fmt::format(
        "{} will be {} when another admin confirms it, within 7 days (entry {}). There:\n"
        "  rujukan-admin confirm {} --home DIR\n",
        decision.address,
        decision.verb,
        decision.index,
        decision.proposal);
  }
  return fmt::format(
      "{} {}: entry {} of the ledger\n", decision.address, decision.verb, decision.index);
}

}  // namespace

std::string JsonText(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

std::string TextTable(const std::vector<std::vector<std::string>>& lines) {
  std::vector<size_t> widths;
  for (const auto& line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], Printable(line[i]).size());
    }
  }
  std::string text;
  for (const auto& line : lines) {
    std::string row;
    for (size_t i = 0; i < line.size(); ++i) {
      row += fmt::format("{:<{}}  ", Printable(line[i]), widths[i]);
    }
    text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

int64_t DaysUntil(UnixMillis until, UnixMillis now) {
  const UnixMillis left = until - now;
  return left >= 0 ? left / kDay : (left - kDay + 1) / kDay;
}

std::string PresentInit(const link::DomainFile& domain,
                        const std::string& home,
                        const std::string& broker_identity,
                        bool json) {
  if (json) {
    return JsonText(Json{{"domain", domain.domain},
                         {"admin", domain.admin},
                         {"home", home},
                         {"broker_identity", broker_identity},
                         {"log_vkey", domain.log_vkey},
                         {"root_fingerprint", ToHex(domain.root_fingerprint.view())}});
  }
  return fmt::format(
      "Domain {} exists. Admin: {}\n"
      "  {}  your keys; keep a copy\n"
      "  {}  for the machine that runs the broker; it can make no identity\n"
      "Move root.key offline now (or take its token away): nothing but `recover` and a new "
      "issuing\n"
      "CA needs it, and who has it has the domain.\n"
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
    return JsonText(answer);
  }
  const bool agency =
      invitation.role() == v1::Role::UNSPECIFIED || invitation.role() == v1::Role::AGENCY;
  const std::string what = file.empty() ? link::EncodeInvitation(invitation) : file;
  return fmt::format(
      "Invited {} (entry {}), until {}.\n"
      "Give this to {}, and to nobody else: whoever has it can ask to join in its name.\n"
      "  {}\n"
      "There:  {} join {} --home DIR\n"
      "Here:   rujukan-admin requests --home DIR\n",
      invitation.address(),
      index,
      FormatTime(invitation.expires_at_ms()),
      agency ? "the agency" : "that person",
      what,
      agency ? "rujukan-agent" : "rujukan-admin",
      file.empty() ? "INVITATION" : file);
}

std::string PresentRequests(const std::vector<Waiting>& waiting, bool json) {
  Json list = Json::array();
  std::vector<std::vector<std::string>> lines = {
      {"FINGERPRINT", "WANTS", "ADDRESS", "ROLE", "SINCE", "NAME", "WARNING"}};
  for (const Waiting& one : waiting) {
    list.push_back(ToJson(one));
    lines.push_back({one.fingerprint,
                     one.kind == Waiting::Kind::kJoin ? "to join" : "new keys",
                     one.address,
                     RoleWord(one.role),
                     FormatTime(one.since),
                     one.official_name,
                     WarningFor(one)});
  }
  if (json) {
    return JsonText(list);
  }
  if (waiting.empty()) {
    return "Nobody waits for a decision.\n";
  }
  return TextTable(lines) +
         "Call them on a number you know already, and let them read out their fingerprint. If it "
         "is the\nsame:  rujukan-admin approve FINGERPRINT --home DIR\n"
         "If not:  rujukan-admin reject FINGERPRINT --reason TEXT --home DIR\n";
}

bool Decisions::failed() const {
  return std::any_of(
      all.begin(), all.end(), [](const Decision& decision) { return !decision.problem.empty(); });
}

std::string PresentDecisions(const Decisions& decisions, bool json) {
  Json list = Json::array();
  std::string text;
  for (const Decision& decision : decisions.all) {
    list.push_back(ToJson(decision));
    text += ToLine(decision);
  }
  if (!json) {
    return text + decisions.crl + (decisions.crl.empty() ? "" : "\n") +
           (decisions.all.empty() ? "Nobody waits for a decision.\n"
                                  : fmt::format("It took {}.\n", Seconds(decisions.took)));
  }
  Json answer{{"decisions", list}, {"took_ms", decisions.took}};
  if (!decisions.crl.empty()) {
    answer["crl"] = decisions.crl;
  }
  return JsonText(answer);
}

std::string PresentMembers(const std::vector<Member>& members, UnixMillis now, bool json) {
  Json list = Json::array();
  std::vector<std::vector<std::string>> lines = {
      {"ADDRESS", "ROLE", "STATUS", "REGION", "DAYS", "NAME"}};
  for (const Member& member : members) {
    const v1::AgencyRecord& record = member.record;
    Json one{{"address", record.address()},
             {"role", v1::Role::Code_Name(record.role())},
             {"status", v1::AgencyStatus::Code_Name(record.status())},
             {"official_name", record.official_name()},
             {"region", record.region()},
             {"admitted_at", FormatTime(record.admitted_at_ms())},
             {"admitted_at_index", record.admitted_at_index()}};
    std::string days = "-";
    if (member.ends != 0) {
      one["certificates_end"] = FormatTime(member.ends);
      one["days_left"] = DaysUntil(member.ends, now);
      days = std::to_string(DaysUntil(member.ends, now));
    }
    list.push_back(std::move(one));
    lines.push_back({record.address(),
                     v1::Role::Code_Name(record.role()),
                     v1::AgencyStatus::Code_Name(record.status()),
                     record.region(),
                     days,
                     record.official_name()});
  }
  return json ? JsonText(list) : TextTable(lines);
}

}  // namespace rujukan::admin
