// What the API says of itself: the OpenAPI document and the schemas. They change only with the
// program, so they may be kept by whoever asks.
#include "agents/agency/api.h"
#include "agents/agency/openapi.h"
#include "agents/agency/schema.h"

namespace rujukan::agency {

ApiReply Api::GetOpenapi() {
  static const std::string kText = OpenapiDocument().dump(2) + "\n";
  return ApiReply{200, "application/json", kText};
}

ApiReply Api::GetSchemas() {
  Json list = Json::array();
  for (const auto& name : SchemaNames()) {
    list.push_back(
        {{"name", name}, {"id", "urn:rujukan:v1:schema:" + name}, {"href", "/v1/schemas/" + name}});
  }
  return ReplyOf(200, {{"schemas", std::move(list)}});
}

ApiReply Api::GetSchema(const std::string& name) {
  const auto schema = SchemaDocument(name);
  if (!schema) {
    return ProblemOf(schema.error());
  }
  ApiReply reply = ReplyOf(200, *schema);
  reply.content_type = "application/schema+json";
  return reply;
}

}  // namespace rujukan::agency
