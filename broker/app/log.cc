#include "broker/app/log.h"

#include <spdlog/formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/clock.h"

namespace rujukan::broker {
namespace {

std::string_view ViewOf(const spdlog::string_view_t& text) {
  return {text.data(), text.size()};
}

class JsonFormatter : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(message.time.time_since_epoch());
    const std::string line =
        LogLine(FormatTime(ms.count()),
                std::string(ViewOf(spdlog::level::to_string_view(message.level))),
                std::string(ViewOf(message.payload))) +
        "\n";
    out.append(line.data(), line.data() + line.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonFormatter>();
  }
};

}  // namespace

std::string LogLine(const std::string& time, const std::string& level, const std::string& message) {
  // Names that people chose end up in messages: invalid UTF-8 is replaced, never thrown.
  using Json = nlohmann::ordered_json;
  const Json line = {{"time", time}, {"level", level}, {"message", message}};
  return line.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

Result<void> OpenLog(const std::string& file) {
  try {
    std::shared_ptr<spdlog::logger> logger = file.empty()
                                                 ? spdlog::stderr_logger_mt("rujukan-broker")
                                                 : spdlog::basic_logger_mt("rujukan-broker", file);
    logger->set_formatter(std::make_unique<JsonFormatter>());
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(logger);
  } catch (const spdlog::spdlog_ex& error) {
    return Fail(Errc::kUnavailable, "opening the log " + file + ": " + error.what());
  }
  return {};
}

}  // namespace rujukan::broker
