#include "agents/admin/progress.h"

#include <unistd.h>

#include <cstdio>

namespace rujukan::admin {

Progress::Progress(std::string what, size_t total)
    : what_(std::move(what)), total_(total), terminal_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (terminal_) {
    std::fputs("\r\x1b[K", stderr);
  }
}

std::function<void(size_t)> Progress::Shower() {
  return [this](size_t done) {
    if (terminal_) {
      std::fprintf(stderr, "\r%s: %zu of %zu", what_.c_str(), done, total_);
    }
  };
}

}  // namespace rujukan::admin
