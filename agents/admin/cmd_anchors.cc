// `anchors`, `anchor add|remove|crl`: CAs outside the domain whose certificates it admits, and
// what they revoke.

#include <fmt/format.h>

#include <memory>

#include "agents/admin/anchor_list.h"
#include "agents/admin/answers.h"
#include "agents/admin/governing.h"
#include "agents/admin/input_file.h"
#include "agents/admin/submit_act.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/printable.h"
#include "certs/crl.h"
#include "certs/hash.h"
#include "certs/outside.h"

namespace rujukan::admin {
namespace {

struct AnchorOptions {
  std::string name;
  std::string file;
  std::string issuer;
  std::string note;
};

// PEM is a third longer than DER, and may have text around it.
Result<std::string> ReadDer(const std::string& path, std::string_view label, size_t der_max) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadInput(path, 2 * der_max));
  auto der = DerOf(bytes, label);
  return der ? std::move(der)
             : Result<std::string>(Fail(der.error().code, path + ": " + der.error().context));
}

Result<std::string> ReadAuthority(const std::string& path) {
  return ReadDer(path, "CERTIFICATE", limits::kCertificateBytesMax);
}

Result<certs::AnchorFacts> Facts(const std::string& der, const std::string& path) {
  auto facts = certs::ParseAnchor(der);
  return facts ? std::move(facts)
               : Result<certs::AnchorFacts>(
                     Fail(facts.error().code, path + ": " + facts.error().context));
}

// --- anchors ---

// The newest list of any CA below this anchor; nullptr: none was ever published.
const v1::CrlRecord* CrlBelow(const std::vector<v1::CrlRecord>& crls, const std::string& anchor) {
  const v1::CrlRecord* newest = nullptr;
  for (const v1::CrlRecord& crl : crls) {
    newest = crl.anchor() == anchor ? &crl : newest;
  }
  return newest;
}

Json ToJson(const Anchor& anchor, const certs::AnchorFacts& facts, const v1::CrlRecord* crl) {
  Json json{{"name", anchor.record.name()},
            {"sha256", ToHex(anchor.id)},
            {"subject", facts.subject},
            {"not_before", FormatTime(facts.not_before)},
            {"not_after", FormatTime(facts.not_after)},
            {"since_index", anchor.record.since_index()}};
  json["crl_number"] = crl == nullptr ? Json() : Json(crl->number());
  json["crl_next_update"] = crl == nullptr ? Json() : Json(FormatTime(crl->next_update_ms()));
  return json;
}

Result<Answer> ShowAnchors(const Office& office) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto anchors, ListAnchors(desk.directory));
  ASSIGN_OR_RETURN(const auto crls, ListCrls(desk.directory));
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows = {
      {"NAME", "SHA-256", "UNTIL", "CRL", "NEXT CRL", "SUBJECT"}};
  for (const Anchor& anchor : anchors) {
    ASSIGN_OR_RETURN(const certs::AnchorFacts facts,
                     Facts(anchor.record.certificate(), anchor.record.name()));
    const v1::CrlRecord* crl = CrlBelow(crls, anchor.id);
    list.push_back(ToJson(anchor, facts, crl));
    rows.push_back({anchor.record.name(),
                    ToHex(anchor.id).substr(0, 16),
                    DateOf(facts.not_after),
                    crl == nullptr ? "none" : std::to_string(crl->number()),
                    crl == nullptr ? "-" : MinuteOf(crl->next_update_ms()),
                    facts.subject});
  }
  if (office.json()) {
    return ToText(list);
  }
  return anchors.empty() ? std::string("Only the domain's own CA is trusted.\n") : Columns(rows);
}

// --- add, remove ---

Result<Answer> AddAnchor(const Office& office, const AnchorOptions& options) {
  ASSIGN_OR_RETURN(const std::string der, ReadAuthority(options.file));
  ASSIGN_OR_RETURN(const certs::AnchorFacts facts, Facts(der, options.file));
  if (facts.not_after <= office.Now()) {
    return Fail(Errc::kExpired,
                options.file + " ended on " + DateOf(facts.not_after) +
                    ": get the CA's present certificate");
  }
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  v1::Act act;
  act.mutable_add_anchor()->set_name(options.name);
  act.mutable_add_anchor()->set_certificate(der);
  return SubmitAndSay(office,
                      desk,
                      act,
                      fmt::format("{} is trusted: {}, until {}, SHA-256 {}",
                                  Printable(options.name),
                                  Printable(facts.subject),
                                  DateOf(facts.not_after),
                                  ToHex(facts.key_id.view())));
}

Result<Answer> RemoveAnchor(const Office& office, const AnchorOptions& options) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto anchors, ListAnchors(desk.directory));
  ASSIGN_OR_RETURN(const Anchor anchor, FindAnchor(anchors, options.name));
  v1::Act act;
  act.mutable_remove_anchor()->set_anchor(anchor.id);
  act.mutable_remove_anchor()->set_note(options.note);
  return SubmitAndSay(
      office,
      desk,
      act,
      Printable(anchor.record.name()) +
          " is no longer trusted, and who signed with its certificates is suspended");
}

