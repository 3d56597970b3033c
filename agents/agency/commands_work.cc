// today, overdue, search and timer from the command line.
#include <memory>

#include "agents/agency/cli_work.h"
#include "agents/agency/commands.h"

namespace rujukan::agency {
namespace {

void AddToday(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto* command = app.add_subcommand("today",
                                     "Yang menunggu kita hari ini, yang paling mendesak dulu / "
                                     "what waits for us, most urgent first\n"
                                     "  rujukan-agent today\n"
                                     "Tidak membuka isi / opens no content.");
  AddCommon(*command, common);
  command->callback([&common, &work] { work = [&common] { return Today(TerminalOf(common)); }; });
}

void AddOverdue(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto children = std::make_shared<bool>(false);
  auto* command = app.add_subcommand(
      "overdue",
      "Yang terlambat: berapa lama, eskalasi, siapa sudah diberi tahu / what is late, by how much\n"
      "  rujukan-agent overdue\n"
      "  rujukan-agent overdue --children      laporan yang belum ada, per anak / by child\n"
      "--children membuka rujukan: tercatat di jejak baca / opens the referrals: readings.");
  AddCommon(*command, common);
  command->add_flag("--children", *children, "with each child's pseudonym");
  command->callback([&common, &work, children] {
    work = [&common, children] { return Overdue(TerminalOf(common), *children); };
  });
}

void AddSearch(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto options = std::make_shared<SearchOptions>();
  auto* command = app.add_subcommand(
      "search",
      "Mencari rujukan / find a leg\n"
      "  rujukan-agent search --peer dinsos.18 --state DIKAJI --urgency AMAT_SEGERA\n"
      "  rujukan-agent search --ref LS-7Q2 --from 2026-11-01 --until 2026-11-30\n"
      "--ref dan --name membuka isi: setiap isi yang dibuka tercatat di jejak baca, juga yang "
      "tidak\n"
      "cocok; kata yang dicari tidak dicatat / these open contents, and each is a reading.");
  AddCommon(*command, common);
  command->add_option("--ref", options->ref_anak, "the child's pseudonym (ref_anak)");
  command->add_option("--name", options->name, "part of a name in what we can read");
  command->add_option("--leg", options->leg, "beginning of a leg id");
  command->add_option("--peer", options->peer, "part of the other side's address");
  command->add_option("--state", options->state, "TERKIRIM, SAMPAI, DIKAJI, ...");
  command->add_option(
      "--deadline", options->deadline, "KONFIRMASI, KEPUTUSAN, KONTAK, KEMAJUAN, ...");
  command->add_option("--urgency", options->urgency, "AMAT_SEGERA, ... or DARURAT, TINGGI, ...");
  command->add_option("--from", options->from, "opened on or after (YYYY-MM-DD)");
  command->add_option("--until", options->until, "opened on or before (YYYY-MM-DD)");
  command->callback([&common, &work, options] {
    work = [&common, options] { return Search(TerminalOf(common), *options); };
  });
}

void AddTimerStart(CLI::App& timer, CommonOptions& common, std::function<int()>& work) {
  auto options = std::make_shared<TimerOptions>();
  auto* command = timer.add_subcommand(
      "start",
      "Mulai menghitung, atau mengubah yang sama / begin to count, or change the same one\n"
      "  rujukan-agent timer start LEG PENANGKAPAN --since 2026-11-20T15:30:00+07:00");
  AddCommon(*command, common);
  command->add_option("LEG", options->leg, "leg id")->required();
  command
      ->add_option("CODE",
                   options->timer,
                   "PENANGKAPAN, KOORDINASI_PENUNTUT, LITMAS, LAPOR_POLISI_TPKS, ... (code list "
                   "StatutoryTimer)")
      ->required();
  command->add_option("--since", options->started, "when it began (RFC 3339)")->required();
  command->add_option("--note", options->note, "a remark, at most 500 bytes");
  command->add_flag("--extended", options->extended, "the extension was decided");
  command->callback([&common, &work, options] {
    work = [&common, options] { return StartTimer(TerminalOf(common), *options); };
  });
}

void AddTimerStop(CLI::App& timer, CommonOptions& common, std::function<int()>& work) {
  auto options = std::make_shared<TimerOptions>();
  auto* command =
      timer.add_subcommand("stop", "Selesai: tidak dihitung lagi / done: no longer counted");
  AddCommon(*command, common);
  command->add_option("LEG", options->leg, "leg id")->required();
  command->add_option("TIMER", options->timer, "its id, as `timer list` shows it")->required();
  command->callback([&common, &work, options] {
    work = [&common, options] { return StopTimer(TerminalOf(common), *options); };
  });
}

void AddTimerList(CLI::App& timer, CommonOptions& common, std::function<int()>& work) {
  auto leg = std::make_shared<std::string>();
  auto* command = timer.add_subcommand("list", "Yang dihitung untuk satu rujukan / those of a leg");
  AddCommon(*command, common);
  command->add_option("LEG", *leg, "leg id")->required();
  command->callback([&common, &work, leg] {
    work = [&common, leg] { return ListTimers(TerminalOf(common), *leg); };
  });
}

}  // namespace

void AddWorkCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  AddToday(app, common, work);
  AddOverdue(app, common, work);
  AddSearch(app, common, work);
  auto* timer = app.add_subcommand(
      "timer",
      "Batas waktu undang-undang, dihitung di sini saja / time limits of the law, counted here "
      "only\n"
      "  rujukan-agent timer start LEG PENANGKAPAN --since 2026-11-20T15:30:00+07:00\n"
      "  rujukan-agent timer list LEG\n"
      "  rujukan-agent timer stop LEG TIMER");
  timer->require_subcommand(1);
  AddTimerStart(*timer, common, work);
  AddTimerStop(*timer, common, work);
  AddTimerList(*timer, common, work);
}

}  // namespace rujukan::agency
