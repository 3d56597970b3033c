// Finding legs: by what is known without opening anything, and by words in what was opened. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agents/agency/worklist.h"
#include "rujukan/v1/content.pb.h"

namespace rujukan::agency {

// Every part that is set must fit.
struct LegFilter {
  std::string leg;   // beginning of the id
  std::string peer;  // part of the address
  v1::LegState::Code state = v1::LegState::UNSPECIFIED;
  v1::Deadline::Code deadline = v1::Deadline::UNSPECIFIED;  // one of this kind runs
  // Classes of clock that fit; empty: any.
  std::vector<v1::ClockClass::Code> classes{};
  UnixMillis from = 0;   // opened at or after
  UnixMillis until = 0;  // opened before; 0: any time
};
bool Fits(const WorkLeg& leg, const LegFilter& filter);

// "TINGGI", or an urgency for the classes under it: "AMAT_SEGERA". Empty: no such word.
std::vector<v1::ClockClass::Code> ClassesNamed(std::string_view word);

// Words in a message's content. Small and capital letters are the same.
bool HasChildRef(const v1::Content& content, std::string_view ref_anak);  // all of the pseudonym
// Part of a name: the child's, the one it is called by, its caregivers'.
bool HasName(const v1::Content& content, std::string_view part);

}  // namespace rujukan::agency
