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
  auto certificate = certs::Certificate::FromDer(der);
  if (!certificate) {
    certificate = certs::Certificate::FromOutsideDer(der);
  }
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

Result<void> CertificateFiles::WriteOfAct(const v1::Act& act) {
  if (act.has_admit()) {
    return WriteAdmitted(act.admit());
  }
  if (!act.has_grant_keys()) {
    return {};
  }
  v1::Admit granted;
  granted.set_address(act.grant_keys().address());
  granted.set_signing_certificate(act.grant_keys().signing_certificate());
  granted.set_encryption_certificate(act.grant_keys().encryption_certificate());
  return WriteAdmitted(granted);
}

Result<void> CertificateFiles::WriteFound(const std::vector<std::string>& entries) {
  for (const std::string& bytes : entries) {
    v1::Entry entry;
    if (!entry.ParseFromString(bytes)) {
      continue;
    }
    v1::Genesis genesis;
    v1::Act act;
    v1::RootAct root_act;
    if (entry.has_genesis() && genesis.ParseFromString(entry.genesis().genesis())) {
      RETURN_IF_ERROR(WriteOne(genesis.root_certificate(), "root", /*numbered=*/false));
      RETURN_IF_ERROR(WriteOne(genesis.issuing_certificate(), "issuing", /*numbered=*/false));
      RETURN_IF_ERROR(WriteAdmitted(genesis.first_admin()));
    } else if (entry.has_act() && act.ParseFromString(entry.act().act())) {
      RETURN_IF_ERROR(WriteOfAct(act));
    } else if (entry.has_root_act() && root_act.ParseFromString(entry.root_act().act())) {
      RETURN_IF_ERROR(WriteOne(root_act.issuing_certificate(), "issuing", /*numbered=*/true));
      RETURN_IF_ERROR(WriteAdmitted(root_act.admin()));
    }
  }
  return {};
}

}  // namespace rujukan::audit
