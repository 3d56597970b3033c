// `clocks show|set|check|explain`: by which deadlines, hours and holidays the domain counts.

#include <fmt/format.h>

#include <memory>

#include "agents/admin/answers.h"
#include "agents/admin/governing.h"
#include "agents/admin/input_file.h"
#include "agents/admin/submit_act.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "ledger/clocks_text.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

using D = v1::Deadline;
using ledger::Clocks;
using ledger::Zone;

struct ClockOptions {
  std::string file;
  bool text = false;
  std::string clock_class;
  std::string opened;
  std::string zone = "WIB";
};
using Options = std::shared_ptr<ClockOptions>;

struct Draft {
  std::string document;
  Clocks clocks;
};

Result<Draft> ReadDraft(const std::string& path) {
  ASSIGN_OR_RETURN(std::string document, ReadInput(path, limits::kClocksBytesMax));
  auto clocks = ledger::ParseClocks(document);
  if (!clocks) {
    return Fail(clocks.error().code, path + ": " + clocks.error().context);
  }
  return Draft{std::move(document), std::move(*clocks)};
}

// The document in force; the built-in one where the domain has set none.
struct Present {
  std::optional<v1::ClocksRecord> record;
  std::string document;
};
Result<Present> ReadPresent(const ledger::View& directory) {
  Present present;
  ASSIGN_OR_RETURN(present.record, ledger::ReadClocksRecord(directory));
  if (!present.record) {
    present.document = ledger::DefaultClocksText();
    return present;
  }
  ASSIGN_OR_RETURN(present.document, ledger::ReadClocksText(directory));
  return present;
}

std::string Extent(const Clocks& clocks) {
  const auto& holidays = clocks.parts().holidays;
  return fmt::format("{} limits, {} statutory timers, {} holidays{}",
                     clocks.parts().limits.size(),
                     clocks.parts().timers.size(),
                     holidays.size(),
                     holidays.empty() ? "" : " up to " + ledger::DateText(holidays.back().day));
}

// --- show, check, set ---

Result<Answer> ShowClocks(const Office& office, const ClockOptions& options) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const Present present, ReadPresent(desk.directory));
  if (options.text && !office.json()) {
    return present.document;
  }
  ASSIGN_OR_RETURN(const Clocks clocks, ledger::ParseClocks(present.document));
  if (office.json()) {
    Json answer{{"version", present.record ? present.record->version() : 0},
                {"name", clocks.name()},
                {"document", present.document}};
    if (present.record) {
      answer["digest"] = ToHex(present.record->digest());
      answer["by"] = present.record->by();
      answer["index"] = present.record->index();
    }
    return ToText(answer);
  }
  const std::string set = present.record
                              ? fmt::format("Clocks {}, set by {}, entry {} of the ledger",
                                            present.record->version(),
                                            present.record->by(),
                                            present.record->index())
                              : "Clocks as built in: the domain has set none";
  return fmt::format("{}\n  \"{}\": {}\nThe document: rujukan-admin clocks show --text\n",
                     set,
                     clocks.name(),
                     Extent(clocks));
}

Result<Answer> CheckClocks(const Office& office, const ClockOptions& options) {
  ASSIGN_OR_RETURN(const Draft draft, ReadDraft(options.file));
  if (office.json()) {
    return ToText(Json{{"name", draft.clocks.name()},
                       {"limits", draft.clocks.parts().limits.size()},
                       {"timers", draft.clocks.parts().timers.size()},
                       {"holidays", draft.clocks.parts().holidays.size()},
                       {"bytes", draft.document.size()}});
  }
  return fmt::format("{} is sound: {}.\n", options.file, Extent(draft.clocks));
}

Result<Answer> SetClocks(const Office& office, const ClockOptions& options) {
  ASSIGN_OR_RETURN(const Draft draft, ReadDraft(options.file));
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto present, ledger::ReadClocksRecord(desk.directory));
  v1::Act act;
  act.mutable_set_clocks()->set_document(draft.document);
  act.mutable_set_clocks()->set_version(present ? present->version() + 1 : 1);
  return SubmitAndSay(
      office,
      desk,
      act,
      fmt::format(
          "clocks {} \"{}\" are in force", act.set_clocks().version(), draft.clocks.name()));
}

