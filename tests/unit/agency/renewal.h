// An agency's home beside its Party, and a domain that grants it new keys.
#pragma once

#include <string>

#include "agents/agency/rotation.h"
#include "certs/keyfile.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {

class RenewingHome {
 public:
  RenewingHome(testing::World& world, Party& party)
      : world_(world), party_(party), before_(party.member_) {
    CHECK(home_.MakeKeys("").has_value());
    for (const char* file : {"signing.key", "encryption.key", "transport.key", "store.key"}) {
      std::filesystem::remove(home_.PathOf(file));
    }
    Write("", before_);
    CHECK(
        certs::WriteRawKeyFile(home_.PathOf("store.key"), "rujukan store key", std::string(32, 'k'))
            .has_value());
  }

  // The keys that the agency is going to ask for: made here, so that the world can certify them.
  void MakeNext() {
    after_ = world_.AddApplicant(before_.address.substr(0, before_.address.find('@')));
    Write(".next", *after_);
  }

  // What the broker makes of the request: an entry.
  LogIndex Record(const link::Submission& submission) {
    v1::ClientFrame frame;
    frame.ParseFromString(submission.frame);
    v1::Entry entry;
    entry.mutable_act()->set_act(frame.act().act());
    *entry.mutable_act()->mutable_signature() = frame.act().signature();
    return world_.Append(entry);
  }
  void Grant(const std::string& request_act) {
    v1::Act act;
    act.mutable_grant_keys()->set_address(before_.address);
    act.mutable_grant_keys()->set_request_act(request_act);
    act.mutable_grant_keys()->set_signing_certificate(after_->signing_certificate.der());
    act.mutable_grant_keys()->set_encryption_certificate(after_->encryption_certificate.der());
    world_.Append(world_.ActEntry(act));
  }
  void Refuse(const std::string& request_act, const std::string& note) {
    v1::Act act;
    act.mutable_refuse_keys()->set_address(before_.address);
    act.mutable_refuse_keys()->set_request_act(request_act);
    act.mutable_refuse_keys()->set_note(note);
    world_.Append(world_.ActEntry(act));
  }

  Rotation Open() { return *Rotation::Open(*party_.store_, home_, ""); }
  KeyChain Chain() const { return *ReadKeyChain(home_, ""); }
  Result<std::optional<Identity>> Load() const {
    return LoadIdentity(party_.store_->directory(), before_.address, Chain());
  }
  bool Has(const std::string& file) const { return std::filesystem::exists(home_.PathOf(file)); }
  std::string SpkiIn(const std::string& file) const {
    return certs::ReadKeyFile(home_.PathOf(file), "")->Public().Spki();
  }

  testing::World& world_;
  Party& party_;
  const testing::Member before_;
  std::optional<testing::Member> after_;
  Scratch scratch_;
  Home home_{scratch_.file("home")};

 private:
  void Write(const std::string& suffix, const testing::Member& member) {
    CHECK(certs::WriteKeyFile(home_.PathOf("signing.key" + suffix), member.signing_key, "")
              .has_value());
    CHECK(certs::WriteKeyFile(home_.PathOf("encryption.key" + suffix), member.encryption_key, "")
              .has_value());
    CHECK(certs::WriteRawKeyFile(home_.PathOf("transport.key" + suffix),
                                 "rujukan transport key",
                                 member.transport.secret_key)
              .has_value());
  }
};

}  // namespace rujukan::agency
