#include "agents/audit/evidence_check.h"

#include <algorithm>
#include <map>

#include "agents/audit/evidence_claims.h"
#include "agents/audit/evidence_files.h"
#include "base/bytes.h"
#include "certs/hash.h"

namespace rujukan::audit {
namespace {

constexpr std::string_view kDigestList = "MANIFEST.sha256";
constexpr std::string_view kAsicManifest = "META-INF/ASiCManifest.xml";

using C = EvidenceCheck;

class EvidenceChecker {
 public:
  EvidenceChecker(const TrustAnchors& anchors, std::vector<ledger::NoteVerifier> witnesses)
      : anchors_(anchors), witnesses_(std::move(witnesses)) {}

  Result<EvidenceReport> Run(std::string_view container, const ContainerLimits& limits) {
    const auto unpacked = UnpackContainer(container, limits);
    if (!unpacked) {
      report_.Fail(C::kContainer, "", unpacked.error().context);
      return GiveUp("the container cannot be read");
    }
    for (const std::string& fault : unpacked->faults) {
      report_.Fail(C::kContainer, "mimetype", fault);
    }
    report_.Pass(C::kContainer);
    CheckManifests(unpacked->files);
    const auto evidence = ParseEvidence(unpacked->files, report_);
    if (!evidence) {
      report_.Fail(C::kContainer, "", evidence.error().context);
      return GiveUp("there is no evidence in it");
    }
    RETURN_IF_ERROR(CheckParts(*evidence, unpacked->files));
    return std::move(report_);
  }

 private:
  Result<void> CheckParts(const Evidence& evidence, const FileMap& files) {
    report_.subject = evidence.subject.Text();
    report_.vkey = evidence.vkey;
    report_.entries = evidence.entries.size();
    ASSIGN_OR_RETURN(const EvidenceFacts facts, WalkEvidence(evidence, report_));
    const EvidenceCase about{evidence, facts, anchors_, report_};
    const auto checkpoint = CheckLedgerClaims(about, witnesses_);
    CheckDerived(RenderEvidence(evidence, facts), files);
    CheckOpenedContent(about);
    CheckCompletenessStatement(about, checkpoint);
    return {};
  }

  EvidenceReport GiveUp(const std::string& why) {
    for (size_t i = 0; i < kEvidenceCheckCount; ++i) {
      const auto check = static_cast<C>(i);
      if (report_.tally(check).checked + report_.tally(check).failed == 0) {
        report_.Skip(check, why);
      }
    }
    return std::move(report_);
  }

  // Each file against its line, and each line against its file.
  void CheckManifests(const FileMap& files) {
    const auto list = files.find("MANIFEST.sha256");
    std::map<std::string, std::string> digests;
    if (list == files.end()) {
      report_.Fail(C::kManifest, "MANIFEST.sha256", "is missing");
    } else {
      digests = DigestsIn(list->second);
    }
    for (const auto& [path, bytes] : files) {
      if (IsManifest(path)) {
        continue;
      }
      const auto digest = digests.find(path);
      if (digest == digests.end()) {
        report_.Fail(C::kManifest, path, "is not listed in MANIFEST.sha256");
      } else if (digest->second != ToHex(certs::Sha256(bytes).view())) {
        report_.Fail(C::kManifest, path, "has another digest than MANIFEST.sha256 names");
      } else {
        report_.Pass(C::kManifest);
      }
    }
    for (const auto& [path, digest] : digests) {
      if (files.find(path) == files.end()) {
        report_.Fail(C::kManifest, path, "is listed in MANIFEST.sha256, and not there");
      }
    }
    if (list != files.end() && list->second != DigestList(files)) {
      report_.Fail(C::kManifest, std::string(kDigestList), "is not the list of these files");
    }
    const auto asic = files.find(std::string(kAsicManifest));
    if (asic == files.end() || asic->second != AsicManifest(files)) {
      report_.Fail(C::kManifest,
                   "META-INF/ASiCManifest.xml",
                   "does not list these files with their digests");
    }
  }

  static std::map<std::string, std::string> DigestsIn(const std::string& list) {
    constexpr size_t kHexDigits = 64;
    std::map<std::string, std::string> digests;
    size_t at = 0;
    while (at < list.size()) {
      const size_t end = std::min(list.find('\n', at), list.size());
      const std::string line = list.substr(at, end - at);
      if (line.size() > kHexDigits + 2) {
        digests[line.substr(kHexDigits + 2)] = line.substr(0, kHexDigits);
      }
      at = end + 1;
    }
    return digests;
  }

  // Everything but what the evidence is read from is rendered again.
  void CheckDerived(const FileMap& expected, const FileMap& files) {
    for (const auto& [path, bytes] : files) {
      const auto same = expected.find(path);
      if (path == kDigestList || path == kAsicManifest) {
        continue;  // CheckManifests has compared them with what is there
      }
      if (same == expected.end()) {
        report_.Fail(C::kDerived, path, "is no file of this evidence");
      } else if (same->second != bytes) {
        report_.Fail(C::kDerived, path, "does not say what the entries say");
      } else {
        report_.Pass(C::kDerived);
      }
    }
    for (const auto& [path, bytes] : expected) {
      if (files.find(path) == files.end()) {
        report_.Fail(C::kDerived, path, "is missing");
      }
    }
  }

  const TrustAnchors& anchors_;
  const std::vector<ledger::NoteVerifier> witnesses_;
  EvidenceReport report_;
};

}  // namespace

Result<EvidenceReport> CheckEvidence(std::string_view container,
                                     const TrustAnchors& anchors,
                                     const ContainerLimits& limits) {
  std::vector<ledger::NoteVerifier> witnesses;
  for (const std::string& vkey : anchors.witnesses) {
    ASSIGN_OR_RETURN(witnesses.emplace_back(),
                     ledger::NoteVerifier::Parse(vkey, ledger::kNoteCosignature));
  }
  return EvidenceChecker(anchors, std::move(witnesses)).Run(container, limits);
}

}  // namespace rujukan::audit
