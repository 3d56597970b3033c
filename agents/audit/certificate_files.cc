#include "agents/audit/certificate_files.h"

#include "agents/link/durable_file.h"
#include "base/address.h"
#include "base/bytes.h"
#include "certs/certificate.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::audit {
namespace {

constexpr size_t kNumberBytes = 4;

}  // namespace

Result<void> CertificateFiles::WriteOne(const std::string& der,
                                        const std::string& name,
                                        bool numbered) {
  const auto certificate = certs::Certificate::FromDer(der);
  if (!certificate) {
    return {};
  }
  std::string path = folder_ + "/" + name;
  if (numbered) {
    path += "-" + ToHex(certificate->key_id().view().substr(0, kNumberBytes));
  }
  ++count_;
  return link::WriteDurably(path + ".pem", certificate->Pem());
}

Result<void> CertificateFiles::WriteAdmitted(const v1::Admit& admit) {
  // The address becomes part of a file name, so it must be one (no slash, no dots alone).
  if (!AgencyAddress::Parse(admit.address())) {
    return {};
  }
  RETURN_IF_ERROR(
      WriteOne(admit.signing_certificate(), admit.address() + "-signing", /*numbered=*/true));
  return WriteOne(
      admit.encryption_certificate(), admit.address() + "-encryption", /*numbered=*/true);
}

Result<void> CertificateFiles::WriteFound(const std::vector<std::string>& entries) {
  for (const std::string& bytes : entries) {
    v1::Entry entry;
    if (!entry.ParseFromString(bytes)) {
      continue;
    }
    v1::Genesis genesis;
    v1::AdminAct act;
    if (entry.has_genesis() && genesis.ParseFromString(entry.genesis().genesis())) {
      RETURN_IF_ERROR(WriteOne(genesis.root_certificate(), "root", /*numbered=*/false));
      RETURN_IF_ERROR(WriteOne(genesis.issuing_certificate(), "issuing", /*numbered=*/false));
      RETURN_IF_ERROR(WriteAdmitted(genesis.first_admin()));
    } else if (entry.has_act() && act.ParseFromString(entry.act().act()) && act.has_admit()) {
      RETURN_IF_ERROR(WriteAdmitted(act.admit()));
    }
  }
  return {};
}

}  // namespace rujukan::audit
