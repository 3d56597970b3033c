#include "agents/admin/member.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>

#include "agents/admin/present.h"
#include "base/bytes.h"
#include "base/printable.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

using Json = nlohmann::ordered_json;

Result<std::vector<MemberKey>> ListKeys(const ledger::View& directory, const std::string& address) {
  std::vector<MemberKey> keys;
  RETURN_IF_ERROR(
      directory.Scan(ledger::Table::kKey, "", "", [&](std::string_view id, std::string_view value) {
        v1::KeyRecord record;
        if (record.ParseFromString(std::string(value)) && record.address() == address) {
          keys.push_back({std::string(id), std::move(record)});
        }
        return true;
      }));
  std::stable_sort(keys.begin(), keys.end(), [](const MemberKey& a, const MemberKey& b) {
    return a.record.since_index() < b.record.since_index();
  });
  return keys;
}

Result<std::vector<MemberPermit>> ListPermits(const ledger::View& directory,
                                              const std::string& address) {
  std::vector<MemberPermit> permits;
  RETURN_IF_ERROR(directory.Scan(
      ledger::Table::kPermit, "", "", [&](std::string_view key, std::string_view value) {
        const size_t middle = key.find('\0');
        MemberPermit permit{std::string(key.substr(0, middle)),
                            std::string(key.substr(std::min(key.size(), middle + 1))),
                            {}};
        if ((permit.from == address || permit.to == address) &&
            permit.record.ParseFromString(std::string(value))) {
          permits.push_back(std::move(permit));
        }
        return true;
      }));
  return permits;
}

// Field names of the schema, codes by name: the same words as the agency's own form has.
Json AsJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  Json json = Json::parse(status.ok() ? text : "", nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? json : Json::object();
}

std::string StateOf(const MemberKey& key, const v1::AgencyRecord& record, UnixMillis now) {
  if (key.record.revoked_at_index() != 0) {
    return "revoked by entry " + std::to_string(key.record.revoked_at_index());
  }
  if (key.record.not_after_ms() <= now) {
    return "expired";
  }
  if (key.id == record.signing_key() || key.id == record.encryption_key()) {
    return "in force";
  }
  return key.record.retires_at_ms() > now
             ? "replaced, counts until " + FormatTime(key.record.retires_at_ms())
             : "replaced";
}

Json ToJson(const MemberKey& key, const v1::AgencyRecord& record, UnixMillis now) {
  return Json{{"key_id", ToHex(key.id)},
              {"usage", v1::KeyUsage::Code_Name(key.record.usage())},
              {"state", StateOf(key, record, now)},
              {"not_before", FormatTime(key.record.not_before_ms())},
              {"not_after", FormatTime(key.record.not_after_ms())},
              {"days_left", DaysUntil(key.record.not_after_ms(), now)},
              {"since_index", key.record.since_index()},
              {"outside", !key.record.anchor().empty()}};
}

Json ToJson(const MemberFile& member, UnixMillis now) {
  const v1::AgencyRecord& record = member.record;
  Json json{{"address", record.address()},
            {"role", v1::Role::Code_Name(record.role())},
            {"status", v1::AgencyStatus::Code_Name(record.status())},
            {"status_note", record.status_note()},
            {"official_name", record.official_name()},
            {"region", record.region()},
            {"admitted_at", FormatTime(record.admitted_at_ms())},
            {"admitted_at_index", record.admitted_at_index()},
            {"changed_at_index", record.changed_at_index()},
            {"steward", record.steward()},
            {"scope", AsJson(record.scope())},
            {"standing", AsJson(record.standing())}};
  if (record.revocation_reason() != v1::RevocationReason::UNSPECIFIED) {
    json["revocation_reason"] = v1::RevocationReason::Code_Name(record.revocation_reason());
  }
  if (member.profile) {
    json["profile"] = AsJson(member.profile->profile());
    json["profile_by"] = member.profile->by();
    json["profile_changed_at"] = FormatTime(member.profile->changed_at_ms());
  }
  json["keys"] = Json::array();
  for (const MemberKey& key : member.keys) {
    json["keys"].push_back(ToJson(key, record, now));
  }
  json["requests"] = Json::array();
  for (const Waiting& one : member.waiting) {
    json["requests"].push_back({{"fingerprint", one.fingerprint},
                                {"kind", one.kind == Waiting::Kind::kJoin ? "join" : "keys"},
                                {"since", FormatTime(one.since)}});
  }
  json["permits"] = Json::array();
  for (const MemberPermit& permit : member.permits) {
    json["permits"].push_back({{"from", permit.from},
                               {"to", permit.to},
                               {"until", FormatTime(permit.record.expires_at_ms())},
                               {"by", permit.record.by()},
                               {"note", permit.record.note()}});
  }
  return json;
}

