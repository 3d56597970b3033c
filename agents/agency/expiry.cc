#include "agents/agency/expiry.h"

#include "agents/agency/render.h"
#include "base/bytes.h"
#include "certs/certificate.h"
#include "ledger/records.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kDayMs = 24LL * 3600 * 1000;

// Rounded down, also below zero.
int64_t DaysUntil(UnixMillis end, UnixMillis now) {
  const int64_t left = end - now;
  return left >= 0 ? left / kDayMs : -((-left + kDayMs - 1) / kDayMs);
}

std::string UpperCase(std::string text) {
  for (char& c : text) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

std::string NextStep(const std::string& what, int64_t days_left) {
  if (days_left >= kWarningDays.front()) {
    return "";
  }
  if (what == "issuing_ca" || what == "root_ca") {
    return "hubungi admin domain: CA perlu diganti / call the domain's admin: the CA has to be "
           "replaced";
  }
  if (days_left < 0) {
    return "kunci sudah berakhir: minta undangan baru kepada admin, lalu `rujukan-agent join` / "
           "the "
           "keys have ended: ask the admin for a new invitation, then join";
  }
  return "jalankan `rujukan-agent rotate` / run rujukan-agent rotate";
}

Ending EndingOf(std::string what, std::string key, UnixMillis not_after, UnixMillis now) {
  Ending ending{std::move(what), std::move(key), not_after, DaysUntil(not_after, now), ""};
  ending.next_step = NextStep(ending.what, ending.days_left);
  return ending;
}

Result<void> AddKey(const ledger::View& directory,
                    const std::string& what,
                    const std::string& key_id,
                    UnixMillis now,
                    std::vector<Ending>& endings) {
  ASSIGN_OR_RETURN(const auto key, ledger::ReadKey(directory, key_id));
  if (key) {
    endings.push_back(EndingOf(what, ToHex(key_id), key->not_after_ms(), now));
  }
  return {};
}

Result<void> AddAuthority(const std::string& what,
                          const std::string& der,
                          UnixMillis now,
                          std::vector<Ending>& endings) {
  ASSIGN_OR_RETURN(const auto certificate, certs::Certificate::FromDer(der));
  endings.push_back(
      EndingOf(what, ToHex(certificate.key_id().view()), certificate.not_after(), now));
  return {};
}

}  // namespace

Result<std::vector<Ending>> ListEndings(const ledger::View& directory,
                                        const std::string& address,
                                        UnixMillis now) {
  std::vector<Ending> endings;
  const auto domain = ledger::ReadDomain(directory);
  if (!domain) {
    return domain.error().code == Errc::kNotFound ? Result<std::vector<Ending>>(endings)
                                                  : Fail(domain.error());
  }
  ASSIGN_OR_RETURN(const auto agency, ledger::ReadAgency(directory, address));
  if (agency) {
    RETURN_IF_ERROR(AddKey(directory, "signing", agency->signing_key(), now, endings));
    RETURN_IF_ERROR(AddKey(directory, "encryption", agency->encryption_key(), now, endings));
  }
  RETURN_IF_ERROR(AddAuthority("issuing_ca", domain->issuing_certificate(), now, endings));
  RETURN_IF_ERROR(AddAuthority("root_ca", domain->root_certificate(), now, endings));
  return endings;
}

int64_t ThresholdOf(const Ending& ending, UnixMillis now) {
  int64_t reached = 0;
  for (const int64_t days : kWarningDays) {
    if (ending.not_after - now <= days * kDayMs) {
      reached = days;
    }
  }
  return reached;
}

Result<std::vector<ExpiryWarning>> TakeWarnings(Tables& tables,
                                                const std::vector<Ending>& endings,
                                                UnixMillis now) {
  std::vector<ExpiryWarning> warnings;
  for (const auto& ending : endings) {
    const int64_t reached = ThresholdOf(ending, now);
    const std::string name = "expiry/" + ending.what + "/" + ending.key;
    ASSIGN_OR_RETURN(const auto told, tables.GetMeta(name));
    const std::string mark = std::to_string(reached);
    const auto before = ParseDecimal(told);
    if (reached == 0 || (before && *before <= static_cast<uint64_t>(reached))) {
      continue;
    }
    RETURN_IF_ERROR(tables.PutMeta(name, mark));
    Event event{EventType::kCertificateEnding, now};
    event.code = UpperCase(ending.what);
    RETURN_IF_ERROR(tables.PutEvent(event));
    warnings.push_back({ending, reached});
  }
  return warnings;
}

Json WarningJson(const ExpiryWarning& warning, const std::string& address) {
  return {{"event", "sertifikat_akan_berakhir"},
          {"hari", warning.days},
          {"lembaga", address},
          {"sertifikat", warning.ending.what},
          {"sisa_hari", warning.ending.days_left},
          {"berakhir", FormatTime(warning.ending.not_after)},
          {"langkah", warning.ending.next_step}};
}

Json EndingsJson(const std::vector<Ending>& endings) {
  Json list = Json::array();
  for (const auto& ending : endings) {
    list.push_back({{"certificate", ending.what},
                    {"key", ending.key},
                    {"not_after", TimeOf(ending.not_after)},
                    {"days_left", ending.days_left},
                    {"next_step", ending.next_step}});
  }
  return list;
}

}  // namespace rujukan::agency
