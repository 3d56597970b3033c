// The scenarios that are played, on each stage; pure_test.cc holds the list against the folder.
#pragma once

#include <array>
#include <string>

namespace rujukan::scenarios {

inline constexpr auto kPlayed = std::to_array<const char*>({"sc1.txt",
                                                            "sc2.txt",
                                                            "sc3.txt",
                                                            "sc4.txt",
                                                            "sc5.txt",
                                                            "sc6.txt",
                                                            "sc7.txt",
                                                            "sc9.txt",
                                                            "sc11.txt"});

// "sc5" of "sc5.txt": how the tests are named.
inline std::string NameOfPlayed(const std::string& file) {
  return file.substr(0, file.find('.'));
}

}  // namespace rujukan::scenarios
