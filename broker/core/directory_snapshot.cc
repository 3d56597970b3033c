#include "broker/core/directory_snapshot.h"

#include <algorithm>

#include "certs/certificate.h"
#include "ledger/authenticate.h"
#include "ledger/records.h"

namespace rujukan::broker {
namespace {

using ledger::Table;

bool IsDirectory(Table table) {
  return table == Table::kKey || table == Table::kAgency || table == Table::kTransport;
}

Result<std::shared_ptr<const KeyFacts>> ParseKey(const std::string& value) {
  v1::KeyRecord record;
  if (!record.ParseFromString(value)) {
    return Fail(Errc::kCorrupt, "a key record of the directory does not parse");
  }
  ASSIGN_OR_RETURN(const certs::Certificate certificate, ledger::CertificateOf(record));
  KeyFacts facts{.key = certificate.public_key(), .address = record.address()};
  facts.usage = record.usage();
  facts.not_before_ms = record.not_before_ms();
  facts.not_after_ms = record.retires_at_ms() == 0
                           ? record.not_after_ms()
                           : std::min(record.not_after_ms(), record.retires_at_ms());
  facts.revoked = record.revoked_at_index() != 0;
  return std::make_shared<const KeyFacts>(std::move(facts));
}

Result<std::shared_ptr<const AgencyFacts>> ParseAgency(const std::string& value) {
  v1::AgencyRecord record;
  if (!record.ParseFromString(value)) {
    return Fail(Errc::kCorrupt, "an agency record of the directory does not parse");
  }
  AgencyFacts facts;
  facts.role = record.role();
  facts.status = record.status();
  facts.transport_key = record.transport_key();
  return std::make_shared<const AgencyFacts>(std::move(facts));
}

}  // namespace

Result<void> DirectorySnapshot::Set(Table table, const std::string& key, const std::string& value) {
  if (table == Table::kKey) {
    ASSIGN_OR_RETURN(keys_[key], ParseKey(value));
  } else if (table == Table::kAgency) {
    ASSIGN_OR_RETURN(agencies_[key], ParseAgency(value));
  } else if (table == Table::kTransport) {
    transports_[key] = value;
  }
  return {};
}

void DirectorySnapshot::Erase(Table table, const std::string& key) {
  if (table == Table::kKey) {
    keys_.erase(key);
  } else if (table == Table::kAgency) {
    agencies_.erase(key);
  } else if (table == Table::kTransport) {
    transports_.erase(key);
  }
}

Result<void> DirectorySnapshot::LoadRootKey(const ledger::View& view) {
  const auto domain = ledger::ReadDomain(view);
  if (!domain) {
    return domain.error().code == Errc::kNotFound ? Result<void>() : Fail(domain.error());
  }
  ASSIGN_OR_RETURN(const auto root, certs::Certificate::FromDer(domain->root_certificate()));
  root_key_ = std::make_shared<const certs::PublicKey>(root.public_key());
  return {};
}

Result<std::shared_ptr<const DirectorySnapshot>> DirectorySnapshot::Load(const ledger::View& view) {
  auto snapshot = std::make_shared<DirectorySnapshot>();
  RETURN_IF_ERROR(snapshot->LoadRootKey(view));
  for (const Table table : {Table::kKey, Table::kAgency, Table::kTransport}) {
    Result<void> parsed;
    const auto visit = [&](std::string_view key, std::string_view value) {
      parsed = snapshot->Set(table, std::string(key), std::string(value));
      return parsed.has_value();
    };
    RETURN_IF_ERROR(view.Scan(table, "", "", visit));
    RETURN_IF_ERROR(parsed);
  }
  return std::shared_ptr<const DirectorySnapshot>(std::move(snapshot));
}

Result<std::shared_ptr<const DirectorySnapshot>> DirectorySnapshot::With(
    const ledger::Overlay::Writes& writes) const {
  std::shared_ptr<DirectorySnapshot> next;
  for (const auto& [place, value] : writes) {
    if (!IsDirectory(place.first)) {
      continue;
    }
    if (next == nullptr) {
      next = std::make_shared<DirectorySnapshot>(*this);
    }
    if (value.has_value()) {
      RETURN_IF_ERROR(next->Set(place.first, place.second, *value));
    } else {
      next->Erase(place.first, place.second);
    }
  }
  return std::shared_ptr<const DirectorySnapshot>(std::move(next));
}

const KeyFacts* DirectorySnapshot::FindKey(std::string_view key_id) const {
  const auto it = keys_.find(std::string(key_id));
  return it == keys_.end() ? nullptr : it->second.get();
}

const AgencyFacts* DirectorySnapshot::FindAgency(std::string_view address) const {
  const auto it = agencies_.find(std::string(address));
  return it == agencies_.end() ? nullptr : it->second.get();
}

std::optional<std::string> DirectorySnapshot::AddressOf(const TransportKey& key) const {
  const auto it = transports_.find(key.str());
  if (it == transports_.end()) {
    return std::nullopt;
  }
  const AgencyFacts* agency = FindAgency(it->second);
  if (agency == nullptr || agency->status != v1::AgencyStatus::AKTIF ||
      agency->transport_key != key.view()) {
    return std::nullopt;
  }
  return it->second;
}

}  // namespace rujukan::broker
