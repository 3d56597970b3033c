// Goal: every scenario holds with the real programs, and afterwards no word of a child is anywhere
// it should not be. Method: the scenario files on the real stage; then every file of the broker and
// the agents, their names, what the broker's database holds, metrics, every webhook, mail and
// command, and what each agency can read are searched for the words that the scenario marks as
// secret.
#include <gtest/gtest.h>

#include <chrono>

#include "agents/agency/notify_plan.h"
#include "broker/store/rocks_store.h"
#include "ledger/policy_text.h"
#include "tests/scenarios/leak_scan.h"
#include "tests/scenarios/ledger_words.h"
#include "tests/scenarios/parse.h"
#include "tests/scenarios/player.h"
#include "tests/scenarios/real_stage.h"

namespace rujukan::scenarios {
namespace {

constexpr const char* kFolder = RUJUKAN_SOURCE_DIR "/tests/scenarios";

int64_t SteadyMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// What an agency may know: the secrets of what it sent and what was sent to it.
std::map<std::string, std::vector<std::string>> KnownBy(const Script& script,
                                                        const Player& player) {
  std::map<std::string, std::vector<std::string>> known;
  const auto add = [&known](const std::string& who, const std::vector<Field>& fields) {
    for (const Field& field : fields) {
      if (field.secret) {
        known[who].push_back(field.value.get<std::string>());
      }
    }
  };
  std::map<std::string, const Deed*> legs;
  for (const Step& step : script.steps) {
    if (!step.deed) {
      continue;
    }
    const Deed& deed = *step.deed;
    if (!deed.to.empty()) {
      legs[deed.name] = &deed;
    }
    std::vector<std::string> parties = player.RecipientsOf(deed.name);
    if (const auto leg = legs.find(deed.name); leg != legs.end()) {
      parties.push_back(leg->second->who);
    }
    parties.push_back(deed.who);
    for (const std::string& who : parties) {
      add(who, deed.fields);
      for (const std::string& name : deed.templates) {
        add(who, script.templates.at(name));
      }
    }
  }
  return known;
}

class WithRealPrograms : public ::testing::TestWithParam<const char*> {
 protected:
  // Not those that the programs themselves say to everybody.
  std::vector<std::string> Words(const std::vector<std::string>& secrets) const {
    std::string said(ledger::DefaultPolicyText());
    said += testing::ReadWholeFile(RUJUKAN_SOURCE_DIR "/agents/agency/openapi/document.json");
    said += testing::ReadWholeFile(RUJUKAN_SOURCE_DIR "/docs/states.md");
    for (size_t kind = 0; kind < agency::kNotifyKindCount; ++kind) {
      said += agency::NotifyText(static_cast<agency::NotifyKind>(kind));
    }
    return WordsOf(secrets, said);
  }

  // Everything an agency can read by its API.
  std::string EverythingFor(const std::string& who) {
    std::string all;
    const auto get = [&](const std::string& path) {
      const auto reply = stage_.Call(who, "GET", path, "");
      EXPECT_TRUE(reply && reply->status == 200) << who << " " << path;
      all += reply ? reply->body + "\n" : "";
      return reply ? reply->body : "";
    };
    for (const char* path : {"/v1/status",
                             "/v1/inbox?limit=200",
                             "/v1/outbox?limit=200",
                             "/v1/directory",
                             "/v1/erasures",
                             "/v1/notices",
                             "/v1/reads",
                             "/v1/keys"}) {
      get(path);
    }
    const Json legs = Json::parse(get("/v1/legs?limit=200"), nullptr, false);
    for (const Json& leg : legs.value("legs", Json::array())) {
      get("/v1/legs/" + leg["leg_id"].get<std::string>());
    }
    return all;
  }

