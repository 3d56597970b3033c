// The costly checks of directory entries that are not batch signatures: chains, certificate
// requests, what the root key or an invitation signed, CRLs.

#include "base/limits.h"
#include "certs/certificate.h"
#include "certs/crl.h"
#include "certs/ed25519.h"
#include "certs/hash.h"
#include "certs/issue.h"
#include "certs/outside.h"
#include "ledger/authenticate.h"
#include "ledger/fold_rules.h"

namespace rujukan::ledger {
namespace {

using R = v1::RefusalReason;
using certs::Certificate;
using certs::Usage;

tl::unexpected<Error> BadCertificate(std::string advice) {
  return Refuse(R::CERTIFICATE_INVALID, std::move(advice));
}

Result<Certificate> ParseCertificate(const std::string& der) {
  auto certificate = Certificate::FromDer(der);
  if (!certificate) {
    return BadCertificate(certificate.error().context);
  }
  return std::move(*certificate);
}

Result<void> CheckChain(const certs::ChainRequest& request) {
  if (const auto chain = certs::VerifyChain(request); !chain) {
    return BadCertificate(chain.error().context);
  }
  return {};
}

struct Anchors {
  Certificate root;
  Certificate issuing;
};

Result<Anchors> ParseAnchors(const std::string& root, const std::string& issuing) {
  ASSIGN_OR_RETURN(Certificate root_certificate, ParseCertificate(root));
  ASSIGN_OR_RETURN(Certificate issuing_certificate, ParseCertificate(issuing));
  return Anchors{std::move(root_certificate), std::move(issuing_certificate)};
}

Result<Certificate> CheckLeaf(const std::string& der,
                              Usage usage,
                              const std::string& address,
                              const Anchors& anchors,
                              UnixMillis time) {
  ASSIGN_OR_RETURN(Certificate leaf, ParseCertificate(der));
  RETURN_IF_ERROR(CheckChain({leaf, anchors.issuing, anchors.root, time, usage, address}));
  return leaf;
}

Result<void> AuthenticateGenesis(const v1::Entry& entry) {
  v1::Genesis genesis;
  if (!genesis.ParseFromString(entry.genesis().genesis())) {
    return Refuse(R::MALFORMED, "not a rujukan.v1.Genesis");
  }
  ASSIGN_OR_RETURN(const Anchors anchors,
                   ParseAnchors(genesis.root_certificate(), genesis.issuing_certificate()));
  const std::string statement = std::string(certs::kGenesisContext) + entry.genesis().genesis();
  if (!anchors.root.public_key().Verify(statement, entry.genesis().signature())) {
    return Refuse(R::BAD_SIGNATURE, "the genesis is not signed by its root key");
  }
  const v1::Admit& admin = genesis.first_admin();
  RETURN_IF_ERROR(CheckLeaf(
      admin.signing_certificate(), Usage::kSigning, admin.address(), anchors, entry.time_ms()));
  return {};
}

Result<certs::Csr> CheckCsr(const std::string& der,
                            const std::string& address,
                            std::string_view field) {
  if (der.size() > limits::kCsrBytesMax) {
    return Refuse(R::MALFORMED, std::string(field) + ": over 8 KiB");
  }
  auto csr = certs::ParseCsr(der);
  if (!csr) {
    return BadCertificate(std::string(field) + ": " + csr.error().context);
  }
  if (csr->address != address) {
    return BadCertificate(std::string(field) + ": asks for another address than the invitation's");
  }
  return std::move(*csr);
}

// A certificate of another CA in the place of a certificate request: the applicant shows that it
// holds the key. Whether that CA counts here is for the admin's act to say.
Result<Certificate> CheckOutsideCertificate(const v1::EnrolmentRequest& request) {
  auto outside = Certificate::FromOutsideDer(request.outside_certificate());
  if (!outside) {
    return BadCertificate("outside_certificate: " + outside.error().context);
  }
  if (static_cast<size_t>(request.outside_intermediates_size()) >
      limits::kOutsideIntermediatesMax) {
    return Refuse(R::MALFORMED, "outside_intermediates: at most 3");
  }
  const std::string statement =
      std::string(certs::kPossessionContext) + request.invitation_key() + request.address();
  if (!outside->public_key().Verify(statement, request.possession())) {
    return Refuse(R::BAD_SIGNATURE, "possession: not signed with the outside certificate's key");
  }
  return std::move(*outside);
}

Result<certs::PublicKey> RequestedSigningKey(const v1::EnrolmentRequest& request) {
  if (request.outside_certificate().empty()) {
    ASSIGN_OR_RETURN(auto csr, CheckCsr(request.signing_csr(), request.address(), "signing_csr"));
    return std::move(csr.key);
  }
  if (!request.signing_csr().empty()) {
    return Refuse(R::MALFORMED, "signing_csr: not with an outside certificate");
  }
  ASSIGN_OR_RETURN(const Certificate outside, CheckOutsideCertificate(request));
  return outside.public_key();
}

Result<void> AuthenticateEnrolment(const v1::EnrolmentRecorded& recorded) {
  v1::EnrolmentRequest request;
  if (!request.ParseFromString(recorded.request())) {
    return Refuse(R::MALFORMED, "not a rujukan.v1.EnrolmentRequest");
  }
  const std::string statement = std::string(certs::kEnrolmentContext) + recorded.request();
  if (!certs::Ed25519Verify(request.invitation_key(), statement, recorded.signature())) {
    return Refuse(R::BAD_SIGNATURE, "the request is not signed with the invitation's key");
  }
  RETURN_IF_ERROR(RequestedSigningKey(request));
  if (!request.encryption_csr().empty()) {
    RETURN_IF_ERROR(CheckCsr(request.encryption_csr(), request.address(), "encryption_csr"));
  }
  return {};
}

Result<Anchors> AnchorsOf(const View& view) {
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, rules::RequireFounded(view));
  return ParseAnchors(domain.root_certificate(), domain.issuing_certificate());
}

// A certificate that an act puts in force: of the domain's issuing CA, for exactly the key that its
// owner proved to hold.
struct Granted {
  const std::string& der;
  Usage usage;
  const std::string& address;
  const certs::PublicKey& requested;
};

Result<void> CheckGranted(const Granted& granted, const Anchors& anchors, UnixMillis time) {
  ASSIGN_OR_RETURN(const Certificate leaf,
                   CheckLeaf(granted.der, granted.usage, granted.address, anchors, time));
  if (leaf.public_key().Spki() != granted.requested.Spki()) {
    return BadCertificate("a certificate is not for the key that was asked for");
  }
  return {};
}

Result<void> CheckGrantedForCsr(const std::string& der,
                                Usage usage,
                                const std::string& address,
                                const std::string& csr_der,
                                const Anchors& anchors,
                                UnixMillis time) {
  const std::string_view field = usage == Usage::kSigning ? "signing_csr" : "encryption_csr";
  ASSIGN_OR_RETURN(const certs::Csr csr, CheckCsr(csr_der, address, field));
  return CheckGranted({der, usage, address, csr.key}, anchors, time);
}

// The anchor is in force, the chain holds at that time, and the current CRL of the certificate's
// own issuer does not list it.
Result<void> CheckOutsideChain(const v1::Admit& admit,
                               const v1::EnrolmentRequest& request,
                               UnixMillis time,
                               const View& view) {
  ASSIGN_OR_RETURN(const Certificate leaf, CheckOutsideCertificate(request));
  if (leaf.der() != admit.signing_certificate() || leaf.subject() != admit.subject()) {
    return BadCertificate("the admission names another certificate or subject than the request");
  }
  ASSIGN_OR_RETURN(const auto anchor, ReadAnchor(view, admit.anchor()));
  if (!anchor || anchor->removed_at_index() != 0) {
    return Refuse(R::ACT_INVALID, "anchor: not one that this domain trusts; add it first");
  }
  certs::OutsideChain chain{leaf, {}, anchor->certificate(), time, {}};
  chain.intermediates.assign(request.outside_intermediates().begin(),
                             request.outside_intermediates().end());
  const auto issuer = certs::IssuerOf(leaf, chain.intermediates, chain.anchor);
  if (!issuer) {
    return BadCertificate(issuer.error().context);
  }
  ASSIGN_OR_RETURN(const auto crl, ReadCrl(view, certs::Sha256(*issuer).view()));
  if (!crl) {
    return Refuse(R::CRL_NEEDED);
  }
  const auto list = certs::Crl::FromDer(crl->crl());
  if (!list) {
    return Fail(Errc::kCorrupt, "a CRL in the directory does not parse");
  }
  chain.crls.push_back(&*list);
  const auto valid = certs::VerifyOutside(chain);
  if (!valid && valid.error().code == Errc::kExpired) {
    return Refuse(R::CRL_NEEDED, valid.error().context);
  }
  if (!valid) {
    return BadCertificate(valid.error().context);
  }
  return {};
}

Result<v1::EnrolmentRequest> RequestAnswered(const v1::Admit& admit, const View& view) {
  ASSIGN_OR_RETURN(const auto enrolment, ReadEnrolment(view, admit.enrolment_id()));
  v1::EnrolmentRequest request;
  if (!enrolment || !request.ParseFromString(enrolment->request())) {
    return Refuse(R::ACT_INVALID, "the admission answers no known request");
  }
  return request;
}

// The admitted certificates are for the very keys the applicant proved to hold, and chain to the
// root or to an anchor.
Result<void> AuthenticateAdmit(const v1::Admit& admit, UnixMillis time, const View& view) {
  ASSIGN_OR_RETURN(const Anchors anchors, AnchorsOf(view));
  ASSIGN_OR_RETURN(const v1::EnrolmentRequest request, RequestAnswered(admit, view));
  if (request.outside_certificate().empty() != admit.anchor().empty()) {
    return Refuse(R::ACT_INVALID, "anchor: named for an outside certificate, and only for one");
  }
  if (admit.anchor().empty()) {
    RETURN_IF_ERROR(CheckGrantedForCsr(admit.signing_certificate(),
                                       Usage::kSigning,
                                       admit.address(),
                                       request.signing_csr(),
                                       anchors,
                                       time));
  } else {
    RETURN_IF_ERROR(CheckOutsideChain(admit, request, time, view));
  }
  if (request.encryption_csr().empty() && admit.encryption_certificate().empty()) {
    return {};
  }
  return CheckGrantedForCsr(admit.encryption_certificate(),
                            Usage::kEncryption,
                            admit.address(),
                            request.encryption_csr(),
                            anchors,
                            time);
}

Result<void> AuthenticateRequestKeys(const v1::Act& act) {
  const v1::RequestKeys& request = act.request_keys();
  RETURN_IF_ERROR(CheckCsr(request.signing_csr(), act.actor(), "signing_csr"));
  if (!request.encryption_csr().empty()) {
    RETURN_IF_ERROR(CheckCsr(request.encryption_csr(), act.actor(), "encryption_csr"));
  }
  return {};
}

Result<void> AuthenticateGrantKeys(const v1::GrantKeys& grant, UnixMillis time, const View& view) {
  ASSIGN_OR_RETURN(const Anchors anchors, AnchorsOf(view));
  ASSIGN_OR_RETURN(const auto rotation, ReadRotation(view, grant.address()));
  if (!rotation || rotation->request_act() != grant.request_act()) {
    return Refuse(R::ACT_INVALID, "the grant answers no request for new keys that waits");
  }
  const v1::RequestKeys& request = rotation->request();
  RETURN_IF_ERROR(CheckGrantedForCsr(grant.signing_certificate(),
                                     Usage::kSigning,
                                     grant.address(),
                                     request.signing_csr(),
                                     anchors,
                                     time));
  if (request.encryption_csr().empty() && grant.encryption_certificate().empty()) {
    return {};
  }
  return CheckGrantedForCsr(grant.encryption_certificate(),
                            Usage::kEncryption,
                            grant.address(),
                            request.encryption_csr(),
                            anchors,
                            time);
}

Result<void> AuthenticateAddAnchor(const v1::AddAnchor& add) {
  if (const auto anchor = certs::ParseAnchor(add.certificate()); !anchor) {
    return BadCertificate("certificate: " + anchor.error().context);
  }
  return {};
}

// The CA that signed it is the domain's issuing CA, an anchor in force, or a CA directly below one.
// A CA further down is an anchor of its own, or its lists do not count here.
Result<void> AuthenticateCrl(const v1::PublishCrl& publish, UnixMillis time, const View& view) {
  const auto crl = certs::Crl::FromDer(publish.crl());
  if (!crl) {
    return BadCertificate("crl: " + crl.error().context);
  }
  if (publish.anchor().empty()) {
    ASSIGN_OR_RETURN(const Anchors anchors, AnchorsOf(view));
    const auto valid = certs::VerifyCrl(*crl, anchors.issuing);
    return valid ? Result<void>() : BadCertificate("crl: " + valid.error().context);
  }
  ASSIGN_OR_RETURN(const auto anchor, ReadAnchor(view, publish.anchor()));
  if (!anchor || anchor->removed_at_index() != 0) {
    return Refuse(R::ACT_INVALID, "anchor: not one that this domain trusts; add it first");
  }
  const auto below = certs::VerifyAuthority(publish.issuer(), anchor->certificate(), time);
  if (!below) {
    return BadCertificate("issuer: " + below.error().context);
  }
  const auto valid = certs::VerifyCrlBy(*crl, publish.issuer());
  return valid ? Result<void>() : BadCertificate("crl: " + valid.error().context);
}

// The present one may have expired: that may be why the root acts.
Result<void> CheckNewIssuing(const std::string& issuing,
                             const v1::DomainRecord& domain,
                             UnixMillis time) {
  if (const auto below = certs::VerifyAuthority(issuing, domain.root_certificate(), time); !below) {
    return BadCertificate("issuing_certificate: " + below.error().context);
  }
  return {};
}

Result<void> AuthenticateRootAct(const v1::Entry& entry, const View& view) {
  v1::RootAct act;
  if (!act.ParseFromString(entry.root_act().act())) {
    return Refuse(R::MALFORMED, "not a rujukan.v1.RootAct");
  }
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, rules::RequireFounded(view));
  const std::string& issuing =
      act.issuing_certificate().empty() ? domain.issuing_certificate() : act.issuing_certificate();
  ASSIGN_OR_RETURN(const Anchors anchors, ParseAnchors(domain.root_certificate(), issuing));
  const std::string statement = std::string(certs::kRootActContext) + entry.root_act().act();
  if (!anchors.root.public_key().Verify(statement, entry.root_act().signature())) {
    return Refuse(R::BAD_SIGNATURE, "the act is not signed by the domain's root key");
  }
  if (!act.issuing_certificate().empty()) {
    RETURN_IF_ERROR(CheckNewIssuing(issuing, domain, entry.time_ms()));
  }
  if (act.has_admin()) {
    RETURN_IF_ERROR(CheckLeaf(act.admin().signing_certificate(),
                              Usage::kSigning,
                              act.admin().address(),
                              anchors,
                              entry.time_ms()));
  }
  return {};
}

