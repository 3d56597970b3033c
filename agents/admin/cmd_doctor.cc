// `doctor`: what is wrong with a set-up, and how to mend it.

#include "agents/admin/answers.h"
#include "agents/admin/doctor_checks.h"
#include "agents/admin/doctor_facts.h"
#include "agents/admin/governing.h"

namespace rujukan::admin {
namespace {

std::string ToWords(const Findings& findings) {
  std::vector<std::vector<std::string>> rows = {{"CHECK", "", "FOUND"}};
  for (const Finding& finding : findings) {
    rows.push_back({finding.check, HealthName(finding.health), finding.what});
    if (!finding.remedy.empty()) {
      rows.push_back({"", "", "-> " + finding.remedy});
    }
  }
  return Columns(rows);
}

std::string ToJsonText(const Findings& findings) {
  Json list = Json::array();
  for (const Finding& finding : findings) {
    list.push_back(Json{{"check", finding.check},
                        {"health", HealthName(finding.health)},
                        {"found", finding.what},
                        {"remedy", finding.remedy}});
  }
  return ToText(Json{{"health", HealthName(WorstOf(findings))}, {"findings", list}});
}

void Append(const Findings& more, Findings& findings) {
  findings.insert(findings.end(), more.begin(), more.end());
}

Result<Answer> Examine(const Office& office) {
  const HomeFacts home = LookAtHome(office);
  Findings findings = CheckHome(home);
  if (!home.keys) {
    const BrokerLook broker = LookAtBroker(office);
    Append(CheckBroker(broker.facts), findings);
    if (broker.desk) {
      ASSIGN_OR_RETURN(const Findings directory,
                       CheckDirectory(broker.desk->directory, home, office.Now()));
      Append(directory, findings);
    }
  }
  return Answer(office.json() ? ToJsonText(findings) : ToWords(findings),
                WorstOf(findings) == Health::kFail ? kExitFailed : kExitOk);
}

}  // namespace

void AddDoctorCommands(CommandSet& set) {
  set.AddOnline("doctor",
                "Find what is wrong with this set-up, and how to mend it; exit code 1 if anything "
                "fails\n  rujukan-admin doctor --home admin",
                Examine);
}

}  // namespace rujukan::admin
