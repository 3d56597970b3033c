// Attachments that have arrived, before anybody reads them: whether the file is what its LAMPIRAN
// says (digest, size, media type, nothing hidden in the padding), and what the virus scanner says.
// A file that the scanner objects to is kept and told of, not shown, and never deleted in silence.
//
// Thread: one of its own: a scanner may take minutes, and nothing else waits for it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "agents/agency/attachments.h"
#include "agents/agency/scanner.h"
#include "agents/agency/store.h"
#include "base/clock.h"

namespace rujukan::agency {

// What one check comes to. Pure but for the spool and the scanner. kUnavailable: no verdict yet.
struct CheckResult {
  AttachmentStage stage = AttachmentStage::kReady;
  std::string note;
};
Result<CheckResult> CheckAttachment(const ChunkSpool& spool,
                                    const AttachmentRow& row,
                                    const ScannerSettings& scanner,
                                    const std::string& private_directory);

class AttachmentChecker {
 public:
  static constexpr int64_t kRetryMs = 60'000;  // after a scanner that gave no verdict

  struct Parts {
    Store& store;
    const ChunkSpool& spool;
    const Clock& clock;
    ScannerSettings scanner;
    std::string private_directory;
    // On this thread: something changed, or what went wrong.
    std::function<void()> changed;
    std::function<void(const Error&)> failed;
  };
  explicit AttachmentChecker(Parts parts);
  ~AttachmentChecker();  // a scan under way is ended
  AttachmentChecker(const AttachmentChecker&) = delete;
  AttachmentChecker& operator=(const AttachmentChecker&) = delete;

  void Wake();  // any thread

 private:
  void Run();
  bool WaitForWork(int64_t ms);
  Result<bool> CheckAll();  // true: some have no verdict yet

  Parts parts_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable woken_;
  bool wanted_ = true;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace rujukan::agency
