// A domain that `init` made in a temporary folder, its broker in memory, and commands as people
// type them: what every test of a command begins with.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agents/admin/join.h"
#include "tests/unit/admin/fake_broker.h"

namespace rujukan::admin::testing {

inline constexpr UnixMillis kFounded = 1'795'000'000'000;
inline constexpr UnixMillis kOneDay = 24LL * 3600 * 1000;

class SetClock : public Clock {
 public:
  UnixMillis Now() const override { return now; }
  UnixMillis now = kFounded;
};

// The enrolment door of a broker in memory.
class FakeDoor : public link::EnrolmentDoor {
 public:
  explicit FakeDoor(FakeBroker& broker) : broker_(broker) {}
  Result<link::Proven> Ask(const v1::SubmitEnrolment& enrolment) override;
  Result<v1::EnrolmentStatus> StatusOf(const std::string& enrolment_id) override;
  void Pause() override {}

 private:
  FakeBroker& broker_;
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
  void Join(const v1::Invitation& invitation, const Applicant& applicant = Applicant());
  // Invited, joined, approved.
  Applicant BringIn(const std::string& address);
  // A member asks for `wanted`, signed with the keys it has.
  void AskForKeys(const std::string& address, const Applicant& present, const Applicant& wanted);
  // Another home, as `join` makes it, admitted in this role. Its folder.
  std::string BringInColleague(const std::string& address, const std::string& role = "admin");
  v1::AgencyRecord MemberOf(const std::string& address) const;  // empty: there is none

  link::DoorOpener open_door;  // to `broker`, too
  std::string root;            // everything is below it
  std::string home;
  SetClock clock;
  std::unique_ptr<FakeBroker> broker;
  Connector connect;  // to `broker`, until a test changes it

 private:
  std::vector<AddFunction> add_;
};

}  // namespace rujukan::admin::testing
