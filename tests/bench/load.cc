#include "tests/bench/load.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>
#include <unordered_map>

#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "certs/random.h"
#include "certs/seal.h"

namespace rujukan::bench {
namespace {

using testing::Identity;
using Instant = std::chrono::steady_clock::time_point;

constexpr int kPollMs = 100;
constexpr int64_t kConnectMs = 30'000;

Instant Now() {
  return std::chrono::steady_clock::now();
}
double MicrosSince(Instant start) {
  return std::chrono::duration<double, std::micro>(Now() - start).count();
}

// Sealed once a receiver: the broker cannot tell, and sealing is the writer's work, not its.
struct Ciphertext {
  std::string bytes;
  v1::Header digests;
};

Ciphertext SealOnce(const Identity& sender, const Identity& receiver, size_t content_bytes) {
  const auto certificate = sender.EncryptionCertificateOf(receiver.address());
  auto sealed = certs::Seal(certs::RandomBytes(content_bytes), {&certificate, 1});
  CHECK(sealed.has_value());
  Ciphertext made{std::move(sealed->ciphertext), {}};
  made.digests.set_content_size(made.bytes.size());
  made.digests.set_content_digest(sealed->digest.str());
  made.digests.set_content_commitment(sealed->commitment.str());
  made.digests.add_recipient_keys(certificate.key_id().str());
  return made;
}

// All messages of a plan, signed in batches and framed, in sending order.
std::vector<link::Submission> Prepare(const LoadPlan& plan,
                                      const Identity& sender,
                                      const std::vector<const Identity*>& receivers) {
  std::vector<Ciphertext> contents;
  for (const Identity* receiver : receivers) {
    contents.push_back(SealOnce(sender, *receiver, plan.content_bytes));
  }
  std::vector<link::Submission> ready;
  std::vector<link::Unsigned> batch;
  for (size_t i = 0; i < plan.messages; ++i) {
    const size_t to = i % receivers.size();
    v1::Header header = sender.ReferralTo(receivers[to]->address());
    header.MergeFrom(contents[to].digests);
    batch.push_back({header.SerializeAsString(), contents[to].bytes});
    if (batch.size() == plan.batch || i + 1 == plan.messages) {
      for (const v1::Envelope& envelope :
           link::SignMessages(sender.signer(), std::exchange(batch, {}))) {
        auto submission = link::SubmitMessage(envelope);
        CHECK(submission.has_value());
        ready.push_back(std::move(*submission));
      }
    }
  }
  return ready;
}

// Answers every message with a receipt, all of one poll under one signature. Ends when told.
class Receiver {
 public:
  Receiver(const Identity& identity, uint32_t batch)
      : identity_(identity),
        batch_(batch),
        client_(identity.MakeClient(limits::kSendWindowMax, limits::kDeliveryCreditMax)) {
    CHECK(client_->Connect(kConnectMs).has_value());
    thread_ = std::thread([this] { Run(); });
  }
  ~Receiver() {
    stop_ = true;
    client_->Wake();
    thread_.join();
  }

 private:
  void Run() {
    while (!stop_) {
      std::vector<v1::DeliveryReceipt> receipts;
      for (link::Event& event : client_->Poll(kPollMs)) {
        if (const auto* delivered = std::get_if<link::Delivered>(&event)) {
          receipts.push_back(ReceiptFor(*delivered));
        }
      }
      for (size_t i = 0; i < receipts.size(); i += batch_) {
        const size_t end = std::min(receipts.size(), i + batch_);
        Submit({receipts.begin() + static_cast<ptrdiff_t>(i),
                receipts.begin() + static_cast<ptrdiff_t>(end)});
      }
    }
  }
  void Submit(const std::vector<v1::DeliveryReceipt>& receipts) {
    for (const auto& signed_receipt : link::SignReceipts(identity_.signer(), receipts)) {
      auto submission = link::SubmitReceipt(signed_receipt);
      CHECK(submission.has_value());
      client_->Submit(std::move(*submission));
    }
  }
  v1::DeliveryReceipt ReceiptFor(const link::Delivered& delivered) const {
    v1::DeliveryReceipt receipt;
    receipt.set_version(1);
    receipt.set_message_id(testing::MessageIdOf(delivered.envelope));
    receipt.set_header_digest(certs::Sha256(delivered.envelope.header()).str());
    receipt.set_recipient(identity_.address());
    receipt.set_received_at_ms(SystemClock().Now());
    receipt.set_outcome(v1::DeliveryOutcome::DELIVERED);
    return receipt;
  }

