#include "agents/agency/routes.h"

#include <algorithm>
#include <type_traits>

#include "agents/agency/api.h"
#include "agents/agency/leg.h"

namespace rujukan::agency {
namespace {

std::vector<std::string> SplitPath(const std::string& path) {
  std::vector<std::string> parts;
  size_t start = 0;
  while (start < path.size()) {
    const size_t end = std::min(path.find('/', start), path.size());
    if (end > start) {
      parts.push_back(path.substr(start, end - start));
    }
    start = end + 1;
  }
  return parts;
}

// What stands for the names of `path`; nullopt: these parts are not of it.
std::optional<PathValues> ValuesIn(const std::string& path, const std::vector<std::string>& parts) {
  const auto names = SplitPath(path);
  if (names.size() != parts.size()) {
    return std::nullopt;
  }
  PathValues values;
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i].front() == '{') {
      values.push_back(parts[i]);
    } else if (names[i] != parts[i]) {
      return std::nullopt;
    }
  }
  return values;
}

// Calls a member of Api with what it takes: the request or not, and the values it wants.
template <auto Handler>
ApiReply Call(Api& api, const ApiRequest& request, const PathValues& values) {
  using H = decltype(Handler);
  if constexpr (std::is_invocable_v<H, Api&>) {
    return (api.*Handler)();
  } else if constexpr (std::is_invocable_v<H, Api&, const ApiRequest&>) {
    return (api.*Handler)(request);
  } else if constexpr (std::is_invocable_v<H, Api&, const std::string&>) {
    return (api.*Handler)(values[0]);
  } else if constexpr (std::is_invocable_v<H, Api&, const ApiRequest&, const std::string&>) {
    return (api.*Handler)(request, values[0]);
  } else {
    return (api.*Handler)(request, values[0], values[1]);
  }
}

// The same for what needs no agent.
template <auto Handler>
ApiReply CallStatic(Api&, const ApiRequest& request, const PathValues& values) {
  if constexpr (std::is_invocable_v<decltype(Handler)>) {
    return Handler();
  } else if constexpr (std::is_invocable_v<decltype(Handler), const ApiRequest&>) {
    return Handler(request);
  } else {
    return Handler(values[0]);
  }
}

}  // namespace

// Names Api's members, which are nobody else's business.
struct ApiRoutes {
  static std::vector<Route> Messages();
  static std::vector<Route> Episodes();
  static std::vector<Route> Work();
  static std::vector<Route> Evidence();
  static std::vector<Route> Integration();
  static std::vector<Route> Bulk();
  static Route StepOf(const Action& action);
  static std::vector<Route> All();
};

std::vector<Route> ApiRoutes::Messages() {
  return {
      {"GET", "/healthz", "getHealth", &CallStatic<&Api::GetHealth>},
      {"GET", "/metrics", "getMetrics", &Call<&Api::GetMetrics>},
      {"GET", "/v1/openapi.json", "getOpenapi", &CallStatic<&Api::GetOpenapi>},
      {"GET", "/v1/schemas", "listSchemas", &CallStatic<&Api::GetSchemas>},
      {"GET", "/v1/schemas/{name}", "getSchema", &CallStatic<&Api::GetSchema>},
      {"GET", "/v1/status", "getStatus", &Call<&Api::GetStatus>},
      // keys
      {"GET", "/v1/keys", "getKeys", &Call<&Api::GetKeys>},
      {"POST", "/v1/keys/rotate", "rotateKeys", &Call<&Api::PostRotate>, Repeat::kByReply},
      // directory, policy
      {"GET", "/v1/directory", "searchDirectory", &Call<&Api::GetDirectory>},
      {"GET", "/v1/directory/root", "getDirectoryRoot", &Call<&Api::GetDirectoryRoot>},
      {"GET", "/v1/directory/{address}", "getAgency", &Call<&Api::GetDirectoryRecord>},
      {"PUT", "/v1/directory/{address}", "putAgency", &Call<&Api::PutDirectory>},
      {"GET", "/v1/policy/test", "testPolicy", &Call<&Api::TestPolicy>},
      // messages and legs
      {"POST", "/v1/messages", "sendMessage", &Call<&Api::PostMessage>, Repeat::kByMessage},
      {"GET", "/v1/messages/{id}", "getMessage", &Call<&Api::GetMessage>},
      {"GET", "/v1/inbox", "listInbox", &Call<&Api::GetInbox>},
      {"GET", "/v1/outbox", "listOutbox", &Call<&Api::GetOutbox>},
      {"GET", "/v1/legs", "listLegs", &Call<&Api::GetLegs>},
      {"GET", "/v1/legs/{id}", "getLeg", &Call<&Api::GetLeg>},
      {"GET", "/v1/notices", "listNotices", &Call<&Api::GetNotices>},
      // attachments: the same file in the same leg is answered as it was, so none needs a key
      {"POST", "/v1/legs/{id}/attachments", "attachFile", &Call<&Api::PostAttachment>},
      {"GET", "/v1/legs/{id}/attachments", "listAttachments", &Call<&Api::GetAttachments>},
      {"GET", "/v1/attachments/{id}", "getAttachment", &Call<&Api::GetAttachment>},
      {"GET", "/v1/attachments/{id}/content", "getFile", &Call<&Api::GetAttachmentContent>},
  };
}

