#include "agents/agency/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/clock.h"

namespace rujukan::agency {

Log::Log()
    : logger_(std::make_shared<spdlog::logger>("agent",
                                               std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  logger_->set_pattern("%v");
  logger_->flush_on(spdlog::level::info);
}

void Log::Info(std::string_view event, const Json& fields) {
  Write("info", event, fields);
}

void Log::Warn(std::string_view event, const Json& fields) {
  Write("warn", event, fields);
}

void Log::Write(const char* level, std::string_view event, const Json& fields) {
  Json line = {
      {"time", FormatTime(SystemClock().Now())}, {"level", level}, {"event", std::string(event)}};
  for (const auto& [name, value] : fields.items()) {
    if (!line.contains(name)) {
      line[name] = value;
    }
  }
  logger_->info("{}", line.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace rujukan::agency
