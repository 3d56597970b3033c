#include "agents/agency/directory_search.h"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <tuple>

#include "agents/agency/codes.h"
#include "base/bytes.h"
#include "ledger/records.h"

namespace rujukan::agency {
namespace {

constexpr uint32_t kAdultAge = 18;
constexpr uint64_t kAgeMax = 21;  // former wards are looked for, too

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return text;
}

template <class Code, class Parse>
Code ReadCode(const std::map<std::string, std::string>& options,
              const char* name,
              const google::protobuf::EnumDescriptor& list,
              const Parse& parse,
              Findings& findings) {
  const auto found = options.find(name);
  Code code{};
  if (found == options.end() || found->second.empty()) {
    return code;
  }
  if (!parse(found->second, &code) || code == 0) {
    findings.push_back({name, "pilih salah satu / choose one of: " + CodesOf(list)});
  }
  return code;
}

std::string TypeOf(const v1::AgencyRecord& agency) {
  return agency.address().substr(0, agency.address().find_first_of(".@"));
}

bool HasWords(const DirectoryHit& hit, const std::string& text) {
  std::string names = hit.agency.address() + " " + hit.agency.official_name();
  if (hit.profile) {
    for (const auto& other : hit.profile->profile().nama_alternatif()) {
      names += " " + other;
    }
  }
  names = Lower(std::move(names));
  std::istringstream words(Lower(text));
  std::string word;
  while (words >> word) {
    if (names.find(word) == std::string::npos) {
      return false;
    }
  }
  return true;
}

const v1::ServiceOffer* OfferOf(const DirectoryHit& hit, v1::Service::Code service) {
  if (hit.profile) {
    for (const auto& offer : hit.profile->profile().layanan()) {
      if (offer.kode() == service) {
        return &offer;
      }
    }
  }
  return nullptr;
}

// nullopt: has nothing to do with that region.
std::optional<Nearness> NearnessOf(const DirectoryHit& hit, const RegionCode& wanted) {
  const auto own = RegionCode::Parse(hit.agency.region());
  if (!own) {
    return std::nullopt;
  }
  if (*own == wanted) {
    return Nearness::kExact;
  }
  if (hit.profile) {
    for (const auto& text : hit.profile->profile().wilayah_kerja()) {
      const auto served = RegionCode::Parse(text);
      if (served && served->Covers(wanted)) {
        return Nearness::kCatchment;
      }
    }
  }
  if (own->level() == RegionLevel::kNational) {
    return Nearness::kNation;
  }
  if (wanted.Covers(*own)) {
    return Nearness::kWithin;
  }
  return own->Covers(wanted) ? std::optional(Nearness::kProvince) : std::nullopt;
}

template <class List, class Code>
bool Contains(const List& list, Code code) {
  return std::find(list.begin(), list.end(), static_cast<int>(code)) != list.end();
}

void AddOfferReasons(const v1::ServiceOffer& offer,
                     const DirectoryQuery& query,
                     std::vector<std::string>& reasons) {
  if (query.category != v1::AmpkCategory::UNSPECIFIED &&
      (Contains(offer.kategori_dikecualikan(), query.category) ||
       (!offer.kategori_diterima().empty() &&
        !Contains(offer.kategori_diterima(), query.category)))) {
    reasons.push_back("kategori " + v1::AmpkCategory::Code_Name(query.category) +
                      " tidak diterima / category not accepted");
  }
  const uint32_t oldest = offer.usia_max() == 0 ? kAdultAge : offer.usia_max();
  if (query.age && (*query.age < offer.usia_min() || *query.age > oldest)) {
    reasons.push_back("usia / age " + std::to_string(offer.usia_min()) + "-" +
                      std::to_string(oldest));
  }
  if (query.sex != v1::Sex::UNSPECIFIED && !offer.jenis_kelamin().empty() &&
      !Contains(offer.jenis_kelamin(), query.sex)) {
    reasons.emplace_back("jenis kelamin lain saja / the other sex only");
  }
}

std::vector<std::string> WhyNot(const DirectoryHit& hit,
                                const DirectoryQuery& query,
                                UnixMillis now) {
  std::vector<std::string> reasons;
  if (hit.agency.status() == v1::AgencyStatus::DIBEKUKAN) {
    reasons.emplace_back("dibekukan / suspended");
  } else if (hit.agency.status() != v1::AgencyStatus::AKTIF) {
    reasons.emplace_back("sudah keluar / has left");
  }
  if (!hit.profile) {
    return reasons;
  }
  const auto& profile = hit.profile->profile();
  const auto capacity = CapacityAt(profile, now);
  if (capacity == v1::CapacityStatus::PENUH || capacity == v1::CapacityStatus::TUTUP) {
    reasons.push_back(capacity == v1::CapacityStatus::PENUH ? "penuh / full" : "tutup / closed");
  }
  // Without a service asked for, what every one of its services excludes is excluded.
  std::optional<std::vector<std::string>> least;
  for (const auto& offer : profile.layanan()) {
    if (query.service != v1::Service::UNSPECIFIED && offer.kode() != query.service) {
      continue;
    }
    std::vector<std::string> of_offer;
    AddOfferReasons(offer, query, of_offer);
    if (!least || of_offer.size() < least->size()) {
      least = std::move(of_offer);
    }
  }
  if (least) {
    reasons.insert(reasons.end(), least->begin(), least->end());
  }
  return reasons;
}

bool Matches(DirectoryHit& hit, const DirectoryQuery& query) {
  if (!query.type.empty() && TypeOf(hit.agency) != query.type) {
    return false;
  }
  if (query.service != v1::Service::UNSPECIFIED && OfferOf(hit, query.service) == nullptr) {
    return false;
  }
  if (!query.text.empty() && !HasWords(hit, query.text)) {
    return false;
  }
  if (!query.region) {
    return true;
  }
  const auto nearness = NearnessOf(hit, *query.region);
  hit.nearness = nearness.value_or(Nearness::kNation);
  return nearness.has_value();
}

int CapacityOrder(const DirectoryHit& hit, UnixMillis now) {
  const auto status =
      hit.profile ? CapacityAt(hit.profile->profile(), now) : v1::CapacityStatus::UNSPECIFIED;
  // Unknown is behind what is said to be free, before what is said to be full.
  return status == v1::CapacityStatus::UNSPECIFIED ? 2
         : status >= v1::CapacityStatus::PENUH     ? status
                                                   : status - 1;
}

}  // namespace

