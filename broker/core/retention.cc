#include "broker/core/retention.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/bytes.h"
#include "ledger/records.h"
#include "rujukan/v1/audit.pb.h"

namespace rujukan::broker {

using ledger::Table;

std::optional<UnixMillis> SettledAt(const v1::MessageRecord& message) {
  UnixMillis last = 0;
  for (const v1::DeliveryState& delivery : message.deliveries()) {
    if (delivery.index() == 0) {
      return std::nullopt;
    }
    last = std::max<UnixMillis>(last, delivery.time_ms());
  }
  return last;
}

Result<Erasures> Erasures::Load(const ledger::View& view) {
  Erasures erasures;
  bool parsed = true;
  std::vector<std::pair<std::string, std::string>> whole;  // leg, id of the request
  const auto visit = [&](std::string_view key, std::string_view value) {
    v1::ErasureRecord record;
    parsed = record.ParseFromArray(value.data(), static_cast<int>(value.size())) &&
             key.size() > LegId::kSize;
    if (!parsed) {
      return false;
    }
    OfLeg& leg = erasures.legs_[std::string(key.substr(0, LegId::kSize))];
    if (record.target().empty()) {
      leg.whole_before = std::max<LogIndex>(leg.whole_before, record.index());
      const bool objected = record.answered_at_index() != 0 && !record.carried_out();
      if (!objected) {
        whole.emplace_back(key.substr(0, LegId::kSize), key.substr(LegId::kSize + 1));
      }
    } else {
      leg.targets.push_back(record.target());
    }
    return true;
  };
  RETURN_IF_ERROR(view.Scan(Table::kErasure, "", "", visit));
  if (!parsed) {
    return Fail(Errc::kCorrupt, "a record of table erasure does not parse");
  }
  for (const auto& [leg, request] : whole) {
    ASSIGN_OR_RETURN(const auto message, ledger::ReadMessage(view, request));
    UnixMillis& until = erasures.legs_[leg].whole_until;
    until = message ? std::max<UnixMillis>(until, message->time_ms()) : until;
  }
  for (auto leg = erasures.legs_.begin(); leg != erasures.legs_.end();) {
    ASSIGN_OR_RETURN(const auto hold, ledger::ReadHold(view, leg->first));
    leg = hold ? erasures.legs_.erase(leg) : std::next(leg);
  }
  return erasures;
}

bool Erasures::Mean(const MessageId& id, const v1::MessageRecord& message) const {
  const auto leg = legs_.find(message.leg_id());
  if (leg == legs_.end()) {
    return false;
  }
  const std::vector<std::string>& targets = leg->second.targets;
  return message.index() < leg->second.whole_before ||
         std::find(targets.begin(), targets.end(), id.view()) != targets.end();
}

bool Erasures::MeanAttachment(const LegId& leg, UnixMillis begun) const {
  const auto found = legs_.find(leg.str());
  return found != legs_.end() && begun <= found->second.whole_until;
}

Result<std::vector<LogIndex>> StayingEntries(const ledger::View& view, TreeSize end) {
  std::set<LogIndex> staying;
  RETURN_IF_ERROR(view.Scan(Table::kDirectory, "", "", [&](std::string_view key, auto) {
    const LogIndex index = ReadBigEndian64(key);
    if (index < end) {
      staying.insert(index);
    }
    return index < end;
  }));
  // The key ends with the index of the message's entry.
  RETURN_IF_ERROR(view.Scan(Table::kMailbox, "", "", [&](std::string_view key, auto) {
    const LogIndex index = ReadBigEndian64(key.substr(key.size() - sizeof(LogIndex)));
    if (index < end) {
      staying.insert(index);
    }
    return true;
  }));
  return std::vector<LogIndex>(staying.begin(), staying.end());
}

}  // namespace rujukan::broker
