// `crl publish`, `crl show`: the domain's own revocation list.

#include <memory>

#include "agents/admin/commands.h"
#include "agents/admin/own_crl.h"
#include "agents/admin/present.h"
#include "agents/link/durable_file.h"
#include "base/bytes.h"
#include "certs/crl.h"
#include "certs/hash.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

Result<std::string> Publish(const Office& office) {
  ASSIGN_OR_RETURN(Desk desk, office.Open());
  ASSIGN_OR_RETURN(const PublishedCrl published, PublishOwnCrl(desk));
  if (office.json()) {
    return JsonText({{"number", published.number},
                     {"revoked", published.revoked},
                     {"next_update", FormatTime(published.next_update)},
                     {"index", published.index}});
  }
  return "CRL " + std::to_string(published.number) + " lists " + std::to_string(published.revoked) +
         " certificates: entry " + std::to_string(published.index) + ". Publish the next before " +
         FormatTime(published.next_update) + ".\n";
}

Result<std::string> Show(const Office& office, const std::string& out) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ledger::ReadDomain(desk.directory));
  ASSIGN_OR_RETURN(
      const auto record,
      ledger::ReadCrl(desk.directory, certs::Sha256(domain.issuing_certificate()).view()));
  if (!record) {
    return Fail(Errc::kNotFound, "no CRL was published yet: rujukan-admin crl publish --home DIR");
  }
  ASSIGN_OR_RETURN(const certs::Crl crl, certs::Crl::FromDer(record->crl()));
  if (!out.empty()) {
    RETURN_IF_ERROR(link::WriteDurably(out, record->crl()));
  }
  nlohmann::ordered_json serials = nlohmann::ordered_json::array();
  std::string lines;
  for (const std::string& serial : crl.serials()) {
    serials.push_back(ToHex(serial));
    lines += "  " + ToHex(serial) + "\n";
  }
  if (office.json()) {
    return JsonText({{"issuer", crl.issuer()},
                     {"number", crl.number()},
                     {"this_update", FormatTime(crl.this_update())},
                     {"next_update", FormatTime(crl.next_update())},
                     {"index", record->index()},
                     {"serials", serials}});
  }
  return "CRL " + std::to_string(crl.number()) + " of " + crl.issuer() + ", entry " +
         std::to_string(record->index()) + "\n  from  " + FormatTime(crl.this_update()) +
         "\n  until " + FormatTime(crl.next_update()) + "\n" +
         std::to_string(crl.serials().size()) + " revoked certificates, by serial number:\n" +
         lines;
}

}  // namespace

void AddCrlCommands(CommandSet& set) {
  CLI::App* group = set.Group("crl", "The domain's own certificate revocation list");
  set.AddOnlineTo(group, "publish", "Issue the next list and put it into the ledger", Publish)
      ->footer("Needs issuing.key. Example:\n  rujukan-admin crl publish --home admin");

  const auto out = std::make_shared<std::string>();
  CLI::App* show = set.AddOnlineTo(group, "show", "The list in force", [out](const Office& office) {
    return Show(office, *out);
  });
  show->add_option("--out", *out, "Write it to this file (DER), for openssl and others");
  show->footer("Example:\n  rujukan-admin crl show --out lampung.crl --home admin");
}

}  // namespace rujukan::admin
