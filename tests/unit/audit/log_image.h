// A ledger as files, in memory: what an export holds, made from entries. Tests change a file or an
// entry and see whether the auditor names it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agents/audit/report.h"
#include "agents/audit/source.h"
#include "agents/audit/verify.h"
#include "ledger/note.h"
#include "tests/support/world.h"

namespace rujukan::audit::testing {

using Files = std::map<std::string, std::string>;

// checkpoint, tiles, bundles and vkey of a log of these entries.
Files MakeLog(const std::vector<std::string>& entries, const ledger::NoteSigner& signer);

// Entry bundles alone: to replace what the tree was built over.
void PutBundles(const std::vector<std::string>& entries, Files& files);

void WriteFiles(const Files& files, const std::string& directory);

class MemorySource : public Source {
 public:
  explicit MemorySource(Files files) : files_(std::move(files)) {}

  Result<std::string> Read(const std::string& path, size_t bytes_max) override;
  const std::string& name() const override { return name_; }
  Files& files() { return files_; }

 private:
  Files files_;
  std::string name_ = "memory";
};

inline const Progress kQuiet = [](uint64_t, uint64_t) {};

// What verify says of a ledger of these files; expects that there is a report.
Report VerifyFiles(Files files, const VerifyOptions& options = {});
// Whether the report has such a finding.
bool Names(const Report& report, Check check, std::optional<LogIndex> entry);
bool NamesFile(const Report& report, Check check, const std::string& file);

// A referral from the police unit that the social office receives and accepts.
struct Story {
  rujukan::testing::World world;
  v1::Header referral;
  LogIndex referral_index = 0;
  LogIndex acceptance_index = 0;

  Story();
  // A message of the same leg that would come next. It is not appended.
  v1::Header Next(std::string_view from,
                  std::string_view to,
                  v1::Kind::Code kind,
                  uint64_t sequence) const;
  // As the sequencer would store it, but without asking the fold.
  std::string Unchecked(v1::Entry entry) const;
};

std::string MakeTemporaryDirectory();

}  // namespace rujukan::audit::testing