// --- explain ---

struct Question {
  v1::ClockClass::Code clock_class = v1::ClockClass::UNSPECIFIED;
  Zone zone = Zone::kWib;
  UnixMillis opened = 0;
};

// "2026-11-27T15:30", on the clocks of the zone.
Result<UnixMillis> ParseMoment(const std::string& text, Zone zone) {
  const auto wrong = [] {
    return Fail(Errc::kInvalid, "OPENED: write the moment as 2026-11-27T15:30, local time");
  };
  if (text.size() != 16 || text[10] != 'T' || text[13] != ':') {
    return wrong();
  }
  const auto day = ledger::ParseDate(text.substr(0, 10));
  // A leading zero is no number of ParseDecimal's.
  const auto two = [&text](size_t place) -> int {
    const char tens = text[place];
    const char ones = text[place + 1];
    return tens >= '0' && tens <= '9' && ones >= '0' && ones <= '9'
               ? (tens - '0') * 10 + (ones - '0')
               : 99;
  };
  if (!day || two(11) > 23 || two(14) > 59) {
    return wrong();
  }
  return ledger::Midnight(*day, zone) + (two(11) * 60 + two(14)) * 60'000LL;
}

Result<Question> ReadQuestion(const ClockOptions& options) {
  Question question;
  if (!v1::ClockClass::Code_Parse(options.clock_class, &question.clock_class) ||
      question.clock_class == v1::ClockClass::UNSPECIFIED) {
    return Fail(Errc::kInvalid, "CLASS: DARURAT, TINGGI, SEDANG or RENDAH");
  }
  const auto zone = ledger::ZoneNamed(options.zone);
  if (!zone) {
    return Fail(Errc::kInvalid, "--zone: WIB, WITA or WIT");
  }
  question.zone = *zone;
  ASSIGN_OR_RETURN(question.opened, ParseMoment(options.opened, question.zone));
  return question;
}

// One deadline of a leg whose clock begins at the moment asked about.
struct Fall {
  D::Code deadline;
  std::string limit;
  UnixMillis due = 0;
  UnixMillis second = 0;  // if it is missed, and at once on record; 0: nobody is told
  UnixMillis third = 0;
};

std::string LimitText(const ledger::Limit& limit) {
  std::string text = SpanText(limit.within);
  text += limit.target ? " (target " + SpanText(*limit.target) + ")" : "";
  text += limit.then ? ", then " + SpanText(*limit.then) : "";
  return text + (limit.closes ? ", closes " + SpanText(*limit.closes) + " later" : "");
}

std::vector<Fall> Falls(const Clocks& clocks, const Question& question) {
  std::vector<Fall> falls;
  const auto& tiers = clocks.EscalationFor(question.clock_class, question.opened, question.zone);
  for (int code = D::Code_MIN + 1; code < D::Code_ARRAYSIZE; ++code) {
    const auto deadline = static_cast<D::Code>(code);
    const auto* limit =
        clocks.LimitFor(question.clock_class, deadline, question.opened, question.zone);
    if (limit == nullptr) {
      continue;
    }
    Fall fall{deadline, LimitText(*limit)};
    fall.due = clocks.After(question.opened, limit->within, question.zone);
    if (deadline != D::PENERIMAAN && !limit->closes) {
      fall.second = clocks.After(fall.due, tiers.second, question.zone);
      fall.third = clocks.After(fall.due, tiers.third, question.zone);
    }
    falls.push_back(std::move(fall));
  }
  return falls;
}

std::string LocalText(UnixMillis time, Zone zone) {
  if (time == 0) {
    return "-";
  }
  constexpr const char* kWeekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  std::string text = FormatTime(time, ledger::OffsetMinutes(zone)).substr(0, 16);
  text[10] = ' ';
  return std::string(kWeekdays[ledger::WeekdayOf(ledger::DayAt(time, zone))]) + " " + text;
}

std::string InWords(const std::vector<Fall>& falls, const Question& question) {
  std::vector<std::vector<std::string>> rows = {{"DEADLINE", "LIMIT", "DUE", "LEVEL 2", "LEVEL 3"}};
  for (const Fall& fall : falls) {
    rows.push_back({D::Code_Name(fall.deadline),
                    fall.limit,
                    LocalText(fall.due, question.zone),
                    LocalText(fall.second, question.zone),
                    LocalText(fall.third, question.zone)});
  }
  return Columns(rows) +
         fmt::format("Times are {}. Each as if its clock began at {}; level 1 is told when due.\n",
                     ledger::ZoneName(question.zone),
                     LocalText(question.opened, question.zone));
}

