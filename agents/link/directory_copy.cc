#include "agents/link/directory_copy.h"

#include <sys/stat.h>

#include <fstream>
#include <optional>
#include <sstream>

#include "agents/link/durable_file.h"
#include "base/bytes.h"
#include "certs/hash.h"
#include "ledger/records.h"

namespace rujukan::link {
namespace {

constexpr std::string_view kFirstLine = "rujukan directory copy 1\n";
constexpr size_t kSizeBytes = 4;

std::string PathIn(const std::string& home) {
  return home + "/directory.pb";
}

void AppendSized(std::string_view bytes, std::string& out) {
  AppendBigEndian32(static_cast<uint32_t>(bytes.size()), out);
  out.append(bytes);
}

// Takes a size and as many bytes off the front; nullopt: there are fewer.
std::optional<std::string_view> TakeSized(std::string_view& rest) {
  if (rest.size() < kSizeBytes || rest.size() - kSizeBytes < ReadBigEndian32(rest)) {
    return std::nullopt;
  }
  const std::string_view bytes = rest.substr(kSizeBytes, ReadBigEndian32(rest));
  rest.remove_prefix(kSizeBytes + bytes.size());
  return bytes;
}

// nullopt: damaged.
std::optional<ledger::Overlay::Writes> ParseCopy(std::string_view file) {
  if (!file.starts_with(kFirstLine) || file.size() < kFirstLine.size() + Digest::kSize) {
    return std::nullopt;
  }
  const std::string_view covered = file.substr(0, file.size() - Digest::kSize);
  if (certs::Sha256(covered).view() != file.substr(covered.size())) {
    return std::nullopt;
  }
  ledger::Overlay::Writes rows;
  for (std::string_view rest = covered.substr(kFirstLine.size()); !rest.empty();) {
    const auto table = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    const auto key = TakeSized(rest);
    const auto value = key ? TakeSized(rest) : std::nullopt;
    if (!value || table >= ledger::kTableCount) {
      return std::nullopt;
    }
    rows[{static_cast<ledger::Table>(table), std::string(*key)}] = std::string(*value);
  }
  return rows;
}

bool IsOf(const DomainFile& domain, const ledger::View& view) {
  const auto record = ledger::ReadDomain(view);
  return record && record->log_vkey() == domain.log_vkey &&
         certs::Sha256(record->root_certificate()) == domain.root_fingerprint;
}

}  // namespace

ledger::MemoryView ReadDirectoryCopy(const std::string& home, const DomainFile& domain) {
  std::ifstream file(PathIn(home), std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  ledger::MemoryView view;
  if (const auto rows = ParseCopy(bytes.str())) {
    view.Apply(*rows);
  }
  return IsOf(domain, view) ? std::move(view) : ledger::MemoryView();
}

Result<void> WriteDirectoryCopy(const std::string& home, const ledger::View& directory) {
  std::string bytes(kFirstLine);
  for (size_t table = 0; table < ledger::kTableCount; ++table) {
    RETURN_IF_ERROR(directory.Scan(static_cast<ledger::Table>(table),
                                   "",
                                   "",
                                   [&](std::string_view key, std::string_view value) {
                                     bytes.push_back(static_cast<char>(table));
                                     AppendSized(key, bytes);
                                     AppendSized(value, bytes);
                                     return true;
                                   }));
  }
  bytes += certs::Sha256(bytes).view();
  RETURN_IF_ERROR(WriteDurably(PathIn(home), bytes));
  if (::chmod(PathIn(home).c_str(), 0600) != 0) {
    return Fail(Errc::kUnavailable, PathIn(home) + ": cannot make this file private");
  }
  return {};
}

}  // namespace rujukan::link
