// The directory as admission needs it: parsed keys, who owns them, who may connect. Immutable, so
// any number of threads read one snapshot without a lock; a directory entry makes a new one that
// shares every record that did not change.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "certs/key.h"
#include "ledger/view.h"
#include "rujukan/v1/directory.pb.h"

namespace rujukan::broker {

struct KeyFacts {
  certs::PublicKey key;
  std::string address;
  v1::KeyUsage::Code usage = v1::KeyUsage::UNSPECIFIED;
  UnixMillis not_before_ms = 0;
  UnixMillis not_after_ms = 0;  // or when it was replaced and its overlap ends, whichever is first
  bool revoked = false;
};

struct AgencyFacts {
  v1::Role::Code role = v1::Role::UNSPECIFIED;
  v1::AgencyStatus::Code status = v1::AgencyStatus::UNSPECIFIED;
  std::string transport_key;
};

class DirectorySnapshot {
 public:
  // Reads the whole directory. kCorrupt: a stored record or certificate does not parse.
  static Result<std::shared_ptr<const DirectorySnapshot>> Load(const ledger::View& view);
  // This snapshot with the directory part of `writes` on top; nullptr when there is none.
  Result<std::shared_ptr<const DirectorySnapshot>> With(
      const ledger::Overlay::Writes& writes) const;

  // nullptr: unknown. Valid while the snapshot lives.
  const KeyFacts* FindKey(std::string_view key_id) const;
  const AgencyFacts* FindAgency(std::string_view address) const;
  // The address admitted for this CURVE key, while its agency is active and uses this key.
  std::optional<std::string> AddressOf(const TransportKey& key) const;
  // The domain's root key, for root acts. It never changes. nullptr before the genesis.
  const certs::PublicKey* root_key() const { return root_key_.get(); }
  size_t agency_count() const { return agencies_.size(); }

 private:
  Result<void> LoadRootKey(const ledger::View& view);
  Result<void> Set(ledger::Table table, const std::string& key, const std::string& value);
  void Erase(ledger::Table table, const std::string& key);

  std::unordered_map<std::string, std::shared_ptr<const KeyFacts>> keys_;
  std::unordered_map<std::string, std::shared_ptr<const AgencyFacts>> agencies_;
  std::unordered_map<std::string, std::string> transports_;
  std::shared_ptr<const certs::PublicKey> root_key_;
};

}  // namespace rujukan::broker
