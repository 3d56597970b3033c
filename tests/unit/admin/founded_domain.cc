#include "tests/unit/admin/founded_domain.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "agents/admin/commands.h"
#include "agents/link/invitation.h"
#include "base/check.h"
#include "ledger/records.h"

namespace rujukan::admin::testing {
namespace {

const std::vector<AddFunction>& MembershipCommands() {
  static const std::vector<AddFunction> kAll = {
      AddFoundCommands, AddInviteCommands, AddRequestCommands, AddStatusCommands, AddShowCommands};
  return kAll;
}

}  // namespace

FoundedDomain::FoundedDomain(std::vector<AddFunction> add)
    : add_(add.empty() ? MembershipCommands() : std::move(add)) {
  root = (std::filesystem::temp_directory_path() / "adminXXXXXX").string();
  CHECK(mkdtemp(root.data()) != nullptr);
  home = root + "/admin";
  connect = [this](const std::string&, const Authority&) {
    return Result<std::unique_ptr<Broker>>(std::make_unique<Line>(*broker));
  };
  DomainFile made =
      *InitDomain({"lampung.example", home, root + "/broker", "Admin Lampung", ""}, kFounded);
  made.broker = "tcp://127.0.0.1:7400";
  made.enrol = "tcp://127.0.0.1:7401";
  CHECK(WriteDomainFile(home, made).has_value());
  broker = std::make_unique<FakeBroker>(root + "/broker", kFounded);
}

FoundedDomain::~FoundedDomain() {
  std::filesystem::remove_all(root);
}

Output FoundedDomain::Run(std::vector<std::string> words) {
  return RunAt(home, std::move(words));
}

Output FoundedDomain::RunAt(const std::string& at_home, std::vector<std::string> words, bool json) {
  CLI::App app("", "rujukan-admin");
  app.require_subcommand(1);
  CommonOptions common;
  CommandSet set(app, common);
  for (const AddFunction& add : add_) {
    add(set);
  }
  words.insert(words.end(), {"--home", at_home});
  if (json) {
    words.emplace_back("--json");
  }
  std::reverse(words.begin(), words.end());  // as CLI11 wants them
  try {
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    return {kExitUsage, "", error.what()};
  }
  return set.RunChosen(Office(common, clock, connect));
}

nlohmann::json FoundedDomain::Answer(std::vector<std::string> words) {
  const Output output = Run(std::move(words));
  EXPECT_EQ(output.exit_code, kExitOk) << output.error;
  return nlohmann::json::parse(output.text, nullptr, /*allow_exceptions=*/false);
}

void FoundedDomain::Pass(UnixMillis ms) {
  clock.now += ms;
  broker->Advance(ms);
}

v1::Invitation FoundedDomain::Invite(const std::string& address, std::vector<std::string> more) {
  std::vector<std::string> words = {
      "invite", address, "--name", "Dinas Sosial", "--region", "kemendagri:18.71"};
  words.insert(words.end(), more.begin(), more.end());
  const nlohmann::json answer = Answer(std::move(words));
  return *link::DecodeInvitation(answer.value("invitation", ""));
}

void FoundedDomain::Join(const v1::Invitation& invitation) {
  const auto recorded = broker->Record(Enrolment(invitation, invitation.address(), clock.Now()));
  EXPECT_TRUE(recorded) << recorded.error().ToString();
}

void FoundedDomain::BringIn(const std::string& address) {
  Join(Invite(address));
  EXPECT_EQ(Run({"approve", address}).exit_code, kExitOk);
}

v1::AgencyRecord FoundedDomain::MemberOf(const std::string& address) const {
  const auto member = ledger::ReadAgency(broker->view(), address);
  return member && *member ? **member : v1::AgencyRecord();
}

}  // namespace rujukan::admin::testing
