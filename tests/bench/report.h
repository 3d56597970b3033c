// The bench's results: rows for people (a table as they come) and for machines (results.json).
#pragma once

#include <string>
#include <vector>

namespace rujukan::bench {

class Report {
 public:
  // `machine` is read from /proc: processor, cores, memory, kernel.
  Report();

  void Section(const std::string& title);
  // `note` says against what, or "".
  void Row(const std::string& name,
           double value,
           const std::string& unit,
           const std::string& note = "");
  // Writes everything as JSON. CHECKs that the file can be written.
  void WriteJson(const std::string& path) const;

 private:
  struct Line {
    std::string section;
    std::string name;
    double value;
    std::string unit;
    std::string note;
  };
  std::string machine_;
  std::string section_;
  std::vector<Line> lines_;
};

}  // namespace rujukan::bench
