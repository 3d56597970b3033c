// The command line of bulk import and of exports: files go through, not into memory. Thread: main,
// and one that sends while main shows how far it has come.
#pragma once

#include <string>

#include "agents/agency/cli.h"

namespace rujukan::agency {

struct ImportFileOptions {
  std::string file;
  std::string kind;  // referrals, progress, verivali
  std::string mode;  // check, all, skip
  bool ndjson = false;
};
// 0: all rows are right, and queued unless only checked. 1: some are not; told by row and column.
int ImportFile(const Terminal& terminal, const ImportFileOptions& options);
int ImportTemplateOut(const Terminal& terminal, const std::string& kind);

struct ExportOptions {
  std::string name;  // siks-ng, simfoni, legs, fhir
  std::string from;
  std::string to;
  std::string out;  // file; "": standard output
  std::string leg;  // of fhir
  bool identity = false;
};
// The file is there whole or not at all, mode 0600. siks-ng makes a second one, OUT.ringkasan.json:
// how many rows, and how many children were left out for which reason.
int Export(const Terminal& terminal, const ExportOptions& options);

struct VerificationOptions {
  std::string leg;
  std::string date;
  std::string officer;
  std::string siks_id;
  std::string note;
};
int MarkVerified(const Terminal& terminal, const VerificationOptions& options);

}  // namespace rujukan::agency
