// Reading tests/vectors: whole files, their lines, the files of a folder.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/check.h"

namespace rujukan::ledger::vectors {

inline std::filesystem::path PathOf(const std::string& name) {
  return std::filesystem::path(RUJUKAN_SOURCE_DIR) / "tests" / "vectors" / name;
}

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  CHECK(file.good());
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

inline std::string Read(const std::string& name) {
  return ReadFile(PathOf(name));
}

// Each line, split at spaces.
inline std::vector<std::vector<std::string>> Words(const std::string& name) {
  std::vector<std::vector<std::string>> lines;
  std::istringstream text(Read(name));
  for (std::string line; std::getline(text, line);) {
    std::istringstream words(line);
    lines.emplace_back();
    for (std::string word; words >> word;) {
      lines.back().push_back(word);
    }
  }
  return lines;
}

// In order of their names; never empty.
inline std::vector<std::filesystem::path> FilesOf(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(PathOf(folder))) {
    files.push_back(file.path());
  }
  CHECK(!files.empty());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace rujukan::ledger::vectors
