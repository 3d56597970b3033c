// A temporary directory, and programs run in it, for tests that meet the file system or openssl(1).
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace rujukan::certs::testing {

class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "rujukan-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string operator/(const std::string& file) const { return (path_ / file).string(); }

  void Write(const std::string& file, std::string_view bytes) const {
    std::ofstream(path_ / file, std::ios::binary) << bytes;
  }
  std::string Read(const std::string& file) const {
    std::ifstream in(path_ / file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  struct Run {
    int status;
    std::string output;  // of stdout and stderr
  };
  // Through the shell, with the scratch directory as the current one.
  Run Shell(const std::string& command) const {
    const std::string line = "cd '" + path_.string() + "' && " + command + " 2>&1";
    FILE* pipe = ::popen(line.c_str(), "r");
    Run run{-1, {}};
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
      run.output.push_back(static_cast<char>(c));
    }
    run.status = ::pclose(pipe);
    return run;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace rujukan::certs::testing
