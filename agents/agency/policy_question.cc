#include "agents/agency/policy_question.h"

#include "agents/agency/codes.h"
#include "agents/agency/compose.h"
#include "agents/agency/gate.h"

namespace rujukan::agency {
namespace {

std::string ValueOf(const std::map<std::string, std::string>& query, const char* name) {
  const auto found = query.find(name);
  return found == query.end() ? std::string() : found->second;
}

Result<void> ReadKind(const std::string& kind, Intent& intent) {
  if (kind == "RUJUKAN") {
    return {};
  }
  if (kind == "PEMBERITAHUAN") {
    intent.kind = v1::Kind::PEMBERITAHUAN;
    return {};
  }
  if (!v1::ReferralType::Code_Parse(kind, &intent.type) || intent.type == 0) {
    return Fail(Errc::kInvalid,
                "jenis / kind: " + CodesOf(*v1::ReferralType::Code_descriptor()) +
                    ", RUJUKAN, PEMBERITAHUAN");
  }
  return {};
}

Result<Intent> IntentOf(const std::string& from, const std::map<std::string, std::string>& query) {
  Intent intent;
  intent.from = from;
  intent.to = ValueOf(query, "to");
  RETURN_IF_ERROR(ReadKind(ValueOf(query, "kind"), intent));
  intent.emergency = ValueOf(query, "emergency") == "1";
  intent.classification = ClassOf(intent.kind, v1::Content());
  const std::string name = ValueOf(query, "classification");
  if (!name.empty() && (!v1::Classification::Code_Parse(name, &intent.classification) ||
                        intent.classification == v1::Classification::UNSPECIFIED)) {
    return Fail(Errc::kInvalid,
                "klasifikasi / classification: " + CodesOf(*v1::Classification::Code_descriptor()));
  }
  return intent;
}

}  // namespace

Result<Json> RunPolicyTest(const ledger::View& directory,
                           const std::string& from,
                           const std::map<std::string, std::string>& query,
                           UnixMillis now) {
  ASSIGN_OR_RETURN(const Intent intent, IntentOf(from, query));
  const Gate gate(directory);
  ASSIGN_OR_RETURN(const auto ruling, gate.Judge(intent, now));
  if (!ruling) {
    return Fail(Errc::kNotFound,
                "tidak ada kebijakan, atau lembaga tidak ada dalam direktori / there is no policy, "
                "or the agency is not in the directory: then the broker decides");
  }
  ASSIGN_OR_RETURN(const auto steps, gate.Explain(intent, now));
  Json list = Json::array();
  for (const auto& step : steps) {
    list.push_back({{"rule", step.rule},
                    {"decides", step.miss == ledger::Miss::kNone},
                    {"why", std::string(ledger::MissText(step.miss))},
                    {"explanation", step.because}});
  }
  return Json{{"from", intent.from},
              {"to", intent.to},
              {"effect", std::string(ledger::EffectName(ruling->decision.effect))},
              {"allowed", ruling->allowed()},
              {"permit", ruling->permitted},
              {"rule", ruling->decision.rule},
              {"because", ruling->decision.because},
              {"next_step", ruling->allowed() ? "" : AdviceOf(*ruling, intent)},
              {"policy_version", ruling->version},
              {"rules", std::move(list)}};
}

}  // namespace rujukan::agency