Result<void> AuthenticateOne(const v1::Act& act, UnixMillis time, const View& view) {
  switch (act.act_case()) {
    case v1::Act::kAdmit:
      return AuthenticateAdmit(act.admit(), time, view);
    case v1::Act::kRequestKeys:
      return AuthenticateRequestKeys(act);
    case v1::Act::kGrantKeys:
      return AuthenticateGrantKeys(act.grant_keys(), time, view);
    case v1::Act::kAddAnchor:
      return AuthenticateAddAnchor(act.add_anchor());
    case v1::Act::kPublishCrl:
      return AuthenticateCrl(act.publish_crl(), time, view);
    default:
      return {};  // nothing in it but the actor's signature
  }
}

// A confirmed proposal is carried out now: what it holds must hold now.
Result<void> AuthenticateAct(const v1::Entry& entry, const View& view) {
  v1::Act act;
  if (!act.ParseFromString(entry.act().act())) {
    return Refuse(R::MALFORMED, "not a rujukan.v1.Act");
  }
  if (!act.has_confirm()) {
    return AuthenticateOne(act, entry.time_ms(), view);
  }
  ASSIGN_OR_RETURN(const auto proposal, ReadProposal(view, act.confirm().proposal()));
  v1::Act proposed;
  if (!proposal || !proposed.ParseFromString(proposal->act())) {
    return Refuse(R::ACT_INVALID, "no such proposal waits: list them with rujukan-admin proposals");
  }
  return AuthenticateOne(proposed, entry.time_ms(), view);
}

Result<void> Authenticate(const v1::Entry& entry, const View& view) {
  if (entry.has_genesis()) {
    return AuthenticateGenesis(entry);
  }
  if (entry.has_enrolment()) {
    return AuthenticateEnrolment(entry.enrolment());
  }
  if (entry.has_act()) {
    return AuthenticateAct(entry, view);
  }
  if (entry.has_root_act()) {
    return AuthenticateRootAct(entry, view);
  }
  return {};
}

}  // namespace

Verdict<void> AuthenticateDirectoryEntry(const v1::Entry& entry, const View& view) {
  return ToVerdict(Authenticate(entry, view));
}

}  // namespace rujukan::ledger
