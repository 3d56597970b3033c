// Where the store key seals or marks what more than one file of Tables needs.
#pragma once

#include <string_view>

namespace rujukan::agency {

inline constexpr std::string_view kEpisodePlace = "episodes/mark";

}  // namespace rujukan::agency
