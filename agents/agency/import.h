// Bulk import: each row is one request to the agent's own API, so a row can do what a request can
// and is checked by the same rules. First every row is tried and undone (?check=1), then, when the
// caller's mode allows, those that are right are queued, each under its key.
//
// Order of duties: all rows checked -> rows queued in groups, each group in one synced transaction.
// A crash leaves whole groups queued; the same import again queues the rest, as each row's key is
// known. Memory: one group of rows, and some 200 bytes a row for keys and legs (kImportRowsMax).
// Thread: one import at a time, on the thread of its request.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agents/agency/api.h"
#include "agents/agency/import_progress.h"
#include "agents/agency/import_rows.h"
#include "agents/agency/spool.h"

namespace rujukan::agency {

enum class ImportMode {
  kCheck,  // nothing is queued
  kAll,    // all rows are right, or none is queued
  kSkip,   // rows that are wrong are left out
};
// "check", "all", "skip"; kInvalid: another or none: the caller has to choose.
Result<ImportMode> ParseImportMode(std::string_view name);

struct ImportOptions {
  ImportKind kind = ImportKind::kReferrals;
  ImportMode mode = ImportMode::kCheck;
  ImportFormat format = ImportFormat::kCsv;
  std::string reader;  // who imports, for the read trail and the log of the requests
};

// Where the children's legs are that a row may name by ref_anak.
struct ImportLeg {
  std::string leg;     // as text
  std::string peer;    // whose ref_anak it is
  bool takes = false;  // the step is legal now
};
using ImportLegs = std::multimap<std::string, ImportLeg>;

struct ImportPorts {
  std::function<ApiReply(const ApiRequest&)> call;
  // Runs work whose writes become durable together.
  std::function<Result<void>(const std::function<Result<void>()>&)> group;
};

struct ImportError {
  size_t line = 0;
  std::string column;  // "": the row as a whole
  std::string message;
};

struct ImportReport {
  size_t rows = 0;
  size_t failed = 0;
  size_t queued = 0;
  size_t repeated = 0;  // were queued by an earlier import
  std::vector<ImportError> errors;
  size_t errors_left_off = 0;
  std::vector<std::string> legs;  // that a good row named, sorted
};

class Import {
 public:
  Import(ImportOptions options, ImportLegs legs, ImportPorts ports, ImportProgress& progress)
      : options_(std::move(options)),
        legs_(std::move(legs)),
        ports_(std::move(ports)),
        progress_(progress) {}

  // kInvalid, kLimit: the file as a whole (no such column, too many rows); nothing was queued.
  // kUnavailable and others: the store; what was queued is queued, and the same import goes on.
  Result<ImportReport> Run(Spool& file);

 private:
  using RowWork = std::function<Result<void>(ImportRow& row)>;
  Result<void> ForEachRow(Spool& file, const RowWork& work);
  Result<void> CheckRow(ImportRow& row);
  Result<void> QueueRows(Spool& file);
  Result<void> QueueGroup(std::vector<ImportRow>& rows);
  // False: the row names no leg, or more than one; told.
  bool FindLeg(ImportRow& row);
  Result<ApiReply> Request(ImportRow& row, bool check_only);
  void Complain(const ImportRow& row, const std::string& column, const std::string& message);
  void ComplainOf(const ImportRow& row, const ApiReply& reply);

  const ImportOptions options_;
  const ImportLegs legs_;
  const ImportPorts ports_;
  ImportProgress& progress_;
  ImportReport report_;
  std::optional<ImportReader> reader_;  // of the present pass over the file
  std::map<std::string, size_t> keys_;  // digest of a key -> line of its row
  std::vector<bool> bad_;               // by the row's place
};

}  // namespace rujukan::agency
