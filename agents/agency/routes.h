// Every operation of the API in one table: the dispatcher works from it, and a test holds the
// OpenAPI document against it, so that nothing is served that is not documented, and nothing
// documented is missing. The steps of a leg (leg.h) are operations of their own.
//
// Thread: any; the table is made once.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace rujukan::agency {

class Api;
struct ApiReply;
struct ApiRequest;

// What stands in a path for the {names} of its template, in order.
using PathValues = std::vector<std::string>;

// How a request is answered that comes again under the same Idempotency-Key.
enum class Repeat {
  kHarmless,   // reading, or saying what shall be: done again
  kByMessage,  // the key is the body's kunci_idempoten: answered with the message it made
  kByReply,    // the reply is kept and given again
  kAgain,      // done again, as each time is to be logged; but only for the same body
};

struct Route {
  std::string method;
  std::string path;       // template: "/v1/legs/{id}"
  std::string operation;  // operationId
  ApiReply (*answer)(Api& api, const ApiRequest& request, const PathValues& values);
  Repeat repeat = Repeat::kHarmless;
};

const std::vector<Route>& Routes();

struct RouteMatch {
  const Route* route;
  PathValues values;
};
// A literal part of a template goes before a {name}. nullopt: no such path, or not with this
// method.
std::optional<RouteMatch> FindRoute(const std::string& method, const std::string& path);
// "GET, POST": the methods of a path, for the header Allow; "": there is no such path.
std::string MethodsOf(const std::string& path);

}  // namespace rujukan::agency
