// Deliberate bugs of the simulated parts, one a run. Each must be caught: a simulation that finds
// nothing in a broken system shows nothing about a whole one.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace rujukan::sim {

enum class Break {
  kNone,
  kLoseAck,       // the store forgets, in a crash, the last batch, though it was answered
  kReorder,       // answers leave before their batch is durable
  kFork,          // after a crash the broker signs another history of the same size
  kEarlyReceipt,  // an agent sends its delivery receipt before it stores the message
  kTwice,         // an agent gives a message to its application each time it is delivered
  kDeafOutlet,    // the network does not tell the engine that a frame went to a route that is gone
};

struct BreakName {
  Break value;
  std::string_view name;
};
inline constexpr std::array<BreakName, 7> kBreakNames = {{{Break::kNone, "none"},
                                                          {Break::kLoseAck, "lose-ack"},
                                                          {Break::kReorder, "reorder"},
                                                          {Break::kFork, "fork"},
                                                          {Break::kEarlyReceipt, "early-receipt"},
                                                          {Break::kTwice, "twice"},
                                                          {Break::kDeafOutlet, "deaf-outlet"}}};

inline std::optional<Break> ParseBreak(std::string_view name) {
  for (const BreakName& known : kBreakNames) {
    if (known.name == name) {
      return known.value;
    }
  }
  return std::nullopt;
}
inline std::string_view NameOf(Break value) {
  for (const BreakName& known : kBreakNames) {
    if (known.value == value) {
      return known.name;
    }
  }
  return "none";
}

}  // namespace rujukan::sim