// Going on elsewhere, what was disclosed, and all legs of one child.
std::vector<Route> ApiRoutes::Episodes() {
  return {
      {"POST", "/v1/legs/{id}/forward", "forwardLeg", &Call<&Api::PostForward>, Repeat::kByMessage},
      {"GET", "/v1/legs/{id}/disclosures", "listLegDisclosures", &Call<&Api::GetLegDisclosures>},
      {"GET", "/v1/episodes", "listEpisodes", &Call<&Api::GetEpisodes>},
      {"GET", "/v1/episodes/{episode}", "getEpisode", &Call<&Api::GetEpisode>},
      {"GET",
       "/v1/episodes/{episode}/disclosures",
       "listEpisodeDisclosures",
       &Call<&Api::GetEpisodeDisclosures>},
      {"POST",
       "/v1/episodes/{episode}/withdraw-consent",
       "withdrawConsent",
       &Call<&Api::PostWithdrawConsent>,
       Repeat::kByMessage},
      {"GET", "/v1/tasks", "listTasks", &Call<&Api::GetTasks>},
      {"POST", "/v1/tasks/{id}/done", "finishTask", &Call<&Api::PostTaskDone>, Repeat::kByReply},
  };
}

// What an officer has to do, and the time limits of the law.
std::vector<Route> ApiRoutes::Work() {
  return {
      {"GET", "/v1/worklist", "getWorklist", &Call<&Api::GetWorklist>},
      {"GET", "/v1/search", "findLegs", &Call<&Api::GetSearch>},
      {"POST", "/v1/search", "searchLegs", &Call<&Api::PostSearch>},
      {"GET", "/v1/legs/{id}/timers", "listTimers", &Call<&Api::GetTimers>},
      {"POST", "/v1/legs/{id}/timers", "startTimer", &Call<&Api::PostTimer>},
      {"DELETE", "/v1/legs/{id}/timers", "stopTimer", &Call<&Api::DeleteTimer>},
  };
}

// Reading, disclosing, erasing, keeping.
std::vector<Route> ApiRoutes::Evidence() {
  return {
      {"GET", "/v1/reads", "listReads", &Call<&Api::GetReads>},
      {"POST", "/v1/reads/anchor", "anchorReads", &Call<&Api::PostAnchor>, Repeat::kByReply},
      {"POST",
       "/v1/messages/{id}/disclose",
       "discloseMessage",
       &Call<&Api::PostDisclose>,
       Repeat::kAgain},
      {"POST", "/v1/legs/{id}/erase", "eraseLeg", &Call<&Api::PostErase>, Repeat::kByMessage},
      {"POST", "/v1/legs/{id}/hold", "holdLeg", &Call<&Api::PostKeep>, Repeat::kByReply},
      {"POST", "/v1/legs/{id}/unhold", "unholdLeg", &Call<&Api::PostUnkeep>, Repeat::kByReply},
      {"GET", "/v1/erasures", "listErasures", &Call<&Api::GetErasures>},
      {"POST",
       "/v1/erasures/{id}/carry-out",
       "carryOutErasure",
       &Call<&Api::PostCarryOut>,
       Repeat::kByReply},
      {"POST",
       "/v1/erasures/{id}/object",
       "objectToErasure",
       &Call<&Api::PostObjection>,
       Repeat::kByReply},
  };
}

