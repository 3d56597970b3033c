// When one target is told what: at most once in kNotifyEveryMsMin for each kind of news, so ten
// referrals at once are one knock on the door; what comes meanwhile is told when the time is over;
// what failed is tried again then, kNotifyTriesMax times. Pure: time is given. Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rujukan::agency {

// What a notice says, and all that it says. Most urgent first.
enum class NotifyKind : uint8_t { kAlert, kUnsent, kNewReferral, kEscalation, kDeadlineNear };
inline constexpr size_t kNotifyKindCount = 5;
std::string_view NotifyName(NotifyKind kind);  // "peringatan": for a program
std::string_view NotifyText(NotifyKind kind);  // for a person: nothing of a child, a case or a leg

class NotifyPlan {
 public:
  void Want(NotifyKind kind);
  // What is to be told now; it is under way until Done. nullopt: nothing yet.
  std::optional<NotifyKind> Take(int64_t now_ms);
  void Done(NotifyKind kind, int64_t now_ms, bool told);
  // When Take will have something; INT64_MAX: not before the next Want.
  int64_t NextAt() const;

 private:
  struct State {
    bool wanted = false;
    int tries = 0;
    std::optional<int64_t> last{};  // when it was last tried
  };
  static int64_t DueAt(const State& state);
  std::array<State, kNotifyKindCount> states_;
};

}  // namespace rujukan::agency
