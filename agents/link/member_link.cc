#include "agents/link/member_link.h"

#include <fstream>
#include <sstream>

#include "agents/link/directory.h"
#include "agents/link/durable_file.h"
#include "base/bytes.h"
#include "certs/random.h"

namespace rujukan::link {
namespace {

// Long enough for a loaded broker over a slow line, short enough for a person who waits.
constexpr int64_t kAnswerMs = 20'000;
constexpr int64_t kConnectMs = 10'000;
constexpr size_t kSeedBytes = 8;

std::string CheckpointPath(const std::string& home) {
  return home + "/checkpoint";
}

// "" when there is none yet.
std::string ReadLastNote(const std::string& home) {
  std::ifstream file(CheckpointPath(home), std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

Result<std::unique_ptr<Client>> ConnectMember(const std::string& home, const Caller& caller) {
  const DomainFile& domain = caller.domain;
  if (domain.broker.empty()) {
    return Fail(Errc::kInvalid,
                "where the broker listens is not known yet: pass --broker tcp://... and --enrol "
                "tcp://... once, or --endpoints DATA_DIR/endpoints.json");
  }
  ASSIGN_OR_RETURN(auto log, ledger::NoteVerifier::Parse(domain.log_vkey));
  ClientOptions options{{domain.broker, domain.broker_transport_key}, caller.transport, {}};
  options.session.log = std::move(log);
  options.session.last_note = ReadLastNote(home);
  options.session.seed = ReadBigEndian64(certs::RandomBytes(kSeedBytes));
  ASSIGN_OR_RETURN(auto client, Client::Open(std::move(options)));
  RETURN_IF_ERROR(client->Connect(kConnectMs));
  RETURN_IF_ERROR(WriteDurably(CheckpointPath(home), client->session().anchor_note()));
  return client;
}

DirectoryPages PagesOf(Client& client) {
  return [&client](LogIndex from) { return client.FetchDirectoryPage(from, kAnswerMs); };
}

Result<void> FollowDirectory(const DirectoryPages& pages,
                             const DomainFile& domain,
                             ledger::MemoryView& view) {
  ASSIGN_OR_RETURN(auto log, ledger::NoteVerifier::Parse(domain.log_vkey));
  Directory directory(view, {std::move(log), domain.root_fingerprint});
  ASSIGN_OR_RETURN(LogIndex from, directory.NextIndex());
  while (true) {
    ASSIGN_OR_RETURN(const v1::DirectoryPage page, pages(from));
    ASSIGN_OR_RETURN(const auto writes, directory.Check(page));
    view.Apply(writes);
    if (!page.more()) {
      return {};
    }
    if (page.next_index() <= from) {
      return Fail(Errc::kCorrupt, "the broker sends the same directory page for ever");
    }
    from = page.next_index();
  }
}

}  // namespace rujukan::link
