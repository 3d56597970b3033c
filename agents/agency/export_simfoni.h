// Aggregates in the form of SIMFONI: how many children, by place and by sex and age, by form of
// violence, by service. Small cells are suppressed (suppress.h). docs/formats/simfoni.md. Pure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "agents/agency/child_case.h"
#include "agents/agency/suppress.h"

namespace rujukan::agency {

// The forms of violence of SIMFONI that a referral's categories stand for, each once, in order.
// Which letter goes where is ours: the list of categories does not part physical from mental harm.
std::vector<std::string> FormsOf(const v1::StageOne& t1);

class SimfoniCount {
 public:
  SimfoniCount();

  // Counts a child once, by its episode; a leg that cannot be read or was recalled is not counted.
  void Add(const ChildCase& child);
  int64_t children() const { return children_; }
  int64_t left_out() const { return left_out_; }

  // "korban" (sex and age), "bentuk", "layanan": independent tables. In the latter two a child may
  // be in several columns, and the total counts marks.
  std::vector<CountTable> Tables() const;

 private:
  struct Axis {
    std::string name;
    std::vector<std::string> columns;
    std::vector<std::pair<std::string, std::vector<int64_t>>> rows;  // ascending by place
  };
  static void Mark(Axis& axis, const std::string& place, const std::string& column);

  std::vector<Axis> axes_;
  std::set<std::string> episodes_;
  int64_t children_ = 0;
  int64_t left_out_ = 0;
};

// CSV in long form: tabel,wilayah,nama_wilayah,kolom,jumlah; a suppressed count is "*".
std::string SimfoniCsv(const std::vector<CountTable>& tables);
// The same as JSON, a suppressed count null, with how many were suppressed.
Json SimfoniJson(const std::vector<CountTable>& tables);

}  // namespace rujukan::agency
