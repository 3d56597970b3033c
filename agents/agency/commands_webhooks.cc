// webhook and its commands, events.
#include <memory>

#include "agents/agency/cli_webhooks.h"
#include "agents/agency/commands.h"

namespace rujukan::agency {
namespace {

using Given = std::shared_ptr<WebhookOptionsGiven>;

// A command below `webhook` that does `run` with what was given.
template <class Run>
CLI::App* AddOne(CLI::App& webhook,
                 CommonOptions& common,
                 std::function<int()>& work,
                 const char* name,
                 const char* help,
                 const Given& given,
                 Run run) {
  auto* command = webhook.add_subcommand(name, help);
  AddCommon(*command, common);
  command->callback([&common, &work, given, run] {
    work = [&common, given, run] { return run(TerminalOf(common), *given); };
  });
  return command;
}

void AddRegistering(CLI::App& webhook, CommonOptions& common, std::function<int()>& work) {
  const auto given = std::make_shared<WebhookOptionsGiven>();
  auto* add = AddOne(
      webhook,
      common,
      work,
      "add",
      "Daftarkan; rahasia untuk memeriksa tanda tangan ditampilkan sekali / register; the secret "
      "that checks the signatures is shown once",
      given,
      [](const Terminal& terminal, const WebhookOptionsGiven& options) {
        return AddWebhook(terminal, options);
      });
  add->add_option("URL", given->url, "http or https")->required();
  add->add_option("--event", given->events, "message.received, leg.*, ...; default: all");
  add->add_option("--since", given->since, "a cursor, or `oldest`; default: from now on");
  AddOne(
      webhook,
      common,
      work,
      "list",
      "Yang terdaftar, dan bagaimana jalannya / those registered, and how they do",
      given,
      [](const Terminal& terminal, const WebhookOptionsGiven&) { return ListWebhooks(terminal); });
}

void AddForOne(CLI::App& webhook, CommonOptions& common, std::function<int()>& work) {
  struct One {
    const char* name;
    const char* help;
    int (*run)(const Terminal& terminal, const WebhookOptionsGiven& given);
  };
  const One ones[] = {
      {"remove",
       "Hapus / remove it, with its dead letters",
       [](const Terminal& t, const WebhookOptionsGiven& g) { return RemoveWebhook(t, g.id); }},
      {"enable",
       "Hidupkan lagi, dilanjutkan dari yang terakhir / turn it on; it goes on where it was",
       [](const Terminal& t, const WebhookOptionsGiven& g) {
         return EnableWebhook(t, g.id, true);
       }},
      {"disable",
       "Matikan; kejadian tetap disimpan / turn it off; events are kept",
       [](const Terminal& t, const WebhookOptionsGiven& g) {
         return EnableWebhook(t, g.id, false);
       }},
      {"test",
       "Kirim satu kejadian percobaan sekarang / send one event of type webhook.test now",
       [](const Terminal& t, const WebhookOptionsGiven& g) { return TestWebhook(t, g.id); }},
  };
  for (const One& one : ones) {
    const auto given = std::make_shared<WebhookOptionsGiven>();
    AddOne(webhook, common, work, one.name, one.help, given, one.run)
        ->add_option("ID", given->id, "as `webhook list` shows it")
        ->required();
  }
}

void AddLetters(CLI::App& webhook, CommonOptions& common, std::function<int()>& work) {
  const auto listed = std::make_shared<WebhookOptionsGiven>();
  auto* letters = AddOne(webhook,
                         common,
                         work,
                         "dead-letters",
                         "Yang tidak diterima setelah semua percobaan / what was never taken",
                         listed,
                         &ListDeadLetters);
  letters->add_option("ID", listed->id, "as `webhook list` shows it")->required();
  letters->add_option("--limit", listed->limit, "at most N (200)")->capture_default_str();
  const auto replayed = std::make_shared<WebhookOptionsGiven>();
  auto* replay = AddOne(webhook,
                        common,
                        work,
                        "replay",
                        "Kirim lagi: semua surat mati, satu kejadian, atau sejak kursor / tell "
                        "again: every dead letter, one event, or all since a cursor",
                        replayed,
                        &ReplayWebhook);
  replay->add_option("ID", replayed->id, "as `webhook list` shows it")->required();
  replay->add_option("--event", replayed->event, "this one, by its id");
  replay->add_option("--since", replayed->since, "all after this cursor");
}

void AddEvents(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto options = std::make_shared<EventsOptions>();
  auto* command = app.add_subcommand(
      "events",
      "Apa yang terjadi, sejak kursor: id dan jenis, tanpa isi / what happened since a cursor: ids "
      "and types, no content\n"
      "  rujukan-agent events --type 'message.*' --wait 60");
  AddCommon(*command, common);
  command->add_option("--since", options->since, "the cursor of an earlier answer");
  command->add_option("--type", options->types, "comma separated; `message.*` for all of a group");
  command->add_option("--wait", options->wait_s, "seconds to wait when there is nothing (60)");
  command->add_option("--limit", options->limit, "at most N (200)")->capture_default_str();
  command->callback([&common, &work, options] {
    work = [&common, options] { return ListEvents(TerminalOf(common), *options); };
  });
}

}  // namespace

void AddWebhookCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto* webhook = app.add_subcommand(
      "webhook",
      "Kait: agen memberi tahu sistem lembaga sendiri / tell the agency's own systems what "
      "happens\n"
      "  rujukan-agent webhook add http://127.0.0.1:9000/rujukan --event message.received\n"
      "  rujukan-agent webhook test ID");
  webhook->require_subcommand(1);
  AddRegistering(*webhook, common, work);
  AddForOne(*webhook, common, work);
  AddLetters(*webhook, common, work);
  AddEvents(app, common, work);
}

}  // namespace rujukan::agency
