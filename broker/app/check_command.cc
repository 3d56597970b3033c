#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <utility>

#include "broker/app/archive_files.h"
#include "broker/app/check.h"
#include "broker/app/data_directory.h"
#include "broker/app/identity.h"
#include "broker/store/rocks_store.h"

namespace rujukan::broker {
namespace {

void ShowProgress(uint64_t done, uint64_t all) {
  if (isatty(STDERR_FILENO) == 0) {
    return;
  }
  constexpr uint64_t kWidth = 40;
  const uint64_t filled = all == 0 ? kWidth : done * kWidth / all;
  std::cerr << "\r[" << std::string(filled, '#') << std::string(kWidth - filled, '.') << "] "
            << done << "/" << all << " entries" << std::flush;
}

void EndProgress() {
  if (isatty(STDERR_FILENO) != 0) {
    std::cerr << "\r\x1b[K" << std::flush;
  }
}

void PrintJson(const CheckReport& report) {
  const nlohmann::ordered_json json = {{"ok", report.Ok()},
                                       {"entries", report.entries},
                                       {"rows", report.rows},
                                       {"tiles", report.tiles},
                                       {"checkpoints", report.checkpoints},
                                       {"contents", report.contents},
                                       {"mismatches", report.mismatches}};
  std::cout << json.dump(2) << "\n";
}

void PrintText(const CheckReport& report) {
  std::cout << (report.Ok() ? "The store is what the ledger says.\n"
                            : "The store contradicts its ledger.\n")
            << "  entries replayed and verified  " << report.entries << "\n"
            << "  rows compared                  " << report.rows << "\n"
            << "  tiles compared                 " << report.tiles << "\n"
            << "  checkpoints verified           " << report.checkpoints << "\n"
            << "  contents in mailboxes          " << report.contents << "\n";
  for (const std::string& mismatch : report.mismatches) {
    std::cout << "  MISMATCH " << mismatch << "\n";
  }
}

Result<CheckReport> OpenAndCheck(const CheckConfig& config) {
  ASSIGN_OR_RETURN(const ledger::NoteVerifier log, ReadLogVerifier(config.identity));
  if (!std::filesystem::is_directory(StorePath(config.data))) {
    return Fail(Errc::kNotFound, "there is no ledger in " + config.data);
  }
  auto store = RocksStore::Open(StorePath(config.data));
  if (!store) {
    Error error = std::move(store).error();
    error.context += "; a running broker holds its store: stop it first";
    return Fail(std::move(error));
  }
  ArchiveShelf shelf(config.archives, log);
  const auto archived = [&](const ledger::ArchiveRange& range, uint64_t number) {
    return shelf.ReadBundle(range, number);
  };
  return CheckStore(**store, log, archived, ShowProgress);
}

}  // namespace

ExitCode Check(const CheckConfig& config) {
  const auto report = OpenAndCheck(config);
  EndProgress();
  if (!report) {
    std::cerr << "rujukan-broker check: " << report.error().ToString() << "\n";
    return ExitCodeOf(report.error());
  }
  if (config.json) {
    PrintJson(*report);
  } else {
    PrintText(*report);
  }
  return report->Ok() ? kExitOk : kExitNotVerified;
}

}  // namespace rujukan::broker
