// The API's questions to the policy: before a message is queued, and by themselves.
#include "agents/agency/api.h"
#include "agents/agency/policy_question.h"
#include "agents/agency/validate.h"

namespace rujukan::agency {
namespace {

ApiReply Forbidden(const Ruling& ruling, const Intent& intent) {
  const bool denied = ruling.decision.effect == ledger::Effect::kDenied;
  const std::string advice = AdviceOf(ruling, intent);
  const Json json = {
      {"type", std::string(kProblemPrefix) + "policy"},
      {"title",
       denied ? "dilarang kebijakan / forbidden by the policy"
              : "perlu persetujuan pengawas / a supervisor has to permit it"},
      {"status", 422},
      {"detail", advice},
      {"rule", ruling.decision.rule},
      {"effect", ledger::EffectName(ruling.decision.effect)},
      {"policy_version", ruling.version},
      {"errors", {{{"pointer", "#/kepada"}, {"field", "kepada"}, {"detail", advice}}}}};
  ApiReply reply = ReplyOf(422, json);
  reply.content_type = "application/problem+json";
  return reply;
}

}  // namespace

Result<std::optional<ApiReply>> Api::CheckIntent(const Intent& intent) {
  ASSIGN_OR_RETURN(const auto ruling, gate_.Judge(intent, context_.clock.Now()));
  return ruling && !ruling->allowed() ? std::optional(Forbidden(*ruling, intent)) : std::nullopt;
}

Result<std::optional<ApiReply>> Api::CheckPolicy(const NewMessage& message) {
  Intent intent;
  intent.from = context_.config.address;
  intent.kind = message.kind;
  intent.type = message.content.rujukan().jenis_rujukan();
  intent.emergency = IsEmergency(message.content.rujukan());
  intent.classification = std::max(ClassOf(message.kind, message.content), message.classification);
  intent.content = &message.content;
  intent.held = &message.held;
  for (const auto& to : message.to) {
    intent.to = to;
    ASSIGN_OR_RETURN(auto refused, CheckIntent(intent));
    if (refused) {
      return refused;
    }
  }
  return std::optional<ApiReply>();
}

// In an open leg only class SR is asked about: it may be above what the peer may read.
Result<std::optional<ApiReply>> Api::CheckDisclosure(const LegId& leg,
                                                     v1::Kind::Code kind,
                                                     const v1::Content& content) {
  if (ClassOf(kind, content) != v1::Classification::SR) {
    return std::optional<ApiReply>();
  }
  ASSIGN_OR_RETURN(const auto row,
                   context_.store.Read([&](Tables& tables) { return tables.FindLeg(leg); }));
  Intent intent;
  intent.from = context_.config.address;
  intent.to = row ? row->peer : "";
  intent.kind = kind;
  intent.classification = v1::Classification::SR;
  return CheckIntent(intent);
}

ApiReply Api::TestPolicy(const ApiRequest& request) {
  const auto answer = RunPolicyTest(
      context_.store.directory(), context_.config.address, request.query, context_.clock.Now());
  return answer ? ReplyOf(200, *answer) : ProblemOf(answer.error());
}

}  // namespace rujukan::agency
