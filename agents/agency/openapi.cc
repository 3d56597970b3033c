#include "agents/agency/openapi.h"

#include "agents/agency/event.h"
#include "agents/agency/leg.h"
#include "agents/agency/openapi/document.json.h"
#include "agents/agency/openapi/operations.json.h"
#include "agents/agency/problem.h"
#include "agents/agency/routes.h"
#include "agents/agency/schema.h"
#include "base/check.h"

namespace rujukan::agency {
namespace {

constexpr const char* kSchemas = "#/components/schemas/";

Json Parsed(std::string_view text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  CHECK(json.is_object());
  return json;
}

Json ReferenceTo(const std::string& what, const std::string& name) {
  return {{"$ref", "#/components/" + what + "/" + name}};
}

// {"peran": ...} of the sender, and the fields of the message that the step sends.
Json ActionBody(const std::string& kind) {
  return {{"type", "object"},
          {"properties",
           {{"kunci_idempoten", ReferenceTo("schemas", "IdempotencyKey")},
            {"petugas", ReferenceTo("schemas", "Officer")},
            {"pesan",
             {{"type", "string"},
              {"format", "uuid"},
              {"description", "the message that it answers or corrects; absent: the oldest"}}},
            {"isi", ReferenceTo("schemas", SchemaOfKind(kind))}}},
          {"additionalProperties", false}};
}

// What operations.json would say of a step.
Json EntryOfAction(const Action& action) {
  const std::string kind = v1::Kind::Code_Name(action.kind);
  const std::string gloss = GlossOfCode("Kind", kind);
  return {{"tag", "steps"},
          {"summary", kind + (gloss.empty() ? "" : ": " + gloss)},
          {"query", {"check"}},
          {"inline_body", ActionBody(kind)},
          {"optional_body", true},
          {"replies", {{"202", "Queued"}, {"200", "Queued"}}}};
}

Json ParametersOf(const Route& route, const Json& entry) {
  Json parameters = Json::array();
  size_t start = route.path.find('{');
  while (start != std::string::npos) {
    const size_t end = route.path.find('}', start);
    const std::string name = route.path.substr(start + 1, end - start - 1);
    parameters.push_back(ReferenceTo("parameters", "path_" + name));
    start = route.path.find('{', end);
  }
  for (const auto& name : entry.value("query", Json::array())) {
    parameters.push_back(ReferenceTo("parameters", name.get<std::string>()));
  }
  for (const auto& name : entry.value("headers", Json::array())) {
    parameters.push_back(ReferenceTo("parameters", name.get<std::string>()));
  }
  if (route.repeat != Repeat::kHarmless) {
    parameters.push_back(ReferenceTo("parameters", "idempotency_key"));
  }
  return parameters;
}

Json BodyOf(const Json& entry) {
  const Json schema = entry.contains("inline_body")
                          ? entry["inline_body"]
                          : ReferenceTo("schemas", entry["body"].get<std::string>());
  return {{"required", !entry.value("optional_body", false)},
          {"content", {{entry.value("body_type", "application/json"), {{"schema", schema}}}}}};
}

std::string ReplyDescription(const std::string& status) {
  return status == "200"   ? "beres / done"
         : status == "201" ? "dibuat / made"
         : status == "202" ? "tersimpan di sini, dikerjakan / durable here and on its way"
         : status == "204" ? "beres, tanpa isi / done, no body"
                           : "jawaban / an answer";
}

Json RepliesOf(const Json& entry) {
  Json replies = Json::object();
  for (const auto& [status, schema] : entry["replies"].items()) {
    Json reply = {{"description", ReplyDescription(status)}};
    if (schema.is_string()) {
      reply["content"] = {{entry.value("reply_type", "application/json"),
                           {{"schema", ReferenceTo("schemas", schema.get<std::string>())}}}};
    }
    replies[status] = std::move(reply);
  }
  replies["default"] = ReferenceTo("responses", "Problem");
  return replies;
}

Json OperationOf(const Route& route, const Json& entry) {
  Json operation = {
      {"operationId", route.operation}, {"tags", {entry["tag"]}}, {"summary", entry["summary"]}};
  if (entry.contains("description")) {
    operation["description"] = entry["description"];
  }
  if (Json parameters = ParametersOf(route, entry); !parameters.empty()) {
    operation["parameters"] = std::move(parameters);
  }
  if (entry.contains("body") || entry.contains("inline_body")) {
    operation["requestBody"] = BodyOf(entry);
  }
  operation["responses"] = RepliesOf(entry);
  return operation;
}

Json Lowered(std::string method) {
  for (char& c : method) {
    c = static_cast<char>(c - 'A' + 'a');
  }
  return method;
}

// The types of problems, so that a client may switch on them.
Json ProblemTypeSchema() {
  Json values = Json::array();
  for (const ProblemType& type : ProblemTypes()) {
    values.push_back(
        {{"const", std::string(kProblemPrefix) + std::string(type.name)},
         {"description", std::to_string(type.status) + ": " + std::string(type.title)}});
  }
  return {{"type", "string"}, {"oneOf", std::move(values)}};
}

Json EventTypeSchema() {
  Json values = Json::array();
  for (const EventKind& kind : EventKinds()) {
    values.push_back({{"const", kind.name}, {"description", kind.tells}});
  }
  return {{"type", "string"}, {"oneOf", std::move(values)}};
}

Json Assembled() {
  Json document = Parsed(kOpenapiDocument);
  const Json entries = Parsed(kOpenapiOperations);
  Json paths = Json::object();
  for (const Route& route : Routes()) {
    Json entry = entries.value(route.operation, Json::object());
    for (const Action& action : Actions()) {
      if (entry.empty() && route.operation == "leg." + std::string(action.name)) {
        entry = EntryOfAction(action);
      }
    }
    if (!entry.empty()) {  // one without is found by the test that compares the two
      paths[route.path][Lowered(route.method).get<std::string>()] = OperationOf(route, entry);
    }
  }
  document["paths"] = std::move(paths);
  Json& schemas = document["components"]["schemas"];
  const Json generated = AllSchemas(kSchemas);
  for (const auto& [name, schema] : generated.items()) {
    CHECK(!schemas.contains(name));
    schemas[name] = schema;
  }
  schemas["ProblemType"] = ProblemTypeSchema();
  schemas["EventType"] = EventTypeSchema();
  return document;
}

}  // namespace

const Json& OpenapiDocument() {
  static const Json kDocument = Assembled();
  return kDocument;
}

}  // namespace rujukan::agency