std::string Section(const std::string& title, const Json& fields) {
  if (fields.empty()) {
    return "";
  }
  std::string text = title + "\n";
  for (const auto& [name, value] : fields.items()) {
    const std::string shown = value.is_string()
                                  ? value.get<std::string>()
                                  : value.dump(-1, ' ', false, Json::error_handler_t::replace);
    text += fmt::format("  {:<22} {}\n", name, Printable(shown));
  }
  return text;
}

std::string KeyTable(const MemberFile& member, UnixMillis now) {
  std::vector<std::vector<std::string>> lines = {{"KEY", "USE", "ENDS", "DAYS", "STATE"}};
  for (const MemberKey& key : member.keys) {
    lines.push_back({ToHex(key.id).substr(0, 16),
                     v1::KeyUsage::Code_Name(key.record.usage()),
                     FormatTime(key.record.not_after_ms()),
                     std::to_string(DaysUntil(key.record.not_after_ms(), now)),
                     StateOf(key, member.record, now)});
  }
  return TextTable(lines);
}

}  // namespace

Result<MemberFile> ReadMember(const ledger::View& directory, const std::string& address) {
  MemberFile member;
  ASSIGN_OR_RETURN(auto record, ledger::ReadAgency(directory, address));
  if (!record) {
    return Fail(Errc::kNotFound,
                "no " + address + " in the directory; see rujukan-admin agencies, invitations");
  }
  member.record = std::move(*record);
  ASSIGN_OR_RETURN(member.profile, ledger::ReadProfile(directory, address));
  ASSIGN_OR_RETURN(member.keys, ListKeys(directory, address));
  ASSIGN_OR_RETURN(member.permits, ListPermits(directory, address));
  ASSIGN_OR_RETURN(auto waiting, ListWaiting(directory));
  for (Waiting& one : waiting) {
    if (one.address == address) {
      member.waiting.push_back(std::move(one));
    }
  }
  return member;
}

Result<UnixMillis> FirstEnd(const ledger::View& directory, const v1::AgencyRecord& record) {
  UnixMillis first = 0;
  for (const std::string& id : {record.signing_key(), record.encryption_key()}) {
    ASSIGN_OR_RETURN(const auto key, ledger::ReadKey(directory, id));
    if (key && key->revoked_at_index() == 0) {
      first = first == 0 ? key->not_after_ms() : std::min(first, key->not_after_ms());
    }
  }
  return first;
}

std::string PresentMember(const MemberFile& member, UnixMillis now, bool json) {
  Json all = ToJson(member, now);
  if (json) {
    return JsonText(all);
  }
  const Json standing = all["standing"];
  const Json profile = all.value("profile", Json::object());
  const Json requests = all["requests"];
  const Json permits = all["permits"];
  for (const char* part : {"standing", "profile", "keys", "requests", "permits"}) {
    all.erase(part);
  }
  std::string text = Section(member.record.address(), all) + Section("Standing", standing) +
                     Section("Profile", profile) + KeyTable(member, now);
  for (const Json& request : requests) {
    text += Section("Waits for a decision", request);
  }
  for (const Json& permit : permits) {
    text += Section("Permit", permit);
  }
  return text;
}

}  // namespace rujukan::admin
