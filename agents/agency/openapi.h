// The OpenAPI 3.1 document of the API, put together once from what is known elsewhere: which
// operations there are (routes.h), what each is for (openapi/operations.json), shapes of replies
// (openapi/document.json) and of what is written in messages (schema.h). Pure; any thread.
//
// openapi/operations.json, by operationId:
//   "tag", "summary" (required), "description"
//   "query": names of components.parameters    "body": name of a schema, "optional_body": true
//   "body_type", "reply_type": media types, application/json when absent
//   "replies": {"200": name of a schema, or null for no body}
// Steps of a leg need no entry: theirs is made from the kind they send.
#pragma once

#include "agents/agency/json.h"

namespace rujukan::agency {

const Json& OpenapiDocument();

}  // namespace rujukan::agency
