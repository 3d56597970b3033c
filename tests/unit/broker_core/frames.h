// A small language for broker tests: members of a World as connected peers, and the frames they
// send.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "broker/core/journal.h"
#include "broker/core/port.h"
#include "certs/batch.h"
#include "certs/hash.h"
#include "certs/merkle.h"
#include "ledger/fold.h"
#include "rujukan/v1/wire.pb.h"
#include "tests/support/world.h"

namespace rujukan::broker {

using testing::World;

inline Peer PeerOf(std::string_view name, std::string route = "route-1") {
  return {Door::kMain, World::Address(name), std::move(route)};
}

inline Peer AdminOf(const World& world) {
  return {Door::kMain, world.admin().address, "route-admin"};
}

inline Peer Stranger() {
  return {Door::kEnrolment, std::string(64, 'a'), "route-x"};
}

// A notification: no leg, so it is legal in any order.
inline v1::Header NoticeTo(const World& world,
                           std::string_view from,
                           std::string_view to,
                           std::string_view content = "sealed") {
  v1::Header header = world.HeaderTo(from, to, v1::Kind::PEMBERITAHUAN);
  header.set_content_size(content.size());
  header.set_content_digest(certs::Sha256(content).str());
  return header;
}

inline std::string Bytes(const v1::ClientFrame& frame) {
  return frame.SerializeAsString();
}

inline v1::ClientFrame SubmitFrame(const World& world,
                                   const v1::Header& header,
                                   std::string_view content = "sealed") {
  v1::ClientFrame frame;
  const v1::Entry entry = world.MessageEntry(header);
  v1::Envelope& envelope = *frame.mutable_submit();
  envelope.set_header(entry.accepted().header());
  *envelope.mutable_signature() = entry.accepted().signature();
  envelope.set_content(std::string(content));
  return frame;
}

inline v1::ClientFrame DeliveryFrame(
    const World& world,
    const v1::Header& header,
    v1::DeliveryOutcome::Code outcome = v1::DeliveryOutcome::DELIVERED) {
  v1::ClientFrame frame;
  const v1::Entry entry = world.DeliveryEntry(header, outcome);
  frame.mutable_delivery()->set_receipt(entry.delivery().receipt());
  *frame.mutable_delivery()->mutable_signature() = entry.delivery().signature();
  return frame;
}

inline v1::ClientFrame ActFrame(const World& world, const v1::Act& act) {
  v1::ClientFrame frame;
  const v1::Entry entry = world.ActEntry(act);
  frame.mutable_act()->set_act(entry.act().act());
  *frame.mutable_act()->mutable_signature() = entry.act().signature();
  return frame;
}

inline v1::ClientFrame RevokeFrame(const World& world, std::string_view name) {
  v1::Act act;
  act.mutable_revoke()->set_address(World::Address(name));
  act.mutable_revoke()->set_reason(v1::RevocationReason::KEY_COMPROMISE);
  return ActFrame(world, act);
}

inline v1::ClientFrame SuspendFrame(const World& world,
                                    std::string_view name,
                                    v1::PendingMail::Code pending_mail) {
  v1::Act act;
  act.mutable_suspend()->set_address(World::Address(name));
  act.mutable_suspend()->set_pending_mail(pending_mail);
  return ActFrame(world, act);
}

inline v1::ClientFrame ResumeFrame(const World& world, std::string_view name) {
  v1::Act act;
  act.mutable_resume()->set_address(World::Address(name));
  return ActFrame(world, act);
}

inline v1::ClientFrame RootActFrame(const World& world, const v1::RootAct& act) {
  v1::ClientFrame frame;
  const v1::Entry entry = world.RootActEntry(act);
  frame.mutable_root_act()->set_act(entry.root_act().act());
  frame.mutable_root_act()->set_signature(entry.root_act().signature());
  return frame;
}

inline v1::ClientFrame EnrolFrame(const World& world,
                                  std::string_view name,
                                  const certs::Ed25519Key& invitation) {
  v1::ClientFrame frame;
  const v1::Entry entry = world.EnrolmentEntry(name, invitation);
  frame.mutable_enrol()->set_request(entry.enrolment().request());
  frame.mutable_enrol()->set_signature(entry.enrolment().signature());
  return frame;
}

inline v1::ClientFrame CreditFrame(uint32_t messages) {
  v1::ClientFrame frame;
  frame.mutable_credit()->set_messages(messages);
  return frame;
}

inline v1::ClientFrame HelloFrame(uint64_t tree_size = 0) {
  v1::ClientFrame frame;
  frame.mutable_hello()->set_version(1);
  frame.mutable_hello()->set_tree_size(tree_size);
  return frame;
}

// Puts the World's ledger into an empty store, as one commit.
inline void Seed(const World& world, Store& store) {
  CommitBatch batch;
  ledger::Tree tree;
  ledger::Overlay view(store);
  for (const std::string& bytes : world.entries()) {
    v1::Entry entry;
    CHECK(entry.ParseFromString(bytes));
    CHECK(ledger::Apply(entry, tree.size(), view).value().has_value());
    tree.Append(certs::LeafHash(bytes));
    batch.entries.push_back(bytes);
  }
  batch.tiles = tree.TakeChangedTiles();
  batch.view = view.TakeWrites();
  const Epoch epoch = store.Fence().value();
  CHECK(store.Append(epoch, batch).has_value());
}

}  // namespace rujukan::broker