  RealStage stage_;
};

TEST_P(WithRealPrograms, EveryLineHoldsAndNothingLeaks) {
  const int64_t begun = SteadyMs();
  const auto script = ParseFile(kFolder, GetParam());
  ASSERT_TRUE(script.has_value()) << script.error().context;
  Player player(*script, stage_);
  player.OnStep([&](const std::string& when, const std::string& text) {
    if (std::getenv("RUJUKAN_SCENARIO_TRACE") != nullptr) {
      std::printf("%6.1f s  %s  %s\n",
                  static_cast<double>(SteadyMs() - begun) / 1000,
                  when.c_str(),
                  text.c_str());
    }
  });
  const auto tally = player.Play();
  ASSERT_TRUE(tally.has_value()) << tally.error().context;
  const int64_t played = SteadyMs();

  const LeakScan scan(Words(script->Secrets()));
  std::vector<Leak> leaks;
  const auto take = [&leaks](std::vector<Leak> some) {
    leaks.insert(leaks.end(), some.begin(), some.end());
  };
  // An agency that was not told a secret cannot read it.
  const auto known = KnownBy(*script, player);
  for (const Agency& agency : script->agencies) {
    std::vector<std::string> hidden;
    const auto mine = known.find(agency.name);
    for (const std::string& secret : script->Secrets()) {
      const bool told =
          mine != known.end() &&
          std::find(mine->second.begin(), mine->second.end(), secret) != mine->second.end();
      if (!told) {
        hidden.push_back(secret);
      }
    }
    take(LeakScan(hidden).Search("API of " + agency.name, EverythingFor(agency.name)));
    const auto metrics = stage_.Call(agency.name, "GET", "/metrics", "");
    ASSERT_TRUE(metrics.has_value()) << agency.name;
    EXPECT_EQ(metrics->status, 200) << agency.name;
    take(scan.Search("metrics of " + agency.name, metrics->body));
  }
  // Nobody else is told one: not by a webhook, a mail or a command.
  const auto heard = stage_.ears().Heard();
  for (const auto& [where, bytes] : heard) {
    take(scan.Search(where, bytes));
  }
  EXPECT_GT(heard.size(), 2U);  // there were webhooks and mails
  // Nobody's disk holds one: contents are sealed, and everything else speaks of ids.
  stage_.StopAll();
  uint64_t bytes = 0;
  take(scan.SearchTree(stage_.deployment().path(""), bytes));
  const auto looked = LookIntoStore(stage_.deployment().data_dir() + "/ledger",
                                    [&](const std::string& where, std::string_view value) {
                                      take(scan.Search("broker's " + where, value));
                                    });
  ASSERT_TRUE(looked.has_value()) << looked.error().context;
  EXPECT_EQ(Describe(leaks), "");
  EXPECT_GT(bytes, 1'000'000U);
  EXPECT_GT(*looked, 10'000U);
  std::printf(
      "%s: %zu steps, %zu claims, %zu legs in %.1f s; %zu words in %zu forms looked for in "
      "%.1f MB of files and %.1f MB of the broker's rows in %.1f s\n",
      GetParam(),
      tally->deeds,
      tally->claims,
      tally->legs,
      static_cast<double>(played - begun) / 1000,
      Words(script->Secrets()).size(),
      scan.needles(),
      static_cast<double>(bytes) / 1e6,
      static_cast<double>(*looked) / 1e6,
      static_cast<double>(SteadyMs() - played) / 1000);
}

// The scan is no blind man: what is planted in the broker's own database is found.
TEST(LeakScanOfTheBroker, FindsAWordInItsCompressedDatabase) {
  const testing::TempDir dir;
  const std::string word = "Melati Kembangsore";
  {
    const auto store = broker::RocksStore::Open(dir.path() + "/ledger");
    ASSERT_TRUE(store.has_value());
    const auto epoch = (*store)->Fence();
    broker::CommitBatch batch;
    batch.view[{ledger::Table::kMessage, "id"}] = std::string(5000, 'a') + word;
    ASSERT_TRUE((*store)->Append(*epoch, batch).has_value());
  }
  const LeakScan scan(WordsOf({word}, ""));
  std::vector<Leak> leaks;
  const auto looked =
      LookIntoStore(dir.path() + "/ledger", [&](const std::string& where, std::string_view bytes) {
        const auto some = scan.Search(where, bytes);
        leaks.insert(leaks.end(), some.begin(), some.end());
      });
  ASSERT_TRUE(looked.has_value()) << looked.error().context;
  EXPECT_FALSE(leaks.empty());
}

INSTANTIATE_TEST_SUITE_P(Scenarios,
                         WithRealPrograms,
                         ::testing::Values("sc1.txt",
                                           "sc2.txt",
                                           "sc3.txt",
                                           "sc4.txt",
                                           "sc5.txt",
                                           "sc6.txt",
                                           "sc7.txt",
                                           "sc9.txt",
                                           "sc11.txt"),
                         [](const auto& tested) {
                           const std::string file = tested.param;
                           return file.substr(0, file.find('.'));
                         });

}  // namespace
}  // namespace rujukan::scenarios
