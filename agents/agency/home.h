// An agency's home directory: its keys, what it joined, and where its database and sockets are.
//
//   config.json      who we are, which broker, what to trust (no secrets)
//   signing.key, encryption.key   P-256, PEM      transport.key, store.key   raw 32 bytes
//   saksi.policy     C2SP tlog-policy: whose cosignatures count, when config.json has "saksi"
//   enrolment.pb     the signed request to join, kept so that `join` can go on after an
//   interruption agent.db         store.h agent.sock, api.token, agent.lock     the running
//   daemon's
//   lampiran/        sealed chunks of attachments, chunk_spool.h
//   *.key.next, *.key.1, *.key.2...       keychain.h
//
// Thread: value types. Durability: files are written whole (temp, fsync, rename) with mode 0600.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/agency/notify_settings.h"
#include "agents/agency/scanner.h"
#include "agents/link/client.h"
#include "agents/link/directory.h"
#include "base/result.h"
#include "certs/column.h"
#include "certs/key.h"
#include "rujukan/v1/content.pb.h"
#include "rujukan/v1/invitation.pb.h"

namespace rujukan::agency {

struct Config {
  std::string address;
  std::string official_name;
  std::string region;
  std::string endpoint;
  std::string enrolment_endpoint;
  TransportKey broker_key;
  std::string log_vkey;
  Digest root_fingerprint;
  v1::Officer officer;        // who signs when a request does not say; editable in config.json
  bool renews_itself = true;  // "pembaruan_otomatis": asks for new keys before the old ones end
  bool erases_itself =
      false;                // "hapus_otomatis": carries out requests to erase that no hold forbids
  std::string webhook_url;  // "webhook": {"url": ...}; "": none
  std::vector<NotifySetting> notices;  // "pemberitahuan": who is told that something waits
  // "saksi": {"wajib": ...}: the witnesses of saksi.policy are followed, and required or not.
  bool follows_witnesses = false;
  bool requires_witnesses = false;
  // "pemindai": {"perintah": [...], "lewat": "stdin" or "berkas"}: scanner.h
  ScannerSettings scanner;
};

class Home {
 public:
  explicit Home(std::string directory) : directory_(std::move(directory)) {}
  const std::string& directory() const { return directory_; }
  std::string PathOf(const std::string& file) const { return directory_ + "/" + file; }
  std::string database_path() const { return PathOf("agent.db"); }
  std::string socket_path() const { return PathOf("agent.sock"); }
  std::string token_path() const { return PathOf("api.token"); }
  std::string witness_policy_path() const { return PathOf("saksi.policy"); }
  std::string attachments_path() const { return PathOf("lampiran"); }
  std::string enrolment_path() const { return PathOf("enrolment.pb"); }
  bool Exists() const;  // has a config.json

  // kNotFound: not joined yet; kInvalid: config.json is damaged, the text names the field.
  Result<Config> ReadConfig() const;
  // kUnavailable: the directory cannot be made or written.
  Result<void> WriteConfig(const Config& config) const;

  // The directory alone, as MakeKeys makes it.
  Result<void> MakeDirectory() const;
  // Makes the directory (0700; one that is there already becomes so) and those keys that are
  // missing. kDenied: the directory belongs to another user. kUnavailable: I/O.
  Result<void> MakeKeys(const std::string& passphrase) const;

  // Renames the keys the broker knows, and the request made with them, to NAME.1, or the first
  // number that is free. store.key stays: it is of the database. kUnavailable: I/O.
  Result<void> SetKeysAside() const;

 private:
  std::string directory_;
};

Config ConfigFrom(const v1::Invitation& invitation);

struct Keys {
  certs::PrivateKey signing;
  certs::PrivateKey encryption;
  certs::TransportKeyPair transport;
  certs::ColumnKey store;
};
// kDenied: a file others can read, or a wrong passphrase. kNotFound: not joined.
Result<Keys> ReadKeys(const Home& home, const std::string& passphrase);

// A transport key file: read, or made unless it is there. As ReadKeys; kUnavailable: I/O.
Result<certs::TransportKeyPair> ReadTransportKey(const std::string& path);
Result<void> WriteTransportKey(const std::string& path);

// What of the configuration the link needs.
Result<link::TrustPins> PinsOf(const Config& config);

// At most one daemon a home: holds an advisory lock on agent.lock while it lives.
class HomeLock {
 public:
  // kConflict: another daemon runs on this home.
  static Result<HomeLock> Take(const Home& home);
  HomeLock(HomeLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  HomeLock(const HomeLock&) = delete;
  HomeLock& operator=(const HomeLock&) = delete;
  HomeLock& operator=(HomeLock&&) = delete;
  ~HomeLock();

 private:
  explicit HomeLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace rujukan::agency
