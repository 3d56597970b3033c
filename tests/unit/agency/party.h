// One agency without its process: a store, an identity in a World, an inbox, an outbox, an API. Two
// of them and a World are a referral's whole life without socket or clock.
#pragma once

#include <memory>
#include <string>

#include "agents/agency/api.h"
#include "agents/agency/inbox.h"
#include "agents/agency/outbox.h"
#include "certs/hash.h"
#include "tests/support/log_face.h"
#include "tests/support/world.h"
#include "tests/unit/agency/scratch.h"

namespace rujukan::agency {

class WorldClock : public Clock {
 public:
  explicit WorldClock(const testing::World& world) : world_(world) {}
  UnixMillis Now() const override { return world_.now(); }

 private:
  const testing::World& world_;
};

class Party {
 public:
  Party(testing::World& world, const std::string& name)
      : world_(world), face_(world), clock_(world), member_(world.AddAgency(name)) {
    config_.address = member_.address;
    config_.officer.set_peran("petugas");
    config_.officer.set_nama("CONTOH");
    Reopen();
  }

  void Refreshed() {
    board_.Update([](LinkStatus& status) { ++status.directory_refreshes; });
  }

  // As after kill -9 and a restart: only the file is left.
  void Reopen() {
    api_.reset();
    outbox_.reset();
    inbox_.reset();
    store_.reset();
    store_ = std::move(*Store::Open(scratch_.file("agent.db"), store_key()));
    inbox_ = std::make_unique<Inbox>(*store_);
    outbox_ = std::make_unique<Outbox>(*store_);
    CHECK(spool_.Prepare().has_value());
    ApiContext context{*store_,
                       board_,
                       config_,
                       clock_,
                       world_.log().verifier(),
                       [this] { woken_(); },
                       [this] { Refreshed(); },
                       [] {},
                       acts_};
    context.spool = &spool_;
    context.progress = &progress_;
    api_ = std::make_unique<Api>(std::move(context));
  }

  // Copies the directory as far as the ledger has it.
  void FollowDirectory() {
    v1::Genesis genesis;
    genesis.ParseFromString(world_.genesis().genesis());
    link::Directory directory(store_->directory(),
                              {world_.log().verifier(), certs::Sha256(genesis.root_certificate())});
    const auto writes = directory.Check(face_.Directory(*directory.NextIndex()));
    CHECK(writes.has_value());
    const auto kept = store_->Write([&](Tables& tables) -> Result<void> {
      RETURN_IF_ERROR(tables.ApplyRecords(*writes));
      return Inbox::TakeRecords(tables, *writes);
    });
    CHECK(kept.has_value());
  }

  Identity identity() const {
    return Identity{member_.address,
                    member_.signing_certificate,
                    member_.signing_key,
                    {{member_.encryption_certificate, member_.encryption_key}},
                    std::string(kSigningFile),
                    std::string(kEncryptionFile)};
  }
  static certs::ColumnKey store_key() { return *certs::ColumnKey::FromBytes(std::string(32, 'k')); }

  ApiReply Call(const std::string& method, const std::string& path, const std::string& body = "") {
    ApiRequest request{method, path, {}, body};
    return api_->Handle(request);
  }
  Json Get(const std::string& path) { return Json::parse(Call("GET", path).body); }

  std::vector<link::Submission> TakeOutbox(v1::Urgency::Code least = v1::Urgency::UNSPECIFIED) {
    auto submissions = outbox_->Next(16, identity(), world_.now(), least);
    CHECK(submissions.has_value());
    return std::move(*submissions);
  }

  // The broker accepts a submission: it becomes an entry, and this agency gets the receipt.
  LogIndex Accept(const link::Submission& submission, bool tell = true) {
    v1::ClientFrame frame;
    frame.ParseFromString(submission.frame);
    v1::Entry entry;
    if (frame.has_submit()) {
      entry.mutable_accepted()->set_header(frame.submit().header());
      *entry.mutable_accepted()->mutable_signature() = frame.submit().signature();
    } else {
      entry.mutable_delivery()->set_receipt(frame.delivery().receipt());
      *entry.mutable_delivery()->mutable_signature() = frame.delivery().signature();
    }
    const LogIndex index = world_.Append(entry);
    world_.Advance(1);
    if (tell) {
      Tell(submission, index);
    }
    return index;
  }
  void Tell(const link::Submission& submission, LogIndex index) {
    const link::Receipted receipted{submission.kind, submission.subject, ProvenAt(index)};
    Settle({receipted}, {});
  }

  void Settle(const std::vector<link::Receipted>& receipted,
              const std::vector<link::Refusal>& refused) {
    const KeyId& signer = member_.signing_certificate.key_id();
    CHECK(outbox_->Settle(receipted, refused, signer, world_.now()).has_value());
  }

  link::Proven ProvenAt(LogIndex index) const {
    auto prover = link::Prover::Make(world_.log().verifier(), "");
    return *prover->Prove(face_.Prove(index, world_.size()));
  }
  link::Delivered DeliveryOf(const link::Submission& submission, LogIndex index) const {
    v1::ClientFrame frame;
    frame.ParseFromString(submission.frame);
    return link::Delivered{frame.submit(), ProvenAt(index)};
  }
  Inbox::Taken Take(const link::Delivered& delivered, bool final_try = true) {
    auto taken = inbox_->Take({delivered}, final_try, identity(), world_.now());
    CHECK(taken.has_value());
    return std::move(*taken);
  }

  testing::World& world_;
  testing::LogFace face_;
  WorldClock clock_;
  testing::Member member_;  // as it joined, or as it was renewed since
  Scratch scratch_;
  ChunkSpool spool_{scratch_.file("lampiran")};
  TransferProgress progress_;
  Config config_;
  Board board_;
  ActDesk acts_;
  std::function<void()> woken_ = [] {};  // the link thread's part, where a test plays it
  std::unique_ptr<Store> store_;
  std::unique_ptr<Inbox> inbox_;
  std::unique_ptr<Outbox> outbox_;
  std::unique_ptr<Api> api_;
};

}  // namespace rujukan::agency
