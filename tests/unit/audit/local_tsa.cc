#include "tests/unit/audit/local_tsa.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/check.h"

namespace rujukan::audit::testing {
namespace {

constexpr char kConfig[] = R"([tsa]
default_tsa = one
[one]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[stamping]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
)";

}  // namespace

LocalTsa::LocalTsa(std::string directory) : directory_(std::move(directory)) {
  std::filesystem::create_directories(directory_);
  std::ofstream(directory_ + "/tsa.cnf") << kConfig;
  std::ofstream(directory_ + "/serial") << "01\n";
  Run("openssl ecparam -name prime256v1 -genkey -noout -out ca.key");
  Run("openssl req -new -x509 -config tsa.cnf -extensions ca -key ca.key -days 3650 "
      "-subj '/O=Stempel (CONTOH)/CN=Akar' -out ca.pem");
  Run("openssl ecparam -name prime256v1 -genkey -noout -out tsa.key");
  Run("openssl req -new -config tsa.cnf -key tsa.key -subj '/O=Stempel (CONTOH)/CN=TSA' -out "
      "tsa.csr");
  Run("openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -set_serial 2 -days 3650 "
      "-extfile tsa.cnf -extensions stamping -out tsa.pem");
}

std::string LocalTsa::Stamp(const std::string& bytes) const {
  std::ofstream(directory_ + "/data", std::ios::binary) << bytes;
  Run("openssl ts -query -data data -sha256 -cert -out query.tsq");
  Run("openssl ts -reply -config tsa.cnf -queryfile query.tsq -inkey tsa.key -signer tsa.pem "
      "-token_out -out token.tsr");
  std::ifstream token(directory_ + "/token.tsr", std::ios::binary);
  return {std::istreambuf_iterator<char>(token), {}};
}

void LocalTsa::Run(const std::string& command) const {
  // NOLINTNEXTLINE(cert-env33-c): the commands are those above
  const int code = std::system(("cd '" + directory_ + "' && " + command + " >>log 2>&1").c_str());
  CHECK(code == 0);
}

}  // namespace rujukan::audit::testing
