#include "agents/agency/directory_json.h"

#include "agents/agency/render.h"
#include "base/bytes.h"
#include "ledger/authenticate.h"
#include "ledger/records.h"

namespace rujukan::agency {
namespace {

std::string RegionNameOf(const std::string& tagged) {
  const auto region = RegionCode::Parse(tagged);
  return region ? std::string(region->name()) : std::string();
}

Json CapacityJson(const v1::AgencyProfile& profile, UnixMillis now) {
  const auto status = CapacityAt(profile, now);
  const bool known = status != v1::CapacityStatus::UNSPECIFIED;
  Json json = {{"status", known ? v1::CapacityStatus::Code_Name(status) : "TIDAK_DIKETAHUI"},
               {"counted_at", TimeOf(profile.kapasitas().diperbarui_ms())},
               {"true_until", TimeOf(profile.kapasitas().berlaku_sampai_ms())}};
  Json beds = Json::array();
  for (const auto& item : profile.kapasitas().tempat_tidur()) {
    if (known) {
      beds.push_back(FromMessage(item));
    }
  }
  json["beds"] = std::move(beds);
  return json;
}

Json HitJson(const DirectoryHit& hit, bool with_region, UnixMillis now) {
  const v1::AgencyProfile profile = hit.profile ? hit.profile->profile() : v1::AgencyProfile();
  Json services = Json::array();
  for (const auto& offer : profile.layanan()) {
    services.push_back(v1::Service::Code_Name(offer.kode()));
  }
  Json json = {{"address", hit.agency.address()},
               {"official_name", hit.agency.official_name()},
               {"region", hit.agency.region()},
               {"region_name", RegionNameOf(hit.agency.region())},
               {"status", v1::AgencyStatus::Code_Name(hit.agency.status())},
               {"capacity", CapacityJson(profile, now)},
               {"contact_24h", profile.kontak_24jam()},
               {"services", std::move(services)},
               {"why_not", hit.why_not}};
  if (with_region) {
    json["nearness"] = std::string(NearnessName(hit.nearness));
  }
  return json;
}

Result<Json> KeyJson(const ledger::View& directory, const std::string& key_id) {
  ASSIGN_OR_RETURN(const auto key, ledger::ReadKey(directory, key_id));
  if (!key) {
    return Json(nullptr);
  }
  return Json{{"key", ToHex(key_id)},
              {"not_after", TimeOf(key->not_after_ms())},
              {"since_entry", key->since_index()},
              {"outside_ca", !key->anchor().empty()}};
}

}  // namespace

Result<Json> SearchJson(const ledger::View& directory,
                        const std::map<std::string, std::string>& options,
                        UnixMillis now,
                        Findings& findings) {
  DirectoryQuery query = ReadDirectoryQuery(options, findings);
  query.left_too = options.empty();  // the whole list
  if (!findings.empty()) {
    return Json();
  }
  ASSIGN_OR_RETURN(const auto head, ledger::ReadHead(directory));
  ASSIGN_OR_RETURN(const auto hits, SearchDirectory(directory, query, now));
  Json list = Json::array();
  for (const auto& hit : hits) {
    list.push_back(HitJson(hit, query.region.has_value(), now));
  }
  return Json{{"as_of", TimeOf(head.time_ms())}, {"agencies", std::move(list)}};
}

Result<Json> RecordJson(const ledger::View& directory, const std::string& address, UnixMillis now) {
  ASSIGN_OR_RETURN(const auto agency, ledger::ReadAgency(directory, address));
  if (!agency) {
    return Fail(
        Errc::kNotFound,
        address +
            " tidak ada dalam direktori; cari dengan `rujukan-agent directory search --text "
            "KATA` / not in the directory: search for it");
  }
  ASSIGN_OR_RETURN(const auto profile, ledger::ReadProfile(directory, address));
  ASSIGN_OR_RETURN(Json signing, KeyJson(directory, agency->signing_key()));
  ASSIGN_OR_RETURN(Json encryption, KeyJson(directory, agency->encryption_key()));
  Json json = {{"address", agency->address()},
               {"role", v1::Role::Code_Name(agency->role())},
               {"official_name", agency->official_name()},
               {"region", agency->region()},
               {"region_name", RegionNameOf(agency->region())},
               {"status", v1::AgencyStatus::Code_Name(agency->status())},
               {"status_note", agency->status_note()},
               {"admitted_at", TimeOf(agency->admitted_at_ms())},
               {"admitted_entry", agency->admitted_at_index()},
               {"changed_entry", agency->changed_at_index()},
               {"steward", agency->steward()},
               {"standing", FromMessage(agency->standing())},
               {"signing_certificate", std::move(signing)},
               {"encryption_certificate", std::move(encryption)}};
  if (profile) {
    json["capacity"] = CapacityJson(profile->profile(), now);
    json["profile"] = FromMessage(profile->profile());
    json["profile_edited"] = {{"by", profile->by()},
                              {"entry", profile->changed_at_index()},
                              {"at", TimeOf(profile->changed_at_ms())}};
  }
  return json;
}

Result<Json> RootJson(const ledger::View& directory) {
  ASSIGN_OR_RETURN(const auto head, ledger::ReadHead(directory));
  if (head.directory_root().empty()) {
    return Fail(Errc::kNotFound,
                "direktori belum diikuti; jalankan `rujukan-agent run` / no directory was followed "
                "yet: run the agent");
  }
  return Json{{"root", ledger::ShortFingerprint(head.directory_root())},
              {"root_hex", ToHex(head.directory_root())},
              {"last_entry", head.directory_head() - 1},
              {"as_of", TimeOf(head.time_ms())}};
}

}  // namespace rujukan::agency
