#include "agents/audit/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace rujukan::audit {
namespace {

constexpr int kCells = 40;

void Draw(const std::string& line) {
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace

ProgressBar::ProgressBar(std::string label)
    : label_(std::move(label)), enabled_(isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (enabled_ && percent_ >= 0) {
    Draw("\r\033[K");
  }
}

void ProgressBar::Show(uint64_t done, uint64_t total) {
  const int percent = total == 0 ? 100 : static_cast<int>(done * 100 / total);
  if (!enabled_ || percent == percent_) {
    return;
  }
  percent_ = percent;
  const auto filled = static_cast<size_t>(percent * kCells / 100);
  Draw(fmt::format("\r{} [{}{}] {:3}%  {} of {}",
                   label_,
                   std::string(filled, '#'),
                   std::string(kCells - filled, '.'),
                   percent,
                   done,
                   total));
}

}  // namespace rujukan::audit
