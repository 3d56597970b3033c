// The commands of the program, each where its file adds it: a name, what it may be told, and the
// function that carries it out. main.cc only adds the sets and runs the one that was chosen.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agents/audit/source.h"
#include "base/exit_code.h"
#include "base/result.h"

namespace rujukan::audit {

struct Output {
  int exit_code = kExitOk;
  std::string text;   // standard output
  std::string error;  // standard error
};

// What most commands may be told.
struct CommonOptions {
  std::string ledger;      // folder of a copy, or the http address of a broker
  std::string token_file;  // opens the entries at an http address; 0600
  // Or: opens a reading as the auditor of this home, and reads with that.
  std::string home;
  std::string passphrase_file;
  std::string purpose;
  std::string vkey;                   // ledger key or its file
  std::vector<std::string> archives;  // folders with archive files of older entries
  bool json = false;
};

class CommandSet {
 public:
  // Options that are parsed live as long as the set. `app` and `common` must outlive it.
  CommandSet(CLI::App& app, CommonOptions& common) : app_(app), common_(common) {}

  using Run = std::function<Output(const CommonOptions&)>;
  // Every command takes --json.
  CLI::App* Add(const std::string& name, const std::string& about, Run run);
  // --ledger, what opens its entries, and --archive; --vkey.
  void AddLedger(CLI::App* command);
  // What opens the entries at an http address: --token-file, or --home and --purpose.
  void AddAccess(CLI::App* command);
  // --home and --passphrase-file of an auditor.
  void AddHome(CLI::App* command);
  void AddArchive(CLI::App* command);
  void AddKey(CLI::App* command);
  // SUBJECT: what subject.h reads.
  static void AddSubject(CLI::App* command, std::string& subject);
  CommonOptions& common() { return common_; }

  // After parsing: runs the chosen command.
  Output RunChosen() const;

 private:
  CLI::App& app_;
  CommonOptions& common_;
  std::map<const CLI::App*, Run> commands_;
};

// --- What commands share ---

// The exit code says which kind of failure: could not be done, unreachable, too open a secret file.
Output FailedWith(const Error& error);
Output FailedWith(const Error& error, int exit_code);
// Indented, one final newline; bytes that are no UTF-8 are replaced.
std::string Dump(const nlohmann::ordered_json& json);
// Opens the ledger named by the options and runs `command` on it.
Output WithLedger(const CommonOptions& common, const std::function<Output(Source&)>& command);

}  // namespace rujukan::audit
