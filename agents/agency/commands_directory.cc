// The directory and the policy from the command line.
#include <cstdlib>
#include <memory>

#include "agents/agency/cli_directory.h"
#include "agents/agency/commands.h"

namespace rujukan::agency {
namespace {

void AddSearch(CLI::App& parent, CommonOptions& common, std::function<int()>& work) {
  struct Given {
    QueryOptions query;
    bool available = false;
  };
  auto given = std::make_shared<Given>();
  auto* command = parent.add_subcommand(
      "search",
      "Siapa dapat menolong, terdekat dulu; juga tanpa jaringan / who can help, nearest first; "
      "works offline\n"
      "  rujukan-agent directory search --service PENAMPUNGAN_SEMENTARA --region "
      "kemendagri:18.71");
  AddCommon(*command, common);
  for (const auto& [name, help] : std::initializer_list<std::pair<const char*, const char*>>{
           {"service", "service code, KESEHATAN"},
           {"region", "with its scheme: kemendagri:18.71"},
           {"type", "type of agency: dinsos"},
           {"category", "category of the child, A to O"},
           {"age", "age of the child in years"},
           {"sex", "L or P"},
           {"text", "words of a name or an address"}}) {
    command->add_option_function<std::string>(
        std::string("--") + name,
        [given, key = std::string(name)](const std::string& value) { given->query[key] = value; },
        help);
  }
  command->add_flag("--available", given->available, "only who is open, not full, and takes it");
  command->callback([&common, &work, given] {
    if (given->available) {
      given->query["available"] = "1";
    }
    work = [&common, given] {
      return SearchDirectoryRecords(TerminalOf(common), common.home, given->query);
    };
  });
}

void AddShowRecord(CLI::App& parent, CommonOptions& common, std::function<int()>& work) {
  auto address = std::make_shared<std::string>();
  auto* command = parent.add_subcommand("show", "Satu catatan lengkap / one whole record");
  AddCommon(*command, common);
  command->add_option("ADDRESS", *address, "dinsos.18.71@lampung.example")->required();
  command->callback([&common, &work, address] {
    work = [&common, address] {
      return ShowDirectoryRecord(TerminalOf(common), common.home, *address);
    };
  });
}

void AddRoot(CLI::App& parent, CommonOptions& common, std::function<int()>& work) {
  auto* command = parent.add_subcommand(
      "root",
      "Angka pendek direktori, untuk dibandingkan lewat telepon / the directory in twelve digits, "
      "to compare by phone");
  AddCommon(*command, common);
  command->callback([&common, &work] {
    work = [&common] { return ShowDirectoryRecord(TerminalOf(common), common.home, "root"); };
  });
}

void AddEdit(CLI::App& parent, CommonOptions& common, std::function<int()>& work) {
  auto options = std::make_shared<EditOptions>();
  auto* command = parent.add_subcommand(
      "edit",
      "Menyunting catatan sendiri, atau sebagai pengelola / edit our record, or another's as its "
      "steward\n"
      "  rujukan-agent directory edit --capacity TERBATAS --beds 12 --taken 10\n"
      "  rujukan-agent directory edit --file profil.json");
  AddCommon(*command, common);
  command->add_option("--file", options->profile, "the profile as JSON, - for stdin; replaces it");
  auto* capacity = command->add_option(
      "--capacity", options->capacity, "TERSEDIA, TERBATAS, PENUH, TUTUP; true for a day");
  command->add_option("--beds", options->beds, "places there are")->needs(capacity);
  command->add_option("--taken", options->taken, "places taken")->needs(capacity);
  command->add_option("--contact-24h", options->contact_24h, "number that is answered at night");
  auto* other = command->add_option("--for", options->address, "address, as its steward");
  command->add_option("--standing", options->standing, "standing as JSON; stewards only")
      ->needs(other);
  command->callback([&common, &work, options] {
    work = [&common, options] { return EditDirectoryRecord(TerminalOf(common), *options); };
  });
}

void AddPolicyTest(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  struct Given {
    PolicyTestOptions test;
    std::string to;
    std::string kind;
    std::string classification;
    bool emergency = false;
  };
  auto given = std::make_shared<Given>();
  auto* policy = app.add_subcommand("policy", "Kebijakan rujukan / the referral policy");
  policy->require_subcommand(1);
  auto* command = policy->add_subcommand(
      "test",
      "Bolehkah kita mengirim ini? / may we send this?\n"
      "  rujukan-agent policy test dinsos.18.71@lampung.example RUJUKAN_LAYANAN --explain");
  AddCommon(*command, common);
  command->add_option("TO", given->to, "address")->required();
  command->add_option("KIND", given->kind, "RUJUKAN_LAYANAN, LAPORAN_AWAL, PEMBERITAHUAN, ...")
      ->required();
  command->add_flag("--emergency", given->emergency, "DARURAT: immediate danger");
  command->add_option("--classification", given->classification, "B, T, R or SR");
  command->add_flag("--explain", given->test.explain, "show every rule that was looked at");
  command->callback([&common, &work, given] {
    given->test.query = {{"to", given->to},
                         {"kind", given->kind},
                         {"classification", given->classification},
                         {"emergency", given->emergency ? "1" : "0"}};
    work = [&common, given] { return TestPolicy(TerminalOf(common), common.home, given->test); };
  });
}

}  // namespace

void AddDirectoryCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto* directory = app.add_subcommand(
      "directory", "Lembaga dalam direktori / agencies: list, search, show, edit, root");
  AddSearch(*directory, common, work);
  AddShowRecord(*directory, common, work);
  AddEdit(*directory, common, work);
  AddRoot(*directory, common, work);
  directory->add_option("--home", common.home, "the agency's directory");
  directory->add_flag("--json", common.json, "answer in JSON");
  directory->callback([&common, &work, directory] {
    if (!directory->get_subcommands().empty()) {
      return;
    }
    RequireHome(common);
    work = [&common] { return SearchDirectoryRecords(TerminalOf(common), common.home, {}); };
  });
  AddPolicyTest(app, common, work);
}

void AddKeyCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto options = std::make_shared<RotateOptions>();
  auto* rotate = app.add_subcommand(
      "rotate",
      "Meminta kunci baru tanpa henti layanan / ask for new keys, without a pause\n"
      "Kunci lama tetap membuka pesan lama. Agen juga meminta sendiri 30 hari sebelum berakhir.");
  AddCommon(*rotate, common);
  rotate->add_flag("--wait", options->wait, "wait until the new keys are in force");
  rotate->add_option("--timeout", options->timeout_s, "seconds to wait")->capture_default_str();
  rotate->callback([&common, &work, options] {
    work = [&common, options] { return Rotate(TerminalOf(common), *options); };
  });
  auto* keys = app.add_subcommand("keys", "Kunci yang berlaku / the keys in force, until when");
  AddCommon(*keys, common);
  keys->callback([&common, &work] { work = [&common] { return ShowKeys(TerminalOf(common)); }; });
}

}  // namespace rujukan::agency