  const Identity& identity_;
  const size_t batch_;
  std::unique_ptr<link::Client> client_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

// Keeps plan.in_flight submissions unanswered until all are done.
class Sender {
 public:
  Sender(const LoadPlan& plan, const Identity& identity)
      : plan_(plan), client_(identity.MakeClient(plan.in_flight, /*credit=*/0)) {
    CHECK(client_->Connect(kConnectMs).has_value());
  }

  LoadResult Run(std::vector<link::Submission> submissions) {
    started_.reserve(submissions.size());
    const Instant start = Now();
    size_t next = 0;
    while (!Done(submissions.size())) {
      while (next < submissions.size() && open_ < plan_.in_flight) {
        started_[submissions[next].subject] = Now();
        client_->Submit(std::move(submissions[next++]));
        ++open_;
      }
      for (const link::Event& event : client_->Poll(kPollMs)) {
        Take(event);
      }
    }
    result_.seconds = MicrosSince(start) / 1e6;
    return std::move(result_);
  }

 private:
  bool Done(size_t all) const {
    return result_.receipt_us.size() == all &&
           (!plan_.deliver || result_.delivered_us.size() == all);
  }
  void Take(const link::Event& event) {
    if (const auto* receipted = std::get_if<link::Receipted>(&event)) {
      result_.receipt_us.push_back(MicrosSince(started_.at(receipted->subject)));
      open_ -= plan_.deliver ? 0U : 1U;
    } else if (const auto* noticed = std::get_if<link::Noticed>(&event)) {
      result_.delivered_us.push_back(MicrosSince(started_.at(noticed->message_id)));
      open_ -= plan_.deliver ? 1U : 0U;
    } else if (const auto* refusal = std::get_if<link::Refusal>(&event)) {
      std::fprintf(stderr, "refused: %s\n", refusal->advice.c_str());
      CHECK(!refusal->final);
    } else if (const auto* lost = std::get_if<link::Disconnected>(&event)) {
      std::fprintf(stderr, "disconnected: %s\n", lost->reason.c_str());
    }
  }

  const LoadPlan& plan_;
  std::unique_ptr<link::Client> client_;
  std::unordered_map<std::string, Instant> started_;
  size_t open_ = 0;
  LoadResult result_;
};

// Every sender in a thread of its own, all started together.
LoadResult SendAll(const LoadPlan& share,
                   const std::vector<const Identity*>& senders,
                   std::vector<std::vector<link::Submission>> submissions) {
  std::vector<std::unique_ptr<Sender>> ready;
  for (const Identity* sender : senders) {
    ready.push_back(std::make_unique<Sender>(share, *sender));
  }
  std::vector<LoadResult> results(senders.size());
  std::vector<std::thread> threads;
  const Instant start = Now();
  for (size_t i = 0; i < senders.size(); ++i) {
    threads.emplace_back([&, i] { results[i] = ready[i]->Run(std::move(submissions[i])); });
  }
  LoadResult all;
  for (size_t i = 0; i < senders.size(); ++i) {
    threads[i].join();
    const LoadResult& one = results[i];
    all.receipt_us.insert(all.receipt_us.end(), one.receipt_us.begin(), one.receipt_us.end());
    all.delivered_us.insert(
        all.delivered_us.end(), one.delivered_us.begin(), one.delivered_us.end());
  }
  all.seconds = MicrosSince(start) / 1e6;
  return all;
}

}  // namespace

double Percentile(std::vector<double> samples, double share) {
  if (samples.empty()) {
    return 0;
  }
  const auto at = static_cast<size_t>(share * static_cast<double>(samples.size() - 1));
  std::nth_element(samples.begin(), samples.begin() + static_cast<ptrdiff_t>(at), samples.end());
  return samples[at];
}

LoadResult RunLoad(const LoadPlan& plan,
                   const std::vector<const testing::Identity*>& senders,
                   const std::vector<const testing::Identity*>& receivers) {
  CHECK(!senders.empty() && !receivers.empty());
  std::vector<const Identity*> targets = receivers;
  std::unique_ptr<Receiver> receiver;
  if (plan.deliver) {
    targets.resize(1);
    receiver = std::make_unique<Receiver>(*targets[0], plan.batch);
  }
  LoadPlan share = plan;
  share.messages = plan.messages / senders.size();
  std::vector<std::vector<link::Submission>> submissions;
  for (const Identity* sender : senders) {
    submissions.push_back(Prepare(share, *sender, targets));
  }
  return SendAll(share, senders, std::move(submissions));
}

}  // namespace rujukan::bench
