// The daemon's log: one JSON object a line on stderr. Ids, counts and states only: never content,
// keys, or anything a person wrote. Thread-safe.
#pragma once

#include <memory>
#include <string_view>

#include "agents/agency/json.h"

namespace spdlog {
class logger;
}

namespace rujukan::agency {

class Log {
 public:
  Log();  // to stderr
  // {"time":"...","level":"info","event":"...", fields...}
  void Info(std::string_view event, const Json& fields = Json::object());
  void Warn(std::string_view event, const Json& fields = Json::object());

 private:
  void Write(const char* level, std::string_view event, const Json& fields);
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace rujukan::agency
