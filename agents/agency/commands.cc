#include "agents/agency/commands.h"

#include <cstdlib>
#include <iostream>
#include <memory>

#include "agents/agency/home.h"
#include "agents/agency/phrases.h"
#include "agents/agency/run.h"

namespace rujukan::agency {
namespace {

void AddJoin(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto options = std::make_shared<JoinOptions>();
  auto* command = app.add_subcommand(
      "join",
      "Bergabung dengan undangan / join with an invitation.\n"
      "  rujukan-agent join undangan.txt --home /var/lib/rujukan-agent/dinsos.18.71\n"
      "Kunci dibuat di sini dan tidak pernah keluar. Bacakan sidik jari kepada admin lewat "
      "telepon.");
  AddCommon(*command, common);
  command->add_option("INVITATION", options->invitation, "file or rujukan-invite:... line")
      ->required();
  command->add_flag("--wait", options->wait, "wait for the approval, with progress (the default)");
  command->add_option("--certificate",
                      options->certificate,
                      "PEM: a signing certificate of an outside CA, instead of one of the domain");
  command->add_option("--key", options->key, "its private key (mode 0600)")->needs("--certificate");
  command->add_option("--chain", options->chain, "PEM: CAs between it and the outside CA")
      ->needs("--certificate");
  command->add_flag("--no-wait", options->no_wait, "do not wait for the admin's approval")
      ->excludes("--wait");
  command->add_option("--timeout", options->timeout_s, "seconds to wait for approval")
      ->capture_default_str();
  command->callback([&common, &work, options] {
    work = [&common, options] { return RunJoin(common, *options); };
  });
}

void AddRun(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto api = std::make_shared<std::string>();
  auto* command = app.add_subcommand(
      "run",
      "Menjalankan agen / run the daemon. API JSON di DIR/agent.sock.\n"
      "  rujukan-agent run --home DIR --api 127.0.0.1:7410   (token: DIR/api.token)");
  AddCommon(*command, common);
  command->add_option("--api", *api, "also serve the API on 127.0.0.1:PORT, with the token");
  command->callback(
      [&common, &work, api] { work = [&common, api] { return RunDaemon(common, *api); }; });
}

void AddSend(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  struct Flags {
    SendOptions send;
    bool receipt = false;
    bool delivery = false;
  };
  auto flags = std::make_shared<Flags>();
  auto* command = app.add_subcommand(
      "send",
      "Mengirim rujukan / send a referral. Mengulang perintah yang sama tidak mengirim dua kali.\n"
      "  rujukan-agent send rujukan.json --wait --home DIR\n"
      "  {\"kepada\": \"dinsos.18@lampung.example\", \"isi\": {...T1...}, \"t2\": {...}}\n"
      "\"t2\" (identitas) disimpan di sini dan baru dikirim setelah diterima (TERIMA).");
  AddCommon(*command, common);
  command->add_option("FILE", flags->send.file, "JSON file, or - for standard input")->required();
  command->add_option("--key", flags->send.key, "idempotency key; default: SHA-256 of the file");
  command->add_flag("--wait", flags->receipt, "wait until it is in the ledger, with proof");
  command->add_flag("--wait-delivered", flags->delivery, "wait for the receiver's receipt");
  command->add_option("--timeout", flags->send.timeout_s, "seconds to wait")->capture_default_str();
  command->callback([&common, &work, flags] {
    flags->send.wait = flags->delivery  ? WaitFor::kDelivery
                       : flags->receipt ? WaitFor::kReceipt
                                        : WaitFor::kNothing;
    work = [&common, flags] { return Send(TerminalOf(common), flags->send); };
  });
}

void AddList(CLI::App& app, CommonOptions& common, std::function<int()>& work, bool outgoing) {
  auto options = std::make_shared<ListOptions>();
  options->outgoing = outgoing;
  auto* command = app.add_subcommand(
      outgoing ? "outbox" : "inbox",
      outgoing
          ? "Pesan keluar / messages sent"
          : "Pesan masuk / messages received.\n"
            "  rujukan-agent inbox --after CURSOR --wait 30   menunggu yang baru / waits for new");
  AddCommon(*command, common);
  command->add_option("--after", options->after, "only newer than this cursor");
  command->add_option("--wait", options->wait_s, "wait up to N seconds (at most 60) for one");
  command->add_option("--limit", options->limit, "at most N (200)")->capture_default_str();
  command->callback([&common, &work, options] {
    work = [&common, options] { return ListMessages(TerminalOf(common), *options); };
  });
}

void AddShow(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto id = std::make_shared<std::string>();
  auto* command = app.add_subcommand(
      "show", "Satu rujukan atau pesan dengan bukti / one leg or message, with its proofs");
  AddCommon(*command, common);
  command->add_option("ID", *id, "leg id or message id")->required();
  command->callback(
      [&common, &work, id] { work = [&common, id] { return Show(TerminalOf(common), *id); }; });
}

using PlainCommand = int (*)(const Terminal&);

void AddPlain(CLI::App& app,
              CommonOptions& common,
              std::function<int()>& work,
              const std::pair<std::string, std::string>& name,
              PlainCommand run) {
  auto* command = app.add_subcommand(name.first, name.second);
  AddCommon(*command, common);
  command->callback(
      [&common, &work, run] { work = [&common, run] { return run(TerminalOf(common)); }; });
}

std::string_view Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

Terminal TerminalOf(const CommonOptions& common) {
  const Lang lang = LanguageOf(
      common.lang, {Environment("LC_ALL"), Environment("LC_MESSAGES"), Environment("LANG")});
  Speak(std::cout, lang);
  Speak(std::cerr, lang);
  return Terminal{common.home, Home(common.home).socket_path(), common.json, std::cout, std::cerr};
}

void RequireHome(CommonOptions& common) {
  if (const char* home = std::getenv("RUJUKAN_AGENT_HOME"); common.home.empty() && home) {
    common.home = home;
  }
  if (common.home.empty()) {
    throw CLI::RequiredError("--home");
  }
}

void AddCommon(CLI::App& command, CommonOptions& common) {
  command.add_option("--home", common.home, "the agency's directory")
      ->required()
      ->envname("RUJUKAN_AGENT_HOME");
  command.add_flag("--json", common.json, "answer in JSON");
  command.add_option("--lang", common.lang, "id, en, or id/en; default: as LC_ALL, LANG say")
      ->check(CLI::IsMember({"id", "en", "id/en"}));
  command.add_option("--passphrase-file",
                     common.passphrase_file,
                     "file with the keys' passphrase (or RUJUKAN_PASSPHRASE)");
}

void AddCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  AddJoin(app, common, work);
  AddRun(app, common, work);
  AddSend(app, common, work);
  AddList(app, common, work, /*outgoing=*/false);
  AddList(app, common, work, /*outgoing=*/true);
  AddShow(app, common, work);
  AddWorkCommands(app, common, work);
  AddLegCommands(app, common, work);
  AddMessageCommands(app, common, work);
  AddPlain(app, common, work, {"legs", "Semua rujukan / all legs"}, &ListLegs);
  AddDirectoryCommands(app, common, work);
  AddKeyCommands(app, common, work);
  AddEvidenceCommands(app, common, work);
  AddDataCommands(app, common, work);
  AddAttachmentCommands(app, common, work);
  AddWebhookCommands(app, common, work);
  AddSchemaCommands(app, common, work);
  AddPlain(app, common, work, {"status", "Keadaan agen / how the agent is doing"}, &Status);
}

}  // namespace rujukan::agency
