// A progress bar on a terminal's standard error; nothing when it is not a terminal (scripts, logs).
#pragma once

#include <cstdint>
#include <string>

namespace rujukan::audit {

class ProgressBar {
 public:
  explicit ProgressBar(std::string label);
  ~ProgressBar();  // leaves the cursor on a clean line
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Redraws when a whole percent is gained.
  void Show(uint64_t done, uint64_t total);

 private:
  const std::string label_;
  const bool enabled_;
  int percent_ = -1;
};

}  // namespace rujukan::audit
