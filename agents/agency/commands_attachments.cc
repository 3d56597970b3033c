// attach, attachments, fetch.
#include <memory>

#include "agents/agency/cli_attachments.h"
#include "agents/agency/commands.h"

namespace rujukan::agency {
namespace {

void AddAttach(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto options = std::make_shared<AttachOptions>();
  auto* command = app.add_subcommand("attach",
                                     "Melampirkan berkas pada rujukan / attach a file to a leg\n"
                                     "  rujukan-agent attach LEG visum.pdf --type VISUM\n"
                                     "Disandi sambil dibaca, diunggah di latar; putus sambungan "
                                     "tidak mengapa / sealed while it is "
                                     "read, uploaded in the background, whatever the line does.");
  AddCommon(*command, common);
  command->add_option("LEG", options->leg, "leg id")->required();
  command->add_option("FILE", options->file, "at most 1 GiB")->required();
  command->add_option("--type", options->type, "VISUM, AKTA, KK, ASESMEN, ... (AttachmentType)")
      ->required();
  command->add_option("--name", options->name, "its name for the reader; default: the file's");
  command->add_option("--media", options->media, "its media type; default: what its bytes show");
  command->add_option("--note", options->note, "a remark");
  command->add_option("--class", options->classification, "R or SR");
  command->add_option("--keep-until", options->keep_until, "date of its retention");
  command->add_flag("--wait", options->wait, "until the broker has all of it");
  command->add_option("--timeout", options->timeout_s, "seconds to wait")->capture_default_str();
  command->callback([&common, &work, options] {
    work = [&common, options] { return Attach(TerminalOf(common), *options); };
  });
}

void AddList(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto leg = std::make_shared<std::string>();
  auto* command = app.add_subcommand(
      "attachments", "Lampiran sebuah rujukan, ke luar dan masuk / a leg's attachments");
  AddCommon(*command, common);
  command->add_option("LEG", *leg, "leg id")->required();
  command->callback([&common, &work, leg] {
    work = [&common, leg] { return ListAttachments(TerminalOf(common), *leg); };
  });
}

void AddFetch(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto options = std::make_shared<FetchOptions>();
  auto* command = app.add_subcommand(
      "fetch",
      "Mengambil berkas sebuah lampiran / an attachment's file\n"
      "  rujukan-agent fetch ID --out visum.pdf\n"
      "Perintah yang sama melanjutkan yang terputus / the same command goes on where one stopped.");
  AddCommon(*command, common);
  command->add_option("ID", options->id, "as `attachments` shows it")->required();
  command->add_option("--out", options->out, "new file (0600)")->required();
  command->add_option("--timeout", options->timeout_s, "seconds to wait for its chunks")
      ->capture_default_str();
  command->callback([&common, &work, options] {
    work = [&common, options] { return Fetch(TerminalOf(common), *options); };
  });
}

}  // namespace

void AddAttachmentCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  AddAttach(app, common, work);
  AddList(app, common, work);
  AddFetch(app, common, work);
}

}  // namespace rujukan::agency
