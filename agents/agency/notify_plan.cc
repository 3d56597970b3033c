#include "agents/agency/notify_plan.h"

#include <algorithm>

#include "base/limits.h"

namespace rujukan::agency {
namespace {

struct NotifyWords {
  std::string_view name;
  std::string_view text;
};
constexpr std::array<NotifyWords, kNotifyKindCount> kWords = {
    {{"peringatan", "Ada peringatan darurat. Buka sekarang. / An alert waits. Look now."},
     {"belum_terkirim",
      "Ada rujukan yang belum terkirim. Telepon penerimanya. / A referral has not left. Telephone "
      "its receiver."},
     {"rujukan_baru", "Ada rujukan baru. / A new referral waits."},
     {"eskalasi", "Batas waktu terlewati. / A deadline was missed."},
     {"tenggat_dekat", "Batas waktu mendekat. / A deadline is near."}}};

}  // namespace

std::string_view NotifyName(NotifyKind kind) {
  return kWords[static_cast<size_t>(kind)].name;
}

std::string_view NotifyText(NotifyKind kind) {
  return kWords[static_cast<size_t>(kind)].text;
}

int64_t NotifyPlan::DueAt(const State& state) {
  if (!state.wanted) {
    return INT64_MAX;
  }
  return state.last ? *state.last + limits::kNotifyEveryMsMin : INT64_MIN;
}

void NotifyPlan::Want(NotifyKind kind) {
  State& state = states_[static_cast<size_t>(kind)];
  state.wanted = true;
  state.tries = 0;
}

std::optional<NotifyKind> NotifyPlan::Take(int64_t now_ms) {
  for (size_t i = 0; i < states_.size(); ++i) {
    if (DueAt(states_[i]) <= now_ms) {
      states_[i].wanted = false;
      states_[i].last = now_ms;
      ++states_[i].tries;
      return static_cast<NotifyKind>(i);
    }
  }
  return std::nullopt;
}

void NotifyPlan::Done(NotifyKind kind, int64_t now_ms, bool told) {
  State& state = states_[static_cast<size_t>(kind)];
  state.last = now_ms;
  if (!told && state.tries < limits::kNotifyTriesMax) {
    state.wanted = true;
  }
}

int64_t NotifyPlan::NextAt() const {
  int64_t next = INT64_MAX;
  for (const State& state : states_) {
    next = std::min(next, DueAt(state));
  }
  return next;
}

}  // namespace rujukan::agency
