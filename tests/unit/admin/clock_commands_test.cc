// Goal: clocks are shown, checked, put in force and explained as people type it; a document that
// does not parse is not put in force. Method: command lines over a broker in memory with the real
// fold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "agents/admin/governing.h"
#include "base/limits.h"
#include "ledger/clocks_text.h"
#include "ledger/records.h"
#include "tests/unit/admin/founded_domain.h"

namespace rujukan::admin {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

class ClockCommands : public testing::FoundedDomain {
 protected:
  ClockCommands() : FoundedDomain({AddClockCommands}) {}

  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(root + "/" + name) << text;
    return root + "/" + name;
  }
  // The built-in document with another first contact for emergencies.
  static std::string Changed() {
    std::string text(ledger::DefaultClocksText());
    const std::string line = "limit DARURAT KONTAK 24 h target 3 h";
    return text.replace(text.find(line), line.size(), "limit DARURAT KONTAK 12 h target 2 h");
  }
  uint64_t Version() const {
    const auto record = ledger::ReadClocksRecord(broker->view());
    return record && *record ? (*record)->version() : 0;
  }
};

TEST_F(ClockCommands, WhereNothingIsSetTheBuiltInClocksCount) {
  EXPECT_THAT(RunAt(home, {"clocks", "show"}, /*json=*/false).text, HasSubstr("as built in"));
  EXPECT_EQ(RunAt(home, {"clocks", "show", "--text"}, /*json=*/false).text,
            ledger::DefaultClocksText());
  EXPECT_EQ(Answer({"clocks", "show"})["version"], 0);
}

TEST_F(ClockCommands, ADocumentIsPutInForceUnderTheNextVersionAndShown) {
  const std::string file = Write("lampung.clocks", Changed());
  EXPECT_EQ(Answer({"clocks", "set", file})["waits"], false);
  EXPECT_EQ(Version(), 1u);
  EXPECT_EQ(Run({"clocks", "set", file}).exit_code, kExitOk);
  const Json shown = Answer({"clocks", "show"});
  EXPECT_EQ(shown["version"], 2);
  EXPECT_EQ(shown["by"], "admin.01@lampung.example");
  EXPECT_EQ(shown["document"], Changed());
  EXPECT_THAT(RunAt(home, {"clocks", "show"}, /*json=*/false).text,
              HasSubstr("17 statutory timers"));
}

TEST_F(ClockCommands, AMistakeIsNamedWithItsFileAndLineAndNothingIsSet) {
  const std::string file = Write("wrong.clocks", "rujukan-clocks 1\nname \"x\"\nhours Mon late\n");
  for (const char* command : {"check", "set"}) {
    const Output output = RunAt(home, {"clocks", command, file}, /*json=*/false);
    EXPECT_EQ(output.exit_code, kExitFailed);
    EXPECT_THAT(output.error, HasSubstr("wrong.clocks: line 3: "));
  }
  EXPECT_EQ(Version(), 0u);
  const std::string large = Write("large.clocks", std::string(limits::kClocksBytesMax + 1, '#'));
  EXPECT_EQ(Run({"clocks", "check", large}).exit_code, kExitFailed);
  EXPECT_EQ(Answer({"clocks", "check", Write("good.clocks", Changed())})["timers"], 17);
}

TEST_F(ClockCommands, ItIsExplainedWhenEachDeadlineFalls) {
  // A Friday afternoon in Makassar: 4 working hours end on Monday.
  const Json answer = Answer({"clocks", "explain", "SEDANG", "2026-11-27T15:30", "--zone", "WITA"});
  EXPECT_EQ(answer["opened"], "2026-11-27T15:30:00.000+08:00");
  EXPECT_EQ(answer["deadlines"][1]["deadline"], "KONFIRMASI");
  EXPECT_EQ(answer["deadlines"][1]["due"], "2026-11-30T10:30:00.000+08:00");
  EXPECT_EQ(answer["deadlines"][1]["level2"], "2026-12-01T10:30:00.000+08:00");
  EXPECT_FALSE(answer["deadlines"][0].contains("level2")) << "only the sender is told";
  const std::string text =
      RunAt(home, {"clocks", "explain", "DARURAT", "2026-11-28T23:58"}, /*json=*/false).text;
  EXPECT_THAT(text, HasSubstr("Sun 2026-11-29 00:28"));
  EXPECT_THAT(text, HasSubstr("1 d (target 3 h)"));
  EXPECT_THAT(text, HasSubstr("Times are WIB"));
}

TEST_F(ClockCommands, ADraftIsExplainedBeforeItIsSet) {
  const std::string file = Write("draft.clocks", Changed());
  const Json answer =
      Answer({"clocks", "explain", "DARURAT", "2026-11-27T12:00", "--clocks", file});
  EXPECT_EQ(answer["deadlines"][3]["due"], "2026-11-28T00:00:00.000+07:00");
  for (const char* wrong :
       {"2026-11-27", "2026-11-27T24:00", "2026-02-30T10:00", "27/11/2026 10:0"}) {
    EXPECT_THAT(Run({"clocks", "explain", "DARURAT", wrong}).error, HasSubstr("OPENED")) << wrong;
  }
  EXPECT_THAT(Run({"clocks", "explain", "SEGERA", "2026-11-27T12:00"}).error, HasSubstr("CLASS"));
  EXPECT_THAT(Run({"clocks", "explain", "TINGGI", "2026-11-27T12:00", "--zone", "UTC"}).error,
              HasSubstr("--zone"));
}

}  // namespace
}  // namespace rujukan::admin
