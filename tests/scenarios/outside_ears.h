// What the agencies' own systems are told: a webhook receiver, a mail server and a command for all
// of them, which keep every byte they get. No content may ever be among it. Thread-safe.
#pragma once

#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/http_stub.h"
#include "tests/support/smtp_stub.h"

namespace rujukan::scenarios {

class OutsideEars {
 public:
  // Writes the command into `directory`, which outlives this.
  explicit OutsideEars(std::string directory);

  // "pemberitahuan" of an agent's config.json.
  nlohmann::ordered_json Notices() const;
  std::string WebhookFor(const std::string& agency) const { return hooks_.url() + "/" + agency; }

  // Everything heard so far: where, and the bytes.
  std::vector<std::pair<std::string, std::string>> Heard();

 private:
  testing::HttpStub::Reply Keep(const testing::HttpStub::Request& request);

  const std::string directory_;
  std::mutex mutex_;
  std::vector<std::pair<std::string, std::string>> posts_;  // guarded by mutex_
  testing::SmtpStub mails_;
  testing::HttpStub hooks_;
};

}  // namespace rujukan::scenarios
