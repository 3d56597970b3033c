#include "tests/support/tsa.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/check.h"
#include "certs/random.h"
#include "certs/timestamp.h"

namespace rujukan::testing {
namespace {

// `[ca]` and `[list]` are for dates that `openssl x509` does not take.
constexpr char kConfig[] =
    "[tsa]\n"
    "default_tsa=authority\n"
    "[authority]\n"
    "serial=tsa_serial\n"
    "signer_digest=sha256\n"
    "default_policy=1.2.3.4.1\n"
    "digests=sha256\n"
    "accuracy=secs:1\n"
    "tsa_name=yes\n"
    "ess_cert_id_alg=sha256\n"
    "[ca]\n"
    "default_ca=list\n"
    "[list]\n"
    "database=index\n"
    "new_certs_dir=.\n"
    "serial=serial\n"
    "default_md=sha256\n"
    "policy=any\n"
    "unique_subject=no\n"
    "[any]\n"
    "countryName=optional\n"
    "organizationName=optional\n"
    "commonName=supplied\n"
    "[stamping]\n"
    "basicConstraints=critical,CA:FALSE\n"
    "keyUsage=critical,digitalSignature\n"
    "extendedKeyUsage=critical,timeStamping\n"
    "[mail]\n"
    "basicConstraints=critical,CA:FALSE\n"
    "keyUsage=critical,digitalSignature\n"
    "extendedKeyUsage=critical,emailProtection\n";

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void WriteAll(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

constexpr char kLong[] = "-startdate 20200101000000Z -enddate 20491231235959Z";

}  // namespace

Tsa::Tsa() {
  std::string name = (std::filesystem::temp_directory_path() / "rujukan-tsa-XXXXXX").string();
  CHECK(::mkdtemp(name.data()) != nullptr);
  directory_ = name;
  WriteAll(directory_ + "/config", kConfig);
  WriteAll(directory_ + "/serial", "1001\n");
  WriteAll(directory_ + "/tsa_serial", "01\n");
  WriteAll(directory_ + "/index", "");
  const std::string key = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ";
  Shell(key + "ca.key");
  Shell(key + "tsa.key");
  Shell("openssl req -new -x509 -sha256 -days 4000 -key ca.key -out ca.pem -subj "
        "'/C=ID/O=Waktu Contoh/CN=Akar' -addext basicConstraints=critical,CA:TRUE -addext "
        "keyUsage=critical,keyCertSign,cRLSign");
  Shell("openssl x509 -in ca.pem -outform DER -out ca.der");
  Shell("openssl req -new -key tsa.key -out csr -subj '/C=ID/O=Waktu Contoh/CN=Stempel'");
  Certify("tsa", "stamping", kLong);
  ca_der_ = ReadAll(directory_ + "/ca.der");
}

Tsa::~Tsa() {
  std::filesystem::remove_all(directory_);
}

void Tsa::Shell(const std::string& command) const {
  const std::string line = "cd '" + directory_ + "' && { " + command + "; } >log 2>&1";
  const int status = std::system(line.c_str());
  if (status != 0) {
    CheckFailed(__FILE__, __LINE__, (command + "\n" + ReadAll(directory_ + "/log")).c_str());
  }
}

void Tsa::Certify(const std::string& name,
                  const std::string& extensions,
                  const std::string& dates) const {
  Shell("openssl ca -batch -notext -config config -cert ca.pem -keyfile ca.key -in csr -out " +
        name + ".pem -extensions " + extensions + " " + dates);
}

void Tsa::UseCertificateOf(const std::string& from, const std::string& until) {
  Certify("tsa", "stamping", "-startdate " + from + " -enddate " + until);
}

std::string Tsa::Reply(std::string_view request) const {
  WriteAll(directory_ + "/request", request);
  Shell("openssl ts -reply -config config -section authority -queryfile request -signer tsa.pem "
        "-inkey tsa.key -out response || test -s response");
  return ReadAll(directory_ + "/response");
}

std::string Tsa::Token(const Digest& imprint) const {
  const std::string nonce = certs::RandomBytes(8);
  const auto token = certs::TokenOfResponse(
      Reply(certs::MakeTimestampRequest(imprint, nonce)), imprint, nonce);
  CHECK(token.has_value());
  return *token;
}

// openssl-ts(1) refuses to do it; openssl-cms(1) signs anything.
std::string Tsa::TokenSignedForMail(const Digest& imprint) const {
  WriteAll(directory_ + "/token", Token(imprint));
  Certify("mail", "mail", kLong);
  Shell("openssl cms -verify -noverify -inform DER -in token -out info");
  Shell("openssl cms -sign -binary -nodetach -cades -econtent_type id-smime-ct-TSTInfo -in info "
        "-signer mail.pem -inkey tsa.key -outform DER -out mailed");
  return ReadAll(directory_ + "/mailed");
}

}  // namespace rujukan::testing
