// rujukan-play: plays a scenario file in the pure core and shows each line as it holds.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tests/scenarios/parse.h"
#include "tests/scenarios/player.h"
#include "tests/scenarios/pure_stage.h"

namespace {

using rujukan::scenarios::Player;
using rujukan::scenarios::PureStage;
using rujukan::scenarios::Weather;

constexpr const char* kUsage =
    "usage: rujukan-play FILE.txt [--seed N]\n"
    "  --seed: in bad weather (delays, cuts, duplicates) drawn from N\n"
    "exit: 0 every line held, 1 one did not, 2 usage\n";

int Play(const std::string& path, const Weather& weather) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash);
  const auto script = rujukan::scenarios::ParseFile(folder, path.substr(slash + 1));
  if (!script) {
    std::printf("%s\n", script.error().context.c_str());
    return 1;
  }
  PureStage stage(weather);
  Player player(*script, stage);
  player.OnStep([](const std::string& when, const std::string& text) {
    std::printf("%s  %s\n", when.c_str(), text.c_str());
  });
  const auto tally = player.Play();
  if (!tally) {
    std::printf("\n%s\n", tally.error().context.c_str());
    return 1;
  }
  std::printf("\n%s: %zu steps, %zu claims, %zu legs: every line holds\n",
              script->id.c_str(),
              tally->deeds,
              tally->claims,
              tally->legs);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Weather weather;
  if (argc == 4 && std::strcmp(argv[2], "--seed") == 0) {
    weather = rujukan::scenarios::BadWeather(std::strtoull(argv[3], nullptr, 10));
  } else if (argc != 2) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  return Play(argv[1], weather);
}
