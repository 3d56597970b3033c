// trail.

#include <memory>

#include "agents/audit/commands.h"
#include "agents/audit/trail.h"
#include "agents/link/durable_file.h"

namespace rujukan::audit {
namespace {

struct TrailOptions {
  std::string subject;
  std::string from;
  std::string to;
  std::string html;  // file to write; "": none
};

Result<Trail> TrailOf(Source& source, const std::string& vkey, const TrailOptions& options) {
  TrailRequest request;
  request.subject = options.subject;
  ASSIGN_OR_RETURN(request.span, ParseSpan(options.from, options.to));
  return ReadTrail(source, vkey, request);
}

Output RunTrail(const CommonOptions& common, const TrailOptions& options) {
  return WithLedger(common, [&](Source& source) -> Output {
    const auto trail = TrailOf(source, common.vkey, options);
    if (!trail) {
      return FailedWith(trail.error());
    }
    if (!options.html.empty()) {
      if (const auto written = link::WriteDurably(options.html, TrailAsHtml(*trail)); !written) {
        return FailedWith(written.error());
      }
    }
    return {kExitOk, common.json ? TrailAsJson(*trail) : TrailAsText(*trail), ""};
  });
}

}  // namespace

void AddTrailCommands(CommandSet& set) {
  auto options = std::make_shared<TrailOptions>();
  CLI::App* command =
      set.Add("trail",
              "A referral, or an agency's messages, as a timeline",
              [options](const CommonOptions& common) { return RunTrail(common, *options); });
  CommandSet::AddSubject(command, options->subject);
  set.AddLedger(command);
  set.AddKey(command);
  command->add_option(
      "--from", options->from, "Only from this time on: 2026-11-21[T23:58[:04]][Z|+07:00]");
  command->add_option("--to", options->to, "Only up to this time, itself included");
  command->add_option("--html", options->html, "Also write it as a page with a drawn timeline");
}

}  // namespace rujukan::audit
