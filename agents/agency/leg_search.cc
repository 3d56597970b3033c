#include "agents/agency/leg_search.h"

namespace rujukan::agency {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return lower;
}

bool Holds(std::string_view text, std::string_view part) {
  return Lower(text).find(Lower(part)) != std::string::npos;
}

bool Runs(const v1::LegRecord& record, v1::Deadline::Code code) {
  for (const auto& running : record.deadlines()) {
    if (running.deadline() == code) {
      return true;
    }
  }
  return false;
}

bool HasClass(const std::vector<v1::ClockClass::Code>& classes, v1::ClockClass::Code code) {
  for (const auto one : classes) {
    if (one == code) {
      return true;
    }
  }
  return classes.empty();
}

}  // namespace

bool Fits(const WorkLeg& leg, const LegFilter& filter) {
  const UnixMillis opened = leg.record.opened_at_ms();
  return FormatUuid(leg.id.view()).starts_with(Lower(filter.leg)) && Holds(leg.peer, filter.peer) &&
         (filter.state == v1::LegState::UNSPECIFIED || filter.state == leg.state) &&
         (filter.deadline == v1::Deadline::UNSPECIFIED || Runs(leg.record, filter.deadline)) &&
         HasClass(filter.classes, leg.record.clock_class()) && opened >= filter.from &&
         (filter.until == 0 || opened < filter.until);
}

std::vector<v1::ClockClass::Code> ClassesNamed(std::string_view word) {
  using C = v1::ClockClass;
  auto code = C::UNSPECIFIED;
  if (C::Code_Parse(std::string(word), &code) && code != C::UNSPECIFIED) {
    return {code};
  }
  if (word == "AMAT_SEGERA") {
    return {C::DARURAT, C::TINGGI};
  }
  if (word == "SEGERA") {
    return {C::SEDANG};
  }
  return word == "BIASA" ? std::vector<C::Code>{C::RENDAH} : std::vector<C::Code>{};
}

bool HasChildRef(const v1::Content& content, std::string_view ref_anak) {
  return content.has_rujukan() && Lower(content.rujukan().t1().ref_anak()) == Lower(ref_anak);
}

bool HasName(const v1::Content& content, std::string_view part) {
  const v1::StageTwo& t2 = content.has_rincian() ? content.rincian().t2() : content.rujukan().t2();
  bool found = Holds(t2.nama(), part) || Holds(t2.nama_panggilan(), part);
  for (const auto& caregiver : t2.pengasuh()) {
    found = found || Holds(caregiver.nama(), part);
  }
  return found;
}

}  // namespace rujukan::agency
