// The register of disclosures: which fields, by name, a message gives to whom. It stays when
// content is erased, so that who was told what can be said for ever; the names are sealed, since
// "t3.status_hiv" tells something by itself.
#include <algorithm>

#include "agents/agency/render.h"
#include "agents/agency/tables.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::agency {
namespace {

std::string FieldsPlace(const MessageId& message) {
  return "disclosures/fields/" + FormatUuid(message.view());
}

// Names have no space in them.
std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) {
    text += (text.empty() ? "" : " ") + name;
  }
  return text;
}

std::vector<std::string> Split(const std::string& text) {
  std::vector<std::string> names;
  size_t start = 0;
  while (start < text.size()) {
    const size_t end = std::min(text.find(' ', start), text.size());
    names.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return names;
}

}  // namespace

Result<void> Tables::PutDisclosure(const DisclosureRow& row) {
  return database_->Run(
      "INSERT OR REPLACE INTO disclosures(message,leg,stage,fields) VALUES(?,?,?,?)",
      {Blob{row.message.view()},
       Blob{row.leg},
       int64_t{row.stage},
       Blob{key_.Seal(Joined(row.fields), FieldsPlace(row.message))}});
}

Result<std::vector<DisclosureRow>> Tables::DisclosuresOfLeg(const LegId& leg) {
  std::vector<DisclosureRow> rows;
  std::vector<std::string> sealed;
  RETURN_IF_ERROR(database_->Query(
      "SELECT d.message,d.leg,d.stage,d.fields FROM disclosures d JOIN messages m ON m.id=d.message"
      " WHERE d.leg=? ORDER BY m.entry_index IS NULL, m.entry_index, m.local",
      {Blob{leg.view()}},
      [&](const Row& row) {
        if (auto id = MessageId::FromBytes(row.Bytes(0)); id) {
          DisclosureRow found;
          found.message = *id;
          found.leg = row.Bytes(1);
          found.stage = static_cast<v1::DisclosureStage::Code>(row.Int(2));
          rows.push_back(std::move(found));
          sealed.push_back(row.Bytes(3));
        }
        return true;
      }));
  for (size_t i = 0; i < rows.size(); ++i) {
    DisclosureRow& row = rows[i];
    ASSIGN_OR_RETURN(const std::string fields, key_.Open(sealed[i], FieldsPlace(row.message)));
    row.fields = Split(fields);
    ASSIGN_OR_RETURN(const auto message, Find(row.message));
    v1::Header header;
    v1::Entry entry;
    if (message && header.ParseFromString(message->header)) {
      row.to.assign(header.to().begin(), header.to().end());
      row.outgoing = message->outgoing;
      row.status = StageName(message->stage);
      const bool proven = entry.ParseFromString(message->accepted.entry) && entry.time_ms() != 0;
      row.at = proven ? entry.time_ms() : message->stored_at;
    }
  }
  return rows;
}

Result<void> Tables::MoveDisclosure(const MessageId& from, const MessageId& to) {
  DisclosureRow moved;
  std::string sealed;
  RETURN_IF_ERROR(database_->Query("SELECT leg,stage,fields FROM disclosures WHERE message=?",
                                   {Blob{from.view()}},
                                   [&](const Row& row) {
                                     moved.leg = row.Bytes(0);
                                     moved.stage =
                                         static_cast<v1::DisclosureStage::Code>(row.Int(1));
                                     sealed = row.Bytes(2);
                                     return false;
                                   }));
  if (sealed.empty()) {
    return {};
  }
  ASSIGN_OR_RETURN(const std::string fields, key_.Open(sealed, FieldsPlace(from)));
  moved.message = to;
  moved.fields = Split(fields);
  return PutDisclosure(moved);
}

}  // namespace rujukan::agency