Json ToJson(const std::vector<Fall>& falls, const Question& question) {
  Json list = Json::array();
  const int offset = ledger::OffsetMinutes(question.zone);
  for (const Fall& fall : falls) {
    Json row{{"deadline", D::Code_Name(fall.deadline)},
             {"limit", fall.limit},
             {"due", FormatTime(fall.due, offset)}};
    if (fall.second != 0) {
      row["level2"] = FormatTime(fall.second, offset);
      row["level3"] = FormatTime(fall.third, offset);
    }
    list.push_back(std::move(row));
  }
  return list;
}

// A draft, the domain's with a home, the built-in one without.
Result<std::string> DocumentAsked(const Office& office, const ClockOptions& options) {
  if (!options.file.empty()) {
    ASSIGN_OR_RETURN(Draft draft, ReadDraft(options.file));
    return std::move(draft.document);
  }
  if (office.options().home.empty()) {
    return std::string(ledger::DefaultClocksText());
  }
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(Present present, ReadPresent(desk.directory));
  return std::move(present.document);
}

Result<Answer> ExplainClocks(const Office& office, const ClockOptions& options) {
  ASSIGN_OR_RETURN(const Question question, ReadQuestion(options));
  ASSIGN_OR_RETURN(const std::string document, DocumentAsked(office, options));
  ASSIGN_OR_RETURN(const Clocks clocks, ledger::ParseClocks(document));
  const std::vector<Fall> falls = Falls(clocks, question);
  if (!office.json()) {
    return InWords(falls, question);
  }
  return ToText(Json{{"class", options.clock_class},
                     {"zone", options.zone},
                     {"opened", FormatTime(question.opened, ledger::OffsetMinutes(question.zone))},
                     {"deadlines", ToJson(falls, question)}});
}

void AddExplain(CommandSet& set, CLI::App* group) {
  const auto options = std::make_shared<ClockOptions>();
  CLI::App* explain = set.AddOnlineTo(
      group,
      "explain",
      "When each deadline of a referral opened then falls due, and whom it reaches next\n"
      "  rujukan-admin clocks explain SEDANG 2026-11-27T15:30 --zone WITA --home admin",
      [options](const Office& office) { return ExplainClocks(office, *options); });
  explain->get_option("--home")->required(false);
  explain->add_option("CLASS", options->clock_class, "DARURAT, TINGGI, SEDANG or RENDAH")
      ->required();
  explain->add_option("OPENED", options->opened, "2026-11-27T15:30, local time")->required();
  explain->add_option("--zone", options->zone, "The receiver's: WIB, WITA or WIT");
  explain->add_option("--clocks", options->file, "Ask this draft, not the clocks in force");
}

}  // namespace

void AddClockCommands(CommandSet& set) {
  CLI::App* group =
      set.Group("clocks", "Deadlines, working hours, holidays: show, set, check, explain");
  const auto options = std::make_shared<ClockOptions>();
  CLI::App* show =
      set.AddOnlineTo(group,
                      "show",
                      "The clocks in force\n  rujukan-admin clocks show --text --home admin",
                      [options](const Office& office) { return ShowClocks(office, *options); });
  show->add_flag("--text", options->text, "The document alone, as it was signed");

  CLI::App* put = set.AddOnlineTo(
      group,
      "set",
      "Put a document in force\n  rujukan-admin clocks set lampung.clocks --home admin",
      [options](const Office& office) { return SetClocks(office, *options); });
  put->add_option("FILE", options->file, "docs/formats/clocks.md has the format")->required();

  CLI::App* check =
      set.AddOfflineTo(group,
                       "check",
                       "Read a document, offline\n  rujukan-admin clocks check lampung.clocks",
                       [options](const Office& office) { return CheckClocks(office, *options); });
  check->get_option("--home")->required(false);
  check->add_option("FILE", options->file, "The document")->required();
  AddExplain(set, group);
}

}  // namespace rujukan::admin
