// A domain that `init` made in a temporary folder, its broker in memory, and commands as people
// type them: what every test of a command begins with.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agents/admin/command_set.h"
#include "tests/unit/admin/fake_broker.h"

namespace rujukan::admin::testing {

inline constexpr UnixMillis kFounded = 1'795'000'000'000;
inline constexpr UnixMillis kOneDay = 24LL * 3600 * 1000;

class SetClock : public Clock {
 public:
  UnixMillis Now() const override { return now; }
  UnixMillis now = kFounded;
};

using AddFunction = std::function<void(CommandSet&)>;

class FoundedDomain : public ::testing::Test {
 protected:
  // `add`: the sets of commands that the tests type. With the membership commands if empty.
  explicit FoundedDomain(std::vector<AddFunction> add = {});
  ~FoundedDomain() override;

  // "approve --all": `words` as main() would get them; --home and --json are added. A line that
  // does not parse ends with kExitUsage and the parser's words.
  Output Run(std::vector<std::string> words);
  Output RunAt(const std::string& at_home, std::vector<std::string> words, bool json = true);
  // As Run, which must succeed.
  nlohmann::json Answer(std::vector<std::string> words);
  // Lets both clocks go on.
  void Pass(UnixMillis ms);

  v1::Invitation Invite(const std::string& address, std::vector<std::string> more = {});
  void Join(const v1::Invitation& invitation);
  // Invited, joined, approved.
  void BringIn(const std::string& address);
  v1::AgencyRecord MemberOf(const std::string& address) const;  // empty: there is none

  std::string root;  // everything is below it
  std::string home;
  SetClock clock;
  std::unique_ptr<FakeBroker> broker;
  Connector connect;  // to `broker`, until a test changes it

 private:
  std::vector<AddFunction> add_;
};

}  // namespace rujukan::admin::testing
