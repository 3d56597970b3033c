#include "agents/agency/attachment_checker.h"

#include <array>
#include <chrono>

#include "agents/agency/media_type.h"
#include "agents/agency/read_log.h"
#include "certs/hash.h"

namespace rujukan::agency {
namespace {

constexpr size_t kAtOnce = 16;

CheckResult Broken(const char* note) {
  return {AttachmentStage::kBroken, note};
}

// The file's own bytes against its description. kCorrupt becomes a verdict, too.
Result<CheckResult> CheckBytes(AttachmentReader& reader, const v1::Attachment& content) {
  certs::Sha256Stream digest;
  std::string first;
  for (uint64_t at = 0; at < reader.size();) {
    ASSIGN_OR_RETURN(const std::string part, reader.Read(at));
    digest.Update(part);
    if (first.size() < kSniffBytes) {
      first.append(part.substr(0, kSniffBytes - first.size()));
    }
    at += part.size();
  }
  RETURN_IF_ERROR(reader.CheckPadding());
  if (digest.Finish().view() != content.sha256()) {
    return Broken("sidik SHA-256 berkas tidak cocok / the file's digest does not fit");
  }
  if (const auto type = CheckMediaType(content.jenis(), content.tipe_isi(), first); !type) {
    return CheckResult{AttachmentStage::kBroken, type.error().context};
  }
  return CheckResult();
}

}  // namespace

Result<CheckResult> CheckAttachment(const ChunkSpool& spool,
                                    const AttachmentRow& row,
                                    const ScannerSettings& scanner,
                                    const std::string& private_directory) {
  auto reader = AttachmentReader::Open(spool, row);
  auto checked = reader ? CheckBytes(*reader, row.content) : Fail(reader.error());
  if (!checked && checked.error().code != Errc::kUnavailable) {
    return CheckResult{AttachmentStage::kBroken, checked.error().context};
  }
  if (!checked || checked->stage != AttachmentStage::kReady || scanner.command.empty()) {
    return checked;
  }
  uint64_t at = 0;
  const auto bytes = [&]() -> Result<std::string> {
    ASSIGN_OR_RETURN(std::string part, reader->Read(at));
    at += part.size();
    return part;
  };
  ASSIGN_OR_RETURN(const ScanVerdict verdict, Scan(scanner, bytes, private_directory));
  if (verdict == ScanVerdict::kObjects) {
    return CheckResult{AttachmentStage::kQuarantined,
                       "pemindai virus menolak berkas ini / the virus scanner objects"};
  }
  return CheckResult();
}

AttachmentChecker::AttachmentChecker(Parts parts) : parts_(std::move(parts)) {
  parts_.scanner.stopping = [this] { return stopping_.load(); };
  thread_ = std::thread([this] { Run(); });
}

AttachmentChecker::~AttachmentChecker() {
  stopping_ = true;
  Wake();
  thread_.join();
}

void AttachmentChecker::Wake() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    wanted_ = true;
  }
  woken_.notify_all();
}

// False: stopping.
bool AttachmentChecker::WaitForWork(int64_t ms) {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto due = [this] { return wanted_ || stopping_; };
  if (ms < 0) {
    woken_.wait(lock, due);
  } else {
    woken_.wait_for(lock, std::chrono::milliseconds(ms), due);
  }
  wanted_ = false;
  return !stopping_;
}

void AttachmentChecker::Run() {
  int64_t wait_ms = -1;
  while (WaitForWork(wait_ms)) {
    const auto waiting = CheckAll();
    if (!waiting) {
      parts_.failed(waiting.error());
    }
    wait_ms = !waiting || *waiting ? kRetryMs : -1;
  }
}

Result<bool> AttachmentChecker::CheckAll() {
  ASSIGN_OR_RETURN(const auto rows, parts_.store.Read([](Tables& tables) {
    return tables.AttachmentsToCheck(kAtOnce);
  }));
  bool waiting = false;
  for (const AttachmentRow& row : rows) {
    if (stopping_) {
      return waiting;
    }
    const auto checked =
        CheckAttachment(parts_.spool, row, parts_.scanner, parts_.private_directory);
    const CheckResult result =
        checked ? *checked : CheckResult{AttachmentStage::kChecking, checked.error().context};
    if (!checked) {
      parts_.failed(checked.error());
      waiting = true;
    }
    const UnixMillis now = parts_.clock.Now();
    v1::Content content;
    *content.mutable_lampiran() = row.content;
    const std::array<Reading, 1> reading = {Reading{row.id,
                                                    row.leg.str(),
                                                    v1::ReadAction::DECRYPTED,
                                                    StageOf(content),
                                                    std::string(kAgentReader),
                                                    "pemeriksaan lampiran / checking"}};
    const auto written = parts_.store.Write([&](Tables& tables) -> Result<void> {
      RETURN_IF_ERROR(tables.SetAttachmentStage(row.id, result.stage, result.note, now));
      // Trying again and again for the same verdict is one reading.
      const bool again = result.stage == AttachmentStage::kChecking && !row.note.empty();
      return again ? Result<void>() : LogReads(tables, reading, now);
    });
    RETURN_IF_ERROR(written);
    parts_.changed();
  }
  if (rows.size() == kAtOnce && !waiting) {
    Wake();  // there may be more
  }
  return waiting;
}

}  // namespace rujukan::agency