// --- crl ---

// The anchor that stands above the CRL's issuer: the one that is named, or the first that does.
Result<Anchor> AnchorAbove(const std::string& issuer,
                           const std::string& name,
                           const std::vector<Anchor>& anchors,
                           UnixMillis now) {
  if (!name.empty()) {
    ASSIGN_OR_RETURN(Anchor anchor, FindAnchor(anchors, name));
    RETURN_IF_ERROR(certs::VerifyAuthority(issuer, anchor.record.certificate(), now));
    return anchor;
  }
  for (const Anchor& anchor : anchors) {
    if (certs::VerifyAuthority(issuer, anchor.record.certificate(), now)) {
      return anchor;
    }
  }
  return Fail(Errc::kNotFound,
              "no trusted CA has issued this --issuer; add its root with rujukan-admin anchor add");
}

Result<certs::Crl> CheckCrl(const std::string& der, const std::string& issuer, UnixMillis now) {
  ASSIGN_OR_RETURN(certs::Crl crl, certs::Crl::FromDer(der));
  RETURN_IF_ERROR(certs::VerifyCrlBy(crl, issuer));
  if (crl.next_update() <= now) {
    return Fail(Errc::kExpired,
                "this CRL said nothing any more on " + MinuteOf(crl.next_update()) +
                    ": fetch the present one from the CA");
  }
  return crl;
}

Result<Answer> PublishOutsideCrl(const Office& office, const AnchorOptions& options) {
  ASSIGN_OR_RETURN(const std::string der, ReadDer(options.file, "X509 CRL", limits::kCrlBytesMax));
  ASSIGN_OR_RETURN(const std::string issuer, ReadAuthority(options.issuer));
  ASSIGN_OR_RETURN(const certs::Crl crl, CheckCrl(der, issuer, office.Now()));
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto anchors, ListAnchors(desk.directory));
  ASSIGN_OR_RETURN(const Anchor anchor, AnchorAbove(issuer, options.name, anchors, office.Now()));
  v1::Act act;
  act.mutable_publish_crl()->set_crl(der);
  act.mutable_publish_crl()->set_issuer(issuer);
  act.mutable_publish_crl()->set_anchor(anchor.id);
  return SubmitAndSay(office,
                      desk,
                      act,
                      fmt::format("CRL {} of {} (below {}) lists {}, next by {}",
                                  crl.number(),
                                  Printable(crl.issuer()),
                                  Printable(anchor.record.name()),
                                  crl.serials().size(),
                                  MinuteOf(crl.next_update())));
}

void AddCrl(CommandSet& set, CLI::App* group) {
  const auto options = std::make_shared<AnchorOptions>();
  CLI::App* crl = set.AddOnlineTo(
      group,
      "crl",
      "Publish what an outside CA has revoked; without a current CRL its certificates count for\n"
      "nothing\n  rujukan-admin anchor crl bsre.crl --issuer bsre-g2.pem --home admin",
      [options](const Office& office) { return PublishOutsideCrl(office, *options); });
  crl->add_option("FILE", options->file, "The CRL, DER or PEM")->required();
  crl->add_option("--issuer", options->issuer, "Certificate of the CA that signed it")->required();
  crl->add_option("--anchor", options->name, "Trusted CA above it; found by trying if not said");
}

}  // namespace

void AddAnchorCommands(CommandSet& set) {
  set.AddOnline("anchors",
                "Which outside CAs are trusted\n  rujukan-admin anchors --home admin",
                ShowAnchors);
  CLI::App* group = set.Group("anchor", "Certification authorities outside: add, remove, crl");
  const auto options = std::make_shared<AnchorOptions>();
  CLI::App* add = set.AddOnlineTo(
      group,
      "add",
      "Trust a CA outside the domain\n  rujukan-admin anchor add BSrE bsre-root.pem --home admin",
      [options](const Office& office) { return AddAnchor(office, *options); });
  add->add_option("NAME", options->name, "How it is called here")->required();
  add->add_option("FILE", options->file, "Its certificate, DER or PEM")->required();

  CLI::App* remove =
      set.AddOnlineTo(group,
                      "remove",
                      "Trust it no longer; who signs with its certificates is suspended\n"
                      "  rujukan-admin anchor remove BSrE --note \"replaced by G2\" --home admin",
                      [options](const Office& office) { return RemoveAnchor(office, *options); });
  remove->add_option("NAME", options->name, "Its name, or the beginning of its SHA-256")
      ->required();
  remove->add_option("--note", options->note, "Why, for the record")->required();
  AddCrl(set, group);
}

}  // namespace rujukan::admin
