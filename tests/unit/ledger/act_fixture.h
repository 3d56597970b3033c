// What the tests of the rules for acts share: a World whose entries are checked whole, as a broker
// and an auditor check them, and acts by the words that people use.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "ledger/fold.h"
#include "tests/support/world.h"

namespace rujukan::ledger::testing {

using R = v1::RefusalReason;
using K = v1::Kind;
using rujukan::testing::Member;
using rujukan::testing::World;

class ActTest : public ::testing::Test {
 protected:
  static constexpr UnixMillis kHour = 3'600'000;
  static constexpr UnixMillis kDay = 24 * kHour;

  ActTest() : ActTest("") {}
  explicit ActTest(const std::string& policy) : world(policy) {
    world.AddAgency("uppa.18.01");
    world.AddAgency("dinsos.18.01");
    world.AddAgency("lpa.18.01");
  }

  // UNSPECIFIED: it was accepted.
  R::Code Whole(v1::Entry entry) {
    const auto refusal = world.TryWhole(std::move(entry));
    advice = refusal ? refusal->advice : "";
    rule = refusal ? refusal->rule : "";
    return refusal ? refusal->reason : R::UNSPECIFIED;
  }
  R::Code Admin(const v1::Act& act) { return Whole(world.ActEntry(act)); }
  R::Code By(std::string_view name, const v1::Act& act) {
    return Whole(world.ActEntryBy(name, act));
  }
  R::Code Send(const v1::Header& header) { return Whole(world.MessageEntry(header)); }

  static v1::Act Suspend(std::string_view name,
                         v1::PendingMail::Code mail = v1::PendingMail::HOLD) {
    v1::Act act;
    act.mutable_suspend()->set_address(World::Address(name));
    act.mutable_suspend()->set_note("diperiksa");
    act.mutable_suspend()->set_pending_mail(mail);
    return act;
  }
  static v1::Act Resume(std::string_view name) {
    v1::Act act;
    act.mutable_resume()->set_address(World::Address(name));
    return act;
  }
  static v1::Revoke RevokeOf(std::string_view name,
                             v1::PendingMail::Code mail = v1::PendingMail::HOLD) {
    v1::Revoke revoke;
    revoke.set_address(World::Address(name));
    revoke.set_reason(v1::RevocationReason::KEY_COMPROMISE);
    revoke.set_pending_mail(mail);
    return revoke;
  }
  static v1::Act Revoke(std::string_view name, v1::PendingMail::Code mail = v1::PendingMail::HOLD) {
    v1::Act act;
    *act.mutable_revoke() = RevokeOf(name, mail);
    return act;
  }
  static v1::Act Describe(std::string_view name) {
    v1::Act act;
    act.mutable_describe()->set_address(World::Address(name));
    act.mutable_describe()->mutable_profile()->set_kontak_24jam("0800-000");
    return act;
  }
  static v1::Act SetStanding(std::string_view name) {
    v1::Act act;
    act.mutable_set_standing()->set_address(World::Address(name));
    return act;
  }
  v1::Act Permit(std::string_view from, std::string_view to, UnixMillis life = kDay) const {
    v1::Act act;
    act.mutable_permit()->set_from(World::Address(from));
    act.mutable_permit()->set_to(World::Address(to));
    act.mutable_permit()->set_expires_at_ms(world.now() + life);
    return act;
  }
  static v1::Act SetRules(bool two_admins) {
    v1::Act act;
    act.mutable_set_rules()->mutable_rules()->set_two_admins(two_admins);
    return act;
  }
  static v1::Act SetPolicy(uint64_t version, const std::string& document) {
    v1::Act act;
    act.mutable_set_policy()->set_version(version);
    act.mutable_set_policy()->set_document(document);
    return act;
  }
  static v1::Act Confirm(const std::string& proposal) {
    v1::Act act;
    act.mutable_confirm()->set_proposal(proposal);
    return act;
  }
  static v1::Act Decline(const std::string& proposal) {
    v1::Act act;
    act.mutable_decline()->set_proposal(proposal);
    return act;
  }

  v1::AgencyRecord RecordOf(std::string_view name) const {
    return ReadAgency(world.view(), World::Address(name)).value().value_or(v1::AgencyRecord());
  }
  v1::AgencyStatus::Code StatusOf(std::string_view name) const { return RecordOf(name).status(); }
  v1::KeyRecord KeyOf(const certs::Certificate& certificate) const {
    return ReadKey(world.view(), certificate.key_id().view()).value().value_or(v1::KeyRecord());
  }
  bool Revoked(const certs::Certificate& certificate) const {
    return KeyOf(certificate).revoked_at_index() != 0;
  }
  v1::CounterRecord CounterOf(std::string_view name) const {
    return *ReadCounter(world.view(), World::Address(name));
  }
  std::vector<std::string> MailboxOf(std::string_view name) const {
    std::vector<std::string> messages;
    EXPECT_TRUE(world.view()
                    .Scan(Table::kMailbox,
                          MailboxPrefix(World::Address(name)),
                          "",
                          [&](std::string_view, std::string_view id) {
                            messages.emplace_back(id);
                            return true;
                          })
                    .has_value());
    return messages;
  }
  // What the entry would mean for the broker; the world stays as it is.
  Effects EffectsOf(v1::Entry entry) const {
    Overlay overlay(world.view());
    const auto verdict = Apply(world.Placed(std::move(entry)), world.size(), overlay);
    EXPECT_TRUE(verdict.has_value() && verdict->has_value());
    return verdict.value().value_or(Effects());
  }

  World world;
  std::string advice;  // of the last refusal
  std::string rule;
};

// A request to join under an invitation that is in the ledger already.
struct Joining {
  certs::Ed25519Key key = certs::Ed25519Key::Generate();
  v1::Entry enrolment;
};

}  // namespace rujukan::ledger::testing
