#include "agents/admin/invite_table.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "agents/admin/invite.h"
#include "agents/admin/present.h"
#include "agents/admin/progress.h"
#include "agents/link/durable_file.h"
#include "agents/link/invitation.h"
#include "base/address.h"
#include "base/csv.h"
#include "base/limits.h"
#include "base/printable.h"
#include "certs/ed25519.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

// A row of the table and what becomes of it.
struct Row {
  enum class Fate { kInvite, kInvited, kAlready, kFailed };

  size_t line = 0;
  Guest guest;
  std::string file;
  Fate fate = Fate::kInvite;
  v1::Act act;  // kInvite
  LogIndex index = 0;
  std::string problem;  // kFailed; kAlready: why
};

std::string FateWord(Row::Fate fate) {
  switch (fate) {
    case Row::Fate::kInvite:
      return "to invite";
    case Row::Fate::kInvited:
      return "invited";
    case Row::Fate::kAlready:
      return "already";
    case Row::Fate::kFailed:
      break;
  }
  return "failed";
}

Result<std::string> ReadTable(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Fail(Errc::kNotFound, path + " cannot be read");
  }
  std::string text(limits::kCsvBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

Result<void> RequireColumns(const CsvTable& table) {
  static const std::set<std::string> kKnown = {
      "address", "name", "region", "role", "steward", "supervisor", "office_type"};
  for (const char* needed : {"address", "name", "region"}) {
    if (!table.Column(needed)) {
      return Fail(Errc::kInvalid,
                  std::string("line 1: there is no column ") + needed +
                      "; the first line must be address,name,region and may go on with "
                      "role,steward,supervisor,office_type");
    }
  }
  for (const std::string& column : table.header) {
    if (kKnown.count(column) == 0) {
      return Fail(Errc::kInvalid,
                  "line 1: a column is none of address, name, region, role, steward, supervisor, "
                  "office_type: take it out, so that nothing is left unread");
    }
  }
  return {};
}

Row RowFrom(const CsvTable& table, const CsvRow& fields, const std::string& out_dir) {
  const auto field = [&](const char* column) {
    const auto place = table.Column(column);
    return place ? fields.fields[*place] : std::string();
  };
  Row row;
  row.line = fields.line;
  row.guest.address = field("address");
  row.guest.official_name = field("name");
  row.guest.region = field("region");
  row.guest.role = field("role");
  row.guest.steward = field("steward");
  row.guest.supervisor = field("supervisor");
  row.guest.office_type = field("office_type");
  if (const auto address = AgencyAddress::Parse(row.guest.address)) {
    row.file = out_dir + "/" + std::string(address->name()) + ".invite";
  }
  return row;
}

void Mark(Row& row, const Error& error) {
  row.fate = Row::Fate::kFailed;
  row.problem = error.context;
}

Result<std::vector<Row>> ReadRows(const TableOfGuests& request) {
  ASSIGN_OR_RETURN(const std::string text, ReadTable(request.csv));
  ASSIGN_OR_RETURN(const CsvTable table, ParseCsv(text));
  RETURN_IF_ERROR(RequireColumns(table));
  std::vector<Row> rows;
  std::set<std::string> addresses;
  for (const CsvRow& fields : table.rows) {
    Row& row = rows.emplace_back(RowFrom(table, fields, request.out_dir));
    if (!addresses.insert(row.guest.address).second) {
      Mark(row, {Errc::kInvalid, "this address is in the table twice: take one row out", 0});
    }
  }
  for (const CsvRowError& error : table.errors) {
    Row& row = rows.emplace_back();
    row.line = error.line;
    Mark(row, {Errc::kInvalid, error.problem, 0});
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.line < b.line; });
  return rows;
}

// Decides what is to be done for a row, and writes the invitation.
class Planner {
 public:
  Planner(const Desk& desk, const TableOfGuests& request, UnixMillis now)
      : desk_(desk), request_(request), now_(now) {}

  Result<void> Plan(Row& row) const {
    ASSIGN_OR_RETURN(const auto member, ledger::ReadAgency(desk_.directory, row.guest.address));
    if (member && member->status() != v1::AgencyStatus::NONAKTIF) {
      row.fate = Row::Fate::kAlready;
      row.problem = "a member";
      row.index = member->admitted_at_index();
      return {};
    }
    std::error_code error;
    if (std::filesystem::exists(row.file, error)) {
      return GoOn(row);
    }
    ASSIGN_OR_RETURN(NewInvitation made,
                     MakeInvitation(desk_.authority.domain, row.guest, now_ + request_.life, now_));
    row.act = std::move(made.act);
    return request_.dry_run ? Result<void>() : link::WriteInvitationFile(row.file, made.invitation);
  }

