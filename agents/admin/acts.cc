#include "agents/admin/acts.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/limits.h"
#include "certs/batch.h"
#include "certs/random.h"

namespace rujukan::admin {
namespace {

constexpr UnixMillis kMinute = 60'000;
constexpr UnixMillis kHour = 60 * kMinute;
constexpr UnixMillis kDay = 24 * kHour;
constexpr UnixMillis kWib = 7 * kHour;

// "03"; ParseDecimal takes no leading zeros.
std::optional<int> DigitsAt(const std::string& text, size_t at, size_t count) {
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::vector<v1::SubmitAct> SignActs(const Authority& authority,
                                    std::vector<v1::Act> acts,
                                    UnixMillis now) {
  std::vector<std::string> statements;
  for (v1::Act& act : acts) {
    act.set_version(1);
    act.set_act_id(certs::NewMessageId(now).str());
    act.set_actor(authority.domain.admin);
    act.set_created_at_ms(now);
    statements.push_back(act.SerializeAsString());
  }
  std::vector<v1::SubmitAct> signed_acts;
  for (size_t begin = 0; begin < statements.size(); begin += limits::kBatchStatementsMax) {
    const size_t size = std::min(limits::kBatchStatementsMax, statements.size() - begin);
    const auto batch = std::span<const std::string>(statements).subspan(begin, size);
    auto signatures =
        certs::SignBatch(authority.admin_key, authority.admin.key_id(), certs::kActContext, batch);
    for (size_t i = 0; i < size; ++i) {
      v1::SubmitAct& signed_act = signed_acts.emplace_back();
      signed_act.set_act(batch[i]);
      *signed_act.mutable_signature() = std::move(signatures[i]);
    }
  }
  return signed_acts;
}

v1::SubmitAct SignAct(const Authority& authority, v1::Act act, UnixMillis now) {
  return std::move(SignActs(authority, {std::move(act)}, now).front());
}

std::string ActIdOf(const v1::SubmitAct& signed_act) {
  v1::Act act;
  return act.ParseFromString(signed_act.act()) ? ToHex(act.act_id()) : std::string();
}

Result<void> CheckText(const std::string& text, const char* what) {
  if (text.size() > limits::kNoteBytesMax) {
    return Fail(Errc::kLimit,
                std::string(what) + " is " + std::to_string(text.size()) + " bytes; the limit is " +
                    std::to_string(limits::kNoteBytesMax) + ": shorten it");
  }
  return {};
}

Result<UnixMillis> ParseDuration(const std::string& text) {
  const auto number = text.empty() ? Result<uint64_t>(Fail(Errc::kInvalid, ""))
                                   : ParseDecimal(text.substr(0, text.size() - 1));
  const std::string units = "mhd";
  const size_t unit = text.empty() ? std::string::npos : units.find(text.back());
  constexpr uint64_t kNumberMax = 100'000;  // more minutes than any limit allows
  if (!number || unit == std::string::npos || *number == 0 || *number > kNumberMax) {
    return Fail(Errc::kInvalid, "a duration is a number and m, h or d: 30m, 12h, 7d");
  }
  constexpr UnixMillis kUnits[] = {kMinute, kHour, kDay};
  return static_cast<UnixMillis>(*number) * kUnits[unit];
}

Result<UnixMillis> ParseDay(const std::string& text) {
  constexpr std::string_view kForm = "0000-00-00";
  if (text.size() == kForm.size() && text[4] == '-' && text[7] == '-') {
    const std::chrono::year_month_day date{
        std::chrono::year(DigitsAt(text, 0, 4).value_or(0)),
        std::chrono::month(static_cast<unsigned>(DigitsAt(text, 5, 2).value_or(0))),
        std::chrono::day(static_cast<unsigned>(DigitsAt(text, 8, 2).value_or(0)))};
    if (date.ok()) {
      const auto days = std::chrono::sys_days(date).time_since_epoch().count();
      return (static_cast<UnixMillis>(days) + 1) * kDay - kWib;
    }
  }
  return Fail(Errc::kInvalid, "a date is a day that exists, written YYYY-MM-DD: 2027-03-31");
}

}  // namespace rujukan::admin
