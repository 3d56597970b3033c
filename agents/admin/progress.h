// How far a long command has come, on standard error when that is a terminal; otherwise nothing.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace rujukan::admin {

class Progress {
 public:
  Progress(std::string what, size_t total);
  ~Progress();  // leaves a clean line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // For Desk::SubmitAll; lives no longer than this.
  std::function<void(size_t done)> Shower();

 private:
  const std::string what_;
  const size_t total_;
  const bool terminal_;
};

}  // namespace rujukan::admin
