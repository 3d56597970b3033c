#include "tests/sim/ledger_model.h"

#include <algorithm>

#include "base/bytes.h"
#include "ledger/fold.h"
#include "rujukan/v1/act.pb.h"
#include "rujukan/v1/header.pb.h"
#include "tests/sim/trace.h"

namespace rujukan::sim {
namespace {

// What the simulation sends of docs/states.md: "state message side" -> state.
const std::map<std::string, std::string>& States() {
  static const std::map<std::string, std::string> kStates = {
      {"SAMPAI KONFIRMASI receiver", "DIKAJI"},
      {"DIKAJI PERMINTAAN_INFO receiver", "MENUNGGU_INFO"},
      {"MENUNGGU_INFO JAWABAN_INFO sender", "DIKAJI"},
      {"SAMPAI TERIMA receiver", "DITERIMA"},
      {"DIKAJI TERIMA receiver", "DITERIMA"},
      {"MENUNGGU_INFO TERIMA receiver", "DITERIMA"},
      {"SAMPAI TOLAK receiver", "DITOLAK"},
      {"DIKAJI TOLAK receiver", "DITOLAK"},
      {"MENUNGGU_INFO TOLAK receiver", "DITOLAK"},
      {"TERKIRIM BATAL sender", "DIBATALKAN"},
      {"SAMPAI BATAL sender", "DIBATALKAN"},
      {"DIKAJI BATAL sender", "DIBATALKAN"},
      {"DITERIMA RINCIAN sender", "DITERIMA"},
      {"BERJALAN RINCIAN sender", "BERJALAN"},
      {"DITERIMA KONTAK_PERTAMA receiver", "BERJALAN"},
      {"BERJALAN LAPORAN_KEMAJUAN receiver", "BERJALAN"},
      {"BERJALAN LAPORAN_AKHIR receiver", "SELESAI"},
      {"SELESAI KONFIRMASI_TUTUP sender", "DITUTUP"},
      {"SELESAI KEBERATAN_TUTUP sender", "BERJALAN"},
      {"DITERIMA JADWAL receiver", "DITERIMA"},
      {"BERJALAN JADWAL receiver", "BERJALAN"},
      {"DITERIMA TIDAK_HADIR receiver", "DITERIMA"},
      {"BERJALAN TIDAK_HADIR receiver", "BERJALAN"},
      {"DITERIMA JADWAL_BATAL receiver", "DITERIMA"},
      {"BERJALAN JADWAL_BATAL receiver", "BERJALAN"},
      {"DITERIMA GAGAL receiver", "GAGAL"},
      {"BERJALAN GAGAL receiver", "GAGAL"},
      {"DITERIMA PERMINTAAN_RINCIAN receiver", "DITERIMA"},
      {"BERJALAN PERMINTAAN_RINCIAN receiver", "BERJALAN"},
      {"DITERIMA PERMINTAAN_INFO sender", "DITERIMA"},
      {"BERJALAN PERMINTAAN_INFO sender", "BERJALAN"},
      {"SELESAI PERMINTAAN_INFO sender", "SELESAI"},
      {"DITERIMA PERMINTAAN_INFO receiver", "DITERIMA"},
      {"BERJALAN PERMINTAAN_INFO receiver", "BERJALAN"},
      {"SELESAI PERMINTAAN_INFO receiver", "SELESAI"},
      {"DITERIMA JAWABAN_INFO sender", "DITERIMA"},
      {"BERJALAN JAWABAN_INFO sender", "BERJALAN"},
      {"SELESAI JAWABAN_INFO sender", "SELESAI"},
      {"DITERIMA JAWABAN_INFO receiver", "DITERIMA"},
      {"BERJALAN JAWABAN_INFO receiver", "BERJALAN"},
      {"SELESAI JAWABAN_INFO receiver", "SELESAI"},
      {"DITUTUP BUKA_KEMBALI sender", "DITUTUP"},
      {"DITUTUP BUKA_KEMBALI receiver", "DITUTUP"},
  };
  return kStates;
}

std::string At(LogIndex index) {
  return "entry " + std::to_string(index) + ": ";
}

}  // namespace

Violation LedgerModel::Follow(const broker::Store& store) {
  const auto fresh = store.ReadEntries(entries_.size(), SIZE_MAX);
  if (!fresh) {
    return "the store does not read: " + fresh.error().ToString();
  }
  for (const std::string& bytes : *fresh) {
    if (Violation wrong = Apply(bytes, entries_.size())) {
      return wrong;
    }
    entries_.push_back(bytes);
  }
  for (const std::string& id : touched_) {
    if (Violation wrong = CompareMessage(store, id)) {
      return wrong;
    }
  }
  touched_.clear();
  return std::nullopt;
}

Violation LedgerModel::CompareEntries(const broker::Store& store, TreeSize promised) {
  const auto stored = store.ReadEntries(0, SIZE_MAX);
  if (!stored) {
    return "the store does not read: " + stored.error().ToString();
  }
  for (LogIndex index = 0; index < std::max<TreeSize>(promised, entries_.size()); ++index) {
    if (index >= stored->size()) {
      return At(index) +
             (index < promised ? "was given out, and is lost" : "was durable, and is lost");
    }
    if (index < entries_.size() && (*stored)[index] != entries_[index]) {
      return At(index) + "is another after a crash than before";
    }
  }
  return std::nullopt;
}

Violation LedgerModel::Apply(const std::string& bytes, LogIndex index) {
  v1::Entry entry;
  if (!entry.ParseFromString(bytes)) {
    return At(index) + "does not parse";
  }
  if (entry.time_ms() < last_ms_) {
    return At(index) + "its time runs backwards";
  }
  last_ms_ = entry.time_ms();
  if (entry.has_accepted()) {
    return ApplyAccepted(entry.accepted().header(), index);
  }
  if (entry.has_delivery()) {
    return ApplyDelivery(entry.delivery().receipt());
  }
  if (entry.has_act()) {
    ApplyAct(entry.act().act());
  }
  return std::nullopt;
}

void LedgerModel::ApplyAct(const std::string& act_bytes) {
  v1::Act act;
  act.ParseFromString(act_bytes);
  if (act.has_revoke()) {
    revoked_.insert(act.revoke().address());
  } else if (act.has_suspend()) {
    suspended_.insert(act.suspend().address());
    if (act.suspend().pending_mail() == v1::PendingMail::BOUNCE) {
      Bounce(act.suspend().address());
    }
  } else if (act.has_resume()) {
    suspended_.erase(act.resume().address());
  }
}

// What waits is gone, and a referral that nobody opened has failed.
void LedgerModel::Bounce(const std::string& address) {
  for (const auto& [index, id] : mailboxes_[address]) {
    messages_.at(id).bounced.insert(address);
    touched_.insert(id);
    const auto leg_id = leg_of_.find(id);
    // Only the opening message waits in TERKIRIM.
    if (leg_id != leg_of_.end() && legs_.at(leg_id->second).state == "TERKIRIM") {
      legs_.at(leg_id->second).state = "GAGAL";
    }
  }
  mailboxes_[address].clear();
}

Violation LedgerModel::ApplyAccepted(const std::string& header_bytes, LogIndex index) {
  v1::Header header;
  header.ParseFromString(header_bytes);
  if (revoked_.count(header.from()) != 0) {
    return At(index) + "a revoked agency's message was accepted";
  }
  if (suspended_.count(header.from()) != 0) {
    return At(index) + "a suspended agency's message was accepted";
  }
  if (messages_.count(header.message_id()) != 0) {
    return At(index) + "a message was accepted twice";
  }
  Message& message = messages_[header.message_id()];
  message.index = index;
  message.from = header.from();
  for (const std::string& to : header.to()) {
    if (suspended_.count(to) != 0 || revoked_.count(to) != 0) {
      return At(index) + "a message to somebody suspended or revoked was accepted";
    }
    message.to.insert(to);
    mailboxes_[to][index] = header.message_id();
  }
  touched_.insert(header.message_id());
  if (header.leg_id().empty()) {
    return std::nullopt;
  }
  leg_of_[header.message_id()] = header.leg_id();
  if (header.kind() == v1::Kind::RUJUKAN) {
    if (!legs_.try_emplace(header.leg_id(), Leg{header.from(), header.to(0), "TERKIRIM"}).second) {
      return At(index) + "a leg was opened twice";
    }
    return std::nullopt;
  }
  const auto leg = legs_.find(header.leg_id());
  if (leg == legs_.end()) {
    return At(index) + "a message of a leg that is not open";
  }
  const std::string side = leg->second.sender == header.from() ? "sender" : "receiver";
  const auto next =
      States().find(leg->second.state + " " + v1::Kind::Code_Name(header.kind()) + " " + side);
  if (next == States().end()) {
    return At(index) + v1::Kind::Code_Name(header.kind()) + " was accepted from the " + side +
           " in state " + leg->second.state;
  }
  leg->second.state = next->second;
  return std::nullopt;
}

Violation LedgerModel::ApplyDelivery(const std::string& receipt_bytes) {
  v1::DeliveryReceipt receipt;
  receipt.ParseFromString(receipt_bytes);
  const auto message = messages_.find(receipt.message_id());
  if (message == messages_.end() || message->second.to.count(receipt.recipient()) == 0) {
    return "a delivery receipt for a message that was never sent there was recorded";
  }
  if (suspended_.count(receipt.recipient()) != 0) {
    return "a suspended agency's delivery receipt was recorded";
  }
  if (message->second.bounced.count(receipt.recipient()) != 0) {
    return "message " + Short(receipt.message_id()) + " was delivered after it had bounced";
  }
  if (!message->second.delivered.insert(receipt.recipient()).second) {
    return "message " + Short(receipt.message_id()) + " has two delivery receipts of one recipient";
  }
  mailboxes_[receipt.recipient()].erase(message->second.index);
  touched_.insert(receipt.message_id());
  const auto leg_id = leg_of_.find(receipt.message_id());
  if (leg_id != leg_of_.end()) {
    Leg& leg = legs_.at(leg_id->second);
    // Only the opening message is delivered in TERKIRIM: nothing else is legal before.
    if (leg.state == "TERKIRIM") {
      leg.state = "SAMPAI";
    }
  }
  return std::nullopt;
}

Violation LedgerModel::CompareMessage(const broker::Store& store, const std::string& id) const {
  const Message& wanted = messages_.at(id);
  const auto record = ledger::ReadMessage(store, id);
  if (!record || !record->has_value() || (*record)->index() != wanted.index) {
    return "the view has not message " + Short(id) + " at entry " + std::to_string(wanted.index);
  }
  std::set<std::string> delivered;
  std::set<std::string> bounced;
  for (const auto& delivery : (*record)->deliveries()) {
    if (delivery.index() != 0) {
      (delivery.bounced() ? bounced : delivered).insert(delivery.recipient());
    }
  }
  if (delivered != wanted.delivered || bounced != wanted.bounced) {
    return "the view has other deliveries of message " + Short(id) + " than the ledger";
  }
  const auto leg_id = leg_of_.find(id);
  if (leg_id != leg_of_.end()) {
    const auto leg = ledger::ReadLeg(store, leg_id->second);
    const std::string& state = legs_.at(leg_id->second).state;
    if (!leg || !leg->has_value() || v1::LegState::Code_Name((*leg)->state()) != state) {
      return "the view has leg " + Short(leg_id->second) + " in another state than " + state;
    }
  }
  for (const std::string& to : wanted.to) {
    if (Violation wrong = CompareMailbox(store, to)) {
      return wrong;
    }
    if (Violation wrong = CompareShare(store, to, wanted.from)) {
      return wrong;
    }
  }
  return std::nullopt;
}

Violation LedgerModel::CompareMailbox(const broker::Store& store,
                                      const std::string& address) const {
  std::map<LogIndex, std::string> stored;
  const std::string prefix = ledger::MailboxPrefix(address);
  const auto read = store.Scan(
      ledger::Table::kMailbox, prefix, prefix, [&](std::string_view key, std::string_view id) {
        stored[ReadBigEndian64(key.substr(prefix.size()))] = std::string(id);
        return true;
      });
  const auto wanted = mailboxes_.find(address);
  const bool same = wanted == mailboxes_.end() ? stored.empty() : stored == wanted->second;
  if (!read || !same) {
    return "the mailbox of " + address + " is not what the ledger says";
  }
  return std::nullopt;
}

Violation LedgerModel::CompareShare(const broker::Store& store,
                                    const std::string& address,
                                    const std::string& sender) const {
  uint64_t waiting = 0;
  const auto mailbox = mailboxes_.find(address);
  for (const auto& [index, id] : mailbox->second) {
    waiting += messages_.at(id).from == sender ? 1U : 0U;
  }
  const auto share = ledger::ReadShare(store, address, sender);
  if (!share || share->messages() != waiting) {
    return "the share of " + sender + " in the mailbox of " + address + " is not " +
           std::to_string(waiting);
  }
  const auto counter = ledger::ReadCounter(store, address);
  if (!counter || counter->mailbox_messages() != mailbox->second.size()) {
    return "the counter of " + address + " is not " + std::to_string(mailbox->second.size());
  }
  return std::nullopt;
}

Violation LedgerModel::CompareAll(const broker::Store& store) const {
  for (const auto& [id, message] : messages_) {
    if (Violation wrong = CompareMessage(store, id)) {
      return wrong;
    }
  }
  return std::nullopt;
}

}  // namespace rujukan::sim
