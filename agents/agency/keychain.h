// Every key of a home: those in use, those made for a renewal that waits (*.key.next) and those set
// aside (*.key.1, *.key.2...). Which of them is in force only the directory says: the files are
// matched against it by public key, so that a home which was interrupted while its files changed
// places still works, and puts them right.
//
//   signing.key, encryption.key, transport.key                      in use
//   signing.key.next, encryption.key.next, transport.key.next       asked for, not yet granted
//   signing.key.N, encryption.key.N, transport.key.N                replaced; they still open mail
//
// A file changes places in two steps that each leave a whole home: a second name (hard link) for
// the key in use, then the new key's name over the old one. Thread: value types.
#pragma once

#include <string>
#include <vector>

#include "agents/agency/home.h"
#include "base/result.h"

namespace rujukan::agency {

inline constexpr std::string_view kSigningFile = "signing.key";
inline constexpr std::string_view kEncryptionFile = "encryption.key";
inline constexpr std::string_view kTransportFile = "transport.key";
inline constexpr std::string_view kNextSuffix = ".next";

struct HeldKey {
  std::string file;  // name inside the home
  certs::PrivateKey key;
  std::string spki;
};
struct HeldTransport {
  std::string file;
  certs::TransportKeyPair keys;
};

// Each list: the key in use, the next one, those set aside from the newest on.
struct KeyChain {
  std::vector<HeldKey> signing;
  std::vector<HeldKey> encryption;
  std::vector<HeldTransport> transport;
  certs::ColumnKey store;
  std::vector<std::string> unread;  // files that are no key or have another passphrase: left alone
};
// As ReadKeys for the keys in use; the others are left out when they cannot be read.
Result<KeyChain> ReadKeyChain(const Home& home, const std::string& passphrase);

// nullptr: none of them.
const HeldKey* FindHeld(const std::vector<HeldKey>& keys, const std::string& spki);
const HeldTransport* FindHeld(const std::vector<HeldTransport>& keys, std::string_view public_key);
const HeldTransport* NextOf(const std::vector<HeldTransport>& keys);

// Makes those *.key.next that are missing; durable on return. kInvalid: a key in use is in a token,
// so the new one must be made there by hand. kUnavailable: I/O.
Result<void> MakeNextKeys(const Home& home, const std::string& passphrase);

// What puts the next key of `name` in the place of the one in use. Empty: there is none.
struct FileMove {
  bool link = false;  // a second name for the same file; else a rename
  std::string from;
  std::string to;
};
std::vector<FileMove> PlanPromotion(const Home& home, std::string_view name);
// kUnavailable: I/O. Durable on return.
Result<void> Apply(const Home& home, const FileMove& move);

}  // namespace rujukan::agency
