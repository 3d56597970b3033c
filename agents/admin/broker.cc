#include "agents/admin/broker.h"

#include <chrono>
#include <unordered_map>

namespace rujukan::admin {
namespace {

// Long enough for a loaded broker over a slow line, short enough for a person who waits.
constexpr int64_t kAnswerMs = 20'000;
constexpr int kPollMs = 200;

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

Result<void> FollowDirectory(Broker& broker,
                             const link::DomainFile& domain,
                             ledger::MemoryView& view) {
  return link::FollowDirectory(
      [&broker](LogIndex from) { return broker.DirectoryFrom(from); }, domain, view);
}

Result<std::unique_ptr<LinkedBroker>> LinkedBroker::Connect(const std::string& home,
                                                            const link::Caller& caller) {
  ASSIGN_OR_RETURN(auto client, link::ConnectMember(home, caller));
  std::optional<int64_t> ahead;
  if (const auto broker_time = client->broker_time()) {
    ahead = *broker_time - SystemClock().Now();
  }
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