// Events and webhooks.
std::vector<Route> ApiRoutes::Integration() {
  return {
      {"GET", "/v1/events", "listEvents", &Call<&Api::GetEvents>},
      {"GET", "/v1/events/stream", "streamEvents", &Call<&Api::StreamEvents>},
      {"POST", "/v1/webhooks", "addWebhook", &Call<&Api::PostWebhook>, Repeat::kByReply},
      {"GET", "/v1/webhooks", "listWebhooks", &Call<&Api::GetWebhooks>},
      {"GET", "/v1/webhooks/{id}", "getWebhook", &Call<&Api::GetWebhook>},
      {"PATCH", "/v1/webhooks/{id}", "changeWebhook", &Call<&Api::PatchWebhook>},
      {"DELETE", "/v1/webhooks/{id}", "removeWebhook", &Call<&Api::DeleteWebhook>},
      {"POST", "/v1/webhooks/{id}/test", "testWebhook", &Call<&Api::TestWebhook>, Repeat::kAgain},
      {"GET", "/v1/webhooks/{id}/dead-letters", "listDeadLetters", &Call<&Api::GetDeadLetters>},
      {"POST",
       "/v1/webhooks/{id}/replay",
       "replayWebhook",
       &Call<&Api::PostReplay>,
       Repeat::kByReply},
  };
}

// Many at once: import and export.
std::vector<Route> ApiRoutes::Bulk() {
  return {
      {"POST", "/v1/import", "importRows", &Call<&Api::PostImport>},
      {"GET", "/v1/import", "getImport", &Call<&Api::GetImport>},
      {"GET", "/v1/import/template", "getImportTemplate", &CallStatic<&Api::GetImportTemplate>},
      {"GET", "/v1/export/legs", "exportLegs", &Call<&Api::ExportLegs>},
      {"GET", "/v1/export/siks-ng", "exportSiks", &Call<&Api::ExportSiks>},
      {"GET", "/v1/export/siks-ng/summary", "summarizeSiks", &Call<&Api::SummarizeSiks>},
      {"GET", "/v1/export/simfoni", "exportSimfoni", &Call<&Api::ExportSimfoni>},
      {"GET", "/v1/export/simfoni/summary", "summarizeSimfoni", &Call<&Api::SummarizeSimfoni>},
      {"GET", "/v1/legs/{id}/fhir", "getFhir", &Call<&Api::GetFhir>},
      {"POST", "/v1/legs/{id}/verivali", "markVerified", &Call<&Api::PostVerification>},
  };
}

Route ApiRoutes::StepOf(const Action& action) {
  return {"POST",
          "/v1/legs/{id}/" + std::string(action.name),
          "leg." + std::string(action.name),
          [](Api& api, const ApiRequest& request, const PathValues& values) {
            return api.PostAction(request, values[0], SplitPath(request.path).back());
          },
          Repeat::kByMessage};
}

// Steps of a leg are paths of their own; those with a hand of their own above stay as they are.
std::vector<Route> ApiRoutes::All() {
  std::vector<Route> routes = Messages();
  for (auto& group : {Episodes(), Work(), Evidence(), Integration(), Bulk()}) {
    routes.insert(routes.end(), group.begin(), group.end());
  }
  for (const Action& action : Actions()) {
    Route step = StepOf(action);
    const bool there = std::any_of(
        routes.begin(), routes.end(), [&](const Route& one) { return one.path == step.path; });
    if (!there) {
      routes.push_back(std::move(step));
    }
  }
  return routes;
}

const std::vector<Route>& Routes() {
  static const std::vector<Route> kRoutes = ApiRoutes::All();
  return kRoutes;
}

std::optional<RouteMatch> FindRoute(const std::string& method, const std::string& path) {
  const auto parts = SplitPath(path);
  std::optional<RouteMatch> best;
  for (const Route& route : Routes()) {
    auto values = route.method == method ? ValuesIn(route.path, parts) : std::nullopt;
    if (values && (!best || values->size() < best->values.size())) {
      best = RouteMatch{&route, std::move(*values)};
    }
  }
  return best;
}

std::string MethodsOf(const std::string& path) {
  const auto parts = SplitPath(path);
  std::string methods;
  for (const Route& route : Routes()) {
    if (ValuesIn(route.path, parts) && methods.find(route.method) == std::string::npos) {
      methods += (methods.empty() ? "" : ", ") + route.method;
    }
  }
  return methods;
}

}  // namespace rujukan::agency
