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
#include "tests/scenarios/played.h"
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

double SecondsSince(int64_t begun_ms) {
  return static_cast<double>(SteadyMs() - begun_ms) / 1000;
}

using Known = std::map<std::string, std::vector<std::string>>;

// What an agency may know: the secrets of what it sent and what was sent to it.
Known KnownBy(const Script& script, const Player& player) {
  Known known;
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

  void Take(const std::vector<Leak>& some) {
    leaks_.insert(leaks_.end(), some.begin(), some.end());
  }

  // An agency that was not told a secret cannot read it.
  void SearchWhatAgenciesRead(const Script& script, const Known& known) {
    for (const Agency& agency : script.agencies) {
      std::vector<std::string> hidden = script.Secrets();
      if (const auto mine = known.find(agency.name); mine != known.end()) {
        std::erase_if(hidden, [&](const std::string& secret) {
          return std::find(mine->second.begin(), mine->second.end(), secret) != mine->second.end();
        });
      }
      Take(LeakScan(hidden).Search("API of " + agency.name, EverythingFor(agency.name)));
    }
  }

  // Nobody else is told one: not by metrics, a webhook, a mail or a command.
  void SearchWhatIsTold(const LeakScan& scan, const Script& script) {
    for (const Agency& agency : script.agencies) {
      const auto metrics = stage_.Call(agency.name, "GET", "/metrics", "");
      ASSERT_TRUE(metrics.has_value()) << agency.name;
      EXPECT_EQ(metrics->status, 200) << agency.name;
      Take(scan.Search("metrics of " + agency.name, metrics->body));
    }
    const auto heard = stage_.ears().Heard();
    for (const auto& [where, bytes] : heard) {
      Take(scan.Search(where, bytes));
    }
    EXPECT_GT(heard.size(), 2U);  // there were webhooks and mails
  }

  // Nobody's disk holds one: contents are sealed, and everything else speaks of ids. Bytes of files
  // and of the broker's rows that were looked at.
  std::pair<uint64_t, uint64_t> SearchDisks(const LeakScan& scan) {
    stage_.StopAll();
    uint64_t bytes = 0;
    Take(scan.SearchTree(stage_.deployment().path(""), bytes));
    const auto looked = LookIntoStore(stage_.deployment().data_dir() + "/ledger",
                                      [&](const std::string& where, std::string_view value) {
                                        Take(scan.Search("broker's " + where, value));
                                      });
    EXPECT_TRUE(looked.has_value()) << looked.error().context;
    EXPECT_GT(bytes, 1'000'000U);
    EXPECT_GT(looked.value_or(0), 10'000U);
    return {bytes, looked.value_or(0)};
  }

  RealStage stage_;
  std::vector<Leak> leaks_;
};

TEST_P(WithRealPrograms, EveryLineHoldsAndNothingLeaks) {
  const int64_t begun = SteadyMs();
  const auto script = ParseFile(kFolder, GetParam());
  ASSERT_TRUE(script.has_value()) << script.error().context;
  Player player(*script, stage_);
  if (std::getenv("RUJUKAN_SCENARIO_TRACE") != nullptr) {
    player.OnStep([begun](const std::string& when, const std::string& text) {
      std::printf("%6.1f s  %s  %s\n", SecondsSince(begun), when.c_str(), text.c_str());
    });
  }
  const auto tally = player.Play();
  ASSERT_TRUE(tally.has_value()) << tally.error().context;
  const double played = SecondsSince(begun);

  const LeakScan scan(Words(script->Secrets()));
  SearchWhatAgenciesRead(*script, KnownBy(*script, player));
  SearchWhatIsTold(scan, *script);
  const auto [files, rows] = SearchDisks(scan);
  EXPECT_EQ(Describe(leaks_), "");
  std::printf(
      "%s: %zu steps, %zu claims, %zu legs in %.1f s; %zu words in %zu forms looked for in "
      "%.1f MB of files and %.1f MB of the broker's rows in %.1f s\n",
      GetParam(),
      tally->deeds,
      tally->claims,
      tally->legs,
      played,
      Words(script->Secrets()).size(),
      scan.needles(),
      static_cast<double>(files) / 1e6,
      static_cast<double>(rows) / 1e6,
      SecondsSince(begun) - played);
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
                         ::testing::ValuesIn(kPlayed),
                         [](const auto& tested) { return NameOfPlayed(tested.param); });

}  // namespace
}  // namespace rujukan::scenarios
