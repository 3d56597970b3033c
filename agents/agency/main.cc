// rujukan-agent: an agency's daemon, and the command line that talks to it.
#include <sys/stat.h>

#include "agents/agency/commands.h"

int main(int argc, char** argv) {
  umask(077);  // whatever is made in a home, by any library, is for its owner only
  CLI::App app{
      "rujukan-agent: mengirim dan menerima rujukan anak / send and receive child referrals\n\n"
      "  1. rujukan-agent join undangan.txt --home DIR    bergabung / join\n"
      "  2. rujukan-agent run --home DIR                  jalankan / run\n"
      "  3. rujukan-agent send rujukan.json --wait --home DIR\n"
      "     rujukan-agent inbox --home DIR                pesan masuk / received\n"
      "     rujukan-agent accept LEG --worker NAMA --plan RENCANA --home DIR\n\n"
      "RUJUKAN_AGENT_HOME menggantikan --home. Keluar / exit: 0 ok, 1 ditolak / refused,\n"
      "2 salah pakai / usage, 3 bukti tidak sah / verification, 69 tidak terjangkau / "
      "unavailable,\n"
      "70 galat / internal, 77 berkas kunci terbuka / key file too open.",
      "rujukan-agent"};
  app.require_subcommand(1);
  rujukan::agency::CommonOptions common;
  std::function<int()> work;
  rujukan::agency::AddCommands(app, common, work);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? rujukan::agency::kExitOk : rujukan::agency::kExitUsage;
  }
  return work();
}
