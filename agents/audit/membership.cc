#include "agents/audit/membership.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agents/link/directory_copy.h"
#include "agents/link/member_link.h"
#include "base/bytes.h"
#include "base/printable.h"
#include "ledger/records.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;
using Words = google::protobuf::RepeatedPtrField<std::string>;

constexpr int64_t kDayMs = 24 * 3'600'000LL;

std::string Joined(const Words& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string ScopeText(const v1::Scope& scope) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  if (!scope.agencies().empty()) {
    add("agencies " + Joined(scope.agencies()));
  }
  if (!scope.regions().empty()) {
    add("regions " + Joined(scope.regions()));
  }
  if (scope.from_ms() != 0) {
    add("from " + FormatTime(scope.from_ms()));
  }
  if (scope.until_ms() != 0) {
    add("until " + FormatTime(scope.until_ms()));
  }
  return text.empty() ? "the whole domain" : text;
}

Result<UnixMillis> EndOfKey(const ledger::View& directory, const v1::AgencyRecord& record) {
  ASSIGN_OR_RETURN(const auto key, ledger::ReadKey(directory, record.signing_key()));
  return key && key->revoked_at_index() == 0 ? key->not_after_ms() : 0;
}

}  // namespace

Result<Membership> ReadMembership(const std::string& home) {
  ASSIGN_OR_RETURN(const link::Caller caller, link::LoadCaller(home));
  ASSIGN_OR_RETURN(const auto client, link::ConnectMember(home, caller));
  ledger::MemoryView directory = link::ReadDirectoryCopy(home, caller.domain);
  RETURN_IF_ERROR(link::FollowDirectory(link::PagesOf(*client), caller.domain, directory));
  RETURN_IF_ERROR(link::WriteDirectoryCopy(home, directory));
  ASSIGN_OR_RETURN(auto record, ledger::ReadAgency(directory, caller.domain.admin));
  if (!record) {
    return Fail(Errc::kNotFound, caller.domain.admin + " is not in the directory: join first");
  }
  ASSIGN_OR_RETURN(const UnixMillis ends, EndOfKey(directory, *record));
  return Membership{caller.domain, std::move(*record), ends};
}

std::string MembershipAsText(const Membership& membership, UnixMillis now) {
  const v1::AgencyRecord& record = membership.record;
  return fmt::format(
      "{}  {}  {}\n"
      "May read     {}\n"
      "Key ends     {} ({} days); renew with rujukan-admin rotate --home HOME\n"
      "Ledger key   {}\n"
      "Root         {} (SHA-256)\n",
      record.address(),
      v1::Role::Code_Name(record.role()),
      v1::AgencyStatus::Code_Name(record.status()),
      Printable(ScopeText(record.scope())),
      FormatTime(membership.key_ends),
      (membership.key_ends - now) / kDayMs,
      membership.domain.log_vkey,
      ToHex(membership.domain.root_fingerprint.view()));
}

std::string MembershipAsJson(const Membership& membership, UnixMillis now) {
  const v1::AgencyRecord& record = membership.record;
  const v1::Scope& scope = record.scope();
  Json json{{"address", record.address()},
            {"role", v1::Role::Code_Name(record.role())},
            {"status", v1::AgencyStatus::Code_Name(record.status())},
            {"key_ends", FormatTime(membership.key_ends)},
            {"key_days_left", (membership.key_ends - now) / kDayMs},
            {"log_vkey", membership.domain.log_vkey},
            {"root_fingerprint", ToHex(membership.domain.root_fingerprint.view())}};
  json["scope"] = {
      {"agencies", std::vector<std::string>(scope.agencies().begin(), scope.agencies().end())},
      {"regions", std::vector<std::string>(scope.regions().begin(), scope.regions().end())},
      {"from", scope.from_ms() == 0 ? Json(nullptr) : Json(FormatTime(scope.from_ms()))},
      {"until", scope.until_ms() == 0 ? Json(nullptr) : Json(FormatTime(scope.until_ms()))}};
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rujukan::audit
