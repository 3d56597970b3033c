#include "tests/scenarios/outside_ears.h"

#include <sys/stat.h>

#include "base/check.h"
#include "tests/harness/process.h"

namespace rujukan::scenarios {

OutsideEars::OutsideEars(std::string directory)
    : directory_(std::move(directory)),
      hooks_([this](const auto& request) { return Keep(request); }) {
  const std::string command = directory_ + "/told.sh";
  testing::WriteWholeFile(
      command, "#!/bin/sh\nprintf '%s %s\\n' \"$1\" \"$2\" >>'" + directory_ + "/told.txt'\n");
  CHECK(::chmod(command.c_str(), 0700) == 0);
}

nlohmann::ordered_json OutsideEars::Notices() const {
  return {{{"perintah", directory_ + "/told.sh"}},
          {{"surel",
            {{"server", mails_.url()},
             {"dari", "rujukan@kantor.example"},
             {"kepada", {"piket@kantor.example"}}}}}};
}

testing::HttpStub::Reply OutsideEars::Keep(const testing::HttpStub::Request& request) {
  std::string all = request.method + " " + request.path + "\n";
  for (const auto& [name, value] : request.headers) {
    all += name + ": " + value + "\n";
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  posts_.emplace_back("webhook " + request.path, all + request.body);
  return {};
}

std::vector<std::pair<std::string, std::string>> OutsideEars::Heard() {
  std::vector<std::pair<std::string, std::string>> heard = {
      {"told by command", testing::ReadWholeFile(directory_ + "/told.txt")}};
  for (const auto& mail : mails_.Await(0)) {
    heard.emplace_back("mail", mail.text);
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  heard.insert(heard.end(), posts_.begin(), posts_.end());
  return heard;
}

}  // namespace rujukan::scenarios
