// A local time-stamping authority (RFC 3161), all of it by openssl(1): keys, certificates and
// answers, so that none of it is our own code talking to itself. In real time, as openssl(1) dates
// what it signs. docs/formats/timestamp.md.
#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"

namespace rujukan::testing {

class Tsa {
 public:
  Tsa();
  ~Tsa();
  Tsa(const Tsa&) = delete;
  Tsa& operator=(const Tsa&) = delete;

  const std::string& ca_der() const { return ca_der_; }  // what those who trust it are given
  std::string ca_pem_path() const { return directory_ + "/ca.pem"; }

  // The TimeStampResp for a TimeStampReq, both DER. Any request openssl(1) does not like gets its
  // refusal.
  std::string Reply(std::string_view request) const;
  // A granted token for a digest.
  std::string Token(const Digest& imprint) const;
  // The same, signed with a certificate of the same authority that is for mail, not for stamping.
  std::string TokenSignedForMail(const Digest& imprint) const;

  // From now on it signs with a certificate that is valid between these dates ("20200101000000Z").
  void UseCertificateOf(const std::string& from, const std::string& until);

 private:
  void Shell(const std::string& command) const;  // in the directory; CHECKs that it succeeds
  void Certify(const std::string& name,
               const std::string& extensions,
               const std::string& dates) const;

  std::string directory_;
  std::string ca_der_;
};

}  // namespace rujukan::testing
