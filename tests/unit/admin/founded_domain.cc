#include "tests/unit/admin/founded_domain.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "agents/admin/commands.h"
#include "agents/link/invitation.h"
#include "base/check.h"
#include "certs/issue.h"
#include "certs/random.h"
#include "ledger/authenticate.h"
#include "ledger/records.h"

namespace rujukan::admin::testing {
Result<link::Proven> FakeDoor::Ask(const v1::SubmitEnrolment& enrolment) {
  // As the real one: the very same request gets its receipt again.
  const std::string id = ledger::EnrolmentId(enrolment.request());
  const auto known = ledger::ReadEnrolment(broker_.view(), id);
  if (known && *known) {
    return link::Proven();
  }
  v1::Entry entry;
  entry.mutable_enrolment()->set_request(enrolment.request());
  entry.mutable_enrolment()->set_signature(enrolment.signature());
  return broker_.Record(std::move(entry));
}

Result<v1::EnrolmentStatus> FakeDoor::StatusOf(const std::string& enrolment_id) {
  ASSIGN_OR_RETURN(const auto record, ledger::ReadEnrolment(broker_.view(), enrolment_id));
  v1::EnrolmentStatus status;
  status.set_enrolment_id(enrolment_id);
  status.set_state(record ? record->state() : v1::EnrolmentState::UNSPECIFIED);
  status.set_note(record ? record->note() : "");
  return status;
}

FoundedDomain::FoundedDomain(std::vector<AddFunction> add) : add_(std::move(add)) {
  if (add_.empty()) {
    add_ = {AddFoundCommands,
            [this](CommandSet& set) { AddJoinCommands(set, open_door); },
            AddRotateCommands,
            AddInviteCommands,
            AddInvitationCommands,
            AddRequestCommands,
            AddStatusCommands,
            AddCrlCommands,
            AddStandingCommands,
            AddShowCommands,
            AddHistoryCommands};
  }
  root = (std::filesystem::temp_directory_path() / "adminXXXXXX").string();
  CHECK(mkdtemp(root.data()) != nullptr);
  home = root + "/admin";
  connect = [this](const std::string&, const link::Caller&) {
    return Result<std::unique_ptr<Broker>>(std::make_unique<Line>(*broker));
  };
  open_door = [this](const link::DomainFile&) {
    return Result<std::unique_ptr<link::EnrolmentDoor>>(std::make_unique<FakeDoor>(*broker));
  };
  link::DomainFile made =
      *InitDomain({"lampung.example", home, root + "/broker", "Admin Lampung", ""}, kFounded);
  made.broker = "tcp://127.0.0.1:7400";
  made.enrol = "tcp://127.0.0.1:7401";
  CHECK(link::WriteDomainFile(home, made).has_value());
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

void FoundedDomain::Join(const v1::Invitation& invitation, const Applicant& applicant) {
  const auto recorded =
      broker->Record(Enrolment(invitation, invitation.address(), clock.Now(), applicant));
  EXPECT_TRUE(recorded) << recorded.error().ToString();
}

Applicant FoundedDomain::BringIn(const std::string& address) {
  Applicant applicant;
  Join(Invite(address), applicant);
  EXPECT_EQ(Run({"approve", address}).exit_code, kExitOk);
  return applicant;
}

void FoundedDomain::AskForKeys(const std::string& address,
                               const Applicant& present,
                               const Applicant& wanted) {
  v1::Act act;
  act.set_version(1);
  act.set_act_id(certs::NewMessageId(clock.Now()).str());
  act.set_actor(address);
  act.set_created_at_ms(clock.Now());
  v1::RequestKeys& request = *act.mutable_request_keys();
  request.set_signing_csr(certs::MakeCsr(wanted.signing, address));
  request.set_encryption_csr(certs::MakeCsr(wanted.encryption, address));
  v1::SubmitAct submit;
  submit.set_act(act.SerializeAsString());
  const std::vector<std::string> statements = {submit.act()};
  *submit.mutable_signature() = certs::SignBatch(present.signing,
                                                 *KeyId::FromBytes(MemberOf(address).signing_key()),
                                                 certs::kActContext,
                                                 statements)
                                    .front();
  const auto asked = broker->Submit(submit);
  EXPECT_TRUE(asked) << asked.error().ToString();
}

std::string FoundedDomain::BringInColleague(const std::string& address, const std::string& role) {
  const std::string folder = root + "/" + address;
  const nlohmann::json invited = Answer({"invite", address, "--name", "Rekan", "--role", role});
  const std::string invitation = invited.value("invitation", "");
  EXPECT_EQ(RunAt(folder, {"join", invitation}).exit_code, kExitOk);
  EXPECT_EQ(Run({"approve", address}).exit_code, kExitOk);
  const Output joined = RunAt(folder, {"join"});
  EXPECT_EQ(joined.exit_code, kExitOk) << joined.error;
  return folder;
}

v1::AgencyRecord FoundedDomain::MemberOf(const std::string& address) const {
  const auto member = ledger::ReadAgency(broker->view(), address);
  return member && *member ? **member : v1::AgencyRecord();
}

}  // namespace rujukan::admin::testing
