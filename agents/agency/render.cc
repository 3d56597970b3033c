#include "agents/agency/render.h"

#include <algorithm>

#include "ledger/leg_machine.h"
#include "ledger/receipt.h"

namespace rujukan::agency {
namespace {

constexpr int kWibMinutes = 7 * 60;

Json ReceiptOf(const Evidence& evidence, const ledger::NoteVerifier& log) {
  if (evidence.entry.empty()) {
    return nullptr;
  }
  const auto receipt = ledger::Receipt::Parse(evidence.proof);
  const auto verified =
      receipt ? ledger::VerifyReceipt(*receipt, evidence.entry, log)
              : Result<ledger::VerifiedReceipt>(Fail(Errc::kCorrupt, "does not parse"));
  return {{"index", evidence.index},
          {"tree_size", evidence.size},
          {"verified", verified.has_value() && verified->index == evidence.index},
          {"proof", evidence.proof}};
}

const char* WithheldName(Withheld how) {
  return how == Withheld::kBounced ? "BOUNCED" : "HELD";
}

Json WithheldJson(const std::vector<WithheldRow>& rows, const ledger::NoteVerifier& log) {
  Json list = Json::array();
  for (const auto& row : rows) {
    const bool bounced = row.how == Withheld::kBounced;
    list.push_back(
        {{"recipient", row.recipient},
         {"status", WithheldName(row.how)},
         {"next_step",
          bounced ? "penerima dibekukan atau keluar, tidak ada yang menerima pesan ini: pilih "
                    "penerima lain dan kirim lagi / the recipient was taken out and nobody got "
                    "this: choose another recipient and send it again"
                  : "penerima dibekukan, pesan menunggu sampai diaktifkan lagi: bila mendesak, "
                    "pilih penerima lain / the recipient is suspended, the message waits until it "
                    "is resumed: if it is urgent, choose another recipient"},
         {"receipt", ReceiptOf(row.evidence, log)}});
  }
  return list;
}

Json UuidOf(std::string_view bytes) {
  return bytes.size() == MessageId::kSize ? Json(FormatUuid(bytes)) : Json(nullptr);
}

// Those that run once everything queued is in the ledger: what is shown is what is to be done.
Json DeadlinesOf(const v1::LegRecord& leg) {
  Json deadlines = Json::array();
  for (const v1::RunningDeadline& one : leg.deadlines()) {
    deadlines.push_back({{"tenggat", v1::Deadline::Code_Name(one.deadline())},
                         {"batas", TimeOf(one.due_ms())},
                         {"berhenti", one.next_ms() == 0}});
  }
  return deadlines;
}

}  // namespace

bool Fate::Settled(int recipients) const {
  size_t bounced = 0;
  for (const auto& row : withheld) {
    bounced += row.how == Withheld::kBounced ? 1 : 0;
  }
  return deliveries.size() + bounced >= static_cast<size_t>(recipients);
}

bool Fate::Held() const {
  return std::any_of(withheld.begin(), withheld.end(), [](const WithheldRow& row) {
    return row.how == Withheld::kHeld;
  });
}

Result<Fate> ReadFate(Tables& tables, const MessageId& id) {
  Fate fate;
  ASSIGN_OR_RETURN(fate.deliveries, tables.Deliveries(id));
  ASSIGN_OR_RETURN(fate.withheld, tables.WithheldOf(id));
  return fate;
}

const char* StageName(Stage stage) {
  switch (stage) {
    case Stage::kQueued:
      return "QUEUED";
    case Stage::kSealed:
      return "SEALED";
    case Stage::kAccepted:
      return "ACCEPTED";
    case Stage::kRefused:
      return "REFUSED";
    case Stage::kReceived:
      return "RECEIVED";
    case Stage::kRecorded:
      return "RECORDED";
  }
  return "UNKNOWN";
}

Json TimeOf(UnixMillis time) {
  return time == 0 ? Json(nullptr) : Json(FormatTime(time, kWibMinutes));
}

Json SummaryOf(const MessageRow& row) {
  v1::Header header;
  header.ParseFromString(row.header);
  Json to = Json::array();
  for (const auto& address : header.to()) {
    to.push_back(address);
  }
  Json json = {{"message_id", FormatUuid(row.id.view())},
               {"leg_id", UuidOf(row.leg)},
               {"cursor", row.local},
               {"direction", row.outgoing ? "out" : "in"},
               {"kind", v1::Kind::Code_Name(row.kind)},
               {"from", header.from()},
               {"to", std::move(to)},
               {"urgency", v1::Urgency::Code_Name(header.urgency())},
               {"classification", v1::Classification::Code_Name(header.classification())},
               {"created_at", TimeOf(header.created_at_ms())},
               {"stored_at", TimeOf(row.stored_at)},
               {"confirm_by", TimeOf(header.confirm_by_ms())},
               {"decide_by", TimeOf(header.decide_by_ms())},
               {"sequence", header.sequence()},
               {"stage", StageName(row.stage)}};
  if (!row.outgoing) {
    json["outcome"] = v1::DeliveryOutcome::Code_Name(row.outcome);
  }
  if (row.withheld != Withheld::kNo) {
    json["withheld_as"] = WithheldName(row.withheld);
  }
  if (!row.reason.empty()) {
    json["reason"] = row.reason;
  }
  return json;
}

Json DetailOf(const MessageRow& row, const Fate& fate, const ledger::NoteVerifier& log) {
  Json json = SummaryOf(row);
  json["receipt"] = ReceiptOf(row.accepted, log);
  if (row.outgoing) {
    Json list = Json::array();
    for (const auto& delivery : fate.deliveries) {
      list.push_back({{"recipient", delivery.recipient},
                      {"outcome", v1::DeliveryOutcome::Code_Name(delivery.outcome)},
                      {"received_at", TimeOf(delivery.received_at)},
                      {"receipt", ReceiptOf(delivery.evidence, log)}});
    }
    json["delivery_receipts"] = std::move(list);
    json["withheld"] = WithheldJson(fate.withheld, log);
  } else {
    json["delivery_receipt"] = ReceiptOf(row.recorded, log);
  }
  v1::Content content;
  const bool readable = !row.content.empty() && content.ParseFromString(row.content);
  if (content.has_lampiran()) {
    content.mutable_lampiran()->clear_kunci();  // of use to nobody but this agent
  }
  json["isi"] = readable ? FromMessage(content) : Json(nullptr);
  if (row.erased_at != 0) {
    json["isi_dihapus"] = {{"at", TimeOf(row.erased_at)},
                           {"note", "isi telah dihapus / content erased"}};
  }
  return json;
}

Json LegSummaryOf(const LegRow& leg) {
  const bool queued = leg.state == v1::LegState::UNSPECIFIED;
  const bool ours = ledger::ResponsibleOf(leg.record) == leg.side;
  Json needs = Json::array();
  for (const auto code : NeedsOf(leg.record, leg.side)) {
    needs.push_back(std::string(code));
  }
  return {
      {"leg_id", FormatUuid(leg.id.view())},
      {"role", leg.side == ledger::Side::kSender ? "PERUJUK" : "PENERIMA"},
      {"peer", leg.peer},
      {"state", queued ? "DRAF" : v1::LegState::Code_Name(leg.state)},
      {"planned_state",
       leg.planned == v1::LegState::UNSPECIFIED ? "DRAF" : v1::LegState::Code_Name(leg.planned)},
      {"kelas_waktu", v1::ClockClass::Code_Name(leg.record.clock_class())},
      {"eskalasi", leg.record.escalation()},
      {"tenggat", DeadlinesOf(leg.plan)},
      {"memindahkan_tanggung_jawab", leg.plan.moves_responsibility()},
      {"pelapor_saja", leg.plan.contact_takes_over()},
      {"tanggung_jawab", ours ? "KAMI" : "MEREKA"},
      {"melanjutkan", UuidOf(leg.plan.continues_leg())},
      {"dilanjutkan_oleh", UuidOf(leg.plan.continued_by())},
      {"dibatasi_sejak", TimeOf(leg.restricted_at)},
      {"perlu", std::move(needs)},
      {"opened_at", TimeOf(leg.opened_at)},
      {"changed_at", TimeOf(leg.changed_at)},
      {"actions", ActionsFor(leg.plan, leg.side)}};
}

}  // namespace rujukan::agency
