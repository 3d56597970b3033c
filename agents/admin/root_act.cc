#include "agents/admin/root_act.h"

#include <algorithm>
#include <filesystem>

#include "agents/admin/home_files.h"
#include "agents/link/client.h"
#include "base/bytes.h"
#include "certs/batch.h"
#include "certs/hash.h"
#include "certs/issue.h"
#include "certs/keyfile.h"
#include "certs/random.h"

namespace rujukan::admin {
namespace {

constexpr UnixMillis kDay = 24LL * 3600 * 1000;
constexpr UnixMillis kYear = 365 * kDay;
constexpr int64_t kAnswerMs = 20'000;
constexpr size_t kSeedBytes = 8;
constexpr int kIssuingYears = 5;

}  // namespace

certs::Validity ValidUntil(const certs::Certificate& issuer, int years, UnixMillis now) {
  return {now - kDay, std::min(now + years * kYear, issuer.not_after())};
}

Result<IssuingCa> MakeIssuingCa(const RootKey& root, const std::string& domain, UnixMillis now) {
  certs::PrivateKey key = certs::PrivateKey::Generate();
  ASSIGN_OR_RETURN(auto certificate,
                   certs::MakeIssuing({root.certificate, root.key},
                                      key.Public(),
                                      domain,
                                      ValidUntil(root.certificate, kIssuingYears, now)));
  return IssuingCa{std::move(certificate), std::move(key)};
}

Result<RootKey> LoadRoot(const std::string& path,
                         const std::string& passphrase,
                         const Digest& fingerprint) {
  std::error_code error;
  const bool folder = std::filesystem::is_directory(path, error);
  const std::string key_path = folder ? path + "/root.key" : path;
  const std::string beside = folder ? path : std::filesystem::path(path).parent_path().string();
  ASSIGN_OR_RETURN(auto key, certs::ReadKeyFile(key_path, passphrase));
  ASSIGN_OR_RETURN(auto certificate,
                   ReadCertificateFile((beside.empty() ? "." : beside) + "/root.crt"));
  if (certs::Sha256(certificate.der()) != fingerprint) {
    return Fail(Errc::kDenied,
                "root.crt beside " + key_path + " is the root of another domain (fingerprint " +
                    ToHex(certs::Sha256(certificate.der()).view()) + ")");
  }
  RETURN_IF_ERROR(certs::CheckIssuer({certificate, key}));
  return RootKey{std::move(key), std::move(certificate)};
}

v1::SubmitRootAct SignRootAct(const RootKey& root,
                              const std::string& domain,
                              v1::RootAct act,
                              UnixMillis now) {
  act.set_version(1);
  act.set_act_id(certs::NewMessageId(now).str());
  act.set_domain(domain);
  act.set_created_at_ms(now);
  v1::SubmitRootAct submit;
  submit.set_act(act.SerializeAsString());
  submit.set_signature(root.key.Sign(std::string(certs::kRootActContext) + submit.act()));
  return submit;
}

Result<link::Proven> SubmitOverEnrolment(const link::DomainFile& domain,
                                         const v1::SubmitRootAct& act) {
  if (domain.enrol.empty()) {
    return Fail(Errc::kInvalid,
                "where the broker's enrolment door is, is not known: pass --enrol tcp://host:port");
  }
  ASSIGN_OR_RETURN(auto log, ledger::NoteVerifier::Parse(domain.log_vkey));
  // Keys of its own: whoever recovers has none that are admitted.
  link::ClientOptions options{
      {domain.enrol, domain.broker_transport_key}, certs::GenerateTransportKeyPair(), {}};
  options.session.door = link::Door::kEnrolment;
  options.session.log = std::move(log);
  options.session.seed = ReadBigEndian64(certs::RandomBytes(kSeedBytes));
  ASSIGN_OR_RETURN(auto client, link::Client::Open(std::move(options)));
  ASSIGN_OR_RETURN(link::Submission submission, link::SubmitRootAct(act));
  return client->Call(std::move(submission), kAnswerMs);
}

}  // namespace rujukan::admin