v1::CapacityStatus::Code CapacityAt(const v1::AgencyProfile& profile, UnixMillis now) {
  const auto& capacity = profile.kapasitas();
  return capacity.berlaku_sampai_ms() > now ? capacity.status() : v1::CapacityStatus::UNSPECIFIED;
}

std::string_view NearnessName(Nearness nearness) {
  switch (nearness) {
    case Nearness::kExact:
      return "EXACT";
    case Nearness::kCatchment:
      return "CATCHMENT";
    case Nearness::kWithin:
      return "WITHIN";
    case Nearness::kProvince:
      return "PROVINCE";
    case Nearness::kNation:
      return "NATION";
  }
  return "";
}

DirectoryQuery ReadDirectoryQuery(const std::map<std::string, std::string>& options,
                                  Findings& findings) {
  DirectoryQuery query;
  query.service = ReadCode<v1::Service::Code>(
      options, "service", *v1::Service::Code_descriptor(), &v1::Service::Code_Parse, findings);
  query.category = ReadCode<v1::AmpkCategory::Code>(options,
                                                    "category",
                                                    *v1::AmpkCategory::Code_descriptor(),
                                                    &v1::AmpkCategory::Code_Parse,
                                                    findings);
  query.sex = ReadCode<v1::Sex::Code>(
      options, "sex", *v1::Sex::Code_descriptor(), &v1::Sex::Code_Parse, findings);
  for (const auto& [name, value] : options) {
    if (name == "region" && !value.empty()) {
      auto region = RegionCode::Parse(value);
      if (region) {
        query.region = std::move(*region);
      } else {
        findings.push_back({name, RegionTextOf(value)});
      }
    } else if (name == "type") {
      query.type = value;
    } else if (name == "text") {
      query.text = value;
    } else if (name == "available") {
      query.available_only = value == "1";
    } else if (name == "age" && !value.empty()) {
      const auto age = ParseDecimal(value);
      if (!age || *age > kAgeMax) {
        findings.push_back({name, "tahun, 0 sampai 21 / years, 0 to 21"});
      } else {
        query.age = static_cast<uint32_t>(*age);
      }
    }
  }
  return query;
}

Result<std::vector<DirectoryHit>> SearchDirectory(const ledger::View& directory,
                                                  const DirectoryQuery& query,
                                                  UnixMillis now) {
  ASSIGN_OR_RETURN(auto agencies, ledger::ListAgencies(directory));
  std::vector<DirectoryHit> hits;
  for (auto& agency : agencies) {
    const bool left = agency.status() == v1::AgencyStatus::NONAKTIF;
    if (agency.role() != v1::Role::AGENCY || (left && !query.left_too)) {
      continue;
    }
    DirectoryHit hit;
    ASSIGN_OR_RETURN(hit.profile, ledger::ReadProfile(directory, agency.address()));
    hit.agency = std::move(agency);
    if (!Matches(hit, query)) {
      continue;
    }
    hit.why_not = WhyNot(hit, query, now);
    if (!query.available_only || hit.why_not.empty()) {
      hits.push_back(std::move(hit));
    }
  }
  const auto order = [now](const DirectoryHit& hit) {
    return std::tuple(
        hit.nearness, !hit.why_not.empty(), CapacityOrder(hit, now), hit.agency.address());
  };
  std::sort(hits.begin(), hits.end(), [&](const DirectoryHit& a, const DirectoryHit& b) {
    return order(a) < order(b);
  });
  return hits;
}

}  // namespace rujukan::agency
