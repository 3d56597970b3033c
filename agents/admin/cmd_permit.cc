// `permit`, `permits`: a supervisor's consent to what the policy neither allows nor denies.

#include <fmt/format.h>

#include <memory>

#include "agents/admin/acts.h"
#include "agents/admin/answers.h"
#include "agents/admin/governing.h"
#include "agents/admin/submit_act.h"
#include "base/limits.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

struct PermitOptions {
  std::string from;
  std::string to;
  std::string until;
  std::string life;
  std::string note;
};

Result<UnixMillis> EndOf(const PermitOptions& options, UnixMillis now) {
  UnixMillis end = 0;
  if (!options.until.empty()) {
    ASSIGN_OR_RETURN(end, ParseDay(options.until));
  } else {
    ASSIGN_OR_RETURN(const UnixMillis life, ParseDuration(options.life));
    end = now + life;
  }
  if (end <= now || end > now + limits::kPermitLifeMsMax) {
    return Fail(Errc::kLimit, "a permit ends in the future, and within 90 days: --for 30d");
  }
  return end;
}

Result<Answer> Permit(const Office& office, const PermitOptions& options) {
  ASSIGN_OR_RETURN(const UnixMillis end, EndOf(options, office.Now()));
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  v1::Act act;
  v1::Permit& permit = *act.mutable_permit();
  permit.set_from(options.from);
  permit.set_to(options.to);
  permit.set_expires_at_ms(end);
  permit.set_note(options.note);
  return SubmitAndSay(
      office,
      desk,
      act,
      fmt::format("{} may refer to {} until {}", options.from, options.to, MinuteOf(end)));
}

struct Listed {
  std::string from;
  std::string to;
  v1::PermitRecord record;
};

Result<std::vector<Listed>> ListPermits(const ledger::View& directory) {
  std::vector<Listed> permits;
  RETURN_IF_ERROR(directory.Scan(
      ledger::Table::kPermit, "", "", [&](std::string_view key, std::string_view value) {
        const size_t end = key.find('\0');
        Listed listed{std::string(key.substr(0, end)), std::string(key.substr(end + 1)), {}};
        if (listed.record.ParseFromString(std::string(value))) {
          permits.push_back(std::move(listed));
        }
        return true;
      }));
  return permits;
}

Result<Answer> ShowPermits(const Office& office) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto permits, ListPermits(desk.directory));
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows = {{"FROM", "TO", "UNTIL", "BY", "NOTE"}};
  for (const Listed& permit : permits) {
    const bool in_force = permit.record.expires_at_ms() > office.Now();
    const std::string until = FormatTime(permit.record.expires_at_ms());
    list.push_back(Json{{"from", permit.from},
                        {"to", permit.to},
                        {"until", until},
                        {"in_force", in_force},
                        {"by", permit.record.by()},
                        {"note", permit.record.note()},
                        {"index", permit.record.index()}});
    rows.push_back({permit.from,
                    permit.to,
                    in_force ? MinuteOf(permit.record.expires_at_ms()) : "expired",
                    permit.record.by(),
                    permit.record.note()});
  }
  if (office.json()) {
    return ToText(list);
  }
  return permits.empty() ? std::string("Nobody has a permit.\n") : Columns(rows);
}

}  // namespace

void AddPermitCommands(CommandSet& set) {
  const auto options = std::make_shared<PermitOptions>();
  CLI::App* permit = set.AddOnline(
      "permit",
      "Allow one agency to refer to another for a while, where the policy leaves it to you\n"
      "  rujukan-admin permit dinsos.18.71@lampung.example lksa.31.75.001@lampung.example \\\n"
      "    --for 30d --note \"sibling placement\" --home admin",
      [options](const Office& office) { return Permit(office, *options); });
  permit->add_option("FROM", options->from, "The sender's address")->required();
  permit->add_option("TO", options->to, "The recipient's address")->required();
  CLI::App* end = permit->add_option_group("end")->require_option(1);
  end->add_option("--until", options->until, "Last day, YYYY-MM-DD");
  end->add_option("--for", options->life, "12h, 30d; at most 90d");
  permit->add_option("--note", options->note, "Why; everybody who follows the directory reads it");

  set.AddOnline(
      "permits", "The permits there are\n  rujukan-admin permits --home admin", ShowPermits);
}

}  // namespace rujukan::admin
