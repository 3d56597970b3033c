#include "agents/admin/broker.h"

#include <fstream>
#include <sstream>

#include "agents/link/durable_file.h"
#include "base/bytes.h"
#include "certs/random.h"

namespace rujukan::admin {
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

Result<void> FollowDirectory(Broker& broker, const DomainFile& domain, ledger::MemoryView& view) {
  ASSIGN_OR_RETURN(auto log, ledger::NoteVerifier::Parse(domain.log_vkey));
  link::Directory directory(view, {std::move(log), domain.root_fingerprint});
  LogIndex from = 0;
  while (true) {
    ASSIGN_OR_RETURN(const v1::DirectoryPage page, broker.DirectoryFrom(from));
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

Result<std::unique_ptr<LinkedBroker>> LinkedBroker::Connect(const std::string& home,
                                                            const Authority& authority) {
  const DomainFile& domain = authority.domain;
  if (domain.broker.empty()) {
    return Fail(Errc::kInvalid,
                "where the broker listens is not known yet: pass --broker tcp://... and --enrol "
                "tcp://... once, or --endpoints DATA_DIR/endpoints.json");
  }
  ASSIGN_OR_RETURN(auto log, ledger::NoteVerifier::Parse(domain.log_vkey));
  link::ClientOptions options{
      {domain.broker, domain.broker_transport_key}, authority.transport, {}};
  options.session.log = std::move(log);
  options.session.last_note = ReadLastNote(home);
  options.session.seed = ReadBigEndian64(certs::RandomBytes(kSeedBytes));
  ASSIGN_OR_RETURN(auto client, link::Client::Open(std::move(options)));
  RETURN_IF_ERROR(client->Connect(kConnectMs));
  RETURN_IF_ERROR(link::WriteDurably(CheckpointPath(home), client->session().anchor_note()));
  return std::unique_ptr<LinkedBroker>(new LinkedBroker(std::move(client)));
}

Result<link::Proven> LinkedBroker::Submit(const v1::SubmitAct& act) {
  ASSIGN_OR_RETURN(link::Submission submission, link::SubmitAct(act));
  return client_->Call(std::move(submission), kAnswerMs);
}

Result<v1::DirectoryPage> LinkedBroker::DirectoryFrom(LogIndex from) {
  return client_->FetchDirectoryPage(from, kAnswerMs);
}

}  // namespace rujukan::admin