 private:
  // An earlier run wrote the invitation: the directory tells how far it came.
  Result<void> GoOn(Row& row) const {
    ASSIGN_OR_RETURN(const v1::Invitation invitation, link::LoadInvitation(row.file));
    ASSIGN_OR_RETURN(const auto key, certs::Ed25519Key::FromSeed(invitation.invitation_seed()));
    ASSIGN_OR_RETURN(const auto record,
                     ledger::ReadInvitation(desk_.directory, key.public_bytes()));
    if (invitation.address() != row.guest.address || (record && record->cancelled()) ||
        invitation.expires_at_ms() <= now_) {
      return Fail(
          Errc::kConflict,
          row.file + " holds an invitation that is of no use any more: remove it, then run again");
    }
    if (record) {
      row.fate = Row::Fate::kAlready;
      row.problem = record->enrolment_id().empty() ? "invited" : "has answered";
      row.index = record->index();
      return {};
    }
    ASSIGN_OR_RETURN(row.act,
                     InviteActAgain(invitation, row.guest, desk_.authority.domain.domain, now_));
    return {};
  }

  const Desk& desk_;
  const TableOfGuests& request_;
  const UnixMillis now_;
};

Result<void> Submit(const Desk& desk, std::vector<Row>& rows, UnixMillis now) {
  std::vector<v1::Act> acts;
  std::vector<Row*> asked;
  for (Row& row : rows) {
    if (row.fate == Row::Fate::kInvite) {
      acts.push_back(row.act);
      asked.push_back(&row);
    }
  }
  if (acts.empty()) {
    return {};
  }
  Progress progress("inviting", acts.size());
  ASSIGN_OR_RETURN(
      const auto answers,
      desk.SubmitAll(SignActs(desk.authority, std::move(acts), now), progress.Shower()));
  for (size_t i = 0; i < answers.size(); ++i) {
    if (answers[i]) {
      asked[i]->fate = Row::Fate::kInvited;
      asked[i]->index = answers[i]->index;
    } else {
      Mark(*asked[i], answers[i].error());
    }
  }
  return {};
}

Result<void> WriteSummary(const TableOfGuests& request, const std::vector<Row>& rows) {
  std::string text = "address,file,entry,state\n";
  for (const Row& row : rows) {
    if (row.fate == Row::Fate::kInvited || row.fate == Row::Fate::kAlready) {
      text += row.guest.address + "," + std::filesystem::path(row.file).filename().string() + "," +
              std::to_string(row.index) + "," +
              (row.fate == Row::Fate::kInvited ? "invited" : row.problem) + "\n";
    }
  }
  return link::WriteDurably(request.out_dir + "/invitations.csv", text);
}

std::string PresentJson(const std::vector<Row>& rows) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Row& row : rows) {
    nlohmann::ordered_json one{
        {"line", row.line}, {"address", row.guest.address}, {"state", FateWord(row.fate)}};
    if (row.fate == Row::Fate::kFailed || row.fate == Row::Fate::kAlready) {
      one[row.fate == Row::Fate::kFailed ? "problem" : "because"] = row.problem;
    }
    if (row.fate == Row::Fate::kInvited || row.fate == Row::Fate::kAlready) {
      one["index"] = row.index;
      one["file"] = row.file;
    }
    list.push_back(std::move(one));
  }
  return JsonText(list);
}

Answer Present(const Office& office, const TableOfGuests& request, const std::vector<Row>& rows) {
  const auto count = [&rows](Row::Fate fate) {
    return std::to_string(std::count_if(
        rows.begin(), rows.end(), [fate](const Row& row) { return row.fate == fate; }));
  };
  const std::string failed = count(Row::Fate::kFailed);
  const int code = failed == "0" ? kExitOk : kExitFailed;
  if (office.json()) {
    return Answer(PresentJson(rows), code);
  }
  std::string text;
  for (const Row& row : rows) {
    if (row.fate == Row::Fate::kFailed) {
      text += "line " + std::to_string(row.line) + ": " + Printable(row.problem) + "\n";
    }
  }
  if (request.dry_run) {
    return Answer(text + count(Row::Fate::kInvite) + " would be invited, " +
                      count(Row::Fate::kAlready) + " are already, " + failed +
                      " have errors. Nothing was done.\n",
                  code);
  }
  text += count(Row::Fate::kInvited) + " invited, " + count(Row::Fate::kAlready) +
          " were already, " + failed + " failed: see " + request.out_dir + "/invitations.csv\n" +
          "Give every agency its own file, and no other.\n";
  return Answer(
      failed == "0" ? text : text + "Correct the lines above and run the same command again.\n",
      code);
}

}  // namespace

Result<Answer> InviteAll(const Office& office, const TableOfGuests& table) {
  ASSIGN_OR_RETURN(std::vector<Row> rows, ReadRows(table));
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  const UnixMillis now = office.Now();
  if (!table.dry_run) {
    RETURN_IF_ERROR(link::MakePrivateFolder(table.out_dir));
  }
  const Planner planner(desk, table, now);
  for (Row& row : rows) {
    if (row.fate == Row::Fate::kInvite) {
      if (const auto planned = planner.Plan(row); !planned) {
        Mark(row, planned.error());
      }
    }
  }
  if (!table.dry_run) {
    RETURN_IF_ERROR(Submit(desk, rows, now));
    RETURN_IF_ERROR(WriteSummary(table, rows));
  }
  return Present(office, table, rows);
}

}  // namespace rujukan::admin
