#include "agents/admin/doctor_facts.h"

#include <sys/stat.h>

#include "agents/admin/home_files.h"
#include "agents/admin/input_file.h"
#include "base/limits.h"
#include "certs/issue.h"
#include "certs/keyfile.h"
#include "certs/token.h"

namespace rujukan::admin {
namespace {

constexpr unsigned kPermissionBits = 07777;
constexpr const char* kKeyFiles[] = {"root.key", "issuing.key", "admin.key", "transport.key"};

FileFact LookAtFile(const std::string& home, const std::string& name) {
  struct stat status {};
  const bool present = ::stat((home + "/" + name).c_str(), &status) == 0;
  return {name, present, present ? status.st_mode & kPermissionBits : 0};
}

// transport.key never has a passphrase: stolen alone it opens a connection and signs nothing.
bool IsOpenKey(const std::string& path) {
  const auto text = certs::ReadSecretFile(path);
  return text && !certs::IsTokenReference(*text) &&
         text->find("-----BEGIN PRIVATE KEY-----") != std::string::npos;
}

std::optional<std::string> IssuingCertificate(const Office& office) {
  const std::string& home = office.options().home;
  const auto passphrase = office.Passphrase();
  const auto certificate = ReadCertificateFile(home + "/issuing.crt");
  if (!passphrase || !certificate) {
    return std::nullopt;
  }
  const auto key = certs::ReadKeyFile(home + "/issuing.key", *passphrase);
  if (!key || !certs::CheckIssuer({*certificate, *key})) {
    return std::nullopt;
  }
  return certificate->der();
}

}  // namespace

HomeFacts LookAtHome(const Office& office) {
  HomeFacts facts;
  facts.home = office.options().home;
  struct stat status {};
  facts.mode = ::stat(facts.home.c_str(), &status) == 0 ? status.st_mode & kPermissionBits : 0;
  for (const char* name : kKeyFiles) {
    facts.files.push_back(LookAtFile(facts.home, name));
    facts.encrypted = facts.encrypted && !IsOpenKey(facts.home + "/" + name);
  }
  if (const auto keys = office.LoadKeys(); !keys) {
    facts.keys = keys.error();
  }
  facts.issuing = IssuingCertificate(office);
  return facts;
}

BrokerLook LookAtBroker(const Office& office) {
  BrokerLook look;
  auto desk = office.Open();
  if (!desk) {
    look.facts.unreachable = desk.error();
    return look;
  }
  look.facts.clock_ahead_ms = desk->broker->ClockAheadMs();
  look.desk.emplace(std::move(*desk));
  return look;
}

}  // namespace rujukan::admin
