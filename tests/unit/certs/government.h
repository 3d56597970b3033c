// A certification authority that is not ours, made by openssl(1): an RSA root, a P-256 CA below it,
// and leaves that know nothing of our addresses. Real time: openssl(1) dates certificates itself.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "certs/issue.h"
#include "tests/unit/certs/scratch.h"

namespace rujukan::certs::testing {

inline constexpr char kRsa[] = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048";
inline constexpr char kP256[] = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";
inline constexpr char kP384[] = "-algorithm EC -pkeyopt ec_paramgen_curve:P-384";

class Government {
 public:
  Government() {
    scratch.Write("extensions",
                  "[ca]\n"
                  "basicConstraints=critical,CA:TRUE\n"
                  "keyUsage=critical,keyCertSign,cRLSign\n"
                  "subjectKeyIdentifier=hash\n"
                  "authorityKeyIdentifier=keyid\n"
                  "[leaf]\n"
                  "basicConstraints=critical,CA:FALSE\n"
                  "keyUsage=critical,digitalSignature,nonRepudiation\n"
                  "subjectKeyIdentifier=hash\n"
                  "authorityKeyIdentifier=keyid\n"
                  "subjectAltName=email:orang@instansi.contoh.test,DNS:instansi.contoh.test\n"
                  "[unstated]\n"
                  "basicConstraints=critical,CA:FALSE\n"
                  "[encipher]\n"
                  "keyUsage=critical,keyAgreement\n"
                  "[half_ca]\n"
                  "basicConstraints=critical,CA:FALSE\n"
                  "keyUsage=critical,digitalSignature,keyCertSign\n"
                  "[strange]\n"
                  "keyUsage=critical,digitalSignature\n"
                  "1.2.3.4=critical,DER:0500\n");
    Root("root", kRsa);
    Below("root", "middle", kP256, "ca");
    Below("middle", "leaf", kP256, "leaf");
  }

  // NAME.key, NAME.pem and NAME.der, self-signed, of a subject that says the same for equal names.
  void Root(const std::string& name, const std::string& key, const std::string& subject = "root") {
    Run("openssl genpkey -out " + name + ".key " + key);
    Run("openssl req -new -utf8 -x509 -sha256 -days 4000 -key " + name + ".key -subj " +
        Subject(subject) + " -addext basicConstraints=critical,CA:TRUE" +
        " -addext keyUsage=critical,keyCertSign,cRLSign -out " + name + ".pem");
    Run("openssl x509 -in " + name + ".pem -outform DER -out " + name + ".der");
  }
  void Below(const std::string& issuer,
             const std::string& name,
             const std::string& key,
             const std::string& extensions,
             const std::string& hash = "-sha256") {
    Run("openssl genpkey -out " + name + ".key " + key);
    Run("openssl req -new -utf8 -key " + name + ".key -subj " + Subject(name) + " -out csr");
    Run("openssl x509 -req -in csr " + hash + " -days 2000 -CA " + issuer + ".pem -CAkey " +
        issuer + ".key -set_serial 0x" + std::to_string(++serials_ + 1000) +
        " -extfile extensions -extensions " + extensions + " -out " + name + ".pem");
    Run("openssl x509 -in " + name + ".pem -outform DER -out " + name + ".der");
  }
  std::string Der(const std::string& name) const { return scratch.Read(name + ".der"); }
  // By openssl(1), since our own issuer has P-256 keys only: lists `revoked`, or nothing.
  std::string CrlOf(const std::string& issuer, const std::string& revoked = "") {
    const std::string config =
        "[ca]\ndefault_ca=list\n[list]\ndatabase=index\ncrlnumber=number\ndefault_md=sha256\n"
        "default_crl_days=30\ncrl_extensions=extensions\n"
        "[extensions]\nauthorityKeyIdentifier=keyid\n";
    scratch.Write("list.cnf", config);
    scratch.Write("index", "");
    scratch.Write("number", "01");
    const std::string ca =
        "openssl ca -config list.cnf -cert " + issuer + ".pem -keyfile " + issuer + ".key ";
    if (!revoked.empty()) {
      Run(ca + "-revoke " + revoked + ".pem");
    }
    Run(ca + "-gencrl -out list.pem");
    Run("openssl crl -in list.pem -outform DER -out list.der");
    return scratch.Read("list.der");
  }
  void Run(const std::string& command) const {
    const auto run = scratch.Shell(command);
    EXPECT_EQ(run.status, 0) << command << '\n' << run.output;
  }

  Scratch scratch;

 private:
  static std::string Subject(const std::string& name) {
    return "'/C=ID/O=Instansi Contoh/CN=" + name + " \xc3\xa9'";
  }

  int serials_ = 0;
};

}  // namespace rujukan::certs::testing
