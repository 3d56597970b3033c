#include "agents/admin/broker.h"

#include <chrono>
#include <fstream>
#include <sstream>
#include <unordered_map>

#include "agents/link/durable_file.h"
#include "base/bytes.h"
#include "certs/random.h"

namespace rujukan::admin {
namespace {

// Long enough for a loaded broker over a slow line, short enough for a person who waits.
constexpr int64_t kAnswerMs = 20'000;
constexpr int64_t kConnectMs = 10'000;
constexpr size_t kSeedBytes = 8;
constexpr int kPollMs = 200;

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

UnixMillis SteadyNow() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Result<v1::ProvenEntry> FirstOf(Result<v1::DirectoryPage> page, LogIndex index) {
  if (page && page->entries().empty()) {
    return Fail(Errc::kCorrupt,
                "the broker does not show entry " + std::to_string(index) +
                    ", which it showed before: call the auditor");
  }
  return page ? Result<v1::ProvenEntry>(std::move(*page->mutable_entries(0)))
              : Fail(std::move(page.error()));
}

// The answers to many submissions, as they come in any order.
class Answers {
 public:
  explicit Answers(const std::vector<link::Submission>& submissions) {
    for (const link::Submission& submission : submissions) {
      places_[submission.subject] = answers_.size();
      answers_.emplace_back(Fail(Errc::kUnavailable,
                                 "no answer in time; it may be in the ledger all the same: look "
                                 "with rujukan-admin history before doing it again"));
    }
  }

  // Whether the event answered one of them.
  bool Take(link::Event& event) {
    if (auto* receipted = std::get_if<link::Receipted>(&event)) {
      return Put(receipted->subject, std::move(receipted->proven));
    }
    if (auto* refusal = std::get_if<link::Refusal>(&event); refusal != nullptr && refusal->final) {
      return Put(refusal->subject, Fail(link::ErrorOf(*refusal)));
    }
    return false;
  }
  size_t count() const { return answers_.size() - places_.size(); }
  bool complete() const { return places_.empty(); }
  std::vector<Result<link::Proven>> Finish() { return std::move(answers_); }

 private:
  bool Put(const std::string& subject, Result<link::Proven> answer) {
    const auto place = places_.find(subject);
    if (place == places_.end()) {
      return false;
    }
    answers_[place->second] = std::move(answer);
    places_.erase(place);
    return true;
  }

  std::vector<Result<link::Proven>> answers_;
  std::unordered_map<std::string, size_t> places_;  // of those that are not answered yet
};

}  // namespace

Result<std::vector<Result<link::Proven>>> Broker::SubmitAll(const std::vector<v1::SubmitAct>& acts,
                                                            const Progress& progress) {
  std::vector<Result<link::Proven>> answers;
  for (const v1::SubmitAct& act : acts) {
    answers.push_back(Submit(act));
    if (!answers.back() && answers.back().error().code == Errc::kCorrupt) {
      return Fail(answers.back().error());
    }
    progress(answers.size());
  }
  return answers;
}

Result<v1::ProvenEntry> Broker::EntryAt(LogIndex index) {
  return FirstOf(DirectoryFrom(index), index);
}

Result<void> FollowDirectory(Broker& broker, const DomainFile& domain, ledger::MemoryView& view) {
  ASSIGN_OR_RETURN(auto log, ledger::NoteVerifier::Parse(domain.log_vkey));
  link::Directory directory(view, {std::move(log), domain.root_fingerprint});
  ASSIGN_OR_RETURN(LogIndex from, directory.NextIndex());
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
                                                            const Caller& caller) {
  const DomainFile& domain = caller.domain;
  if (domain.broker.empty()) {
    return Fail(Errc::kInvalid,
                "where the broker listens is not known yet: pass --broker tcp://... and --enrol "
                "tcp://... once, or --endpoints DATA_DIR/endpoints.json");
  }
  ASSIGN_OR_RETURN(auto log, ledger::NoteVerifier::Parse(domain.log_vkey));
  link::ClientOptions options{{domain.broker, domain.broker_transport_key}, caller.transport, {}};
  options.session.log = std::move(log);
  options.session.last_note = ReadLastNote(home);
  options.session.seed = ReadBigEndian64(certs::RandomBytes(kSeedBytes));
  ASSIGN_OR_RETURN(auto client, link::Client::Open(std::move(options)));
  RETURN_IF_ERROR(client->Connect(kConnectMs));
  std::optional<int64_t> ahead;
  if (const auto broker_time = client->broker_time()) {
    ahead = *broker_time - SystemClock().Now();
  }
  RETURN_IF_ERROR(link::WriteDurably(CheckpointPath(home), client->session().anchor_note()));
  return std::unique_ptr<LinkedBroker>(new LinkedBroker(std::move(client), ahead));
}

Result<link::Proven> LinkedBroker::Submit(const v1::SubmitAct& act) {
  ASSIGN_OR_RETURN(link::Submission submission, link::SubmitAct(act));
  return client_->Call(std::move(submission), kAnswerMs);
}

Result<v1::DirectoryPage> LinkedBroker::DirectoryFrom(LogIndex from) {
  return client_->FetchDirectoryPage(from, kAnswerMs);
}

Result<std::vector<Result<link::Proven>>> LinkedBroker::SubmitAll(
    const std::vector<v1::SubmitAct>& acts, const Progress& progress) {
  std::vector<link::Submission> submissions;
  for (const v1::SubmitAct& act : acts) {
    ASSIGN_OR_RETURN(submissions.emplace_back(), link::SubmitAct(act));
  }
  Answers answers(submissions);
  for (link::Submission& submission : submissions) {
    client_->Submit(std::move(submission));  // the session keeps the broker's window
  }
  for (UnixMillis last = SteadyNow(); !answers.complete() && SteadyNow() - last < kAnswerMs;) {
    for (link::Event& event : client_->Poll(kPollMs)) {
      if (const auto* alarm = std::get_if<link::Alarm>(&event)) {
        return Fail(alarm->error);
      }
      last = answers.Take(event) ? SteadyNow() : last;
    }
    progress(answers.count());
  }
  return answers.Finish();
}

Result<v1::ProvenEntry> LinkedBroker::EntryAt(LogIndex index) {
  return FirstOf(client_->FetchDirectoryPage(index, kAnswerMs, /*entries_max=*/1), index);
}

}  // namespace rujukan::admin
