// `hold`, `lift-hold`, `holds`: nothing of a leg is erased while a court or an investigation needs
// it. The broker refuses requests to erase it, with the note, and agents object to those under way.

#include <fmt/format.h>

#include <memory>

#include "agents/admin/acts.h"
#include "agents/admin/answers.h"
#include "agents/admin/governing.h"
#include "agents/admin/submit_act.h"
#include "base/ids.h"
#include "base/printable.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

struct HoldOptions {
  std::string leg;  // UUID
  std::string note;
};

struct Hold {
  std::string leg;
  v1::HoldRecord record;
};

Result<std::vector<Hold>> ListHolds(const ledger::View& directory) {
  std::vector<Hold> holds;
  bool whole = true;
  const auto visit = [&](std::string_view key, std::string_view value) {
    Hold& hold = holds.emplace_back();
    hold.leg = std::string(key);
    whole = hold.leg.size() == LegId::kSize &&
            hold.record.ParseFromArray(value.data(), static_cast<int>(value.size()));
    return whole;
  };
  RETURN_IF_ERROR(directory.Scan(ledger::Table::kHold, "", "", visit));
  if (!whole) {
    return Fail(Errc::kCorrupt, "a hold in the directory does not parse");
  }
  return holds;
}

Result<Answer> Place(const Office& office, const HoldOptions& options) {
  ASSIGN_OR_RETURN(const std::string leg, ParseUuid(options.leg));
  RETURN_IF_ERROR(CheckText(options.note, "the note"));
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  v1::Act act;
  act.mutable_place_hold()->set_leg_id(leg);
  act.mutable_place_hold()->set_note(options.note);
  return SubmitAndSay(office, desk, act, "nothing of leg " + options.leg + " is erased");
}

Result<Answer> Lift(const Office& office, const HoldOptions& options) {
  ASSIGN_OR_RETURN(const std::string leg, ParseUuid(options.leg));
  RETURN_IF_ERROR(CheckText(options.note, "the note"));
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto present, ledger::ReadHold(desk.directory, leg));
  if (!present) {
    return Fail(Errc::kNotFound,
                "leg " + options.leg + " is under no hold; see rujukan-admin holds --home DIR");
  }
  v1::Act act;
  act.mutable_lift_hold()->set_leg_id(leg);
  act.mutable_lift_hold()->set_note(options.note);
  return SubmitAndSay(office, desk, act, "the hold on leg " + options.leg + " is lifted");
}

Result<Answer> Show(const Office& office) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto holds, ListHolds(desk.directory));
  Json list = Json::array();
  std::string text;
  for (const Hold& hold : holds) {
    const std::string leg = FormatUuid(hold.leg);
    list.push_back(Json{{"leg_id", leg},
                        {"by", hold.record.by()},
                        {"note", hold.record.note()},
                        {"since", FormatTime(hold.record.time_ms())},
                        {"index", hold.record.index()}});
    text += fmt::format("{}  since {}  by {}  (entry {})\n    {}\n",
                        leg,
                        MinuteOf(hold.record.time_ms()),
                        Printable(hold.record.by()),
                        hold.record.index(),
                        Printable(hold.record.note()));
  }
  if (office.json()) {
    return ToText(list);
  }
  return holds.empty() ? std::string("No leg is under a hold.\n") : text;
}

}  // namespace

void AddHoldCommands(CommandSet& set) {
  const auto options = std::make_shared<HoldOptions>();
  CLI::App* hold = set.AddOnline(
      "hold",
      "Legal hold: nothing of a leg is erased\n"
      "  rujukan-admin hold 01931c3e-... --note \"perkara 12/Pid.Sus/2026\" --home admin",
      [options](const Office& office) { return Place(office, *options); });
  hold->add_option("LEG", options->leg, "Its UUID")->required();
  hold->add_option("--note", options->note, "Why; refusals of erasure quote it, so name no child")
      ->required();

  CLI::App* lift =
      set.AddOnline("lift-hold",
                    "End a legal hold (under the two-admin rule, by two)\n"
                    "  rujukan-admin lift-hold 01931c3e-... --note \"inkracht\" "
                    "--home admin",
                    [options](const Office& office) { return Lift(office, *options); });
  lift->add_option("LEG", options->leg, "Its UUID")->required();
  lift->add_option("--note", options->note, "Why, for the record")->required();

  set.AddOnline("holds", "Which legs are under a legal hold", Show);
}

}  // namespace rujukan::admin
