#include "agents/audit/reading.h"

#include <array>

#include "agents/link/member_link.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "certs/batch.h"
#include "certs/hash.h"
#include "certs/random.h"
#include "ledger/statement.h"

namespace rujukan::audit {
namespace {

constexpr size_t kTokenBytes = 32;
constexpr int64_t kAnswerMs = 20'000;
constexpr int64_t kRenewEarlyMs = 3'600'000;
constexpr int64_t kTryAgainMs = 60'000;

v1::AuditRead StatementOf(const std::string& auditor,
                          const ReadingWish& wish,
                          std::string_view token,
                          UnixMillis now) {
  v1::AuditRead read;
  read.set_version(1);
  read.set_read_id(certs::NewMessageId(now).str());
  read.set_auditor(auditor);
  read.set_created_at_ms(now);
  read.set_first(wish.first);
  read.set_end(wish.end);
  read.set_expires_at_ms(now + wish.life_ms);
  read.set_token_digest(certs::Sha256(token).str());
  read.set_purpose(wish.purpose);
  return read;
}

}  // namespace

v1::SubmitStatement SignAuditRead(const link::MemberKeys& keys,
                                  const std::string& auditor,
                                  const ReadingWish& wish,
                                  std::string_view token,
                                  UnixMillis now) {
  v1::SubmitStatement submitted;
  submitted.set_statement(StatementOf(auditor, wish, token, now).SerializeAsString());
  const std::array<std::string, 1> statements = {submitted.statement()};
  *submitted.mutable_signature() =
      certs::SignBatch(keys.key, keys.certificate.key_id(), certs::kAuditReadContext, statements)
          .front();
  return submitted;
}

Result<OpenedReading> OpenReading(const std::string& home,
                                  const std::string& passphrase,
                                  const ReadingWish& wish,
                                  UnixMillis now) {
  ASSIGN_OR_RETURN(const link::Caller caller, link::LoadCaller(home));
  ASSIGN_OR_RETURN(const link::MemberKeys keys, link::LoadMemberKeys(home, passphrase));
  OpenedReading opened;
  opened.token = ToHex(certs::RandomBytes(kTokenBytes));
  opened.expires_at = now + wish.life_ms;
  const auto submitted = SignAuditRead(keys, caller.domain.admin, wish, opened.token, now);
  // Looked at here as the broker will look at it: the reason comes without a connection.
  if (const auto parsed = ledger::ParseAuditRead(submitted.statement()); !parsed) {
    return Fail(Errc::kInvalid, parsed.error().advice);
  }
  ASSIGN_OR_RETURN(link::Submission submission, link::SubmitAuditRead(submitted));
  ASSIGN_OR_RETURN(const auto client, link::ConnectMember(home, caller));
  ASSIGN_OR_RETURN(opened.proven, client->Call(std::move(submission), kAnswerMs));
  return opened;
}

Result<OpenedReading> ReadingKeeper::Open(UnixMillis now) const {
  ASSIGN_OR_RETURN(const std::string passphrase, link::ReadPassphrase(passphrase_file_));
  return OpenReading(home_, passphrase, {purpose_, 0, 0, limits::kAuditReadLifeMsMax}, now);
}

Result<std::string> ReadingKeeper::Token(UnixMillis now) {
  if (open_ && now < open_->expires_at - kRenewEarlyMs) {
    return open_->token;
  }
  if (!trouble_ || now - tried_at_ >= kTryAgainMs) {
    tried_at_ = now;
    trouble_.reset();
    auto opened = Open(now);
    if (opened) {
      open_ = std::move(*opened);
      return open_->token;
    }
    trouble_ = opened.error();
  }
  if (open_ && now < open_->expires_at) {
    return open_->token;  // while it lasts
  }
  return Fail(*trouble_);
}

}  // namespace rujukan::audit
