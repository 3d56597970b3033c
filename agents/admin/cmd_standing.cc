// `standing`: what a steward or an admin says of an agency. What is not named keeps its value.

#include <memory>
#include <optional>

#include "agents/admin/commands.h"
#include "agents/admin/present.h"
#include "base/address.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

struct StandingOptions {
  std::string address;
  std::optional<std::string> supervisor;
  std::optional<std::string> parent;
  std::optional<std::string> office_type;
  std::optional<std::string> accreditation;
  std::optional<std::string> accredited_on;
  std::optional<std::string> top_secret;
  std::vector<std::string> agreements;
  bool no_agreements = false;
  std::optional<std::string> verified_by;
  std::optional<std::string> verified_on;
  std::string steward;
  std::string name;

  bool SaysNothing() const {
    return !supervisor && !parent && !office_type && !accreditation && !accredited_on &&
           !top_secret && agreements.empty() && !no_agreements && !verified_by && !verified_on &&
           steward.empty() && name.empty();
  }
};

// "-" empties a field.
std::string OrNothing(const std::string& text) {
  return text == "-" ? std::string() : text;
}

Result<std::string> AddressOrNothing(const std::string& text) {
  if (text != "-") {
    RETURN_IF_ERROR(AgencyAddress::Parse(text));
  }
  return OrNothing(text);
}

Result<std::string> DayOrNothing(const std::string& text) {
  if (text != "-") {
    RETURN_IF_ERROR(ParseDay(text));
  }
  return OrNothing(text);
}

Result<v1::Agreement> ParseAgreement(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) {
    return Fail(Errc::kInvalid,
                "an agreement is its id and its last day: --agreement PKS-12-2026:2027-12-31");
  }
  v1::Agreement agreement;
  agreement.set_id(text.substr(0, colon));
  ASSIGN_OR_RETURN(const UnixMillis until, ParseDay(text.substr(colon + 1)));
  agreement.set_berlaku_sampai_ms(until);
  return agreement;
}

Result<void> SetAddresses(const StandingOptions& options, v1::AgencyStanding& standing) {
  if (options.supervisor) {
    ASSIGN_OR_RETURN(*standing.mutable_pengawas(), AddressOrNothing(*options.supervisor));
  }
  if (options.parent) {
    ASSIGN_OR_RETURN(*standing.mutable_induk(), AddressOrNothing(*options.parent));
  }
  return {};
}

Result<void> SetGrades(const StandingOptions& options, v1::AgencyStanding& standing) {
  if (options.office_type) {
    v1::OfficeType::Code type = v1::OfficeType::UNSPECIFIED;
    v1::OfficeType::Code_Parse(*options.office_type, &type);
    standing.set_tipe_dinas(type);
  }
  if (options.accreditation) {
    v1::Accreditation::Code grade = v1::Accreditation::UNSPECIFIED;
    v1::Accreditation::Code_Parse(*options.accreditation, &grade);
    standing.set_akreditasi(grade);
  }
  if (options.accredited_on) {
    ASSIGN_OR_RETURN(*standing.mutable_tanggal_akreditasi(), DayOrNothing(*options.accredited_on));
  }
  if (options.top_secret) {
    standing.set_izin_sangat_rahasia(*options.top_secret == "yes");
  }
  return {};
}

Result<void> SetRecords(const StandingOptions& options, v1::AgencyStanding& standing) {
  if (options.no_agreements || !options.agreements.empty()) {
    standing.clear_perjanjian();
  }
  for (const std::string& text : options.agreements) {
    ASSIGN_OR_RETURN(*standing.add_perjanjian(), ParseAgreement(text));
  }
  if (options.verified_by) {
    standing.set_verifikator(OrNothing(*options.verified_by));
  }
  if (options.verified_on) {
    ASSIGN_OR_RETURN(*standing.mutable_tgl_verifikasi(), DayOrNothing(*options.verified_on));
  }
  return {};
}

Result<v1::Act> StandingAct(const StandingOptions& options, const v1::AgencyRecord& record) {
  v1::Act act;
  v1::SetStanding& set = *act.mutable_set_standing();
  set.set_address(options.address);
  *set.mutable_standing() = record.standing();
  RETURN_IF_ERROR(SetAddresses(options, *set.mutable_standing()));
  RETURN_IF_ERROR(SetGrades(options, *set.mutable_standing()));
  RETURN_IF_ERROR(SetRecords(options, *set.mutable_standing()));
  if (!options.steward.empty()) {
    RETURN_IF_ERROR(AddressOrNothing(options.steward));
  }
  RETURN_IF_ERROR(CheckText(options.name, "the name"));
  set.set_steward(options.steward);
  set.set_official_name(options.name);
  return act;
}

Result<Answer> Apply(const Office& office, const StandingOptions& options) {
  if (options.SaysNothing()) {
    return Fail(Errc::kInvalid,
                "nothing is to be changed; name what is, --supervisor ADDRESS for one. "
                "rujukan-admin show has what is so now");
  }
  const UnixMillis begun = office.Now();
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto record, ledger::ReadAgency(desk.directory, options.address));
  if (!record) {
    return Fail(Errc::kNotFound,
                "no " + options.address + " in the directory; see rujukan-admin agencies");
  }
  ASSIGN_OR_RETURN(v1::Act act, StandingAct(options, *record));
  ASSIGN_OR_RETURN(const link::Proven proven, desk.Submit(std::move(act)));
  Decisions decisions;
  decisions.all.push_back({"changed", options.address, "", proven.index, "", ""});
  decisions.took = office.Now() - begun;
  return Answer(PresentDecisions(decisions, office.json()));
}

}  // namespace

void AddStandingCommands(CommandSet& set) {
  const auto options = std::make_shared<StandingOptions>();
  CLI::App* standing =
      set.AddOnline("standing",
                    "Say what an agency is entitled to; what is not named stays",
                    [options](const Office& office) { return Apply(office, *options); });
  standing->add_option("ADDRESS", options->address, "The agency")->required();
  standing->add_option(
      "--supervisor", options->supervisor, "Address that gets escalations; - none");
  standing->add_option("--parent", options->parent, "Address of the parent agency; - none");
  standing->add_option("--office-type", options->office_type, "A, B or C")
      ->check(CLI::IsMember({"A", "B", "C"}));
  standing->add_option("--accreditation", options->accreditation, "A, B, C or BELUM (not yet)")
      ->check(CLI::IsMember({"A", "B", "C", "BELUM"}));
  standing->add_option("--accredited-on", options->accredited_on, "YYYY-MM-DD; - unknown");
  standing->add_option("--top-secret", options->top_secret, "yes, no: may read SANGAT RAHASIA")
      ->check(CLI::IsMember({"yes", "no"}));
  standing->add_option(
      "--agreement", options->agreements, "ID:YYYY-MM-DD, its last day; all that it has");
  standing->add_flag("--no-agreements", options->no_agreements, "It has none any more");
  standing->add_option("--verified-by", options->verified_by, "Who looked on the spot; - nobody");
  standing->add_option("--verified-on", options->verified_on, "YYYY-MM-DD; - never");
  standing->add_option("--steward", options->steward, "Who may edit its record; - nobody");
  standing->add_option("--name", options->name, "A new official name");
  standing->footer(
      "Example:\n"
      "  rujukan-admin standing lksa.18.71.003@lampung.example --steward "
      "dinsos.18.71@lampung.example"
      " \\\n    --accreditation B --agreement PKS-12-2026:2027-12-31 --home admin");
}

}  // namespace rujukan::admin
