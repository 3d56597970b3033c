#include "agents/agency/child_case.h"

#include "agents/agency/read_log.h"

namespace rujukan::agency {
namespace {

void TakeMessage(const CaseMessage& message, ChildCase& child) {
  using K = v1::Kind;
  if (message.kind == K::PENARIKAN_PERSETUJUAN) {
    child.withdrawn = true;
  }
  if (message.kind == K::KOREKSI) {
    child.corrected = true;
  }
  v1::Content content;
  if (message.content.empty() || !content.ParseFromString(message.content)) {
    return;
  }
  if (message.kind == K::RUJUKAN) {
    child.readable = true;
    child.episode = content.id_episode();
    child.referral = content.rujukan();
    if (content.rujukan().has_t2()) {
      child.t2 = content.rujukan().t2();
    }
  } else if (message.kind == K::RINCIAN && content.rincian().has_t2()) {
    child.t2 = content.rincian().t2();
  } else {
    return;
  }
  CaseMessage shown = message;
  shown.content.clear();
  shown.stage = StageOf(content);
  child.shown.push_back(std::move(shown));
}

}  // namespace

ChildCase CaseOf(const LegRow& leg, std::vector<CaseMessage> messages) {
  ChildCase child;
  child.leg = leg;
  for (const CaseMessage& message : messages) {
    TakeMessage(message, child);
  }
  return child;
}

Result<ChildCase> ReadCase(Tables& tables, const LegId& id) {
  ASSIGN_OR_RETURN(const auto leg, tables.FindLeg(id));
  if (!leg) {
    return Fail(Errc::kNotFound, "tidak ada rujukan dengan id ini / no such leg here");
  }
  ASSIGN_OR_RETURN(auto messages, tables.CaseMessages(id));
  ChildCase child = CaseOf(*leg, std::move(messages));
  ASSIGN_OR_RETURN(const auto mark, tables.FindVerification(id));
  if (!mark.empty()) {
    ASSIGN_OR_RETURN(child.mark, UnpackVerification(mark));
  }
  return child;
}

}  // namespace rujukan::agency
