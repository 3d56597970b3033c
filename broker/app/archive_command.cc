#include <sys/stat.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/limits.h"
#include "broker/app/archive.h"
#include "broker/app/data_directory.h"
#include "broker/app/identity.h"
#include "broker/store/rocks_store.h"

namespace rujukan::broker {
namespace {

using Json = nlohmann::ordered_json;

void Print(const ArchivedRange& archived, bool json) {
  if (json) {
    std::cout << Json{{"first", archived.range.first},
                      {"end", archived.range.end},
                      {"file", archived.path},
                      {"staying", archived.staying}}
                     .dump()
              << "\n";
  } else {
    std::cout << ledger::RangeText(archived.range) << " moved to " << archived.path << "\n";
  }
}

// What was moved is printed as it is done: a stop half way loses nothing and is gone on from.
Result<size_t> ArchiveAll(const ArchiveConfig& config) {
  ASSIGN_OR_RETURN(const ledger::NoteVerifier log, ReadLogVerifier(config.identity));
  if (!std::filesystem::is_directory(StorePath(config.data))) {
    return Fail(Errc::kNotFound, "there is no ledger in " + config.data);
  }
  auto store = RocksStore::Open(StorePath(config.data));
  if (!store) {
    Error error = std::move(store).error();
    error.context += "; a running broker holds its store: stop it first, or let it archive itself";
    return Fail(std::move(error));
  }
  ASSIGN_OR_RETURN(const Epoch epoch, (*store)->Fence());
  const ArchiveRules rules{config.to,
                           config.keep_days * kDayMs,
                           config.keep_entries,
                           config.file_entries,
                           limits::kArchiveFileBytesMax};
  const UnixMillis now = SystemClock().Now();
  size_t files = 0;
  for (;; ++files) {
    ASSIGN_OR_RETURN(const auto archived, ArchiveNext(**store, epoch, log, rules, now));
    if (!archived) {
      break;
    }
    Print(*archived, config.json);
  }
  RETURN_IF_ERROR((*store)->Reclaim());
  return files;
}

}  // namespace

ExitCode ArchiveNow(const ArchiveConfig& config) {
  umask(0077);  // archive files say who wrote to whom
  const auto files = ArchiveAll(config);
  if (!files) {
    std::cerr << "rujukan-broker archive: " << files.error().ToString() << "\n";
    return ExitCodeOf(files.error());
  }
  if (!config.json) {
    std::cout << *files << (*files == 1 ? " file" : " files") << " written.\n";
  }
  return kExitOk;
}

}  // namespace rujukan::broker
