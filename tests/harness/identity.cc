#include "tests/harness/identity.h"

#include <cstdio>

#include "agents/link/directory.h"
#include "base/check.h"
#include "base/clock.h"
#include "certs/random.h"
#include "ledger/fold.h"

namespace rujukan::testing {
namespace {

constexpr int64_t kPatienceMs = 30'000;
constexpr int64_t kDayMs = 24LL * 3600 * 1000;

template <class T>
T Must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().ToString().c_str());
  }
  CHECK(result.has_value());
  return std::move(*result);
}

void FollowDirectory(link::Client& client, const link::TrustPins& pins, ledger::MemoryView& view) {
  CHECK(client.Connect(kPatienceMs).has_value());
  bool more = true;
  while (more) {
    link::Directory directory(view, pins);
    const auto page = Must(client.FetchDirectoryPage(Must(directory.NextIndex()), kPatienceMs));
    view.Apply(Must(directory.Check(page)));
    more = page.more();
  }
}

}  // namespace

Identity::Identity(const std::string& home)
    : config_(Must(agency::Home(home).ReadConfig())),
      keys_(Must(agency::ReadKeys(agency::Home(home), ""))) {
  const auto client = MakeClient(/*window=*/1, /*credit=*/0);
  FollowDirectory(*client, Must(agency::PinsOf(config_)), directory_);
  const auto own = Must(ledger::ReadAgency(directory_, config_.address));
  CHECK(own.has_value());
  signing_key_id_ = Must(KeyId::FromBytes(own->signing_key()));
}

std::unique_ptr<link::Client> Identity::MakeClient(uint32_t window, uint32_t credit) const {
  link::ClientOptions options{{config_.endpoint, config_.broker_key}, keys_.transport, {}};
  options.session.log = Must(agency::PinsOf(config_)).log;
  options.session.window = window;
  options.session.delivery_credit = credit;
  return Must(link::Client::Open(std::move(options)));
}

certs::Certificate Identity::EncryptionCertificateOf(const std::string& address) const {
  return Must(link::FindContact(directory_, address)).encryption;
}

v1::Header Identity::ReferralTo(const std::string& to) const {
  const UnixMillis now = SystemClock().Now();
  v1::Header header;
  header.set_version(1);
  header.set_message_id(certs::NewMessageId(now).str());
  header.set_leg_id(certs::NewLegId(now).str());
  header.set_kind(v1::Kind::RUJUKAN);
  header.set_from(address());
  header.add_to(to);
  header.set_urgency(v1::Urgency::AMAT_SEGERA);
  header.set_classification(v1::Classification::T);
  header.set_created_at_ms(now);
  header.set_utc_offset_minutes(420);
  header.set_expires_at_ms(now + kDayMs);
  header.set_sequence(1);
  return header;
}

v1::Envelope Identity::Referral(const std::string& to, const v1::Content& content) const {
  const certs::Certificate recipient = EncryptionCertificateOf(to);
  std::vector<link::Unsigned> one;
  one.push_back(
      Must(link::SealMessage(ReferralTo(to), content.SerializeAsString(), {&recipient, 1})));
  return link::SignMessages(signer(), std::move(one)).front();
}

std::string MessageIdOf(const v1::Envelope& envelope) {
  v1::Header header;
  CHECK(header.ParseFromString(envelope.header()));
  return header.message_id();
}

}  // namespace rujukan::testing
