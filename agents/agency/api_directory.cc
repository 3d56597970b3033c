// The API's directory: searching, showing and editing records.
#include "agents/agency/api.h"
#include "agents/agency/directory_json.h"
#include "agents/agency/profile_check.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kActWaitMs = 20'000;

// What an edit asks for, by its parts. Each becomes an act of its own.
struct Edit {
  std::optional<v1::AgencyProfile> profile;
  std::optional<v1::AgencyStanding> standing;
};

void AddMisfit(Findings& findings, const std::string& field) {
  findings.push_back({field,
                      "bidang tidak dikenal, atau nilainya bukan bentuk atau kode yang benar / "
                      "unknown field, or not the right form or code"});
}

template <class Message>
std::optional<Message> ReadPart(const Json& body, const char* name, Findings& findings) {
  const auto found = body.find(name);
  if (found == body.end()) {
    return std::nullopt;
  }
  Message message;
  if (const auto read = ToMessage(*found, name, message); !read) {
    AddMisfit(findings, read.error().context);
  }
  return message;
}

Edit ReadEdit(const Json& body, UnixMillis now, Findings& findings) {
  Edit edit;
  for (const auto& [name, value] : body.items()) {
    if (name != "profile" && name != "standing") {
      AddMisfit(findings, name.size() <= 64 ? name : "?");
    }
  }
  edit.profile = ReadPart<v1::AgencyProfile>(body, "profile", findings);
  edit.standing = ReadPart<v1::AgencyStanding>(body, "standing", findings);
  if (!findings.empty()) {
    return edit;
  }
  if (!edit.profile && !edit.standing) {
    findings.push_back({"profile", "isi profile atau standing / give profile or standing"});
  }
  if (edit.profile) {
    FillCapacityTimes(*edit.profile, now);
    findings = ValidateProfile(*edit.profile, now);
  }
  if (edit.standing) {
    for (auto& finding : ValidateStanding(*edit.standing)) {
      findings.push_back(std::move(finding));
    }
  }
  return edit;
}

std::vector<v1::Act> ActsOf(Edit edit, const std::string& address) {
  std::vector<v1::Act> acts;
  if (edit.profile) {
    v1::Describe& describe = *acts.emplace_back().mutable_describe();
    describe.set_address(address);
    *describe.mutable_profile() = std::move(*edit.profile);
  }
  if (edit.standing) {
    v1::SetStanding& set = *acts.emplace_back().mutable_set_standing();
    set.set_address(address);
    *set.mutable_standing() = std::move(*edit.standing);
  }
  return acts;
}

}  // namespace

ApiReply Api::GetDirectory(const ApiRequest& request) {
  Findings findings;
  const auto json =
      SearchJson(context_.store.directory(), request.query, context_.clock.Now(), findings);
  if (!findings.empty()) {
    return ProblemOfQuery(findings);
  }
  return json ? ReplyOf(200, *json) : ProblemOf(json.error());
}

ApiReply Api::GetDirectoryRoot() {
  const auto json = RootJson(context_.store.directory());
  return json ? ReplyOf(200, *json) : ProblemOf(json.error());
}

ApiReply Api::GetDirectoryRecord(const std::string& address) {
  const auto json = RecordJson(context_.store.directory(), address, context_.clock.Now());
  return json ? ReplyOf(200, *json) : ProblemOf(json.error());
}

ApiReply Api::PutDirectory(const ApiRequest& request, const std::string& address) {
  const auto body = ParseJson(request.body);
  if (!body) {
    return ProblemNamed("bad-request", body.error().context);
  }
  Findings findings;
  Edit edit = ReadEdit(*body, context_.clock.Now(), findings);
  if (!findings.empty()) {
    return ProblemOf(findings);
  }
  Json entries = Json::array();
  for (auto& act : ActsOf(std::move(edit), address)) {
    const auto number = context_.acts.HandIn(std::move(act));
    if (!number) {
      return ProblemOf(number.error());
    }
    context_.wake();
    const auto outcome = context_.acts.Await(*number, kActWaitMs);
    if (!outcome || !outcome->recorded) {
      return ProblemOf(outcome ? outcome->refusal : outcome.error());
    }
    entries.push_back(outcome->index);
  }
  return ReplyOf(200, {{"address", address}, {"entries", std::move(entries)}});
}

}  // namespace rujukan::agency
