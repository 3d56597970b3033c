#include "agents/audit/alert_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "agents/audit/source.h"
#include "agents/audit/spawn.h"
#include "agents/link/durable_file.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/printable.h"
#include "certs/hash.h"

namespace rujukan::audit {
namespace {

// Alerts are told once each, so a year of a bad ledger does not come near this.
constexpr size_t kAlertFileBytesMax = 64 * 1024 * 1024;

class File {
 public:
  explicit File(const std::string& path)
      : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644)) {}
  ~File() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  const int fd_;
};

}  // namespace

void LogLine(std::string_view level, std::string_view event, const std::string& what) {
  const std::string line =
      fmt::format("{} {} {} {}\n", FormatTime(SystemClock().Now()), level, event, Printable(what));
  static_cast<void>(std::fwrite(line.data(), 1, line.size(), stderr));
  std::fflush(stderr);
}

Result<std::unique_ptr<AlertLog>> AlertLog::Open(const std::string& folder,
                                                 std::vector<std::string> command) {
  RETURN_IF_ERROR(link::MakeFolders(folder));
  std::unique_ptr<AlertLog> log(new AlertLog(folder, std::move(command)));
  RETURN_IF_ERROR(log->ReadOld());
  return log;
}

AlertLog::AlertLog(std::string folder, std::vector<std::string> command)
    : folder_(std::move(folder)), command_(std::move(command)) {}

// A line that a crash cut off is left out: its event will be told again.
Result<void> AlertLog::ReadOld() {
  const auto text = ReadFile(folder_ + "/alerts.jsonl", kAlertFileBytesMax);
  if (!text) {
    return text.error().code == Errc::kNotFound ? Result<void>() : Fail(text.error());
  }
  std::string_view rest = *text;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const auto event = AlertFromJson(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!event) {
      continue;
    }
    std::erase_if(open_, [&](const Alert& one) { return one.SameAs(event->alert); });
    if (event->raised) {
      open_.push_back(event->alert);
    }
  }
  return {};
}

std::vector<Alert> AlertLog::OpenOf(const std::string& origin) const {
  const std::lock_guard lock(mutex_);
  std::vector<Alert> open;
  std::copy_if(open_.begin(), open_.end(), std::back_inserter(open), [&](const Alert& one) {
    return one.origin == origin;
  });
  return open;
}

// Named by their content: the same note is kept once.
Result<void> AlertLog::KeepEvidence(Alert& alert) const {
  for (const std::string& note : alert.notes) {
    if (note.empty()) {
      continue;
    }
    const std::string name =
        "evidence/" + ToHex(certs::Sha256(note).view()).substr(0, 32) + ".checkpoint";
    RETURN_IF_ERROR(link::WriteDurably(folder_ + "/" + name, note));
    alert.evidence.push_back(name);
  }
  return {};
}

Result<void> AlertLog::Append(const std::string& line) const {
  const std::string path = folder_ + "/alerts.jsonl";
  const File file(path);
  // One write: a line of another process never lands inside it.
  const bool written = file.fd() >= 0 && ::write(file.fd(), line.data(), line.size()) ==
                                             static_cast<ssize_t>(line.size());
  if (!written || ::fsync(file.fd()) != 0) {
    return Fail(Errc::kUnavailable, path + ": " + std::strerror(errno));
  }
  return {};
}

Result<void> AlertLog::Tell(AlertEvent event) {
  RETURN_IF_ERROR(Keep(event));
  const std::string name(AlertName(event.alert.kind));
  LogLine(event.raised ? "ALERT" : "info",
          event.raised ? name : name + " is over:",
          event.alert.origin + ": " + event.alert.problem +
              (event.raised ? ". " + std::string(AlertAdvice(event.alert.kind)) : ""));
  if (command_.empty()) {
    return {};
  }
  std::vector<std::string> argv = command_;
  argv.push_back((event.raised ? "" : "cleared:") + name);
  argv.push_back(event.alert.origin);
  const auto ran = RunCommand(argv, AlertAsJson(event) + "\n", limits::kOutboundTimeoutMs);
  if (!ran) {
    LogLine("warning", "alert-command", ran.error().context);
    const std::lock_guard lock(mutex_);
    ++commands_failed_;
  }
  return {};
}

Result<void> AlertLog::Keep(AlertEvent& event) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(KeepEvidence(event.alert));
  RETURN_IF_ERROR(Append(AlertAsJson(event) + "\n"));
  std::erase_if(open_, [&](const Alert& one) { return one.SameAs(event.alert); });
  if (event.raised) {
    open_.push_back(event.alert);
    ++raised_[std::string(AlertName(event.alert.kind))];
  }
  return {};
}

std::map<std::string, uint64_t> AlertLog::raised() const {
  const std::lock_guard lock(mutex_);
  return raised_;
}

uint64_t AlertLog::commands_failed() const {
  const std::lock_guard lock(mutex_);
  return commands_failed_;
}

}  // namespace rujukan::audit
